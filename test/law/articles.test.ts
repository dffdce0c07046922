import { existsSync, readdirSync, readFileSync } from 'node:fs'
import t from 'tap'

/** docs/articles.md: every article of every text in docs/law, once, and what it names is there. */

const root = new URL('../../', import.meta.url)
const page = readFileSync(new URL('docs/articles.md', root), 'utf8')
const DIGITS = '零一二三四五六七八九'

/** 一百三十五 → 135. */
function numberIn(words: string): number {
  let sum = 0
  let digit = 0
  for (const one of words) {
    if (one === '百' || one === '十') {
      sum += (digit || 1) * (one === '百' ? 100 : 10)
      digit = 0
    } else digit = DIGITS.indexOf(one)
  }
  return sum + digit
}

const ARTICLE = /第([零一二三四五六七八九十百]+)条/gu

/** Articles that a cell names: single ones, and from one to another. */
function articlesOf(cell: string): number[] {
  return cell.split('、').flatMap((part) => {
    const [first = 0, last = first] = Array.from(part.matchAll(ARTICLE), ([, words = '']) => numberIn(words))
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}

t.test('numbers', async (t) => {
  for (const [words, number] of [
    ['九', 9],
    ['十', 10],
    ['十九', 19],
    ['二十', 20],
    ['九十一', 91],
    ['一百零三', 103],
    ['一百一十', 110],
    ['一百五十四', 154],
  ] as const)
    t.equal(numberIn(words), number, words)
})

for (const name of readdirSync(new URL('docs/law/', root)).filter((own) => own.endsWith('.md'))) {
  const title = name.replace(/\(.*$/u, '')
  t.test(title, async (t) => {
    const text = readFileSync(new URL(`docs/law/${name}`, root), 'utf8')
    const there = Array.from(text.matchAll(/^第([零一二三四五六七八九十百]+)条[\s　]/gmu), ([, words = '']) =>
      numberIn(words),
    )
    const [, section = ''] = page.split(`\n## 《${title}》\n`)
    const rows = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| 第'))
    const told = rows.flatMap((row) => articlesOf(row.split('|')[1] ?? ''))
    t.same(told, there, 'each article once, in order')
    for (const row of rows) {
      const [, articles = '', how = '', where = ''] = row.split('|').map((cell) => cell.trim())
      t.match(how, /^(做到：|部分：|未做：|— ?)/, articles)
      const places = Array.from(where.matchAll(/`([^`]+)`/gu), ([, path = '']) => path)
      if (/^(做到|部分)/.test(how)) t.not(places.length, 0, `${articles} says where`)
      else t.equal(where, '', `${articles} has no place`)
      for (const path of places) t.ok(existsSync(new URL(path, root)), path)
    }
  })
}
