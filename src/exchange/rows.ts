import { z } from 'zod'
import type { Act } from '../acts/act.ts'
import { addRecordAct } from '../acts/add-record.ts'
import { changeFileAct } from '../acts/change-file.ts'
import { proposing } from '../acts/proposing.ts'
import { whyTwoPersons } from '../acts/two-persons.ts'
import { unknownMaker } from '../acts/unknown-maker.ts'
import { updateRecordAct } from '../acts/update-record.ts'
import type { Body } from '../authority/authorities.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import { type CodeNote, readCodes } from '../codes/enterprise-code.ts'
import { readPlace } from '../codes/places.ts'
import { region, regionContains } from '../codes/regions.ts'
import { regionWithin } from '../codes/unified-code.ts'
import { anticipated } from '../dossier/anticipate.ts'
import {
  addRecord,
  type Decision,
  importEnterprise,
  mustTellApart,
  openFile,
  ownerOf,
  recordOfRow,
  type Situation,
  sameRecord,
  standing,
  type TypedCodes,
  updateRecord,
} from '../dossier/commands.ts'
import { type Dossier, type FileRecord, nameOf, versionOf } from '../dossier/dossier.ts'
import { type Fault, invalid, Refusal } from '../dossier/refusal.ts'
import { enterprise } from '../records/catalogue.ts'
import { inspection } from '../records/inspection.ts'
import type { FieldFault, RecordData, RecordKind } from '../records/kind.ts'
import { licence, statesOfUnits, unitsOf } from '../records/licence.ts'
import { penalty, publishedUntil } from '../records/penalty.ts'
import { isOneOf } from '../records/stored.ts'
import { patchBetween, patched, validate } from '../records/validate.ts'
import {
  bears,
  cityOfAddress,
  codesOf,
  hasName,
  isInPlace,
  OTHER_PARTIES,
  partyFields,
  partyIn,
  type Role,
  roleIn,
  roleWords,
} from '../registry/parties.ts'
import { foldedText, partsOf } from '../search/normalise.ts'
import { type Cell, textOf } from '../sheets/cell.ts'
import type { Mapping } from './columns.ts'
import { inWords } from './effects.ts'
import { namesOfFailing } from './items.ts'
import { firmId, type NamedFirm } from './matching.ts'
import { isBranch } from './names.ts'
import { beyondFile, endedAsOnFile, numberedAsOnFile } from './on-file.ts'
import { remarkIn } from './remarks.ts'
import { withRetests } from './retest-rows.ts'
import { faultsOfSums, type RowFault, type RowReading, readRow } from './row-reading.ts'
import { overSample } from './standing-items.ts'
import { type Part, together } from './together.ts'
import { overruled, reversal } from './verdicts.ts'
import { type WaitingFirm, waitingFirm } from './waiting.ts'

export type RowOutcome =
  | { outcome: 'opened' | 'added' | 'updated' | 'proposed'; decisions: Decision[]; notes: RowFault[] }
  | { outcome: 'unchanged'; key: string; notes: RowFault[] }
  | { outcome: 'failed'; faults: RowFault[]; asks?: RowFault[] }

/** What deciding on a row rests on, beside the situation of any act. */
export interface RowSituation extends Situation {
  /** Files whose change of name to one that has nothing in common with theirs was confirmed, by code. */
  renames: ReadonlySet<string>
  /** Which file a name means, by its key: decided once for all rows that have it; empty for one not on file. */
  firms: ReadonlyMap<string, string>
  /** Rows of these that came before, by what they say and the file that they are about. */
  rowsSeen: Set<string>
  /** Whether an earlier row of the same upload has brought or changed this record. */
  isOwn(recordId: string): boolean
}

/** What rows are parts of, kept for those that are decided several times as they stand apart. */
const wholes = new WeakMap<readonly Part[], ReturnType<typeof together>>()

function wholeOf(parts: readonly Part[], kind: RecordKind): ReturnType<typeof together> {
  const readings: RowReading[] = []
  for (const { cells, mapping } of parts) {
    const reading = readRow(cells, mapping)
    if ('faults' in reading) return { faults: reading.faults }
    if (!overruled(reading, kind, mapping.answers)) readings.push(reading)
  }
  return together(withRetests(readings), kind)
}

/**
 * Decides what a row of a file adds to the register, or several that are parts of one thing; what was taken before
 * adds nothing. `parts` are all rows of the thing, where others of it stand elsewhere in the upload.
 */
export function takeRows(
  rows: readonly (readonly Cell[])[],
  mapping: Mapping,
  kind: RecordKind,
  at: RowSituation,
  parts?: readonly Part[],
): RowOutcome {
  let whole: ReturnType<typeof together> | undefined
  try {
    whole = parts && wholes.get(parts)
    whole ??= wholeOf(parts ?? rows.map((cells) => ({ cells, mapping })), kind)
    if (parts) wholes.set(parts, whole)
    if ('faults' in whole) return { outcome: 'failed', faults: whole.faults }
    const judged = withoutDoubts(whole)
    if ('faults' in judged) return { outcome: 'failed', faults: judged.faults }
    const row = fineByTotal(judged)
    if ('faults' in row) return { outcome: 'failed', faults: row.faults }
    return kind.type === enterprise.type ? takeEnterprise(row, at) : takeRecord(row, kind, at)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const faults = rowFaults(error, rows[0] ?? [], mapping, kind)
    const isAsked = isNamedFirm(error.related.firm)
    return {
      outcome: 'failed',
      faults,
      ...(isAsked && whole && 'record' in whole && { asks: askedBeside(whole, faults, at) }),
    }
  }
}

