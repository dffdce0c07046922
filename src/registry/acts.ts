import { shanghaiDate } from '../calendar/dates.ts'
import { anticipated } from '../dossier/anticipate.ts'
import {
  type Actor,
  addNote,
  addRecord,
  changeEnterprise,
  correctEnterprise,
  correctRecord,
  type Decision,
  type Opening,
  openFile,
  type Situation,
  settleWarning,
  standing,
  updateRecord,
  withdrawEnterprise,
  withdrawRecord,
} from '../dossier/commands.ts'
import { type Dossier, fold } from '../dossier/dossier.ts'
import { dossierAt } from '../dossier/past.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { RecordData } from '../records/kind.ts'
import { type Entry, newId } from '../register/entry.ts'
import { Conflict, type Register } from '../register/register.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'
import { fileByCode } from './codes.ts'
import { consequencesOf } from './consequences.ts'

/** Who asks, and the name and fingerprint of a request that may be repeated. */
export interface Request {
  actor: Actor
  command: string
  fingerprint?: string | undefined
}

export interface Outcome {
  /** The file right after the act. */
  dossier: Dossier
  recordId?: string
  /** True when an earlier run of the same request had done it. */
  repeated: boolean
}

/** Revision that the asker has seen; `any` says that it does not matter. */
export type Seen = number | 'any'

interface Parts {
  register: Register
  writer: Writer
  views: Views
  catalogue: Catalogue
  now(): Date
}

const CONFLICTS_ENDURED = 20

/** The acts of officers and systems upon files: each decided on what stands, appended whole or not at all. */
export class Acts {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  open(opening: Opening, request: Request): Promise<Outcome> {
    return this.act(request, (at) => [openFile(opening, at)])
  }

  change(code: string, changes: RecordData, seen: Seen, request: Request, reason?: string): Promise<Outcome> {
    return this.act(request, (at) => {
      const dossier = this.#file(code, at)
      return [changeEnterprise(dossier, changes, revisionOf(dossier, seen), at, reason)]
    })
  }

  correct(code: string, changes: RecordData, reason: string, seen: Seen, request: Request): Promise<Outcome> {
    return this.act(request, (at) => {
      const dossier = this.#file(code, at)
      return [correctEnterprise(dossier, changes, reason, revisionOf(dossier, seen), at)]
    })
  }

  withdraw(code: string, reason: string, seen: Seen, request: Request): Promise<Outcome> {
    return this.act(request, (at) => {
      const dossier = this.#file(code, at)
      return [withdrawEnterprise(dossier, reason, revisionOf(dossier, seen), at)]
    })
  }

  /** Adds a record; a licence with the applicant's basic information opens the file that is not there yet. */
  addRecord(
    code: string,
    type: string,
    data: unknown,
    applicant: unknown,
    request: Request,
  ): Promise<Outcome> {
    return this.act(request, (at) => {
      const dossier = this.#knownFile(code, at)
      if (dossier) return [addRecord(dossier, type, data, at)]
      return this.#openWith(code, type, data, applicant, at)
    })
  }

  updateRecord(
    code: string,
    id: string,
    changes: RecordData,
    seen: Seen,
    request: Request,
    reason?: string,
  ): Promise<Outcome> {
    return this.act(request, (at) => {
      const dossier = this.#file(code, at)
      return [updateRecord(dossier, id, changes, revisionOf(dossier, seen), at, { reason })]
    })
  }

  correctRecord(
    code: string,
    id: string,
    changes: RecordData,
    reason: string,
    seen: Seen,
    request: Request,
  ): Promise<Outcome> {
    return this.act(request, (at) => {
      const dossier = this.#file(code, at)
      return [correctRecord(dossier, id, changes, reason, revisionOf(dossier, seen), at)]
    })
  }

  withdrawRecord(code: string, id: string, reason: string, seen: Seen, request: Request): Promise<Outcome> {
    return this.act(request, (at) => {
      const dossier = this.#file(code, at)
      return [withdrawRecord(dossier, id, reason, revisionOf(dossier, seen), at)]
    })
  }

