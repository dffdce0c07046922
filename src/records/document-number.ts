const OPENING = /[[{〔【〖〈《「『﹝⟨⦅]/gu
const CLOSING = /[\]}〕】〗〉》」』﹞⟩⦆]/gu

/**
 * What a document's, sample's or licence's number is compared by (文号、编号): the same however its brackets, dashes,
 * width, letter case and spaces are written, and with or without 第 before a figure. Never shown: what was written is.
 */
export function comparedNumber(written: string): string {
  return written
    .normalize('NFKC')
    .replace(OPENING, '(')
    .replace(CLOSING, ')')
    .replace(/\p{Pd}/gu, '-')
    .replace(/\s/gu, '')
    .replace(/第(?=[\d(])/gu, '')
    .toLowerCase()
}
