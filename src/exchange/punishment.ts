import { SUM_IN_WORDS } from './sum-in-words.ts'
import { numberOf } from './sums.ts'
import { trimmed } from './trimmed.ts'

/** What a sentence about a penalty says: its kinds (行政处罚法 art. 9), and the sums where each stands once. */
export interface Punishment {
  types: string[]
  fine?: number
  confiscatedIncome?: number
  /** Fine and confiscation together. */
  total?: number
}

const KINDS: readonly (readonly [words: RegExp, kind: string])[] = [
  [/警告/u, '警告'],
  [/通报批评/u, '通报批评'],
  [/罚款|罚金/u, '罚款'],
  [
    /没收(?:(?:当事人|其|全部|的){0,3}|[^，,；;。所得]{1,12}[和及、])(?:违法|非法)(?:所得|收入)/u,
    '没收违法所得',
  ],
  [
    /没收(?!(?:当事人|其|全部|的){0,3}(?:违法|非法)(?:所得|收入))[^，,；;。、]{2}|(?:所得|收入)[^，,；;。罚没]{0,12}(?:产品|物品|商品|原料|设备|工具|财物)/u,
    '没收非法财物',
  ],
  [/暂扣[^，,；;。]{0,8}(?:许可证|执照)/u, '暂扣许可证件'],
  [/降低资质等级/u, '降低资质等级'],
  [/吊销[^，,；;。]{0,12}(?:许可证|(?<!营业)执照|证书)/u, '吊销许可证件'],
  [/吊销[^，,；;。]{0,12}营业执照/u, '吊销营业执照'],
  [/限制开展生产经营/u, '限制开展生产经营活动'],
  [/停产停业/u, '责令停产停业'],
  [/责令关闭/u, '责令关闭'],
  [/限制从业/u, '限制从业'],
]
/** What leaves open whether, or which of two, was meant. */
const OPEN =
  /暂扣或|或者?吊销|不予(?:行政)?(?:处罚|罚款|没收)|免[予于除]|逾期(?:仍|拒)?[不未]予?(?:改正|整改)|撤销|建议|未(?:罚款|没收|予|处)|可以?并?处|拟|没收(?:款|金额|数额|[，,；;。、]|$)|没收[:：]?\s?(?:人民币)?\d[\d.,]{0,15}(?:万?元|万|$|[，,；;。])|(?<!罚)没款|没收(?!(?:当事人|其|全部|的){0,3}(?:违法|非法))[^，,；;。、]{0,12}(?:所得|收入|货款|款项)/u
/** A fine of so much for each day or thing, of which the whole is not said. */
const BY_EACH = /[元万]\s?[/／]\s?[天日件次台辆批]|按日(?:连续)?(?:计罚|处罚)/u
const MAX_LENGTH = 1000
/** A sum that another one takes the place of, or a part of which need not be paid: which one was imposed must be asked. */
const MOVED =
  /(?:减|降|改|变更|调整)[^，,。；;\d]{0,8}(?:为|至|到)[^，,。；;\d]{0,10}[\d一二三四五六七八九壹贰叁肆伍陆柒捌玖十百千万]|免(?:缴|交|收)|(?:减免|扣减|抵扣|抵缴|折抵|核减|减缴)[^，,。；;\d]{0,8}\d/u

/** Whether a sentence about a penalty names a sum and then another in its place: 罚款5万元，减轻处罚为2万元. */
export function isSumMoved(sentence: string): boolean {
  return MOVED.test(sentence.slice(0, 2 * MAX_LENGTH))
}

/** Figures as programs write them, where a sentence has them wide. */
function withPlainFigures(text: string): string {
  return text.replace(/[０-９．]/gu, (wide) => wide.normalize('NFKC'))
}

/** Understands such a sentence (处罚款2万元并没收违法所得8300元); undefined where it is not certain. */
export function punishmentIn(sentence: string): Punishment | undefined {
  const text = withPlainFigures(sentence)
  if (text.length > MAX_LENGTH || OPEN.test(text) || MOVED.test(text) || BY_EACH.test(text)) return undefined
  if (isSaidTwice(text)) return undefined
  const types = KINDS.flatMap(([words, kind]) => (words.test(text) ? [kind] : []))
  if (types.length === 0) return undefined
  const total = only(sumsAfter(text, `(?:罚没(?:款|金额|数额)?|${ALL_TOLD})`))
  const fine = only(finesIn(text))
  const confiscatedIncome = only(sumsAfter(text, INCOME))
  return {
    types,
    ...(fine !== undefined && { fine }),
    ...(confiscatedIncome !== undefined && { confiscatedIncome }),
    ...(total !== undefined && { total }),
  }
}

