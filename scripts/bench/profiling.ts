import { writeFile } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { isMainThread } from 'node:worker_threads'

/** Loaded before a program: SIGUSR2 begins a profile of its main thread, the next one ends it and writes it to `PROFILE`. */

if (isMainThread) {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  let isRunning = false
  process.on('SIGUSR2', async () => {
    isRunning = !isRunning
    if (isRunning) return session.post('Profiler.start')
    const { profile } = await session.post('Profiler.stop')
    await writeFile(process.env.PROFILE ?? '', JSON.stringify(profile))
  })
}
