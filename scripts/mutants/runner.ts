import { readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildContext, context, type Plugin } from 'esbuild'
import { Test } from 'tap'

/**
 * A process that runs one test file after another as its parent asks, in the folder that it was started in: the
 * packages are loaded once, the project's own modules anew for every run, as one bundle. Answers whether all tests
 * passed, how long they took and which probes were hit.
 */

export interface Answer {
  passed: boolean
  why: string
  ms: number
  hits: number[]
  rss: number
}

declare global {
  var __hit: (probe: number) => void
  var __tap: unknown
}

const KEPT = 12
const bundlers = new Map<string, BuildContext>()
const hits = new Set<number>()
globalThis.__hit = (probe) => hits.add(probe)

/** Own modules keep their addresses inside a bundle; tests get the runner's own root test. */
const ownModules: Plugin = {
  name: 'own modules',
  setup(build) {
    build.onResolve({ filter: /^tap$/ }, () => ({ path: 'tap', namespace: 'runner' }))
    build.onLoad({ filter: /.*/, namespace: 'runner' }, () => ({
      contents: 'export default globalThis.__tap',
    }))
    build.onLoad({ filter: /\.(js|tsx?)$/ }, async ({ path }) => ({
      contents: `const importMetaUrl = '${pathToFileURL(path).href}';${await readFile(path, 'utf8')}`,
      loader: path.endsWith('x') ? 'tsx' : 'ts',
    }))
  },
}

async function bundlerOf(test: string): Promise<BuildContext> {
  const known = bundlers.get(test)
  bundlers.delete(test)
  const bundler =
    known ??
    (await context({
      entryPoints: [test],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      define: { 'import.meta.url': 'importMetaUrl' },
      jsx: 'automatic',
      jsxImportSource: 'preact',
      logLevel: 'silent',
      plugins: [ownModules],
    }))
  bundlers.set(test, bundler)
  const [oldest] = bundlers.keys()
  if (bundlers.size > KEPT && oldest !== undefined) {
    await bundlers.get(oldest)?.dispose()
    bundlers.delete(oldest)
  }
  return bundler
}

let runs = 0

async function run(test: string): Promise<Answer> {
  const { outputFiles } = await (await bundlerOf(test)).rebuild()
  runs += 1
  const bundle = resolve(`.run-${process.pid}-${runs}.mjs`)
  await writeFile(bundle, outputFiles?.[0]?.contents ?? '')
  hits.clear()
  const began = performance.now()
  const root = new Test({ name: test })
  root.runMain(() => undefined)
  // What follows a failure is passed over: the mutant has been found.
  let why = ''
  root.on('data', (text: unknown) => {
    if (why === '' && /^\s*not ok/m.test(String(text)))
      why = /^\s*not ok.*$/m.exec(String(text))?.[0].trim() ?? ''
  })
  const unlessFailed = (body: unknown) =>
    typeof body === 'function' ? (t: unknown) => (why === '' ? body(t) : Promise.resolve()) : body
  const { test: whole } = root
  Object.assign(root, {
    test: (...given: unknown[]) => Reflect.apply(whole, root, given.map(unlessFailed)),
  })
  globalThis.__tap = root
  try {
    await import(pathToFileURL(bundle).href)
    const ended = new Promise((done) => root.once('complete', done))
    root.end()
    await (root.results ?? ended)
  } catch (error) {
    why ||= String(error)
  }
  await rm(bundle)
  const { rss } = process.memoryUsage()
  return { passed: why === '' && root.passing(), why, ms: performance.now() - began, hits: [...hits], rss }
}

const fail = (error: unknown) => {
  process.send?.({ passed: false, why: String(error), ms: 0, hits: [], rss: Number.MAX_VALUE }, () =>
    process.exit(),
  )
}
process.on('disconnect', () => process.exit())
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
process.on('message', async (test: string) => {
  try {
    process.send?.(await run(test))
  } catch (error) {
    fail(error)
  }
})
