import type { Worker } from 'node:worker_threads'

/** So long the threads of a process that is to end have for it. */
const PATIENCE_MS = 2_000

const living = new Set<Worker>()
let ending = false

/** Whether this process is being ended: threads that end then don't die. */
export function isEnding(): boolean {
  return ending
}

/** Notes a thread, as long as it lives, as one that has to end before the process can. */
export function livesWithProcess(worker: Worker): void {
  living.add(worker)
  worker.once('exit', () => living.delete(worker))
}

/**
 * Ends this process with its threads, whatever they are about: Node by itself would wait for one that the system holds, on a disk
 * that does not answer, for as long as that is so. There it ends by SIGKILL, its code is lost, and whoever watches it goes on.
 */
export async function endProcess(code: number): Promise<never> {
  ending = true
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), PATIENCE_MS)
  await Promise.all(Array.from(living, (worker) => worker.terminate()))
  process.exit(code)
}
