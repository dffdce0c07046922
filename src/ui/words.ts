import { removalWords } from '../blacklist/words.ts'
import type { RecordKind } from '../records/kind.ts'
import type { SearchOrder } from '../search/order.ts'
import type { Say, Words } from './frame.tsx'

/** English names of what stands in a file, by type; the Chinese ones are the definitions' own. */
const SECTIONS: Readonly<Record<string, string>> = {
  enterprise: 'Basic information',
  licence: 'Licences and certificates',
  inspection: 'Inspections and tests',
  interview: 'Interviews of the person responsible',
  penalty: 'Violations and penalties',
  award: 'Awards',
}

/** Name of a section of the file. */
export function sectionName({ type, label }: Pick<RecordKind, 'type' | 'label'>, say: Say): string {
  return say(label, SECTIONS[type] ?? label)
}

const CAUSES: Readonly<Record<string, Words>> = {
  expired: [removalWords.expired, 'period ended'],
  repaired: [removalWords.repaired, 'credit repaired'],
  revoked: [removalWords.revoked, 'listing revoked'],
  annulled: [removalWords.annulled, 'penalty annulled'],
  dissolved: [removalWords.dissolved, 'enterprise dissolved'],
}

/** How many listings ended, by cause; whose they were is not told any more. */
export function removalsInWords(removed: Readonly<Record<string, number>>, say: Say): string {
  const parts = Object.entries(removed)
  if (parts.length === 0) return say('无', 'none')
  return parts
    .map(([cause, count]) => {
      const words = CAUSES[cause]
      return say(`${words?.[0] ?? cause} ${count} 家`, `${words?.[1] ?? cause}: ${count}`)
    })
    .join(say('，', ', '))
}

/** Names of the orders of results. */
export const ORDER_WORDS: Readonly<Record<'' | SearchOrder, Words>> = {
  '': ['相关度', 'relevance'],
  grade: ['等级', 'grade'],
  region: ['地区', 'region'],
  newest: ['成立日期（近到远）', 'newest first'],
  oldest: ['成立日期（远到近）', 'oldest first'],
}

/** What an event of a file's history was. */
export const EVENT_WORDS: Readonly<Record<string, Words>> = {
  'enterprise.opened': ['建立档案', 'file opened'],
  'enterprise.changed': ['变更基本信息', 'basic information changed'],
  'enterprise.corrected': ['更正基本信息', 'basic information corrected'],
  'record.added': ['登记', 'recorded'],
  'record.updated': ['更新', 'updated'],
  'record.corrected': ['更正', 'corrected'],
  'record.withdrawn': ['撤回', 'withdrawn'],
  'record.published': ['开始公示', 'published'],
  'record.unpublished': ['停止公示', 'publication ended'],
  'record.expired': ['有效期届满', 'expired'],
  'rating.issued': ['评定等级', 'rating issued'],
  'rating.revoked': ['撤销等级', 'rating revoked'],
  'listing.published': ['列入质量失信黑名单', 'put on the blacklist'],
  'listing.removed': ['移出质量失信黑名单', 'removed from the blacklist'],
}
