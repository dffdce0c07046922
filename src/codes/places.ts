import { LRUCache } from 'lru-cache'
import { type RegionRecord, regionHistory } from './region-history.ts'
import { endedRegions, presentRegions, type Region, region, regionContains, shortName } from './regions.ts'
import { simplifiedText } from './simplified.ts'

/** What is known beside the name of a place, to tell apart those that share it. */
export interface PlaceContext {
  /** The six digits of the registering office, from the enterprise's own code (`regionWithin`). */
  registeredIn?: string | undefined
  /** Name or code of the place that this one lies in, from a column beside: 所在地市. */
  within?: string | undefined
}

/** How a place was found where that isn't plain, in Chinese, for previews and reports. */
export interface PlaceNote {
  code: 'former-name' | 'divided' | 'from-address' | 'from-code'
  detail: string
}

export type PlaceReading = { ok: true; region: Region; note?: PlaceNote } | { ok: false; fault: PlaceFault }

export interface PlaceFault {
  code: 'unknown-place' | 'ambiguous-place'
  detail: string
  /** What the name may mean, at most ten. */
  candidates: readonly Region[]
}

/** Longest name of a place that is looked at; a region's full path has at most 30 characters. */
const MAX_LENGTH = 100

/** Regions that have two codes: the one they are kept under here, since they report directly to the province. */
const KEPT_UNDER: ReadonlyMap<string, string> = new Map([
  ['130181', '139002'],
  ['130682', '139001'],
])

/** Counties that 雄安新区 administers; GB/T 2260 has them within 保定市. */
const ALSO_WITHIN: ReadonlyMap<string, string> = new Map([
  ['130629', '133100'],
  ['130632', '133100'],
  ['130638', '133100'],
])

/** A region by one of its names, present or former. */
interface Named {
  /** Present regions that it stands for today; several where its area was divided. */
  regions: readonly Region[]
  /** Codes by which it lies within others: its own, past and present. */
  codes: readonly string[]
  level: Region['level']
  isShort: boolean
  /** The name as it was, for one that has ended. */
  former?: RegionRecord
}

const byName = new Map<string, Named[]>()
let longestName = 0

/** Every place by its names; put together when first asked for, since most threads never ask. */
function places(): { byName: ReadonlyMap<string, readonly Named[]>; longestName: number } {
  if (byName.size === 0) load()
  return { byName, longestName }
}

function addName(name: string, named: Named): void {
  const known = byName.get(name)
  if (known) known.push(named)
  else byName.set(name, [named])
  longestName = Math.max(longestName, name.length)
}

const PEOPLES =
  /(?:(?:蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺)族|各族|蒙古|哈萨克|柯尔克孜)+$/u

/** Forms that people shorten a name to: 湘西土家族苗族自治州 → 湘西, 湘西州; 石家庄高新技术产业开发区 → 石家庄高新区. */
function shortForms(name: string, above: readonly string[]): Set<string> {
  const forms = new Set([shortName(name)])
  const autonomous = /^(.{2,}?)自治(州|县|旗)$/u.exec(name)
  if (autonomous) {
    const [, body = '', kind = ''] = autonomous
    const stem = body.replace(PEOPLES, '')
    if (stem.length >= 2) for (const form of [stem, stem + kind, `${stem}自治${kind}`]) forms.add(form)
  }
  if (/(?:开发区|园区|新区|新城|管理区)$/u.test(name)) {
    const bare = above.reduce((rest, part) => (rest.startsWith(part) ? rest.slice(part.length) : rest), name)
    if (bare.length > 2) forms.add(bare)
    for (const full of [name, bare])
      for (const [long, short] of ZONES)
        if (full.endsWith(long)) for (const end of short) forms.add(full.slice(0, -long.length) + end)
    forms.add(name.replace(/新区$/u, ''))
  }
  forms.delete(name)
  return forms
}

