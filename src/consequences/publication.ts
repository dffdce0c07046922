import { SYSTEM } from '../authority/authority.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import type { Dossier, FileRecord } from '../dossier/dossier.ts'
import { isPublicOn } from '../dossier/face.ts'
import { recordWith } from '../dossier/per-record.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { penalty } from '../records/penalty.ts'
import type { Draft } from '../register/entry.ts'

const AUTHOR = { authority: SYSTEM, officer: '撤回公示' }

/**
 * Publications of penalties that what has just happened takes back before their time, each with the reason that the
 * public is told: Order 45 art. 11 (撤回行政处罚公示信息并说明理由), 行政处罚法 art. 48.
 */
export function retractions(
  before: Dossier | undefined,
  after: Dossier,
  on: CalendarDate,
  catalogue: Catalogue,
): Draft[] {
  if (!before) return []
  const changed = after.records.filter(
    (record, i) => record !== before.records[i] && record.type === penalty.type,
  )
  return changed.flatMap((record): Draft[] => {
    const was = recordWith(before.records, record.id)
    if (!was || !isPublicOn(was, on, catalogue)) return []
    const reason = reasonOf(record)
    if (reason === undefined || isPublicOn(record, on, catalogue)) return []
    const payload = { id: record.id, on, reason }
    return [
      { subject: after.key, kind: 'record.unpublished', payload, visibility: 'platform', author: AUTHOR },
    ]
  })
}

/** Why, in words that do not repeat what is taken back; undefined where its time has simply come. */
function reasonOf(record: FileRecord): string | undefined {
  if (record.withdrawn) return '公示的信息有误'
  switch (penalty.of(record)?.data.reviewOutcome) {
    case '变更':
      return '行政处罚决定被依法变更'
    case '撤销':
      return '行政处罚决定被依法撤销'
    case '确认违法':
      return '行政处罚决定被依法确认违法'
    case '确认无效':
      return '行政处罚决定被依法确认无效'
    default:
      return undefined
  }
}
