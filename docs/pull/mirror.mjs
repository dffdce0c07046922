// Keeps the public files of a registry in a SQLite file: node mirror.mjs <address> <file> [--follow] (npm install better-sqlite3)
import { createHash, createPublicKey, verify } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'

const [base, path, follow] = process.argv.slice(2)
const db = new Database(path)
db.exec('CREATE TABLE IF NOT EXISTS file (org_code TEXT PRIMARY KEY, position INTEGER, json TEXT)')
db.exec('CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY, epoch TEXT, position INTEGER)')
db.exec('CREATE TABLE IF NOT EXISTS key (kid TEXT PRIMARY KEY, jwk TEXT)')
db.exec('CREATE TABLE IF NOT EXISTS newest (one INTEGER PRIMARY KEY, made_at TEXT)')

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

// The manifest as it was signed (JWS, Ed25519), never what lies beside it. The keys are those that were published at the first
// use; hold them against what the registry tells by another way. After a renewal put the new ones into the table `key`.
async function proven(jws) {
  const [head, payload, signature] = jws.trim().split('.')
  const { alg, typ, kid } = JSON.parse(Buffer.from(head, 'base64url'))
  if (!db.prepare('SELECT 1 FROM key').get()) {
    for (const key of (await (await ask('/check/keys.json')).json()).keys)
      db.prepare('INSERT INTO key VALUES (?, ?)').run(key.kid, JSON.stringify(key))
    console.error('trusted from now on:', ...db.prepare('SELECT kid FROM key').pluck().all())
  }
  const known = db.prepare('SELECT jwk FROM key WHERE kid = ?').pluck().get(kid)
  const jwk = known && createPublicKey({ key: JSON.parse(known), format: 'jwk' })
  const isSigned =
    jwk && verify(null, Buffer.from(`${head}.${payload}`), jwk, Buffer.from(signature, 'base64url'))
  if (!isSigned || alg !== 'EdDSA' || typ !== 'copy-manifest+jws')
    throw new Error('the manifest is not signed by a known key')
  const manifest = JSON.parse(Buffer.from(payload, 'base64url'))
  const { from, until } = JSON.parse(known)
  if (manifest.madeAt < from || (until !== null && manifest.madeAt > until))
    throw new Error('the manifest is not of the time of its key')
  if (manifest.audience !== 'public') throw new Error('the copy is not the one for the public')
  const newest = db.prepare('SELECT made_at FROM newest').pluck().get() ?? ''
  if (manifest.madeAt < newest) throw new Error('the copy is older than one that was had before')
  db.prepare('INSERT OR REPLACE INTO newest VALUES (1, ?)').run(manifest.madeAt)
  return manifest
}

async function begin(tries = 3) {
  const [copy] = (await (await ask('/bulk/public')).json()).items
  if (!copy) return store([], '', 0, true) // None yet: changes are followed from the beginning; they bear no signature.
  const file = (name) => ask(copy.href.replace('manifest.json', name))
  const jws = await file('manifest.jws')
  const manifest = jws.ok ? await proven(await jws.text()) : undefined
  const told = manifest?.files.find(({ name }) => name === 'files.ndjson.gz')
  const answer = told && (await file(told.name))
  if (!answer?.ok) {
    if (tries === 1) throw new Error(jws.ok ? 'the copy is not given' : 'the copy has no signature')
    return begin(tries - 1) // Something in it was erased meanwhile: it is had no more, and asked for the list again.
  }
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
