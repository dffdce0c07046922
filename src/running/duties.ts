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
  /** Milliseconds on a clock that goes on while this process stands still, and is never set. */
  elapsed?(): number
}

/** So often a lease is renewed; one that is not for so long has another process take over. Together less than 30 s. */
export const LOOK_MS = 5_000
export const LEASE_MS = 20_000

/**
 * Holds leases on works, each as long as this process can say so; nobody waits longer than 30 s for one that died. A process that
 * stood still for longer than a lease finds that it holds nothing any more, before it has asked.
 */
export function startDuties({
  holder,
  register,
  works,
  mayHold,
  onFault,
  elapsed = () => performance.now(),
}: Options): Duties {
  /** Until when each is held, reckoned from when it was asked for: never later than the register has it. */
  const held = new Map<string, number>()
  const holds = (work: string) => elapsed() < (held.get(work) ?? Number.NEGATIVE_INFINITY)

  async function take(work: string, does: (isNew: boolean) => void): Promise<void> {
    const until = elapsed() + LEASE_MS
    const isOurs = mayHold() && (await register.lease(work, holder, LEASE_MS))
    if (!isOurs) {
      held.delete(work)
      return
    }
    const isNew = !holds(work)
    held.set(work, until)
    if (holds(work)) does(isNew)
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
    holds,
    look,
    async stop() {
      clearInterval(timer)
      // One that can't be let go of ends by itself.
      const letGo = Array.from(held.keys(), (work) =>
        register.lease(work, holder, 0).catch((error: unknown) => onFault(error, work)),
      )
      await Promise.all(letGo)
      held.clear()
    },
  }
}
