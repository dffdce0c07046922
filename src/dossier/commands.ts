import { type Actor, type Who, type Whose, whoseHindrance } from '../authority/acting.ts'
import { type Body, covers, isSame, type Made, placeInWords } from '../authority/authorities.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import { mayBeSame } from '../calendar/partial-date.ts'
import { readCodes } from '../codes/enterprise-code.ts'
import { placeOfCode, readPlace } from '../codes/places.ts'
import { organisationCodeWithin, parseUnifiedCode, regionWithin } from '../codes/unified-code.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../records/catalogue.ts'
import { lines } from '../records/fields.ts'
import type { FieldFault, RecordData, RecordKind } from '../records/kind.ts'
import { penalty } from '../records/penalty.ts'
import { personalDataIn, publicTextsOf } from '../records/public-texts.ts'
import { patchBetween, patched, validate } from '../records/validate.ts'
import type { Draft, Visibility } from '../register/entry.ts'
import { caseMadeBy, isOpen } from './case.ts'
import { titleOf } from './differences.ts'
import type { Dossier, FileRecord } from './dossier.ts'
import type { FileEntryKind, FilePayload } from './entries.ts'
import { warningsOf } from './face.ts'
import { perBlock, recordWith } from './per-record.ts'
import { type Fault, invalid, Refusal } from './refusal.ts'

/** Who acts, to tell two people apart. */
export function idOf(actor: Actor): string {
  if (actor.id === undefined) throw new Error('the actor of a formal act must be known')
  return actor.id
}

/** What a command is decided by: the files as they stand, the day, the kinds of record, who acts among whom. */
export interface Situation extends Who {
  file(key: string): Dossier | undefined
  today: CalendarDate
  catalogue: Catalogue
  newId(): string
  /** What the officer says of fields that look as if they held personal data: what it is instead, by field. */
  notPersonal?: Readonly<Record<string, string>> | undefined
}

/** What a command comes to: entries to append, and the revision that its file must still have. */
export interface Decision {
  key: string
  drafts: Draft[]
  expect: ReadonlyMap<string, number>
  recordId?: string
  /** What names a record that is not there yet, for whoever would enter the same one. */
  about?: string
}

/** Codes of an enterprise as they were typed. */
export interface TypedCodes {
  orgCode?: string | undefined
  uscc?: string | undefined
}

export interface Opening {
  codes: TypedCodes
  /** Basic information by the fields of `records/enterprise.ts`. */
  data: unknown
  /** Opens the file under its unified code because another enterprise has its organisation code. */
  underUnifiedCode?: boolean
  row?: string | undefined
}

interface ParsedCodes {
  uscc: string | undefined
  /** Organisation code, given or within the unified code. */
  orgCode: string
}

/** The two codes checked, alone and against each other; refuses naming the wrong character and its remedy. */
export function parseCodes(typed: TypedCodes): ParsedCodes {
  const read = readCodes(typed)
  if (!read.ok) throw invalid(`/${read.field}`, read.fault.code, read.fault.detail)
  return { uscc: read.uscc, orgCode: read.orgCode }
}

/** Opens a file for an enterprise that has none. Refuses with `exists` when its codes are in use, naming both. */
export function openFile(opening: Opening, at: Situation): Decision {
  const { uscc, orgCode } = parseCodes(opening.codes)
  const data = checked(enterpriseKind, withRegion(opening.data, uscc), at, '/enterprise')
  mayTouch('place', {}, data, at)
  const key = keyForOpening({ uscc, orgCode }, data, opening.underUnifiedCode ?? false, at)
  const opened: Decision = {
    key,
    drafts: [
      draft(at, key, 'enterprise.opened', 'public', {
        ...(uscc !== undefined && { uscc }),
        data,
        ...(opening.row !== undefined && { row: opening.row }),
      }),
    ],
    expect: new Map([[key, at.file(key)?.revision ?? 0]]),
  }
  return impersonal(opened, at)
}

