import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { otherThanCode } from '../codes/not-a-code.ts'
import { readPlace } from '../codes/places.ts'
import { tidyCode } from '../codes/typed.ts'
import { fileOfCode } from '../dossier/codes.ts'
import type { PublicFile } from '../dossier/face.ts'
import { Refusal } from '../dossier/refusal.ts'
import { isInPlace } from '../registry/parties.ts'
import { codesNear } from '../search/code-slips.ts'
import type { SearchEngine, SearchHit } from '../search/engine.ts'
import type { AskedRow } from './asked.ts'
import { differencesOf, hasUnknownCharacters, likenessOf, parentOf } from './compare.ts'
import { type Given, quoted } from './given.ts'
import { type Within, within } from './within.ts'

/**
 * How sure it is that the enterprise found is the one that was asked for; `conflict`: what was written fits more than
 * one enterprise, or an enterprise only in part.
 */
export const certainties = ['certain', 'conflict', 'likely', 'unsure', 'none', 'fault'] as const
export type Certainty = (typeof certainties)[number]

/** An enterprise that was found, as it stands. */
export interface CheckedEnterprise {
  orgCode: string
  uscc: string | null
  name: string
  region?: string
  status: string
  grade?: string
  class?: string
  /** Its listing in force; absent when it is not on the blacklist. */
  listed?: { id: string; from: string; until: string | null; ground: string }
}

/** What came of one row of a batch check (批量核验). */
export interface CheckedRow {
  line: number
  /** What was asked for, as it was given: in one, and each part. */
  asked: string
  given: Given
  certainty: Certainty
  /** Why it is that sure, or what is wrong with the row; Chinese. */
  why: string
  enterprise?: CheckedEnterprise
  /** In a conflict, the other enterprise that it may be. */
  other?: CheckedEnterprise
  /** The enterprise that the one found is a branch of. */
  parent?: CheckedEnterprise
}

export interface Finder {
  search: SearchEngine
  /** What the public sees of a file; refuses with `gone` for a withdrawn one. */
  shown(key: string): PublicFile | undefined
}

interface Found extends Pick<CheckedRow, 'certainty' | 'why' | 'enterprise' | 'other'> {
  /** Whether the code led to the enterprise. */
  byCode?: true
  /** Where it is open which one is meant: those that come into question, the one found among them. */
  among?: readonly CheckedEnterprise[]
}

const NOT_FOUND = '没有找到；未建档不表示企业不存在。'

/**
 * Finds the enterprise that a row means: its code, its name and its place are each looked at, then held against each
 * other, so that nobody is cleared by one of them while another is somebody else's.
 */
export async function check(row: AskedRow, finder: Finder): Promise<CheckedRow> {
  const { among: _, ...checked } = await checkAmong(row, finder)
  return checked
}

/** The same, with all that come into question where it is open which enterprise is meant. */
export async function checkAmong(row: AskedRow, finder: Finder): Promise<CheckedRow & Pick<Found, 'among'>> {
  const { line, code = '', name = '', place = '', fault, remark } = row
  const asked = [code, name, place].filter((part) => part !== '').join(' ')
  const given: Given = {
    ...(code !== '' && { code }),
    ...(name !== '' && { name }),
    ...(place !== '' && { place }),
  }
  if (fault !== undefined) return { line, asked, given, certainty: 'fault', why: fault }
  const sought = inPlace(await combined(code, name, finder, place), place)
  const { byCode: _, ...found } = remarked(await besidePlace(sought, place, finder), remark)
  const parent = found.enterprise && (await parentFound(found.enterprise.name, finder))
  const named = await unfiledBranch(name, found, parent, finder)
  return { line, asked, given, ...(named ?? { ...found, ...(parent && { parent }) }) }
}

/**
 * What is told of a branch that has no file of its own while the enterprise that its name begins with has: that one is named, and
 * nobody else's branch stands for it. Undefined where the row says no such name.
 */
async function unfiledBranch(
  name: string,
  { certainty, enterprise, why }: Found,
  parent: CheckedEnterprise | undefined,
  finder: Finder,
): Promise<(Found & Pick<CheckedRow, 'parent'>) | undefined> {
  if (certainty !== 'none' && certainty !== 'unsure') return undefined
  const own = await parentFound(name, finder)
  if (!own || enterprise?.orgCode === own.orgCode) return undefined
  // A branch of the same enterprise may be meant, where one character of its name was mistaken.
  if (enterprise && parent?.orgCode === own.orgCode && isMistaken(name, enterprise.name)) return undefined
  const said = enterprise === undefined ? why.replace(NOT_FOUND, '') : ''
  return { certainty: 'none', why: `${said}这个分支机构没有建档；它所属的${own.name}已建档。`, parent: own }
}

