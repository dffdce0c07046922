import type { z } from 'zod'
import type { CalendarDate } from '../calendar/dates.ts'
import { earliestOf, type PartialDate } from '../calendar/partial-date.ts'
import type { FieldMeta } from './fields.ts'
import { type SightName, seesField } from './sight.ts'
import {
  finderOfUnreadable,
  type KeptRecord,
  type ReadAs,
  type StoredData,
  unreadableFaults,
} from './stored.ts'

/** The data of a record as it is stored: a flat object of field values. */
export type RecordData = Record<string, unknown>

/**
 * When a record stands on the public page: from a date, until (and not on) another; or never. `rule` names the
 * clause that says so. One that is `over` was taken back, so that nothing may rest on it.
 */
export type Publication =
  | { public: true; from: CalendarDate; until?: CalendarDate; rule: string }
  | { public: false; rule: string; over?: true }

/** A fault that lies in how fields fit together; `field` is where to mend it. */
export interface FieldFault {
  field: string
  code: string
  detail: string
}

export type Fields = z.ZodObject<z.core.$ZodLooseShape, z.core.$strict>

/** Whether nobody may be judged by a record any more on a day: its publication has ended or was taken back. */
export function isOver(publication: Publication, on: CalendarDate): boolean {
  return publication.public
    ? publication.until !== undefined && publication.until <= on
    : publication.over === true
}

interface KindDefinition<F extends Fields> {
  /** Name in the API: `licence`. */
  type: string
  /** Key of its list in a file: `licences`. */
  section: string
  /** Chinese name: 许可认证. */
  label: string
  /** The field that dates it: lists are ordered by it, newest first. */
  datedBy: keyof z.output<F> & string
  /** The field that names it in one line. */
  titledBy: keyof z.output<F> & string
  /** The field that names the authority that made it, where it has one. */
  madeBy?: keyof z.output<F> & string
  /** The fields that a table of such records has columns for, after the date. */
  summary: readonly (keyof z.output<F> & string)[]
  fields: F
  /** What makes two records of one file the same one: a document number, or all that tells them apart. */
  identity(data: StoredData<F>): string
  /** What told such records apart before the number that `identity` goes by was kept; undefined for data without it. */
  unnumbered?(data: StoredData<F>): string | undefined
  /** What tells such records apart beside a date that may be known better, or less well, than where its identity came from. */
  undated?(data: StoredData<F>): string
  /** Whether the record counts for the firm whose file it stands in: a sample may be another's failing. */
  isCounted?(data: StoredData<F>): boolean
  /** Whether it tells something adverse of the firm. */
  isAdverse?(data: StoredData<F>): boolean
  /** Whether data is a record of its own though an earlier one has its identity: it came in that one's place. */
  replaces?(data: StoredData<F>, earlier: StoredData<F>): boolean
  /** Whether data of one identity is of two things all the same, by what both say and say differently. */
  isApart?(data: StoredData<F>, other: StoredData<F>): boolean
  /** The field that has to tell which of several such things of one identity is meant, where a file holds them. */
  toldApartBy?: keyof z.output<F> & string
  /** What data says of another record of its file that that one does not say of itself. */
  clash?(data: StoredData<F>, other: StoredData<F>): FieldFault | undefined
  publication(data: StoredData<F>): Publication
  /** Faults in how the fields fit together. */
  check?(data: z.output<F>): FieldFault[]
  /** What the data lacks for its rules to be applied: until it is there, the record tells nothing good. */
  missing?(data: StoredData<F>): FieldFault[]
  /** What the passing of time makes of the data on a day, where it does (a licence expires). */
  readOn?(data: StoredData<F>, on: CalendarDate): Reading
}

/** Data as it reads on a day: what differs from what is stored, and the next day on which that changes. */
export interface Reading {
  changes?: RecordData
  nextOn?: CalendarDate
}

/**
 * A kind of record with its types rubbed off, as the rooms that treat all kinds alike see it. What it says of data that
 * it can't read: not public, and incomplete.
 */
export interface RecordKind {
  readonly type: string
  readonly section: string
  readonly label: string
  readonly datedBy: string
  readonly titledBy: string
  readonly summary: readonly string[]
  readonly fields: Fields
  readonly columns: readonly Column[]
  identity(data: RecordData): string
  unnumbered(data: RecordData): string | undefined
  undated(data: RecordData): string | undefined
  isCounted(data: RecordData): boolean
  /** Whether it tells something adverse of the firm. */
  isAdverse(data: RecordData): boolean
  replaces(data: RecordData, earlier: RecordData): boolean
  isApart(data: RecordData, other: RecordData): boolean
  readonly toldApartBy: string | undefined
  clash?(data: RecordData, other: RecordData): FieldFault | undefined
  publication(data: RecordData): Publication
  check(data: RecordData): FieldFault[]
  missing(data: RecordData): FieldFault[]
  readOn(data: RecordData, on: CalendarDate): Reading
  /** The day that dates it, the first that it may be where only its year or month is known; the empty text where it has none. */
  datedOn(data: RecordData): CalendarDate
  /** What dates it, as far as it is known; the empty text where nothing does. */
  dateOf(data: RecordData): PartialDate
  /** The field that names the authority that made it; undefined where none does. */
  readonly makerField: string | undefined
  /** The authority that its data names as its maker. */
  madeBy(data: RecordData): string | undefined
}

