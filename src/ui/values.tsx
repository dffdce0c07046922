import { industrySection, industrySections } from '../codes/industries.ts'
import { region } from '../codes/regions.ts'
import type { Column, RecordData } from '../records/kind.ts'
import { rowsInWords, rowsOf } from '../records/rows.ts'
import type { Language } from './frame.tsx'
import { Table } from './table.tsx'

/** `2026-03-02` as it stands in running text: 2026年3月2日, 2 March 2026. */
export function dateInWords(date: string, language: Language = 'zh'): string {
  const [year, month, day] = date.slice(0, 10).split('-').map(Number)
  if (language === 'en') return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`
  return `${year}年${month}月${day}日`
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'],
  ...['November', 'December'],
]

const tenThousands = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 })
const yuans = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })

/** A sum in yuan; above a million in 万元. */
export function moneyInWords(yuan: number): string {
  if (yuan >= 1_000_000) return `${tenThousands.format(yuan / 10_000)} 万元`
  return `${yuans.format(yuan)} 元`
}

/** A field's value as people read it. */
export function valueInWords(value: unknown, column: Column): string {
  if (column.type === 'rows') return rowsInWords(value, column)
  if (Array.isArray(value)) return value.map(String).join('、')
  if (typeof value === 'number') {
    if (column.unit === '元') return moneyInWords(value)
    return column.unit === undefined ? String(value) : `${value} ${column.unit}`
  }
  const text = String(value)
  if (column.field === 'region') return region(text)?.path ?? text
  if (column.field === 'industry') {
    const section = industrySection(text)
    return section === undefined ? text : `${industrySections[section]}（${text}）`
  }
  return text
}

/** A region's name within Hebei; the code where it has none. */
export function placeName(code: string): string {
  return region(code)?.path.replace(/^河北省(?=.)/u, '') ?? code
}

const GOOD = new Set(['合格', '有效', '存续'])
const GRAVE = new Set(['不合格', '拒检', '吊销', '撤销', '暂停', '注销', '停业', '过期'])

/** A value that tells a state bears a mark beside its word, so that neither colour nor shape alone tells it. */
export function State({ word }: { word: string }) {
  if (GOOD.has(word))
    return (
      <span class="state good">
        {word}
        <span aria-hidden="true"> ✓</span>
      </span>
    )
  if (GRAVE.has(word))
    return (
      <span class="state caution">
        {word}
        <span aria-hidden="true"> ▲</span>
      </span>
    )
  return <>{word}</>
}

/** A field's value as a page shows it: a table within a record as one, a state with its mark. */
export function Value({ value, column }: { value: unknown; column: Column }) {
  if (column.type !== 'rows') return <State word={valueInWords(value, column)} />
  const filled = rowsOf(value)
  const shown = column.parts?.filter(({ field }) => filled.some((row) => row[field] !== undefined)) ?? []
  return (
    <Table
      rows={filled}
      columns={shown.map((part) => ({
        label: part.label,
        show: (row: RecordData) =>
          row[part.field] !== undefined && <State word={valueInWords(row[part.field], part)} />,
      }))}
    />
  )
}
