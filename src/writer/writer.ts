import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Entry } from '../register/entry.ts'
import { type Append, type Appended, Conflict, type Register } from '../register/register.ts'
import { within } from '../register/within.ts'
import type { Applier } from '../views/apply.ts'

/** The one way to write: whoever's append has been answered finds it in the files, lists and search. */
export interface Writer {
  /** Appends as the register does; resolves once the views and, unless told not to wait, the search show it. */
  append(request: Append, options?: { waitForSearch?: boolean }): Promise<Appended>
  /** Brings the views and the search to the register's head. */
  catchUp(): Promise<void>
  /** Computes the views and the search anew from the register while the old ones serve. */
  rebuild(): Promise<void>
  close(): Promise<void>
}

/** More appends are waiting than could be answered in good time. */
export class WriterBusy extends Error {
  override readonly name = 'WriterBusy'
}

/** The parts of a search engine's follower that writing needs. */
export interface Following {
  catchUp(): Promise<void>
  rebuild(): Promise<void>
}

interface Options {
  register: Register
  applier: Pick<Applier, 'applied' | 'apply' | 'catchUp'>
  /** Throws, before anything is appended, where it could not be shown afterwards: nothing is acknowledged that isn't. */
  mustShow?(): Promise<void>
  /** Gives up room that was kept aside; whether there was any. */
  makeRoom?(): boolean
  /** Fills a fresh generation of the views and lets readers, and the applier, use it. */
  rebuildViews(pause: () => Promise<void>): Promise<void>
  search: Following
  /** Told of a view that could not follow; the register has the entries all the same. */
  onLag(error: unknown): void
}

/** Writes in this thread. */
export function localWriter({
  register,
  applier,
  rebuildViews,
  search,
  onLag,
  mustShow = async () => undefined,
  makeRoom = () => false,
}: Options): Writer {
  let appended: Entry[] = []
  let catchingUp: Promise<void> | undefined

  /** Applies what this turn of the event loop appended, together, in one transaction. */
  function applyAppended(): Promise<void> {
    catchingUp ??= othersTurn().then(async () => {
      catchingUp = undefined
      const entries = appended.sort((a, b) => a.seq - b.seq)
      appended = []
      const from = applier.applied
      const isNext = entries[0]?.seq === from + 1 && entries.every((entry, i) => entry.seq === from + 1 + i)
      if (isNext) await applier.apply(from, entries)
      else await applier.catchUp()
    })
    return catchingUp
  }

  return {
    async append(request, { waitForSearch = true } = {}) {
      await mustShow().catch(async (error: unknown) => {
        // What was appended before is answered once more, whatever there is room for.
        const { command, fingerprint } = request
        const earlier = fingerprint === undefined ? undefined : await register.outcome(command, fingerprint)
        if (earlier === undefined) throw error
      })
      const outcome = await register.append(request).catch(async (error: unknown) => {
        // Another process was quicker: who decides again decides on what it has done.
        if (error instanceof Conflict) await applier.catchUp().catch(onLag)
        throw error
      })
      try {
        if (!outcome.repeated) appended.push(...outcome.entries)
        await applyAppended().catch((error: unknown) => {
          if (!makeRoom()) throw error
          return applyAppended()
        })
        const searchable = search.catchUp().catch(onLag)
        if (waitForSearch) await within(SEARCH_MS, searchable)
      } catch (error) {
        // The entries are kept for good, so the writer must not be told otherwise.
        onLag(error)
      }
      return outcome
    },
    async catchUp() {
      await applier.catchUp()
      await search.catchUp()
    },
    async rebuild() {
      await rebuildViews(othersTurn)
      await applier.catchUp()
      await search.rebuild()
    },
    async close() {
      await register.close()
    },
  }
}

/** Longer no append waits to be found: it is durable and in the files, and the index follows. */
const SEARCH_MS = 5_000
