import type { Proposal } from '../authority/proposal.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../records/catalogue.ts'
import type { Column, RecordData, RecordKind } from '../records/kind.ts'
import type { Entry } from '../register/entry.ts'
import { type Dossier, type FileRecord, fold } from './dossier.ts'
import { type FileFact, factOf } from './entries.ts'

/** One field that differs between two states of a file. */
export interface Difference {
  /** The kind of record, or the basic information. */
  kind: Pick<RecordKind, 'type' | 'label'>
  /** The record, where it is not the basic information. */
  record?: { id: string; title: string }
  column: Column
  before: unknown
  after: unknown
}

/** What differs between two states of a file, field by field; a file or record that was not there had nothing. */
export function differencesBetween(
  before: Dossier | undefined,
  after: Dossier | undefined,
  catalogue: Catalogue,
): Difference[] {
  const own = ofData(enterpriseKind, before?.enterprise ?? {}, after?.enterprise ?? {})
  const records = new Map<string, { was?: FileRecord; is?: FileRecord }>()
  for (const was of before?.records ?? []) records.set(was.id, { was })
  for (const is of after?.records ?? []) records.set(is.id, { ...records.get(is.id), is })
  const each = Array.from(records.values()).flatMap(({ was, is }) => {
    const known = is ?? was
    const kind = known && catalogue.kind(known.type)
    if (!known || !kind) return []
    const told = is && !is.withdrawn ? is : was
    const record = { id: known.id, title: told ? titleOf(kind, told.data) : '' }
    return ofData(kind, was?.data ?? {}, is?.data ?? {}).map((difference) => ({ ...difference, record }))
  })
  return [...own, ...each]
}

function ofData(kind: RecordKind, before: RecordData, after: RecordData): Difference[] {
  const { type, label } = kind
  return kind.columns.flatMap((column) => {
    const [was, is] = [before[column.field], after[column.field]]
    return JSON.stringify(was) === JSON.stringify(is)
      ? []
      : [{ kind: { type, label }, column, before: was, after: is }]
  })
}

/** What a record is called among its kind: its title field, and its day. */
export function titleOf(kind: RecordKind, data: RecordData): string {
  const parts = [data[kind.titledBy], data[kind.datedBy]]
  return parts.filter((part) => part !== undefined).join(' ')
}

function recordNamed(
  id: string,
  before: Dossier | undefined,
  after: Dossier | undefined,
  catalogue: Catalogue,
): string | undefined {
  const find = (dossier: Dossier | undefined) =>
    dossier?.records.find((record) => record.id === id && !record.withdrawn)
  const record = find(after) ?? find(before)
  const kind = record && catalogue.kind(record.type)
  return record && kind && `${kind.label} ${titleOf(kind, record.data)}`
}

/** One entry of a file as officers read it: what it changed and why. */
export interface Chapter {
  entry: Entry
  differences: Difference[]
  /** The record that it is about, by its kind and title. */
  about?: string
  /** The proposal that it is a step of. */
  proposal?: Proposal
  reason?: string
}

/** A file's entries, oldest first, each with what it changed; why a change was made stands with the change. */
export function chaptersOf(entries: readonly Entry[], catalogue: Catalogue): Chapter[] {
  let dossier: Dossier | undefined
  const chapters: Chapter[] = []
  for (const entry of entries) {
    const before = dossier
    dossier = fold(before, [entry])
    const fact = factOf(entry)
    const explained = fact?.kind === 'change.explained' ? chapters.at(-1) : undefined
    if (explained && fact?.kind === 'change.explained') explained.reason = fact.payload.reason
    else chapters.push(chapterOf(entry, fact, before, dossier, catalogue))
  }
  return chapters
}

function chapterOf(
  entry: Entry,
  fact: FileFact | undefined,
  before: Dossier | undefined,
  after: Dossier | undefined,
  catalogue: Catalogue,
): Chapter {
  const payload = fact?.payload
  const isChange =
    payload !== undefined && ('changes' in payload || fact?.kind.endsWith('.withdrawn') === true)
  const about = payload && 'id' in payload ? recordNamed(payload.id, before, after, catalogue) : undefined
  const proposal =
    payload && 'id' in payload && fact?.kind.startsWith('act.')
      ? after?.proposals?.find(({ id }) => id === payload.id)
      : undefined
  return {
    entry,
    ...(proposal && { proposal }),
    // What is new stands in the file itself; told field by field it would only be long.
    differences: isChange ? differencesBetween(before, after, catalogue) : [],
    ...(about !== undefined && { about }),
    ...(payload && 'reason' in payload && payload.reason !== undefined && { reason: payload.reason }),
  }
}
