import t from 'tap'
import { deadlinesOf } from '../../src/blacklist/deadlines.ts'
import { type EarlyEndStep, earlyEnd, earlyEndHindrance } from '../../src/blacklist/early-end.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { penaltyTypes } from '../../src/records/penalty.ts'
import { sampling } from '../rating/files.ts'
import { Firm, penalty, people, refusalOf } from './firm.ts'

const fulfilled = { fulfilledOn: '2025-12-20', publishedOn: '2025-12-10' }
/** A firm with a penalty of 2025-12-01, published on 2025-12-10, its obligations fulfilled. */
function firm(more: Record<string, unknown> = {}, others: ReturnType<typeof penalty>[] = []): Firm {
  const own = new Firm([penalty('p', '2025-12-01', { ...fulfilled, ...more }), ...others])
  own.fact('enterprise.changed', { changes: { abnormalList: '不在名录中' } })
  own.today = '2026-06-10'
  return own
}
const applied: EarlyEndStep = { step: 'application', on: '2026-06-10', grounds: '已履行' }
const checked: EarlyEndStep = { step: 'check', findings: '属实' }
const granted: EarlyEndStep = { step: 'decision', granted: true, reasons: '同意' }
const revoked: EarlyEndStep = { step: 'revocation', reason: '核对有误' }
const ACTS = {
  application: 'apply-early-end',
  check: 'check-early-end',
  decision: 'decide-early-end',
  revocation: 'revoke-early-end',
}
const take = (own: Firm, { step, ...input }: EarlyEndStep, actor = people.clerk, record = 'p') =>
  refusalOf(() => own.do(ACTS[step], record, input, actor))

t.test('published for six months, to the day', async (t) => {
  for (const [on, faults] of [
    ['2026-06-09', ['/record not-allowed']],
    ['2026-06-10', []],
    ['2026-06-11', ['/on future-date']],
    ['2025-11-30', ['/on before-start']],
  ] as const)
    t.same(take(firm(), { ...applied, on }).faults, faults, on)
  t.match(take(firm(), { ...applied, on: '2026-06-09' }).title, /须满 6 个月，最早可于 2026-06-10/)
})

t.test('it is offered for what is public alone', async (t) => {
  for (const [said, own, on, words] of [
    ['published', firm(), '2026-06-10', undefined],
    ['before its six months', firm(), '2026-01-10', undefined],
    ['annulled', firm({ reviewOutcome: '撤销', reviewedOn: '2026-02-01' }), '2026-06-10', /没有在公示/],
    ['a simple procedure', firm({ procedure: '简易程序' }), '2026-06-10', /没有在公示/],
    ['its last day', firm({ publicationEndsOn: '2026-06-11' }), '2026-06-10', undefined],
    ['over', firm({ publicationEndsOn: '2026-06-10' }), '2026-06-10', /届满/],
    ['no penalty', new Firm([sampling('p', '2026-01-05', '不合格')]), '2026-06-10', /只有行政处罚/],
  ] as const) {
    const why = earlyEndHindrance(own.dossier, 'p', on)?.title
    if (words === undefined) t.equal(why, undefined, said)
    else t.match(why, words, said)
  }
})

t.test('twelve months for food, drugs and special equipment', async (t) => {
  for (const [area, longer] of [
    ['食品', true],
    ['药品', true],
    ['特种设备', true],
    ['其他产品', false],
  ] as const) {
    t.equal(take(firm({ area }), applied).reason === '', !longer, `${area}: six months`)
    for (const [on, allowed] of [
      ['2026-12-09', !longer],
      ['2026-12-10', true],
    ] as const) {
      const own = firm({ area })
      own.today = on
      t.equal(take(own, { ...applied, on }).reason === '', allowed, `${area}: ${on}`)
    }
  }
})

t.test('fulfilled by the day of the application, and public on it still', async (t) => {
  for (const [fulfilledOn, allowed] of [
    ['2026-06-09', true],
    ['2026-06-10', true],
    ['2026-06-11', false],
  ] as const) {
    const own = firm({ fulfilledOn })
    own.today = '2026-06-12'
    t.equal(take(own, applied).reason === '', allowed, fulfilledOn)
  }
  for (const [on, faults] of [
    ['2028-12-09', []],
    ['2028-12-10', ['/on over']],
    ['2028-12-11', ['/on over']],
  ] as const) {
    const own = firm()
    own.today = on
    t.same(take(own, { ...applied, on }).faults, faults, on)
  }
  t.same(
    take(firm({ fine: 4_999, types: ['罚款'], severity: '一般' }), applied).faults,
    ['/on over'],
    'after its three months',
  )
})

