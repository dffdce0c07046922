import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { holidayNotices } from '../calendar/workdays.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { publicationRules } from '../records/rules.ts'
import { generationTables } from './tables.ts'

/** The rooms that say what a view holds of an entry: their rules, as data and as functions. */
const ROOMS = [
  'authority',
  'adoption',
  'blacklist',
  'calendar',
  'codes',
  'dossier',
  'law',
  'rating',
  'records',
  'supervision',
  'views',
]

/**
 * What makes the views what they are, as a digest: tables, kinds of record, rules, holiday notices. Views that bear another one were
 * made by another program, or by other rules, and are computed anew.
 */
export function stampOf({ kinds }: Catalogue): string {
  const hash = createHash('sha256')
    .update(generationTables(0))
    .update(JSON.stringify(publicationRules))
    .update(holidayNotices())
  for (const kind of kinds) hash.update(JSON.stringify([kind.type, kind.section, kind.datedBy, kind.columns]))
  return hash.update(digestOfRooms(ROOMS)).digest('hex')
}

const known = new Map<string, string>()

/** Digest of the text of some rooms, subfolders included. */
export function digestOfRooms(rooms: readonly string[]): string {
  const name = rooms.join()
  const digest = known.get(name) ?? readRooms(rooms)
  known.set(name, digest)
  return digest
}

function readRooms(rooms: readonly string[]): string {
  const hash = createHash('sha256')
  for (const room of rooms) {
    const folder = fileURLToPath(new URL(`../${room}/`, import.meta.url))
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(ts|json)$/.test(name)) hash.update(`${room}/${name}\n`).update(readFileSync(folder + name))
  }
  return hash.digest('hex')
}
