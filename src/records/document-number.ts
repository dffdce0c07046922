const OPENING = /[[{〔【〖〈《「『﹝⟨⦅]/gu
const CLOSING = /[\]}〕】〗〉》」』﹞⟩⦆]/gu

/** The short names of provinces (省级简称), which numbers begin with, in brackets or without: （冀）XK08-001-00001. */
const OF_PROVINCE = /\(([京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀黔贵滇云藏陕秦甘陇青宁新])\)/gu

/** The year before the number that it was given in it, in brackets or before a dash: 〔2024〕14, 2024-14. */
const YEAR = /\((\d{4})\)-?(?=\d)/gu

/**
 * What a document's, sample's or licence's number is compared by (文号、编号): the same however its brackets, dashes,
 * width, letter case and spaces are written, with or without 第 before a figure and 号 behind the last, and with or without
 * brackets around a province's short name or the year. Never shown: what was written is.
 */
export function comparedNumber(written: string): string {
  return written
    .normalize('NFKC')
    .replace(OPENING, '(')
    .replace(CLOSING, ')')
    .replace(OF_PROVINCE, '$1')
    .replace(/\p{Pd}/gu, '-')
    .replace(/\s/gu, '')
    .replace(/第(?=[\d(])/gu, '')
    .replace(YEAR, '$1-')
    .replace(/号?[。.,，;；]{0,3}$/u, '')
    .toLowerCase()
}
