import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StampKeys } from '../checking/keys.ts'
import type { PublicFile } from '../dossier/face.ts'
import { publicFileOf } from '../dossier/face.ts'
import { type Catalogue, enterprise } from '../records/catalogue.ts'
import type { Audience } from '../records/sight.ts'
import type { OneState, PlacedThing } from '../views/one-state.ts'
import { type Manifest, signedManifest } from './manifest.ts'
import { CopyTables } from './tables.ts'
import { LineFile, type WrittenFile } from './written.ts'

export interface CopyParts {
  folder: string
  audience: Audience
  snapshot: OneState
  catalogue: Catalogue
  keys: StampKeys
  head: Pick<Manifest, 'epoch' | 'on' | 'schema' | 'madeAt'>
  /** Positions of earlier copies that deltas are to lead from. */
  since: readonly { position: number; on: string }[]
}

/** The file of lines that holds all of a copy. */
export const LINES = 'files.ndjson.gz'

/**
 * Writes a full copy (全量) of what an audience may see, with what leads to it from earlier ones (增量). It is read from one
 * state of the views, row by row, so memory stays flat whatever its size.
 */
export async function writeCopy(parts: CopyParts): Promise<Manifest> {
  const { folder, audience, snapshot, keys, head } = parts
  mkdirSync(folder, { recursive: true })
  const files = audience === 'public' ? await publicCopy(parts) : await platformCopy(parts)
  const deltas: Manifest['deltas'] = []
  for (const { position: since, on } of parts.since) {
    const file = new LineFile(folder, `since-${since}.ndjson.gz`)
    for (const line of audience === 'public'
      ? publicDelta(snapshot, head.on, since)
      : platformDelta(snapshot, since))
      await file.add(`${line}\n`)
    deltas.push({ since, on, ...(await file.end()) })
  }
  const written: Manifest = { audience, ...head, position: snapshot.position, files, deltas }
  const bytes = Buffer.from(`${JSON.stringify(written, null, 1)}\n`)
  writeFileSync(join(folder, 'manifest.json'), bytes, { flush: true })
  writeFileSync(join(folder, 'manifest.jws'), await signedManifest(bytes, keys), { flush: true })
  return written
}

async function platformCopy({ folder, snapshot, catalogue, head }: CopyParts): Promise<WrittenFile[]> {
  const lines = new LineFile(folder, LINES)
  const tables = new CopyTables(folder, toldOf('platform', snapshot, head), catalogue)
  for (const thing of snapshot.things()) {
    await lines.add(`${thingLine(thing)}\n`)
    // The views wrote it from a `PlatformThing`, so it is not checked again.
    const { data, ...body } = JSON.parse(thing.json)
    const values = data === undefined ? body : thing.type === enterprise.type ? { ...data, ...body } : data
    await tables.add(thing.type, { orgCode: thing.key, id: thing.id }, values)
  }
  return [await lines.end(), ...(await tables.end())]
}

function toldOf(audience: Audience, { position }: OneState, { epoch, on, schema }: CopyParts['head']) {
  return { audience, epoch, position, on, schema }
}

/** A thing in the line of a copy or a delta. */
export function thingLine({ key, type, id, position, digest, json }: PlacedThing): string {
  const head = JSON.stringify({ orgCode: key, type, id, position, digest })
  return `${head.slice(0, -1)},"state":${json}}`
}

function* platformDelta(snapshot: OneState, since: number): Generator<string> {
  let restated: string | undefined
  for (const { key, type, id, restated: isRestated, position, digest, json } of snapshot.moved(since)) {
    if (key === restated) continue
    if (isRestated) {
      restated = key
      // What was erased can't be told any more: the file is given whole.
      yield `{"orgCode":"${key}","states":[${snapshot.thingsOf(key).map(thingLine).join()}]}`
    } else if (position === null || digest === null || json === null)
      yield JSON.stringify({ orgCode: key, type, id, deleted: true })
    else yield thingLine({ key, type, id, position, digest, json })
  }
}

async function publicCopy({ folder, snapshot, catalogue, head }: CopyParts): Promise<WrittenFile[]> {
  const lines = new LineFile(folder, LINES)
  const tables = new CopyTables(folder, toldOf('public', snapshot, head), catalogue)
  for (const { key, position, json } of snapshot.files(head.on)) {
    if (json === null) continue
    await lines.add(`${fileLine(key, position, json)}\n`)
    await publicRows(tables, publicFileOf(json, catalogue))
  }
  return [await lines.end(), ...(await tables.end())]
}

async function publicRows(tables: CopyTables, file: PublicFile): Promise<void> {
  const { orgCode, uscc } = file
  await tables.add(enterprise.type, { orgCode, id: orgCode }, { ...file.enterprise, uscc })
  for (const records of Object.values(file.sections))
    for (const { type, id, data } of records) await tables.add(type, { orgCode, id }, data)
  for (const rating of file.ratings) await tables.add('rating', { orgCode, id: rating.id }, rating)
  for (const listing of file.listings) await tables.add('listing', { orgCode, id: listing.id }, listing)
}

/** A file in the line of a copy or a delta: as the public feed gives it. */
export function fileLine(key: string, position: number, json: string | null): string {
  return json === null
    ? JSON.stringify({ position, orgCode: key, deleted: true })
    : `{"position":${position},"orgCode":"${key}","file":${json}}`
}

function* publicDelta(snapshot: OneState, on: string, since: number): Generator<string> {
  for (const { key, position, json } of snapshot.files(on, since)) yield fileLine(key, position, json)
}
