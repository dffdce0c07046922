import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { called, calledOn } from '../src/command-line.ts'

t.test('what is said of the command line is how it is typed there', async (t) => {
  const program = '/opt/registry/1.0/dist/cli.js'
  const server = { isProduction: true, isInstalled: true, program }
  t.equal(calledOn(server), 'registry')
  t.equal(calledOn({ ...server, isInstalled: false }), `node ${program}`, 'as in a container')
  t.equal(calledOn({ ...server, isProduction: false }), 'npm run cli --')
  t.equal(calledOn({ ...server, program: undefined }), 'npm run cli --', 'the sources as they are')
  t.equal(
    calledOn({ isProduction: true, isInstalled: false, program: "/srv/质量 d'a/dist/cli.js" }),
    "node '/srv/质量 d'\\''a/dist/cli.js'",
  )
  t.equal(called('init'), 'npm run cli -- init', 'while testing')
})

t.test('nothing else in the program says how the command line is called', async (t) => {
  const ROOT = new URL('..', import.meta.url).pathname
  const saying = ['src', 'public-site']
    .flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((name) => join(room, name)),
    )
    .filter((path) => /\.tsx?$/.test(path) && path !== 'src/command-line.ts')
    .filter((path) => /npm run (cli|start)|dist\/cli\.js/.test(readFileSync(join(ROOT, path), 'utf8')))
  t.same(saying, [])
})
