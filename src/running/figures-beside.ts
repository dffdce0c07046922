import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import { json } from 'node:stream/consumers'
import type { ProcessMetrics } from '../api/metrics.ts'
import { figuresSocket, figuresSockets } from './meeting.ts'

/** What the processes of a node measure of themselves, each told over a socket beside the one by which they hand requests on. */

/** One that is busy for longer is left out: who watches is to hear of the others. */
const PATIENCE_MS = 1_000

/** Tells whoever asks what a process measures of itself. */
export async function tellFigures({ metrics }: ProcessMetrics, meeting: string): Promise<Server> {
  const server = createServer((_request, response) => {
    metrics.getMetricsAsJSON().then(
      (figures) => response.setHeader('connection', 'close').end(JSON.stringify(figures)),
      () => response.writeHead(500).end(),
    )
  })
  server.listen({ path: figuresSocket(meeting), exclusive: true })
  await once(server, 'listening')
  return server
}

/** What the processes that can be reached measure of themselves. */
export async function figuresBeside(meeting: string): Promise<object[]> {
  const told = await Promise.all(
    figuresSockets(meeting).map((socket) => figuresAt(socket).catch(() => undefined)),
  )
  return told.filter((figures) => figures !== undefined)
}

async function figuresAt(socketPath: string): Promise<object | undefined> {
  const asked = get({ socketPath, timeout: PATIENCE_MS, signal: AbortSignal.timeout(PATIENCE_MS) })
  const [answer]: IncomingMessage[] = await once(asked, 'response')
  if (answer?.statusCode !== 200) return undefined
  const figures = await json(answer)
  return Array.isArray(figures) ? figures : undefined
}
