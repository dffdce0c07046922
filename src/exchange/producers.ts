import { trimmed } from './trimmed.ts'

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
