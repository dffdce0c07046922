import { BroadcastChannel } from 'node:worker_threads'

/** Over it the threads of a process hand the lines of their logs to the one that writes them. */
const CHANNEL = 'log lines'

/** Where a thread other than the first writes its log to; what nobody takes is gone. */
export function threadLines(): { write(line: string): void } {
  const channel = new BroadcastChannel(CHANNEL)
  return { write: (line) => channel.postMessage(line) }
}

/** Takes what this process's other threads write to their logs. */
export function takeThreadLines(take: (line: string) => void): void {
  new BroadcastChannel(CHANNEL).onmessage = ({ data }) => take(data)
}
