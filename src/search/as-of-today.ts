import { shanghaiDate } from '../calendar/dates.ts'
import { publicFace } from '../dossier/face.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { outlineOf, parseOutline } from '../views/outline.ts'
import type { Views } from '../views/views.ts'
import { type Condition, type Firm, firmOf, meets } from './condition.ts'
import { facetsOf, facetsOfBoth } from './dimensions.ts'
import { documentOf, type SearchDocument } from './document.ts'
import type { Placed, Question, SearchIndex, Selection } from './engine.ts'
import { inOrder, orderNumber, placeOf } from './order.ts'

interface Parts {
  views: Views
  catalogue: Catalogue
  now(): Date
}

/** An enterprise that the day has changed, as it is found today; without a document where nothing is shown any more. */
interface Turned {
  /** Position of its file's last entry. */
  position: number
  shown?: { document: SearchDocument; firm: Firm } | undefined
  /** Whether it is found otherwise than as it was indexed. */
  isOther: boolean
}

/** Those that are found otherwise than as they were indexed, by their keys, and the condition that leaves them out. */
interface Overlay {
  turned: ReadonlyMap<string, Turned>
  others: Condition
}

const A_STEP = 1_000
/** More that an index has not heard of come with an import, and are waited for. */
const MOST_UNHEARD = 200

/**
 * An index that answers as of today, whether or not the daily job has run: enterprises that the day has changed are left
 * out of what is asked of it, and looked at themselves. They are few: those of one day, until the job has run.
 */
export function asOfToday(index: SearchIndex, { views, catalogue, now }: Parts): SearchIndex {
  let known = new Map<string, Turned>()
  let overlay: Overlay | undefined
  let moment = ''
  let day = ''
  /** Position that the index was last heard to have come to. */
  let reached = 0

  /** The present overlay; undefined where the day has changed nothing. */
  function look(): Overlay | undefined {
    const today = shanghaiDate(now())
    const seen = `${views.version} ${today}`
    if (seen === moment) return overlay
    if (today !== day) known = new Map()
    const due = new Map<string, Turned>()
    for (let after = ''; ; ) {
      const files = views.dueBy(today, after, A_STEP)
      for (const { key, position, outline } of files) {
        const before = known.get(key)
        due.set(key, before?.position === position ? before : turned(key, position, outline, today))
      }
      const last = files.at(-1)
      if (last === undefined || files.length < A_STEP) break
      after = last.key
    }
    for (const key of unheard()) {
      const before = known.get(key)
      const position = views.dossier(key)?.position ?? 0
      const now = before?.position === position ? before : turned(key, position, null, today)
      if (!due.has(key) && position > reached) due.set(key, { ...now, isOther: true })
    }
    // The same keys are the same condition, so that an index knows it again.
    const found = new Map(Array.from(due).filter(([, { isOther }]) => isOther))
    if (found.size === 0) overlay = undefined
    else {
      const keys = Array.from(found.keys())
      const isSame =
        overlay && overlay.turned.size === keys.length && keys.every((key) => overlay?.turned.has(key))
      overlay = { turned: found, others: overlay && isSame ? overlay.others : { not: { keys } } }
    }
    known = due
    day = today
    moment = seen
    return overlay
  }

  /** What the daily job has seen to, or anybody has changed, while the index has not heard of it yet. */
  function unheard(): string[] {
    const changed = reached > 0 ? views.outlines(reached, MOST_UNHEARD + 1) : []
    return [
      ...Array.from(known).flatMap(([key, { isOther }]) => (isOther ? [key] : [])),
      ...(changed.length <= MOST_UNHEARD ? changed.map(({ key }) => key) : []),
    ]
  }

  function turned(key: string, position: number, outline: string | null, today: string): Turned {
    const dossier = views.onDay(key, today)
    const face = dossier && publicFace(dossier, today, catalogue)
    const document = face && documentOf(outlineOf(face, catalogue))
    const before = outline === null ? undefined : documentOf(parseOutline(outline))
    return {
      position,
      shown: document && { document, firm: firmOf(document) },
      isOther: JSON.stringify(document) !== JSON.stringify(before),
    }
  }

  return {
    ...index,
    async ask(questions) {
      const today = look()
      if (!today) {
        const reading = await index.ask(questions)
        reached = reading.position
        return reading
      }
      const { turned, others } = today
      const { position, selections } = await index.ask(
        questions.map((question) => ({ ...question, where: { all: [question.where, others] } })),
      )
      reached = position
      return {
        position,
        selections: selections.map((selection, i) => {
          const question = questions[i]
          return question ? withTurned(selection, question, turned) : selection
        }),
      }
    },
    async documents(keys) {
      const { turned } = look() ?? {}
      const found = await index.documents(keys)
      if (!turned) return found
      const stored = new Map(found.map((document) => [document.key, document]))
      return keys.flatMap((key) => {
        const one = turned.get(key)
        return (one ? one.shown?.document : stored.get(key)) ?? []
      })
    },
  }
}

/** What an index answers of all others, with those of the turned that meet the question in their places. */
function withTurned(
  selection: Selection,
  { where, order, after, limit, tally }: Question,
  turned: Overlay['turned'],
): Selection {
  const met = Array.from(turned.values()).flatMap(({ shown }) =>
    shown && meets(where, shown.firm) ? [shown] : [],
  )
  if (met.length === 0) return selection
  const places = met
    .map(
      ({ document }): Placed => ({
        by: order ? orderNumber(document, order) : 0,
        place: placeOf(document),
        key: document.key,
      }),
    )
    .filter((own) => !after || inOrder(after, own) < 0)
  const { facets } = selection
  return {
    ...selection,
    places: [...selection.places, ...places].sort(inOrder).slice(0, Math.max(0, limit)),
    count: selection.count + met.length,
    ...(tally &&
      facets && { facets: facetsOfBoth(facets, facetsOf(met.map(({ firm }) => [firm.profile, 1]))) }),
  }
}