function keyForOpening(
  { uscc, orgCode }: ParsedCodes,
  data: RecordData,
  underUnifiedCode: boolean,
  at: Situation,
): string {
  const own = uscc === undefined ? undefined : standing(at.file(uscc))
  const other = standing(at.file(orgCode))
  if (own || (other && (uscc === undefined || other.uscc === undefined || other.uscc === uscc))) {
    const known = own ?? other
    throw new Refusal(
      'exists',
      `该企业已建有质量信用档案：${known?.enterprise.name}（${known?.key}）。请打开已有档案补充或变更信息。`,
      [{ pointer: '/uscc', code: 'exists', detail: `已有档案 ${known?.key}。` }],
      { orgCode: known?.key, name: known?.enterprise.name },
    )
  }
  if (underUnifiedCode) {
    if (uscc === undefined)
      throw invalid('/uscc', 'required', '以统一社会信用代码建档时必须填写统一社会信用代码。')
    if (other) return uscc
    throw invalid(
      '/openUnder',
      'not-needed',
      `组织机构代码 ${orgCode} 没有被其他企业使用，请去掉 openUnder，按组织机构代码建档。`,
    )
  }
  if (!other) return orgCode
  throw new Refusal(
    'exists',
    `组织机构代码 ${orgCode} 已由“${other.enterprise.name}”（${other.uscc}）使用，与“${data.name}”（${uscc}）冲突。核对证照后，如确为两家企业，请以 "openUnder": "uscc" 用 18 位代码建档。`,
    [
      {
        pointer: '/uscc',
        code: 'organisation-code-in-use',
        detail: `与档案 ${other.key} 的组织机构代码相同。`,
      },
    ],
    {
      organisationCode: orgCode,
      enterprises: [
        { orgCode: other.key, uscc: other.uscc, name: other.enterprise.name },
        { uscc, name: data.name },
      ],
    },
  )
}

/** Records that the enterprise changed. `changes` is a merge patch over the basic information and `uscc`. */
export function changeEnterprise(
  dossier: Dossier,
  changes: RecordData,
  at: Situation,
  reason?: string,
): Decision {
  return impersonal(explained(decideChange(dossier, changes, at), reason, at), at)
}

/** The same for an imported row: takes what the row says over what stands. */
export function importEnterprise(
  dossier: Dossier,
  changes: RecordData,
  row: string,
  at: Situation,
): Decision {
  return decideChange(dossier, changes, at, row)
}

function decideChange(
  dossier: Dossier,
  { uscc: typedCode, ...changes }: RecordData,
  at: Situation,
  row?: string,
): Decision {
  mayTouch('place', {}, dossier.enterprise, at)
  const uscc = typedCode === undefined ? undefined : newUnifiedCode(dossier, typedCode)
  const patch = enterprisePatch(dossier, changes, at)
  if (!patch && uscc === undefined) return nothing(dossier)
  return one(
    dossier,
    draft(
      at,
      dossier.key,
      'enterprise.changed',
      visibilityOf(enterpriseKind, patch ?? {}, uscc !== undefined),
      {
        ...(uscc !== undefined && { uscc }),
        changes: patch ?? {},
        ...(row !== undefined && { row }),
      },
    ),
  )
}

/** What changes make of the enterprise's data, as a patch; undefined where they change nothing. */
function enterprisePatch(
  { enterprise }: Dossier,
  changes: RecordData,
  at: Situation,
): RecordData | undefined {
  const after = checked(enterpriseKind, patched(enterprise, changes), at, '/enterprise', enterprise)
  mayMove(enterprise, after, at)
  return patchBetween(enterprise, after)
}

function newUnifiedCode(dossier: Dossier, typedCode: unknown): string | undefined {
  const parsed = parseUnifiedCode(typeof typedCode === 'string' ? typedCode : '')
  if (!parsed.ok) throw invalid('/uscc', parsed.fault.code, `统一社会信用代码：${parsed.fault.detail}`)
  if (parsed.value === dossier.uscc) return undefined
  if (dossier.uscc !== undefined)
    throw invalid(
      '/uscc',
      'code-fixed',
      `该档案的统一社会信用代码为 ${dossier.uscc}，不能改为 ${parsed.value}；如属两家企业，请另行建档。`,
    )
  if (organisationCodeWithin(parsed.value) !== dossier.key)
    throw invalid(
      '/uscc',
      'codes-differ',
      `统一社会信用代码第 9-17 位（${organisationCodeWithin(parsed.value)}）与档案的组织机构代码 ${dossier.key} 不一致。`,
    )
  return parsed.value
}

