import { shanghaiDate } from '../calendar/dates.ts'
import { type FileEvent, fold } from '../dossier/dossier.ts'
import { type PublicDecision, publicDecision } from '../dossier/face.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Register } from '../register/register.ts'
import type { Face, Faces } from '../views/faces.ts'
import type { Views } from '../views/views.ts'
import { type FilePage, filePageOf, type PageAsked } from './file-page.ts'
import { PublicEntries } from './public-entries.ts'

/** A page of a file as it stands, with the version that it bears. */
export interface PageNow {
  etag: string
  page: FilePage
}

/**
 * What the public is shown of files, for which the whole of a file has to be read: of one of thousands of records that is a
 * long stretch of work. Undefined where nothing is shown (any more).
 */
export interface ShownFiles {
  page(key: string, asked: PageAsked): Promise<PageNow | undefined>
  /** The file whole, as the API answers it. */
  answer(key: string): Promise<Face | undefined>
  /** Lines of its history after a position, the oldest first. */
  history(key: string, after: number, limit: number): Promise<FileEvent[] | undefined>
  /** The decision of a penalty with its summary. */
  decision(key: string, id: string): Promise<PublicDecision | undefined>
}

interface Parts {
  register: Pick<Register, 'bySubject'>
  views: Views
  faces: Faces
  catalogue: Catalogue
  now(): Date
}

/** Reads them in this thread. */
export function localShownFiles({ register, views, faces, catalogue, now }: Parts): ShownFiles {
  const entries = new PublicEntries({ register, views, catalogue, now })
  const isShown = (key: string) => views.head(key)?.isWithdrawn === false
  return {
    async page(key, asked) {
      const shown = isShown(key) ? faces.file(key) : undefined
      return shown && { etag: shown.etag, page: filePageOf(shown.file, asked, catalogue) }
    },
    async answer(key) {
      return isShown(key) ? faces.cut(key) : undefined
    },
    async history(key, after, limit) {
      const shown = isShown(key) ? faces.file(key) : undefined
      return shown?.file.history.filter(({ position }) => position > after).slice(0, limit)
    },
    async decision(key, id) {
      const dossier = fold(undefined, await entries.decided(key, id))
      return dossier && publicDecision(dossier, id, shanghaiDate(now()), catalogue)
    },
  }
}
