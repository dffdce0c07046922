import { shanghaiDate } from '../calendar/dates.ts'
import { isPartialDate, type PartialDate } from '../calendar/partial-date.ts'
import { withArabicNumerals } from '../search/numerals.ts'
import { type Cell, type DateCell, type NumberCell, numberIn, textOf } from '../sheets/cell.ts'
import { isMidnightInUtc, isPlausibleSerial, serialText } from '../sheets/serial.ts'

/** A day as a cell has it, or why it has none; `note` says what should be looked at all the same. */
export type DayRead = { day: string; note?: string } | { fault: string; code: string }

/** Ends that never come, as tables write them. */
const OPEN_ENDS = /^(长期|永久|长期有效|永久有效|无固定期限|无期限|不限|无限期|至今)$/u
/** The last day that forms fill in where there is no end; later ones mean the same. */
const LAST_DAY = '2099-12-31'

/** Whether a cell of an end date says that there is no end. */
export function isOpenEnd(text: string): boolean {
  if (OPEN_ENDS.test(text.replace(/\s/gu, ''))) return true
  const read = dayIn(text)
  return 'day' in read && read.day >= LAST_DAY
}

/** The day that a spreadsheet keeps as a date. */
export function dayOfDate(cell: DateCell): DayRead {
  const { serial, epoch } = cell
  const known = textOf(cell)
  if (known.length < 10 && isPartialDate(known)) return partial(known)
  const text = serialText(serial, epoch)
  if (text === undefined || !/^\d{4}-/.test(text))
    return { code: 'date', fault: `单元格的日期值为 ${serial}，不是存在的日期。` }
  const day = text.slice(0, 10)
  if (!isMidnightInUtc(serial)) return { day }
  const next = serialText(Math.floor(serial) + 1, epoch) ?? day
  return {
    day,
    note: `写作 ${day} 16:00，像是程序按世界协调时写出的 ${next}；按 ${day} 导入，请核对。`,
  }
}

/** The day that a number means in a column of dates: `20120327`, or a serial without a date's format. */
export function dayOfNumber(cell: NumberCell): DayRead {
  const value = numberIn(cell)
  if (/^\d{8}$/.test(cell.digits)) return dayIn(cell.digits)
  // A year, or a year and month with a point between: as a serial it would be a day of 1905.
  if (value >= 1900 && value < 2200) return partial(String(value))
  if (!isPlausibleSerial(value)) return unknown(cell.digits)
  return dayOfDate({ is: 'date', serial: value, epoch: cell.epoch ?? 1900 })
}

/**
 * `2026-03-02`, `2026/3/2`, `2026.3.2`, `2026年3月2日`, `二〇二六年三月二日`, `20260302`, with or without a time of day;
 * with a time zone, the day in China at that moment.
 */
export function dayIn(text: string): DayRead {
  const plain = text.normalize('NFKC').trim()
  const instant = INSTANT.exec(plain)
  if (instant) {
    const moment = new Date(`${instant[1]}T${instant[2]}${zoneOf(instant[3] ?? 'Z')}`)
    return Number.isNaN(moment.getTime()) ? unknown(text) : { day: shanghaiDate(moment) }
  }
  const match = PARTED.exec(plain) ?? TOGETHER.exec(plain)
  if (match) return { day: dayOf(match[1], match[2], match[3]) }
  const english = ENGLISH.exec(plain)
  if (english) return { day: dayOf(english[3], String(MONTHS.indexOf(english[1] ?? '') / 3 + 1), english[2]) }
  const worded = MONTH_FIRST.exec(plain) ?? DAY_FIRST.exec(plain)
  if (worded) {
    const { month = '', day, year } = worded.groups ?? {}
    return { day: dayOf(year, String(MONTHS.toLowerCase().indexOf(month.toLowerCase()) / 3 + 1), day) }
  }
  const spelt = SPELT.exec(plain)
  if (spelt) return { day: dayOf(arabic(spelt[1]), arabic(spelt[2]), arabic(spelt[3])) }
  if (/^\d{4}(\s*年)?$|^\d{4}\s*[-/.年]\s*\d{1,2}\s*月?$/u.test(plain)) return partial(text)
  return unknown(text)
}

const TIME = String.raw`\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?`
const INSTANT = new RegExp(String.raw`^(\d{4}-\d{2}-\d{2})[T ](${TIME})\s?(Z|[+-]\d{2}:?\d{2})$`, 'u')
const PARTED = new RegExp(
  String.raw`^(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?[日号.。]?(?:\s?[(]?(?:星期|周)[一二三四五六日天][)]?)?(?:[\sT]+(?:上午|下午)?${TIME})?$`,
  'u',
)
const TOGETHER = /^(\d{4})(\d{2})(\d{2})(?:\d{6})?$/u
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'
/** As JavaScript writes a moment: `Tue Mar 27 2012 00:00:00 GMT+0800`. */
const ENGLISH =
  /^[A-Z][a-z]{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{1,2}) (\d{4})(?: \d{2}:\d{2}:\d{2}.{0,60})?$/u
/** `Mar 2, 2026` and `2-March-2026`, as spreadsheets in English show them. */
const MONTH = '(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}'
const MONTH_FIRST = new RegExp(String.raw`^${MONTH}[. ]{1,2}(?<day>\d{1,2}),? (?<year>\d{4})$`, 'iu')
const DAY_FIRST = new RegExp(String.raw`^(?<day>\d{1,2})[ -]${MONTH}[ -](?<year>\d{4})$`, 'iu')
const SPELT =
  /^([〇零○OoＯ一二三四五六七八九壹贰叁肆伍陆柒捌玖]{4}|\d{4})年([元一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3}|\d{1,2})月([一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3}|\d{1,2})[日号]$/u

