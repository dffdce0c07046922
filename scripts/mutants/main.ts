import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { Bench, projectFiles } from './bench.ts'
import { bundled } from './bundles.ts'
import { type Outcome, report, shown } from './report.ts'
import type { Asked } from './runner.ts'
import { type Mutant, mutantsOf, planted, woven } from './sites.ts'

/**
 * Plants small mistakes one by one in the rooms where law is decided and runs every test file that comes by the
 * place, the nearest and quickest first and for a minute at most: a mistake that none of them finds, nor the type check,
 * is a rule that nothing holds. The rooms stand in `rooms.json`, what changes nothing in `accepted.json` with the
 * reason. Tests in a browser, of whole processes and of large files are left out, as too slow and too far from the law.
 */

const ROOT = new URL('../..', import.meta.url).pathname
const CACHE = join(ROOT, '.tap/mutants.json')
const HANGS_AFTER = 10
const LEAST_LIMIT_MS = 30_000
const LONGEST_MS = 240_000

const texts = new Map<string, string>()
/** A file as it stood when the run began. */
function read(path: string): string {
  const text = texts.get(path) ?? readFileSync(join(ROOT, path), 'utf8')
  texts.set(path, text)
  return text
}
const json = (path: string): unknown => JSON.parse(read(path))
const { rooms, outside } = z
  .strictObject({ rooms: z.record(z.string(), z.array(z.string())), outside: z.array(z.string()) })
  .parse(json('scripts/mutants/rooms.json'))
const names = { file: z.string(), within: z.string(), from: z.string(), to: z.string() }
const accepted = z
  .array(z.strictObject({ ...names, place: z.string(), reason: z.string().min(1) }))
  .parse(json('scripts/mutants/accepted.json'))

/** What a test file was seen to do: how long it takes, which mutants it comes by. */
const seenSchema = z.record(z.string(), z.object({ ms: z.number(), hits: z.array(z.string()) }))
type Seen = z.output<typeof seenSchema>

const {
  room,
  file,
  seed,
  sample,
  benches: abreast,
  tests: pattern,
  patience,
  comparisons,
  places,
} = new Command()
  .name('npm run mutants --')
  .option('--room <name>', `all mutants of a room: ${Object.keys(rooms).join(', ')}`)
  .option('--file <path>', 'all mutants of a file, or of the files whose path begins so')
  .option('--places <list>', 'only these, as a run names what survived, between commas')
  .option('--comparisons', 'only `<` for `<=` and the like: a census of the boundaries')
  .option('--seed <number>', 'which sample', '1')
  .option('--sample <count>', 'how many mutants; without it 250 of all rooms, all of what is named')
  .option('--benches <count>', 'how many tests run at a time', '2')
  .option(
    '--tests <pattern>',
    'only test files whose path this matches, to see what they find by themselves, without the type check',
    '',
  )
  .option(
    '--patience <seconds>',
    'how long the tests that are tried for one mutant take together at most',
    '60',
  )
  .parse()
  .opts<{
    room?: string
    file?: string
    seed: string
    sample?: string
    benches: string
    tests: string
    patience: string
    comparisons?: true
    places?: string
  }>()

const files = projectFiles(ROOT).filter((path) => existsSync(join(ROOT, path)))
const within = (path: string, places: readonly string[]) =>
  places.some((place) => path === place || path.startsWith(`${place}/`))
const inRooms = (places: readonly string[]) =>
  files.filter((path) => /\.(tsx?|json)$/.test(path) && within(path, places))
const missing = Object.values(rooms)
  .flat()
  .filter((place) => inRooms([place]).length === 0)
if (room !== undefined && !rooms[room])
  throw new Error(`no room ${room}; there are ${Object.keys(rooms).join(', ')}`)

const byFile = new Map(
  inRooms(Object.values(rooms).flat()).map((path) => [path, mutantsOf(path, read(path))]),
)
const all = [...byFile.values()].flat()
/** What a mutant is called in the bundles: by its file, so that others keep their names when a file changes. */
const nameOf = (mutant: Mutant) => `${mutant.file} ${byFile.get(mutant.file)?.indexOf(mutant)}`
const isSame = (known: (typeof accepted)[number], mutant: Mutant) =>
  known.file === mutant.file && known.place === mutant.place