/** A sample's failing is that of those of its items that failed: of the others their values stand, which is told; a sample none of whose items did is asked about. */
function withoutDoubts(row: RowReading): RowReading | { faults: RowFault[] } {
  const { doubts, items, notes } = row
  if (doubts.length === 0) return row
  const failing = namesOfFailing(items)
  if (failing === '') return { faults: doubts }
  const names = doubts.map(({ value }) => value).join('、')
  const detail = `“${names}”的实测值符合标准值，结论“不合格”理解为整个样品的：不合格项目记为“${failing}”。`
  return { ...row, notes: [...notes, { code: 'understood', detail }] }
}

/** A fine that is the only sum there can be is what 罚没金额 says. */
function fineByTotal(row: RowReading): RowReading | { faults: RowFault[] } {
  const { types, total, fine, content = '' } = row.record
  const isFineAlone =
    Array.isArray(types) && types.includes('罚款') && !types.some((type) => /没收/u.test(`${type}`))
  if (!isFineAlone || typeof total !== 'number' || fine !== undefined) return row
  if (typeof content !== 'string' || /没收/u.test(content)) return row
  const record = { ...row.record, fine: total }
  const faults = faultsOfSums(record, [content])
  if (faults.length > 0) return { faults }
  const detail = `处罚种类中没有没收，罚没金额 ${total} 元记为罚款金额。`
  return { ...row, record, notes: [...row.notes, { code: 'understood', detail }] }
}

function takeEnterprise(row: RowReading, at: RowSituation): RowOutcome {
  const { dossier, uscc, codeNotes } = fileOf(row.codes, at)
  const { data, notes: placeNotes } = placed(row.record, row.within, dossier, uscc)
  const notes = [...row.notes, ...codeNotes, ...placeNotes]
  if (!dossier) {
    const opening = { codes: row.codes, data: filled(data), row: row.hash }
    return { outcome: 'opened', decisions: [openFile(opening, at)], notes }
  }
  const unchanged = (): RowOutcome => ({
    outcome: 'unchanged',
    key: dossier.key,
    notes: [...notes, ...besideWaiting(dossier, data, enterprise)],
  })
  if (dossier.rows?.includes(row.hash)) return unchanged()
  const rename = renaming(dossier, data.name, at.renames)
  const changes = { ...data, ...(uscc !== undefined && { uscc }) }
  const decision = importEnterprise(dossier, changes, row.hash, at)
  if (decision.drafts.length === 0) return unchanged()
  const input = { enterprise: changesIn(dossier.enterprise, data), ...(uscc !== undefined && { uscc }) }
  const said = rename ? [...notes, rename] : notes
  return judged(
    { act: changeFileAct, kind: enterprise, dossier, decision, outcome: 'updated', notes: said, input },
    at,
  )
}

/**
 * What a row comes to: what it decided, or where that takes two persons, the act put forward by which a second one does it.
 */
function judged(
  {
    act,
    kind,
    dossier,
    decision,
    outcome,
    notes,
    input,
    id,
    why: ownWhy,
  }: {
    act: Act
    kind: Pick<RecordKind, 'columns'>
    dossier: Dossier
    decision: Decision
    outcome: 'added' | 'updated'
    notes: RowFault[]
    /** What the act would be asked. */
    input: Record<string, unknown>
    /** The part of the file that it is upon, or what names one that is not there yet. */
    id?: string | undefined
    /** Why it takes two persons beside what its entries say. */
    why?: string | undefined
  },
  at: RowSituation,
): RowOutcome {
  const why = whyTwoPersons(dossier, decision.drafts, at) ?? ownWhy
  if (why === undefined) return { outcome, decisions: [decision], notes }
  const { key: subject, revision, proposals = [] } = dossier
  const isWaiting = proposals.some(
    (known) =>
      known.status === 'open' &&
      known.act === act.name &&
      known.on.id === id &&
      JSON.stringify(known.input) === JSON.stringify(input),
  )
  // The same table once more asks for nothing new.
  if (isWaiting)
    return {
      outcome: 'unchanged',
      key: subject,
      notes: [
        ...notes,
        ...(outcome === 'added'
          ? [{ code: 'waiting', detail: '同样的记录已经提请，正在等待另一人确认。' }]
          : besideWaiting(dossier, patchIn(input), kind, id)),
      ],
    }
  const seen = { dossier, subject, revision, proposals, version: versionOf(dossier, id) }
  const on = id === undefined ? {} : { id }
  const note = { code: 'proposed', detail: `${why}；确认后才生效。` }
  return {
    outcome: 'proposed',
    decisions: [proposing(act, seen, { on, input, why, drafts: decision.drafts }, at)],
    notes: [...notes, note],
  }
}

const patch = z.record(z.string(), z.unknown())
const asked = z.object({ enterprise: patch.optional(), data: patch.optional() })

/** What the input of an act would make of a record or of basic information. */
function patchIn(input: unknown): RecordData {
  const { enterprise: basics, data } = asked.safeParse(input).data ?? {}
  return basics ?? data ?? {}
}

/** Of a row that changes nothing: which of its fields a proposal waits on already, and what the row says of them. */
function besideWaiting(
  { proposals = [] }: Dossier,
  said: RecordData,
  { columns }: Pick<RecordKind, 'columns'>,
  id?: string,
): RowFault[] {
  const waiting = proposals.filter(({ status, on }) => status === 'open' && on.id === id)
  const moved = new Set(waiting.flatMap(({ input }) => Object.keys(patchIn(input))))
  const own = columns.flatMap((column) => {
    const { field, label } = column
    if (!moved.has(field) || said[field] === undefined) return []
    return [`${label}“${said[field] === null ? '' : inWords(said[field], column)}”`]
  })
  if (own.length === 0) return []
  const detail = `已有提请正在等待另一人确认，涉及本行写明的${own.join('、')}；本行没有作出改动。`
  return [{ code: 'waiting', detail }]
}

/**
 * What to say of a row that gives a file another name; refuses one that has nothing in common with the names that the
 * file has had, which is more likely another firm's, unless it was confirmed.
 */