  note(code: string, text: string, request: Request): Promise<Outcome> {
    return this.act(request, (at) => [addNote(this.#file(code, at), text, at)])
  }

  settleWarning(code: string, warning: string, reason: string, request: Request): Promise<Outcome> {
    return this.act(request, (at) => [settleWarning(this.#file(code, at), warning, reason, at)])
  }

  #openWith(code: string, type: string, data: unknown, applicant: unknown, at: Situation): Decision[] {
    if (type !== 'licence' || applicant === undefined) {
      const file = fileByCode(code, at.file)
      throw new Refusal('gone', `档案 ${file.key} 已撤回。`)
    }
    const codes = code.length > 12 ? { uscc: code } : { orgCode: code }
    const opening = openFile({ codes, data: applicant }, at)
    const opened = anticipated(at.file(opening.key), opening.drafts)
    if (!opened) throw new Error('an opening opened no file')
    return [opening, addRecord(opened, type, data, at)]
  }

  #knownFile(code: string, at: Situation): Dossier | undefined {
    try {
      return standing(fileByCode(code, at.file))
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'unknown') return undefined
      throw error
    }
  }

  #file(code: string, at: Situation): Dossier {
    const dossier = fileByCode(code, at.file)
    if (dossier.withdrawn) throw new Refusal('gone', `档案 ${dossier.key} 已撤回，不能再修改。`)
    return dossier
  }

  /** Decides on the files as they stand and appends with what follows at once; decided anew when somebody was quicker. */
  async act(request: Request, decide: (at: Situation) => Decision[]): Promise<Outcome> {
    const { register, writer, views, catalogue, now } = this.#parts
    const { actor, command, fingerprint } = request
    if (fingerprint !== undefined) {
      const entries = await register.outcome(command, fingerprint)
      if (entries) return this.#repeated(entries)
    }
    for (let attempt = 1; ; attempt += 1) {
      const file = (key: string) => views.dossier(key)
      const at = { file, today: shanghaiDate(now()), catalogue, actor, newId }
      const decisions = views.snapshot(() => decide(at))
      const [first] = decisions
      if (!first) throw new Error('nothing was decided')
      const recordId = decisions.findLast((decision) => decision.recordId !== undefined)?.recordId
      const named = recordId === undefined ? {} : { recordId }
      const before = views.dossier(first.key)
      const decided = decisions.flatMap((decision) => decision.drafts)
      const drafts = [...decided, ...consequencesOf(before, decided, this.#parts)]
      if (drafts.length === 0 && before) return { dossier: before, ...named, repeated: false }
      try {
        const append = { drafts, expect: first.expect, command }
        const appended = await writer.append(fingerprint === undefined ? append : { ...append, fingerprint })
        if (appended.repeated) return await this.#repeated(appended.entries)
        const dossier = fold(before, appended.entries)
        if (!dossier) throw new Error('an act left no file')
        return { dossier, ...named, repeated: false }
      } catch (error) {
        if (!(error instanceof Conflict)) throw error
        // Somebody was quicker; what stands now decides whether the act still makes sense.
        if (attempt >= CONFLICTS_ENDURED) throw error
        await writer.catchUp()
      }
    }
  }

  async #repeated(entries: readonly Entry[]): Promise<Outcome> {
    const last = entries.at(-1)
    const history = last ? await this.#parts.register.history(last.subject) : []
    const dossier = last && dossierAt(history, { position: last.seq })
    if (!dossier) throw invalid('', 'nothing-done', '该请求此前没有产生任何记录。')
    const payload = last.payload
    const recordId =
      typeof payload === 'object' && payload !== null && 'id' in payload && typeof payload.id === 'string'
        ? { recordId: payload.id }
        : {}
    return { dossier, ...recordId, repeated: true }
  }
}

function revisionOf(dossier: Dossier, seen: Seen): { revision: number } {
  return { revision: seen === 'any' ? dossier.revision : seen }
}
