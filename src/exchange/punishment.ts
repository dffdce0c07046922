import { numberOf } from './sums.ts'

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
  [/没收(?:其|全部)?(?:违法|非法)所得/u, '没收违法所得'],
  [/没收(?:非法财物|违法财物|[^，,；;。]{0,12}(?:产品|物品|商品|原料|设备|工具))/u, '没收非法财物'],
  [/暂扣[^，,；;。]{0,8}(?:许可证|执照)/u, '暂扣许可证件'],
  [/降低资质等级/u, '降低资质等级'],
  [/吊销[^，,；;。]{0,12}(?:许可证|执照|证书)/u, '吊销许可证件'],
  [/限制开展生产经营/u, '限制开展生产经营活动'],
  [/停产停业/u, '责令停产停业'],
  [/责令关闭/u, '责令关闭'],
  [/限制从业/u, '限制从业'],
]
/** What leaves open whether, or which of two, was meant. */
const OPEN = /暂扣或|或者?吊销|不予(行政)?处罚|免予|可以?并?处|拟/u
const MAX_LENGTH = 1000

/** Understands such a sentence (处罚款2万元并没收违法所得8300元); undefined where it is not certain. */
export function punishmentIn(text: string): Punishment | undefined {
  if (text.length > MAX_LENGTH || OPEN.test(text)) return undefined
  const types = KINDS.flatMap(([words, kind]) => (words.test(text) ? [kind] : []))
  if (types.length === 0) return undefined
  const total = sumAfter(text, '罚没(?:款|金额|数额)?')
  const fine = sumAfter(text, '(?:罚款|罚金)')
  const confiscatedIncome = sumAfter(text, '没收(?:其|全部)?(?:违法|非法)所得')
  return {
    types,
    ...(fine !== undefined && { fine }),
    ...(confiscatedIncome !== undefined && { confiscatedIncome }),
    ...(total !== undefined && { total }),
  }
}

/** The sum that follows some words, where they stand with one sum only. */
function sumAfter(text: string, words: string): number | undefined {
  const found = Array.from(
    text.matchAll(
      new RegExp(
        `${words}(?:人民币|共计|计|合计|：|:|￥|¥|\\s){0,3}(\\d[\\d,.]{0,20}\\s?(?:亿元|万元|元))`,
        'gu',
      ),
    ),
  )
  const [only] = found
  if (found.length !== 1 || only?.[1] === undefined) return undefined
  const read = numberOf(only[1], true, 0)
  return 'value' in read ? read.value : undefined
}

/** An authority and a day in one cell: 某市质量技术监督局 2015年3月2日. Undefined where it is not both. */
export function authorityAndDay(text: string): { authority: string; day: string } | undefined {
  const match =
    /^(.{2,100}?)[\s,，、;；:：/]{0,5}(\d{4}\s?[年./-]\s?\d{1,2}\s?[月./-]\s?\d{1,2}\s?日?)$/u.exec(
      text.trim(),
    )
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { authority: match[1], day: match[2] }
}
