import { serve } from '../../src/running/calls.ts'

export type BusyThread = Awaited<ReturnType<typeof acts>>

/** A thread that can be kept busy without a pause. */
async function acts() {
  return {
    echo: async (said: string) => said,
    async spin(ms: number) {
      const until = performance.now() + ms
      while (performance.now() < until);
    },
    stop: async () => undefined,
  }
}

await serve(acts)