/** Whether two names differ in no more than one character. */
function isMistaken(written: string, onFile: string): boolean {
  const [a, b] = [Array.from(written), Array.from(onFile)]
  return a.length === b.length && a.filter((character, i) => character !== b[i]).length <= 1
}

async function combined(written: string, name: string, finder: Finder, place: string): Promise<Found> {
  const code = tidyCode(written)
  // A file that stands is found whatever its code looks like.
  const file = fileOfCode(code, (key) => shown(finder, key))
  if (file)
    return { ...(name === '' ? byCodeAlone(file) : await heldAgainst(file, name, finder)), byCode: true }
  const near = codesNear(written)
  const found = await withoutFile(written, name, finder, place, near)
  const others = await firmsOfCode(written, near, found.enterprise, finder)
  return heldAgainstOthers(found, others, '代码栏')
}

/** What is found where the code leads to no file: by the name alone, if there is one. */
async function withoutFile(
  written: string,
  name: string,
  finder: Finder,
  place: string,
  near: readonly string[],
): Promise<Found> {
  const unusable = unusableCode(written)
  if (written === '' || unusable !== undefined) {
    if (name === '') return { certainty: 'fault', why: unusable ?? '这一行没有代码，也没有名称。' }
    return remarked(await byName(name, finder, place), unusable)
  }
  const parsed = parseEnterpriseCode(tidyCode(written))
  if (name === '')
    return parsed.ok
      ? { certainty: 'none', why: '代码有效，但没有建档；未建档不表示企业不存在。' }
      : { certainty: 'fault', why: parsed.fault.detail }
  const found = await byName(name, finder, place)
  if (!found.enterprise) return remarked(found, parsed.ok ? '代码有效，但没有建档。' : parsed.fault.detail)
  const isNamed = found.certainty === 'certain' || found.certainty === 'likely'
  // A name that is only similar is nobody else's.
  if (parsed.ok && !isNamed) return remarked(found, '代码有效，但没有建档；只按名称查找：')
  if (parsed.ok)
    return {
      ...found,
      certainty: 'conflict',
      why: `所填代码没有建档，名称却是另一家的：${found.enterprise.name}登记的代码是 ${found.enterprise.uscc ?? found.enterprise.orgCode}，请核对。`,
    }
  const isSlip = near.some((one) => one === found.enterprise?.uscc || one === found.enterprise?.orgCode)
  const certainty = found.certainty === 'certain' ? 'likely' : 'unsure'
  return isSlip
    ? { ...found, certainty, why: `代码与登记的有一字之差，名称相符：${found.why}请核对代码。` }
    : {
        ...found,
        certainty: 'unsure',
        why: `所填代码有误（${parsed.fault.detail}），只按名称查找：${found.why}`,
      }
}

/** The enterprises that a cell for a code, which is nobody's, means beside the one found: those that it names, else one by a slip. */
async function firmsOfCode(
  written: string,
  near: readonly string[],
  own: CheckedEnterprise | undefined,
  finder: Finder,
): Promise<CheckedEnterprise[]> {
  // What is as short as a code and has no names in it is looked at no further.
  const mayName = written.length > LONGEST_CODE || /\p{Script=Han}/u.test(written)
  const named = mayName ? await firmsIn(written, within(written), finder) : []
  if (named.length > 0) return named.filter(({ orgCode }) => orgCode !== own?.orgCode)
  return distinct(near.flatMap((code) => firmOfCode(code, finder) ?? []))
}

/** Characters of a code with gaps in it. */
const LONGEST_CODE = 24

/** What was found, held against whom another cell of the row means: nobody is cleared while somebody else stands beside. */
function heldAgainstOthers(found: Found, others: readonly CheckedEnterprise[], cell: string): Found {
  const { enterprise } = found
  if (others.length === 0 || others.some(({ orgCode }) => orgCode === enterprise?.orgCode)) return found
  const [gravest, ...more] = gravestFirst(others)
  if (!gravest) return found
  const said = `${cell}所填像是${others.map(({ name }) => name).join('、')}的`
  if (enterprise)
    return {
      ...{ certainty: 'conflict', enterprise, other: gravest },
      why: `${said}，按其余各栏找到的是${enterprise.name}，请核对是否错行、错列或填错。`,
    }
  const [second] = more
  return {
    ...{ certainty: second ? 'conflict' : 'unsure', enterprise: gravest, among: others },
    ...(second && { other: second }),
    why: `${found.why.replace(NOT_FOUND, '')}${said}，请核对。`,
  }
}

