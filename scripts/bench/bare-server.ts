import Database from 'better-sqlite3'
import fastify from 'fastify'
import { pino } from 'pino'

// Logs as the registry does, so that the two differ only in what the registry is for.
const app = fastify({ loggerInstance: pino() })
const bytes = process.env.BYTES ?? ''
app.get('/', async (_request, reply) => reply.type('application/json; charset=utf-8').send(bytes))
const { DATABASE: path = '' } = process.env
if (path !== '') {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('CREATE TABLE entry (seq INTEGER PRIMARY KEY, body TEXT)')
  const insert = db.prepare('INSERT INTO entry (body) VALUES (?)')
  app.post('/', async (request, reply) => {
    insert.run(String(request.body))
    return reply.code(303).header('location', '/').send()
  })
}
await app.listen({ host: '127.0.0.1', port: 0 })