const ZONES: readonly (readonly [string, readonly string[]])[] = [
  ['高新技术产业开发区', ['高新区', '高新技术开发区', '高新开发区']],
  ['经济技术开发区', ['经开区', '开发区', '经济开发区']],
  ['经济开发区', ['经开区', '开发区', '经济技术开发区']],
]

function aboveNames({ parent }: Region): string[] {
  if (parent === undefined) return []
  const above = region(parent)
  return above ? [...aboveNames(above), above.name, shortName(above.name)] : []
}

/** Codes by which a present region lies in others: its own, its second one, that of the new area it is run by. */
function codesOf({ code }: Region): string[] {
  const second = [...KEPT_UNDER].filter(([, kept]) => kept === code).map(([other]) => other)
  const outer = ALSO_WITHIN.get(code)
  return [code, ...second, ...(outer === undefined ? [] : [outer])]
}

function load(): void {
  for (const present of presentRegions()) {
    if (KEPT_UNDER.has(present.code) || present.name.endsWith('市辖区') || present.code.endsWith('9000'))
      continue
    const named = { regions: [present], codes: codesOf(present), level: present.level }
    addName(present.name, { ...named, isShort: false })
    for (const form of shortForms(present.name, aboveNames(present)))
      addName(form, { ...named, isShort: true })
  }
  for (const former of regionHistory()) {
    if (former.until === undefined) continue
    const successors = successorsOf(former)
    if (successors.length === 0) continue
    const level = former.code.endsWith('0000') ? 'province' : former.code.endsWith('00') ? 'city' : 'county'
    const codes = [former.code, ...former.successors, ...successors.flatMap(codesOf)]
    const named: Named = { regions: successors, codes, level, isShort: false, former }
    addName(former.name, named)
    for (const form of shortForms(former.name, [])) addName(form, { ...named, isShort: true })
  }
}

/** Present regions that what has ended leads to, through all changes since. */
function successorsOf(record: RegionRecord, seen: ReadonlySet<RegionRecord> = new Set()): Region[] {
  if (seen.has(record)) return []
  const later = new Set([...seen, record])
  const found = record.successors.flatMap((code): Region[] => {
    const next = endedRegions(code).find((other) => other.from >= (record.until ?? 0) && other !== record)
    if (next) return successorsOf(next, later)
    const present = presentOf(code)
    if (present) return [present]
    const last = endedRegions(code).at(-1)
    return last ? successorsOf(last, later) : []
  })
  return distinct(found)
}

let present: ReadonlyMap<string, Region> | undefined

function presentOf(code: string): Region | undefined {
  present ??= new Map(presentRegions().map((one) => [one.code, one]))
  return present.get(KEPT_UNDER.get(code) ?? code)
}

/** The one region that takes the place of several: the one that bears the old name, else the one all lie in. */
function standIn(regions: readonly Region[], formerName: string): Region | undefined {
  const [first] = regions
  if (!first || regions.length === 1) return first
  const heir = regions.find(({ name }) => shortName(name) === shortName(formerName))
  if (heir) return heir
  for (const length of [4, 2]) {
    const prefix = first.code.slice(0, length)
    if (regions.every(({ code }) => code.startsWith(prefix))) return presentOf(prefix.padEnd(6, '0'))
  }
  return undefined
}

/**
 * The present region that six digits stand for: a region's own, a former one's successor, else the city or province
 * that the digits begin with. Undefined where not even the province is known.
 */
export function placeOfCode(digits: string): Region | undefined {
  const code = digits.padEnd(6, '0')
  const own = presentOf(code)
  if (own && !own.name.endsWith('市辖区')) return own
  const former = endedRegions(code).at(-1)
  const heir = former && standIn(successorsOf(former), former.name)
  return heir ?? presentOf(`${code.slice(0, 4)}00`) ?? presentOf(`${code.slice(0, 2)}0000`)
}

