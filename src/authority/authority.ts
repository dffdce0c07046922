import { z } from 'zod'
import { placeAtStart } from '../codes/places.ts'
import { region } from '../codes/regions.ts'
import type { Draft, Entry } from '../register/entry.ts'
import { lapsed, type Proposal, proposalsAfter } from './proposal.ts'

/** Where an authority stands (层级): 省级、市级、县级. */
export const levels = ['province', 'city', 'county'] as const
export type Level = (typeof levels)[number]
export const LEVEL_WORDS: Readonly<Record<Level, string>> = { province: '省级', city: '市级', county: '县级' }

const id = z.string()
const contacts = z.string()
const opened = z.object({
  name: z.string(),
  level: z.enum(levels),
  /** Region that it is responsible for; none for the whole province. */
  region: z.string().optional(),
  /** The authority above it, where that was said. */
  above: id.optional(),
  contacts: contacts.optional(),
  /** Accounts and keys that bore another's name and belong to this one: `officer/…`, `key/…`. */
  accounts: z.array(z.string()).optional(),
  /** That it is none of the world's: what it made was invented to show the program. */
  isInvented: z.literal(true).optional(),
})
const renamed = z.object({ name: z.string() })
const changed = z.object({
  above: id.nullable().optional(),
  contacts: contacts.nullable().optional(),
  level: z.enum(levels).optional(),
  /** None for the whole province. */
  region: z.string().nullable().optional(),
})
const merged = z.object({ into: id })

/** An authority (机关) that supervises, punishes, lists: whatever it made is its own, under each name it ever bore. */
export interface Authority extends Omit<z.output<typeof opened>, 'accounts'> {
  id: string
  revision: number
  openedAt: string
  formerNames: string[]
  accounts: string[]
  /** The authority that took over what this one made (合并). */
  successor?: string
  /** What was put forward for a second administrator: merging it. */
  proposals?: Proposal[]
}

/** Subject of the entries about an authority. */
export function authoritySubject(id: string): string {
  return `authority/${id}`
}

/** Subject that exists once a name has been taken: names are never borne by two, not even one after the other. */
export function authorityNameSubject(name: string): string {
  return `authority-name/${name}`
}

/** The authority after one more entry about it. */
export function foldAuthority(before: Authority | undefined, entry: Entry): Authority | undefined {
  const { kind, payload, revision, recordedAt, subject } = entry
  if (kind === 'authority.opened' && payload !== null)
    return {
      id: subject.slice(authoritySubject('').length),
      revision,
      openedAt: recordedAt,
      formerNames: [],
      ...opened.parse(payload),
      accounts: opened.parse(payload).accounts ?? [],
    }
  if (!before) return undefined
  const proposals = proposalsAfter(before.proposals, entry)
  const next = { ...before, revision, ...(proposals && { proposals }) }
  if (payload === null) return next
  switch (kind) {
    case 'authority.renamed': {
      const { name } = renamed.parse(payload)
      return {
        ...next,
        name,
        formerNames: [...before.formerNames, before.name].filter((former) => former !== name),
        proposals: lapsed(before.proposals, entry, '机关已经更名'),
      }
    }
    case 'authority.changed': {
      const said = changed.parse(payload)
      const { above: wasAbove, contacts: wasReached, region: wasIn, ...rest } = next
      const above = said.above === undefined ? wasAbove : said.above
      const reached = said.contacts === undefined ? wasReached : said.contacts
      const place = said.region === undefined ? wasIn : said.region
      return {
        ...rest,
        level: said.level ?? next.level,
        proposals: lapsed(before.proposals, entry, '机关已经调整'),
        ...(typeof above === 'string' && { above }),
        ...(typeof reached === 'string' && { contacts: reached }),
        ...(typeof place === 'string' && { region: place }),
      }
    }
    case 'authority.merged':
      return {
        ...next,
        successor: merged.parse(payload).into,
        proposals: lapsed(before.proposals, entry, '机关已经合并'),
      }
    default:
      return next
  }
}

/** What an authority is responsible for. */
export interface Jurisdiction {
  level: Level
  /** None for the whole province. */
  region?: string
}

/** The jurisdiction that goes with a region; a province's code, or none, means the whole province. */
export function jurisdictionIn(code: string | undefined): Jurisdiction {
  const level = levelOf(code)
  return level === 'province' || code === undefined ? { level: 'province' } : { level, region: code }
}

/**
 * The jurisdiction that an authority's name says: 石家庄市长安区市场监督管理局, 河北省药品监督管理局, 省局. Undefined where it
 * names no place in Hebei.
 */
export function jurisdictionNamed(name: string): Jurisdiction | undefined {
  if (name.trim().startsWith('省')) return { level: 'province' }
  const place = placeAtStart(name)
  return place && jurisdictionIn(place.code)
}

export interface NewAuthority {
  name: string
  level?: Level | undefined
  region?: string | undefined
  above?: string | undefined
  contacts?: string | undefined
  accounts?: readonly string[] | undefined
  isInvented?: true
}

/** Entries that open an authority and take its name, which must be free. */
export function openingOf(
  {
    name,
    level,
    region: place,
    above,
    contacts: reached,
    accounts,
    isInvented,
  }: NewAuthority & { level: Level },
  { id, author }: { id: string; author: Draft['author'] },
): Draft[] {
  const payload = {
    name,
    level,
    ...(place !== undefined && { region: place }),
    ...(above !== undefined && { above }),
    ...(reached !== undefined && { contacts: reached }),
    ...(accounts !== undefined && accounts.length > 0 && { accounts }),
    ...(isInvented && { isInvented }),
  }
  return [draft(authoritySubject(id), 'authority.opened', payload, author), nameTaken(name, id, author)]
}

/** Entry that takes a name for good. */
export function nameTaken(name: string, authority: string, author: Draft['author']): Draft {
  return draft(authorityNameSubject(name), 'authority.name-taken', { authority }, author)
}

function draft(subject: string, kind: string, payload: unknown, author: Draft['author']): Draft {
  return { subject, kind, payload, visibility: 'internal', author }
}

/** Level of whoever is responsible for a region; 定州 and 辛集 stand directly under the province. */
export function levelOf(place: string | undefined): Level {
  return place === undefined ? 'province' : (region(place)?.level ?? 'county')
}
