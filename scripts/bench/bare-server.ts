import fastify from 'fastify'
import { pino } from 'pino'
import { bareAppend } from './bare-append.ts'
import { openBareIndex } from './bare-search.ts'

// Logs as the registry does, so that the two differ only in what the registry is for.
const app = fastify({ loggerInstance: pino() })
const bytes = process.env.BYTES ?? ''
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
await app.listen({ host: '127.0.0.1', port: 0 })
