import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { browserModuleMade } from './build.js'

/**
 * Translates the tests, with what they import of the project, into plain JavaScript in `.tests/` before all of them run:
 * loading some six hundred modules one by one through the TypeScript loader costs each test file two seconds. Modules keep
 * their own addresses, so data and threads are found where they stand.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TESTS = join(ROOT, 'test')
const TRANSLATED = join(ROOT, '.tests')
/** Tests that run apart from the others, each kind below a folder of its own in `.tests/`. */
const APART = {
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

/** Where a test file is laid, by its name without `.test.ts`. */
function placeOf(name) {
  const [kind] = Object.entries(APART).find(([, names]) => names.includes(name)) ?? []
  return kind === undefined ? name : join(kind, name)
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

rmSync(TRANSLATED, { recursive: true, force: true })
await build({
  entryPoints: readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .map((name) => ({
      in: join(TESTS, name),
      out: `${placeOf(name.replace(/\.test\.tsx?$/, ''))}.test`,
    })),
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
  plugins: [browserModuleMade(JSON.stringify(pathToFileURL(join(ROOT, 'dist/')).href)), ownAddresses],
})
