import { trimmed } from './trimmed.ts'

/** How a name of a firm ends (字号 and 组织形式). */
const FIRM = /^(?!有限|股份|责任|分)[^、;；:：\n]{2,60}(?:公司|集团|厂|店|社|部|中心|场|超市|商行|经营户)$/u
/** A part of the firm that is named before it. */
const BRANCH = /(?:分公司|分厂|分店|分部|分社|营业部|门市部|办事处)$/u
/** Marks between firms that one cell names. */
const BETWEEN_FIRMS = /[、;；\n/]| 和 /u

/** Names of firms of which one cell holds several; undefined for a cell of one name, however it is broken or bracketed. */
export function severalFirms(text: string): string[] | undefined {
  const plain = text.replace(/[（(][^（()）]*[）)]/gu, '')
  const parts = plain.split(BETWEEN_FIRMS).map((part) => part.trim())
  const areFirms = parts.every((part) => FIRM.test(part) && !BRANCH.test(part))
  return parts.length > 1 && areFirms ? parts : undefined
}

/** Marks between codes that one cell holds. */
const BETWEEN_CODES = /[、,，;；/\s]+/u

/** Unified codes of which one cell holds several. */
export function severalCodes(text: string): string[] | undefined {
  const parts = text.split(BETWEEN_CODES).filter((part) => /^[0-9A-Z]{18}$/iu.test(part))
  return parts.length > 1 ? parts : undefined
}

/** A name with what its bracket says of it, and is no part of it. */
export interface NameRead {
  name: string
  /** 原示例旧名有限公司: what it was called. */
  former?: string
  /** 已注销: its state. */
  state?: string
}

/** Marks beside a name that lead to a note of the table. */
const NOTE_MARKS = '*＊★☆※△▲#'

/** 示例新名有限公司（原示例旧名有限公司）, 示例有限公司（已注销）, 示例有限公司*: the name, without what is said of it. */
export function nameIn(text: string): NameRead {
  // The same marks hide part of a person's name.
  const unmarked = trimmed(text, { start: NOTE_MARKS, end: NOTE_MARKS })
  const plain = FIRM.test(unmarked.replace(/[（(][^（()）]*[）)]$/u, '')) ? unmarked : text
  const [, name = plain, inside = ''] = /^(.{4,200}?)\s?[（(]([^（()）]{2,100})[）)]$/u.exec(plain) ?? []
  const later = /^(?:已|现已?|后|拟)?(?:更名|改名|变更)(?:为|成)[:：]?\s?(.{4,100})$/u.exec(inside)?.[1]
  if (later !== undefined) return inside.startsWith('拟') ? { name } : { name: later, former: name }
  const former = /^(?:原名称?|原企业名称|曾用名|原)[:：为]?\s?(.{4,100})$/u.exec(inside)?.[1]
  if (former !== undefined) return { name, former }
  return /^(?:已|现已|被)?(?:注销|吊销|停产|停业|歇业|迁出|更名)$/u.test(inside)
    ? { name, state: inside }
    : { name: plain }
}

/** Whether a name is that of a part of a firm, which is not the firm (分公司). */
export function isBranch(name: string): boolean {
  return BRANCH.test(name)
}
