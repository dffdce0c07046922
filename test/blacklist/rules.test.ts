import t from 'tap'
import { candidatesOf } from '../../src/blacklist/candidates.ts'
import { isAnnulled, meetsGround, ruleSet, ruleSetSchema, ruleSets } from '../../src/blacklist/rule-set.ts'
import { penaltyTypes } from '../../src/records/penalty.ts'
import { Firm, penalty, people } from './firm.ts'

const ON = '2026-11-24'
/** Grounds of the first version of a rule set that a penalty meets: cases that began under it keep it. */
function grounds(id: string, more: Record<string, unknown>): string[] {
  const [record] = new Firm([penalty('p', '2026-02-02', more)]).dossier.records
  return (ruleSet(id, 1)?.grounds ?? []).flatMap((ground) =>
    record && meetsGround(record, ground, ON) ? [ground.id] : [],
  )
}

// 令第44号第七条至第十条；质检总局关于严重质量失信企业管理的指导意见. A new word of either needs its line here.
const conducts: [conduct: string, order44: string[], aqsiq: string[]][] = [
  ['生产不符合保障人体健康标准的产品', ['unsafe-product'], ['unsafe-product']],
  ['生产不符合强制性标准的产品', ['unsafe-product'], ['unsafe-product']],
  ['违反强制性国家标准', ['unsafe-product'], []],
  ['销售不符合国家标准的产品', ['unsafe-product'], ['unsafe-product']],
  ['生产不合格产品', ['unsafe-product'], ['unsafe-product']],
  ['经检验不合格', [], ['unsafe-product']],
  ['以次充好', ['unsafe-product'], ['unsafe-product']],
  ['以假充真', ['unsafe-product'], ['unsafe-product']],
  ['在产品中掺杂', ['unsafe-product'], ['unsafe-product']],
  ['无证生产电缆', ['unlicensed'], ['unlicensed']],
  ['未取得生产许可擅自生产', ['unlicensed'], ['unlicensed']],
  ['未取得认证', ['unlicensed'], []],
  ['未经许可生产', ['unlicensed'], []],
  ['未依照本条例规定申请取得生产许可证而擅自生产', ['unlicensed'], ['unlicensed']],
  ['伪造认证标志', ['forged-marks'], ['forged-marks']],
  ['冒用许可证编号', ['forged-marks'], ['forged-marks']],
  ['拒绝监督检查', ['evasion'], ['evasion']],
  ['阻碍监督检查', ['evasion'], []],
  ['逃避监督检查', ['evasion'], ['evasion']],
  ['拒不接受检查', ['evasion'], []],
  ['出售被责令停止销售的产品', [], ['evasion']],
  ['计量器具未检定', [], []],
]

t.test('conduct by conduct, which grounds a grave penalty meets', async (t) => {
  for (const [conduct, order44, aqsiq] of conducts) {
    t.same(grounds('order-44', { conduct, severity: '严重' }), order44, `${conduct}: order-44`)
    t.same(grounds('aqsiq', { conduct, severity: '严重' }), aqsiq, `${conduct}: aqsiq`)
  }
})

t.test('a penalty must be a heavier one', async (t) => {
  const conduct = {
    unsafe: '生产不合格产品',
    unlicensed: '无证生产',
    forged: '伪造标志',
    evasion: '逃避检查',
  }
  for (const [severity, heavier, grave] of [
    ['较轻', false, false],
    ['一般', false, false],
    ['较重', true, false],
    ['严重', true, true],
    [undefined, false, false],
  ] as const) {
    for (const [name, words] of Object.entries(conduct))
      t.equal(
        grounds('order-44', { conduct: words, severity }).length,
        heavier ? 1 : 0,
        `${name}: ${severity}`,
      )
    t.equal(
      grounds('aqsiq', { conduct: conduct.unsafe, severity }).length,
      grave ? 1 : 0,
      `aqsiq: ${severity}`,
    )
  }
})

t.test('a penalty that is heavier by its type needs no mark', async (t) => {
  const heavier = penaltyTypes.filter((type) => grounds('order-44', { types: [type] }).length > 0)
  t.same(heavier, [
    '降低资质等级',
    '吊销许可证件',
    '限制开展生产经营活动',
    '责令停产停业',
    '责令关闭',
    '限制从业',
  ])
  t.same(grounds('order-44', { types: ['罚款', '责令关闭'] }), ['unsafe-product'], 'among others')
})

