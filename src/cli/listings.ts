import { addDays, shanghaiDate } from '../calendar/dates.ts'
import { DEADLINE_WORDS } from '../dossier/deadline.ts'
import { blacklistTable } from '../exchange/blacklist-table.ts'
import { csvOf, xlsxOf } from '../exchange/export.ts'
import type { ListedEnterprise } from '../registry/listings.ts'
import type { Place } from '../registry/places.ts'
import { COMMAND_LINE } from './authorities.ts'
import { writeNamed } from './named-file.ts'
import { onRegistry } from './open.ts'
import { failed, listed, note, said } from './output.ts'

/** Writes the blacklist of today into a CSV or XLSX file. */
export async function exportBlacklist(path: string): Promise<number> {
  if (!/\.(csv|xlsx)$/iu.test(path)) return failed('文件名应以 .csv 或 .xlsx 结尾。')
  return onRegistry(async ({ registry: { listings, now } }) => {
    const rows: ListedEnterprise[] = []
    const on = shanghaiDate(now())
    for (let before: number | undefined; ; ) {
      const { items, next } = listings.list({ on }, before, 1000)
      for (const { json } of items) rows.push(JSON.parse(json))
      if (next === undefined) break
      before = next
    }
    const table = blacklistTable(rows)
    const content = /csv$/iu.test(path) ? csvOf(table) : await xlsxOf(table)
    await writeNamed(path, content)
    return said(`已写出 ${rows.length} 项：${path}`)
  })
}

/** Prints what is due within some days, and what is overdue. */
export async function listDeadlines({ within, json }: { within: string; json?: boolean }): Promise<number> {
  if (!/^\d{1,5}$/.test(within)) return failed('--within 之后应为天数，即不小于 0 的整数，如 30。')
  return onRegistry(async ({ registry: { listings, now } }) => {
    const dueBy = addDays(shanghaiDate(now()), Number(within))
    const found: ReturnType<typeof listings.deadlines>['items'] = []
    for (let after: Place | undefined; ; ) {
      const { items, next, warnings } = listings.deadlines(COMMAND_LINE, { dueBy, late: false }, after, 1000)
      if (!after) for (const warning of warnings) note(`注意：${warning}`)
      found.push(...items)
      if (next === null) break
      after = next
    }
    return listed(found, {
      json,
      none: `${within} 天之内没有到期的事项，也没有逾期的。`,
      line: ({ dueOn, overdue, name, orgCode, what, consequence, certain }) =>
        `${dueOn}${certain ? '' : '（估计）'} ${overdue ? '逾期' : '待办'} ${DEADLINE_WORDS[what]} ${name}（${orgCode}）：${consequence}`,
    })
  })
}
