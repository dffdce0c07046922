import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { inventedFirms, writeFirms } from '../bench/firms.ts'
import { cli, endAll, keyOf, personsKey, type Server, startServer } from '../faults/processes.ts'
import { Ledger } from './ledger.ts'
import { type Course, live } from './life.ts'
import { Officer } from './officers.ts'
import {
  allowed,
  type Bound,
  filesUnder,
  isDuration,
  judged,
  LONG_ENOUGH,
  lineOf,
  metricsOf,
  rounded,
  type Sample,
  steadied,
  YARDSTICK,
  yardstick,
} from './samples.ts'

/**
 * Ordinary life for a while, as `life.ts` has it: prints how what was measured went, with a line through each, and what grew
 * beyond what its data explain. Exit code 1 where an answer was wrong or something grew.
 */

/** The first part of the time is for warming up: caches fill, code is compiled. */
const WARMING = 0.4
const SAMPLES = 40

/** What each quantity may do; what is not named may do as it likes: it is of the data. */
const BOUNDS: readonly [name: RegExp, bound: Bound][] = [
  [/^memory MB$/, { by: 60, share: 0.15 }],
  [/^file descriptors$/, { by: 12, share: 0.1 }],
  [/^handles$/, { by: 20, share: 0.2 }],
  [/^temporary files$/, { by: 3, share: 0 }],
  // Each is shortened once it has passed 32 MB and nobody reads what is in it.
  [/^largest log MB$/, { by: 34, share: 0 }],
  [/^bytes an entry$/, { by: 1_000, share: 0.3 }],
  [/^ms /, { by: 15, share: 0.6 }],
]

