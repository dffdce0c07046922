/** Waits for something, but no longer than so many milliseconds; whether it came by then. What it comes to later is nobody's business here. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const elapsed = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  return Promise.race([work.then(() => true), elapsed]).finally(() => clearTimeout(timer))
}
