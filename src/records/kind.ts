import type { z } from 'zod'
import type { CalendarDate } from '../calendar/dates.ts'
import type { FieldMeta } from './fields.ts'

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
  /** The fields that a table of such records has columns for, after the date. */
  summary: readonly (keyof z.output<F> & string)[]
  fields: F
  /** What makes two records of one file the same one: a document number, or all that tells them apart. */
  identity(data: z.output<F>): string
  /** Whether data is a record of its own though an earlier one has its identity: it came in that one's place. */
  replaces?(data: z.output<F>, earlier: z.output<F>): boolean
  publication(data: z.output<F>): Publication
  /** Faults in how the fields fit together. */
  check?(data: z.output<F>): FieldFault[]
  /** What the data lacks for its rules to be applied: until it is there, the record tells nothing good. */
  missing?(data: z.output<F>): FieldFault[]
  /** What the passing of time makes of the data on a day, where it does (a licence expires). */
  readOn?(data: z.output<F>, on: CalendarDate): Reading
}

/** Data as it reads on a day: what differs from what is stored, and the next day on which that changes. */
export interface Reading {
  changes?: RecordData
  nextOn?: CalendarDate
}

/** A kind of record with its types rubbed off, as the rooms that treat all kinds alike see it. */
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
  replaces(data: RecordData, earlier: RecordData): boolean
  publication(data: RecordData): Publication
  check(data: RecordData): FieldFault[]
  missing(data: RecordData): FieldFault[]
  readOn(data: RecordData, on: CalendarDate): Reading
}

/** A field as a column of a file, a line of a form or of a page. */
export interface Column extends FieldMeta {
  field: string
  /** `patch` is a merge patch over a record, which no form has a single field for; `document` is one of JSON. */
  type: 'text' | 'date' | 'number' | 'boolean' | 'choice' | 'list' | 'patch' | 'document'
  required: boolean
  /** The terms to choose from, for `choice` and `list`. */
  terms?: readonly string[]
}

/** What a column may be answered with where it is chosen from. */
export function answersOf({ type, terms = [] }: Pick<Column, 'type' | 'terms'>): readonly string[] {
  return type === 'boolean' ? ['是', '否'] : terms
}

/**
 * A kind of record from its definition. Everything that shows or takes such records follows from it: validation,
 * OpenAPI, file columns, exchange elements and the lines of the public page.
 */
export function recordKind<F extends Fields>(definition: KindDefinition<F>): RecordKind {
  const { fields } = definition
  const kept = keptByData<Publication>()
  // Stored data was parsed by these very fields on its way in, so parsing again would only cost time.
  const typed = (data: RecordData) => data as z.output<F>
  return {
    type: definition.type,
    section: definition.section,
    label: definition.label,
    datedBy: definition.datedBy,
    titledBy: definition.titledBy,
    summary: definition.summary,
    fields,
    columns: columnsOf(fields),
    identity: (data) => definition.identity(typed(data)),
    replaces: (data, earlier) => definition.replaces?.(typed(data), typed(earlier)) ?? false,
    publication: (data) => kept(data, () => definition.publication(typed(data))),
    check: (data) => definition.check?.(typed(data)) ?? [],
    missing: (data) => definition.missing?.(typed(data)) ?? [],
    readOn: (data, on) => definition.readOn?.(typed(data), on) ?? {},
  }
}

/** What follows from data, worked out once: stored data is never changed, but replaced. */
function keptByData<T>(): (data: RecordData, work: () => T) => T {
  const known = new WeakMap<RecordData, T>()
  return (data, work) => {
    const found = known.get(data) ?? work()
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
  const { elements, headers, internal, past, unit, hint, synonyms, use, elementFactor } = meta ?? {}
  const { weight, procedure, isLong, answers, suggestions, isOffered } = meta ?? {}
  return {
    field,
    required,
    ...shape(inner, meta?.format === 'date'),
    label,
    ...(elements && { elements }),
    ...(headers && { headers }),
    ...(internal && { internal }),
    ...(past && { past }),
    ...(unit && { unit }),
    ...(hint && { hint }),
    ...(synonyms && { synonyms }),
    ...(use && { use }),
    ...(elementFactor && { elementFactor }),
    ...(weight && { weight }),
    ...(procedure && { procedure }),
    ...(isLong && { isLong }),
    ...(answers && { answers }),
    ...(suggestions && { suggestions }),
    ...(isOffered && { isOffered }),
  }
}

function shape(schema: z.ZodType, isDate: boolean): Pick<Column, 'type' | 'terms'> {
  if (isDate) return { type: 'date' }
  if (schema.type === 'enum') return { type: 'choice', terms: termsOf(schema) }
  if (schema.type === 'array')
    return { type: 'list', terms: termsOf((schema as z.ZodArray<z.ZodType>).element) }
  if (schema.type === 'number') return { type: 'number' }
  if (schema.type === 'boolean') return { type: 'boolean' }
  if (schema.type === 'record') return { type: 'patch' }
  if (schema.type === 'object') return { type: 'document' }
  return { type: 'text' }
}

function termsOf(schema: z.ZodType): string[] {
  return schema.type === 'enum' ? (schema as z.ZodEnum).options.map(String) : []
}
