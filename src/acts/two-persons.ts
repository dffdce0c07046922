import { type Body, highestOf, isSame } from '../authority/authorities.ts'
import { caseOn } from '../blacklist/basis.ts'
import { caseMadeBy, isOpen } from '../dossier/case.ts'
import { ownerAfter, type Situation } from '../dossier/commands.ts'
import type { Dossier, FileRecord } from '../dossier/dossier.ts'
import { type FilePayload, factOf } from '../dossier/entries.ts'
import { recordWith } from '../dossier/per-record.ts'
import { enterprise } from '../records/catalogue.ts'
import type { InspectionData } from '../records/inspection.ts'
import type { Column, RecordData, RecordKind } from '../records/kind.ts'
import { openness } from '../records/sight.ts'
import { patched } from '../records/validate.ts'
import type { Draft } from '../register/entry.ts'

/**
 * Why entries that somebody would append to a file take a second person, in words: they end, hide or take away what others
 * rely on, change what anyone reads in it, or speak in another authority's name. Undefined where one person is enough.
 * One judgement of what the entries say, so that it is the same whatever way they come in: a form, a request, a table, an
 * import that is taken back.
 */
export function whyTwoPersons(dossier: Dossier, drafts: readonly Draft[], at: Situation): string | undefined {
  for (const draft of drafts) {
    const why = whyDraft(dossier, draft, at)
    if (why !== undefined) return why
  }
  return undefined
}

function whyDraft(dossier: Dossier, draft: Draft, at: Situation): string | undefined {
  const fact = factOf(draft)
  switch (fact?.kind) {
    case 'record.added':
      return (
        inAnothersName(fact.payload, makersSaid(fact.payload.type, fact.payload.data, at), at) ??
        announced(fact.payload.data, at) ??
        enteredAsVoid(fact.payload, at)
      )
    case 'record.updated':
    case 'record.corrected': {
      const record = recordWith(dossier.records, fact.payload.id)
      return (
        inAnothersName(fact.payload, makersSaid(record?.type, fact.payload.changes, at), at) ??
        announced(fact.payload.changes, at) ??
        (record && changeOfRecord(dossier, record, fact.payload.changes, at))
      )
    }
    case 'record.withdrawn': {
      const record = recordWith(dossier.records, fact.payload.id)
      return record && reliedOn(dossier, record, at)
    }
    case 'enterprise.changed':
    case 'enterprise.corrected':
      return changeOfEnterprise(dossier, fact.payload.changes, at)
    case 'enterprise.withdrawn':
      return '撤回档案使其全部内容不再显示'
    case 'rating.revoked':
      return '撤销评定改变公开的等级'
    case 'listing.removed':
      return '撤销列入使企业移出名单'
    case 'listing.repairRevoked':
      return '撤销信用修复使企业回到名单'
    case 'publication.endRevoked':
      return '撤销提前停止公示使该处罚恢复公示'
    default:
      return undefined
  }
}

/**
 * Why a record that is entered, or is said to be another authority's, waits for that one: who it names says whether it is
 * theirs. Undefined where it is the actor's own, or of one below.
 */
function inAnothersName(
  { owner }: { owner?: string | undefined },
  makers: readonly Body[],
  at: Situation,
): string | undefined {
  const { body, authority } = at.actor
  const own = at.authorities.bodyOf({ owner, authority })
  if (owner === undefined || isSame(own, body) || at.authorities.isAbove(body, own)) return undefined
  const others = makers.filter((maker) => !isSame(maker, body))
  const asked = highestOf(others).map(({ name }) => name)
  return others.length > 1
    ? `以${others.map(({ name }) => name).join('、')}的名义登记，须由${asked.join('或者')}，或者其上级确认`
    : `以${own.name}的名义登记，须由${own.name}或者其上级确认`
}

/**
 * Why somebody below the province who says that a failing was announced (公告) waits for the province: it alone announces
 * what was not put right in time (产品质量法 art. 17).
 */
function announced(data: RecordData, { actor }: Situation): string | undefined {
  return isOfProvince(data) && actor.body.level !== 'province'
    ? '逾期不改正由省级以上市场监督管理部门公告（产品质量法第十七条），须由省级机关确认'
    : undefined
}

/** Whether data of a record says what is the province's to do, so that somebody of it confirms what others enter. */
export function isOfProvince(data: RecordData): boolean {
  const announcedOn: keyof InspectionData = 'overdueNoticedOn'
  return typeof data[announcedOn] === 'string'
}

/** The authorities that a record says made it, those of them that are known: each once, the highest first. */
export function makersSaid(
  type: string | undefined,
  data: RecordData,
  { catalogue, authorities }: Pick<Situation, 'catalogue' | 'authorities'>,
): Body[] {
  const named = type === undefined ? undefined : catalogue.kind(type)?.madeBy(data)
  return distinct(
    (named === undefined ? [] : authorities.makersNamed(named)).map((one) => authorities.bodyFor(one)),
  )
}

/**
 * The authorities whose a record becomes by a change of its data, and of whom one so has to confirm it; none where it stays
 * whose it is.
 */
export function newOwners(
  { type, made }: Pick<FileRecord, 'type' | 'made'>,
  changes: RecordData,
  at: Situation,
): Body[][] {
  const named = at.catalogue.kind(type)?.madeBy(changes)
  const owner = named === undefined ? undefined : ownerAfter({ made, named }, at)
  return owner ? [makersSaid(type, changes, at)] : []
}

