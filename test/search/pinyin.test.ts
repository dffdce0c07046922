import t from 'tap'
import { stretches, typedPinyin } from '../../src/search/pinyin.ts'

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
