import fastify from 'fastify'
import { pino } from 'pino'
import { bareAppend } from './bare-append.ts'
import { openBareIndex } from './bare-search.ts'

// Logs as the registry does, so that the two differ only in what the registry is for.
const app = fastify({ loggerInstance: pino(), bodyLimit: 10_000_000 })
let bytes = ''
app.put('/', async (request, reply) => {
  bytes = String(request.body)
  return reply.code(204).send()
})
app.get('/', async (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes))
const { DATABASE: path = '' } = process.env
if (path !== '') {
  const append = bareAppend(path)
  app.post('/', async (request, reply) => {
    append(String(request.body))
    return reply.code(303).header('location', '/').send()
  })
}
const { NAMES: names = '' } = process.env
if (names !== '') {
  const index = openBareIndex(names)
  app.get<{ Querystring: { q: string } }>('/search', async (request) => index.query(request.query.q))
}
const waiting = new Set<() => void>()
app.get('/wait', async (_request, reply) => {
  await new Promise<void>((resolve) => waiting.add(resolve))
  return reply.type('application/json; charset=utf-8').send(bytes)
})
app.get('/waiting', async () => ({ waiting: waiting.size }))
app.post('/wake', async (_request, reply) => {
  setImmediate(() => {
    for (const wake of waiting) wake()
    waiting.clear()
  })
  return reply.code(204).send()
})
await app.listen({ host: '127.0.0.1', port: 0 })