/** Records that what stood about the enterprise was wrong, and why. */
export function correctEnterprise(
  dossier: Dossier,
  changes: RecordData,
  reason: string,
  at: Situation,
): Decision {
  mayTouch('place', {}, dossier.enterprise, at)
  const patch = enterprisePatch(dossier, changes, at)
  if (!patch) throw invalid('/enterprise', 'no-change', '更正后的内容与现有内容相同，无需更正。')
  const corrected = draft(at, dossier.key, 'enterprise.corrected', 'internal', {
    changes: patch,
    reason: checkedReason(reason),
  })
  return impersonal(one(dossier, corrected), at)
}

/** Takes back a file that was opened by mistake, with all that stands in it. */
export function withdrawEnterprise(dossier: Dossier, reason: string, at: Situation): Decision {
  mayTouch('place', {}, dossier.enterprise, at)
  return one(
    dossier,
    draft(at, dossier.key, 'enterprise.withdrawn', 'internal', { reason: checkedReason(reason) }),
  )
}

/** Adds a record, without what a procedure alone decides. Refuses with `exists`, naming the record, when the file has one of the same identity. */
export function addRecord(
  dossier: Dossier,
  type: string,
  input: unknown,
  at: Situation,
  row?: string,
): Decision {
  const why = addingHindrance(dossier, type, at)
  if (why !== undefined) throw new Refusal('forbidden', why)
  const kind = kindOf(type, at)
  const data = checked(kind, input, at, '/data')
  mustBePlain(kind, data)
  mustTellApart(dossier, kind, data)
  const same = sameRecord(dossier, kind, data)
  if (same)
    throw new Refusal(
      'exists',
      `该档案已有相同的${kind.label}记录“${titleOf(kind, same.data)}”；请更新或更正已有记录。${howToTellApart(kind, same)}`,
      [{ pointer: '/data', code: 'exists', detail: `已有记录 ${same.id}。` }],
      { orgCode: dossier.key, recordId: same.id },
    )
  mustFit(dossier, kind, data)
  const id = at.newId()
  return {
    ...impersonal(
      one(
        dossier,
        draft(at, dossier.key, 'record.added', visibilityOfRecord(kind, data), {
          id,
          type,
          data,
          ...(row !== undefined && { row }),
          ...ownerNamed(kind.madeBy(data), at),
        }),
      ),
      at,
    ),
    recordId: id,
    about: `${type}:${kind.identity(data)}`,
  }
}

/**
 * The record of a file that has the same identity as some data; withdrawn ones don't count, nor replaced ones. Of
 * several that older rules told apart, the one whose number is written alike.
 */
export function sameRecord(dossier: Dossier, kind: RecordKind, data: RecordData): FileRecord | undefined {
  const named = (identity: string | undefined) => {
    if (identity === undefined) return undefined
    const alike = alikeIn(dossier, kind, data, identity)
    const isWritten = (record: FileRecord, field: string) => record.data[field] === data[field]
    return (
      alike.find((record) =>
        ['documentNo', 'number', 'sampleNo', 'reportNo'].every((field) => isWritten(record, field)),
      ) ?? alike[0]
    )
  }
  const same = named(kind.identity(data)) ?? named(kind.unnumbered(data))
  if (same) return same
  const undated = kind.undated(data)
  if (undated === undefined) return undefined
  const [only, ...others] = namedIn(dossier.records, kind)
    .flatMap((block) => block.undated.get(undated) ?? [])
    .filter((record) => mayBeSame(kind.dateOf(data), kind.dateOf(record.data)))
  return others.length === 0 ? only : undefined
}

/** The records of an identity that data may be about. */
function alikeIn({ records }: Dossier, kind: RecordKind, data: RecordData, identity: string): FileRecord[] {
  return namedIn(records, kind)
    .flatMap(({ identities }) => identities.get(identity) ?? [])
    .filter((record) => !kind.replaces(data, record.data) && !kind.isApart(data, record.data))
}