t.test('only an ordinary decision that stands', async (t) => {
  const grave = { severity: '严重' }
  t.same(grounds('order-44', grave), ['unsafe-product'])
  t.same(grounds('order-44', { ...grave, procedure: '简易程序' }), [])
  for (const [reviewOutcome, falls] of [
    ['维持', false],
    ['撤销', true],
    ['确认违法', true],
    ['确认无效', true],
    [undefined, false],
  ] as const) {
    t.equal(isAnnulled({ reviewOutcome }), falls, `${reviewOutcome}`)
    t.same(
      grounds('order-44', { ...grave, reviewOutcome }),
      falls ? [] : ['unsafe-product'],
      `${reviewOutcome}`,
    )
  }
  const firm = new Firm()
  firm.withdraw('p')
  t.same(candidatesOf(firm.dossier, ON, ruleSets), [], 'withdrawn')
  const [ground] = ruleSet('order-44', 1)?.grounds ?? []
  const [record] = firm.dossier.records
  t.notOk(
    ground &&
      record &&
      meetsGround({ ...record, data: { severity: '严重', conduct: '不合格产品' } }, ground, ON),
  )
})

t.test('the figures of the rule sets', async (t) => {
  t.same(
    ruleSets.map(({ id, version, statement, decision, publication, duration, repair, consent, eraseOn }) => [
      `${id} ${version}`,
      [statement.workingDays, decision.workingDays, publication.workingDays, duration.months],
      [repair.afterMonths, repair.accept.workingDays, repair.decide.workingDays],
      consent.levels,
      eraseOn,
    ]),
    [
      ['order-44 3', [5, 20, 20, 36], [12, 5, 15], ['county', 'city'], ['revoked', 'annulled']],
      ['aqsiq 2', [10, 30, 20, 24], [6, 5, 20], ['county', 'city'], ['revoked', 'annulled']],
    ],
  )
  t.same(
    ruleSets.map(({ repair, measures }) => [repair.conditions.length, repair.barredBy, measures.length]),
    [
      [3, undefined, 4],
      [3, 'any', 3],
    ],
  )
  t.equal(ruleSet('order-44', 4), undefined)
  t.equal(ruleSet('order-44', 1)?.version, 1)
  t.equal(ruleSet('order-44')?.version, 3)
  t.equal(ruleSet('order-45'), undefined)
})

t.test('which penalties wait for a case', async (t) => {
  const firm = new Firm([
    penalty('p', '2026-02-02', { severity: '严重', category: '生产、销售不符合健康安全标准的产品' }),
    penalty('q', '2026-02-03', {
      severity: '严重',
      conduct: '伪造认证标志',
      category: '伪造、冒用标志或者证号',
    }),
    penalty('light', '2026-02-03'),
  ])
  const waiting = () =>
    candidatesOf(firm.dossier, ON, ruleSets).map(({ penalty: id, grounds: met }) => [
      id,
      met.map(({ ruleSet: set, ground }) => `${set}/${ground}`),
    ])
  const p = ['p', ['order-44/unsafe-product', 'aqsiq/unsafe-product']]
  const q = ['q', ['order-44/forged-marks', 'aqsiq/forged-marks']]
  t.same(waiting(), [p, q])
  const id = firm.propose(['p'])
  t.same(waiting(), [q], 'once a case is about it')
  firm.step(id, { step: 'dropping', reason: '终止' })
  t.same(waiting(), [p, q], 'and again once that was dropped')
  firm.listed(['p'])
  t.same(waiting(), [q], 'on the list')
  const [own] = firm.dossier.cases.filter(({ status }) => status === 'inForce')
  firm.step(own?.id ?? '', { step: 'revocation', reason: '有误' }, people.city)
  t.same(waiting(), [q], 'a case that was decided is not begun again by itself')
  t.match(candidatesOf(firm.dossier, ON, ruleSets), [
    {
      orgCode: 'M000100Y4',
      name: '示例公司',
      region: '130102',
      documentNo: 'q',
      decidedOn: '2026-02-03',
      grounds: [{ name: /伪造、冒用/ }, {}],
    },
  ])
  firm.fact('enterprise.changed', { changes: { region: null } })
  t.match(candidatesOf(firm.dossier, ON, ruleSets), [{ region: '' }])
})

