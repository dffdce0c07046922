import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command } from 'commander'
import { inventedFirms, writeFirms } from '../bench/firms.ts'
import { cli, endAll, keyOf, type Server, startServer } from '../faults/processes.ts'
import { live } from './life.ts'
import { type Bound, filesUnder, lineOf, metricsOf, risen, rounded, type Sample } from './samples.ts'

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
  [/^open files$/, { by: 12, share: 0.1 }],
  [/^handles$/, { by: 20, share: 0.2 }],
  [/^temporary files$/, { by: 3, share: 0 }],
  [/^wal MB/, { by: 34, share: 0 }],
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
      'open files': metrics.process_open_fds ?? Number.NaN,
      handles: metrics.nodejs_active_handles_total ?? Number.NaN,
      'caches MB': sum(/^cache_bytes\{/) / MB,
      'wal MB': sum(/^wal_bytes\{/) / MB,
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

interface Options {
  seconds: string
  firms: string
}

async function soak({ seconds, firms: count }: Options): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'soak-'))
  const dataDir = join(folder, 'data')
  const length = Number(seconds)
  try {
    const key = await keyOf(dataDir, 'records:read,records:write')
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
    const { course, done } = live({ url: server.url, key, firms, isOver: () => passed() >= length })
    const samples: Sample[] = []
    while (passed() < length) {
      await sleep((length * 1000) / SAMPLES)
      samples.push(await sampled(server, { dataDir, temporary }, passed(), course.latencies.medians()))
    }
    await done
    const { code } = await server.end('SIGTERM')
    const verified = await cli(dataDir, 'verify')
    const wrong = [
      ...course.wrong,
      ...(code === 0 ? [] : [`the node ended with ${code}`]),
      ...(verified.code === 0 ? [] : [`verify: ${verified.stdout}${verified.stderr}`]),
    ]
    return told(samples, length, course.asked, wrong)
  } finally {
    endAll()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Prints what came of it; 1 where something was wrong or grew. */
function told(samples: readonly Sample[], length: number, asked: number, wrong: readonly string[]): number {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const warm = samples.filter(({ at }) => at >= length * WARMING)
  const names = Array.from(new Set(samples.flatMap(({ values }) => Object.keys(values))))
  const grown: string[] = []
  say(
    `${asked} requests in ${length} s; after warming up (${Math.round(length * WARMING)} s), by lines fitted:`,
  )
  for (const name of names) {
    const line = lineOf(warm, name)
    if (!line) continue
    const bound = BOUNDS.find(([own]) => own.test(name))?.[1]
    const why = bound && risen(line, bound)
    if (why !== undefined) grown.push(`${name} ${why}`)
    const words = `${rounded(line.from)} → ${rounded(line.to)} (${rounded(line.perHour)} an hour)`
    say(`${why === undefined ? '      ' : 'GREW  '}${name}: ${words}`)
  }
  for (const one of wrong) say(`WRONG ${one}`)
  say(
    wrong.length + grown.length === 0
      ? 'nothing was wrong, and nothing grew beyond its data'
      : `${wrong.length} wrong, ${grown.length} grew`,
  )
  return wrong.length + grown.length === 0 ? 0 : 1
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
