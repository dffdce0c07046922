import { pathToFileURL } from 'node:url'
import { Test } from 'tap'

/**
 * A process that runs one bundled test file after another as its parent asks, in a copy of the project: the packages are
 * loaded once, the project's own modules anew for every run. Answers whether all tests passed, how long they took and
 * which mutants they came by.
 */

/** What a runner is asked: a bundle, and the mutant that is tried; '' to see which it comes by. */
export interface Asked {
  bundle: string
  mutant: string
}

export interface Answer {
  passed: boolean
  why: string
  ms: number
  hits: string[]
  rss: number
}

declare global {
  var __on: (mutant: string) => boolean
  var __tap: unknown
}

let runs = 0

async function run({ bundle, mutant }: Asked): Promise<Answer> {
  const hits = new Set<string>()
  globalThis.__on =
    mutant === ''
      ? (name) => {
          hits.add(name)
          return false
        }
      : (name) => name === mutant
  runs += 1
  const began = performance.now()
  const root = new Test({ name: bundle })
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
    await import(`${pathToFileURL(bundle).href}?run=${runs}`)
    const ended = new Promise((done) => root.once('complete', done))
    root.end()
    await (root.results ?? ended)
  } catch (error) {
    why ||= String(error)
  }
  const { rss } = process.memoryUsage()
  return { passed: why === '' && root.passing(), why, ms: performance.now() - began, hits: [...hits], rss }
}

const fail = (error: unknown) => {
  const broken: Answer = { passed: false, why: String(error), ms: 0, hits: [], rss: Number.MAX_VALUE }
  process.send?.(broken, () => process.exit())
}
process.on('disconnect', () => process.exit())
process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
process.on('message', async (asked: Asked) => {
  try {
    process.send?.(await run(asked))
  } catch (error) {
    fail(error)
  }
})