function renaming(dossier: Dossier, name: unknown, confirmed: ReadonlySet<string>): RowFault | undefined {
  const now = dossier.enterprise.name
  if (typeof name !== 'string' || typeof now !== 'string' || name === now) return undefined
  const known = [now, ...dossier.formerNames]
  // A part of the firm (分公司) is another one, however alike their names are.
  const isOther = isBranch(name) !== isBranch(now) || !known.some((own) => haveInCommon(own, name))
  if (isOther && !confirmed.has(dossier.key))
    throw new Refusal(
      'invalid',
      '名称与档案完全不同。',
      [
        {
          pointer: '/name',
          code: 'other-name',
          detail: `代码对应的档案是“${now}”，与本行名称“${name}”${isBranch(name) === isBranch(now) ? '没有相同之处' : '一个是分支机构、一个不是'}，可能是代码或名称填错了；确系更名的，请确认更名后重新核对。`,
        },
      ],
      { renames: dossier.key },
    )
  return { code: 'renamed', detail: `企业名称由“${now}”变更为“${name}”，原名称记为曾用名。` }
}

/** Whether two names share two characters in a row beside their places and legal forms. */
export function haveInCommon(one: string, other: string): boolean {
  const [a, b] = [distinctive(one), distinctive(other)]
  for (let i = 0; i + 2 <= a.length; i += 1) if (b.includes(a.slice(i, i + 2))) return true
  return a === b
}

function distinctive(name: string): string {
  const { core } = partsOf(name)
  return core === '' ? foldedText(name) : core
}

function takeRecord(row: RowReading, kind: RecordKind, at: RowSituation): RowOutcome {
  if (kind.type === inspection.type) return takeSample(row, kind, at)
  const isByName = Object.keys(row.codes).length === 0
  if (isByName) return addToFile(fileNamed(namedFirm(row), at), row, row.notes, kind, at)
  const { dossier, uscc, codeNotes } = fileOf(row.codes, at)
  const notes = [...row.notes, ...codeNotes]
  if (!dossier) return openWithRecord({ ...row, notes }, uscc, kind, at)
  mustBeNamed(dossier, row.enterprise.name, '名称')
  return addToFile(dossier, row, notes, kind, at)
}

/**
 * An inspection into the file that it is about, in its role; a sample that names other firms whose files were decided on
 * into theirs too. All of it or nothing.
 */
function takeSample(row: RowReading, kind: RecordKind, at: RowSituation): RowOutcome {
  const own = fileOfSample(row, at)
  if (!own) throw unfiled(namedFirm(row))
  const { dossier, notes } = own
  // 企业名称 beside a party of another name is the producer, of which the others' files are to say so too.
  if (own.role === 'producer' && row.record.producer === undefined)
    row = { ...row, record: { ...row.record, producer: row.enterprise.name } }
  const inRole = (role: Role | undefined): RowReading => ({
    ...row,
    record: { ...row.record, ...(role !== undefined && { role: roleIn(role, row.record) }) },
  })
  const others = othersOf(row, dossier, at)
  mustBeAnswered(row, others)
  const add = () => addToFile(dossier, inRole(own.role), notes, kind, at)
  const first = others.some(({ file }) => file) ? whereAllowed(add) : add()
  const asked = others.flatMap(({ ask }) => ask ?? [])
  const further = others.flatMap(({ file, role }) =>
    file
      ? [{ role, name: nameOf(file), taken: whereAllowed(() => addToFile(file, inRole(role), [], kind, at)) }]
      : [],
  )
  // A producer of another authority's keeps its own file; that of who sold it here goes on.
  const isAnothers = first.outcome === 'failed' && first.faults.every(({ code }) => code === 'not-yours')
  const [next, ...rest] = isAnothers ? further : []
  if (!next || first.outcome !== 'failed') return joint(first, further, asked)
  const left = { role: own.role ?? 'producer', name: nameOf(dossier), taken: first }
  return joint(next.taken, [left, ...rest], asked)
}

/** Refuses a failing whose producer nobody has decided on, where it goes into the seller's file: it would count for nobody. */
function mustBeAnswered({ record }: RowReading, others: readonly { role: Role; ask?: RowFault }[]): void {
  const ask = others.find(({ role, ask }) => role === 'producer' && ask)?.ask
  if (record.outcome !== '不合格' || !ask?.firm) return
  const detail = `标称生产企业“${ask.firm.name}”是哪家企业须先确认：不合格记在谁的名下由此决定；没有建档的，指明不在档即可。`
  throw new Refusal('invalid', '按名称确定企业。', [{ pointer: '/producer', code: 'by-name', detail }], {
    firm: ask.firm,
  })
}

/** What a row comes to in the file of another party; one that belongs to another authority is left to that, and does not keep back the row. */
function whereAllowed(add: () => RowOutcome): RowOutcome {
  try {
    return add()
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason !== 'forbidden') throw error
    return { outcome: 'failed', faults: [{ code: 'not-yours', detail: error.title }] }
  }
}

/** What a row comes to in several files: the first one's outcome, or the next one's where the first is as it was. */
function joint(
  first: RowOutcome,
  further: readonly { role: Role; name: string; taken: RowOutcome }[],
  asked: readonly RowFault[],
): RowOutcome {
  if (first.outcome === 'failed') return first
  const done = further.flatMap(({ taken }) => ('decisions' in taken ? [taken] : []))
  const said = new Set(first.notes.map(({ detail }) => detail))
  const notes = [
    ...first.notes,
    ...further.flatMap(({ role, name, taken }) =>
      'decisions' in taken
        ? [
            { code: 'in-role', detail: `同时记入${roleWords[role]}“${name}”的档案。` },
            ...taken.notes.filter((note) => !said.has(note.detail)),
          ]
        : taken.outcome === 'failed'
          ? taken.faults.map(({ code, detail }) => ({
              code,
              detail: `没有记入${roleWords[role]}“${name}”的档案：${detail}`,
            }))
          : [],
    ),
    ...asked,
  ]
  if ('decisions' in first)
    return {
      ...first,
      decisions: [...first.decisions, ...done.flatMap(({ decisions }) => decisions)],
      notes,
    }
  const [next, ...rest] = done
  return next
    ? { ...next, decisions: [next, ...rest].flatMap(({ decisions }) => decisions), notes }
    : { ...first, notes }
}

