import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { tidyCode } from '../codes/typed.ts'
import { fileOfCode } from '../dossier/codes.ts'
import type { PublicFile } from '../dossier/face.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { SearchEngine, SearchHit } from '../search/engine.ts'
import { foldedText, partsOf } from '../search/normalise.ts'
import type { AskedRow } from './asked.ts'

/** How sure it is that the enterprise found is the one that was asked for. */
export const certainties = ['certain', 'likely', 'unsure', 'none', 'fault'] as const
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
  /** What was asked for, as it was given. */
  asked: string
  certainty: Certainty
  /** Why it is that sure, or what is wrong with the row; Chinese. */
  why: string
  enterprise?: CheckedEnterprise
}

export interface Finder {
  search: SearchEngine
  /** What the public sees of a file; refuses with `gone` for a withdrawn one. */
  shown(key: string): PublicFile | undefined
}

const NOT_FOUND = '没有找到；未建档不表示企业不存在。'

/** Finds the enterprise that a row means, by its code where it has one, else by its name. */
export async function check(row: AskedRow, finder: Finder): Promise<CheckedRow> {
  const { line, code = '', name = '', fault } = row
  const asked = [code, name].filter((part) => part !== '').join(' ')
  if (fault !== undefined) return { line, asked, certainty: 'fault', why: fault }
  const found = code === '' ? await byName(name, finder) : byCode(code, name, finder)
  return { line, asked, ...found }
}

type Found = Omit<CheckedRow, 'line' | 'asked'>

function byCode(typed: string, name: string, finder: Finder): Found {
  const code = tidyCode(typed)
  const file = fileOfCode(code, (key) => shown(finder, key))
  if (!file) {
    const parsed = parseEnterpriseCode(code)
    return parsed.ok
      ? { certainty: 'none', why: '代码有效，但没有建档；未建档不表示企业不存在。' }
      : { certainty: 'fault', why: parsed.fault.detail }
  }
  const enterprise = enterpriseOf(file)
  if (name === '') return { certainty: 'certain', why: '代码一致。', enterprise }
  const folded = foldedText(name)
  if (foldedText(enterprise.name) === folded)
    return { certainty: 'certain', why: '代码和名称都一致。', enterprise }
  if (file.enterprise.formerNames.some((former) => foldedText(former) === folded))
    return { certainty: 'certain', why: `代码一致，所填为曾用名，现名${enterprise.name}。`, enterprise }
  return {
    certainty: 'likely',
    why: `代码一致，但所填名称不同：登记的名称是${enterprise.name}，请核对。`,
    enterprise,
  }
}

async function byName(name: string, finder: Finder): Promise<Found> {
  const bearers = await finder.search.named(name)
  const present = bearers.filter(({ matchedBy }) => matchedBy !== 'formerName')
  const [first] = present.length > 0 ? present : bearers
  if (!first) return byLikeness(name, finder)
  const enterprise = enterpriseUnder(first, finder)
  if (!enterprise) return { certainty: 'none', why: NOT_FOUND }
  if (present.length > 1 || (present.length === 0 && bearers.length > 1))
    return {
      certainty: 'unsure',
      why: `有 ${bearers.length} 家企业用过这个名称，请用统一社会信用代码核验。`,
      enterprise,
    }
  if (present.length === 0)
    return { certainty: 'likely', why: `所填为曾用名，现名${enterprise.name}。`, enterprise }
  const others = bearers.length - 1
  return {
    certainty: 'certain',
    why: `${first.name === name ? '名称完全一致' : '名称一致（繁简、全角半角和标点不计）'}${others > 0 ? `；另有 ${others} 家曾用此名` : ''}。`,
    enterprise,
  }
}

const LOOKED_AT = 3

async function byLikeness(name: string, finder: Finder): Promise<Found> {
  const { hits } = await finder.search.search({ text: name.slice(0, 200), filters: {}, limit: LOOKED_AT })
  const [best] = hits
  const enterprise = best && enterpriseUnder(best, finder)
  if (!enterprise) return { certainty: 'none', why: NOT_FOUND }
  const { core } = partsOf(name)
  const alike = core === '' ? [] : hits.filter((hit) => partsOf(hit.name).core === core)
  if (alike.length === 1 && alike[0] === best)
    return {
      certainty: 'likely',
      why: '字号和行业一致，地名或组织形式的写法不同，请核对。',
      enterprise,
    }
  if (alike.length > 1)
    return {
      certainty: 'unsure',
      why: '字号和行业相同的企业不止一家，请用统一社会信用代码核验。',
      enterprise,
    }
  return { certainty: 'unsure', why: WHY[best.matchedBy], enterprise }
}

const WHY: Readonly<Record<SearchHit['matchedBy'], string>> = {
  code: '所填像是代码的一部分，请核对。',
  name: '名称中含有所填文字，不一定是同一家，请核对。',
  formerName: '曾用名中含有所填文字，不一定是同一家，请核对。',
  pinyin: '按拼音找到，请核对。',
  similar: '名称相近，可能有一字之差，请核对。',
  all: '请核对。',
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
