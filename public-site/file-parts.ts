import type { PublicFile, PublicRecord } from '../src/dossier/face.ts'
import type { Catalogue } from '../src/records/catalogue.ts'
import type { RecordKind } from '../src/records/kind.ts'
import { type Language, pathIn } from '../src/ui/frame.tsx'
import { LINES_A_PAGE, type Page, pageOf } from '../src/ui/pages.tsx'

/** The part of a file that tells how it came about (形成过程), beside the sections of records. */
export const HISTORY = 'history'

/** So many lines a file on paper has in all before its long parts are cut there too. */
export const MOST_PRINTED = 400

/** A page of a part of a file, counted from 1. */
export interface PartPage {
  part: string
  page: number
}

/** A file as it is looked at. */
export interface Look {
  /** Path of the file. */
  own: string
  /** The day of the past, as it was asked for. */
  asOf?: string | undefined
  /** The page of a part that is shown alone; otherwise the whole file with the first page of each part. */
  alone?: PartPage | undefined
  isPrint: boolean
  /** How many lines of each part stand on a page. */
  most: number
}

/** A file as it is to be looked at: on paper every part stands whole, unless that is too much. */
export function lookAt(file: PublicFile, asked: Pick<Look, 'asOf' | 'isPrint'>): Look {
  const lines = Array.from(partsOf(file).values()).reduce((sum, { length }) => sum + length, 0)
  const isWhole = asked.isPrint && lines <= MOST_PRINTED
  return { ...asked, own: `/enterprises/${file.orgCode}`, most: isWhole ? MOST_PRINTED : LINES_A_PAGE }
}

/** The lines of a part that stand on the page. */
export function pageOfPart<T>(all: readonly T[], part: string, { alone, most }: Look): Page<T> {
  return pageOf(all, alone?.part === part ? alone.page : 1, most)
}

/** Address of a page of a part on the screen; the first ones stand together on the file's own page. */
export function partAddress({ own, asOf }: Pick<Look, 'own' | 'asOf'>, place: PartPage): string {
  return `${addressOf(own, { asOf, alone: aloneIf(place) })}#${place.part}`
}

/** A path with the parameters of a page of a file, in their one form. */
export function addressOf(path: string, { asOf, alone }: Pick<Look, 'asOf' | 'alone'>): string {
  const parameters = new URLSearchParams({
    ...(asOf !== undefined && { asOf }),
    ...(alone && { section: alone.part, page: String(alone.page) }),
  })
  return parameters.size === 0 ? path : `${path}?${parameters}`
}

/** Lines of each part of a file, by its name. */
export function partsOf({ sections, history }: PublicFile): ReadonlyMap<string, readonly object[]> {
  return new Map<string, readonly object[]>([...Object.entries(sections), [HISTORY, history]])
}

/** A record with where it stands. */
export interface PlacedRecord extends PartPage {
  kind: RecordKind
  record: PublicRecord
}

/** The records of a file by id, with the page that each stands on where so many of each part stand on one. */
export function placedRecords(
  { sections }: PublicFile,
  catalogue: Catalogue,
  most: number,
): ReadonlyMap<string, PlacedRecord> {
  const placed = new Map<string, PlacedRecord>()
  for (const kind of catalogue.kinds)
    for (const [at, record] of (sections[kind.section] ?? []).entries())
      placed.set(record.id, { kind, record, part: kind.section, page: 1 + Math.floor(at / most) })
  return placed
}

/** Address of a record from a page of its file: within that page where it stands there. */
export function recordAddress(look: Look, place: PlacedRecord, language: Language): string {
  const { own, asOf, alone } = look
  const { part, page, record } = place
  const isHere = alone ? alone.part === part && alone.page === page : page === 1
  const path = isHere ? '' : pathIn(language, addressOf(own, { asOf, alone: aloneIf(place) }))
  return `${path}#r-${record.id}`
}

/** The page of a part where it stands alone. */
export function aloneIf({ part, page }: PartPage): PartPage | undefined {
  return page === 1 ? undefined : { part, page }
}
