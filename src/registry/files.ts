import { z } from 'zod'
import type { Actor } from '../authority/acting.ts'
import { endOfDate, isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { fileByCode } from '../dossier/codes.ts'
import type { Dossier } from '../dossier/dossier.ts'
import {
  type OfficerFile,
  officerFile,
  type PublicDecision,
  type PublicFile,
  publicDecision,
  publicFace,
} from '../dossier/face.ts'
import { dossierAt, type Moment, publicPast } from '../dossier/past.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import { type Face, type Faces, gone } from '../views/faces.ts'
import type { ChangedFile, Views } from '../views/views.ts'
import { erasedUnseen, hiddenIn } from './sight.ts'

interface Parts {
  register: Register
  views: Views
  catalogue: Catalogue
  faces: Faces
  now(): Date
}

/** Reading of files: the public's, the officers', and the past of both. */
export class Files {
  readonly #parts: Parts
  readonly #faces: Faces

  constructor(parts: Parts) {
    this.#parts = parts
    this.#faces = parts.faces
  }

  /** The file of a typed code; refuses as `fileByCode` does, and with `gone` for a withdrawn one. */
  byCode(code: string): Dossier {
    const dossier = fileByCode(code, (key) => this.#parts.views.dossier(key))
    if (dossier.withdrawn) throw gone()
    return dossier
  }

  /** The file under a key, be it withdrawn; undefined where there is none. */
  under(key: string): Dossier | undefined {
    return this.#parts.views.dossier(key)
  }

  /** What the public sees under a key; as `Faces.face`. */
  face(key: string): Face | undefined {
    return this.#faces.face(key)
  }

  /** The same as data; as `Faces.file`. */
  shown(key: string): { etag: string; file: PublicFile } | undefined {
    return this.#faces.file(key)
  }

  /** Key of the file that a code means; refuses as `byCode` does. */
  keyOf(code: string): string {
    return this.#parts.views.has(code) ? code : this.byCode(code).key
  }

  /** The open files whose public face last changed between two positions, both included, and when. */
  changedBetween(first: number, last: number): ChangedFile[] {
    return this.#parts.views.changedBetween(first, last)
  }

  /** What the public sees, as data for a page. */
  publicFile(dossier: Dossier): PublicFile {
    const { catalogue, now } = this.#parts
    const file = publicFace(dossier, shanghaiDate(now()), catalogue)
    if (!file) throw gone()
    return file
  }

  /** The decision of a penalty with its summary, as anyone may read it; refuses with `unknown` where there is none. */
  decision(code: string, id: string): { dossier: Dossier; decision: PublicDecision } {
    const { catalogue, now } = this.#parts
    const dossier = this.byCode(code)
    const decision = publicDecision(dossier, id, shanghaiDate(now()), catalogue)
    if (!decision) throw new Refusal('unknown', '没有公示的处罚决定书；请核对地址，或者已停止公示。')
    return { dossier, decision }
  }

  /** The file as an officer may see it. */
  officerFile(dossier: Dossier, actor: Actor): OfficerFile {
    const { catalogue, now, views } = this.#parts
    return officerFile(dossier, shanghaiDate(now()), catalogue, hiddenIn(views, actor, dossier))
  }

  /** Entries of a file that an officer may see, in order; `unseen` are the proposals that they may not (`Acts.unseenIn`). */
  async officerHistory(dossier: Dossier, actor: Actor, unseen: ReadonlySet<string>): Promise<Entry[]> {
    const hidden = new Set([...hiddenIn(this.#parts.views, actor, dossier), ...unseen])
    const entries = await this.history(dossier)
    const erased = erasedUnseen(this.#parts.views, actor, dossier, entries)
    return entries.filter((entry) => !hidden.has(aboutOf(entry)) && !erased.has(entry.seq))
  }

  /** Entries of a file, in order. */
  history(dossier: Dossier): Promise<Entry[]> {
    return this.#parts.register.history(dossier.key)
  }

  /** The file as the public may see it at a past moment; refuses with `unknown` for one before it was opened. */
  async publicPast(dossier: Dossier, moment: Moment): Promise<PublicFile> {
    const { catalogue, now } = this.#parts
    const entries = await this.history(dossier)
    const day = await this.#dayOf(moment)
    if (!dossierAt(entries, moment)) throw notYet(dossier)
    const file = publicPast(entries, moment, { day, today: shanghaiDate(now()) }, catalogue)
    if (!file) throw notYet(dossier)
    return file
  }

  async officerPast(dossier: Dossier, moment: Moment, actor: Actor): Promise<OfficerFile> {
    const entries = await this.history(dossier)
    const past = dossierAt(entries, moment)
    if (!past) throw notYet(dossier)
    const { catalogue, views } = this.#parts
    return officerFile(past, await this.#dayOf(moment), catalogue, hiddenIn(views, actor, past))
  }

  /** The day of a moment: of a position, that of the register's own entry, since a file's may be nobody's to know of. */
  async #dayOf(moment: Moment): Promise<string> {
    if ('time' in moment) return shanghaiDate(new Date(moment.time))
    const { register, now } = this.#parts
    const [entry] = await register.read(moment.position - 1, 1)
    return shanghaiDate(entry ? new Date(entry.recordedAt) : now())
  }
}

const aboutWhat = z.object({ case: z.string() }).or(z.object({ id: z.string() }))

/** Id of the case or of whatever else an entry of a file is about; empty where it names none. */
function aboutOf({ payload }: Entry): string {
  const { data } = aboutWhat.safeParse(payload)
  return data === undefined ? '' : 'case' in data ? data.case : data.id
}

/** A moment from `?asOf=` (a date, or a time with its zone); refuses one in the future or that does not exist. */
export function parseMoment(asOf: string, now: Date): Moment {
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(asOf)
  if (isCalendarDate(asOf)) {
    if (asOf > shanghaiDate(now)) throw future(asOf, now)
    return { time: endOfDate(asOf) }
  }
  const time = isTime && isCalendarDate(asOf.slice(0, 10)) ? Date.parse(asOf) : Number.NaN
  if (Number.isNaN(time))
    throw invalid(
      '/asOf',
      'date',
      `“${asOf.slice(0, 40)}”不是日期或时间；请写成 2026-03-02 或 2026-03-02T10:21:00+08:00。`,
    )
  if (time > now.getTime()) throw future(asOf, now)
  return { time: new Date(time).toISOString() }
}

function future(asOf: string, now: Date): Refusal {
  return invalid('/asOf', 'future-date', `${asOf} 晚于今天（${shanghaiDate(now)}），无法查看将来的档案。`)
}

function notYet(dossier: Dossier): Refusal {
  return new Refusal(
    'unknown',
    `该企业的质量信用档案于 ${shanghaiDate(new Date(dossier.openedAt))} 建立，此前没有记录。`,
  )
}