/** Name as it is looked up: half width, without gaps and separators. */
function tidyName(typed: string): string {
  return typed
    .slice(0, MAX_LENGTH)
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\p{Cf}/\\>·,、.:|]/gu, '')
}

/** Where a name leads when it is read to its end, or to where an address goes on. */
interface Reading {
  named: Named
  shortForms: number
  levels: number
  rest: string
}

/** Words that stand in official paths and name no place. */
const FILLERS = ['市辖区', '省直辖县级行政区划', '自治区直辖县级行政区划']

function readingsOf(text: string, outer?: Named, shortForms = 0, levels = 0): Reading[] {
  const filler = FILLERS.find((word) => outer && text.startsWith(word))
  if (filler !== undefined) return readingsOf(text.slice(filler.length), outer, shortForms, levels)
  const found: Reading[] = []
  const { byName, longestName } = places()
  for (let length = Math.min(longestName, text.length); length >= 2; length -= 1) {
    for (const named of byName.get(text.slice(0, length)) ?? []) {
      if (outer && !liesIn(named, outer)) continue
      const reading = {
        named,
        shortForms: shortForms + Number(named.isShort),
        levels: levels + 1,
        rest: text.slice(length),
      }
      found.push(reading)
      if (reading.rest !== '')
        found.push(...readingsOf(reading.rest, named, reading.shortForms, reading.levels))
    }
  }
  return found
}

function liesIn(inner: Named, outer: Named): boolean {
  const isLower = LEVELS.indexOf(inner.level) > LEVELS.indexOf(outer.level)
  // 定州市 and 辛集市 stand beside the cities that old paths put them in.
  const isParted = inner.level === 'city' && !inner.codes.some((code) => outer.codes.includes(code))
  if (outer.level === 'county' || !(isLower || isParted)) return false
  return outer.codes.some((code) => inner.codes.some((own) => regionContains(code, own)))
}

/**
 * The present region that somebody's words mean: a code of two, four or six digits, a name in full or short, a path
 * with or without its province, a former name of any place since 1981. Where several places share the name, the
 * column beside and the enterprise's own code decide; where the words can't be read, the code's place is taken and
 * the note says both. Fails only where neither tells a place.
 */
export function readPlace(typed: string, context: PlaceContext = {}): PlaceReading {
  const registered = context.registeredIn
  const read = readAlone(typed, hintsOf(context))
  if (read.ok || registered === undefined) return read
  const fromCode = placeOfCode(registered)
  if (!fromCode) return read
  return {
    ok: true,
    region: fromCode,
    note: {
      code: 'from-code',
      detail: `“${shortened(typed)}”不能确定是哪个行政区划，已按统一社会信用代码第 3-8 位（${registered}）记为${fromCode.path}；如有不符，请更正。`,
    },
  }
}

/** The one region that a code or a name alone means, for settings and filters; undefined where that isn't certain. */
export function parseRegion(typed: string): Region | undefined {
  const read = readPlace(typed)
  return read.ok ? read.region : undefined
}

/**
 * Present regions a name may mean, in Hebei first, higher levels first: `石家庄`, `河北省石家庄市长安区`. Several come back
 * when a name is shared (长安区 is in 石家庄 and 西安).
 */
export function regionsNamed(name: string): Region[] {
  const complete = readingsOf(tidyName(name)).filter(({ rest }) => rest === '')
  const found = complete.flatMap(({ named }) => named.regions)
  return distinct(found).sort(
    (a, b) =>
      Number(b.code.startsWith('13')) - Number(a.code.startsWith('13')) ||
      a.path.length - b.path.length ||
      a.code.localeCompare(b.code),
  )
}

/**
 * The present regions in Hebei that a text may begin with, as names of authorities do (石家庄市长安区市场监督管理局): several
 * where they bear one name (桥西区), none where it begins with none.
 */
export function placesAtStart(text: string): readonly Region[] {
  const read = readAtStart(text)
  return read.ok ? [read.region] : read.fault.candidates
}

