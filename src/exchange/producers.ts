import { trimmed } from './trimmed.ts'

/** What stands for whoever sells a thing having made it himself, or for no maker being named on it. */
const NO_PRODUCER =
  /^(?:(?:本(?:店|单位|公司|食堂|餐厅|校|厂)|自行|现场|店内|餐饮|食堂)?自?(?:制|制作|加工|做|产)(?:自(?:销|售|用))?(?:食品|产品)?|自产|自产自销|本店|本单位|本食堂|散装(?:食品)?|不详|不明|未知|(?:未|无|没有)(?:标[示注识称明]|生产(?:者|企业|厂家)|厂名|名称)?|三无(?:产品|食品)?|未标(?:生产者|生产企业|厂家|厂名))$/u
/** What sends to where the maker stands, and names none. */
const ELSEWHERE = /^(?:(?:详)?见|同)(?:标签|包装|外包装|样品|实物|报告|附件|左|前|被抽样单位)$/u

/** What a cell says in place of a maker: that there is none but who sells it, or that it is to be looked up; undefined for a name. */
export function noProducerIn(text: string): 'none' | 'elsewhere' | undefined {
  const plain = text.normalize('NFKC').replace(/\s/gu, '')
  if (NO_PRODUCER.test(plain)) return 'none'
  return ELSEWHERE.test(plain) ? 'elsewhere' : undefined
}

/** How those who made a thing are called within one cell: who had it made, who made it for them, who is named as its maker. */
const LABEL =
  /(?:(?<for>受托|受委托|被委托|委托加工)(?:生产)?(?:企业|单位|方|商|者)?|(?<by>委托(?:企业|单位|方|商|者)?)|(?:标[称示注识])?(?:生产|制造)(?:企业|单位|者|商|厂家)?(?:名称)?|标[称示注识])\s?[:：]/gu

/**
 * Who a cell of the nominal producer names: 委托方：甲公司；受委托方：乙公司 is 甲, with 乙 beside; 甲公司（委托方：乙公司） is 甲, with 乙
 * beside. What is not labelled is one name as it stands.
 */
export function producersIn(text: string): { own: string; other?: string } {
  const labels = Array.from(text.matchAll(LABEL))
  const [first] = labels
  if (!first) return { own: text }
  const head = tidy(text.slice(0, first.index))
  const named = labels.map((label, i) => ({
    name: tidy(text.slice(label.index + label[0].length, labels[i + 1]?.index)),
    isPrincipal: label.groups?.by !== undefined,
    isFor: label.groups?.for !== undefined,
  }))
  const all = [...(head === '' ? [] : [{ name: head, isPrincipal: false, isFor: false }]), ...named]
  if (all.some(({ name }) => name === '')) return { own: text }
  const own =
    (head === '' ? all.find(({ isPrincipal }) => isPrincipal) : undefined) ??
    all.find(({ isFor }) => !isFor) ??
    all[0]
  const others = all.filter((one) => one !== own).map(({ name }) => name)
  if (!own) return { own: text }
  return { own: own.name, ...(others.length > 0 && { other: others.join('；') }) }
}

/** A name without what stands between it and the next: marks, and a bracket that was opened before its label. */
function tidy(part: string): string {
  const plain = trimmed(part, { start: '，,；;、', end: '，,；;、/（(' })
  const isClosedTwice = (plain.match(/[）)]/gu)?.length ?? 0) > (plain.match(/[（(]/gu)?.length ?? 0)
  return isClosedTwice ? plain.replace(/[）)]$/u, '') : plain
}