/** Other parties that nobody has decided on, of a row that waits for a firm: all of a table's names are asked at once. */
function askedBeside(
  { record, enterprise: about }: RowReading,
  faults: readonly RowFault[],
  at: RowSituation,
) {
  const known = [about.name, ...faults.map(({ firm }) => firm?.name)]
  return OTHER_PARTIES.flatMap((role): RowFault[] => {
    const { name, code } = partyIn(record, role)
    if (name === undefined || code !== undefined || known.includes(name) || PERSON.test(name)) return []
    const firm = partyFirm(name, record, role)
    return decidedKey(firm, at) === undefined ? [askOf(role, firm)] : []
  })
}

/** Asks which firm the name of a party means, beside what the row comes to. */
function askOf(role: Role, firm: NamedFirm): RowFault {
  return {
    code: 'other-party',
    detail: `${roleWords[role]}“${firm.name}”如有档案，确认后同时记入其档案。`,
    firm: { ...firm, role: roleWords[role] },
  }
}

/** A party of a sample as a firm that is named: by its name, and the city that its own address begins with. */
function partyFirm(name: string, record: RecordData, role: Role): NamedFirm {
  const address = record[partyFields[role].address ?? '']
  const place = typeof address === 'string' ? cityOfAddress(address) : undefined
  return { name, ...(place !== undefined && { place }) }
}

/**
 * Which file a named firm was decided to mean: as it is named with its place, or its name alone, save where the place
 * beside it is not that file's. Empty for one that is not on file; undefined where nobody has decided.
 */
function decidedKey(firm: NamedFirm, at: RowSituation): string | undefined {
  const own = at.firms.get(firmId(firm))
  if (own !== undefined || firm.place === undefined) return own
  const byName = at.firms.get(firm.name)
  const enterprise = byName === undefined ? undefined : at.file(byName)?.enterprise
  const { name, region } = enterprise ?? {}
  const isElsewhere =
    typeof name === 'string' &&
    typeof region === 'string' &&
    isInPlace(firm.place, { name, region }) === false
  return isElsewhere ? undefined : byName
}

/** The files of the others that a sample names, by a code of theirs or by what was decided; a name that is open is asked beside. */
function othersOf({ record }: RowReading, own: Dossier, at: RowSituation) {
  return OTHER_PARTIES.flatMap((role): { role: Role; file?: Dossier; ask?: RowFault }[] => {
    const { name, code } = partyIn(record, role)
    if (name === undefined || bears(own, { name, code })) return []
    const coded = code === undefined ? undefined : fileOf(codesOf(code), at).dossier
    if (coded) return bears(coded, { name }) ? [{ role, file: coded }] : []
    if (PERSON.test(name)) return []
    const firm = partyFirm(name, record, role)
    const key = decidedKey(firm, at)
    if (key === '') return []
    if (key === undefined) return [{ role, ask: askOf(role, firm) }]
    const file = standing(at.file(key))
    return file && file.key !== own.key ? [{ role, file }] : []
  })
}

/** The file that an inspection is about, and in what role it is sampled; undefined where it was said not to be on file. */
function fileOfSample(
  row: RowReading,
  at: RowSituation,
): { dossier: Dossier; role: Role | undefined; notes: RowFault[] } | undefined {
  const { record, enterprise: about, codes, notes } = row
  if (Object.keys(codes).length > 0) {
    const { dossier, codeNotes } = fileOf(codes, at)
    if (!dossier) throw notOnFile(codes.uscc ?? codes.orgCode ?? '', about.name, inspection.label)
    mustBeNamed(dossier, about.name, '名称')
    return { dossier, role: roleOf(dossier, row), notes: [...notes, ...codeNotes] }
  }
  const named: readonly { role?: Role; name: unknown }[] = [
    { name: about.name },
    ...OTHER_PARTIES.map((role) => ({ role, name: partyIn(record, role).name })),
  ]
  for (const { name, role } of named) {
    if (typeof name !== 'string') continue
    const firm = firmIn(row, name, role)
    // What a person has made may still stand in the file of who sold it, once that was decided on.
    if (PERSON.test(name)) return { dossier: ofSellerAlone(firm, row, at), role: 'sampled', notes }
    const dossier = decidedFile(firm, at)
    if (dossier) return { dossier, role: role ?? roleOf(dossier, row), notes }
  }
  return undefined
}

/** The file of the seller of what a person has made; asks for it where nobody has decided on it. */
function ofSellerAlone({ name }: NamedFirm, { record }: RowReading, at: RowSituation): Dossier {
  const { name: seller } = partyIn(record, 'sampled')
  const isNamed = seller !== undefined && seller !== name && !PERSON.test(seller)
  const named = isNamed ? partyFirm(seller, record, 'sampled') : undefined
  const key = named && decidedKey(named, at)
  const dossier = key === undefined || key === '' ? undefined : standing(at.file(key))
  if (dossier) return dossier
  const firm = named && { ...named, role: roleWords.sampled }
  throw new Refusal(
    'invalid',
    '个人。',
    [{ pointer: '/name', code: 'person', detail: NO_PERSON(name) }],
    key === undefined && firm ? { firm } : {},
  )
}

/** In what role a sample names the firm whose file it goes into; refuses where the code is of none that it names. */
function roleOf(dossier: Dossier, { record, enterprise: about }: RowReading): Role | undefined {
  const named = (['producer', 'sampled', 'other'] as const).filter((role) =>
    Object.values(partyIn(record, role)).some((said) => said !== undefined),
  )
  const own = named.find((role) => bears(dossier, partyIn(record, role)))
  if (own !== undefined || named.length === 0) return own
  // 企业名称 beside a party of another name is the one that is not named there.
  if (typeof about.name === 'string') return named.includes('producer') ? 'sampled' : 'producer'
  const [role] = named
  const { name } = role === undefined ? {} : partyIn(record, role)
  mustBeNamed(dossier, name, role === undefined ? '名称' : roleWords[role])
  return undefined
}