/**
 * Every way to read a place in Hebei at the start of a text, with what follows it, where all that go furthest mean one place:
 * 唐山市场… is 唐山, followed by 市场…, or 唐山市, followed by 场….
 */
export function leadingPlaces(text: string): { code: string; rest: string }[] {
  const meant = placesAtStart(text)
  const [only] = meant
  if (!only || meant.length > 1) return []
  return readingsOf(tidyName(text)).flatMap(({ named, rest }) =>
    isInHebei(named) && named.regions.length === 1 && named.regions[0]?.code === only.code
      ? [{ code: only.code, rest }]
      : [],
  )
}

function readAtStart(text: string): PlaceReading {
  const inHebei = readingsOf(tidyName(text)).filter(({ named }) => isInHebei(named))
  const shortest = Math.min(...inHebei.map(({ rest }) => rest.length))
  const longest = inHebei.filter(({ rest }) => rest.length === shortest)
  return chosen(longest, text, [])
}

/** The province or city outside Hebei whose full name a text begins with (北京市, 山东省济南市), where no place in Hebei is meant. */
export function elsewhereAtStart(text: string): Region | undefined {
  const all = readingsOf(tidyName(text))
  if (all.some(({ named }) => isInHebei(named))) return undefined
  return all.find(({ named, shortForms }) => shortForms === 0 && named.level !== 'county')?.named.regions[0]
}

/** Codes that tell places of one name apart, the strongest first. */
function hintsOf({ within, registeredIn }: PlaceContext): string[] {
  const beside = within === undefined ? undefined : parseRegion(within)?.code
  return [beside, registeredIn].filter((code) => code !== undefined)
}

/** What was read before: a file says the same few places in all its rows. */
const readBefore = new LRUCache<string, PlaceReading>({ max: 10_000 })

function readAlone(typed: string, hints: readonly string[]): PlaceReading {
  if (typed.length > MAX_LENGTH) return readEither(typed, hints)
  const key = hints.length === 0 ? typed : [typed, ...hints].join('\n')
  const before = readBefore.get(key)
  if (before) return before
  const reading = readEither(typed, hints)
  readBefore.set(key, reading)
  return reading
}

/** As written, else in simplified characters: 石家莊市. */
function readEither(typed: string, hints: readonly string[]): PlaceReading {
  const read = readName(typed, hints)
  const plain = read.ok ? typed : simplifiedText(typed)
  return plain === typed ? read : readName(plain, hints)
}

/** Two, four or six digits; those for statistics go on with three for the township and three for the village. */
const CODE = /^(\d{2}|\d{4}|\d{6})(?:(?<=\d{6})\d{3}(?:\d{3})?)?$/u

function readName(typed: string, hints: readonly string[]): PlaceReading {
  const name = tidyName(typed)
  const [, digits] = CODE.exec(name) ?? []
  if (digits !== undefined) return readDigits(digits)
  const all = readingsOf(name)
  const complete = all.filter(({ rest }) => rest === '')
  if (complete.length > 0) return chosen(complete, name, hints)
  // An address goes on behind its county; a county named within its city is certain enough to stop there.
  const partial = all.filter(({ named, levels }) => named.level === 'county' && !named.isShort && levels >= 2)
  const read = partial.length > 0 ? chosen(partial, name, hints) : undefined
  if (!read?.ok) return { ok: false, fault: unknownPlace(typed) }
  const detail = `“${name.slice(0, 40)}”是地址，行政区划取其中的“${read.region.path}”。`
  return { ok: true, region: read.region, note: read.note ?? { code: 'from-address', detail } }
}

function readDigits(digits: string): PlaceReading {
  const code = digits.padEnd(6, '0')
  const own = presentOf(code)
  if (own) return { ok: true, region: own }
  const former = endedRegions(code).at(-1)
  const heirs = former ? successorsOf(former) : []
  const heir = former && standIn(heirs, former.name)
  if (!former || !heir) return { ok: false, fault: unknownPlace(digits) }
  return { ok: true, region: heir, note: formerNote(`${code}（${former.name}）`, former, heirs, heir) }
}

