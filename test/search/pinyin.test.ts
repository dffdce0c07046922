import t from 'tap'
import { foldedText } from '../../src/search/normalise.ts'
import { readingFrom, stretches, typedPinyin } from '../../src/search/pinyin.ts'

t.test('letters are cut where every reading cuts', async (t) => {
  t.same(stretches('shili'), [[['shi']], [['li']]])
  const [first, ...rest] = stretches('xianjixie')
  t.same(new Set(first?.map((spelling) => spelling.join(' '))), new Set(['xian', 'xi an', 'xia n', 'xi a n']))
  t.same(rest, [[['ji']], [['xie'], ['xi', 'e']]])
  t.same(stretches('shizhu').at(-1), [['zhu']])
  t.ok(
    stretches('shizh')
      .at(-1)
      ?.some((spelling) => spelling.join() === 'zh'),
    'the last syllable may only be begun',
  )
  t.same(stretches('xqz'), [], 'no syllables')
})

t.test('what counts as pinyin', async (t) => {
  t.equal(typedPinyin('Shí lì (Lǜ)'), 'shililv')
  t.equal(typedPinyin('示例'), undefined)
  t.equal(typedPinyin('130102'), undefined)
})

t.test('a character that another one is folded into is read as both', async (t) => {
  for (const [name, typed, isRead] of [
    ['乾江', 'qianjiang', true],
    ['乾江', 'ganjiang', true],
    ['干江', 'ganjiang', true],
    ['江', 'qianjiang', false],
  ] as const)
    t.equal(
      readingFrom(Array.from(foldedText(name)), typed, 'whole') !== undefined,
      isRead,
      `${name} ${typed}`,
    )
})
