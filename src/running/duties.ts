import { isLocked } from '../register/patient.ts'
import type { Register } from '../register/register.ts'

/** Work that one of all processes does for all, those of other nodes included. */
export interface Duties {
  /** Whether this process does a work now. */
  holds(work: string): boolean
  /**
   * Takes what nobody holds and keeps what is held, and does what there is to do of it. Rejects where the register is locked,
   * which is no place to start in.
   */
  look(): Promise<void>
  /** Lets go of everything, so that another goes on at once. */
  stop(): Promise<void>
}

interface Options {
  /** Names this process in leases. */
  holder: string
  register: Register
  /** What is done by name, with every look while it is held; `isNew` with the first. */
  works: Readonly<Record<string, (isNew: boolean) => void>>
  /** Whether this process may do anything now. */
  mayHold(): boolean
  onFault(error: unknown, work: string): void
}

/** So often a lease is renewed; one that is not for so long has another process take over. Together less than 30 s. */
export const LOOK_MS = 5_000
export const LEASE_MS = 20_000

/** Holds leases on works, each as long as this process can say so; nobody waits longer than 30 s for one that died. */
export function startDuties({ holder, register, works, mayHold, onFault }: Options): Duties {
  const held = new Set<string>()

  async function take(work: string, does: (isNew: boolean) => void): Promise<void> {
    const isOurs = mayHold() && (await register.lease(work, holder, LEASE_MS))
    if (!isOurs) {
      held.delete(work)
      return
    }
    const isNew = !held.has(work)
    held.add(work)
    does(isNew)
  }

  async function look(): Promise<void> {
    for (const [work, does] of Object.entries(works))
      await take(work, does).catch((error: unknown) => {
        // Who can't say that he holds it does not.
        held.delete(work)
        if (isLocked(error)) throw error
        onFault(error, work)
      })
  }

  const timer = setInterval(() => {
    look().catch((error: unknown) => onFault(error, 'duties'))
  }, LOOK_MS)
  timer.unref()
  return {
    holds: (work) => held.has(work),
    look,
    async stop() {
      clearInterval(timer)
      // One that can't be let go of ends by itself.
      const letGo = Array.from(held, (work) =>
        register.lease(work, holder, 0).catch((error: unknown) => onFault(error, work)),
      )
      await Promise.all(letGo)
      held.clear()
    },
  }
}