/** A kind of record as the rooms that apply its rules see it: wrong names of fields and terms don't compile. */
export interface KindOf<F extends Fields> extends RecordKind {
  /** The record with its data read; undefined for one of another kind, a withdrawn one, and one that can't be read. */
  of<R extends KeptRecord>(record: R): ReadAs<R, StoredData<F>> | undefined
  /** The records of this kind that stand in a file and can be read, in its order. */
  in<R extends KeptRecord>(file: { readonly records: readonly R[] }): ReadAs<R, StoredData<F>>[]
  /** What of stored data can be read, field by field. */
  partsOf(data: RecordData): Partial<StoredData<F>>
}

/** A field as a column of a file, a line of a form or of a page. */
export interface Column extends Omit<FieldMeta, 'sight'> {
  field: string
  /** Who sees it beside officers, and from when; nobody where it is left out. */
  sight?: SightName
  /** The public never sees it. */
  internal?: true
  /**
   * `rows` is a table within the record; `patch` is a merge patch over a record, which no form has a single field for;
   * `document` is one of JSON.
   */
  type:
    | 'text'
    | 'date'
    | 'partial-date'
    | 'number'
    | 'boolean'
    | 'choice'
    | 'list'
    | 'rows'
    | 'patch'
    | 'document'
  required: boolean
  /** The terms to choose from, for `choice` and `list`. */
  terms?: readonly string[]
  /** The columns of a table within, for `rows`. */
  parts?: readonly Column[]
}

/** What a column may be answered with where it is chosen from. */
export function answersOf({ type, terms = [] }: Pick<Column, 'type' | 'terms'>): readonly string[] {
  return type === 'boolean' ? ['是', '否'] : terms
}

/**
 * A kind of record from its definition. Everything that shows or takes such records follows from it: validation,
 * OpenAPI, file columns, exchange elements and the lines of the public page.
 */
export function recordKind<F extends Fields>(definition: KindDefinition<F>): KindOf<F> {
  const { type, fields, datedBy, madeBy } = definition
  const columns = columnsOf(fields)
  const unreadable = finderOfUnreadable(columns)
  const knownOf = keptByData((data): Known => ({ unread: unreadable(data) }))
  const unread = (data: RecordData) => knownOf(data).unread
  const isRead = (data: RecordData): data is RecordData & StoredData<F> => unread(data).length === 0
  const clash = definition.clash?.bind(definition)
  const isPartlyRead = (data: RecordData): data is RecordData & Partial<StoredData<F>> =>
    unread(data).every(({ field }) => !(field in data))
  // What a parse by these very fields gave: its terms are known, which stored ones need not be.
  const parsed = (data: RecordData) => data as z.output<F>
  const isOf = <R extends KeptRecord>(record: R): record is R & { data: StoredData<F> } =>
    record.type === type && !record.withdrawn && isRead(record.data)
  return {
    type,
    section: definition.section,
    label: definition.label,
    datedBy,
    titledBy: definition.titledBy,
    summary: definition.summary,
    fields,
    columns,
    identity(data) {
      const known = knownOf(data)
      known.identity ??= isRead(data) ? definition.identity(data) : JSON.stringify(data)
      return known.identity
    },
    unnumbered: (data) => (isRead(data) ? definition.unnumbered?.(data) : undefined),
    undated(data) {
      const known = knownOf(data)
      if (!definition.undated || !isRead(data)) return undefined
      known.undated ??= definition.undated(data)
      return known.undated
    },
    isCounted: (data) => !isRead(data) || (definition.isCounted?.(data) ?? true),
    isAdverse: (data) => isRead(data) && (definition.isAdverse?.(data) ?? false),
    replaces: (data, earlier) =>
      isRead(data) && isRead(earlier) && (definition.replaces?.(data, earlier) ?? false),
    isApart: (data, other) => isRead(data) && isRead(other) && (definition.isApart?.(data, other) ?? false),
    toldApartBy: definition.toldApartBy,
    ...(clash && {
      clash: (data: RecordData, other: RecordData) =>
        isRead(data) && isRead(other) ? clash(data, other) : undefined,
    }),
    publication(data) {
      const known = knownOf(data)
      known.publication ??= isRead(data) ? definition.publication(data) : UNREADABLE
      return known.publication
    },
    check: (data) => definition.check?.(parsed(data)) ?? [],
    missing: (data) => (isRead(data) ? (definition.missing?.(data) ?? []) : unreadableFaults(unread(data))),
    readOn: (data, on) => (isRead(data) ? (definition.readOn?.(data, on) ?? {}) : {}),
    datedOn: (data) => earliestOf(textIn(data, datedBy) ?? ''),
    dateOf: (data) => textIn(data, datedBy) ?? '',
    makerField: madeBy,
    madeBy: (data) => (madeBy === undefined ? undefined : textIn(data, madeBy)),
    of: (record) => (isOf(record) ? record : undefined),
    in: ({ records }) => records.filter(isOf),
    partsOf(data) {
      if (isPartlyRead(data)) return data
      const parts: RecordData = { ...data }
      for (const { field } of unread(data)) delete parts[field]
      return isPartlyRead(parts) ? parts : {}
    },
  }
}

