import { z } from 'zod'
import { isCalendarDate } from '../calendar/dates.ts'
import { earliestOf, isPartialDate } from '../calendar/partial-date.ts'
import { writtenText } from '../codes/characters.ts'
import { industrySection } from '../codes/industries.ts'
import { parseRegion, readPlace } from '../codes/places.ts'
import { holdsIdentityNumber, type TextUse } from './personal-data.ts'

/** What a field's definition says beside its type; forms, file columns, exchange formats and pages read it. */
export interface FieldMeta {
  /** Chinese name, as on forms and in the header of CSV and XLSX files. */
  label: string
  /** Element names in the credit platforms' exchange tables. */
  elements?: readonly string[]
  /** Other headers that files in use have for it. */
  headers?: readonly string[]
  /** Who sees it beside officers, where not everybody does: the platform too, or nobody. */
  sight?: 'platform' | 'officers'
  /** It tells what has happened, so its date can't lie in the future. */
  past?: true
  /** Unit of a number: 元. */
  unit?: string
  /** What to write, for forms and templates. */
  hint?: string
  /** Terms that files in use have for one of the choices, each with the term it stands for: 在业 → 存续. */
  synonyms?: Readonly<Record<string, string>>
  /**
   * It tells of what came later (以后发生的事), so that one person enters it when it has come. Whatever else anyone may
   * read in a record that others rely on is entered and changed by two.
   */
  later?: true
  /** Terms that tell something adverse: two persons take them away, whoever relies on them. */
  adverse?: readonly string[]
  /** What the firm is known by: two persons change it where something adverse is told under it. */
  isKnownBy?: true
  /** The procedure that alone writes it: 提前停止公示. */
  procedure?: string
  /** It holds paragraphs rather than a line. */
  isLong?: true
  /** What yes and no are called. */
  answers?: readonly [yes: string, no: string]
  /** What is often written in it. */
  suggestions?: readonly string[]
  /** The thing itself names what there is to choose from. */
  isOffered?: true
  /** It names another firm, which may have a file of its own. */
  isFirm?: true
  /** It is a date of which only the year or month may be known. */
  isPartial?: true
  /** What a text is for, where it isn't free text: how it is looked through for personal data. */
  use?: TextUse
  /** Files state the amount in a larger unit under this element: `CF_NR_FK` holds 10,000 yuan (万元). */
  elementFactor?: number
}

declare module 'zod' {
  interface GlobalMeta extends Partial<FieldMeta> {}
}

/**
 * Control characters, and code points that are no characters; marks that turn the direction of what follows, so that it reads
 * otherwise than it is stored. Line ends and tabs are looked at apart.
 */
const CONTROL =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\p{Noncharacter_Code_Point}\u{e0000}-\u{e007f}]/u
/** A text in which U+FFFD stands for each character that the rule forbids, for what somebody typed to be shown to them. */
export function withoutForbidden(text: string): string {
  return Array.from(text.toWellFormed(), (one) => (CONTROL.test(one) ? '\ufffd' : one)).join('')
}

/** What is wrong with a text by the one rule for text: its key and a Chinese sentence with the remedy. */
export interface TextFault {
  key: 'malformed' | 'control-character' | 'cell-escape' | 'identity-number'
  message: string
}

/**
 * How workbooks write a character by its number (ECMA-376 part 1, 22.9.2.19): `_x0039_` is a 9 to whoever opens one, `_X0039_` to some. No
 * text needs it, and it hides whatever the rule looks for.
 */
const CELL_ESCAPE = /_x[0-9a-f]{4}_/iu

/**
 * The one rule for text (文字规则), whatever way it comes in: well-formed Unicode, no control characters beside line ends
 * and tabs, nothing that a spreadsheet reads as another character, no identity numbers. Undefined for a text that keeps it.
 */
export function textFault(text: string): TextFault | undefined {
  if (LONE_SURROGATE.test(text))
    return { key: 'malformed', message: '含有损坏的字符（不成对的 Unicode 代理项），请重新输入该处文字。' }
  if (CONTROL.test(text)) return { key: 'control-character', message: '含有不可见的控制字符，请删去后重填。' }
  const spelt = CELL_ESCAPE.exec(text)
  if (spelt)
    return {
      key: 'cell-escape',
      message: `含有“${spelt[0]}”，表格软件会把它读成另一个字符；请改为它所代表的文字。`,
    }
  if (holdsIdentityNumber(text))
    return {
      key: 'identity-number',
      message: '含有居民身份证号码。质量信用档案不得记录身份证号码，请删去后重填。',
    }
  return undefined
}

/** A surrogate without its other half: text that can't be written as UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/u

/** Text by the one rule, tidied first, at most `max` characters long. */
function ruled(max: number, tidy: (value: string) => string) {
  return z
    .string()
    .max(max * 2 + SLACK, { error: `最多 ${max} 个字符。`, abort: true })
    .overwrite(tidy)
    .min(1, '不能为空；没有内容时请不要填写此项。')
    .max(max, { error: `最多 ${max} 个字符。`, abort: true })
    .superRefine(keepsRule)
}

function keepsRule(value: string, context: z.RefinementCtx<string>): void {
  const fault = textFault(value)
  if (fault)
    context.addIssue({ code: 'custom', message: fault.message, params: { key: fault.key }, continue: false })
}

