import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { placeOf } from '../../src/running/place.ts'
import { temporaryFolder } from '../support.ts'

/** What a running node makes and moves away while a command looks at its folder is in the command's way no more than it is there. */

const MAKING = `
const { mkdirSync, writeFileSync, renameSync, rmSync } = require('node:fs')
const [at] = process.argv.slice(1)
for (;;) {
  mkdirSync(at + '/.making/deep', { recursive: true })
  for (let i = 0; i < 20; i++) writeFileSync(at + '/.making/deep/' + i, '')
  renameSync(at + '/.making', at + '/made')
  rmSync(at + '/made', { recursive: true })
}`

t.test('a folder is looked through while copies come and go in it', async (t) => {
  const dataDir = temporaryFolder(t)
  const folder = join(dataDir, 'bulk', 'public')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(dataDir, 'register.db'), 'x')
  const child = spawn(process.execPath, ['-e', MAKING, folder], { stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  let seen = 0
  for (const until = Date.now() + 2000; Date.now() < until; ) {
    const place = placeOf(dataDir)
    if (place.own.some((path) => path.includes('deep'))) seen++
    await new Promise(setImmediate)
  }
  t.ok(seen > 0, `seen ${seen} times`)
})