/** What to do first where another thing of one identity is to stand beside a record that does not tell which it is. */
function howToTellApart({ toldApartBy: field, columns }: RecordKind, { data }: FileRecord): string {
  if (field === undefined || data[field] !== undefined) return ''
  const label = columns.find((column) => column.field === field)?.label ?? field
  return `是同一编号的另一${label}的，先在已有记录写明它的${label}，再登记。`
}

/** Refuses data that may be about one record of a file as well as about another (several units under one licence number). */
export function mustTellApart(dossier: Dossier, kind: RecordKind, data: RecordData): void {
  const field = kind.toldApartBy
  if (field === undefined) return
  const [first, ...others] = alikeIn(dossier, kind, data, kind.identity(data))
  if (!first || !others.some((other) => kind.isApart(first.data, other.data))) return
  const label = kind.columns.find((column) => column.field === field)?.label ?? field
  const known = [first, ...others].map((record) => `“${String(record.data[field])}”`).join('、')
  throw invalid(
    `/data/${field}`,
    'ambiguous',
    `${titleOf(kind, data)} 在档案中按${label}分为几条（${known}），不能确定指哪一条：请在“${label}”一栏写明，一次只写其中一条的；几条都有变动的，逐条填写。`,
  )
}

/** Records of a kind that stand, by what names them: a file may have thousands, and each that comes is looked for among them. */
const namedIn = perBlock((block, kind: RecordKind) => {
  const identities = new Map<string, FileRecord[]>()
  const undated = new Map<string, FileRecord[]>()
  const put = (map: Map<string, FileRecord[]>, name: string | undefined, record: FileRecord) => {
    if (name === undefined) return
    const known = map.get(name)
    if (known) known.push(record)
    else map.set(name, [record])
  }
  const rows = new Map<string, FileRecord[]>()
  for (const record of block) {
    if (record.type !== kind.type || record.withdrawn) continue
    for (const row of record.rows ?? []) put(rows, row, record)
    put(identities, kind.identity(record.data), record)
    put(undated, kind.undated(record.data), record)
  }
  return { identities, undated, rows }
})

/** The record of a kind that an import's row, by its digest, was taken into; withdrawn ones don't count. */
export function recordOfRow(dossier: Dossier, kind: RecordKind, row: string): FileRecord | undefined {
  return namedIn(dossier.records, kind).flatMap(({ rows }) => rows.get(row) ?? [])[0]
}

/** Records that the world changed: a licence was suspended, a fine was paid. */
export function updateRecord(
  dossier: Dossier,
  id: string,
  changes: RecordData,
  at: Situation,
  {
    row,
    reason,
    byProcedure = false,
  }: { row?: string | undefined; reason?: string | undefined; byProcedure?: boolean } = {},
): Decision {
  const { patch, kind, after, owner } = changedRecord(dossier, id, changes, at)
  if (!byProcedure) mustBePlain(kind, patch)
  if (!patch) return { ...nothing(dossier), recordId: id }
  const updated = one(
    dossier,
    draft(at, dossier.key, 'record.updated', visibilityOfRecord(kind, after, patch), {
      id,
      changes: patch,
      ...(row !== undefined && { row }),
      ...owner,
    }),
  )
  return { ...impersonal(explained(updated, reason, at), at), recordId: id }
}

/** Leaves an internal note on a file. */
export function addNote(dossier: Dossier, text: string, at: Situation): Decision {
  const parsed = noteText.safeParse(text)
  if (!parsed.success)
    throw invalid('/text', 'text', `备注：${parsed.error.issues[0]?.message ?? '请填写。'}`)
  mayTouch('place', {}, dossier.enterprise, at)
  return one(dossier, draft(at, dossier.key, 'note.added', 'internal', { id: at.newId(), text: parsed.data }))
}

