import type { FastifyInstance, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Refuses whoever may not have what they asked for any more: rights are judged when a thing is handed out, not when it
     * was asked for. The public always may.
     */
    stillMay: () => void
  }
}

/** Everybody may go on, until a route asks for more than the public has. */
export function decorateStill(app: FastifyInstance): void {
  app.decorateRequest('stillMay', () => undefined)
}

/** The parts of a long answer, each given only to whoever may still have it; breaks off for whoever may not. */
export async function* whileTheyMay<T>(request: FastifyRequest, parts: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const part of parts) {
    request.stillMay()
    yield part
  }
}
