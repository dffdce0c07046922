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
 * Builds the program into plain JavaScript in one folder, `dist/`, beside the libraries in `node_modules/`. What a start loads is
 * built in, each program and thread with all of its own in one file, which is kept compiled beside (`compiled.js`).
 */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BUILT = join(ROOT, 'dist')
const STAMP = 'built-from'
/** Taking a place takes an instant; so often it is tried while others do the same. */
const TRIES = 5
/** What the program is made of. */
const SOURCES = ['src', 'public-site', 'migrations', 'docs/law', 'scripts/build']
/** Libraries that stay outside: native ones, those that read files of their own, and what no start needs. */
const APART = [
  '@e965/xlsx',
  '@embedpdf/fonts-sc',
  '@fastify/secure-session',
  '@fastify/swagger-ui',
  '@node-rs/argon2',
  '@simplewebauthn/server',
  'better-sqlite3',
  'better-sqlite3-13',
  'docx',
  'echarts',
  'esbuild',
  'pdfkit',
  'pg',
]
const LOCK = join(ROOT, 'package-lock.json')
const THREADS = join(ROOT, 'src/running')
const PROGRAMS = { main: join(ROOT, 'src/main.ts'), cli: join(ROOT, 'src/cli/start.ts') }

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
  removeLeftovers()
  const fresh = `${BUILT}.${process.pid}`
  try {
    mkdirSync(join(fresh, 'compiled'), { recursive: true })
    await esbuild.build({
      entryPoints: {
        ...PROGRAMS,
        ...Object.fromEntries(threads().map((name) => [name, join(THREADS, `${name}.ts`)])),
      },
      outdir: join(fresh, 'programs'),
      bundle: true,
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      banner: {
        js: "const builtImport = require('../program.js').importing;const builtIn = require('node:url').pathToFileURL(require('node:path').join(__dirname, '../')).href;",
      },
      plugins: [librariesApart, whereItWas, browserModuleMade('builtIn')],
      logLevel: 'warning',
    })
    for (const name of readdirSync(join(fresh, 'programs'))) mustImportNothing(join(fresh, 'programs', name))
    // Below a package of modules these are scripts all the same.
    writeFileSync(join(fresh, 'package.json'), '{ "type": "commonjs" }\n')
    cpSync(join(ROOT, 'scripts/build/program.cjs'), join(fresh, 'program.js'))
    for (const name of Object.keys(PROGRAMS))
      writeFileSync(join(fresh, `${name}.js`), `require('./program.js').run('${name}')\n`)
    for (const folder of ['src', 'migrations', 'docs/law'])
      cpSync(join(ROOT, folder), join(fresh, folder), {
        recursive: true,
        filter: (path) => !/\.(tsx|js)$/.test(path),
      })
    cpSync(join(ROOT, 'public-site/assets'), join(fresh, 'public-site/assets'), { recursive: true })
    for (const name of browserModules) writeFileSync(join(fresh, `browser-${name}.js`), browserModule(name))
    cpSync(join(ROOT, 'scripts/build/boot.cjs'), join(fresh, 'src/running/boot.js'))
    writeFileSync(join(fresh, STAMP), sources)
    takePlace(fresh, sources)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Throws where a program would import by itself, which it can't once it is kept compiled. */
function mustImportNothing(program) {
  const [importing] = /\bimport\("[^"]*"\)/.exec(readFileSync(program, 'utf8')) ?? []
  if (importing !== undefined)
    throw new Error(`${program} says ${importing}, which no plugin of the build has seen`)
}

/** Another build may take the place at the same time: of the same sources either will do, of others the last one stands. */
function takePlace(fresh, sources) {
  const former = `${BUILT}.former.${process.pid}`
  for (let tries = 1; ; tries += 1)
    try {
      if (existsSync(BUILT)) renameSync(BUILT, former)
      renameSync(fresh, BUILT)
      return
    } catch (error) {
      if (isBuiltFrom(sources)) return
      if (tries === TRIES) throw error
    } finally {
      rmSync(former, { recursive: true, force: true })
    }
}

/** What builds left that were killed. */
function removeLeftovers() {
  for (const name of readdirSync(ROOT)) {
    const [, builder] = /^dist\.(?:former\.)?(\d+)$/.exec(name) ?? []
    if (builder !== undefined && !isRunning(Number(builder)))
      rmSync(join(ROOT, name), { recursive: true, force: true })
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
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
    onResolve({ filter: /^[^./]/ }, ({ path }) => (isApart(path) ? { path, external: true } : undefined))
  },
}

function isApart(path) {
  return APART.some((name) => path === name || path.startsWith(`${name}/`))
}

/** A library that is loaded by the time that it is needed. */
const LATER = /\b(await|return) import\('([^']+)'\)/g

/**
 * Data is found by where the module was that reads it: the build keeps it at the same places below its own folder. What stays
 * outside and is loaded later is loaded by `program.cjs`.
 */
const whereItWas = {
  name: 'where-it-was',
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
      const place = JSON.stringify(`./${relative(ROOT, path).split(sep).join('/')}`)
      const text = readFileSync(path, 'utf8')
        .replaceAll('import.meta.url', `new URL(${place}, builtIn).href`)
        .replaceAll(LATER, (as, word, name) => (isApart(name) ? `${word} builtImport('${name}')` : as))
      return {
        contents: text,
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build()
  const { compile } = await import('./compiled.js')
  // Where it lies for good: what is compiled tells in each trace of an error where that was.
  if (!(await compile(BUILT)))
    process.stderr.write('程序已构建；未能预先编译，启动会慢三分之一，其他不受影响。\n')
}