/** Records that a warning of the file was looked into, and what came of it. */
export function settleWarning(dossier: Dossier, code: string, reason: string, at: Situation): Decision {
  mayTouch('place', {}, dossier.enterprise, at)
  if (dossier.settledWarnings?.[code]) throw new Refusal('exists', '这一提示已经有人核实过了。')
  if (!warningsOf(dossier).some((known) => known.code === code))
    throw new Refusal('unknown', '档案中没有这一提示。')
  return one(
    dossier,
    draft(at, dossier.key, 'warning.settled', 'internal', { code, reason: checkedReason(reason) }),
  )
}

/** Records that what stood in a record was wrong, and why; `restored` says whose it was, where what stood before is brought back. */
export function correctRecord(
  dossier: Dossier,
  id: string,
  changes: RecordData,
  reason: string,
  at: Situation,
  restored?: string,
): Decision {
  const { patch, kind, owner } = changedRecord(dossier, id, changes, at, restored)
  mustBePlain(kind, patch)
  if (!patch) throw invalid('/data', 'no-change', '更正后的内容与现有内容相同，无需更正。')
  const corrected = draft(at, dossier.key, 'record.corrected', 'internal', {
    id,
    changes: patch,
    reason: checkedReason(reason),
    ...owner,
  })
  return { ...impersonal(one(dossier, corrected), at), recordId: id }
}

/** Takes back a record that should never have been there. */
export function withdrawRecord(dossier: Dossier, id: string, reason: string, at: Situation): Decision {
  const record = recordOf(dossier, id)
  mayTouch('ownerOrAbove', { owner: ownerOf(record, at) }, dossier.enterprise, at)
  return {
    ...one(
      dossier,
      draft(at, dossier.key, 'record.withdrawn', 'internal', { id, reason: checkedReason(reason) }),
    ),
    recordId: id,
  }
}

function changedRecord(dossier: Dossier, id: string, changes: RecordData, at: Situation, restored?: string) {
  const record = recordOf(dossier, id)
  mayTouch('ownerOrAbove', { owner: ownerOf(record, at) }, dossier.enterprise, at)
  const kind = kindOf(record.type, at)
  const after = checked(kind, patched(record.data, changes), at, '/data', record.data)
  mustTellApart(dossier, kind, after)
  const same = sameRecord(dossier, kind, after)
  if (same && same.id !== id)
    throw new Refusal(
      'exists',
      `修改后与已有${kind.label}记录“${titleOf(kind, same.data)}”相同，请核对。`,
      [{ pointer: '/data', code: 'exists', detail: `已有记录 ${same.id}。` }],
      { orgCode: dossier.key, recordId: same.id },
    )
  mustFit(dossier, kind, after, id)
  const patch = patchBetween(record.data, after)
  const named = patch && kind.madeBy(patch)
  const owner =
    named === undefined ? undefined : (restored ?? ownerAfter({ made: record.made, named }, at)?.id)
  return { patch, kind, after, owner: owner === undefined ? {} : { owner } }
}

/**
 * Whose a record becomes once it names an authority: that one's, where it is known and not the owner already; undefined
 * where it stays whose it is.
 */
export function ownerAfter(
  { made, named }: { made: Made; named: string },
  { authorities }: Pick<Situation, 'authorities'>,
): Body | undefined {
  const known = authorities.speakingAs(named)
  const next = known && authorities.bodyFor(known)
  return next && !isSame(next, authorities.bodyOf(made)) ? next : undefined
}

/** Refuses data that says of another record of the file, or that another says of it, what is not so. */
function mustFit({ records }: Dossier, kind: RecordKind, data: RecordData, id?: string): void {
  if (!kind.clash) return
  for (const other of records) {
    if (other.type !== kind.type || other.withdrawn || other.id === id) continue
    const fault = kind.clash(data, other.data)
    if (fault) throw invalid(`/data/${fault.field}`, fault.code, fault.detail)
  }
}

/** Refuses to enter or change by hand what a procedure decides. */
function mustBePlain(kind: RecordKind, patch: RecordData | undefined): void {
  const own = kind.columns.find(({ field, procedure }) => procedure !== undefined && field in (patch ?? {}))
  if (own)
    throw invalid(
      `/data/${own.field}`,
      'by-procedure',
      `${own.label}由“${own.procedure}”的程序决定，不能直接填写或者修改；请按该程序办理。`,
    )
}