/** Two samples without a number that say the same in all may be one that was written twice, or two. */
function mustNotBeTwice({ key }: Dossier, { hash, record }: RowReading, kind: RecordKind, at: RowSituation) {
  if (kind.type !== inspection.type || record.sampleNo !== undefined || record.reportNo !== undefined) return
  const seen = `${key} ${hash}`
  if (at.rowsSeen.has(seen))
    throw invalid(
      '',
      'same-row',
      '本行没有抽样编号，与前面的一行完全相同，不能确定是同一样品写了两遍，还是两个样品；前面的一行已经导入，本行未予导入。是同一样品的，不必处理；是两个样品的，各填各的抽样编号。',
    )
  at.rowsSeen.add(seen)
}

function addToFile(
  dossier: Dossier,
  read: RowReading,
  notes: RowFault[],
  kind: RecordKind,
  at: RowSituation,
): RowOutcome {
  mustNotBeTwice(dossier, read, kind, at)
  const row = endedAsOnFile(numberedAsOnFile(read, dossier, kind, at.today), dossier, kind)
  const { data: said, notes: unsaid } = plain(filled(row.record), kind, at.today)
  const { data, notes: remarked } = withRemark(said, kind)
  const parsed = validate(kind, data, at.today)
  if (parsed.ok) mustTellApart(dossier, kind, parsed.data)
  const same =
    (parsed.ok ? sameRecord(dossier, kind, parsed.data) : undefined) ?? recordOfRow(dossier, kind, row.hash)
  if (!same) {
    const decision = addRecord(dossier, kind.type, data, at, row.hash)
    const missing = parsed.ok ? kind.missing(parsed.data) : []
    const waiting = parsed.ok && missing.length === 0 ? waitingForPublication(kind, parsed.data) : []
    const told = [
      ...notes,
      ...unsaid,
      ...remarked,
      ...missing.map((fault) => noteOfMissing(fault, kind)),
      ...waiting,
      ...(parsed.ok ? ofUnknown(kind, parsed.data, at.actor.body, at) : []),
    ]
    const input = { type: kind.type, data }
    const added = {
      act: addRecordAct,
      kind,
      dossier,
      decision,
      outcome: 'added',
      notes: told,
      input,
    } as const
    return judged({ ...added, id: decision.about }, at)
  }
  const unchanged = (further: readonly RowFault[] = []): RowOutcome => {
    // Another row of the upload that says otherwise of it contradicts this one.
    at.rowsSeen.add(`record ${same.id}`)
    return {
      outcome: 'unchanged',
      key: dossier.key,
      notes: [...notes, ...decided, ...further, ...besideWaiting(dossier, said, kind, same.id)],
    }
  }
  const { data: told, notes: decided } = plain(withRemark(row.record, kind).data, kind, at.today, same.data)
  if (same.rows?.includes(row.hash)) return unchanged()
  const own = beyondFile(told, same.data, kind, at.today)
  const { said: whole, notes: ofPart } = withoutPartOf(own, same.data, kind)
  const { changes, kept, gone } = overSample(whole, same.data, kind)
  mustNotTakeOver(same, own, kind)
  mustBeOneSample(same, row, kept, kind)
  // What came before in the same upload is not written over, nor held against the rules with what this row would make of it.
  const isOwn = at.isOwn(same.id) || at.rowsSeen.has(`record ${same.id}`)
  if (!isOwn) mustBeOneThing(same, whole, kind)
  if (isOwn && Object.keys(changesIn(same.data, changes)).length > 0)
    throw invalid(
      '',
      'same-record',
      `本行与本次导入中前面的一行指同一条${kind.label}记录（${titleOf(kind, same.data)}），内容却不同；为免覆盖，未予导入。${howToTellApart(row, kind)}`,
    )
  const beside = [...ofPart, ...ofKept(kept)]
  const decision = updateRecord(dossier, same.id, changes, at, { row: row.hash })
  if (decision.drafts.length === 0) return unchanged(beside)
  const input = { data: changesIn(same.data, changes) }
  const words = [...notes, ...decided, ...beside, ...ofUnknown(kind, input.data, ownerOf(same, at), at)]
  const act = { act: updateRecordAct, kind, dossier, decision, outcome: 'updated' } as const
  const why =
    [
      reversal(same.data, changes, kind) ?? [],
      gone.length === 0 ? [] : `撤下了不合格项目：${gone.join('、')}`,
    ]
      .flat()
      .join('；') || undefined
  return judged({ ...act, notes: words, input, id: same.id, why }, at)
}

/** Says which failing items a sample keeps that a row does not name. */
function ofKept(kept: readonly string[]): RowFault[] {
  return kept.length === 0
    ? []
    : [
        {
          code: 'joined',
          detail: `档案中该样品另有不合格项目“${kept.join('”“')}”，本行没有写明，予以保留；确应撤下的，请在档案中更正该记录。`,
        },
      ]
}

/** Of records that share a number, what is not said otherwise of one thing: its day, and one of the rest. */
const TELLING: Readonly<Record<string, { day: string; rest: readonly string[] }>> = {
  [penalty.type]: { day: 'decidedOn', rest: ['authority', 'conduct'] },
  [inspection.type]: { day: 'inspectedOn', rest: ['product', 'producer'] },
}

