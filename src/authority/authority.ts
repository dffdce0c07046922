import { z } from 'zod'
import { elsewhereAtStart, placesAtStart, regionsNamed } from '../codes/places.ts'
import { region } from '../codes/regions.ts'
import type { Draft, Entry } from '../register/entry.ts'
import { comparedName } from './compared-name.ts'
import { isConsumerAuthor } from './consumers.ts'
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
const merged = z.object({
  into: id,
  /** That the successor answers for its place from then on, which is not within the successor's own. */
  takesOver: z.literal(true).optional(),
})

/** An authority (机关) that supervises, punishes, lists: whatever it made is its own, under each name it ever bore. */
export interface Authority extends Omit<z.output<typeof opened>, 'accounts'> {
  id: string
  revision: number
  openedAt: string
  formerNames: string[]
  accounts: string[]
  /** The authority that took over what this one made (合并). */
  successor?: string
  /** That its place went to its successor with it (接管辖区). */
  takesOver?: true
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
    case 'authority.merged': {
      const { into, takesOver } = merged.parse(payload)
      return {
        ...next,
        successor: into,
        ...(takesOver && { takesOver }),
        proposals: lapsed(before.proposals, entry, '机关已经合并'),
      }
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

/** Who a central authority's own name begins with, before the place where it has an office: 国家税务总局石家庄市税务局. */
const CENTRAL = /^(?:中华人民共和国|国务院|最高人民|国家\p{Script=Han}{1,12}?局|国家|全国|中央)/u

/** An authority's name from the place on that it says. */
function withoutCentral(name: string): string {
  return name.trim().replace(CENTRAL, '')
}

/**
 * The jurisdiction that an authority's name says: 石家庄市长安区市场监督管理局, 河北省药品监督管理局, 省局. Undefined where it
 * names no place in Hebei.
 */
export function jurisdictionNamed(name: string): Jurisdiction | undefined {
  const [only, ...others] = jurisdictionsNamed(name)
  return others.length === 0 ? only : undefined
}

/** Every jurisdiction that a name may say: several where places share a name, none where it says no place in Hebei. */
export function jurisdictionsNamed(name: string): Jurisdiction[] {
  const own = withoutCentral(name)
  if (own.startsWith('省')) return [{ level: 'province' }]
  return placesAtStart(own).map(({ code }) => jurisdictionIn(code))
}

/** What a name says that is no authority's of this province: a central one's, one's of another province, the program's own, a place. */
export function strangerNamed(name: string): string | undefined {
  const own = withoutCentral(name)
  const isOwn = own.startsWith('省') || placesAtStart(own).length > 0
  if (own !== name.trim() && !isOwn) return '国家机关'
  const elsewhere = elsewhereAtStart(own)
  if (elsewhere) return `${elsewhere.path}的机关`
  const unreal = unrealNamed(name)
  if (unreal !== undefined) return unreal
  return regionsNamed(own).length > 0 ? '行政区划' : undefined
}

/** What bears a name that acts in no office: the program itself, a consumer as it stands in entries; undefined for any other. */
export function unrealNamed(name: string): string | undefined {
  if (SYSTEM_NAMES.some((system) => comparedName(system) === comparedName(name))) return '系统自身'
  return isConsumerAuthor(name) ? '取用方' : undefined
}

/** What the program calls itself in the entries that nobody made (系统). */
export const SYSTEM = '质量信用档案系统'
/** The names that entries of the program and of the command line bear, which nobody else bears. */
const SYSTEM_NAMES = [SYSTEM, '系统管理', '系统管理员', '命令行']

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
