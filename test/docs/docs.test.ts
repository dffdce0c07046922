import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { environments } from '../../scripts/environments/environments.ts'
import { blocksOf, RUN_BY } from '../../scripts/environments/handbook.ts'
import { settings } from '../../src/config.ts'
import { testServer } from '../support.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const operations = read('docs/operations.md')
const guide = read('docs/api.md')

t.test('every setting stands in the table with its preset and its meaning, and no other does', async (t) => {
  const presets = settings.parse({})
  for (const [name, schema] of Object.entries(settings.shape)) {
    const preset = presets[name as keyof typeof presets]
    const shown = preset === '' ? '空' : `\`${preset}\``
    const line = `| \`${name}\` | ${shown} | ${schema.meta()?.description} |`
    t.ok(operations.includes(line), line)
  }
  const listed = Array.from(operations.matchAll(/^\| `([A-Z_]+)` \|/gm), ([, name]) => name)
  t.same(listed, Object.keys(settings.shape))
})

t.test('every command of the command line is explained', async (t) => {
  const help = execFileSync(process.execPath, ['scripts/build/run.js', 'cli', '--help'], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
  })
  const commands = Array.from(help.matchAll(/^ {2}([a-z]+)(?= )/gm), ([, name = '']) => name)
  t.ok(commands.includes('import') && commands.includes('verify'), commands.join(' '))
  for (const command of commands)
    if (command !== 'help') t.ok(operations.includes(`npm run cli -- ${command}`), command)
})

t.test('every address that the documents name is answered', async (t) => {
  const { app } = await testServer(t)
  const named = Array.from(
    `${operations}${guide}`.matchAll(/`(?:GET|POST|PATCH) (\/[^\s`?]*)|localhost:8080(\/api[^\s`'?]*)/g),
    ([, plain, called]) => plain ?? called ?? '',
  )
  t.ok(named.length >= 8)
  for (const address of named) {
    const route = address.replaceAll(/<[^>]*>/g, ':x')
    const known = (['GET', 'POST', 'PATCH', 'PUT'] as const).some((method) => {
      const found = app.findRoute({ method, url: route }) ?? app.findRoute({ method, url: parameters(route) })
      return found !== null
    })
    t.ok(known, address)
  }
  function parameters(route: string): string {
    return route.replace('enterprises/:x', 'enterprises/:code').replace('imports/:x', 'imports/:id')
  }
})

t.test('each block of the handbook is run by an environment', async (t) => {
  const languages = new Set(blocksOf(operations).map(({ language }) => language))
  t.same(languages, new Set(Object.keys(RUN_BY)))
  for (const name of Object.values(RUN_BY)) t.ok(name in environments, name)
})

t.test('the compose file is that of which the handbook speaks', async (t) => {
  const compose = read('docs/meilisearch-compose.yaml')
  const [, version] = /getmeili\/meilisearch:v([\d.]+)/.exec(compose) ?? []
  t.match(operations, `Meilisearch（${version} 以上）`)
  t.match(compose, '127.0.0.1:7700:7700')
  t.match(compose, 'MEILI_MAX_INDEXING_MEMORY: 512MiB')
})

t.test('what the README links to is there', async (t) => {
  for (const [, path = ''] of read('README.md').matchAll(/\]\(([^)]+)\)/g))
    t.ok(existsSync(new URL(`../../${path}`, import.meta.url)), path)
})
