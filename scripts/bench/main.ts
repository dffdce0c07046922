import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { measureChaining } from './chaining.ts'
import { measureChecks } from './checking.ts'
import { measureConsequences } from './consequences.ts'
import { measureDeciding } from './deciding.ts'
import { measureDesk } from './desk.ts'
import { writeFirms } from './firms.ts'
import { measureImport } from './importing.ts'
import { measureLimits } from './limiting.ts'
import { measureListQueries, measureListReading } from './listing.ts'
import { isMet, type Measurement, printed } from './measurement.ts'
import { measureNodes, measureWorkers } from './nodes.ts'
import { measurePages } from './pages.ts'
import { measurePlatform } from './platform.ts'
import { measurePulling } from './pulling.ts'
import { measureRating } from './rating.ts'
import { measureRebuild } from './rebuilding.ts'
import { measureSearch } from './searching.ts'
import { measureAppends, measureMillion, measureReading } from './serving.ts'
import { measureStarts } from './starting.ts'
import { measureTables } from './tables.ts'
import { measureWriting } from './writing.ts'

/**
 * Measures the registry against bare baselines in the same run and prints the ratios; absolute figures mean nothing
 * on another machine. Exit code 1 when a target is missed.
 */

const INVENTED = 39_638

type Measure = (folder: string, csv: string, million: number) => Promise<Measurement[]>

const measures: Record<string, Measure> = {
  reading: async (folder, csv) => [await measureReading(folder, csv)],
  limits: async (folder, csv) => [await measureLimits(folder, csv)],
  chaining: async (folder) => [await measureChaining(folder)],
  starts: async (folder, csv) => measureStarts(folder, csv),
  appends: async (folder) => [await measureAppends(folder)],
  import: async (folder, csv) => [await measureImport(folder, csv)],
  tables: async (folder, csv) => measureTables(folder, csv),
  rebuild: async (folder, csv) => [await measureRebuild(folder, csv)],
  listing: async (folder) => [measureListQueries(folder), ...(await measureListReading(folder))],
  pages: async (folder) => measurePages(folder),
  writing: async (folder) => measureWriting(folder),
  consequences: async () => [measureConsequences()],
  deciding: async (folder) => [await measureDeciding(join(folder, 'deciding'))],
  desk: async (folder) => measureDesk(folder),
  checks: async (folder, csv) => measureChecks(folder, csv),
  platform: async (folder, csv) => [
    ...(await measurePlatform(join(folder, 'platform'), csv)),
    ...(await measurePulling(join(folder, 'pulling'), csv)),
  ],
  nodes: async (folder) => measureNodes(folder),
  workers: async (folder, csv) => measureWorkers(folder, csv),
  rating: async () => [await measureRating()],
  search: async (folder, csv) => measureSearch(folder, csv),
  million: async (folder, _csv, million) => measureMillion(folder, million),
}
const names = Object.keys(measures)

await new Command()
  .name('npm run bench --')
  .argument('[name...]', `what to measure: ${names.join(', ')}; all by default`)
  .option('--csv <file>', `enterprises to import instead of ${INVENTED} invented ones`)
  .option('--million <count>', 'files of the measurement "million"', '1000000')
  .action(async (chosen: string[], options: { csv?: string; million: string }) => {
    const folder = await mkdtemp(join(tmpdir(), 'registry-bench-'))
    try {
      const csv = options.csv ?? join(folder, 'firms.csv')
      if (options.csv === undefined) await writeFirms(csv, INVENTED)
      for (const name of chosen.length > 0 ? chosen : names) {
        const measure = measures[name]
        if (!measure) throw new Error(`no measurement ${name}; there are ${names.join(', ')}`)
        for (const measurement of await measure(folder, csv, Number(options.million))) {
          process.stdout.write(`${printed(measurement)}\n`)
          if (!isMet(measurement)) process.exitCode = 1
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
  .parseAsync()
