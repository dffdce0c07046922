import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { addDays, shanghaiDate } from '../calendar/dates.ts'
import type { StampKeys } from '../checking/keys.ts'
import { platformSchema } from '../dossier/platform-face.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Audience } from '../records/sight.ts'
import { OneState } from '../views/one-state.ts'
import { writeCopy } from './copy.ts'
import { type Manifest, manifest } from './manifest.ts'

export const AUDIENCES = ['public', 'platform'] as const
/** Full copies that lie there: the one before the last too, so that a download that has begun can be finished. */
const FULL_KEPT = 2

/** A copy that was made: of a day, up to a position. */
export interface Made {
  name: string
  manifest: Manifest
}

/** The copies that lie in a folder, each in one of its own by its position and epoch. */
export class Copies {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Copies for an audience, the latest first. */
  of(audience: Audience): Made[] {
    const folder = join(this.#folder, audience)
    if (!existsSync(folder)) return []
    return readdirSync(folder)
      .filter((name) => /^\d+-\w+$/.test(name))
      .flatMap((name): Made[] => {
        const path = join(folder, name, 'manifest.json')
        if (!existsSync(path)) return []
        const read = manifest.safeParse(JSON.parse(readFileSync(path, 'utf8')))
        return read.success ? [{ name, manifest: read.data }] : []
      })
      .sort((a, b) => (a.manifest.madeAt < b.manifest.madeAt ? 1 : -1))
  }

  /** A file of a copy, with the SHA-256 of its bytes; undefined where there is none of that name. */
  file(
    audience: Audience,
    name: string,
    file: string,
  ): { path: string; bytes: number; sha256: string } | undefined {
    if (!/^\d+-\w+$/.test(name) || !/^[\w-]+(\.\w+)+$/.test(file)) return undefined
    const path = join(this.#folder, audience, name, file)
    const found = statSync(path, { throwIfNoEntry: false })
    if (!found?.isFile()) return undefined
    const own = this.of(audience).find((one) => one.name === name)?.manifest
    const known = own && [...own.files, ...own.deltas].find((one) => one.name === file)
    // The manifest and its signature name every file but themselves, and are small.
    const sha256 = known?.sha256 ?? createHash('sha256').update(readFileSync(path)).digest('hex')
    return { path, bytes: found.size, sha256 }
  }

  /** The positions of all copies that lie there. */
  positions(): number[] {
    return AUDIENCES.flatMap((audience) => this.of(audience)).map(({ manifest }) => manifest.position)
  }

  /** The position and epoch that a copy's name says. */
  placeOf(name: string): { position: number; epoch: string } {
    const [position = '0', epoch = ''] = name.split('-')
    return { position: Number(position), epoch }
  }

  /** Where a copy is made before it takes its name. */
  making(audience: Audience): string {
    return join(this.#folder, audience, '.making')
  }

  /** Lets a copy that was made be seen. */
  take(audience: Audience, { position, epoch }: Manifest): string {
    const name = `${position}-${epoch}`
    const path = join(this.#folder, audience, name)
    rmSync(path, { recursive: true, force: true })
    renameSync(this.making(audience), path)
    return name
  }

  remove(audience: Audience, name: string): void {
    rmSync(join(this.#folder, audience, name), { recursive: true, force: true })
  }
}

interface Parts {
  /** Where copies lie, and the views that they are made from. */
  folder: string
  views: string
  catalogue: Catalogue
  keys: StampKeys
  epoch: string
  now(): Date
  /** Days for which what leads from earlier copies to the last is kept ready. */
  days: number
}

/**
 * Sees to it that there is a copy of today for each audience, and that none holds what was erased since; gives what it made.
 * `anew` makes them in any case. Whatever was taken back since an earlier copy is in that one still, so of full copies
 * only the last two are kept, and what leads from the others to the last is made from what stands now.
 */
export async function keepUp({ folder, views, catalogue, keys, epoch, now, days }: Parts, anew = false) {
  const copies = new Copies(folder)
  const today = shanghaiDate(now())
  const schema = platformSchema(catalogue)
  const made: Manifest[] = []
  for (const audience of AUDIENCES) {
    const snapshot = new OneState(views)
    try {
      const own = copies.of(audience)
      const [last] = own
      const isCurrent =
        last?.manifest.epoch === epoch && last.manifest.schema === schema && last.manifest.on >= today
      if (!anew && last && isCurrent && !snapshot.erasedAfter(last.manifest.position)) continue
      if (last && last.manifest.epoch === epoch && last.manifest.position > snapshot.position) continue
      const head = { epoch, on: today, schema, madeAt: now().toISOString() }
      const since = sinceOf(last?.manifest, { epoch, schema, oldest: addDays(today, -days) })
      const making = copies.making(audience)
      rmSync(making, { recursive: true, force: true })
      const done = await writeCopy({ folder: making, audience, snapshot, catalogue, keys, head, since })
      const name = copies.take(audience, done)
      const hasErased = last !== undefined && snapshot.erasedAfter(last.manifest.position)
      const others = copies.of(audience).filter((one) => one.name !== name)
      // What a register that was restored since has lost, or rules of before let see, must not be handed out any more.
      const kept = others
        .filter((one) => one.manifest.epoch === epoch && one.manifest.schema === schema)
        .slice(0, hasErased ? 0 : FULL_KEPT - 1)
      for (const one of others) if (!kept.includes(one)) copies.remove(audience, one.name)
      made.push(done)
    } finally {
      snapshot.close()
    }
  }
  return made
}

/** Positions that deltas are to lead from: the last copy, and those that led to it, as long as they are kept. */
function sinceOf(
  last: Manifest | undefined,
  { epoch, schema, oldest }: { epoch: string; schema: string; oldest: string },
): { position: number; on: string }[] {
  if (!last || last.epoch !== epoch || last.schema !== schema) return []
  const known = [
    { position: last.position, on: last.on },
    ...last.deltas.map(({ since, on }) => ({ position: since, on })),
  ]
  return known.filter(
    ({ on }, i) => on > oldest && known.findIndex((one) => one.position === known[i]?.position) === i,
  )
}
