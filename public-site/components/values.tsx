import { region } from '../../src/codes/regions.ts'
import type { Column } from '../../src/records/kind.ts'

/** `2026-03-02` as it stands in running text: 2026年3月2日. */
export function dateInWords(date: string): string {
  const [year, month, day] = date.slice(0, 10).split('-').map(Number)
  return `${year}年${month}月${day}日`
}

/** A sum in yuan; above a million in 万元. */
export function moneyInWords(yuan: number): string {
  if (yuan >= 1_000_000)
    return `${(yuan / 10_000).toLocaleString('en-US', { maximumFractionDigits: 6 })} 万元`
  return `${yuan.toLocaleString('en-US', { maximumFractionDigits: 2 })} 元`
}

/** A field's value as people read it. */
export function valueInWords(value: unknown, column: Column): string {
  if (Array.isArray(value)) return value.map(String).join('、')
  if (typeof value === 'number') {
    if (column.unit === '元') return moneyInWords(value)
    return column.unit === undefined ? String(value) : `${value} ${column.unit}`
  }
  const text = String(value)
  if (column.field === 'region') return region(text)?.path ?? text
  return text
}

const GOOD = new Set(['合格', '有效', '存续'])
const GRAVE = new Set(['不合格', '拒检', '吊销', '撤销', '暂停', '注销', '停业', '过期'])

/** A value that tells a state bears a mark beside its word, so that neither colour nor shape alone tells it. */
export function State({ word }: { word: string }) {
  if (GOOD.has(word)) return <span class="state good">✓ {word}</span>
  if (GRAVE.has(word)) return <span class="state caution">▲ {word}</span>
  return <>{word}</>
}
