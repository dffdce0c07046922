/** Waits for something, but no longer than so many milliseconds; what it comes to later is nobody's business here. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, elapsed]).finally(() => clearTimeout(timer))
}