async function sampled(
  server: Server,
  { dataDir, temporary }: { dataDir: string; temporary: string },
  at: number,
  more: Record<string, number>,
): Promise<Sample> {
  const metrics = await metricsOf(server.url)
  const status = await readFile(`/proc/${server.process.pid}/status`, 'utf8').catch(() => '')
  const sum = (name: RegExp) =>
    Object.entries(metrics).reduce((all, [key, value]) => (name.test(key) ? all + value : all), 0)
  const MB = 1024 * 1024
  const entries = metrics.register_head_position ?? Number.NaN
  return {
    at,
    values: {
      'memory MB':
        Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? (metrics.process_resident_memory_bytes ?? 0) / 1024) /
        1024,
      'load average': loadavg()[0] ?? Number.NaN,
      [YARDSTICK]: yardstick(),
      'file descriptors': metrics.process_open_fds ?? Number.NaN,
      handles: metrics.nodejs_active_handles_total ?? Number.NaN,
      'caches MB': sum(/^cache_bytes\{/) / MB,
      'largest log MB': Math.max(
        ...Object.entries(metrics).flatMap(([name, value]) => (/^wal_bytes\{/.test(name) ? value / MB : [])),
      ),
      'databases MB': sum(/^database_bytes\{/) / MB,
      'bytes an entry': sum(/^database_bytes\{/) / entries,
      'files in the data directory': await filesUnder(dataDir),
      'temporary files': await filesUnder(temporary),
      'import jobs': metrics['import_jobs{state="kept"}'] ?? Number.NaN,
      entries,
      ...more,
    },
  }
}

const WRITES = 'records:read,records:write'

interface Options {
  seconds: string
  firms: string
}

async function soak({ seconds, firms: count }: Options): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'soak-'))
  const dataDir = join(folder, 'data')
  const length = Number(seconds)
  try {
    const key = await keyOf(dataDir, WRITES)
    const deciders = {
      proposes: await personsKey(
        dataDir,
        'first',
        '1',
        'recorder,reviewer',
        `${WRITES},listings:write,listings:decide`,
      ),
      decides: await personsKey(
        dataDir,
        'second',
        '2',
        'recorder,reviewer,publisher',
        `${WRITES},listings:decide`,
      ),
    }
    const first = {
      records: await Officer.create(dataDir, 'third', '3', 'recorder'),
      confirms: await Officer.create(dataDir, 'fourth', '4', 'recorder,reviewer'),
    }
    const csv = join(folder, 'firms.csv')
    await writeFirms(csv, Number(count))
    const imported = await cli(dataDir, 'import', 'enterprise', csv, '--authority', '省测试局')
    if (imported.code !== 0) throw new Error(imported.stdout + imported.stderr)
    const firms = Array.from(inventedFirms(Number(count)), ({ uscc }) => uscc.slice(8, 17))
    const temporary = join(folder, 'temporary')
    await mkdir(temporary)
    const server = await startServer(dataDir, { RATE_LIMIT: '0', TMPDIR: temporary })
    const from = performance.now()
    const passed = () => (performance.now() - from) / 1000
    const importByCommand = async (table: string) => {
      const path = join(folder, 'command.csv')
      await writeFile(path, table)
      const said = await cli(dataDir, 'import', 'enterprise', path, '--authority', '省测试局')
      if (said.code !== 0) throw new Error(said.stdout + said.stderr)
    }
    const { course, done } = live({
      ...{ url: server.url, key, deciders, firms, importByCommand },
      ledger: new Ledger({ files: firms.length, listed: 0, tested: 0, passed: 0, holders: 0, complete: 0 }),
      desk: async (ask) => ({
        records: await Officer.signIn(server.url, 'third', first.records, ask),
        confirms: await Officer.signIn(server.url, 'fourth', first.confirms, ask),
      }),
      isOver: () => passed() >= length,
    })
    const samples: Sample[] = []
    while (passed() < length) {
      await sleep((length * 1000) / SAMPLES)
      const sample = await sampled(server, { dataDir, temporary }, passed(), course.latencies.medians())
      samples.push(sample)
      const of = (name: string) => rounded(sample.values[name] ?? Number.NaN)
      const head = `${Math.round(passed())} s: ${course.asked} requests, ${course.wrong.length} wrong`
      say(`${head}, ${of('memory MB')} MB, load ${of('load average')}`)
    }
    await done
    const { code } = await server.end('SIGTERM')
    const verified = await cli(dataDir, 'verify')
    const wrong = [
      ...course.wrong,
      ...(code === 0 ? [] : [`the node ended with ${code}`]),
      ...(verified.code === 0 ? [] : [`verify: ${verified.stdout}${verified.stderr}`]),
    ]
    return told(samples, length, course, wrong)
  } finally {
    endAll()
    await rm(folder, { recursive: true, force: true })
  }
}

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Prints what came of it; 1 where something was wrong or grew. */
function told(samples: readonly Sample[], length: number, course: Course, wrong: readonly string[]): number {
  const warm = steadied(samples.filter(({ at }) => at >= length * WARMING))
  const names = Array.from(new Set(samples.flatMap(({ values }) => Object.keys(values))))
  const seconds = (warm.at(-1)?.at ?? 0) - (warm[0]?.at ?? 0)
  const load = lineOf(warm, 'load average')
  const processors = availableParallelism()
  let grown = 0
  say(
    `${course.asked} requests in ${length} s on ${processors} processors; what was asked and done, and held against what:`,
  )
  for (const [kind, { times, compared }] of course.counts())
    say(`      ${kind}: ${times} times${compared > 0 ? `, ${compared} comparisons` : ''}`)
  say(
    `after warming up (${Math.round(length * WARMING)} s), by lines fitted over ${Math.round(seconds)} s, durations as on the machine as fast as then:`,
  )
  for (const name of names) {
    const line = lineOf(warm, name)
    if (!line) continue
    const bound = BOUNDS.find(([own]) => own.test(name))?.[1]
    const parts = { bound, isDuration: isDuration(name), seconds, load, processors }
    const { mark, why } = judged(line, parts)
    if (mark === 'GREW') grown += 1
    // Seconds say nothing of hours.
    const rate = seconds < LONG_ENOUGH ? '' : ` (${rounded(line.perHour)} an hour)`
    const may = bound ? `, may rise by ${rounded(allowed(line, bound))}` : ''
    const words = `${rounded(line.from)} → ${rounded(line.to)}${rate}${may}`
    say(`${mark.padEnd(6)}${name}: ${words}${why === '' ? '' : `; ${why}`}`)
  }
  for (const one of wrong) say(`WRONG ${one}`)
  say(
    wrong.length + grown === 0
      ? 'nothing was wrong, and nothing grew beyond its data'
      : `${wrong.length} wrong, ${grown} grew`,
  )
  return wrong.length + grown === 0 ? 0 : 1
}

await new Command()
  .name('npm run soak --')
  .description('ordinary life against a node: a mixed client, what must be shown, and what grows')
  .option('--seconds <number>', 'how long', '600')
  .option('--firms <number>', 'how many invented firms are there before', '39638')
  .action(async (options: Options) => {
    process.exitCode = await soak(options)
  })
  .parseAsync()
