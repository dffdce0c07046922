import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { browserModuleMade } from './build.js'

/**
 * Translates the tests, with what they import of the project, into plain JavaScript in `.tests/` before all of them run:
 * loading some six hundred modules one by one through the TypeScript loader costs each test file two seconds. Modules keep
 * their own addresses, so data and threads are found where they stand.
 *
 * The files of a folder run in one process, up to {@link TOGETHER}: what each process loads, and runs cold, costs as much as
 * what the files of it test. A file alone is run by `node --import tsx FILE`.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TESTS = join(ROOT, 'test')
const TRANSLATED = join(ROOT, '.tests')
/** How many files one process runs, so that two cores have their share to the end. */
const TOGETHER = 12
/** Tests that run apart from the others, each file in a process of its own, each kind below a folder of its own in `.tests/`. */
const APART = {
  /** What changes something that all of a process share: here the descriptions, by a kind of record of its own. */
  alone: ['api/reference'],
  /** Whole journeys of a browser: `npm test` runs them, `npm run test:quick` does without. */
  browser: readdirSync(join(TESTS, 'browser'))
    .filter((name) => name.includes('.test.'))
    .map((name) => join('browser', withoutEnd(name))),
  /** Whole processes taken to harm for minutes: `npm run test:harsh`. */
  harsh: [
    'cli/faults',
    'cli/interrupted',
    'cli/named-files',
    'docs/guides',
    'mirror/killed',
    'running/holes',
    'running/keys',
    'running/killed',
    'running/others',
    'running/place',
    'running/rolling',
    'running/standstill',
  ],
  /** Whole processes, started by the dozen: `npm test` runs them, `npm run test:quick` does without. */
  processes: [
    'acts/command-line',
    'build',
    'cli/usage',
    'cli/waiting',
    'environments',
    'mirror/proven',
    'node',
    'running/acknowledged',
    'running/leaving-nothing',
    'running/log-lines',
    'running/nodes',
    'running/postgres',
    'running/restore',
    'running/start',
    'running/workers',
  ],
}

/** A test file's name without its end. */
function withoutEnd(file) {
  return file.replace(/\.test\.tsx?$/, '')
}

/** Where a file that runs apart is laid, without its end. */
function placeOf(kind, name) {
  return name.startsWith(kind + sep) ? name : join(kind, name)
}

/** What is laid in `.tests/`: each program's name, and the test files that it runs one after the other. */
function programs() {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .sort()
  const kindOf = (file) => Object.keys(APART).find((kind) => APART[kind].includes(withoutEnd(file)))
  const folderOf = (file) => (file.includes(sep) ? file.split(sep)[0] : 'top')
  const together = files.filter((file) => kindOf(file) === undefined)
  return [
    ...files
      .filter((file) => kindOf(file) !== undefined)
      .map((file) => ({ name: placeOf(kindOf(file), withoutEnd(file)), files: [file] })),
    ...[...new Set(together.map(folderOf))].flatMap((folder) => {
      const within = together.filter((file) => folderOf(file) === folder)
      return Array.from({ length: Math.ceil(within.length / TOGETHER) }, (_, i) => ({
        name: `${folder}-${i + 1}`,
        files: within.slice(i * TOGETHER, (i + 1) * TOGETHER),
      }))
    }),
  ]
}

const OWN = ['src', 'public-site', 'scripts', 'test']

const ownAddresses = {
  name: 'own-addresses',
  setup({ onLoad }) {
    onLoad({ filter: /\.(tsx?|js)$/ }, ({ path }) => {
      if (!OWN.includes(relative(ROOT, path).split(sep)[0])) return undefined
      const address = JSON.stringify(pathToFileURL(path).href)
      return {
        contents: `const importMetaUrl = ${address};${readFileSync(path, 'utf8')}`,
        loader: path.endsWith('x') ? 'tsx' : 'ts',
      }
    })
  },
}

const laid = programs()

const runs = {
  name: 'runs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^runs:/ }, ({ path }) => ({ path: path.slice('runs:'.length), namespace: 'runs' }))
    onLoad({ filter: /.*/, namespace: 'runs' }, ({ path }) => ({
      contents: laid
        .find(({ name }) => name === path)
        .files.map((file) => `import ${JSON.stringify(join(TESTS, file))}\n`)
        .join(''),
      resolveDir: TESTS,
    }))
  },
}

rmSync(TRANSLATED, { recursive: true, force: true })
await build({
  entryPoints: laid.map(({ name }) => ({ in: `runs:${name}`, out: `${name}.test` })),
  outdir: TRANSLATED,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'part-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  define: { 'import.meta.url': 'importMetaUrl' },
  sourcemap: true,
  logLevel: 'warning',
  plugins: [runs, browserModuleMade(JSON.stringify(pathToFileURL(join(ROOT, 'dist/')).href)), ownAddresses],
})