/** A record that stands for nothing from the first: the outcome of a review or a re-test is never entered along with it by one. */
function enteredAsVoid({ type, data }: FilePayload<'record.added'>, at: Situation): string | undefined {
  const publication = at.catalogue.kind(type)?.publication(data)
  return publication?.public === false && publication.over ? '登记时即写明其被撤销或者不再有效' : undefined
}

/**
 * Why others rely on a record, in words: it is or was public, or a case or a rating in force rests on it; undefined where
 * nobody does.
 */
export function reliedOn(
  dossier: Dossier,
  { id, type, data, withdrawn }: FileRecord,
  at: Pick<Situation, 'catalogue' | 'today'>,
): string | undefined {
  if (withdrawn) return undefined
  const publication = at.catalogue.kind(type)?.publication(data)
  if (publication?.public && publication.from <= at.today) return '该记录已经公示'
  if (caseOn(dossier, id)) return '该记录是列入案件的依据'
  const isRated = dossier.ratings.some(
    ({ items, limits, revoked }) =>
      !revoked && [...items, ...limits].some(({ records }) => records.includes(id)),
  )
  return isRated ? '该记录是等级评定的依据' : undefined
}

function changeOfRecord(
  dossier: Dossier,
  record: FileRecord,
  changes: RecordData,
  at: Situation,
): string | undefined {
  const kind = at.catalogue.kind(record.type)
  // What comes later by its nature may still end at once what anyone reads: a failing that was put right long ago.
  const isShown = (data: RecordData) => kind && openness(kind, data, at.today)?.isPublic
  if (isShown(record.data) && !isShown(patched(record.data, changes))) return '改动后公示随即结束'
  const weighty = kind ? changedIn(kind, record.data, changes).filter(({ later, was }) => was || !later) : []
  const relied = weighty.length > 0 ? reliedOn(dossier, record, at) : undefined
  return relied && `${relied}，改动了${labelsOf(weighty)}`
}

function changeOfEnterprise(dossier: Dossier, changes: RecordData, at: Situation): string | undefined {
  const { cases, enterprise: now } = dossier
  const changed = changedIn(enterprise, now, changes)
  const dropped = changed.flatMap(({ label, adverse, was }) => {
    const term = adverse?.find((known) => known === was)
    return term === undefined ? [] : [`${label}“${term}”`]
  })
  if (dropped.length > 0) return `撤下了不利的登记：${dropped.join('、')}`
  if (
    'status' in changes &&
    now.status === '注销' &&
    cases.some(({ removed }) => removed?.cause === 'dissolved')
  )
    return '企业的列入因注销而终结，改动企业状态使其恢复'
  const isAtStake = cases.some(isOpen)
  if (isAtStake && changed.length > 0)
    return dissolves(now, changes)
      ? '企业有列入案件，登记注销后案件随之终结，由列入机关或者其上级确认'
      : `企业有列入案件，改动了${labelsOf(changed)}`
  const known = changed.filter(
    ({ isKnownBy, field }) => isKnownBy || (field === 'status' && dissolves(now, changes)),
  )
  return known.length > 0 && tellsAdverse(dossier, at)
    ? `企业有公示的（或者即将公示的）不利记录，改动了公众据以认识它的${labelsOf(known)}`
    : undefined
}

/** Whether anyone reads something adverse of a firm in its file, or will when its publication begins. */
function tellsAdverse({ records, enterprise: now }: Dossier, { catalogue, today }: Situation): boolean {
  const isTold = ({ type, data, withdrawn }: FileRecord) => {
    const kind = withdrawn ? undefined : catalogue.kind(type)
    return kind?.isAdverse(data) && openness(kind, data, today) !== undefined
  }
  return (
    records.some(isTold) ||
    enterprise.columns.some(({ field, adverse }) => adverse?.some((term) => term === now[field]))
  )
}

/** Whether a change of the firm says that it exists no longer: its cases end then, as such an enterprise is on no list. */
function dissolves(before: RecordData, changes: RecordData): boolean {
  return 'status' in changes && enterprise.partsOf(patched(before, changes)).status === '注销'
}

/**
 * Whose cases a change of the firm ends, each authority once: the end of a case belongs to who made it (谁列入、谁移出), so
 * they confirm it or somebody above them, wherever the firm is.
 */
export function ownersOfEnded(
  { cases, enterprise: now }: Dossier,
  changes: RecordData,
  at: Pick<Situation, 'authorities'>,
): Body[] {
  const owners = dissolves(now, changes)
    ? cases.filter(isOpen).map((own) => at.authorities.bodyOf(caseMadeBy(own)))
    : []
  return distinct(owners)
}

function distinct(all: readonly Body[]): Body[] {
  return all.filter((own, n) => all.findIndex((other) => isSame(other, own)) === n)
}

/** What anyone may read that changes would make otherwise, with what stood before. */
function changedIn({ columns }: RecordKind, before: RecordData, changes: RecordData) {
  return columns.flatMap((column): (Column & { was: unknown })[] => {
    const { field, internal } = column
    if (internal || !(field in changes)) return []
    const [was, is] = [before[field], changes[field] ?? undefined]
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ ...column, was }]
  })
}

function labelsOf(columns: readonly Column[]): string {
  return columns.map(({ label }) => label).join('、')
}