function chosen(readings: readonly Reading[], name: string, hints: readonly string[]): PlaceReading {
  const rank = (a: Reading, b: Reading): number =>
    hints.reduce((d, hint) => d || closeness(b.named, hint) - closeness(a.named, hint), 0) ||
    a.shortForms - b.shortForms ||
    Number(isInHebei(b.named)) - Number(isInHebei(a.named)) ||
    Number(a.named.former !== undefined) - Number(b.named.former !== undefined) ||
    LEVELS.indexOf(a.named.level) - LEVELS.indexOf(b.named.level)
  const [best, ...others] = [...readings].sort(rank)
  if (!best) return { ok: false, fault: unknownPlace(name) }
  const equals = [best, ...others.filter((other) => rank(best, other) === 0)]
  const regions = distinct(equals.flatMap(({ named }) => named.regions))
  const isOne = equals.length === 1 || equals.every(({ named }) => sameRegions(named, best.named))
  const { former } = best.named
  const region = isOne ? heirOf(best.named, hints) : undefined
  if (!region) return { ok: false, fault: ambiguousPlace(name, regions) }
  return former
    ? { ok: true, region, note: formerNote(former.name, former, best.named.regions, region) }
    : { ok: true, region }
}

const LEVELS: readonly Region['level'][] = ['province', 'city', 'county']

function heirOf({ regions, former }: Named, hints: readonly string[]): Region | undefined {
  const hinted = regions.length > 1 ? regions.find(({ code }) => hints.includes(code)) : undefined
  return hinted ?? standIn(regions, former?.name ?? '')
}

function sameRegions(a: Named, b: Named): boolean {
  return a.regions.map(({ code }) => code).join() === b.regions.map(({ code }) => code).join()
}

/** How near a place is to what the hint says: 2 in the same city, 1 in the same province, 0 elsewhere. */
function closeness({ codes }: Named, hint: string): number {
  const at = (length: number) => codes.some((code) => code.slice(0, length) === hint.slice(0, length))
  if (at(4) && !hint.endsWith('0000')) return 2
  return at(2) ? 1 : 0
}

function isInHebei({ codes }: Named): boolean {
  return codes.some((code) => code.startsWith('13'))
}

function formerNote(name: string, former: RegionRecord, heirs: readonly Region[], region: Region): PlaceNote {
  const until = `“${name}”是 ${former.until} 年以前的行政区划`
  if (heirs.length === 1 || heirs.length === 0)
    return { code: 'former-name', detail: `${until}，现为${region.path}。` }
  const parts = heirs.slice(0, 10).map((heir) => heir.name)
  return {
    code: 'divided',
    detail: `${until}，辖区已划归${parts.join('、')}，记为${region.path}；如有不符，请更正。`,
  }
}

function unknownPlace(typed: string): PlaceFault {
  return {
    code: 'unknown-place',
    detail: `“${shortened(typed)}”不是行政区划；请填 6 位代码（如 130100）或全称（如 河北省石家庄市长安区）。`,
    candidates: [],
  }
}

function ambiguousPlace(name: string, candidates: readonly Region[]): PlaceFault {
  const few = candidates.slice(0, 10)
  const shown = few.map(({ path, code }) => `${path}（${code}）`).join('、')
  return {
    code: 'ambiguous-place',
    detail: `“${name.slice(0, 40)}”可能是${shown}${candidates.length > few.length ? '等' : ''}；请写明所在省、市，或填 6 位代码。`,
    candidates: few,
  }
}

function shortened(typed: string): string {
  return Array.from(typed).slice(0, 40).join('')
}

function distinct(regions: readonly Region[]): Region[] {
  return [...new Map(regions.map((region) => [region.code, region])).values()]
}