t.test(
  'not granted while nobody has said whether the firm is on the list of abnormal operations',
  async (t) => {
    for (const [abnormalList, why] of [
      [null, /经营异常名录中没有登记/],
      ['在名录中', /企业在经营异常名录中/],
      ['不在名录中', /^not refused$/],
    ] as const) {
      const own = firm()
      t.equal(take(own, applied).reason, '')
      t.equal(take(own, checked).reason, '')
      own.fact('enterprise.changed', { changes: { abnormalList } })
      const refused = { ...granted, granted: false } as const
      t.match(take(own, granted, people.head).title, why, String(abnormalList))
      if (abnormalList === null) t.equal(take(own, refused, people.head).reason, '', 'it is refused as it is')
    }
  },
)

t.test('not while the firm is on the list of abnormal operations', async (t) => {
  for (const [abnormalList, allowed] of [
    ['在名录中', false],
    ['不在名录中', true],
  ] as const) {
    const own = firm()
    own.fact('enterprise.changed', { changes: { abnormalList } })
    t.equal(take(own, applied).reason === '', allowed, abnormalList)
  }
})

t.test('never after the penalties that art. 14 names', async (t) => {
  const barred = penaltyTypes.filter((type) => take(firm({ types: [type] }), applied).title.includes(type))
  t.same(barred, [
    '降低资质等级',
    '吊销许可证件',
    '吊销营业执照',
    '限制开展生产经营活动',
    '责令停产停业',
    '限制从业',
  ])
  t.match(take(firm({ types: ['罚款', '限制从业'] }), applied).title, /限制从业/, 'beside a fine')
})

t.test('each condition that is missing is named', async (t) => {
  t.match(take(firm({ fulfilledOn: undefined }), applied).title, /义务尚未登记履行/)
  t.equal(take(firm({ procedure: '简易程序' }), applied).faults[0], ' not-public')
  t.match(take(firm({ types: ['限制从业'], fulfilledOn: undefined }), applied).title, /限制从业.*履行/)
  for (const [others, again, why] of [
    [[penalty('q', '2026-01-05')], true, 'a later one for the same conduct'],
    [[penalty('q', '2025-12-01')], false, 'of the same day'],
    [[penalty('q', '2025-11-30')], false, 'an earlier one'],
    [
      [penalty('q', '2026-01-05', { conduct: '计量器具未检定', category: '其他违法行为' })],
      false,
      'other conduct',
    ],
    [[penalty('q', '2026-01-05', { conduct: '销售不合格产品' })], true, 'other words, the same term'],
    [[penalty('q', '2026-01-05', { conduct: '无证', category: '无证生产经营' })], false, 'another term'],
    [
      [penalty('q', '2026-01-05', { conduct: '别的', category: undefined }), penalty('r', '2026-02-05')],
      true,
      'one of two',
    ],
  ] as const)
    t.equal(/再次/.test(take(firm({}, [...others]), applied).title), again, why)
  const withdrawn = firm({}, [penalty('q', '2026-01-05')])
  withdrawn.withdraw('q')
  t.equal(take(withdrawn, applied).reason, '', 'a withdrawn one')
  const inspected = firm()
  inspected.add({ id: 'i', type: 'inspection', data: { conduct: '生产不合格产品', decidedOn: '2026-02-01' } })
  t.equal(take(inspected, applied).reason, '', 'what is no penalty')
  const listed = new Firm([
    penalty('p', '2025-08-01', { fulfilledOn: '2025-08-20', publishedOn: '2025-08-10' }),
    penalty('q', '2026-02-02', { severity: '严重', conduct: '伪造标志' }),
  ])
  const id = listed.listed(['q'], { ground: 'forged-marks' })
  const today = { ...applied, on: '2026-03-10' }
  t.match(take(listed, today).title, /名单/)
  listed.step(id, { step: 'revocation', reason: '有误' }, people.city)
  t.equal(take(listed, today).reason, '')
})