/** Whether a sum and the same in the bracket behind it are two: 罚款20000元整（叁万元整）. */
function isSaidTwice(text: string): boolean {
  return Array.from(text.matchAll(TWICE)).some(([, one = '', other = '']) => {
    const [first, second] = [one, other].map((sum) => numberOf(sum, true, 0))
    return first && second && 'value' in first && 'value' in second && first.value !== second.value
  })
}

const INCOME = '没收(?:当事人|其|全部|的){0,3}(?:违法|非法)所得'
const SUM = `(\\d[\\d,.]{0,20}\\s?(?:亿元|万元|千元|元)|${SUM_IN_WORDS})`
const TWICE = new RegExp(`${SUM}整?\\s?[（(](?:大写|人民币|即|[:：\\s]){0,3}${SUM}整?[）)]`, 'gu')
/** A fine whose unit is left out: 罚款50万, 罚款3000. Less than a hundred may be ten thousands. */
const FINE_ALONE =
  '(?:罚款|罚金)(?:人民币|金额|共计|计|为|：|:|￥|¥|\\s){0,3}(\\d[\\d,.]{0,15}\\s?万|\\d{1,3}(?:,\\d{3})+|\\d{3,9})(?=$|[，,。；;、）)\\s])'
/** What is said before the sum of all that was named before it, each with its own. */
const ALL_TOLD = '(?<=[元整])[，,；;。]\\s?(?:以上|两项|各项)?(?:共计|合计|总计)'
const BEFORE_SUM = '(?:人民币|共计|总计|计|合计|金额|为|：|:|￥|¥|\\s){0,3}'

/** The sums of fines that a sentence names: 罚款2万元, 处2万元的罚款. */
function finesIn(text: string): number[] {
  return sumsOf(text, [
    `(?:罚款|罚金)${BEFORE_SUM}${SUM}(?!的?[\\d.一二三四五六七八九十两]{1,5}倍)`,
    FINE_ALONE,
    `${SUM}(?:人民币)?整?的?(?:罚款|罚金)(?!${BEFORE_SUM}\\d)`,
    `(?:倍的?罚款|罚款[^，,。；;]{0,12}倍)(?:货值(?:金额)?)?[，,]?(?:共计|总计|合计|折合|计|即)${BEFORE_SUM}${SUM}`,
  ])
}

function sumsAfter(text: string, words: string): number[] {
  return sumsOf(text, [`${words}${BEFORE_SUM}${SUM}`])
}

/** Sums that any of several patterns finds, each where it stands once. */
function sumsOf(text: string, patterns: readonly string[]): number[] {
  const found = new Map<number, number>()
  for (const pattern of patterns)
    for (const match of text.matchAll(new RegExp(pattern, 'gu'))) {
      const [whole, sum = ''] = match
      const read = numberOf(sum, true, 0)
      if ('value' in read) found.set(match.index + whole.indexOf(sum), read.value)
    }
  return Array.from(found.values())
}

function only(sums: readonly number[]): number | undefined {
  return sums.length === 1 ? sums[0] : undefined
}

/** Where an article of a law, or a part of one, ends: 第四十九条, 第一款, 第（二）项. */
const ARTICLE_END = /[〇零一二三四五六七八九十百千\d][）)]?[条款项](?:之[一二三四五六七八九十])?/gu

/**
 * The articles on which such a sentence says that the penalty rests, as it has them (依据《产品质量法》第四十九条，罚款2万元);
 * undefined where it names none behind 依据 and the like: what was violated is no basis.
 */
export function basisIn(text: string): string | undefined {
  const named: string[] = []
  let goesOn = false
  for (const part of text.slice(0, MAX_LENGTH).split(/[，,；;。：:\n]/u)) {
    const begun = /(?:依据|根据|依照|按照)(《.*)/u.exec(part)?.[1]
    const articles: string = begun ?? (goesOn && /^[和及]?[《第]/u.test(part) ? part : '')
    const end = Array.from(articles.matchAll(ARTICLE_END), (found) => found.index + found[0].length).at(-1)
    goesOn = end !== undefined
    if (end !== undefined) named.push(articles.slice(0, end))
  }
  return named.length === 0 ? undefined : named.join('，')
}

