import { cursorOf } from '../src/http/list-parameters.ts'
import type { Catalogue } from '../src/records/catalogue.ts'
import type { RecordKind } from '../src/records/kind.ts'
import type { Alone, FilePage, NamedRecord } from '../src/registry/file-page.ts'
import { type Language, pathIn } from '../src/ui/frame.tsx'

/** A file as it is looked at. */
export interface Look {
  /** Path of the file. */
  own: string
  /** The day of the past, as it was asked for. */
  asOf?: string | undefined
  /** The part that is shown alone, and from where on; otherwise the whole file with the beginning of each part. */
  alone?: Alone | undefined
  isPrint: boolean
}

/** Address of a part on the screen; the beginnings stand together on the file's own page. */
export function partAddress(
  look: Pick<Look, 'own' | 'asOf'>,
  part: string,
  beside?: Omit<Alone, 'part'>,
): string {
  const { own, asOf } = look
  return `${addressOf(own, { asOf, alone: beside && { part, ...beside } })}#${part}`
}

/** A path with the parameters of a page of a file, in their one form. */
export function addressOf(path: string, { asOf, alone }: Pick<Look, 'asOf' | 'alone'>): string {
  const { part, after, before } = alone ?? {}
  return addressWith(path, {
    asOf,
    section: part,
    after: after && cursorOf(...after),
    before: before && cursorOf(...before),
  })
}

function addressWith(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}

/** A record that is named on a page of its file. */
export interface PlacedRecord {
  kind: RecordKind
  record: NamedRecord
  /** Whether it stands on the page itself. */
  isHere: boolean
}

/** The records that a page of a file names, by id. */
export function recordsNamed(
  { file, named }: FilePage,
  { kinds }: Catalogue,
): ReadonlyMap<string, PlacedRecord> {
  const here = new Set(Object.values(file.sections).flatMap((records) => records.map(({ id }) => id)))
  return new Map(
    named.flatMap((record) => {
      const kind = kinds.find(({ type }) => type === record.type)
      return kind ? [[record.id, { kind, record, isHere: here.has(record.id) }] as const] : []
    }),
  )
}

/** Address of a record from a page of its file: within that page where it stands there, else on whichever it is when that is asked for. */
export function recordAddress(
  { own, asOf }: Look,
  { record, isHere }: PlacedRecord,
  language: Language,
): string {
  const { id } = record
  return `${isHere ? '' : pathIn(language, addressWith(own, { asOf, record: id }))}#r-${id}`
}
