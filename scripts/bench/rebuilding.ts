import { join } from 'node:path'
import { importEnterprises, openData } from './filled.ts'
import { elapsed, type Measurement, median } from './measurement.ts'

/** Rebuilding views and search, against merely reading the register. */
export async function measureRebuild(folder: string, csv: string): Promise<Measurement> {
  const data = await openData(join(folder, 'rebuild'))
  await importEnterprises(data, csv)
  const reads: number[] = []
  const rebuilds: number[] = []
  for (let round = 0; round < 3; round += 1) {
    reads.push(
      await elapsed(async () => {
        for (let after = 0; ; ) {
          const last = (await data.register.read(after, 1000)).at(-1)
          if (!last) break
          after = last.seq
        }
      }),
    )
    rebuilds.push(await elapsed(() => data.writer.rebuild()))
  }
  const entries = await data.register.head()
  await data.close()
  const [read, rebuild] = [median(reads), median(rebuilds)]
  return {
    name: 'rebuild of views and search, speed',
    ratio: read / rebuild,
    target: { atLeast: 0.25 },
    detail: `${entries} entries in ${rebuild.toFixed(0)} ms, read alone ${read.toFixed(0)} ms`,
  }
}