/** What names something else, to be looked up as it is: an id, a code, an offered choice; by the one rule, at most `max` long. */
export function reference(max: number) {
  return z.string().max(max).superRefine(keepsRule)
}

/** Space and marks around a text that may be taken off before its length counts. */
const SLACK = 1000

/** Free text on one line, outer space removed; line ends and tabs within become a space. */
export function text(max: number) {
  return ruled(max, (value) => onOneLine(value).trim())
}

/** The same where nothing need be said: it may be empty, unless it is told in what words it may not. */
export function remark(max: number, required?: string) {
  return z
    .string(required)
    .max(max, { error: `最多 ${max} 个字符。`, abort: true })
    .overwrite((value) => onOneLine(value).trim())
    .min(required === undefined ? 0 : 1, required)
    .superRefine(keepsRule)
}

/** Free text of several lines, outer space removed, line ends as `\n`. */
export function lines(max: number) {
  return ruled(max, (value) => value.replace(/\r\n?/gu, '\n').trim())
}

/**
 * Name of an enterprise or a person: text that is stored as given, less what nobody sees, with radicals and
 * private-use characters changed to the ideographs they stand for; `writtenText` says what it changes.
 */
export function name(max: number) {
  return ruled(max, (value) => onOneLine(writtenText(value).text).trim())
}

/** Wrapped cells break their words: between ideographs the break stands for nothing, elsewhere for a space. */
export function onOneLine(value: string): string {
  return value.replace(/(?<=\p{Script=Han})[\t\r\n]+(?=\p{Script=Han})/gu, '').replace(/[\t\r\n]+/gu, ' ')
}

/** A document, licence or report number: like `text`, inner space removed so that copies compare equal. */
export function number(max = 100) {
  return (
    text(max)
      .overwrite((value) => value.normalize('NFKC').replace(/\s+/gu, ''))
      // Full width letters may spell what the text as it was given didn't.
      .superRefine(keepsRule)
      .meta({ use: 'number' })
  )
}

/** A calendar date `YYYY-MM-DD` between 1900 and 2199 that exists. */
export function date() {
  return z
    .string()
    .refine((value) => isCalendarDate(value) && isOfOurTime(value), {
      error: ({ input }) =>
        /^\d{4}-\d{2}-\d{2}$/.test(String(input))
          ? '不是存在的日期；请核对年月日。'
          : '日期请写成“2026-03-02”的格式。',
      params: { key: 'date' },
    })
    .meta({ format: 'date' })
}

/** A date known to its day, month or year (`2017-09-12`, `2017-09`, `2017`), between 1900 and 2199. */
export function partialDate() {
  return z
    .string()
    .regex(
      /^\d{4}(-\d{2}){0,2}$/,
      '日期请写成“2026-03-02”的格式；只知道年月或者年份的，写成“2026-03”或“2026”。',
    )
    .refine((value) => isPartialDate(value) && isOfOurTime(earliestOf(value)), {
      error: '不是存在的日期；请核对年月日。',
      params: { key: 'date' },
    })
    .meta({ isPartial: true })
}

function isOfOurTime(day: string): boolean {
  return day >= '1900-01-01' && day < '2200-01-01'
}

/** A sum in yuan with at most two decimals. */
export function money() {
  return z
    .number()
    .min(0, '金额不能为负数。')
    .max(1e13, '金额过大，请核对单位（元）。')
    .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-4, {
      message: '金额以元为单位，最多两位小数。',
      params: { key: 'money' },
    })
}

/** How many of something: a whole number up to a million. */
export function count() {
  return z.int('应为整数。').min(0, '不能为负数。').max(1_000_000, '数值过大，请核对。')
}

/** One of a list of Chinese terms. */
export function choice<const T extends readonly [string, ...string[]]>(terms: T) {
  return z.enum(terms)
}

/** Several of a list of Chinese terms, each once. */
export function choices<const T extends readonly [string, ...string[]]>(terms: T) {
  return z
    .array(z.enum(terms))
    .min(1, '至少选择一项。')
    .max(terms.length, '选项过多，请勿重复。')
    .refine((chosen) => new Set(chosen).size === chosen.length, {
      message: '同一选项只填一次。',
      params: { key: 'repeated' },
    })
}

/** A region of GB/T 2260 by its six-digit code or any of its names, past ones too; stored as the present code. */
export function regionCode() {
  return z
    .string()
    .max(100, { error: '最多 100 个字符。', abort: true })
    .overwrite((value) => parseRegion(value)?.code ?? value)
    .superRefine((value, context) => {
      const place = readPlace(value)
      if (!place.ok)
        context.addIssue({ code: 'custom', message: place.fault.detail, params: { key: 'region' } })
    })
}

/** An industry of GB/T 4754: a section letter, two to four digits, or both (C, 30, C3011). */
export function industryCode() {
  return z
    .string()
    .max(10)
    .overwrite((value) => value.normalize('NFKC').trim().toUpperCase())
    .refine((value) => industrySection(value) !== undefined, {
      message: '不是 GB/T 4754 的行业代码；请填门类字母或 2-4 位数字，如 C、C30、3011。',
      params: { key: 'industry' },
    })
}
