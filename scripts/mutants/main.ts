import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { z } from 'zod'
import { Bench, projectFiles } from './bench.ts'
import { type Outcome, report, shown } from './report.ts'
import { type Mutant, planted, probed, type Sites, sitesOf } from './sites.ts'

/**
 * Plants small mistakes one by one in the rooms where law is decided and runs every test file that comes by the
 * place: a mistake that no test finds, nor the type check, is a rule that nothing holds. The rooms stand in
 * `rooms.json`, what changes nothing in `accepted.json` with the reason. Tests in a browser and of whole processes are
 * left out, as too slow and too far from the law.
 */

const ROOT = new URL('../..', import.meta.url).pathname
const CACHE = join(ROOT, '.tap/mutants.json')
const HANGS_AFTER = 10
const LEAST_LIMIT_MS = 30_000

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
const names = { file: z.string(), within: z.string(), code: z.string(), from: z.string(), to: z.string() }
const accepted = z
  .array(z.strictObject({ ...names, reason: z.string().min(1) }))
  .parse(json('scripts/mutants/accepted.json'))

/** What a test file was seen to do: how long it takes, which probes it hits. */
const seenSchema = z.record(z.string(), z.object({ ms: z.number(), hits: z.array(z.number()) }))
type Seen = z.output<typeof seenSchema>