/** Refuses what bears the number of a record on file and is of another day and another thing: it would take that one's place. */
function mustBeOneThing(same: FileRecord, said: RecordData, kind: RecordKind): void {
  const telling = TELLING[kind.type]
  if (!telling) return
  const differs = (field: string) =>
    said[field] !== undefined && same.data[field] !== undefined && said[field] !== same.data[field]
  const others = telling.rest.filter(differs)
  if (!differs(telling.day) || others.length === 0) return
  const words = [telling.day, ...others].map((field) => {
    const label = kind.columns.find((column) => column.field === field)?.label ?? field
    return `${label}“${String(same.data[field])}”`
  })
  throw invalid(
    `/data/${telling.day}`,
    'same-number',
    `档案中已有同一编号的${kind.label}记录（${titleOf(kind, same.data)}），${words.join('、')}都与本行不同，像是另一件；为免覆盖，未予导入。编号只是序号的，请填写完整的编号；确是同一件、登记有误的，请在档案中更正该记录。`,
  )
}

/** Refuses other failing items of a sample without a number: they may be another sample's. */
function mustBeOneSample(
  same: FileRecord,
  { record }: RowReading,
  kept: readonly string[],
  kind: RecordKind,
): void {
  if (kept.length === 0 || (record.sampleNo ?? record.reportNo) !== undefined) return
  throw invalid(
    '/data/failedItems',
    'same-record',
    `本行没有抽样编号，除检验项目外与档案中的一条${kind.label}记录（${titleOf(kind, same.data)}，不合格项目“${kept.join('”“')}”）相同，不能确定是否同一样品；为免覆盖，未予导入。是同一样品的，请把几项写在本行同一格，或者填写其抽样编号；是不同样品的，各填各的抽样编号。`,
  )
}

/** Fields of a licence of which a row may name one or some: what is on file beside them stays. */
const LISTED: readonly string[] = ['unit', 'product']

/** What a row says beside lists of which it names but a part of what the file has: these stay whole, which is told. */
function withoutPartOf(
  said: RecordData,
  stood: RecordData,
  { type, columns }: RecordKind,
): { said: RecordData; notes: RowFault[] } {
  if (type !== licence.type) return { said, notes: [] }
  const parts = columns.filter(
    ({ field }) => LISTED.includes(field) && othersBeside(said[field], stood[field]).length > 0,
  )
  return {
    said: Object.fromEntries(
      Object.entries(said).filter(([field]) => !parts.some((column) => column.field === field)),
    ),
    notes: parts.map(({ field, label }) => ({
      code: 'part-of-list',
      detail: `${label}“${String(said[field])}”只是档案所列“${String(stood[field])}”的一部分，档案所列的保留；确已不再许可的，请在档案中更正该记录。`,
    })),
  }
}

/** Of a list that stands, what another leaves out that names some of it and nothing else; none where they are not of one. */
function othersBeside(said: unknown, stood: unknown): string[] {
  const [own, its] = [said, stood].map((value) => (typeof value === 'string' ? unitsOf({ unit: value }) : []))
  if (!own?.length || !its || !own.every((one) => its.includes(one))) return []
  return its.filter((one) => !own.includes(one))
}

/** Refuses what is so of one unit or product of a licence where the file has several as one: the others would be taken to share it. */
function mustNotTakeOver(same: FileRecord, changes: RecordData, kind: RecordKind): void {
  const field = kind.toldApartBy
  if (field === undefined) return
  const changed = Object.keys(changesIn(same.data, changes)).filter((name) => isOneOf(name, statesOfUnits))
  if (changed.length === 0) return
  const words = (...fields: string[]) =>
    kind.columns.flatMap((column) => (fields.includes(column.field) ? column.label : [])).join('、')
  const title = titleOf(kind, same.data)
  if (same.data[field] === undefined && changes[field] !== undefined)
    throw invalid(
      `/data/${field}`,
      'ambiguous',
      `${title} 在档案中没有写明${words(field)}，本行的${words(...changed)}与其不同，不能确定是全部还是其中一个：请先在已有记录写明它是哪几个${words(field)}，再导入本行。`,
    )
  for (const listed of LISTED) {
    const others = othersBeside(changes[listed], same.data[listed])
    if (others.length > 0)
      throw invalid(
        `/data/${listed}`,
        'ambiguous',
        `${title} 在档案中的${words(listed)}是“${String(same.data[listed])}”，本行只写了其中一部分，${words(...changed)}却与其不同，不能确定“${others.join('”“')}”是否也是如此：确是全部的，请照档案写全；只是其中一部分的，请先把已有记录按${words(field)}分开登记，再导入本行。`,
      )
  }
}

/** What to do about a row that is not known to be part of the same thing as one before it, or not. */
function howToTellApart({ record }: RowReading, { type }: RecordKind): string {
  if (type !== inspection.type)
    return '是同一件的，请把编号相同的各行排在一起，或者合并；不是的，请补上能区分的编号。'
  return record.sampleNo === undefined
    ? '是同一样品的，给各行填同一抽样编号；是不同样品的，各填各的抽样编号。'
    : '是同一样品的，请把抽样编号相同的各行排在一起；不是的，请更正抽样编号。'
}

/** Says of a row that names an authority which nobody has opened whose its record is. */
function ofUnknown(
  kind: RecordKind,
  data: RecordData,
  owner: Body,
  { authorities }: RowSituation,
): RowFault[] {
  const detail = unknownMaker(kind, data, owner, authorities)
  return detail === undefined ? [] : [{ code: 'unknown-authority', detail }]
}

/** A failing sample with what its remark says of it, and what to say of that. */
function withRemark(
  data: RecordData,
  { type, columns }: RecordKind,
): { data: RecordData; notes: RowFault[] } {
  const { findings, outcome } = data
  if (type !== inspection.type || outcome !== '不合格' || typeof findings !== 'string')
    return { data, notes: [] }
  const read = Object.entries(remarkIn(findings)).filter(([field]) => data[field] === undefined)
  const words = read.map(([field, value]) => {
    const label = columns.find((column) => column.field === field)?.label
    return `${label}：${value}`
  })
  return {
    data: { ...data, ...Object.fromEntries(read) },
    notes:
      read.length === 0
        ? []
        : [
            {
              code: 'understood',
              header: '备注',
              value: findings,
              detail: `“${findings.slice(0, 60)}”理解为：${words.join('，')}。`,
            },
          ],
  }
}

