import { resolve } from 'node:path'
import { SingleBar } from 'cli-progress'
import { readSettings } from '../config.ts'
import { openOutsideIndex } from '../running/open-search.ts'
import { placeOf } from '../running/place.ts'
import { identityOf, searchChoice } from '../running/search-choice.ts'
import { SearchFollower } from '../search/follower.ts'
import { type Opened, openRegistry } from './open.ts'

/** Makes a register in the data directory; one that is there is left as it is. */
export async function init(): Promise<number> {
  const { DATA_DIR } = readSettings(process.env)
  if (placeOf(DATA_DIR).holds === 'register') {
    process.stdout.write(`${resolve(DATA_DIR)} 中已有登记簿，未作改动。\n`)
    return 0
  }
  const opened = await openRegistry({ anyClock: true })
  await opened.close()
  process.stdout.write(`已在 ${resolve(DATA_DIR)} 中新建登记簿。\n`)
  return 0
}

/** Computes views and search anew from the register. */
export async function rebuild(): Promise<number> {
  const opened = await openRegistry({ search: 'thread', anyClock: true })
  try {
    await opened.writer.rebuild()
    process.stdout.write(
      `已按登记簿（至序号 ${opened.registry.position()}）重建视图和检索索引，共 ${opened.registry.count()} 份档案。\n`,
    )
    await rebuildOutside(opened)
    return 0
  } finally {
    await opened.close()
  }
}

/** Indexes everything anew on Meilisearch, where it is set; the old index answers until the new one is whole. */
async function rebuildOutside({ views, registry, register }: Opened): Promise<void> {
  const { outside } = searchChoice(readSettings(process.env), await identityOf(register))
  if (!outside) return
  let refused = 0
  const onRefused = (id: string, reason: string) => {
    refused += 1
    process.stderr.write(`Meilisearch 拒收 ${id}：${reason}\n`)
  }
  const index = openOutsideIndex(outside, onRefused)
  const bar = new SingleBar({ format: 'Meilisearch {bar} {value}/{total}', hideCursor: true })
  bar.start(registry.position(), 0)
  await new SearchFollower(views, index, registry.catalogue.sections).rebuild((position) =>
    bar.update(position),
  )
  bar.update(registry.position())
  bar.stop()
  process.stdout.write(`已在 Meilisearch 上重建索引${refused > 0 ? `，${refused} 份被拒收` : ''}。\n`)
}

/** Appends what the day brings, as the server does by itself. */
export async function daily(): Promise<number> {
  const opened = await openRegistry()
  try {
    process.stdout.write(`到期处理：登记 ${await opened.registry.runDaily()} 条。\n`)
    return 0
  } finally {
    await opened.close()
  }
}