/** What was found, held against a place that is none: another enterprise's code or name, or nothing that can be read. */
async function besidePlace(found: Found, place: string, finder: Finder): Promise<Found> {
  if (place === '' || readPlace(place).ok) return found
  const own = firmOfCode(tidyCode(place), finder)
  const bearers = own ? [] : await finder.search.named(place)
  const others = own ? [own] : bearers.flatMap((hit) => enterpriseUnder(hit, finder) ?? [])
  if (others.length > 0) return heldAgainstOthers(found, others, '地区栏')
  const isRead = isInPlace(place, { name: '', region: ANYWHERE }) !== undefined
  return !isRead && (found.certainty === 'certain' || found.certainty === 'likely')
    ? { ...found, why: `${found.why}所填地区“${quoted(place, 30)}”不能识别，没有用来核对。` }
    : found
}

/** A region to ask by whether a text begins with a place at all. */
const ANYWHERE = '130000'

/** The enterprises that a text names among other words, or several of, each by its code or by a name that it bears or bore. */
async function firmsIn(
  text: string,
  { codes, spans }: Pick<Within, 'codes' | 'spans'>,
  finder: Finder,
): Promise<CheckedEnterprise[]> {
  const firms = codes.flatMap((code) => firmOfCode(code, finder) ?? [])
  let until = 0
  for (const { start, end } of spans) {
    if (start < until) continue
    const bearers = await finder.search.named(text.slice(start, end))
    if (bearers.length === 0) continue
    until = end
    firms.push(...bearers.flatMap((hit) => enterpriseUnder(hit, finder) ?? []))
  }
  return distinct(firms)
}

function firmOfCode(code: string, finder: Finder): CheckedEnterprise | undefined {
  const file = fileOfCode(code, (key) => shown(finder, key))
  return file && enterpriseOf(file)
}

/** Each enterprise once, where it comes first. */
export function distinct(firms: readonly CheckedEnterprise[]): CheckedEnterprise[] {
  return Array.from(new Map(firms.map((firm) => [firm.orgCode, firm])).values())
}

function gravestFirst(firms: readonly CheckedEnterprise[]): CheckedEnterprise[] {
  return [...firms].sort((a, b) => Number(b.listed !== undefined) - Number(a.listed !== undefined))
}

/** Why what stands in the place of a code can't be one at all; undefined where it may be one. */
function unusableCode(written: string): string | undefined {
  const code = tidyCode(written)
  if (written === '') return undefined
  // A spreadsheet keeps 15 digits of a number and fills up with zeros.
  if (/^[1-9]\d{14}0{3}$/.test(code))
    return '代码栏所填被表格软件改成了数字，后几位已经丢失，只按名称查找；请把该列设为文本后重新填写。'
  if (code === '') return `代码栏所填“${quoted(written, 20)}”不是代码，只按名称查找。`
  const fault = otherThanCode(code)
  return fault && `代码栏所填不是代码，只按名称查找（${fault.detail}）`
}

function remarked(found: Found, remark: string | undefined): Found {
  return remark === undefined ? found : { ...found, why: `${remark}${found.why}` }
}

function byCodeAlone(file: PublicFile): Found {
  return { certainty: 'certain', why: '代码一致。', enterprise: enterpriseOf(file) }
}

/** The code leads to a file; the name must be its own, or somebody else's name stands beside the code. */
async function heldAgainst(file: PublicFile, name: string, finder: Finder): Promise<Found> {
  const enterprise = enterpriseOf(file)
  const onFile = { name: enterprise.name, region: regionOf(enterprise) }
  const likeness = likenessOf(name, onFile)
  if (likeness === 'same') return { certainty: 'certain', why: '代码和名称都一致。', enterprise }
  if (likeness === 'variant')
    return {
      certainty: 'likely',
      why: `代码一致，名称的字形不同${differencesWithin(name, enterprise.name)}，请核对。`,
      enterprise,
    }
  const isFormer = file.enterprise.formerNames.some((former) => likenessOf(name, { name: former }) === 'same')
  if (isFormer)
    return { certainty: 'certain', why: `代码一致，所填为曾用名，现名${enterprise.name}。`, enterprise }
  if (likeness === 'form')
    return {
      certainty: 'likely',
      why: `代码一致，名称的写法不同：登记的名称是${enterprise.name}，请核对。`,
      enterprise,
    }
  const named = await byName(name, finder)
  const other =
    named.enterprise && named.enterprise.orgCode !== enterprise.orgCode ? named.enterprise : undefined
  const isOther = other && (named.certainty === 'certain' || named.certainty === 'likely')
  return {
    certainty: 'conflict',
    why: isOther
      ? `代码是${enterprise.name}的，名称是${other.name}的，请核对是否错行或填错。`
      : `代码是${enterprise.name}的，与所填名称不符，请核对是否错行或填错。`,
    enterprise,
    ...(isOther && { other }),
  }
}