/** That a record waits for something before the public sees it, where it lacks nothing that somebody has to complete. */
function waitingForPublication(kind: RecordKind, data: RecordData): RowFault[] {
  const publication = kind.publication(data)
  return publication.public || publication.over || kind.type !== inspection.type
    ? []
    : [{ code: 'not-public-yet', detail: `暂不公示：${publication.rule}。` }]
}

/**
 * Data without what a procedure alone decides, and what to say of that: a table tells what others have decided, and decides nothing.
 * Nothing is said where it tells what the rules give in any case.
 */
function plain(
  data: RecordData,
  kind: RecordKind,
  today: CalendarDate,
  stood: RecordData = {},
): { data: RecordData; notes: RowFault[] } {
  const decided = kind.columns.filter(({ field, procedure }) => procedure !== undefined && field in data)
  const fields = new Set(decided.map(({ field }) => field))
  const rest = Object.fromEntries(Object.entries(data).filter(([field]) => !fields.has(field)))
  const end = data.publicationEndsOn
  if (kind.type === penalty.type && typeof end === 'string')
    Object.assign(rest, publishedUntil({ ...stood, ...rest }, end, today))
  const publication = kind.publication({ ...stood, ...rest })
  const until = publication.public ? publication.until : undefined
  const apart = decided.filter(({ field }) => data[field] !== until)
  return {
    data: rest,
    notes: apart.map(({ label, procedure }) => ({
      code: 'by-procedure',
      detail: `${label}由“${procedure}”的程序决定，未导入；公示期按规定计算。`,
    })),
  }
}

/** What a row would make otherwise. */
function changesIn(stood: RecordData, row: RecordData): RecordData {
  return patchBetween(stood, patched(stood, row)) ?? {}
}

/** What a row that was taken lacks all the same: somebody has to complete it. */
function noteOfMissing({ field, code, detail }: FieldFault, { columns }: RecordKind): RowFault {
  const lacks = columns.find((column) => column.field === field)?.label
  return { code, detail, ...(lacks !== undefined && { lacks }) }
}

/** The firm that a row is about where no code says it. */
function namedFirm(row: RowReading): NamedFirm {
  const { record, enterprise: about } = row
  if (typeof about.name === 'string') return firmIn(row, about.name, undefined)
  for (const role of OTHER_PARTIES) {
    const { name } = partyIn(record, role)
    if (name !== undefined) return firmIn(row, name, role)
  }
  throw invalid(
    '/name',
    'required',
    '本行没有代码，也没有企业名称，无法确定企业；与上一行是同一企业的（合并的单元格另存后只留在第一行），请照上一行补填。',
  )
}

/** A firm that a row is about, with its place: by its own address where one is given, else by the column of places. */
function firmIn(row: RowReading, name: string, role: Role | undefined): NamedFirm {
  const party = role === undefined ? { name } : partyFirm(name, row.record, role)
  return { ...placeOf(row, role), ...party }
}

/** The place that stands beside the name of the firm that a row is about; a party's place is not known by it. */
function placeOf({ within, enterprise: about }: RowReading, role: Role | undefined): { place?: string } {
  const place = [within, about.region].join('')
  return place === '' || role === 'sampled' ? {} : { place }
}

/** A person's name with letters hidden (张**), or a trader's own: never looked for among firms. A mark behind a firm's name is a footnote. */
const PERSON = /[*＊×].|^.{0,3}[*＊×]$|^\p{Script=Han}{2,3}$|^\p{Script=Han}{1,2}某{1,2}$/u

const NO_PERSON = (name: string) => `“${name}”是个人或隐去了姓名，不建企业档案，也不按名称匹配。`
/** That a firm which is named has no file; its rows wait for one. */
function unfiled({ name, place }: NamedFirm): Refusal {
  const detail = `“${name}”没有建档，本行列入待建档；建档后可由此导入。`
  const waits: WaitingFirm = { name, ...(place !== undefined && { place }) }
  return new Refusal('invalid', detail, [{ pointer: '/name', code: 'not-on-file', detail }], { waits })
}

/** The file that a name was decided to mean. */
function fileNamed(firm: NamedFirm, at: RowSituation): Dossier {
  const dossier = decidedFile(firm, at)
  if (!dossier) throw unfiled(firm)
  return dossier
}

/** The same, undefined where it was decided that it is not on file; a name that nobody has decided on is asked. */
function decidedFile(firm: NamedFirm, at: RowSituation): Dossier | undefined {
  const { name } = firm
  if (PERSON.test(name)) throw invalid('/name', 'person', NO_PERSON(name))
  const key = decidedKey(firm, at)
  if (key === undefined)
    throw new Refusal(
      'invalid',
      '按名称确定企业。',
      [
        {
          pointer: '/name',
          code: 'by-name',
          detail: `没有代码，“${name}”是哪家企业须先确认；同一名称只问一次。`,
        },
      ],
      { firm },
    )
  if (key === '') return undefined
  const dossier = standing(at.file(key))
  if (!dossier) throw invalid('/name', 'unknown', `为“${name}”选定的档案 ${key} 不存在或已撤回，请重新确认。`)
  return dossier
}

function titleOf(kind: RecordKind, data: RecordData): string {
  return [data[kind.titledBy], data[kind.datedBy]].filter((value) => value !== undefined).join('，')
}

/** Data without the fields that a row says are to be empty. */
function filled(data: RecordData): RecordData {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null && value !== undefined))
}

