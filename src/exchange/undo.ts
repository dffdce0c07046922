import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Actor } from '../authority/acting.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { type Dossier, fold } from '../dossier/dossier.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Draft, Entry } from '../register/entry.ts'
import { Conflict, type Register } from '../register/register.ts'
import { isOfImport, type Kept, undoInFile, undoingCommand } from '../registry/undoing.ts'
import { whoActs } from '../registry/who-acts.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'

interface UndoRun {
  /** Command that the import's entries bear. */
  command: string
  positions: { first: number; last: number }
  /** Position up to which an earlier run has gone. */
  after: number
  reason: string
  /** Whether a second person has confirmed it: what others rely on is taken back too. */
  isConfirmed: boolean
  actor: Actor
  register: Register
  writer: Writer
  views: Views
  catalogue: Catalogue
  now(): Date
  newId(): string
  consequences(before: Dossier | undefined, drafts: readonly Draft[]): Draft[]
  onProgress(progress: {
    after: number
    counts: { withdrawn: number; restored: number; waiting: number }
    kept: readonly Kept[]
  }): Promise<void>
  signal: AbortSignal
}

const ENTRIES_A_STEP = 200
const CONFLICTS_ENDURED = 10

/** Takes back an import step by step; each step is one append, and a run that stopped goes on after its last. */
export async function undoImport(run: UndoRun): Promise<void> {
  const { command, positions, register, signal } = run
  let after = Math.max(run.after, positions.first - 1)
  while (after < positions.last && !signal.aborted) {
    const from = after
    const entries = await register.read(from, ENTRIES_A_STEP)
    const last = entries.at(-1)
    if (!last) return
    const reached = Math.min(last.seq, positions.last)
    const keys = new Set(
      entries
        .filter((entry) => isOfImport(entry, command) && entry.seq <= positions.last)
        .map(({ subject }) => subject),
    )
    const isNow = ({ seq }: Entry) => seq > from && seq <= reached
    const { counts, kept } = await undoStep(run, Array.from(keys), isNow)
    after = reached
    await run.onProgress({ after, counts, kept })
    await othersTurn()
  }
}

async function undoStep(run: UndoRun, keys: readonly string[], isNow: (entry: Entry) => boolean) {
  const { command, reason, isConfirmed, actor, register, writer, catalogue, now, newId, consequences } = run
  for (let attempt = 1; ; attempt += 1) {
    const drafts: Draft[] = []
    const who = whoActs(run.views, actor)
    const expect = new Map<string, number>(who.saw)
    const counts = { withdrawn: 0, restored: 0, waiting: 0 }
    const kept: Kept[] = []
    // The entries name both persons, where two have done it.
    const named = isConfirmed ? { ...who.actor, officer: actor.officer } : who.actor
    const at = { today: shanghaiDate(now()), catalogue, newId, ...who, actor: named, isConfirmed }
    for (const key of keys) {
      const history = await register.history(key)
      // What this very act has undone already is not somebody else's doing.
      const isOwn = (entry: Entry) => isOfImport(entry, command) || entry.command === undoingCommand(command)
      const undone = undoInFile(history, isOwn, isNow, reason, at)
      kept.push(...undone.kept)
      counts.waiting += undone.waiting
      if (undone.drafts.length === 0) continue
      counts.withdrawn += undone.withdrawn
      counts.restored += undone.restored
      expect.set(key, history.at(-1)?.revision ?? 0)
      drafts.push(...undone.drafts, ...consequences(fold(undefined, history), undone.drafts))
    }
    if (drafts.length === 0) return { counts, kept }
    try {
      await writer.append({ drafts, expect, command: undoingCommand(command) }, { waitForSearch: false })
      return { counts, kept }
    } catch (error) {
      // Somebody changed a file meanwhile: it is looked at anew.
      if (!(error instanceof Conflict) || attempt >= CONFLICTS_ENDURED) throw error
    }
  }
}