const isAccepted = (mutant: Mutant) => accepted.some((known) => isSame(known, mutant))
const wanted = all.filter(
  (mutant) =>
    !isAccepted(mutant) &&
    (room === undefined || within(mutant.file, rooms[room] ?? [])) &&
    (file === undefined || mutant.file.startsWith(file)) &&
    (places === undefined || places.split(',').includes(mutant.place)) &&
    (!comparisons || (mutant.boundary && /[<>]/.test(mutant.from))),
)
const isWhole = [room, file, places].some((part) => part !== undefined)
const count = Number(sample ?? (isWhole ? wanted.length : 250))
const chosen = drawn(wanted, count, seed)

const dirty = execFileSync('git', ['status', '--porcelain'], { cwd: ROOT }).toString().trimEnd()
if (dirty) console.log(`The tree is mutated as it stands, with what is not committed:\n${dirty}`)
for (const place of missing) console.log(`${place}: nothing there, passed over`)
const stale = accepted.filter((known) => !all.some((mutant) => isSame(known, mutant)))
for (const { file, within, from, to } of stale)
  console.log(`accepted for code that has changed, so judged anew: ${file} ${within}: ${from} → ${to}`)
console.log(
  `${chosen.length} of ${wanted.length} mutants, seed ${seed}, ${accepted.length - stale.length} accepted`,
)

const began = performance.now()
const env = { ...process.env, SEED: seed, TAP_TIMEOUT: '100000' }
const tests = files.filter(
  (path) =>
    /^test\/.*\.test\.tsx?$/.test(path) &&
    new RegExp(pattern).test(path) &&
    !outside.some((o) => path.startsWith(o)),
)
const bundles = await bundled(ROOT, tests, (path, source) => woven(source, byFile.get(path) ?? [], nameOf))
const benches = Array.from(
  { length: Math.min(Number(abreast), availableParallelism()) },
  () => new Bench(ROOT, files, env),
)
const close = () => {
  for (const bench of benches) bench.close()
  bundles.close()
}
// Whoever has seen enough leaves no folders behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    close()
    process.exit(1)
  })
try {
  const seen = await watch()
  const outcomes: Outcome[] = []
  await inTurn(chosen, async (mutant, bench) => {
    const outcome = await tryOut(mutant, bench, seen)
    outcomes.push(outcome)
    if (outcome.found === 'no' || outcome.found === 'hang') console.log(shown(outcome))
    if (outcomes.length % 50 === 0) console.log(`… ${outcomes.length}`)
  })
  console.log(
    report(outcomes, new Map(Object.entries(rooms).map(([name, places]) => [name, inRooms(places)]))),
  )
  const minutes = (performance.now() - began) / 60_000
  console.log(`${minutes.toFixed(1)} minutes, seed ${seed}${pattern && `, tests ${pattern}`}`)
} finally {
  close()
}

/** Each of a list on a bench that is free. */
async function inTurn<T>(list: readonly T[], act: (one: T, bench: Bench) => Promise<void>): Promise<void> {
  const waiting = [...list]
  await Promise.all(
    benches.map(async (bench) => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await act(one, bench)
    }),
  )
}

/** What every test file comes by and how long it takes; remembered for as long as neither it nor the sources change. */
async function watch(): Promise<Map<string, { ms: number; hits: Set<string> }>> {
  const keyOf = (test: string) => `${test} ${digest([readFileSync(bundles.of(test), 'utf8')])}`
  const kept = existsSync(CACHE) ? seenSchema.safeParse(JSON.parse(readFileSync(CACHE, 'utf8'))) : undefined
  const known = kept?.data ?? {}
  // What was seen of older bundles is forgotten, of tests that are not asked for now is not.
  const keys = new Map(tests.map((test) => [test, keyOf(test)]))
  const seen: Seen = Object.fromEntries(
    Object.entries(known).filter(([key]) => {
      const current = keys.get(key.split(' ')[0] ?? '')
      return current === undefined || current === key
    }),
  )
  const unknown = tests.filter((test) => !seen[keys.get(test) ?? ''])
  await inTurn(unknown, async (test, bench) => {
    const { passed, why, ms, hits } = await bench.run({ bundle: bundles.of(test), mutant: '' }, LONGEST_MS)
    if (!passed) return console.log(`left out, since it fails without any mutant: ${test}: ${why}`)
    seen[keyOf(test)] = { ms, hits }
    mkdirSync(dirname(CACHE), { recursive: true })
    writeFileSync(CACHE, JSON.stringify(seen))
  })
  return new Map(
    tests.flatMap((test) => {
      const own = seen[keys.get(test) ?? '']
      return own ? [[test, { ms: own.ms, hits: new Set(own.hits) }] as const] : []
    }),
  )
}

