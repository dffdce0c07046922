import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { SingleBar } from 'cli-progress'
import { runImport } from '../exchange/import.ts'
import { reportText } from '../exchange/report.ts'
import { BadTable } from '../exchange/table.ts'
import { catalogue, kindOf } from '../records/catalogue.ts'
import { newId } from '../register/entry.ts'
import { consequencesOf } from '../registry/consequences.ts'
import { openRegistry } from './open.ts'

interface Options {
  authority: string
  officer: string
  errors?: string
}

/** Imports a file with a progress bar; the rows that could not be taken go into a report beside it. */
export async function importFile(type: string, path: string, options: Options): Promise<number> {
  const kind = kindOf(catalogue, type)
  const types = ['enterprise', ...catalogue.kinds.map((known) => known.type)].join('、')
  if (!kind) return failed(`没有“${type}”这种记录；可用：${types}。`)
  if (!existsSync(path)) return failed(`没有这个文件：${path}`)
  const opened = await openRegistry({ search: 'thread' })
  const { writer, views, registry } = opened
  const report = options.errors ?? `${path}.errors.csv`
  await rm(report, { force: true })
  const bar = new SingleBar({
    format: '{bar} {percentage}% · {rows} 行',
    clearOnComplete: false,
    hideCursor: true,
  })
  bar.start(100, 0, { rows: 0 })
  let summary = ''
  let failures = 0
  try {
    await runImport({
      path,
      kind,
      actor: { authority: options.authority, officer: options.officer },
      command: `import/${newId()}`,
      writer,
      views,
      catalogue,
      now: registry.now,
      newId,
      consequences: (before, drafts) =>
        consequencesOf(before, drafts, { views, catalogue, now: registry.now }),
      async onProgress({ counts, read, headers, ignored, bad }) {
        if (bad.length > 0) await writeFile(report, reportText(headers, bad, failures === 0), { flag: 'a' })
        failures = counts.failed
        bar.update(read * 100, { rows: counts.rows })
        const { rows, opened, added, updated, unchanged, failed } = counts
        summary = `共 ${rows} 行：新建档案 ${opened}，新增记录 ${added}，更新 ${updated}，无变化 ${unchanged}，有误 ${failed}。`
        if (ignored.length > 0) summary += `\n未识别的栏（已略过）：${ignored.join('、')}。`
      },
    })
    await writer.catchUp()
    bar.stop()
    process.stdout.write(`${summary}\n`)
    if (failures > 0) process.stdout.write(`有误的行及原因：${report}；改正后可直接再次导入。\n`)
    return failures > 0 ? 1 : 0
  } catch (error) {
    bar.stop()
    if (error instanceof BadTable) return failed(error.message)
    throw error
  } finally {
    await opened.close()
  }
}

function failed(message: string): number {
  process.stderr.write(`${message}\n`)
  return 2
}
