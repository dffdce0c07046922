import { type Certainty, type CheckedEnterprise, type CheckedRow, certainties } from './check.ts'

/** How sure a match is, in words. */
export const certaintyWords: Readonly<Record<Certainty, string>> = {
  certain: '确定',
  conflict: '相互矛盾',
  likely: '很可能',
  unsure: '不确定',
  none: '没有找到',
  fault: '无法核验',
}

/**
 * What rows of a check can be shown by: how sure they are; those certain to be on the blacklist, and those of which an
 * enterprise that may be meant, or the one it is a branch of, is on it; those that changed since an earlier check.
 */
export const rowChoices = ['all', 'listed', 'maybeListed', 'changed', ...certainties] as const
export type RowsOf = (typeof rowChoices)[number]

export type Counts = Readonly<Record<Exclude<RowsOf, 'all'>, number>>

/** A row with what an earlier check had said of it, where that was another thing. */
export interface ComparedRow extends CheckedRow {
  before?: { certainty: Certainty; verdict: string; grade?: string }
}

export function isOf(row: ComparedRow, of: RowsOf): boolean {
  if (of === 'all') return true
  if (of === 'listed') return row.certainty === 'certain' && row.enterprise?.listed !== undefined
  if (of === 'maybeListed') return !isOf(row, 'listed') && isAnyListed(row)
  return of === 'changed' ? row.before !== undefined : row.certainty === of
}

function isAnyListed({ enterprise, other, parent }: CheckedRow): boolean {
  return [enterprise, other, parent].some((one) => one?.listed !== undefined)
}

/** Whether an enterprise is on the list, in words. */
export function listingInWords({ listed }: CheckedEnterprise): string {
  if (!listed) return '未被列入质量失信黑名单'
  const end = listed.until === null ? '' : `，期限至 ${listed.until}`
  return `自 ${listed.from} 起被列入质量失信黑名单${end}`
}

/** What a row comes to, in words that promise no more than is known. */
export function verdictOf({ certainty, enterprise, other, parent }: CheckedRow): string {
  if (!enterprise) return ''
  const own = listingInWords(enterprise)
  const parts =
    certainty === 'certain'
      ? [own]
      : certainty === 'conflict' && other
        ? [`如为${enterprise.name}：${own}`, `如为${other.name}：${listingInWords(other)}`]
        : [`如为该企业：${own}`]
  return [...parts, ...(parent ? [`所属企业${parent.name}：${listingInWords(parent)}`] : [])].join('；')
}

/** The grave ones first: who is on the list, who may be, what doesn't fit together, what wasn't found. */
const GRAVITY: readonly RowsOf[] = [
  'listed',
  'maybeListed',
  'conflict',
  'unsure',
  'likely',
  'none',
  'fault',
  'all',
]

export function byGravity<T extends ComparedRow>(rows: readonly T[]): T[] {
  const groups = GRAVITY.map((): T[] => [])
  for (const row of rows) groups[gravityOf(row)]?.push(row)
  return groups.flat()
}

/** How grave a row is: the graver, the less. */
export function gravityOf(row: ComparedRow): number {
  return GRAVITY.findIndex((of) => isOf(row, of))
}

/** What had been said of a row, where another thing is said now. */
export function changeOf(now: CheckedRow, then: CheckedRow): ComparedRow['before'] {
  const said = (row: CheckedRow) =>
    JSON.stringify([
      row.certainty,
      row.enterprise?.orgCode,
      verdictOf(row),
      row.enterprise?.grade,
      row.enterprise?.status,
    ])
  if (said(now) === said(then)) return undefined
  const grade = then.enterprise?.grade
  return { certainty: then.certainty, verdict: verdictOf(then), ...(grade !== undefined && { grade }) }
}
