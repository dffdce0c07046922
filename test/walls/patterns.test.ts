import { check } from 'recheck'
import t from 'tap'
import { patternsOf } from '../../scripts/patterns/patterns.ts'

t.test('every pattern of a source is found, and what is put together at run time is told', async (t) => {
  const source = [
    'const DAY = String.raw`\\d{2}`',
    'const A = /a+b/giu',
    "z.string().regex(/^c$/, 'x')",
    "new RegExp('d+', 'u')",
    'RegExp(String.raw`^$' + '{DAY}e$`)',
    'new RegExp(`f$' + '{given}`)',
  ].join('\n')
  t.same(
    patternsOf('x.ts', source).map(({ line, pattern, flags }) => [line, pattern, flags]),
    [
      [2, 'a+b', 'giu'],
      [3, '^c$', ''],
      [4, 'd+', 'u'],
      [5, '^\\d{2}e$', ''],
      [6, undefined, ''],
    ],
  )
})

t.test('what a long text holds up is told from what it does not', async (t) => {
  t.equal((await check('^(a+)+$', '')).status, 'vulnerable')
  t.equal((await check('\\s+$', '')).status, 'vulnerable')
  t.equal((await check('^\\s{0,9}$', '')).status, 'safe')
})
