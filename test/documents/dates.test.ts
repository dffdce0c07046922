import t from 'tap'
import { signingDate } from '../../src/documents/document.ts'

t.test('documents are signed with the date in Chinese numerals', async (t) => {
  for (const [date, words] of [
    ['2026-01-01', '二〇二六年一月一日'],
    ['2026-09-10', '二〇二六年九月十日'],
    ['2030-10-11', '二〇三〇年十月十一日'],
    ['2026-11-20', '二〇二六年十一月二十日'],
    ['2026-12-31', '二〇二六年十二月三十一日'],
  ] as const)
    t.equal(signingDate(date), words)
  t.match(signingDate(undefined), /^　+年　+月　+日$/)
})
