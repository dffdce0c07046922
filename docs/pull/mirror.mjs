// Keeps the public files of a registry in a SQLite file: node mirror.mjs <address> <file> [--follow] (npm install better-sqlite3)
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'

const [base, path, follow] = process.argv.slice(2)
const db = new Database(path)
db.exec('CREATE TABLE IF NOT EXISTS file (org_code TEXT PRIMARY KEY, position INTEGER, json TEXT)')
db.exec('CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY, epoch TEXT, position INTEGER)')

// One transaction: killed at any moment, nothing is missed or doubled.
const store = db.transaction((items, epoch, position, anew = false) => {
  if (anew) db.exec('DELETE FROM file')
  for (const { orgCode, deleted, position, file } of items)
    if (deleted) db.prepare('DELETE FROM file WHERE org_code = ?').run(orgCode)
    else
      db.prepare('INSERT OR REPLACE INTO file VALUES (?, ?, ?)').run(orgCode, position, JSON.stringify(file))
  db.prepare('INSERT OR REPLACE INTO place VALUES (1, ?, ?)').run(epoch, position)
})

async function ask(path) {
  for (;;) {
    const answer = await fetch(base + path)
    if (answer.status !== 429 && answer.status !== 503) return answer
    const seconds = Number(answer.headers.get('retry-after') ?? 10)
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
  }
}

async function begin() {
  const [copy] = (await (await ask('/bulk/public')).json()).items
  if (!copy) return store([], '', 0, true)
  const manifest = await (await ask(copy.href)).json()
  const told = manifest.files?.find(({ name }) => name === 'files.ndjson.gz')
  const answer = told && (await ask(copy.href.replace('manifest.json', told.name)))
  if (!answer?.ok) return // Something in it was erased meanwhile: it is had no more, and asked for the list again.
  const body = Buffer.from(await answer.arrayBuffer())
  if (createHash('sha256').update(body).digest('hex') !== told.sha256)
    throw new Error('the copy differs from its manifest')
  const lines = gunzipSync(body).toString().split('\n').filter(Boolean)
  store(
    lines.map((line) => JSON.parse(line)),
    manifest.epoch,
    manifest.position,
    true,
  )
}

for (;;) {
  const place = db.prepare('SELECT epoch, position FROM place').get()
  if (!place) {
    await begin()
    continue
  }
  const epoch = place.epoch ? `&epoch=${place.epoch}` : ''
  const answer = await ask(
    `/api/v1/changes?since=${place.position}&limit=1000&wait=${follow ? 30 : 0}${epoch}`,
  )
  if (answer.status === 409) {
    await begin() // Restored from a backup meanwhile: begin again.
    continue
  }
  if (!answer.ok) throw new Error(await answer.text())
  const page = await answer.json()
  store(page.items, page.epoch, page.next)
  if (page.items.length === 0 && !follow) break
}