const {
  room,
  file,
  seed,
  sample,
  benches: abreast,
  longest,
} = new Command()
  .name('npm run mutants --')
  .option('--room <name>', `all mutants of a room: ${Object.keys(rooms).join(', ')}`)
  .option('--file <path>', 'all mutants of a file, or of the files whose path begins so')
  .option('--seed <number>', 'which sample', '1')
  .option('--sample <count>', 'how many mutants; without it 250 of all rooms, all of a room or a file')
  .option('--benches <count>', 'how many tests run at a time', '2')
  .option('--longest <ms>', 'pass over test files that take longer, to see what the quick ones find')
  .parse()
  .opts<{
    room?: string
    file?: string
    seed: string
    sample?: string
    benches: string
    longest?: string
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

const sites = new Map<string, Sites>(
  inRooms(Object.values(rooms).flat()).map((path) => [path, sitesOf(path, read(path))]),
)
const all = [...sites.values()].flatMap(({ mutants }) => mutants)
const isSame = (known: (typeof accepted)[number], mutant: Mutant) =>
  known.file === mutant.file &&
  known.within === mutant.within &&
  known.code === mutant.code &&
  known.from === mutant.from &&
  known.to === mutant.to
const isAccepted = (mutant: Mutant) => accepted.some((known) => isSame(known, mutant))
const wanted = all.filter(
  (mutant) =>
    !isAccepted(mutant) &&
    (room === undefined || within(mutant.file, rooms[room] ?? [])) &&
    (file === undefined || mutant.file.startsWith(file)),
)
const count = Number(sample ?? (room === undefined && file === undefined ? 250 : wanted.length))
const chosen = drawn(wanted, count, seed)

const dirty = execFileSync('git', ['status', '--porcelain'], { cwd: ROOT }).toString().trimEnd()
if (dirty) console.log(`The tree is mutated as it stands, with what is not committed:\n${dirty}`)
for (const place of missing) console.log(`${place}: nothing there, passed over`)
for (const known of accepted.filter((known) => !all.some((mutant) => isSame(known, mutant))))
  console.log(
    `accepted, but no such mutant is left: ${known.file} ${known.within}: ${known.from} → ${known.to}`,
  )
console.log(`${chosen.length} of ${wanted.length} mutants, seed ${seed}, ${accepted.length} accepted`)

const env = { ...process.env, SEED: seed, TAP_TIMEOUT: '100000' }
const benches = Array.from(
  { length: Math.min(Number(abreast), availableParallelism()) },
  () => new Bench(ROOT, files, env),
)
try {
  const seen = await watch()
  const outcomes: Outcome[] = []
  await inTurn(chosen, async (mutant, bench) => {
    const outcome = await tryOut(mutant, bench, seen)
    outcomes.push(outcome)
    if (outcome.found === 'no' || outcome.found === 'hang') console.log(shown(outcome))
    if (outcomes.length % 50 === 0) console.log(`… ${outcomes.length}`)
  })
  console.log(report(outcomes))
} finally {
  for (const bench of benches) bench.close()
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

/** What every test file hits and how long it takes; remembered for as long as neither it nor the sources change. */
async function watch(): Promise<Map<string, { ms: number; hits: Set<number> }>> {
  const tests = files.filter(
    (path) => /^test\/.*\.test\.tsx?$/.test(path) && !outside.some((o) => path.startsWith(o)),
  )
  // Probes are numbered by the sites, so what says where they are counts among the sources.
  const shared = digest([
    JSON.stringify([...sites.values()].map(({ probes }) => probes)),
    ...files
      .filter((path) => /^(src|public-site|test)\//.test(path) && !/\.test\.tsx?$/.test(path))
      .map(read),
  ])
  const keyOf = (test: string) => `${test} ${digest([shared, read(test)])}`
  const known = seenSchema.parse(existsSync(CACHE) ? JSON.parse(readFileSync(CACHE, 'utf8')) : {})
  const seen: Seen = Object.fromEntries(
    tests.flatMap((test) => {
      const before = known[keyOf(test)]
      return before ? [[keyOf(test), before]] : []
    }),
  )
  const unknown = tests.filter((test) => !seen[keyOf(test)])
  if (unknown.length > 0) {
    let first = 0
    for (const [path, own] of sites) {
      if (path.endsWith('.json')) continue
      for (const bench of benches) bench.write(path, probed(read(path), own, first))
      first += own.probes.length
    }
    await inTurn(unknown, async (test, bench) => {
      const { passed, why, ms, hits } = await bench.run(test, 120_000)
      if (!passed) return console.log(`left out, since it fails without any mutant: ${test}: ${why}`)
      seen[keyOf(test)] = { ms, hits }
      mkdirSync(dirname(CACHE), { recursive: true })
      writeFileSync(CACHE, JSON.stringify(seen))
    })
    for (const path of sites.keys()) for (const bench of benches) bench.write(path, read(path))
  }
  return new Map(
    tests.flatMap((test) => {
      const own = seen[keyOf(test)]
      return own ? [[test, { ms: own.ms, hits: new Set(own.hits) }] as const] : []
    }),
  )
}

async function tryOut(
  mutant: Mutant,
  bench: Bench,
  seen: Awaited<ReturnType<typeof watch>>,
): Promise<Outcome> {
  const probes = probesFor(mutant)
  const tests = [...seen]
    .filter(
      ([, { ms, hits }]) => ms <= Number(longest ?? Infinity) && probes.some((probe) => hits.has(probe)),
    )
    .sort(([, a], [, b]) => a.ms - b.ms)
  bench.write(mutant.file, planted(read(mutant.file), mutant))
  try {
    for (const [test, { ms }] of tests) {
      const { passed, hung, why } = await bench.run(test, Math.max(LEAST_LIMIT_MS, HANGS_AFTER * ms))
      if (!passed) return { mutant, found: hung ? 'hang' : 'test', by: `${test}: ${why}` }
    }
    const by = tests.length === 0 ? 'no test comes by' : `${tests.length} test files come by`
    // A number by one, `<` for `<=` are as well typed as before.
    const isSeen = !mutant.boundary && !(await bench.isWellTyped())
    return { mutant, found: isSeen ? 'types' : 'no', by }
  } finally {
    bench.write(mutant.file, read(mutant.file))
  }
}

/** The probe around a mutant; rules in JSON have none, whoever comes by the room of theirs comes by them. */
function probesFor({ file: path, start, end }: Mutant): number[] {
  const numbers: number[] = []
  let first = 0
  const folder = path.endsWith('.json') ? path.split('/').slice(0, 2).join('/') : undefined
  for (const [other, { probes }] of sites) {
    if (other.endsWith('.json')) continue
    for (const [i, probe] of probes.entries())
      if (folder ? within(other, [folder]) : other === path && probe.start === start && probe.end === end)
        numbers.push(first + i)
    first += probes.length
  }
  return numbers
}

/** A sample that depends on the seed and the mutants alone. */
function drawn(list: readonly Mutant[], count: number, salt: string): Mutant[] {
  const order = list.map((mutant) => ({ mutant, by: digest([salt, ...Object.values(mutant).map(String)]) }))
  return order
    .sort((a, b) => (a.by < b.by ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant)
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