t.test('application, check, decision by another', async (t) => {
  const own = firm()
  t.equal(take(own, checked).reason, 'exists')
  t.equal(take(own, granted, people.head).reason, 'exists')
  t.equal(take(own, applied, people.elsewhere).reason, 'forbidden')
  t.equal(take(own, applied, people.clerk, 'x').reason, 'unknown')
  t.same(take(own, { ...applied, grounds: '' }).faults, ['/grounds too-small'])
  t.same(take(own, { ...applied, grounds: '字'.repeat(10_001) }).faults, ['/grounds too-big'])
  t.equal(take(own, { ...applied, grounds: '字'.repeat(10_000) }).reason, '')
  // 15 working days after 2026-06-10, dragon boat on Friday the 19th.
  t.match(
    deadlinesOf(own.dossier, catalogue).filter(({ what }) => what === 'earlyEnd'),
    [{ about: 'p', authority: '长安区局', dueOn: '2026-07-02' }],
  )
  t.equal(take(own, applied).reason, 'exists', 'while one is open')
  t.equal(take(own, granted, people.head).reason, 'exists', 'before the check')
  t.same(take(own, { ...checked, findings: ' ' }).faults, ['/findings too-small'])
  t.same(take(own, { ...checked, findings: '字'.repeat(10_001) }).faults, ['/findings too-big'])
  t.equal(take(own, checked).reason, '')
  t.equal(take(own, checked).reason, 'exists', 'twice')
  t.equal(take(own, applied).reason, 'exists', 'while it is checked')
  t.equal(deadlinesOf(own.dossier, catalogue).filter(({ what }) => what === 'earlyEnd').length, 1)
  t.equal(take(own, granted).reason, 'forbidden', 'who checked')
  t.same(take(own, { ...granted, reasons: '' }, people.head).faults, ['/reasons too-small'])
  t.same(take(own, { ...granted, reasons: '字'.repeat(10_001) }, people.head).faults, ['/reasons too-big'])
  own.today = '2026-06-12'
  t.equal(take(own, granted, people.head).reason, '')
  t.match(own.dossier.records, [{ data: { publicationEndsOn: '2026-06-12' } }])
  t.match(own.dossier.earlyEnds, [{ status: 'granted' }])
  t.equal(deadlinesOf(own.dossier, catalogue).filter(({ what }) => what === 'earlyEnd').length, 0)
})

t.test(
  'a decision that was wrong is taken back: the publication goes on to the end of its term',
  async (t) => {
    const own = firm({}, [penalty('q', '2025-12-01', { ...fulfilled, conduct: '计量器具未检定' })])
    t.match(take(own, revoked, people.head).title, /现为“尚未申请”，不能撤销/)
    take(own, applied)
    t.match(take(own, revoked, people.head).title, /现为“已申请，待核查”，不能撤销/)
    take(own, checked)
    take(own, granted, people.head)
    take(own, applied, people.clerk, 'q')
    take(own, checked, people.clerk, 'q')
    take(own, granted, people.head, 'q')
    own.today = '2028-12-10'
    t.match(take(own, revoked, people.head), { faults: ['/on over'], title: /2028-12-10 届满/ })
    own.today = '2028-12-09'
    t.same(take(own, { ...revoked, reason: '' }, people.head).faults, ['/reason too-small'])
    t.equal(take(own, revoked, people.elsewhere).reason, 'forbidden')
    t.equal(take(own, revoked, people.head).reason, '')
    t.match(own.dossier.records, [{ id: 'p' }, { data: { publicationEndsOn: '2026-06-10' } }])
    t.notOk('publicationEndsOn' in (own.dossier.records[0]?.data ?? {}))
    t.match(own.dossier.earlyEnds, [{ status: 'revoked' }, { status: 'granted' }])
    t.match(take(own, revoked, people.head).title, /现为“同意已撤销”，不能撤销/)
    t.equal(take(own, { ...applied, on: '2028-12-09' }).reason, '', 'it may be applied for again')
  },
)

t.test('what was granted on facts that stand no more is for somebody to look at', async (t) => {
  const ended = (more: Record<string, unknown> = {}, others: ReturnType<typeof penalty>[] = []) => {
    const own = firm(more, others)
    for (const [step, actor] of [[applied], [checked], [granted, people.head]] as const)
      t.equal(take(own, step, actor).reason, '')
    own.today = '2026-07-01'
    return own
  }
  const doubts = ({ dossier }: Firm) =>
    deadlinesOf(dossier, catalogue).filter(({ what }) => what === 'earlyEndBasis')
  const corrected = (changes: Record<string, unknown>) => (own: Firm) =>
    own.fact('record.corrected', { id: 'p', changes, reason: '有误' })
  const entered =
    (id: string, decidedOn: string, more: Record<string, unknown> = {}) =>
    (own: Firm) => {
      const { type, data } = penalty(id, decidedOn, more)
      own.fact('record.added', { id, type, data })
    }
  for (const [said, change, why] of [
    ['nothing', () => {}, undefined],
    ['fulfilled on the day', corrected({ fulfilledOn: '2026-06-10' }), undefined],
    ['fulfilled the day after', corrected({ fulfilledOn: '2026-06-11' }), /2026-06-11 才履行完毕/],
    ['not fulfilled', corrected({ fulfilledOn: null }), /尚未登记履行完毕/],
    ['a heavier kind', corrected({ types: ['罚款', '责令停产停业'] }), /受到责令停产停业/],
    ['six months to the day', corrected({ publishedOn: '2025-12-10' }), undefined],
    ['a day less', corrected({ publishedOn: '2025-12-11' }), /须满 6 个月/],
    ['food', corrected({ area: '食品' }), /须满 12 个月/],
    ['the same again, the day before', entered('q', '2026-06-09'), /再次受到/],
    ['on the day', entered('q', '2026-06-10'), /再次受到/],
    ['the day after', entered('q', '2026-06-11'), undefined],
    ['the same before it', entered('q', '2025-11-30'), undefined],
    [
      'of another kind',
      entered('q', '2026-06-09', { conduct: '计量器具未检定', category: '其他违法行为' }),
      undefined,
    ],
  ] as const) {
    const own = ended()
    change(own)
    const found = doubts(own)
    t.equal(found.length, why === undefined ? 0 : 1, said)
    if (why === undefined) continue
    // Five working days after 2026-07-01; the term would have ended on 2028-12-10.
    t.match(found, [{ about: 'p', authority: '长安区局', dueOn: '2026-07-08' }], said)
    t.match(found[0]?.until, said === 'a day less' ? '2028-12-10' : '2028-12-09', said)
    t.match(found[0]?.consequence, why, said)
    own.today = '2026-07-20'
    own.fact('enterprise.changed', { changes: { address: '石家庄市长安区 2 号' } })
    t.match(doubts(own), [{ dueOn: '2026-07-08' }], `${said}: whatever else is entered`)
    t.equal(take(own, revoked, people.head).reason, '', said)
    t.same(doubts(own), [], 'taken back')
  }
})

