/** Thrown where work can't be done now, through nobody's fault who asked: it may be asked for again. */
export class WorkUnavailable extends Error {
  override readonly name = 'WorkUnavailable'
}

/** What comes of work, undefined where it can't be done now: for whoever can tell the rest without it. */
export async function ifAvailable<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof WorkUnavailable) return undefined
    throw error
  }
}