async function tryOut(
  mutant: Mutant,
  bench: Bench,
  seen: Awaited<ReturnType<typeof watch>>,
): Promise<Outcome> {
  const isRule = mutant.file.endsWith('.json')
  const places = isRule ? roomOf(mutant.file) : [nameOf(mutant)]
  const passing = [...seen]
    .filter(([, { hits }]) => places.some((place) => hits.has(place)))
    .sort(([a, one], [b, other]) => farness(a, mutant) - farness(b, mutant) || one.ms - other.ms)
  const tried = withinPatience(passing)
  const asked = (test: string) => ({ bundle: bundles.of(test), mutant: isRule ? 'none' : nameOf(mutant) })
  try {
    if (isRule) bench.write(mutant.file, planted(read(mutant.file), mutant))
    for (const [test, { ms }] of tried) {
      const first = await bench.run(asked(test), limitOf(ms))
      const { passed, hung, why } = first.hung ? await again(asked(test), bench) : first
      if (!passed) return { mutant, found: hung ? 'hang' : 'test', by: `${test}: ${why}` }
    }
    const by =
      passing.length === 0
        ? 'no test comes by'
        : `${passing.length} test files come by, ${tried.length} were tried`
    // A number by one, `<` for `<=` are as well typed as before.
    if (mutant.boundary || isRule || pattern !== '') return { mutant, found: 'no', by }
    bench.write(mutant.file, planted(read(mutant.file), mutant))
    return { mutant, found: (await bench.isWellTyped()) ? 'no' : 'types', by }
  } finally {
    bench.write(mutant.file, read(mutant.file))
  }
}

/** As many of the tests as take a mutant's time together, the first one in any case. */
function withinPatience<T extends readonly [string, { ms: number }]>(tests: readonly T[]): T[] {
  let spent = 0
  return tests.filter(([, { ms }], i) => {
    spent += ms
    return i === 0 || spent <= Number(patience) * 1000
  })
}

/** How far a test file is from a mutant: those of its own file, then of its room, are the likeliest to find it. */
function farness(test: string, { file }: Mutant): number {
  const own = file.replace(/^src\//, 'test/').replace(/\.\w+$/, '.test.')
  if (test.startsWith(own)) return 0
  return dirname(test) === dirname(own) ? 1 : 2
}

/** How long a test may take that took so long without a mutant. */
function limitOf(ms: number): number {
  return Math.max(LEAST_LIMIT_MS, HANGS_AFTER * ms)
}

/** Tries again what took too long, by what the test takes now without a mutant: a busy machine is no hang. */
async function again(asked: Asked, bench: Bench) {
  const { ms } = await bench.run({ ...asked, mutant: 'none' }, LONGEST_MS)
  return bench.run(asked, limitOf(ms))
}

/** The mutants of a room's sources: rules in JSON are not run, whoever comes by the room of theirs comes by them. */
function roomOf(path: string): string[] {
  const room = path.split('/').slice(0, 2).join('/')
  return all.filter(({ file: other }) => within(other, [room])).map(nameOf)
}

/** A sample that depends on the seed and the mutants alone: one is in it or not whatever has changed elsewhere. */
function drawn(list: readonly Mutant[], count: number, salt: string): Mutant[] {
  const order = list.map((mutant) => ({ mutant, by: digest([salt, mutant.file, mutant.place]) }))
  return order
    .sort((a, b) => (a.by < b.by ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant)
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