async function byName(name: string, finder: Finder, place = ''): Promise<Found> {
  const bearers = await finder.search.named(name)
  const present = bearers.filter(({ matchedBy }) => matchedBy !== 'formerName')
  const [first] = present.length > 0 ? present : bearers
  if (!first) return (await byNameWithin(name, finder)) ?? byLikeness(name, finder)
  const enterprise = enterpriseUnder(first, finder)
  if (!enterprise) return { certainty: 'none', why: NOT_FOUND }
  if (present.length > 1 || (present.length === 0 && bearers.length > 1))
    return ofSeveral(present.length > 1 ? present : bearers, bearers.length, name, place, finder)
  if (hasUnknownCharacters(name))
    return {
      certainty: 'unsure',
      why: '所填名称中有无法识别的字（造字），请用统一社会信用代码核验。',
      enterprise,
    }
  if (present.length === 0)
    return { certainty: 'likely', why: `所填为曾用名，现名${enterprise.name}。`, enterprise }
  if (likenessOf(name, { name: first.name }) !== 'same')
    return {
      certainty: 'likely',
      why: `名称的字形不同${differencesWithin(name, first.name)}，请核对。`,
      enterprise,
    }
  const others = bearers.length - 1
  return {
    certainty: 'certain',
    why: `名称完全一致${others > 0 ? `；另有 ${others} 家曾用此名` : ''}。`,
    enterprise,
  }
}

/** Where two writings of a name differ, in brackets; nothing where that can't be shown. */
function differencesWithin(written: string, onFile: string): string {
  const differs = differencesOf(written, onFile)
  return differs === '' ? '' : `（${differs}）`
}

/** Those whom a text names that is nobody's name; undefined where there are none, or it is a branch of the only one. */
async function byNameWithin(written: string, finder: Finder): Promise<Found | undefined> {
  const { codes, spans, isTangled } = within(written)
  // The whole of it has been looked for.
  const parts = spans.filter(({ start, end }) => end - start < written.length)
  const firms = gravestFirst(await firmsIn(written, { codes, spans: parts }, finder))
  const [enterprise, other] = firms
  if (!enterprise && isTangled)
    return {
      certainty: 'fault',
      why: '所填文字太杂，不能逐一辨认其中的名称；请一行只填一家企业的名称或者代码。',
    }
  if (!enterprise || (!other && parentOf(written) !== undefined)) return undefined
  if (!other)
    return { certainty: 'unsure', why: `所填文字中含有${enterprise.name}的名称，请核对。`, enterprise }
  return {
    ...{ certainty: 'conflict', enterprise, other, among: firms },
    why: `所填文字中有 ${firms.length} 家企业的名称或者代码（${firms.map(({ name }) => name).join('、')}），请一行填写一家。`,
  }
}

/** Of several that have or had a name, the only one in the place that stands beside it; or all of them, for somebody to choose. */
function ofSeveral(
  bearers: readonly SearchHit[],
  count: number,
  name: string,
  place: string,
  finder: Finder,
): Found {
  const all = bearers.flatMap((hit) => enterpriseUnder(hit, finder) ?? [])
  const there = all.map((one) =>
    place === '' ? undefined : isInPlace(place, { name: one.name, region: regionOf(one) }),
  )
  const at = there.indexOf(true)
  const isAlone = at >= 0 && there.every((isThere, i) => i === at || isThere === false)
  const enterprise = all[isAlone ? at : 0]
  if (!enterprise) return { certainty: 'none', why: NOT_FOUND }
  return isAlone && likenessOf(name, { name: enterprise.name }) === 'same'
    ? {
        certainty: 'certain',
        why: `名称完全一致；同名的 ${count} 家中，在“${quoted(place, 30)}”的只有这一家。`,
        enterprise,
      }
    : {
        certainty: 'unsure',
        why: `有 ${count} 家企业用过这个名称，请用统一社会信用代码核验。`,
        enterprise,
        among: all,
      }
}

const LOOKED_AT = 5