/** A record of a file that stands; refuses one that is not there or was withdrawn. */
export function recordOf(dossier: Dossier, id: string): FileRecord {
  const record = recordWith(dossier.records, id)
  if (!record) throw new Refusal('unknown', `档案 ${dossier.key} 中没有编号为 ${id} 的记录，请核对记录编号。`)
  if (record.withdrawn) throw new Refusal('gone', `记录 ${id} 已撤回，不能再修改。`)
  return record
}

function kindOf(type: string, at: Situation): RecordKind {
  const kind = at.catalogue.kind(type)
  if (kind) return kind
  const known = at.catalogue.kinds.map((k) => `${k.type}（${k.label}）`).join('、')
  throw invalid('/type', 'choice', `没有“${type}”这种记录；可用的类型：${known}。`)
}

/** Data by the rules of its kind, and without personal data in what may become public; what stood before is not judged. */
function checked(
  kind: RecordKind,
  input: unknown,
  { today, notPersonal }: Situation,
  pointer: string,
  before: RecordData = {},
): RecordData {
  const result = validate(kind, input, today)
  const faults = result.ok ? personalFaults(kind, result.data, before, notPersonal) : result.faults
  if (result.ok && faults.length === 0) return result.data
  throw new Refusal(
    'invalid',
    `${kind.label}有 ${faults.length} 处需要修改。`,
    faults.map(
      ({ field, code, detail }): Fault => ({
        pointer: field === '' ? pointer : `${pointer}/${field}`,
        code,
        detail,
      }),
    ),
  )
}

function personalFaults(
  kind: RecordKind,
  data: RecordData,
  before: RecordData,
  reasons: Readonly<Record<string, string>> | undefined,
): FieldFault[] {
  const texts = publicTextsOf(kind, data).filter(({ field, text }) => before[field] !== text)
  return personalDataIn(texts, reasons).map(({ field, detail }) => ({ field, code: 'personal-data', detail }))
}

/** A decision with what the officer said of what looked like personal data, for whoever asks later. */
export function impersonal(
  decision: Decision,
  at: Situation,
  notPersonal: Readonly<Record<string, string>> = at.notPersonal ?? {},
): Decision {
  const said = Object.entries(notPersonal).map(([field, reason]) => `${field}：${reason}`)
  return explained(decision, said.length === 0 ? undefined : `不是个人信息：${said.join('；')}`, at)
}

const reasonText = lines(500)
const noteText = lines(4000)

/** A reason by the one rule for text; refuses none, and one that does not pass. */
export function checkedReason(reason: string): string {
  const parsed = reasonText.safeParse(reason)
  if (parsed.success) return parsed.data
  throw invalid('/reason', 'reason', `理由：${parsed.error.issues[0]?.message ?? '请填写。'}`)
}

/** A change with why it was made, in an entry of its own that stays inside; one that changes nothing needs no reason. */
function explained(decision: Decision, reason: string | undefined, at: Situation): Decision {
  if (reason === undefined || decision.drafts.length === 0) return decision
  const why = draft(at, decision.key, 'change.explained', 'internal', { reason: checkedReason(reason) })
  return { ...decision, drafts: [...decision.drafts, why] }
}

/** Region of the registering office stands in for one that was not given; it may be changed later. */
function withRegion(data: unknown, uscc: string | undefined): unknown {
  if (typeof data !== 'object' || data === null || uscc === undefined) return data
  const registeredIn = regionWithin(uscc)
  const stated = 'region' in data ? data.region : undefined
  if (stated === undefined || stated === null || stated === '') {
    const place = placeOfCode(registeredIn)
    return place ? { ...data, region: place.code } : data
  }
  const read = typeof stated === 'string' ? readPlace(stated, { registeredIn }) : undefined
  // Words that tell no place are left for the field's own check to name.
  return read?.ok && read.note?.code !== 'from-code' ? { ...data, region: read.region.code } : data
}

/** Why records of a kind are not the actor's to add to a file, in words; undefined when they are. */
export function addingHindrance(dossier: Dossier, type: string, at: Situation): string | undefined {
  // Its own case may need another decision wherever the firm is by now: review put one in the place of another.
  const makers = () => (type === penalty.type ? ownersOfOpen(dossier, at) : [])
  return fileHindrance('placeOrMaker', { makers }, dossier.enterprise, at)
}

