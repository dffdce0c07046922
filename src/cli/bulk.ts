import { join } from 'node:path'
import { checkCopy } from '../bulk/check.ts'
import { Copies, keepUp } from '../bulk/copies.ts'
import { openStampKeys } from '../checking/keys.ts'
import { readSettings } from '../config.ts'
import { SharedCopies } from '../running/shared-copies.ts'
import { OneState } from '../views/one-state.ts'
import { onRegistry } from './open.ts'

/** Makes full copies now, for the public and for the platform, beside a running server too. */
export function makeCopies(): Promise<number> {
  return onRegistry(async ({ registry, paths, register }) => {
    await registry.runDaily()
    const { now, catalogue } = registry
    const { epoch } = await register.standing()
    const keys = await openStampKeys(paths, now)
    const parts = { folder: paths.bulk, views: paths.views, catalogue, keys, epoch, now }
    const { BULK_DAYS: days, DATABASE_URL } = readSettings(process.env)
    for (const { audience, position, files } of await keepUp({ ...parts, days }, true))
      process.stdout.write(
        `${audience}：到序号 ${position}，${files.map(({ name, lines }) => `${name} ${lines} 行`).join('，')}\n`,
      )
    if (DATABASE_URL !== '') {
      const shared = new SharedCopies(paths.bulk, DATABASE_URL)
      await shared.give().finally(() => shared.close())
    }
    return 0
  })
}

/** Holds the latest copies against their manifests and against what stands; exit code 1 where one does not fit. */
export function checkCopies(): Promise<number> {
  return onRegistry(async ({ paths }) => {
    const copies = new Copies(paths.bulk)
    let code = 0
    for (const audience of ['public', 'platform'] as const) {
      const [last] = copies.of(audience)
      if (!last) {
        process.stdout.write(`${audience}：还没有副本。\n`)
        continue
      }
      const snapshot = new OneState(paths.views)
      const faults = await checkCopy(join(paths.bulk, audience, last.name), last.manifest, snapshot)
      snapshot.close()
      for (const fault of faults) process.stderr.write(`${audience}：${fault}\n`)
      if (faults.length > 0) code = 1
      else process.stdout.write(`${audience}：到序号 ${last.manifest.position} 的副本与登记簿相符。\n`)
    }
    return code
  })
}