const UNREADABLE: Publication = { public: false, rule: '有不能识别的内容，规则无法适用' }

function textIn(data: RecordData, field: string): string | undefined {
  const value = data[field]
  return typeof value === 'string' ? value : undefined
}

/** What follows from data, worked out once. */
interface Known {
  unread: readonly Column[]
  identity?: string
  undated?: string
  publication?: Publication
}

/** What follows from data, kept with it: stored data is never changed, but replaced. */
function keptByData<T extends object>(work: (data: RecordData) => T): (data: RecordData) => T {
  const known = new WeakMap<RecordData, T>()
  return (data) => {
    const before = known.get(data)
    if (before) return before
    const found = work(data)
    known.set(data, found)
    return found
  }
}

/** Columns of an object schema, in the order of definition; throws for a field without a label. */
export function columnsOf(fields: Fields): Column[] {
  return Object.entries(fields.shape).map(([field, schema]) => column(field, schema as z.ZodType))
}

function column(field: string, schema: z.ZodType): Column {
  let inner: z.ZodType = schema
  let meta = schema.meta()
  let required = true
  while (inner.type === 'optional' || inner.type === 'default') {
    required = false
    inner = (inner as z.ZodOptional<z.ZodType>).unwrap()
    meta = { ...inner.meta(), ...meta }
  }
  const label = meta?.label
  if (label === undefined) throw new Error(`field ${field} has no label`)
  // What the exchange tables name is passed on to the platform; the rest is open to all alike.
  const sight: SightName = meta?.sight ?? (meta?.elements ? 'exchanged' : 'open')
  const { elements, headers, past, unit, hint, synonyms, use, elementFactor } = meta ?? {}
  const { later, adverse, isKnownBy, procedure, isLong, answers, suggestions, isOffered, isFirm } = meta ?? {}
  return {
    field,
    required,
    ...(meta?.isPartial ? { type: 'partial-date' as const } : shape(inner, meta?.format === 'date')),
    label,
    sight,
    ...(elements && { elements }),
    ...(headers && { headers }),
    ...(!seesField(sight, 'public', true) && { internal: true as const }),
    ...(past && { past }),
    ...(unit && { unit }),
    ...(hint && { hint }),
    ...(synonyms && { synonyms }),
    ...(use && { use }),
    ...(elementFactor && { elementFactor }),
    ...(later && { later }),
    ...(adverse && { adverse }),
    ...(isKnownBy && { isKnownBy }),
    ...(procedure && { procedure }),
    ...(isLong && { isLong }),
    ...(answers && { answers }),
    ...(suggestions && { suggestions }),
    ...(isOffered && { isOffered }),
    ...(isFirm && { isFirm }),
  }
}

function shape(schema: z.ZodType, isDate: boolean): Pick<Column, 'type' | 'terms' | 'parts'> {
  if (isDate) return { type: 'date' }
  if (schema.type === 'enum') return { type: 'choice', terms: termsOf(schema) }
  if (schema.type === 'array') {
    const { element } = schema as z.ZodArray<z.ZodType>
    return isTable(element)
      ? { type: 'rows', parts: columnsOf(element) }
      : { type: 'list', terms: termsOf(element) }
  }
  if (schema.type === 'number') return { type: 'number' }
  if (schema.type === 'boolean') return { type: 'boolean' }
  if (schema.type === 'record') return { type: 'patch' }
  if (schema.type === 'object') return { type: 'document' }
  return { type: 'text' }
}

/** Whether the elements of a list are rows whose parts people know by name; documents of JSON are lists of another kind. */
function isTable(element: z.ZodType): element is Fields {
  return (
    element.type === 'object' &&
    Object.values((element as Fields).shape).every((part) => (part as z.ZodType).meta()?.label !== undefined)
  )
}

function termsOf(schema: z.ZodType): string[] {
  return schema.type === 'enum' ? (schema as z.ZodEnum).options.map(String) : []
}