t.test('after a refusal another application may follow; one of two penalties is not the other', async (t) => {
  const own = firm({}, [penalty('q', '2025-12-01', { ...fulfilled, conduct: '计量器具未检定' })])
  take(own, applied)
  take(own, applied, people.clerk, 'q')
  take(own, checked)
  t.same(
    own.dossier.earlyEnds.map(({ record, status }) => [record, status]),
    [
      ['p', 'checked'],
      ['q', 'applied'],
    ],
  )
  t.equal(take(own, { ...granted, granted: false }, people.head).reason, '')
  t.equal(own.dossier.records[0]?.data.publicationEndsOn, undefined, 'refused: published as before')
  t.equal(take(own, granted, people.head).reason, 'exists')
  t.equal(take(own, applied).reason, '', 'again')
  take(own, checked)
  t.equal(take(own, granted, people.head).reason, '')
  t.same(
    own.dossier.earlyEnds.map(({ record, status }) => [record, status]),
    [
      ['p', 'refused'],
      ['q', 'applied'],
      ['p', 'granted'],
    ],
  )
  t.same(
    own.dossier.records.map(({ data }) => data.publicationEndsOn),
    ['2026-06-10', undefined],
  )
})

t.test('what has changed since the application is judged at the decision', async (t) => {
  const own = firm()
  take(own, applied)
  take(own, checked)
  own.add(penalty('q', '2026-06-09'))
  t.match(take(own, granted, people.head).title, /再次/)
  t.equal(take(own, { ...granted, granted: false }, people.head).reason, '', 'a refusal needs no condition')
})

t.test('a step out of order says how the application stands', async (t) => {
  const own = firm()
  const said = (step: EarlyEndStep) => {
    try {
      earlyEnd(own.dossier, 'p', step, own.at(people.head))
    } catch (error) {
      return error instanceof Refusal ? [error.title, error.related] : error
    }
    return undefined
  }
  t.same(said(checked), ['提前停止公示现为“尚未申请”，不能登记核查情况。', { applicationStatus: null }])
  take(own, applied)
  t.same(said(granted), [
    '提前停止公示现为“已申请，待核查”，不能作出决定。',
    { applicationStatus: 'applied' },
  ])
  take(own, checked)
  t.same(said(checked), [
    '提前停止公示现为“已核查，待决定”，不能登记核查情况。',
    { applicationStatus: 'checked' },
  ])
  take(own, { ...granted, granted: false }, people.head)
  t.same(said(granted), ['提前停止公示现为“未同意”，不能作出决定。', { applicationStatus: 'refused' }])
  take(own, applied)
  take(own, checked)
  take(own, granted, people.head)
  t.same(said(checked), ['提前停止公示现为“已同意”，不能登记核查情况。', { applicationStatus: 'granted' }])
})

t.test(
  'two of 其他违法行为 are of one kind by their words alone, two of another term by the term',
  async (t) => {
    for (const [category, conduct, allowed] of [
      ['其他违法行为', '乙', true],
      ['其他违法行为', '甲', false],
      ['生产、销售不符合健康安全标准的产品', '乙', true],
      ['无证生产经营', '乙', false],
    ] as const) {
      const own = firm({ category: category === '其他违法行为' ? category : '无证生产经营', conduct: '甲' }, [
        penalty('q', '2026-01-05', { conduct, category }),
      ])
      t.equal(take(own, applied).reason === '', allowed, `${category} ${conduct}`)
    }
  },
)
