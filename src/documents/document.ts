/** An official document (公文) apart from how it is set: printed from a page, or as a DOCX file to sign and stamp. */
export interface OfficialDocument {
  /** Its name, which is its heading and its file's name: 列入告知书. */
  title: string
  /** Its number, where it has one yet. */
  number?: string
  addressee: string
  paragraphs: readonly string[]
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
