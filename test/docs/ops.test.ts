import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { ALLOCATOR } from '../../scripts/faults/allocator.ts'
import { settings } from '../../src/config.ts'
import { temporaryFolder, testServer } from '../support.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
/** Those of Prometheus itself. */
const ITS_OWN = new Set(['up'])

t.test('each metric that an alert names exists, with its labels', async (t) => {
  const { app } = await testServer(t, { metrics: 'open' })
  await app.inject('/api/v1/enterprises')
  const { body } = await app.inject('/metrics')
  const shown = new Map<string, string>()
  for (const [, name = '', labels = ''] of body.matchAll(/^([a-z0-9_]+)(\{[^}]*\})? /gm))
    shown.set(name, `${shown.get(name) ?? ''}${labels}`)
  const expressions = Array.from(read('ops/alerts.yaml').matchAll(/^ +expr: (.*)$/gm), ([, one = '']) => one)
  t.ok(expressions.length >= 10)
  const named = expressions.flatMap((expression) =>
    Array.from(
      expression.matchAll(/\b([a-z][a-z0-9_]*_[a-z0-9_]+|up)\b(\{([^}]*)\})?/g),
      ([, name = '', , labels = '']) => ({
        name,
        labels,
      }),
    ),
  )
  // What a consumer does is shown once there is one.
  const known = new Set([
    ...shown.keys(),
    ...Array.from(body.matchAll(/^# TYPE ([a-z0-9_]+) /gm), ([, name = '']) => name),
  ])
  const functions = new Set(['histogram_quantile', 'group_right'])
  for (const { name, labels } of named) {
    if (ITS_OWN.has(name) || functions.has(name)) continue
    t.ok(known.has(name), name)
    for (const [, label = ''] of labels.matchAll(/(\w+)=/g))
      t.match(shown.get(name), new RegExp(`[{,]${label}="`), `${name} has ${label}`)
  }
  for (const name of ['view_lag_entries', 'wal_bytes', 'nodejs_eventloop_lag_p99_seconds'])
    t.ok(
      named.some((one) => one.name === name),
      `an alert looks at ${name}`,
    )
})

t.test('memory is allocated alike by every way to run for years', (t) => {
  for (const path of ['docs/registry.service', 'ops/Dockerfile'])
    for (const [name, value] of Object.entries(ALLOCATOR))
      t.match(read(path), new RegExp(`${name}=${value}\\s`), path)
  t.end()
})

t.test('what the containers set are settings; what they take from here is there', (t) => {
  const compose = read('ops/compose.yaml')
  const [, environment = ''] = /environment: &environment\n((?: {4}\S.*\n)+)/.exec(compose) ?? []
  const set = Array.from(environment.matchAll(/^ {4}([A-Z_]+):/gm), ([, name = '']) => name)
  t.ok(set.includes('DATABASE_URL') && set.includes('NODES_SECRET'))
  for (const name of set) t.ok(name in settings.shape, name)
  const dockerfile = read('ops/Dockerfile')
  for (const [, name = ''] of dockerfile.matchAll(/(?:ENV |=\S+ )([A-Z_]+)=/g))
    t.ok(name in settings.shape || name in ALLOCATOR, name)
  for (const [, from = ''] of dockerfile.matchAll(/^COPY (package\S+)/gm))
    t.ok(existsSync(join(ROOT, from)), from)
  t.match(
    dockerfile,
    /\nUSER node\n[\s\S]*HEALTHCHECK[\s\S]*CMD \["node", "--disable-sigusr1", "dist\/main.js"\]\n$/,
  )
  t.ok(existsSync(join(ROOT, 'dist/main.js')), 'which the build makes')
  t.match(compose, /file: \.\.\/docs\/meilisearch-compose\.yaml, service: meilisearch/)
  const [, route = ''] = /fetch\('http:\/\/127\.0\.0\.1:8080(\/\w+)'\)/.exec(dockerfile) ?? []
  t.equal(route, '/readyz')
  t.end()
})

t.test('systemd has nothing against the units', (t) => {
  const units = [
    'docs/registry.service',
    ...readdirSync(join(ROOT, 'ops'))
      .filter((name) => /\.(service|timer)$/.test(name))
      .map((name) => `ops/${name}`),
  ]
  t.equal(units.length, 3)
  if (spawnSync('systemd-analyze', ['--version']).error) return t.end()
  const folder = join(temporaryFolder(t), 'units')
  mkdirSync(folder)
  // Where Node is elsewhere, the manual says to change it.
  for (const path of units)
    writeFileSync(join(folder, basename(path)), read(path).replaceAll('/usr/bin/node', process.execPath))
  for (const path of units) {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', join(folder, basename(path))], {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` },
    })
    t.same(
      { status, said: stderr.split('\n').filter((line) => line.includes(folder)) },
      { status: 0, said: [] },
      path,
    )
  }
  t.end()
})

t.test('the manual knows each file', (t) => {
  const manual = read('docs/operations.md')
  for (const name of readdirSync(join(ROOT, 'ops')))
    if (name !== 'Dockerfile.dockerignore') t.ok(manual.includes(`ops/${name}`), name)
  t.end()
})
