import { type Writer, WriterBusy } from './writer.ts'

/** How many appends wait for their turn, and how many were refused as too many did. */
export interface WriteFigures {
  waiting: number
  refused: number
}

/** A writer of which it is known how many wait for it. */
export function watchedWriter(writer: Writer): { writer: Writer; figures(): WriteFigures } {
  let waiting = 0
  let refused = 0
  return {
    writer: {
      ...writer,
      async append(...asked) {
        waiting += 1
        try {
          return await writer.append(...asked)
        } catch (error) {
          if (error instanceof WriterBusy) refused += 1
          throw error
        } finally {
          waiting -= 1
        }
      },
    },
    figures: () => ({ waiting, refused }),
  }
}
