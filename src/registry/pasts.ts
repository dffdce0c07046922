import type { Actor } from '../authority/acting.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { type Chapter, chaptersOf, type Difference, differencesBetween } from '../dossier/differences.ts'
import { fold } from '../dossier/dossier.ts'
import { fileJson, officerFile, type PublicFile } from '../dossier/face.ts'
import { dossierAt, type Moment, publicPast } from '../dossier/past.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Register } from '../register/register.ts'
import type { Faces } from '../views/faces.ts'
import type { Views } from '../views/views.ts'
import { type FilePage, filePageOf, type PageAsked } from './file-page.ts'
import { PublicEntries } from './public-entries.ts'
import { aboutOf, seenIn } from './sight.ts'

/** How a file came about, for a page: its latest chapters, the oldest first, and those of named positions. */
export interface Story {
  chapters: Chapter[]
  /** Whether there are more than are given. */
  isLonger: boolean
}

/** What of a file somebody may not see, by its ids, as it stands at a position: what came since is told to nobody yet. */
export interface Unseen {
  ids: readonly string[]
  upTo: number
}

/** Which chapters of a file are told: but for what whoever asks may not see, how many of the latest, and which others. */
export interface StoryAsked {
  unseen: Unseen
  latest: number
  at?: readonly number[]
}

/**
 * What all entries of a file have to be read for: seconds for a file of thousands, so that it is worked out beside the answering of requests.
 * Whole files are the bytes of what `fileJson` makes of them; undefined where there was none at the moment.
 */
export interface Pasts {
  /** The file as the public may see it at a past moment. */
  publicPast(key: string, moment: Moment): Promise<Uint8Array | undefined>
  /** A page of the same. */
  pastPage(key: string, moment: Moment, asked: PageAsked): Promise<FilePage | undefined>
  /** The file as an officer may see it then; `unseen` names proposals, as `seenIn` takes them. */
  officerPast(key: string, moment: Moment, actor: Actor, unseen: Unseen): Promise<Uint8Array | undefined>
  story(key: string, asked: StoryAsked): Promise<Story>
  /** What differs in a file between two positions. */
  differences(key: string, between: { from: number; to: number }): Promise<Difference[]>
}

interface Parts {
  register: Pick<Register, 'bySubject' | 'history' | 'read'>
  views: Views
  faces: Faces
  catalogue: Catalogue
  now(): Date
}

/** Works it out in this thread. */
export function localPasts({ register, views, faces, catalogue, now }: Parts): Pasts {
  /** The day of a moment: of a position, that of the register's own entry, since a file's may be nobody's to know of. */
  async function dayOf(moment: Moment): Promise<string> {
    if ('time' in moment) return shanghaiDate(new Date(moment.time))
    const [entry] = await register.read(moment.position - 1, 1)
    return shanghaiDate(entry ? new Date(entry.recordedAt) : now())
  }
  const entries = new PublicEntries({ register, views, catalogue, now })
  async function shownAt(key: string, moment: Moment): Promise<PublicFile | undefined> {
    const [ground, present] = views.snapshot(() => {
      const own = entries.ground(key)
      return [own, own && faces.file(key)?.file]
    })
    return ground && present
      ? publicPast(present, ground, await entries.told(key), moment, await dayOf(moment), catalogue)
      : undefined
  }
  const historyUpTo = async (key: string, position: number) =>
    (await register.history(key)).filter(({ seq }) => seq <= position)
  return {
    async publicPast(key, moment) {
      const past = await shownAt(key, moment)
      return past && Buffer.from(fileJson(past))
    },
    async pastPage(key, moment, asked) {
      const past = await shownAt(key, moment)
      return past && filePageOf(past, asked, catalogue)
    },
    async officerPast(key, moment, actor, { ids, upTo }) {
      const past = dossierAt(await historyUpTo(key, upTo), moment)
      if (!past) return undefined
      const seen = seenIn(views, actor, past, ids)
      return Buffer.from(fileJson(officerFile(past, await dayOf(moment), catalogue, seen)))
    },
    async story(key, { unseen, latest, at = [] }) {
      const hidden = new Set(unseen.ids)
      const entries = (await historyUpTo(key, unseen.upTo)).filter((entry) => !hidden.has(aboutOf(entry)))
      const chapters = chaptersOf(entries, catalogue)
      const isAsked = ({ entry }: Chapter, i: number) =>
        i >= chapters.length - latest || at.includes(entry.seq)
      return { chapters: chapters.filter(isAsked), isLonger: chapters.length > latest }
    },
    async differences(key, { from, to }) {
      const entries = await register.history(key)
      const upTo = (position: number) =>
        fold(
          undefined,
          entries.filter(({ seq }) => seq <= position),
        )
      return differencesBetween(upTo(from), upTo(to), catalogue)
    },
  }
}
