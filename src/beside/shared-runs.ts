/**
 * Does a work for whoever asks: one that begins after they asked, which all share who ask while another is under way. So what it
 * finds is never older than the question, and there are never two at a time.
 */
export function sharedRuns(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  return () => {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        running = work()
        return running
      })
    return next
  }
}
