import t from 'tap'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { misquoted, misquotedIn, quotation } from '../../src/law/texts.ts'
import { checkStandard } from '../../src/rating/check-standard.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { publicationRules } from '../../src/records/rules.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { testRegistry } from '../support.ts'

t.test('a quotation holds only to the letter, in the article that it names', async (t) => {
  const quote = { text: '产品质量法', article: '第十七条', words: '责令停业，限期整顿' }
  t.equal(misquoted(quote), undefined)
  t.match(misquoted({ ...quote, words: '责令停业，限期改正' }), /第十七条中没有/)
  t.match(
    misquoted({ ...quote, article: '第十八条' }),
    /第十八条中没有/,
    'the article before does not end with it',
  )
  const chapter = '生产者、销售者的产品质量责任和义务'
  t.match(
    misquoted({ ...quote, article: '第二十五条', words: chapter }),
    /中没有/,
    'nor with the next heading',
  )
  t.match(misquoted({ ...quote, article: '第九百条' }), /没有第九百条/)
  t.match(
    misquoted({ ...quote, text: '产品质量' }),
    /没有收录《产品质量》，无法核对引文；收录的：个人信息保护法、产品质量法、企业信息公示暂行条例、.*、食品安全法。$/,
  )
  t.equal(
    misquoted({ text: '产品质量法', article: '第七十四条', words: '本法自1993年9月1日起施行' }),
    undefined,
  )
})

t.test('how a quotation is written', async (t) => {
  const quote = { text: '产品质量法', article: '第十七条', words: '责令停业' }
  for (const [more, faults] of [
    [{}, []],
    [{ text: '' }, ['text']],
    [{ text: '法' }, []],
    [{ text: '法'.repeat(100) }, []],
    [{ text: '法'.repeat(101) }, ['text']],
    [{ words: '停' }, ['words']],
    [{ words: '停业' }, []],
    [{ words: '停'.repeat(1000) }, []],
    [{ words: '停'.repeat(1001) }, ['words']],
    [{ article: '第17条' }, ['article']],
    [{ article: '第十七条第一款' }, ['article']],
    [{ article: '第一百零三条' }, []],
    [{ text: '法'.repeat(101), words: '停' }, ['text', 'words']],
  ] as const) {
    const { error } = quotation.safeParse({ ...quote, ...more })
    const said = error?.issues.map(({ path }) => path.join('/')) ?? []
    t.same(said, faults, JSON.stringify(more).slice(0, 40))
  }
})

t.test('every rule that is said to be verified quotes words that stand in its text', async (t) => {
  for (const [name, { status, quotes = [] }] of Object.entries(
    publicationRules as Record<string, { status: string; quotes?: readonly object[] }>,
  ))
    if (status === 'verified') t.ok(quotes.length > 0, name)
  for (const { status, quotes = [], source } of scheme.renewals)
    if (status === 'verified') t.ok(quotes.length > 0, source)
  t.same(misquotedIn({ publicationRules, ruleSets, shippedStandards, scheme }), [])
})

t.test('a document is searched for quotations wherever they stand', async (t) => {
  const wrong = { text: '产品质量法', article: '第十五条', words: '十六日内' }
  t.match(misquotedIn({ grounds: [{ id: 'x', quotes: [wrong] }] }), [
    { pointer: '/grounds/0/quotes/0', detail: /《产品质量法》第十五条中没有“十六日内”/ },
  ])
  t.same(misquotedIn({ examples: [wrong] }), [], 'what is not called quotes is none')
  for (const none of [{ quotes: '第十五条' }, { quotes: null }, { grounds: null }, '第十五条', null])
    t.same(misquotedIn(none), [], JSON.stringify(none))
  t.match(misquotedIn({ quotes: [{ ...wrong, words: '十五日内' }, wrong] }), [{ pointer: '/quotes/1' }])
})

t.test('a rule document with a quotation that is not there is refused', async (t) => {
  const { registry } = await testRegistry(t)
  const [rules] = ruleSets
  const [standard] = shippedStandards
  const [ground, ...grounds] = rules?.grounds ?? []
  const quoting = (words: string) => [{ text: '产品质量法', article: '第十七条', words }]
  const withQuote = (words: string) => ({
    ...rules,
    grounds: [{ ...ground, quotes: quoting(words) }, ...grounds],
  })
  const province = { authority: '省局', officer: '张三' }
  const check = (words: string) =>
    registry.acts
      .asking(province)(registry.acts.named('propose-rules'), {})
      .decide({
        document: { ...withQuote(words), version: (rules?.version ?? 0) + 1 },
      })
  t.match(check('责令停业，限期整顿'), { decision: { drafts: [{ payload: { id: rules?.id } }] } })
  try {
    check('责令停业整顿')
    t.fail('taken')
  } catch (error) {
    t.match(error, {
      faults: [{ pointer: '/grounds/0/quotes/0', code: 'misquoted', detail: /没有“责令停业整顿”/ }],
    })
  }
  const [item, ...items] = standard?.items ?? []
  const faulty = { ...standard, items: [{ ...item, quotes: quoting('责令停业整顿') }, ...items] }
  t.match(checkStandard(faulty, catalogue), {
    ok: false,
    faults: [{ pointer: '/items/0/quotes/0', code: 'misquoted' }],
  })
})