/** 二○二六 → 2026, 十二 → 12, 元 (the first month) → 1. */
function arabic(spelt = ''): string {
  return withArabicNumerals(spelt.replace(/[○OoＯ]/gu, '〇').replace('元', '一'))
}

function dayOf(year = '', month = '', day = ''): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function zoneOf(zone: string): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
}

/** A date as a cell has it, as far as it is known there, or why it is none. */
export type PartialRead = { date: PartialDate; note?: string } | { fault: string; code: string }

/**
 * The date that a cell means where only its year or month may be known: `2017`, `2017年度`, `2021年9月`, `2021.09`, `202109`,
 * 二〇二一年九月, or a whole one. `2021.1` kept as a number may have been `2021.10`, so it is asked.
 */
export function partialDateIn(cell: Cell): PartialRead {
  const whole = dayOfCell(cell)
  if ('day' in whole) return { date: whole.day, ...(whole.note !== undefined && { note: whole.note }) }
  const text = textOf(cell)
  // Two figures behind the point, or one that is no 1, are a month; a 1 may have lost its zero.
  if (typeof cell !== 'string' && cell.is === 'number' && /\.1?$|\.\d{3}/u.test(text))
    return { code: 'date', fault: `“${text}”可能是 1 月，也可能是 10 月；请写成“2021-01”或“2021-10”。` }
  const plain = text.normalize('NFKC').replace(/\s/gu, '')
  const spelt = SPELT_PART.exec(plain)
  const [year, month] = spelt
    ? [arabic(spelt[1]), spelt[2] === undefined ? undefined : arabic(spelt[2])]
    : (YEAR_AND_MONTH.exec(plain) ?? []).slice(1).filter((part) => part !== undefined)
  const date = month === undefined ? (year ?? '') : `${year}-${month.padStart(2, '0')}`
  return isPartialDate(date)
    ? { date }
    : {
        code: 'date',
        fault: `“${text.slice(0, 40)}”不是一个日期、年月或者年份；请写成“2026-03-02”“2026-03”或者“2026”。`,
      }
}

const YEAR_AND_MONTH = /^(\d{4})(?:年?度?|[-/.年](\d{1,2})月?份?|(\d{2}))$/u
const SPELT_PART = /^([〇零○OoＯ一二三四五六七八九]{4})年度?(?:([元一二三四五六七八九十]{1,3})月份?)?$/u

/** Whether a heading of a period's end says that it begins with the day of issue (发证日期及有效期). */
export function beginsWithIssue(heading: string): boolean {
  return /发证|批准/u.test(heading)
}

/** Both ends of a period in one cell: `2024/5/1至2029/4/30`, 2024年5月1日-2029年4月30日, 自2024-05-01至长期. Undefined for what is none. */
export function periodIn(text: string): { from: string; to: string } | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/[ \t\r]/gu, '')
    .replace(/(?<=[\d日])\n(?=\d{4}|长期|永久)/u, '至')
    .replace(/\s/gu, '')
    .replace(/^自|起|止$/gu, '')
  const [, from = '', to = ''] =
    /^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?:至|到|~|—{1,3}|–|--|-)(.{2,20})$/u.exec(plain) ?? []
  const begins = dayIn(from)
  const ends = dayIn(to)
  const isPeriod = 'day' in begins && ('day' in ends || isOpenEnd(to))
  return isPeriod ? { from: begins.day, to } : undefined
}

/** The day that a cell means, whatever it is kept as. */
export function dayOfCell(cell: Cell): DayRead {
  if (typeof cell === 'string') return dayIn(cell)
  if (cell.is === 'date') return dayOfDate(cell)
  if (cell.is === 'number') return dayOfNumber(cell)
  return { code: 'date', fault: `“${textOf(cell)}”不是日期；请按“2026-03-02”的格式填写。` }
}

function partial(text: string): DayRead {
  return { code: 'partial-date', fault: `“${text}”没有写到日；请按“2026-03-02”的格式写全年月日。` }
}

function unknown(text: string): DayRead {
  const serial = /^\d{5}(\.\d{1,15})?$/.test(text) ? serialText(Number(text), 1900) : undefined
  if (serial !== undefined)
    return {
      code: 'date',
      fault: `“${text}”像是表格软件的日期序列号（${serial.slice(0, 10)}）；请把该栏设为日期格式，或按“2026-03-02”的格式填写。`,
    }
  const shown = `“${text.slice(0, 40)}”`
  const plain = text.normalize('NFKC').replace(/\s/gu, '')
  const [, why = '不是写明年、月、日的日期'] = NO_DAYS.find(([words]) => words.test(plain)) ?? []
  return { code: 'date', fault: `${shown}${why}；请按“2026-03-02”的格式填写。` }
}

/** What stands in place of a day and is none, with what is wrong with it. */
const NO_DAYS: readonly (readonly [words: RegExp, why: string])[] = [
  [/^\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$/u, '的年份只写了两位，不能确定是哪一年'],
  [/^\d{1,2}[-/]?[A-Za-z]{3,9}[-/]?\d{2}$/u, '的年份只写了两位，不能确定是哪一年'],
  [/^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$/u, '中哪个是月、哪个是日不能确定'],
  [/^[\d一二三四五六七八九十两半]{1,3}(?:个月|年|月|天|日|个工作日)(?:内|以内)?$/u, '是一段期限，不是某一天'],
  [
    /^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:至|到|~|—{1,2}|–|-)[\d./年月日-]{1,12}$/u,
    '是一段时间，不是某一天',
  ],
  [/^\d{1,2}[-/.月]\d{1,2}[日号]?$/u, '没有写明年份'],
]
