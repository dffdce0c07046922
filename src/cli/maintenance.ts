import { SingleBar } from 'cli-progress'
import { openViews } from '../views/schema.ts'
import { verify } from '../views/verify.ts'
import { openRegistry } from './open.ts'

/** Computes views and search anew from the register. */
export async function rebuild(): Promise<number> {
  const opened = await openRegistry('thread')
  try {
    await opened.writer.rebuild()
    process.stdout.write(
      `已按登记簿（至序号 ${opened.registry.position()}）重建视图和检索索引，共 ${opened.registry.count()} 份档案。\n`,
    )
    return 0
  } finally {
    await opened.close()
  }
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
