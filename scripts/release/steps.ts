import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'csv-stringify/sync'
import { z } from 'zod'
import { until } from '../faults/load.ts'
import { freePort, keyOf, startServer } from '../faults/processes.ts'

/** Where a step works, and where all that its commands say is written. */
export interface Place {
  folder: string
  log: string
}

/** Rejects when it fails; resolves with why it was skipped, where this machine can't do it. */
export type Step = (place: Place) => Promise<string | undefined>

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** The oldest Node that package.json allows, those with long support, and the newest. */
const NODES = ['20.19.0', '22', '24', 'latest'] as const

/** What is done before a release, the quickest first. */
export const steps: Readonly<Record<string, Step>> = {
  description,
  'bill of materials': billOfMaterials,
  'made-up requests': madeUpRequests,
  'rolling upgrade': rollingUpgrade,
  'fresh clone': freshClone,
  browser: (place) => run(place, 'npx tap test/browser/*.test.ts'),
  'harsh tests': (place) => run(place, 'npm run -s test:harsh'),
  environments: (place) => run(place, 'npm run -s environments'),
  faults: (place) => run(place, 'npm run -s faults'),
  ...Object.fromEntries(NODES.map((version) => [`node ${version}`, onNode(version)])),
}

interface Manner {
  cwd?: string
  env?: Readonly<Record<string, string | undefined>>
}

/** Runs a command line to its end; rejects when that is not a good one. */
async function run(
  { log }: Place,
  command: string,
  { cwd = ROOT, env = {} }: Manner = {},
): Promise<undefined> {
  const out = openSync(log, 'a')
  const child = spawn('/bin/sh', ['-ec', command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', out, out],
  })
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`${command} ended with ${code}`)
}

/** The linters of OpenAPI have nothing against the description as a client gets it. */
async function description(place: Place): Promise<string | undefined> {
  const linter = join(ROOT, 'node_modules/.bin/redocly')
  if (!existsSync(linter)) return 'the linter is not installed'
  mkdirSync(place.folder, { recursive: true })
  const server = await startServer(join(place.folder, 'data'), {
    PUBLIC_URL: 'https://registry.test',
  })
  const file = join(place.folder, 'openapi.json')
  writeFileSync(file, await (await fetch(`${server.url}/openapi.json`)).text())
  await server.end('SIGTERM')
  const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  await run(place, `"${linter}" lint "${file}" --format=stylish`, { env: quiet })
  // Brought for this step alone: it has a hundred packages of its own.
  writeFileSync(join(place.folder, '.spectral.yaml'), 'extends: ["spectral:oas"]\n')
  const second = 'npx --yes @stoplight/spectral-cli@6 lint openapi.json --fail-severity warn'
  return run(place, second, { cwd: place.folder })
}

/** What schemathesis holds each answer to. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
].join()
/** Those that wait for what is new, or stand still by design when a program asks for more than is done at once. */
const NOT_MADE_UP = '/(events|changes|entries|checks)$'

/** Whatever schemathesis makes up from the description is answered as the description says, without a fault of ours. */
async function madeUpRequests(place: Place): Promise<string | undefined> {
  if (spawnSync('schemathesis', ['--version']).error) return 'schemathesis is not installed'
  mkdirSync(place.folder, { recursive: true })
  const data = join(place.folder, 'data')
  const server = await startServer(data, { RATE_LIMIT: '0' })
  try {
    const key = await keyOf(data)
    return await run(
      place,
      `schemathesis run "$URL/openapi.json" -H "Authorization: Bearer $KEY" --phases coverage,fuzzing --max-examples 10 --checks ${CHECKS} --exclude-path-regex '${NOT_MADE_UP}' --suppress-health-check too_slow --request-timeout 30 --continue-on-failure --no-color`,
      { cwd: place.folder, env: { URL: server.url, KEY: key } },
    )
  } finally {
    await server.end('SIGTERM')
  }
}

const bill = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      licenses: z
        .array(
          z.object({
            license: z.object({ id: z.string().optional(), name: z.string().optional() }).optional(),
            expression: z.string().optional(),
          }),
        )
        .default([]),
    }),
  ),
})

