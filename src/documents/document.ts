/** An official document (公文) apart from how it is set: printed from a page, or as a DOCX file to sign and stamp. */
export interface OfficialDocument {
  /** Its name, which is its heading and its file's name: 列入告知书. */
  title: string
  /** Its number, `OPEN_NUMBER` where it is to have one; absent for what has none. */
  number?: string
  /** Absent for what is addressed to everybody: a bulletin. */
  addressee?: string
  /** Who the addressee is: code and domicile, a line each. */
  party: readonly string[]
  paragraphs: readonly string[]
  /** How the authority can be reached, left open to be written by hand; absent where nobody is to answer. */
  contact?: string
  authority: string
  /** `YYYY-MM-DD`; left open, to be written by hand, where it is not fixed yet. */
  date?: string
}

/** `2026-03-02` as documents write it: 2026年3月2日; blanks to fill in where there is none. */
export function dateOfDocument(date: string | undefined): string {
  if (date === undefined) return '　　　　年　　月　　日'
  const [year, month, day] = date.split('-').map(Number)
  return `${year}年${month}月${day}日`
}

/** A number that is still to be given (文号), left open to be written by hand. */
export const OPEN_NUMBER = '　　　　〔　　　　〕　　号'

/** The lines of a document's heading: whose it is, above what it is, unless its name says so already. */
export function headingOf({ title, authority }: OfficialDocument): string[] {
  return title.startsWith(authority) ? [title] : [authority, title]
}

/** Where the seal goes, beside the authority's name. */
export const SEAL = '（印章）'

const NUMERALS = '〇一二三四五六七八九'

/** `2026-03-02` as documents are signed: 二〇二六年三月二日; blanks to fill in where there is none. */
export function signingDate(date: string | undefined): string {
  if (date === undefined) return dateOfDocument(date)
  const [year = '', month, day] = date.split('-')
  const digits = Array.from(year, (digit) => NUMERALS[Number(digit)]).join('')
  return `${digits}年${counted(Number(month))}月${counted(Number(day))}日`
}

/** A number up to 99 in Chinese numerals: 十, 十一, 二十, 三十一. */
function counted(number: number): string {
  const [tens, ones] = [Math.floor(number / 10), number % 10]
  const head = tens === 0 ? '' : tens === 1 ? '十' : `${NUMERALS[tens]}十`
  return `${head}${ones === 0 ? '' : NUMERALS[ones]}`
}