/** The one licence that such a sentence takes away or holds back, as it names it; undefined where there is none, or more. */
export function licenceTakenIn(text: string): string | undefined {
  const named = text
    .slice(0, MAX_LENGTH)
    .split(/[，,；;。、\n]/u)
    .flatMap((part) => part.split(/吊销|暂扣/u).slice(1))
    .flatMap((behind) => /^.{0,40}?(?:许可证|执照|证书)/u.exec(behind)?.[0] ?? [])
    .map((licence) => licence.replace(/^(?:当事人|该公司|其|了|的)*[《“"]?/u, ''))
  return named.length === 1 ? named[0] : undefined
}

/** A sum in yuan that the column of a field gives, and others that a sentence of the same decision does. */
export interface SumContradicted {
  field: 'fine' | 'confiscatedIncome'
  label: string
  sum: number
  said: number[]
}

/**
 * Where the sums of a penalty are none of those that a sentence about it names, nor all of these together: a unit was
 * mistaken, in the one or in the other.
 */
export function sumsContradicted(
  sums: { fine?: unknown; confiscatedIncome?: unknown },
  sentence: string,
): SumContradicted[] {
  const text = withPlainFigures(sentence.slice(0, 2 * MAX_LENGTH))
  const held = (field: SumContradicted['field'], label: string, said: number[]): SumContradicted[] => {
    const sum = sums[field]
    if (typeof sum !== 'number' || said.length === 0) return []
    const cents = said.map((one) => Math.round(one * 100))
    const all = cents.reduce((whole, one) => whole + one, 0)
    // Of a sum and another in its place, a column may have either; which, its officer has said.
    if (isSumMoved(text)) return []
    return [...cents, all].includes(Math.round(sum * 100)) ? [] : [{ field, label, sum, said }]
  }
  return [
    ...held('fine', '罚款金额', finesIn(text)),
    ...held('confiscatedIncome', '没收违法所得', sumsAfter(text, INCOME)),
  ]
}

/** A company's whole name at the beginning of a case's; not one that is spoken of behind a verb. */
const COMPANY = /^(?!生产|销售|经营|使用|伪造|冒用|未|无证|擅自|拒)[^，,；;]{2,40}?有限(?:责任)?公司/u

/** A name and nothing behind it. */
const NAME_ALONE =
  /^[^，,；;生销经未无伪擅拒冒不违使虚假]{2,20}(?:公司|集团|厂|店|超市|商行|合作社|乳业|酒业|食品|药业|实业|建材|电缆|化工)$/u

/**
 * The violation that a case is named after (案件名称), as forms without a column for it have it alone: 示例公司生产不合格电缆案 →
 * 生产不合格电缆. Undefined for a name that tells none.
 */
export function conductIn(caseName: string, firm: unknown): string | undefined {
  const [, named = ''] =
    /^(?:关于|对)?(.{2,200}?)(?:一案|的?案件?)(?:的?行政处罚(?:决定书?|案)?)?$/u.exec(caseName.trim()) ?? []
  const own =
    typeof firm === 'string' && named.startsWith(firm) ? named.slice(firm.length) : named.replace(COMPANY, '')
  const conduct = own.replace(/^(?:当事人)?(?:涉嫌|因|的)+/u, '').trim()
  // A firm's short name is no violation.
  if ((typeof firm === 'string' && firm.includes(conduct)) || NAME_ALONE.test(conduct)) return undefined
  return conduct.length < 2 || /^行政处罚/u.test(conduct) ? undefined : conduct
}

const DAY =
  /(?:\d{4}|[〇零○一二三四五六七八九]{4})\s?[年./-]\s?[\d元一二三四五六七八九十]{1,3}\s?[月./-]\s?[\d一二三四五六七八九十]{1,3}\s?日?/gu
const BESIDE_DAY = ',，、;；:：/'

/** An authority and a day in one cell, in either order: 某市质量技术监督局 2015年3月2日. Undefined where it is not both. */
export function authorityAndDay(text: string): { authority: string; day: string } | undefined {
  const [found, ...others] = text.matchAll(DAY)
  if (!found || others.length > 0) return undefined
  const [day] = found
  // The day may stand in a bracket of its own.
  const [before = '', after = ''] = [
    text.slice(0, found.index).replace(/[（(]$/u, ''),
    text.slice(found.index + day.length).replace(/^[）)]/u, ''),
  ].map((part) => trimmed(part, { start: BESIDE_DAY, end: BESIDE_DAY }))
  const authority = before === '' ? after : after === '' ? before : undefined
  return authority === undefined || authority.length < 2 || authority.length > 100
    ? undefined
    : { authority, day: day.trim() }
}