/** No enterprise bears the name as it stands. */
async function byLikeness(name: string, finder: Finder): Promise<Found> {
  const { hits } = await finder.search.search({ text: name.slice(0, 200), filters: {}, limit: LOOKED_AT })
  const alike = hits.map((hit) => ({
    hit,
    likeness: likenessOf(name, { name: hit.name, region: hit.document.region }),
  }))
  const forms = alike.filter(({ likeness }) => likeness === 'form' || likeness === 'variant')
  const [best] = forms.length > 0 ? forms : alike
  const among = alike.flatMap(({ hit }) => enterpriseUnder(hit, finder) ?? [])
  const enterprise = best && enterpriseUnder(best.hit, finder)
  if (!enterprise) return { certainty: 'none', why: NOT_FOUND }
  if (hasUnknownCharacters(name))
    return {
      certainty: 'unsure',
      why: '所填名称中有无法识别的字（造字），请用统一社会信用代码核验。',
      enterprise,
      among,
    }
  if (forms.length > 1)
    return {
      certainty: 'unsure',
      why: '字号、行业和地区相同的企业不止一家，请用统一社会信用代码核验。',
      enterprise,
      among,
    }
  const said = `登记的名称是${best.hit.name}`
  if (forms.length === 1)
    return best.hit.matchedBy === 'formerName'
      ? {
          certainty: 'unsure',
          why: `与曾用名相近：${best.hit.name}，现名${enterprise.name}，请核对。`,
          enterprise,
        }
      : {
          certainty: 'likely',
          why: `字号和行业一致，地名或组织形式的写法不同：${said}，请核对。`,
          enterprise,
        }
  if (best.likeness === 'elsewhere')
    return {
      certainty: 'unsure',
      why: `字号和行业一致，但地区不同：${said}，不一定是同一家。`,
      enterprise,
      among,
    }
  return { certainty: 'unsure', why: `${WHY[best.hit.matchedBy]}${said}。`, enterprise, among }
}

const WHY: Readonly<Record<SearchHit['matchedBy'], string>> = {
  code: '所填像是代码的一部分，请核对：',
  name: '名称中含有所填文字，不一定是同一家，请核对：',
  variant: '名称中含有所填文字，但字形不同，请核对：',
  formerName: '曾用名中含有所填文字，不一定是同一家，请核对：',
  place: '所填是原地名，按现地名找到，请核对：',
  pinyin: '按拼音找到，请核对：',
  similar: '名称相近，可能有一两字之差，请核对：',
  all: '请核对：',
}

/** What was found, held against the place that stands beside it. */
function inPlace(found: Found, place: string): Found {
  const { enterprise, certainty, byCode } = found
  if (!enterprise || place === '' || (certainty !== 'certain' && certainty !== 'likely')) return found
  if (isInPlace(place, { name: enterprise.name, region: regionOf(enterprise) }) !== false) return found
  return {
    ...found,
    certainty: byCode ? 'likely' : 'unsure',
    why: `${found.why}但所填地区“${quoted(place, 30)}”与登记的不同，请核对。`,
  }
}

/** Code of the region that an enterprise is shown in. */
function regionOf({ region }: CheckedEnterprise): string | undefined {
  const read = region === undefined ? undefined : readPlace(region)
  return read?.ok ? read.region.code : undefined
}

async function parentFound(name: string, finder: Finder): Promise<CheckedEnterprise | undefined> {
  const parent = parentOf(name)
  if (parent === undefined) return undefined
  const [first, ...others] = await finder.search.named(parent)
  return first && others.length === 0 ? enterpriseUnder(first, finder) : undefined
}

function enterpriseUnder({ document }: SearchHit, finder: Finder): CheckedEnterprise | undefined {
  const file = shown(finder, document.key)
  return file && enterpriseOf(file)
}

/** A withdrawn file counts as none. */
function shown(finder: Finder, key: string): PublicFile | undefined {
  try {
    return finder.shown(key)
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'gone') return undefined
    throw error
  }
}

function enterpriseOf({ orgCode, uscc, enterprise, ratings, listings }: PublicFile): CheckedEnterprise {
  const grades = Object.fromEntries(
    ratings
      .filter(({ inForce, grade }) => inForce && grade !== null)
      .map(({ standard, grade }) => [standard.shownAs, grade ?? '']),
  )
  const [listing] = listings
  return {
    orgCode,
    uscc,
    name: String(enterprise.name),
    status: String(enterprise.status),
    ...(enterprise.regionName !== undefined && { region: enterprise.regionName }),
    ...(grades.grade !== undefined && { grade: grades.grade }),
    ...(grades.class !== undefined && { class: grades.class }),
    ...(listing && {
      listed: {
        id: listing.id,
        from: listing.from,
        until: listing.until,
        ground: listing.ground,
      },
    }),
  }
}