/** Writes what a release is made of, and under which licences, beside it: from the lock file, by npm itself. */
async function billOfMaterials(place: Place): Promise<undefined> {
  const folder = join(ROOT, 'release')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'sbom.cdx.json')
  await run(place, `npm sbom --package-lock-only --omit dev --sbom-format cyclonedx > "${file}"`)
  const { components } = bill.parse(JSON.parse(readFileSync(file, 'utf8')))
  if (components.length < 50) throw new Error(`only ${components.length} packages`)
  const rows = components.map(({ name, version, licenses }) => [
    name,
    version,
    licenses.map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '').join(' AND '),
  ])
  writeFileSync(join(folder, 'licences.csv'), stringify([['package', 'version', 'licence'], ...rows]))
}

/** A clone of what is committed. */
async function clone(place: Place): Promise<string> {
  mkdirSync(place.folder, { recursive: true })
  const cloned = join(place.folder, 'clone')
  await run(place, `git clone -q "${ROOT}" "${cloned}"`)
  return cloned
}

/** Nodes of the last version (the last tag, else what stood a day ago) are upgraded to this one while they are written to. */
async function rollingUpgrade(place: Place): Promise<string | undefined> {
  const cwd = await clone(place)
  const last =
    '$(git describe --tags --abbrev=0 HEAD^ 2>/dev/null || git rev-list -1 --before=yesterday HEAD)'
  await run(place, `git checkout -q "${last}"`, { cwd })
  // Nodes that begin without each other's keys are no nodes yet.
  if (!existsSync(join(cwd, 'src/running/shared-keys.ts'))) return 'the last version’s nodes shared no keys'
  await run(place, 'npm ci --no-audit --no-fund', { cwd })
  const env = { LAST_VERSION: join(cwd, 'dist/main.js') }
  return run(place, 'npx tap test/running/rolling.test.ts', { env })
}

/** What the README tells a newcomer to type first works in a fresh clone. */
async function freshClone(place: Place): Promise<undefined> {
  const cwd = await clone(place)
  const readme = readFileSync(join(cwd, 'README.md'), 'utf8')
  const [, command] = /^(npm ci && npm start) +#/m.exec(readme) ?? []
  if (command === undefined) throw new Error('the README does not begin with npm ci && npm start')
  const port = String(await freePort())
  const out = openSync(place.log, 'a')
  // A process group of its own: npm, its shell and the service end together.
  const child = spawn('/bin/sh', ['-c', command], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: port, HOST: '127.0.0.1' },
    stdio: ['ignore', out, out],
    detached: true,
  })
  const exit = new Promise((resolve) => child.on('exit', resolve))
  try {
    const ended = exit.then((code) => Promise.reject(new Error(`${command} ended with ${code}`)))
    const isReady = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200
    await Promise.race([until('a fresh clone that serves', isReady, 600), ended])
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    await exit
  }
}

/** Every test but those in a browser passes in a clone installed and run by another Node, which npm's package `node` brings. */
function onNode(version: string): Step {
  return async (place) => {
    const cwd = await clone(place)
    const tools = join(place.folder, 'tools')
    mkdirSync(tools)
    writeFileSync(join(tools, 'package.json'), '{ "private": true }\n')
    await run(place, `npm install --no-audit --no-fund --ignore-scripts=false node@${version}`, {
      cwd: tools,
    })
    const brought = readdirSync(tools, { recursive: true, encoding: 'utf8' }).map((name) => join(tools, name))
    const program = brought.find((path) => path.endsWith('/bin/node') && statSync(path).size > 1_000_000)
    const header = brought.find((path) => path.endsWith('/include/node/node.h'))
    if (program === undefined) throw new Error(`npm brought no Node ${version}`)
    const env = {
      PATH: `${dirname(program)}:${process.env.PATH}`,
      // What is built from source is built against its own headers.
      ...(header !== undefined && { npm_config_nodedir: dirname(dirname(dirname(header))) }),
    }
    return run(place, 'node --version; npm ci --no-audit --no-fund; npm run test:quick', { cwd, env })
  }
}
