import type { RecordKind } from '../records/kind.ts'
import { dayIn } from './dates.ts'
import { unitOfHeading } from './sums.ts'

/** 2026年第4号, 2026年…信息（第4号）: the number of a notice with its year. */
const NOTICE = /(\d{4})\s?年[^，。;；]{0,40}?第\s?(\d{1,4}|[一二三四五六七八九十百]{1,7})\s?([号期])/gu
const FAILING = /不(?:合格|符合)/gu
const PASSING = /合格(?!率)|符合/u
/** What a title says that none failed by (未发现不合格), or of what came after: who is on such a list passed or failed by no word of it. */
const OF_NONE_OR_AFTER =
  /(?:[无未非零除]|没有|不(?:含|包括|涉及)|排除)[^，,。；;、]{0,6}不(?:合格|符合)|整改|整治|改正|验收|跟踪|复查|完成|回头看|销号|后处理/u

const RISK_WATCH = /(?<![和及与、非])风险监测(?![和及与、])/u

/** A title of samples of food; not of what touches food (食品相关产品), nor the name of a bureau. */
const FOOD = /食品(?:安全)?(?:监督)?(?:抽检|抽查|抽样检验)/u

/** How a column is headed that what stands above the table fills, and with what; brackets within brackets would hide the label. */
const fromTitle = (label: string, value: string) =>
  `${label}（取自标题：${value.normalize('NFKC').replace(/[()[\]]/gu, ' ')}）`

/**
 * What the title rows of a table, or the name of its sheet, say of all its rows and no column does: of samples the number of
 * the notice, whether they passed, and that they are food; of licences that they ended. By headings that name where it was
 * taken from, and what was.
 */
export function toldAbove(
  { type }: RecordKind,
  { titles, sheet }: { titles: readonly string[]; sheet: string },
  lacks: (label: string) => boolean,
): Record<string, string> {
  if (type === 'licence') {
    // The nearest that says anything: the title of a part before that of all, the sheet's name before both.
    const state = stateIn([...titles, sheet].findLast((title) => SAYS_STATE.test(title)) ?? '')
    return state !== undefined && lacks(STATE) ? { [fromTitle(STATE, state)]: state } : {}
  }
  if (type === 'penalty') {
    const annulling = titles.find((title) => ANNULLED.test(title))
    return annulling !== undefined && lacks(REVIEW)
      ? { [fromTitle(REVIEW, '撤销')]: annulling.slice(0, 100) }
      : {}
  }
  if (type !== 'inspection') return {}
  const said: Record<string, string> = {}
  const numbers = new Set(titles.flatMap(noticesIn))
  const [number, ...others] = numbers
  const tell = (label: string, value: string) => {
    said[fromTitle(label, value)] = value
  }
  if (number !== undefined && others.length === 0 && lacks('公告号')) tell('公告号', number)
  const days = new Set(titles.flatMap(dayToldIn))
  const [day, ...otherDays] = days
  if (day !== undefined && otherDays.length === 0 && lacks('公告日期')) tell('公告日期', day)
  // No supervision; what was said of its kind for the whole table is the officer's word.
  const watch = titles.find((title) => RISK_WATCH.test(title))
  if (watch !== undefined && lacks('检查类别')) tell('检查类别', '风险监测')
  const outcome = outcomeByTitle(titles, sheet)
  if (lacks('检查结果') && outcome !== undefined) tell('检查结果', outcome)
  // Whose period to ask for another test is shorter.
  if (lacks('产品领域') && titles.some((title) => FOOD.test(title))) tell('产品领域', '食品')
  return said
}

const REVIEW = '复议或诉讼结果'
/** A list of penalties that were annulled, or of which publication was; its own words are asked about. */
const ANNULLED = /(?:撤销|撤回)[^，,。；;]{0,6}(?:行政)?处罚|处罚[^，,。；;]{0,6}(?:撤销|撤回)/u

const STATE = '许可状态'
const ENDED = /注销|撤销|吊销|暂停/gu
const SAYS_STATE = /注销|撤销|吊销|暂停|恢复/u
/** What is on a list with those that ended, or says that they did not. */
const NOT_ENDED = /获证|换证|发证|新证|准予|颁发|延续|恢复|变更|有效|拟|未|解除/u

/** What a title says of the state of all its licences; where it speaks of an end and of others too, its own words, which are asked about. */
function stateIn(title: string): string | undefined {
  const [end, ...others] = new Set(Array.from(title.matchAll(ENDED), ([word]) => word))
  if (end === undefined) return undefined
  return others.length > 0 || NOT_ENDED.test(title) ? title.slice(0, 100) : end
}

/** 发布日期：2026-05-20, or a row that is a day and nothing else. */
const DAY_OF_NOTICE =
  /^(?:(?:发布|公布|公告|通告|公示)(?:日期|时间)[:：]?\s?)?(\d{4}[-/.年][\d月/.-]{3,6}日?)$/u

/** The same among other words: 2024年第12号，2024年5月31日发布; 公布时间：2024-05-31 通告编号：…. */
const DAY_AMONG_OTHERS =
  /(?:发布|公布|公告|通告|公示)(?:日期|时间)[:：]?\s?(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)|(\d{4}年\d{1,2}月\d{1,2}日)(?:发布|公布|公告|印发)/gu

function dayToldIn(title: string): string[] {
  const plain = title.normalize('NFKC').trim()
  const [, alone] = DAY_OF_NOTICE.exec(plain) ?? []
  const days =
    alone === undefined
      ? Array.from(plain.matchAll(DAY_AMONG_OTHERS), ([, after, before]) => after ?? before ?? '')
      : [alone]
  return days.flatMap((day) => {
    const read = dayIn(day)
    return 'day' in read ? [read.day] : []
  })
}

/** 单位：万元 in a title, 注：金额单位为万元 under a table: what sums are in whose headings don't say it. */
const UNIT = /单位[:：为是]?\s?((?:人民币)?[百千万亿]{0,2}元)/u

/** Headings with the unit of money that titles or notes of the table name, behind those that head sums and have none. */
export function withUnitOfTable(
  headings: readonly string[],
  titles: readonly string[],
  isSum: (heading: string) => boolean,
): string[] {
  const units = new Set(titles.flatMap((title) => UNIT.exec(title.normalize('NFKC'))?.[1] ?? []))
  const [unit, other] = units
  if (unit === undefined || other !== undefined || unitOfHeading(unit) === undefined) return [...headings]
  return headings.map((heading) =>
    isSum(heading) && !/元/u.test(heading) ? `${heading}（${unit}）` : heading,
  )
}

function noticesIn(title: string): string[] {
  return Array.from(
    title.normalize('NFKC').matchAll(NOTICE),
    ([, year, number, unit]) => `${year}年第${number}${unit}`,
  )
}

/** The one outcome that the titles of a table, or the name of its sheet, tell of all its samples. */
export function outcomeByTitle(titles: readonly string[], sheet: string): '合格' | '不合格' | undefined {
  const [outcome, other] = new Set([sheet, ...titles].flatMap(outcomeIn))
  return other === undefined ? outcome : undefined
}

/** Whether a title speaks of samples that passed, or of those that failed; nothing where of both, or of neither. */
function outcomeIn(title: string): ('合格' | '不合格')[] {
  if (OF_NONE_OR_AFTER.test(title.normalize('NFKC'))) return []
  const others = title.replace(FAILING, '')
  const passing = PASSING.test(others)
  if (others !== title) return passing ? [] : ['不合格']
  return passing ? ['合格'] : []
}
