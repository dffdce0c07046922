import { resolve } from 'node:path'
import { SingleBar } from 'cli-progress'
import { readSettings } from '../config.ts'
import { isBegun } from '../register/fit.ts'
import { openOutsideIndex } from '../running/open-search.ts'
import { pathsIn } from '../running/paths.ts'
import { placeOf } from '../running/place.ts'
import { identityOf, searchChoice } from '../running/search-choice.ts'
import { rewritten, wasteful } from '../running/upkeep.ts'
import { SearchFollower } from '../search/follower.ts'
import { type Opened, onRegistry } from './open.ts'
import { note, said, say } from './output.ts'

const MB = 1024 ** 2

/** Makes a register in the data directory; one that is there is left as it is. */
export async function init(): Promise<number> {
  const { DATA_DIR } = readSettings(process.env)
  if (placeOf(DATA_DIR).holds === 'register' && isBegun(pathsIn(DATA_DIR).register))
    return said(`${resolve(DATA_DIR)} 中已有登记簿，未作改动。`)
  return onRegistry(async () => said(`已在 ${resolve(DATA_DIR)} 中新建登记簿。`), { anyClock: true })
}

/** Computes views and search anew from the register. */
export async function rebuild(): Promise<number> {
  const code = await onRegistry(
    async (opened) => {
      await opened.writer.rebuild()
      const { registry } = opened
      say(`已按登记簿（至序号 ${registry.position()}）重建视图和检索索引，共 ${registry.count()} 份档案。`)
      await rebuildOutside(opened)
      return 0
    },
    { search: 'thread', anyClock: true },
  )
  for (const { path, free } of wasteful(readSettings(process.env).DATA_DIR)) {
    const space = `${path} 中有 ${Math.round(free / MB)} MB 空闲`
    say(
      rewritten(path)
        ? `${space}，已腾还磁盘。`
        : `${space}，服务正在使用，未能腾还；请停下服务后再执行一次。`,
    )
  }
  return code
}

/** Indexes everything anew on Meilisearch, where it is set; the old index answers until the new one is whole. */
async function rebuildOutside({ views, registry, register }: Opened): Promise<void> {
  const { outside } = searchChoice(readSettings(process.env), await identityOf(register))
  if (!outside) return
  let refused = 0
  const onRefused = (id: string, reason: string) => {
    refused += 1
    note(`Meilisearch 拒收 ${id}：${reason}`)
  }
  const index = openOutsideIndex(outside, onRefused)
  const bar = new SingleBar({ format: 'Meilisearch {bar} {value}/{total}', hideCursor: true })
  bar.start(registry.position(), 0)
  await new SearchFollower(views, index).rebuild((position) => bar.update(position))
  bar.update(registry.position())
  bar.stop()
  say(`已在 Meilisearch 上重建索引${refused > 0 ? `，${refused} 份被拒收` : ''}。`)
}

/** Appends what the day brings, as the server does by itself. */
export function daily(): Promise<number> {
  return onRegistry(async ({ registry }) => said(`到期处理：登记 ${await registry.runDaily()} 条。`))
}
