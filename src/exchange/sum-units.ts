import { answersOf, type Column } from '../records/kind.ts'
import { numberOf } from './sums.ts'
import { answerTo, type WordAnswers } from './words.ts'

/**
 * Whether the numbers of a column of fines are yuan or ten thousands of them, where their heading leaves that open or their
 * size denies it: asked once for the column, since a sum decides how long a penalty is published.
 */

/** What such a question is answered with, by the power of ten that it is. */
const ZEROS: Readonly<Record<string, number>> = { 元: 0, 万元: 4 }
/** Terms by which the unit of sums is answered. */
const SUM_UNITS: readonly string[] = Object.keys(ZEROS)

/** What questions about the cells of a column may be answered with. */
export function wordAnswersOf(column: Column): readonly string[] {
  return column.unit === '元' ? SUM_UNITS : answersOf(column)
}

/** A fine or sum that is less than any that is imposed on a firm: its unit may have been left out. */
const LEAST_FINE = 50
/** A sum in yuan from which on it is likelier that yuan stand under a heading that says 万元: 500 to 15000 in its cells. */
const LARGE_IN_WAN = 5_000_000
/** A sum that is hardly any fine, whatever it was written in. */
const LARGEST_FINE = 100_000_000

const FINES = new Set(['fine', 'total'])
/** A number without its own unit, in figures or numerals. */
const BARE = /^[¥￥]?[\d.,，\s零一二三四五六七八九〇○壹贰叁肆伍陆柒捌玖两十拾百佰千仟]+$/u

export type SumRead =
  | { sum: number; note?: { code: string; detail: string } }
  | { code: 'sum-unit'; detail: string; word: { word: string; candidates: readonly string[] } }

/** A sum as its column has it, with what is odd about it; or what has to be said of its unit first. */
export function sumRead(
  read: number,
  {
    header,
    text,
    zeros,
    column: { field, label },
    answers,
  }: { header: string; text: string; zeros: number; column: Column; answers: WordAnswers | undefined },
): SumRead {
  if (!FINES.has(field)) return { sum: read }
  // What the elements of an exchange format are in their standards say, whatever they hold.
  const isBare = BARE.test(text.normalize('NFKC')) && /\p{Script=Han}/u.test(header)
  const unstated = `${header}（没有写明单位）`
  const isUnstated = isBare && zeros === 0 && !/元/u.test(header)
  const unit = isUnstated ? answeredUnit(unstated, answers) : undefined
  const sum = unit === undefined ? read : inUnit(text, unit, read)
  if (isUnstated && unit === undefined && sum > 0 && sum < LEAST_FINE)
    return {
      code: 'sum-unit',
      detail: `${label}为 ${sum}，表头没有写明单位，按元计不足 ${LEAST_FINE} 元；请指明“${header}”一栏的单位，问一次，整栏照此处理。`,
      word: { word: unstated, candidates: ['万元', '元'] },
    }
  const inWan = isBare ? (unit ?? zeros) : 0
  if (inWan === ZEROS.万元 && sum >= LARGE_IN_WAN) {
    const large = `${header}（折算后 ${LARGE_IN_WAN / 10_000} 万元以上的）`
    const own = answeredUnit(large, answers)
    if (own !== undefined) return { sum: inUnit(text, own, sum) }
    return {
      code: 'sum-unit',
      detail: `${label}折算为 ${sum} 元，超过 ${LARGE_IN_WAN / 10_000} 万元；请指明这样的金额在“${header}”一栏实际是以元计还是以万元计，问一次，同样的各行都照此处理。`,
      word: { word: large, candidates: ['元', '万元'] },
    }
  }
  if (sum >= LARGEST_FINE)
    return { sum, note: { code: 'large-sum', detail: `${label}为 ${sum} 元，超过一亿元，请核对。` } }
  return sum > 0 && sum < LEAST_FINE
    ? { sum, note: { code: 'small-sum', detail: `${label}为 ${sum} 元，不足 ${LEAST_FINE} 元，请核对。` } }
    : { sum }
}

function answeredUnit(word: string, answers: WordAnswers | undefined): number | undefined {
  const [unit = ''] = answerTo(word, answers) ?? []
  return ZEROS[unit]
}

function inUnit(text: string, zeros: number, otherwise: number): number {
  const read = numberOf(text.replaceAll('，', ','), true, zeros)
  return 'value' in read ? read.value : otherwise
}
