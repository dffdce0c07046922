import { shanghaiDate } from '../calendar/dates.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { basisOf } from './case.ts'
import { titleOf } from './differences.ts'
import type { Dossier } from './dossier.ts'
import { recordWith } from './per-record.ts'

/**
 * What a part of a file is called among its kind: a record by kind, title and day, a case by the document numbers of the
 * penalties that it rests on, an objection or a rating by its day. Undefined for what the file does not hold.
 */
export function partNamed(dossier: Dossier, id: string, catalogue: Catalogue): string | undefined {
  const record = recordWith(dossier.records, id)
  if (record) {
    const kind = catalogue.kind(record.type)
    return kind ? `${kind.label} ${titleOf(kind, record.data)}`.trim() : record.type
  }
  const own = dossier.cases.find((known) => known.id === id)
  if (own) {
    const numbers = basisOf(own).flatMap((penalty) => {
      const basis = recordWith(dossier.records, penalty)
      const kind = basis && catalogue.kind(basis.type)
      const title = kind && basis.data[kind.titledBy]
      return typeof title === 'string' ? [title] : []
    })
    return `列入案件（${[...numbers, `${shanghaiDate(new Date(own.proposed.at))} 提出`].join('，')}）`
  }
  const objection = dossier.objections.find((known) => known.id === id)
  if (objection) {
    const about = partNamed(dossier, objection.about.id, catalogue)
    return `${objection.on} 对${about === undefined ? '已撤回的内容' : `“${about}”`}的异议`
  }
  const rating = dossier.ratings.find((known) => known.id === id)
  if (rating) return `${rating.on} 评定的等级 ${rating.grade ?? '未评定'}`
  const query = dossier.queries?.find((known) => known.id === id)
  return query && `对“${partNamed(dossier, query.record, catalogue) ?? '已撤回的记录'}”的疑义`
}
