import { constants } from 'node:os'
import { ENDING } from '../running/signals.ts'

/** What a command that can stop in good order does when it is told to end; undefined for one that can't. */
let stop: (() => void) | undefined

/** Says that a command was ended before it was done, where the command itself has nothing better to do. */
export function sayWhenInterrupted(): void {
  for (const signal of ENDING)
    process.on(signal, () => {
      const own = stop
      // Whoever asks twice does not want to wait.
      stop = undefined
      if (own) return own()
      process.stderr.write(`\n命令没有办完就被中断（${signal}）；已经登记的都在，没有登记的请再执行一次。\n`)
      process.exit(128 + constants.signals[signal])
    })
}

/** Lets a command stop in good order at the first signal that ends it; gives what ends this. */
export function onInterruption(own: () => void): () => void {
  stop = own
  return () => {
    stop = undefined
  }
}