t.test('figures of a rule set: the least and the most that is taken', async (t) => {
  const [rules] = ruleSets
  if (!rules) throw new Error('no rules')
  const { statement, decision, publication, duration, repair } = rules
  const days = (period: object, workingDays: number) => ({ ...period, workingDays })
  const table: [what: string, least: number, most: number, change: (figure: number) => object][] = [
    ['version', 1, 99, (version) => ({ version })],
    ['statement', 1, 250, (n) => ({ statement: days(statement, n) })],
    ['decision', 1, 250, (n) => ({ decision: days(decision, n) })],
    ['publication', 1, 250, (n) => ({ publication: days(publication, n) })],
    ['acceptance of repair', 1, 250, (n) => ({ repair: { ...repair, accept: days(repair.accept, n) } })],
    ['decision on repair', 1, 250, (n) => ({ repair: { ...repair, decide: days(repair.decide, n) } })],
    ['duration', 1, 600, (months) => ({ duration: { ...duration, months } })],
    ['repair after', 0, 600, (afterMonths) => ({ repair: { ...repair, afterMonths } })],
  ]
  const taken = (change: object) => ruleSetSchema.safeParse({ ...rules, ...change }).success
  for (const [what, least, most, change] of table) {
    t.equal(taken(change(least)), true, `${what}: ${least}`)
    t.equal(taken(change(least - 1)), false, `${what}: ${least - 1}`)
    t.equal(taken(change(most)), true, `${what}: ${most}`)
    t.equal(taken(change(most + 1)), most !== 250, `${what}: ${most + 1}`)
    t.equal(taken(change(least + 0.5)), false, `${what}: whole`)
  }
  const [ground] = rules.grounds
  const [conditions] = ground?.any ?? []
  for (const [what, one, none] of [
    ['grounds', { grounds: [ground] }, { grounds: [] }],
    [
      'lists of a ground',
      { grounds: [{ ...ground, any: [conditions] }] },
      { grounds: [{ ...ground, any: [] }] },
    ],
    [
      'conditions of a list',
      { grounds: [{ ...ground, any: [conditions?.slice(0, 1)] }] },
      { grounds: [{ ...ground, any: [[]] }] },
    ],
    ['measures', { measures: ['一'] }, { measures: [] }],
    [
      'conditions of repair',
      { repair: { ...repair, conditions: ['一'] } },
      { repair: { ...repair, conditions: [] } },
    ],
    [
      'heavier types',
      { heavier: { ...rules.heavier, types: ['责令关闭'] } },
      { heavier: { ...rules.heavier, types: [] } },
    ],
    [
      'degrees',
      { heavier: { ...rules.heavier, severity: ['严重'] } },
      { heavier: { ...rules.heavier, severity: [] } },
    ],
  ] as const)
    t.same([taken(one), taken(none)], [true, false], what)
  for (const [id, isTaken] of [
    ['a', true],
    [`a${'1'.repeat(39)}`, true],
    [`a${'1'.repeat(40)}`, false],
    ['1a', false],
    ['A', false],
  ] as const)
    t.equal(taken({ id }), isTaken, id)
  const quotes = (count: number) => ({
    grounds: [{ ...ground, quotes: Array(count).fill({ text: '甲', article: '第一条', words: '甲乙' }) }],
  })
  t.same([taken(quotes(10)), taken(quotes(11))], [true, false])
})

t.test('rules that were adopted before they named what is heavier', async (t) => {
  const [{ heavier: _, ...older }] = [ruleSet('order-44', 1) ?? { heavier: undefined }]
  t.same(ruleSetSchema.parse(older).heavier, {
    types: ['降低资质等级', '吊销许可证件', '限制开展生产经营活动', '责令停产停业', '责令关闭', '限制从业'],
    severity: ['较重', '严重'],
    source: '令第44号第二条；条文待与原文核对',
  })
})
