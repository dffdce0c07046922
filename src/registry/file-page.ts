import type { FileEvent } from '../dossier/dossier.ts'
import type { PublicFile, PublicRecord } from '../dossier/face.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { RecordData, RecordKind } from '../records/kind.ts'
import { type Beside, newestFirst, type Order, pageWith, type Stretch, stretchOf } from './places.ts'

/** The part of a file that tells how it came about (形成过程), beside the sections of records. */
export const HISTORY = 'history'
/** Lines of a part that stand on one page. */
const LINES_A_PAGE = 50
/** So many lines a file on paper has in all before its long parts are cut there too. */
const MOST_PRINTED = 400
/** So many of the records that points rest on are named. */
export const NAMED = 50

/** What is looked at of a file. */
export interface PageAsked extends Beside {
  /** A part to be shown alone: a section of the catalogue, or `HISTORY`. What it begins with stands on the page of the whole file. */
  part?: string | undefined
  /** Which page of it by number, as addresses once said. */
  page?: number | undefined
  /** A record, on whichever page it stands; it goes before the part. */
  record?: string | undefined
  /** On paper every part stands whole, unless that is too much. */
  isPrint: boolean
}

/** A part that stands alone on its page, and what it begins after or ends before. */
export interface Alone extends Beside {
  part: string
}

/** What is named of a record that may stand elsewhere. */
export type NamedRecord = Pick<PublicRecord, 'id' | 'type' | 'data'>

/** How much there is of a part, and where what stands here is in it. */
export type PartShown = Omit<Stretch<unknown>, 'rows'>

/** A page of a file: little, however much the file holds. */
export interface FilePage {
  /** The file with those of its records and of its history that stand on the page. */
  file: PublicFile
  parts: Readonly<Record<string, PartShown>>
  /** Left out where what stands alone, if anything, begins the page of the whole file. */
  alone?: Alone
  /** The part that the record asked for stands in. */
  found?: string
  /** Records that the history and the ratings on the page name. */
  named: readonly NamedRecord[]
  /** When the file was opened, as far as its history tells. */
  openedAt?: string
}

/** Cuts a page out of a file. */
export function filePageOf(file: PublicFile, asked: PageAsked, catalogue: Catalogue): FilePage {
  const history = file.history.toReversed()
  const lines = Object.values(file.sections).reduce((sum, { length }) => sum + length, history.length)
  const most = asked.isPrint && lines <= MOST_PRINTED ? MOST_PRINTED : LINES_A_PAGE
  const found = catalogue.kinds.find(({ section }) =>
    file.sections[section]?.some(({ id }) => id === asked.record),
  )?.section
  const part = found ?? asked.part
  const cut = <R extends object>(name: string, rows: readonly R[], order: Order<R>) => {
    const beside = name === part ? placeIn(rows, order, asked, most) : {}
    const stretch = stretchOf(rows, order, beside, most)
    return { stretch, alone: name === part ? aloneIn(rows, order, stretch, beside, name) : undefined }
  }
  const told = cut(HISTORY, history, OF_HISTORY)
  const sections = catalogue.kinds.map((kind) => ({
    ...{ kind, name: kind.section },
    ...cut(kind.section, file.sections[kind.section] ?? [], orderOf(kind)),
  }))
  const alone = [told, ...sections].find((one) => one.alone)?.alone
  const isShown = (name: string) => alone === undefined || alone.part === name
  const shown: PublicFile = {
    ...file,
    sections: Object.fromEntries(
      sections.map(({ name, stretch }) => [name, isShown(name) ? [...stretch.rows] : []]),
    ),
    history: isShown(HISTORY) ? told.stretch.rows.toReversed() : [],
  }
  const [opening] = file.history
  return {
    file: shown,
    parts: Object.fromEntries([
      [HISTORY, partShown(told.stretch)],
      ...sections.map(({ name, stretch }) => [name, partShown(stretch)] as const),
    ]),
    ...(alone && { alone }),
    ...(found !== undefined && { found }),
    named: namedOn(shown, file, catalogue, alone === undefined),
    ...(opening && { openedAt: opening.at }),
  }
}

/** The latest first. */
const OF_HISTORY: Order<FileEvent> = { placeOf: ({ position }) => [position], compare: newestFirst }

/** Records of a kind, the newest first, as a section has them. */
export function orderOf<R extends { id: string; data: RecordData }>(kind: RecordKind): Order<R> {
  return { placeOf: ({ id, data }) => [kind.datedOn(data), id], compare: newestFirst }
}

/** Where the page of a part begins that is asked for: by a record on it, by its number, or as it says itself. */
function placeIn<R extends object>(
  rows: readonly R[],
  order: Order<R>,
  { after, before, page, record }: PageAsked,
  most: number,
): Beside {
  const at = rows.findIndex((row) => 'id' in row && row.id === record)
  if (record !== undefined && at >= 0) return pageWith(rows, order, at, most)
  return page === undefined ? { after, before } : pageWith(rows, order, (page - 1) * most, most)
}

/** How the address of a page says where it begins: as it was asked for, where there is such a page. */
function aloneIn<R>(
  rows: readonly R[],
  { placeOf, compare }: Order<R>,
  { skipped, rows: [first] }: Stretch<R>,
  { after, before }: Beside,
  part: string,
): Alone | undefined {
  const last = rows[skipped - 1]
  if (last === undefined || first === undefined) return undefined
  if (after === undefined) return { part, before }
  return { part, after: compare(placeOf(first), after) > 0 ? after : placeOf(last) }
}

function partShown({ rows: _, ...shown }: Stretch<unknown>): PartShown {
  return shown
}

function namedOn(
  shown: PublicFile,
  whole: PublicFile,
  catalogue: Catalogue,
  withRatings: boolean,
): NamedRecord[] {
  const rated = withRatings
    ? shown.ratings.flatMap(({ inForce, items, limits }) =>
        inForce ? [...items, ...limits].flatMap(({ records }) => records.slice(0, NAMED)) : [],
      )
    : []
  const ids = new Set([...rated, ...shown.history.flatMap(({ id }) => id ?? [])])
  return catalogue.kinds.flatMap(({ section, titledBy, datedBy }) =>
    (whole.sections[section] ?? []).flatMap(({ id, type, data }) =>
      ids.has(id) ? { id, type, data: { [titledBy]: data[titledBy], [datedBy]: data[datedBy] } } : [],
    ),
  )
}
