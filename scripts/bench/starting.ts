import { execFile } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { built } from '../build/build.js'
import { importEnterprises, openData } from './filled.ts'
import { elapsed, type Measurement, median } from './measurement.ts'
import { createKey, ROOT, startRegistry } from './processes.ts'

const ROUNDS = 3
const MILLION = 1_000_000

/** A start until it is ready, on an empty register and on one with files, and a verification of these, each as an operator runs it. */
export async function measureStarts(folder: string, csv: string): Promise<Measurement[]> {
  const dataDir = join(folder, 'starting')
  await createKey(dataDir)
  const data = await openData(dataDir)
  const files = await importEnterprises(data, csv)
  await data.close()
  const empty: number[] = []
  const full: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    empty.push(await secondsToReady(join(folder, `starting-empty-${round}`)))
    full.push(await secondsToReady(dataDir))
  }
  const [alone, filled] = [median(empty), median(full)]
  const [nothing, verified] = [
    await secondsToVerify(join(folder, 'starting-empty-0')),
    await secondsToVerify(dataDir),
  ]
  const load = `; load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`
  return [
    {
      name: 'start on an empty register, s',
      ratio: alone,
      target: { atMost: 1 },
      detail: `to a ready answer, median of ${ROUNDS}${load}`,
    },
    {
      name: 'start on a million files, s',
      ratio: alone + ((filled - alone) * MILLION) / files,
      target: { atMost: 3 },
      detail: `reckoned from ${filled.toFixed(2)} s on ${files} files${load}`,
    },
    {
      name: 'verification of a million entries, s',
      ratio: nothing + ((verified - nothing) * MILLION) / files,
      target: { atMost: 60 },
      detail: `reckoned from ${verified.toFixed(2)} s for ${files} entries with their views and index${load}`,
    },
  ]
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
