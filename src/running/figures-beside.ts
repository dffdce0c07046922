import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import { dirname, join } from 'node:path'
import { json } from 'node:stream/consumers'
import type { ProcessMetrics } from '../api/metrics.ts'

/** What the processes of a node measure of themselves, each told over a socket beside the one by which they hand requests on. */

const NAME = 'figures-'
/** One that is busy for longer is left out: who watches is to hear of the others. */
const PATIENCE_MS = 1_000

/** Tells whoever asks what a process measures of itself. */
export async function tellFigures({ metrics }: ProcessMetrics, socket: string): Promise<Server> {
  const server = createServer((_request, response) => {
    metrics.getMetricsAsJSON().then(
      (figures) => response.setHeader('connection', 'close').end(JSON.stringify(figures)),
      () => response.writeHead(500).end(),
    )
  })
  server.listen(join(dirname(socket), `${NAME}${process.pid}`))
  await once(server, 'listening')
  return server
}

/** What the processes that can be reached measure of themselves. */
export async function figuresBeside(socket: string): Promise<object[]> {
  const folder = dirname(socket)
  const names = (await readdir(folder)).filter((name) => name.startsWith(NAME))
  const told = await Promise.all(names.map((name) => figuresAt(join(folder, name)).catch(() => undefined)))
  return told.filter((figures) => figures !== undefined)
}

async function figuresAt(socketPath: string): Promise<object | undefined> {
  const asked = get({ socketPath, timeout: PATIENCE_MS, signal: AbortSignal.timeout(PATIENCE_MS) })
  const [answer]: IncomingMessage[] = await once(asked, 'response')
  if (answer?.statusCode !== 200) return undefined
  const figures = await json(answer)
  return Array.isArray(figures) ? figures : undefined
}