/** Whose the cases are that stand open in a file. */
export function ownersOfOpen({ cases }: Dossier, { authorities }: Pick<Situation, 'authorities'>): Body[] {
  return cases.filter(isOpen).map((own) => authorities.bodyOf(caseMadeBy(own)))
}

/** Refuses an act on a thing of a file that is not the actor's to touch. */
export function mayTouch(
  whose: Whose,
  thing: { owner?: Body | undefined },
  enterprise: RecordData,
  at: Situation,
): void {
  const hindrance = fileHindrance(whose, thing, enterprise, at)
  if (hindrance !== undefined) throw new Refusal('forbidden', hindrance)
}

function fileHindrance(
  whose: Whose,
  { owner, makers }: { owner?: Body | undefined; makers?: () => readonly Body[] },
  enterprise: RecordData,
  { actor, authorities }: Situation,
): string | undefined {
  const { region: place } = enterpriseKind.partsOf(enterprise)
  const touched = { owner, makers, ...(place !== undefined && { place }) }
  return whoseHindrance(whose, touched, actor, authorities)
}

/** Refuses to move a firm out of one's own region, or into it, to whoever is not responsible for both places. */
function mayMove(before: RecordData, after: RecordData, { actor: { region } }: Situation): void {
  const [from, to] = [before, after].map((data) => enterpriseKind.partsOf(data).region)
  if (from === to || covers(region, to)) return
  const isInOneCity = from !== undefined && to !== undefined && from.slice(0, 4) === to.slice(0, 4)
  throw new Refusal(
    'forbidden',
    to === undefined
      ? `变更后该企业没有行政区划，无法判断由谁管辖；请填写行政区划。`
      : `变更后该企业在${placeInWords(to)}，不属${placeInWords(region)}管辖：迁移由两地共同的上级机关办理，请与${isInOneCity ? '市级机关' : '省级机关'}联系。`,
  )
}

/** Whose a record is. */
export function ownerOf({ made }: FileRecord, { authorities }: Situation): Body {
  return authorities.bodyOf(made)
}

/** A record belongs to the authority that its data names, where that one is known; to whoever records it else. */
function ownerNamed(named: string | undefined, { actor, authorities }: Situation): { owner?: string } {
  const owner = (named === undefined ? undefined : authorities.speakingAs(named)?.id) ?? actor.body.id
  return owner === undefined ? {} : { owner }
}

/** Refusal of a change to a file that has moved on, to a revision as whoever would change it counts them. */
export function stale(orgCode: string, revision: number): Refusal {
  return new Refusal('stale', `档案已被他人更新（现为第 ${revision} 版），请在最新内容上重新修改。`, [], {
    orgCode,
    revision,
  })
}

/** A file that stands: withdrawn ones leave their codes free. */
export function standing(dossier: Dossier | undefined): Dossier | undefined {
  return dossier?.withdrawn ? undefined : dossier
}

function visibilityOf(kind: RecordKind, changes: RecordData, more: boolean): Visibility {
  return more || kind.columns.some((column) => !column.internal && column.field in changes)
    ? 'public'
    : 'internal'
}

/** Records carry internal fields, so the platform sees their entries and the public only their face. */
function visibilityOfRecord(kind: RecordKind, data: RecordData, changes = data): Visibility {
  if (visibilityOf(kind, changes, false) === 'internal') return 'internal'
  return kind.publication(data).public ? 'platform' : 'internal'
}

function draft<K extends FileEntryKind>(
  { actor: { authority, officer } }: Situation,
  subject: string,
  kind: K,
  visibility: Visibility,
  payload: FilePayload<K>,
): Draft {
  return { subject, kind, payload, visibility, author: { authority, officer } }
}

function one(dossier: Dossier, entry: Draft): Decision {
  return { key: dossier.key, drafts: [entry], expect: new Map([[dossier.key, dossier.revision]]) }
}

function nothing(dossier: Dossier): Decision {
  return { key: dossier.key, drafts: [], expect: new Map() }
}
