import { z } from 'zod'
import { type Maker, makerOf } from '../authority/maker.ts'
import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { organisationCodeWithin } from '../codes/unified-code.ts'
import type { Entry } from '../register/entry.ts'

const holder = z.object({ code: z.string().optional(), name: z.string(), number: z.string().optional() })

/** A line of a roster: a holder as whoever issued the licences names it. */
export type Holder = z.output<typeof holder>

const taken = z.object({
  kind: z.string(),
  part: z.string().optional(),
  source: z.string(),
  on: z.string(),
  holders: z.array(holder),
})

/** A roster of the holders of a kind of licence or certificate (持证企业名录), or a part of one, as of a day. */
export interface Roster extends z.output<typeof taken> {
  id: string
  position: number
  author: Maker
  revision: number
}

/** Subject of the entry that took a roster in. */
export function rosterSubject(id: string): string {
  return `roster/${id}`
}

/** The roster after one more entry about it. */
export function foldRoster(before: Roster | undefined, entry: Entry): Roster | undefined {
  const { kind, payload, seq: position, revision } = entry
  const author = makerOf(entry)
  if (kind === 'roster.taken' && payload !== null) {
    const id = entry.subject.slice(rosterSubject('').length)
    return { id, ...taken.parse(payload), position, author, revision }
  }
  return before && { ...before, revision }
}

/** The rosters that count: of each kind and part the latest, by its day, of one day the one taken last. */
export function rostersThatCount(all: readonly Roster[]): Roster[] {
  const latest = new Map<string, Roster>()
  for (const own of [...all].sort((a, b) => (a.on === b.on ? a.position - b.position : a.on < b.on ? -1 : 1)))
    latest.set(`${own.kind}/${own.part ?? ''}`, own)
  return Array.from(latest.values())
}

/** A firm that rosters name as holding a kind of licence. */
export interface RosteredFirm {
  kind: string
  name: string
  keys: string[]
  uscc?: string
  /** Numbers of its licences, where the roster has them. */
  numbers: string[]
}

/**
 * The holders of rosters by kind, each once however many of its licences are named, with the keys under which its file may
 * stand; without any where no code tells which firm it is.
 */
export function holdersOf(rosters: readonly Roster[]): RosteredFirm[] {
  const found = new Map<string, RosteredFirm>()
  for (const { kind, holders } of rosters)
    for (const { code = '', name, number } of holders) {
      const read = parseEnterpriseCode(code)
      const own = read.ok ? read.value : undefined
      const orgCode = own && (own.kind === 'unified' ? organisationCodeWithin(own.code) : own.code)
      const id = `${kind}/${orgCode ?? name}`
      const known = found.get(id) ?? { kind, name, keys: [], numbers: [] }
      found.set(id, known)
      if (own?.kind === 'unified') known.uscc ??= own.code
      if (own && orgCode !== undefined) known.keys = Array.from(new Set([...known.keys, own.code, orgCode]))
      if (number !== undefined) known.numbers.push(number)
    }
  return Array.from(found.values())
}
