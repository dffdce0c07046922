import { SingleBar } from 'cli-progress'
import { readSettings } from '../config.ts'
import { searchChoice } from '../running/open-search.ts'
import { SearchFollower } from '../search/follower.ts'
import { openMeilisearch } from '../search/meilisearch.ts'
import { openViews } from '../views/schema.ts'
import { verify } from '../views/verify.ts'
import { type Opened, openRegistry } from './open.ts'

/** Computes views and search anew from the register. */
export async function rebuild(): Promise<number> {
  const opened = await openRegistry('thread')
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
async function rebuildOutside({ views, registry }: Opened): Promise<void> {
  const { outside } = searchChoice(readSettings(process.env))
  if (!outside) return
  let refused = 0
  const onRefused = (id: string, reason: string) => {
    refused += 1
    process.stderr.write(`Meilisearch 拒收 ${id}：${reason}\n`)
  }
  const engine = openMeilisearch({ ...outside, onRefused })
  const sections = new Map(registry.catalogue.kinds.map(({ section, type }) => [section, type]))
  const bar = new SingleBar({ format: 'Meilisearch {bar} {value}/{total}', hideCursor: true })
  bar.start(registry.position(), 0)
  await new SearchFollower(views, engine, sections).rebuild((position) => bar.update(position))
  bar.update(registry.position())
  bar.stop()
  process.stdout.write(`已在 Meilisearch 上重建索引${refused > 0 ? `，${refused} 份被拒收` : ''}。\n`)
}

/** Checks the register and the views; exit code 1 when something is wrong. */
export async function verifyAll(): Promise<number> {
  const opened = await openRegistry()
  const views = openViews(opened.paths.views, 'read')
  const bar = new SingleBar({ format: '{bar} {value}/{total}', hideCursor: true })
  bar.start(0, 0)
  try {
    const { entries, files, faults } = await verify(
      opened.register,
      views,
      opened.registry.catalogue,
      (done, head) => {
        bar.setTotal(head)
        bar.update(done)
      },
    )
    bar.stop()
    process.stdout.write(`核对了 ${entries} 个条目、${files} 份档案和密钥：`)
    process.stdout.write(
      faults.length === 0
        ? '摘要、版次、视图全部相符。\n'
        : `发现 ${faults.length} 处不符：\n${faults.join('\n')}\n`,
    )
    return faults.length === 0 ? 0 : 1
  } finally {
    bar.stop()
    views.close()
    await opened.close()
  }
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
