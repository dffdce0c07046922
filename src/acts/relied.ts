import { caseOn } from '../blacklist/basis.ts'
import type { Situation } from '../dossier/commands.ts'
import type { Dossier, FileRecord } from '../dossier/dossier.ts'
import type { RecordData } from '../records/kind.ts'

/** Why others rely on a record, in words: it is or was public, or a case or a rating in force rests on it; undefined where nobody does. */
export function reliedOn(
  dossier: Dossier,
  { id, type, data }: FileRecord,
  at: Situation,
): string | undefined {
  const publication = at.catalogue.kind(type)?.publication(data)
  if (publication?.public && publication.from <= at.today) return '该记录已经公示'
  if (caseOn(dossier, id)) return '该记录是列入案件的依据'
  const isRated = dossier.ratings.some(
    ({ items, limits, revoked }) =>
      !revoked && [...items, ...limits].some(({ records }) => records.includes(id)),
  )
  return isRated ? '该记录是等级评定的依据' : undefined
}

/** Why changes to a record take a second person, in words: others rely on it, and what it weighs by is `changed`; else undefined. */
export function whyChangeTakesTwo(
  changed: '更正了' | '改动了' | '导入改动了',
  { dossier, record }: { dossier: Dossier; record: FileRecord },
  changes: RecordData,
  at: Situation,
): string | undefined {
  const weighty = weightyChanges(record.type, record.data, changes, at)
  const relied = weighty.length > 0 ? reliedOn(dossier, record, at) : undefined
  return relied && `${relied}，${changed}${weighty.join('、')}`
}

/**
 * Which of some changes take a second person where others rely on the record, in words: what the public judges by
 * is changed, or an outcome is entered that takes something away.
 */
function weightyChanges(type: string, before: RecordData, changes: RecordData, at: Situation): string[] {
  const columns = at.catalogue.kind(type)?.columns ?? []
  return columns
    .filter(({ field, weight }) => {
      if (weight === undefined || !(field in changes)) return false
      const [was, is] = [before[field], changes[field] ?? undefined]
      if (JSON.stringify(was) === JSON.stringify(is)) return false
      return weight === 'outcome' || was !== undefined
    })
    .map(({ label }) => label)
}
