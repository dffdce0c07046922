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

/** What is told of an enterprise beside the list, of which a later check may tell another thing. */
const TOLD = [
  ['name', '名称'],
  ['region', '所在地'],
  ['status', '经营状态'],
  ['grade', '质量信用等级'],
  ['class', '分类监管类别'],
  ['ground', '列入情形'],
] as const
type Told = { [field in (typeof TOLD)[number][0]]?: string | undefined }

/** What an earlier check had said of a row. */
export interface Before extends Told {
  certainty: Certainty
  verdict: string
}

/** A row with what an earlier check had said of it, where that was another thing. */
export interface ComparedRow extends CheckedRow {
  before?: Before
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
  const ofParent = parent ? [`所属企业${parent.name}：${listingInWords(parent)}`] : []
  if (!enterprise) return ofParent.join()
  const own = listingInWords(enterprise)
  const parts =
    certainty === 'certain'
      ? [own]
      : certainty === 'conflict' && other
        ? [`如为${enterprise.name}：${own}`, `如为${other.name}：${listingInWords(other)}`]
        : [`如为该企业：${own}`]
  return [...parts, ...ofParent].join('；')
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
export function changeOf(now: CheckedRow, then: CheckedRow): Before | undefined {
  // Another listing is another thing, be it of the same days.
  const said = (row: CheckedRow) =>
    JSON.stringify([beforeOf(row), row.enterprise?.orgCode, row.enterprise?.listed?.id])
  return said(now) === said(then) ? undefined : beforeOf(then)
}

function beforeOf(row: CheckedRow): Before {
  const told = toldOf(row)
  const parts = TOLD.flatMap(([field]) => (told[field] === undefined ? [] : [[field, told[field]]]))
  return { certainty: row.certainty, verdict: verdictOf(row), ...Object.fromEntries(parts) }
}

function toldOf({ enterprise }: CheckedRow): Told {
  if (!enterprise) return {}
  const { name, region, status, grade, class: own, listed } = enterprise
  return { name, region, status, grade, class: own, ground: listed?.ground }
}

/** What an earlier check had said of a row, in words: how sure it was, its verdict, and whatever else has changed since. */
export function beforeInWords(row: ComparedRow): string {
  const { before } = row
  if (!before) return ''
  const now = toldOf(row)
  const others = TOLD.flatMap(([field, label]) =>
    now[field] === before[field] ? [] : [`${label}：${before[field] ?? '无'}`],
  )
  return [certaintyWords[before.certainty], before.verdict, ...others]
    .filter((part) => part !== '')
    .join('，')
}
