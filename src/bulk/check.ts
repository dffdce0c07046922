import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import type { OneState } from '../views/one-state.ts'
import { fileLine, LINES, thingLine } from './copy.ts'
import type { Manifest } from './manifest.ts'

/** What is wrong with a copy, in words; it goes on to the end and holds a line at a time. */
export async function checkCopy(
  folder: string,
  { audience, on, position, files, deltas }: Manifest,
  snapshot: OneState,
): Promise<string[]> {
  const faults: string[] = []
  for (const { name, bytes, sha256 } of [...files, ...deltas]) {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of createReadStream(join(folder, name))) {
      hash.update(chunk)
      size += chunk.length
    }
    if (size !== bytes || hash.digest('hex') !== sha256) faults.push(`${name} 的大小或摘要与清单不符。`)
  }
  const moved = new Moved(audience === 'public' ? snapshot.files(on, position) : snapshot.moved(position))
  const stands = audience === 'public' ? publicLines(snapshot, on) : platformLines(snapshot)
  const copied = linesOf(join(folder, LINES))
  let [own, other] = [stands.next(), await copied.next()]
  // Both are in one order; what differs must have moved since the copy was made.
  try {
    for (;;) {
      if (own.done && other.done) return faults
      const ownPlace = own.done ? undefined : own.value.place
      const otherPlace = other.done ? undefined : placeIn(other.value)
      const isBoth = ownPlace !== undefined && ownPlace === otherPlace
      const first =
        ownPlace === undefined
          ? otherPlace
          : otherPlace === undefined || ownPlace <= otherPlace
            ? ownPlace
            : otherPlace
      const isSame = isBoth && !own.done && !other.done && own.value.line === other.value
      if (first !== undefined && !isSame && !moved.has(first))
        faults.push(`${first.replaceAll('\u0000', ' ').trim()} 与登记簿不符，而此后没有变动。`)
      if (faults.length > 100) return faults
      if (ownPlace !== undefined && ownPlace === first) own = stands.next()
      if (otherPlace !== undefined && otherPlace === first) other = await copied.next()
    }
  } finally {
    stands.return(undefined)
    moved.end()
  }
}

interface Line {
  place: string
  line: string
}

/** Where a thing stands in the order of a copy: its file, the basic information first, its id. */
function placeOf(key: string, id: string | undefined): string {
  return id === undefined ? key : `${key}\u0000${id === key ? '' : id}`
}

function placeIn(line: string): string {
  const { orgCode, id }: { orgCode: string; id?: string } = JSON.parse(line)
  return placeOf(orgCode, id)
}

function* platformLines(snapshot: OneState): Generator<Line, undefined> {
  for (const thing of snapshot.things()) yield { place: placeOf(thing.key, thing.id), line: thingLine(thing) }
}

function* publicLines(snapshot: OneState, on: string): Generator<Line, undefined> {
  for (const { key, position, json } of snapshot.files(on))
    if (json !== null) yield { place: placeOf(key, undefined), line: fileLine(key, position, json) }
}

async function* linesOf(path: string): AsyncGenerator<string, undefined> {
  yield* createInterface({
    input: createReadStream(path).pipe(createGunzip()),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
}

/** What has moved since a copy was made, asked for in its order. */
class Moved {
  readonly #rows: Iterator<{ key: string; id?: string; restated?: number }>
  #next: { key: string; id?: string; restated?: number } | undefined
  #key = ''
  #places = new Set<string>()
  #isRestated = false

  constructor(rows: Iterator<{ key: string; id?: string; restated?: number }>) {
    this.#rows = rows
    this.#step()
  }

  has(place: string): boolean {
    const [key = ''] = place.split('\u0000')
    while (this.#next && this.#next.key < key) this.#step()
    if (this.#key !== key) {
      this.#key = key
      this.#places = new Set()
      this.#isRestated = false
      while (this.#next && this.#next.key === key) {
        this.#isRestated ||= this.#next.restated === 1
        this.#places.add(placeOf(key, this.#next.id))
        this.#step()
      }
    }
    return this.#isRestated || this.#places.has(place)
  }

  end(): void {
    this.#rows.return?.()
  }

  #step(): void {
    const { value, done } = this.#rows.next()
    this.#next = done ? undefined : value
  }
}
