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
/** Tests that take whole processes to harm for minutes: `npm run release` runs them, below `.tests/harsh/`. */
const HARSH = [
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
]
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
    .map((name) => {
      const out = name.replace(/\.tsx?$/, '')
      return {
        in: join(TESTS, name),
        out: HARSH.includes(out.replace(/\.test$/, '')) ? join('harsh', out) : out,
      }
    }),
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
