import { writeFile } from 'node:fs/promises'
import { addDays, shanghaiDate } from '../calendar/dates.ts'
import { DEADLINE_WORDS } from '../dossier/deadline.ts'
import { blacklistTable } from '../exchange/blacklist-table.ts'
import { csvOf, xlsxOf } from '../exchange/export.ts'
import type { ListedEnterprise } from '../registry/listings.ts'
import { openRegistry } from './open.ts'
import { failed } from './words.ts'

/** Writes the blacklist of today into a CSV or XLSX file. */
export async function exportBlacklist(path: string): Promise<number> {
  if (!/\.(csv|xlsx)$/iu.test(path)) return failed('文件名应以 .csv 或 .xlsx 结尾。')
  const opened = await openRegistry()
  try {
    const { listings } = opened.registry
    const rows: ListedEnterprise[] = []
    const on = shanghaiDate(opened.registry.now())
    for (let before: number | undefined; ; ) {
      const { items, next } = listings.list({ on }, before, 1000)
      for (const { json } of items) rows.push(JSON.parse(json))
      if (next === undefined) break
      before = next
    }
    const table = blacklistTable(rows)
    await writeFile(path, /csv$/iu.test(path) ? csvOf(table) : await xlsxOf(table))
    process.stdout.write(`已写出 ${rows.length} 项：${path}\n`)
    return 0
  } finally {
    await opened.close()
  }
}

/** Prints what is due within some days, and what is overdue. */
export async function listDeadlines({
  within: days,
  json = false,
}: {
  within: string
  json?: boolean
}): Promise<number> {
  const within = Number(days)
  if (!/^\d{1,5}$/.test(days)) return failed('--within 之后应为天数，即不小于 0 的整数，如 30。')
  const opened = await openRegistry()
  try {
    const { listings, now } = opened.registry
    const dueBy = addDays(shanghaiDate(now()), within)
    const found: unknown[] = []
    for (let after = 0; ; ) {
      const { items, next, warnings } = listings.deadlines({ dueBy, late: false }, after, 1000)
      if (after === 0) for (const warning of warnings) process.stderr.write(`注意：${warning}\n`)
      found.push(...items)
      if (!json)
        for (const { dueOn, overdue, name, orgCode, what, consequence, certain } of items)
          process.stdout.write(
            `${dueOn}${certain ? '' : '（估计）'} ${overdue ? '逾期' : '待办'} ${DEADLINE_WORDS[what]} ${name}（${orgCode}）：${consequence}\n`,
          )
      if (next === null) {
        if (json) process.stdout.write(`${JSON.stringify(found)}\n`)
        return 0
      }
      after = next
    }
  } finally {
    await opened.close()
  }
}
