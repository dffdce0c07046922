import { execFile } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { built } from '../build/build.js'
import { importEnterprises, openData } from './filled.ts'
import { writeFirms } from './firms.ts'
import { elapsed, type Measurement, median } from './measurement.ts'
import { createKey, ROOT, startRegistry } from './processes.ts'

const ROUNDS = 5
const MILLION = 1_000_000

const FEW = 1_000

/**
 * A start until it is ready, on an empty register and on one with files, and a verification of these, each as an operator runs it. What
 * a million cost is reckoned from what the files cost beyond a few: with any at all there is more to open than with none.
 */
export async function measureStarts(folder: string, csv: string): Promise<Measurement[]> {
  const small = join(folder, 'few.csv')
  await writeFirms(small, FEW)
  const dataDir = join(folder, 'starting')
  const fewDir = join(folder, 'starting-few')
  await filled(fewDir, small)
  const files = await filled(dataDir, csv)
  // The first start with so many keeps what searching reads, as an import by command line does.
  await secondsToReady(dataDir)
  const times: Record<'empty' | 'few' | 'full', number[]> = { empty: [], few: [], full: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    times.empty.push(await secondsToReady(join(folder, `starting-empty-${round}`)))
    times.few.push(await secondsToReady(fewDir))
    times.full.push(await secondsToReady(dataDir))
  }
  const million = (few: number, full: number) => few + ((full - few) * (MILLION - FEW)) / (files - FEW)
  const [few, full] = [median(times.few), median(times.full)]
  const [verifiedFew, verified] = [await secondsToVerify(fewDir), await secondsToVerify(dataDir)]
  const load = `; load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`
  return [
    {
      name: 'start on an empty register, s',
      ratio: median(times.empty),
      target: { atMost: 1 },
      detail: `to a ready answer, median of ${ROUNDS}${load}`,
    },
    {
      name: 'start on a million files, s',
      ratio: million(few, full),
      target: { atMost: 3 },
      detail: `reckoned from ${few.toFixed(2)} s on ${FEW} files and ${full.toFixed(2)} s on ${files}${load}`,
    },
    {
      name: 'verification of a million entries, s',
      ratio: million(verifiedFew, verified),
      target: { atMost: 60 },
      detail: `reckoned from ${verifiedFew.toFixed(2)} s for ${FEW} entries and ${verified.toFixed(2)} s for ${files}, with their views and index${load}`,
    },
  ]
}

/** A register with the firms of a file; gives how many. */
async function filled(dataDir: string, csv: string): Promise<number> {
  await createKey(dataDir)
  const data = await openData(dataDir)
  const files = await importEnterprises(data, csv)
  await data.close()
  return files
}

async function secondsToReady(dataDir: string): Promise<number> {
  const start = performance.now()
  const registry = await startRegistry(dataDir)
  const { status } = await fetch(`${registry.url}/readyz`)
  const seconds = (performance.now() - start) / 1000
  await registry.stop()
  if (status !== 200) throw new Error(`it is not ready: ${status}`)
  return seconds
}

async function secondsToVerify(dataDir: string): Promise<number> {
  const cli = fileURLToPath(await built('cli'))
  const environment = { ...process.env, DATA_DIR: dataDir }
  const verify = () => promisify(execFile)(process.execPath, [cli, 'verify'], { cwd: ROOT, env: environment })
  return (await elapsed(verify)) / 1000
}
