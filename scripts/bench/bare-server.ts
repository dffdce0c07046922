import fastify from 'fastify'
import { pino } from 'pino'

// Logs as the registry does, so that the two differ only in what the registry is for.
const app = fastify({ loggerInstance: pino() })
const bytes = process.env.BYTES ?? ''
app.get('/', async (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes))
await app.listen({ host: '127.0.0.1', port: 0 })
