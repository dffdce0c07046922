import { say } from './language.ts'

/** Lets a table be sorted by each of its columns: up, down, then as it came. */
export function makeSortable(table: HTMLTableElement): void {
  const [body] = table.tBodies
  if (!body || body.rows.length < 2) return
  const given = Array.from(body.rows)
  const heads = Array.from(table.tHead?.rows[0]?.cells ?? [])
  for (const [column, head] of heads.entries()) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'sort'
    button.append(...head.childNodes)
    button.title = say('按此列排序', 'sort by this column')
    head.append(button)
    button.addEventListener('click', () => {
      const before = head.getAttribute('aria-sort')
      for (const other of heads) other.removeAttribute('aria-sort')
      if (before === 'descending') {
        body.append(...given)
        return
      }
      const sign = before === 'ascending' ? -1 : 1
      head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending')
      body.append(...given.toSorted((a, b) => sign * compared(textAt(a, column), textAt(b, column))))
    })
  }
}

function textAt(row: HTMLTableRowElement, column: number): string {
  return row.cells[column]?.textContent?.trim() ?? ''
}

const NUMBER = /^[-+−]?[\d,]+(\.\d+)?%?$/

function compared(a: string, b: string): number {
  if (NUMBER.test(a) && NUMBER.test(b)) return numberOf(a) - numberOf(b)
  return a.localeCompare(b, 'zh-CN')
}

function numberOf(text: string): number {
  return Number(text.replace(/[,%+]/g, '').replace('−', '-'))
}
