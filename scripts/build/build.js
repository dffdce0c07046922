import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Builds the program into plain JavaScript in one folder, `dist/`, beside the libraries in `node_modules/`; those that every
 * thread loads are built in, which takes a fifth off a start.
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BUILT = join(ROOT, 'dist')
const STAMP = 'built-from'
/** What the program is made of. */
const SOURCES = ['src', 'public-site', 'migrations', 'docs/law', 'scripts/build']
/** Libraries that are built in, with what they need: those that several threads load, and those of many small files. */
const BUILT_IN = [
  'zod',
  'fastify-type-provider-zod',
  '@fastify/error',
  'drizzle-orm',
  'lru-cache',
  'opencc-js',
  'canonicalize',
  'uuid',
  'htmlparser2',
  'entities',
  'domutils',
  'domhandler',
  'domelementtype',
  'dom-serializer',
  'csv-parse',
  'csv-stringify',
  'preact',
  'preact-render-to-string',
  'meilisearch',
  'jose',
  'openid-client',
  'oauth4webapi',
  'lean-qr',
  'prom-client',
  '@opentelemetry/api',
  'tdigest',
  'bintrees',
]
const LOCK = join(ROOT, 'package-lock.json')
const THREADS = join(ROOT, 'src/running')

/** Address of a built program, built first where that is missing or older than its sources. */
export async function built(program) {
  const sources = digestOfSources()
  if (!isBuiltFrom(sources)) await build(sources)
  return pathToFileURL(join(BUILT, `${program}.js`)).href
}

/** Builds beside and then takes the place of what was built before, so that no half of one is ever found. */
export async function build(sources = digestOfSources()) {
  // A program that is found built has no need of it.
  const esbuild = await import('esbuild')
  const { browserModule, browserModules } = await import('../../public-site/bundle.js')
  const fresh = `${BUILT}.${process.pid}`
  mkdirSync(fresh, { recursive: true })
  await esbuild.build({
    entryPoints: {
      main: join(ROOT, 'src/main.ts'),
      cli: join(ROOT, 'src/cli/start.ts'),
      ...Object.fromEntries(threads().map((name) => [name, join(THREADS, `${name}.ts`)])),
    },
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    chunkNames: 'part-[hash]',
    // Libraries that are CommonJS ask for modules of Node by this name.
    banner: {
      js: "import { createRequire as requiring } from 'node:module'; const require = requiring(import.meta.url)",
    },
    plugins: [librariesApart, whereItWas, browserModuleMade('import.meta.url')],
    logLevel: 'warning',
  })
  for (const folder of ['src', 'migrations', 'docs/law'])
    cpSync(join(ROOT, folder), join(fresh, folder), {
      recursive: true,
      filter: (path) => !/\.(tsx|js)$/.test(path),
    })
  cpSync(join(ROOT, 'public-site/assets'), join(fresh, 'public-site/assets'), { recursive: true })
  for (const name of browserModules) writeFileSync(join(fresh, `browser-${name}.js`), browserModule(name))
  cpSync(join(ROOT, 'scripts/build/boot.js'), join(fresh, 'src/running/boot.js'))
  writeFileSync(join(fresh, STAMP), sources)
  takePlace(fresh, sources)
}

function takePlace(fresh, sources) {
  const former = `${BUILT}.former.${process.pid}`
  try {
    if (existsSync(BUILT)) renameSync(BUILT, former)
    renameSync(fresh, BUILT)
  } catch (error) {
    // Another one was built of the same at the same time.
    if (!isBuiltFrom(sources)) throw error
  } finally {
    for (const folder of [former, fresh]) rmSync(folder, { recursive: true, force: true })
  }
}

function isBuiltFrom(sources) {
  const stamp = join(BUILT, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sources
}

/** By content: times don't survive every way of copying. */
function digestOfSources() {
  const hash = createHash('sha256')
  const paths = [LOCK, ...SOURCES.flatMap((folder) => filesIn(join(ROOT, folder)))]
  for (const path of paths) hash.update(`${relative(ROOT, path)}\n`).update(readFileSync(path))
  return hash.digest('hex')
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function threads() {
  return readdirSync(THREADS)
    .filter((name) => name.endsWith('-thread.ts'))
    .map((name) => basename(name, '.ts'))
}

const librariesApart = {
  name: 'libraries-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) => {
      const isBuiltIn = BUILT_IN.some((name) => path === name || path.startsWith(`${name}/`))
      return isBuiltIn ? undefined : { path, external: true }
    })
  },
}

/** Data is found by where the module was that reads it: the build keeps it at the same places below its own folder. */
const whereItWas = {
  name: 'where-it-was',
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
      const place = JSON.stringify(`./${relative(ROOT, path).split(sep).join('/')}`)
      const text = readFileSync(path, 'utf8')
      return {
        contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
        loader: path.endsWith('x') ? 'tsx' : 'ts',
      }
    })
  },
}

/** In the place of what bundles the scripts of pages: what reads those that were built, which lie `beside`, in code. */
export const browserModuleMade = (beside) => ({
  name: 'browser-module-made',
  setup({ onLoad }) {
    onLoad({ filter: /public-site[\\/]bundle\.js$/ }, () => ({
      contents: `
        import { readFileSync } from 'node:fs'
        export const browserModule = (name) => readFileSync(new URL(\`./browser-\${name}.js\`, ${beside}))`,
    }))
  },
})

if (process.argv[1] === fileURLToPath(import.meta.url)) await build()