/** That no file has a code; its rows wait for one. */
function notOnFile(code: string, name: unknown, label: string): Refusal {
  const detail = `${code} 尚未建立质量信用档案，本行列入待建档；请先导入该企业的基本信息或许可，再导入${label}。`
  const waits: WaitingFirm = { code, ...(typeof name === 'string' && { name }) }
  return new Refusal('invalid', detail, [{ pointer: '/code', code: 'unknown', detail }], { waits })
}

/**
 * A licence or certificate of an enterprise that has no file yet opens it with what the row says of the applicant,
 * as the plan's section (九)1 has files built from licence and CCC applications.
 */
function openWithRecord(
  row: RowReading,
  uscc: string | undefined,
  kind: RecordKind,
  at: RowSituation,
): RowOutcome {
  const code = row.codes.uscc ?? row.codes.orgCode ?? ''
  if (kind.type !== 'licence') throw notOnFile(code, row.enterprise.name, kind.label)
  if (row.enterprise.name === undefined)
    throw invalid('/code', 'unknown', `${code} 尚未建立质量信用档案；请在本行补填企业名称，以便同时建档。`)
  const about = placed(row.enterprise, row.within, undefined, uscc)
  const opening = openFile({ codes: row.codes, data: filled(about.data), row: row.hash }, at)
  const opened = anticipated(undefined, opening.drafts)
  if (!opened) throw new Error('an opening opened no file')
  const added = addToFile(opened, row, [...row.notes, ...about.notes], kind, at)
  return 'decisions' in added
    ? { outcome: 'opened', decisions: [opening, ...added.decisions], notes: added.notes }
    : added
}

function fileOf(typed: TypedCodes, at: Situation) {
  const read = readCodes(typed)
  if (!read.ok) throw invalid(`/${read.field}`, read.fault.code, read.fault.detail)
  const { uscc, orgCode, notes } = read
  const other = standing(at.file(orgCode))
  const own = uscc === undefined ? undefined : standing(at.file(uscc))
  const isSame = other && (uscc === undefined || other.uscc === undefined || other.uscc === uscc)
  return { dossier: own ?? (isSame ? other : undefined), uscc, codeNotes: notes.map(noteOf) }
}

function noteOf({ code, detail }: CodeNote): RowFault {
  return { code, detail }
}

/** A record under a wrong code would stand against another enterprise, so a row that names its firm is checked. */
function mustBeNamed(dossier: Dossier, name: unknown, as: string): void {
  if (typeof name !== 'string' || hasName(dossier, name)) return
  throw invalid(
    '/name',
    'name-differs',
    `代码对应的企业是“${dossier.enterprise.name}”，与本行${as}“${name}”不符；请核对代码，企业如已更名，请先更新其基本信息。`,
  )
}

/**
 * Data with the place that a row's words mean, told apart by the column beside and the code's own digits. A city named
 * in a file does not unsay the county that is known, and the county of the registering office stands in for it in a
 * new file; words that tell no place yield to the code in a new file and change nothing in one that stands.
 */
function placed(
  data: RecordData,
  within: string | undefined,
  dossier: Dossier | undefined,
  uscc: string | undefined,
): { data: RecordData; notes: RowFault[] } {
  if (typeof data.region !== 'string') return { data, notes: [] }
  const code = uscc ?? dossier?.uscc
  const registeredIn = code === undefined ? undefined : regionWithin(code)
  const read = readPlace(data.region, { registeredIn, within })
  // The field's own check names what can't be read at all.
  if (!read.ok) return { data, notes: [] }
  const notes = read.note ? [read.note] : []
  if (dossier && read.note?.code === 'from-code') {
    const { region: _, ...rest } = data
    return { data: rest, notes }
  }
  const known = dossier ? dossier.enterprise.region : registeredIn
  const isFiner =
    typeof known === 'string' && region(known) !== undefined && regionContains(read.region.code, known)
  return { data: { ...data, region: isFiner ? known : read.region.code }, notes }
}

function isNamedFirm(value: unknown): value is NamedFirm {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}

function rowFaults(refusal: Refusal, cells: readonly Cell[], mapping: Mapping, kind: RecordKind): RowFault[] {
  const faults: readonly Fault[] =
    refusal.faults.length > 0
      ? refusal.faults
      : [{ pointer: '', code: refusal.reason, detail: refusal.title }]
  const { renames, firm } = refusal.related
  const waits = waitingFirm.safeParse(refusal.related.waits)
  return faults.map(({ pointer, code, detail }) => {
    const place = columnAt(pointer, mapping)
    const lacks = code === 'required' && place === undefined ? labelAt(pointer, kind) : undefined
    return {
      code,
      ...(lacks !== undefined && { lacks }),
      ...(typeof renames === 'string' && { renames }),
      ...(isNamedFirm(firm) && { firm }),
      ...(waits.success && { waits: waits.data }),
      ...(place !== undefined && { header: mapping.headers[place] ?? '', value: textOf(cells[place] ?? '') }),
      detail: code === 'exists' || code === 'organisation-code-in-use' ? refusal.title : detail,
    }
  })
}

/** Label of the field of a record that a fault points at. */
function labelAt(pointer: string, { columns }: RecordKind): string | undefined {
  const [, at, field] = pointer.split('/')
  return at === 'data' ? columns.find((column) => column.field === field)?.label : undefined
}

function columnAt(pointer: string, { targets }: Mapping): number | undefined {
  const field = pointer.split('/').at(-1) ?? ''
  if (/^\d+$/u.test(field)) return Number(field)
  const at = targets.findIndex((target) =>
    'column' in target
      ? target.to !== 'verdict' && target.column.field === field
      : target.to === field || (target.to === 'code' && ['uscc', 'orgCode'].includes(field)),
  )
  if (at >= 0) return at
  // Which firm it is, a table of codes alone says by these.
  if (!['code', 'uscc', 'orgCode', 'name'].includes(field)) return undefined
  const code = targets.findIndex(({ to }) => to === 'uscc' || to === 'orgCode' || to === 'code')
  return code >= 0 ? code : undefined
}
