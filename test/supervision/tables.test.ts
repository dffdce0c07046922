import t from 'tap'
import { addDays } from '../../src/calendar/dates.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import { inspection } from '../../src/records/inspection.ts'
import { interview } from '../../src/records/interview.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { licence as licenceKind } from '../../src/records/licence.ts'
import { penalty as penaltyKind } from '../../src/records/penalty.ts'
import { validate } from '../../src/records/validate.ts'
import { supervisionDeadlines } from '../../src/supervision/deadlines.ts'
import { draw, foldDraw, sampledAbove } from '../../src/supervision/draw.ts'
import {
  followUpsOf,
  isFailedAfterNotice,
  notPutRightSince,
  renewalsOf,
} from '../../src/supervision/follow-up.ts'
import { plannedNext, planOf } from '../../src/supervision/plan.ts'
import { groupOf, groupsOf, groupsOfLicence, modeFor, scheme } from '../../src/supervision/scheme.ts'
import { fileWith, licence, penalty, sampling, type TestRecord } from '../rating/files.ts'

const TODAY = '2026-11-24'
const YEAR = { from: '2026-01-01', to: '2026-12-31' }

/** A file with one of its records withdrawn. */
function without(records: readonly TestRecord[], ...ids: string[]): Dossier {
  const author = { authority: '省局', officer: '丁' }
  const drafts = ids.map((id) => ({
    subject: 'M000100Y4',
    kind: 'record.withdrawn',
    payload: { id, reason: '错' },
    visibility: 'public' as const,
    author,
  }))
  const after = anticipated(fileWith(records), drafts)
  if (!after) throw new Error('no file')
  return after
}

/** A file whose class in force is this. */
function ofClass(grade: string | null, ...records: TestRecord[]): Dossier {
  const rating = {
    id: 'r',
    standard: { id: 'enterprise-classes', version: 1, shownAs: 'class' },
    on: '2026-01-01',
    grade,
    points: 0,
    items: [],
    limits: [],
  }
  const author = { authority: '省局', officer: '丁' }
  const after = anticipated(fileWith(records), [
    { subject: 'M000100Y4', kind: 'rating.issued', payload: rating, visibility: 'platform', author },
  ])
  if (!after) throw new Error('no file')
  return after
}

t.test('product by product, its group and risk', async (t) => {
  for (const [product, group, risk, pilot] of [
    ['聚氯乙烯绝缘电线', 'wire-cable', 'Ⅰ', true],
    ['架空电缆', 'wire-cable', 'Ⅰ', true],
    ['人造板', 'wood-panel', 'Ⅱ', true],
    ['胶合板', 'wood-panel', 'Ⅱ', true],
    ['细木工板', 'wood-panel', 'Ⅱ', true],
    ['刨花板', 'wood-panel', 'Ⅱ', true],
    ['中密度纤维板', 'wood-panel', 'Ⅱ', true],
    ['复混肥料', 'compound-fertiliser', 'Ⅱ', true],
    ['复合肥料', 'compound-fertiliser', 'Ⅱ', true],
    ['掺混肥料', 'compound-fertiliser', 'Ⅱ', true],
    ['钢管脚手架扣件', 'scaffold-coupler', 'Ⅰ', true],
    ['弹性体改性沥青防水卷材', 'waterproofing-membrane', 'Ⅱ', true],
    ['速冻食品', 'food', 'Ⅰ', false],
    ['糕点', 'food', 'Ⅰ', false],
    ['饮料', 'food', 'Ⅰ', false],
    ['乳制品', 'food', 'Ⅰ', false],
    ['食用植物油', 'food', 'Ⅰ', false],
    ['水泥', 'other', 'Ⅲ', false],
    [undefined, 'other', 'Ⅲ', false],
  ] as const) {
    const found = groupOf(product, scheme)
    t.same([found.id, found.risk, found.pilot], [group, risk, pilot], `${product}`)
  }
  t.throws(() => groupOf('水泥', { ...scheme, groups: [] }))
})

t.test('class by class, mode and months between inspections', async (t) => {
  for (const [name, mode, one, two, three] of [
    ['AA', '信用监管', 12, 24, 36],
    ['A', '责任监管', 12, 12, 24],
    ['B', '常态监管', 6, 12, 12],
    ['C', '加严监管', 3, 4, 6],
    [null, '常态监管', 6, 12, 12],
    ['X', '常态监管', 6, 12, 12],
  ] as const)
    t.same(
      (['Ⅰ', 'Ⅱ', 'Ⅲ'] as const).map((risk) => modeFor(name, risk, scheme)),
      [one, two, three].map((everyMonths) => ({
        class: name === null || name === 'X' ? 'B' : name,
        mode,
        everyMonths,
      })),
      `${name}`,
    )
  t.throws(() => modeFor('B', 'Ⅰ', { ...scheme, modes: [] }))
  t.same(
    [scheme.renewalNoticeDays.value, scheme.reinspectionDays.value, scheme.defaultClass, scheme.standard],
    [60, 15, 'B', 'enterprise-classes'],
  )
})

const plan = (file: Dossier, period = YEAR, today = TODAY) =>
  planOf(file, period, today, scheme).map(({ group, dueOn, status, inspectedOn }) =>
    [group, dueOn, status, inspectedOn].filter(Boolean).join(' '),
  )

t.test('due, overdue, done: to the day', async (t) => {
  const since = (issuedOn: string, ...more: TestRecord[]) => fileWith([licence('l', { issuedOn }), ...more])
  t.same(plan(since('2026-05-23')), ['wire-cable 2026-11-23 overdue'])
  t.same(plan(since('2026-05-24')), ['wire-cable 2026-11-24 due'], 'due today')
  t.same(plan(since('2026-06-30')), ['wire-cable 2026-12-30 due'])
  t.same(plan(since('2026-07-01')), [], 'in the next year')
  t.same(plan(since('2026-06-30'), { from: '2026-01-01', to: '2026-12-30' }), ['wire-cable 2026-12-30 due'])
  t.same(plan(since('2026-06-30'), { from: '2026-01-01', to: '2026-12-29' }), [])
  const inspected = (on: string) => since('2025-03-10', sampling('i', on, '合格'))
  t.same(plan(inspected('2025-12-31')), ['wire-cable 2026-06-30 overdue'], 'closed before the period')
  t.same(plan(inspected('2026-01-01'))[0], 'wire-cable 2025-09-10 done 2026-01-01', 'on its first day')
  t.same(
    plan(inspected('2026-12-31'), YEAR, '2027-01-10')[0],
    'wire-cable 2025-09-10 done 2026-12-31',
    'on its last',
  )
  t.same(plan(inspected('2027-01-01'), YEAR, '2027-01-10'), [], 'after it')
})

t.test('each inspection closes what was due before it', async (t) => {
  const twice = fileWith([
    licence('l', { issuedOn: '2025-07-10' }),
    sampling('j', '2026-08-01', '不合格'),
    sampling('i', '2026-02-01', '合格'),
  ])
  t.same(plan(twice), ['wire-cable 2026-01-10 done 2026-02-01', 'wire-cable 2026-08-01 done 2026-08-01'])
  for (const [outcome, counts] of [
    ['合格', true],
    ['不合格', true],
    ['拒检', true],
    ['未抽到样品', false],
  ] as const)
    t.equal(
      plan(fileWith([licence('l', { issuedOn: '2026-03-10' }), sampling('i', '2026-10-01', outcome)]))[0],
      counts ? 'wire-cable 2026-09-10 done 2026-10-01' : 'wire-cable 2026-09-10 overdue',
      outcome,
    )
  const records = [
    licence('l', { issuedOn: '2026-03-10' }),
    sampling('i', '2026-10-01', '合格'),
    sampling('j', '2026-10-05', '合格'),
  ]
  t.same(plan(without(records, 'i'))[0], 'wire-cable 2026-09-10 done 2026-10-05', 'one of two withdrawn')
  t.same(plan(without(records, 'i', 'j')), ['wire-cable 2026-09-10 overdue'])
  t.same(plan(without(records, 'l')), [], 'no licence left')
  const other = sampling('i', '2026-10-01', '合格', { product: '水泥' })
  t.same(plan(fileWith([licence('l', { issuedOn: '2026-03-10' }), other])), ['wire-cable 2026-09-10 overdue'])
  const day = ['x', 'y'].map((id) => sampling(id, '2026-10-01', '合格'))
  t.equal(
    planOf(fileWith([licence('l', { issuedOn: '2026-03-10' }), ...day]), YEAR, TODAY, scheme)[0]?.inspection,
    'x',
    'of two on one day the first closes what was due',
  )
  const before = sampling('i', '2024-10-01', '合格')
  t.same(plan(fileWith([licence('l', { issuedOn: '2026-03-10' }), before])), [
    'wire-cable 2026-09-10 overdue',
  ])
})

t.test('which licences ask for inspections', async (t) => {
  for (const [status, planned] of [
    ['有效', true],
    ['变更', true],
    ['暂停', true],
    ['撤销', false],
    ['注销', false],
    ['吊销', false],
    ['过期', false],
  ] as const) {
    const file = fileWith([licence('l', { issuedOn: '2026-03-10', status })])
    t.equal(plan(file).length, planned ? 1 : 0, status)
    t.equal(plannedNext(file, scheme).length, planned ? 1 : 0, status)
  }
  for (const [validTo, planned] of [
    [TODAY, 1],
    ['2026-11-23', 0],
  ] as const)
    t.equal(plan(fileWith([licence('l', { issuedOn: '2026-03-10', validTo })])).length, planned, validTo)
  const two = [licence('l', { issuedOn: '2026-05-10' }), licence('m', { issuedOn: '2026-03-10' })]
  t.same(plan(fileWith(two)), ['wire-cable 2026-09-10 overdue'], 'since the earlier of two')
  t.same(plan(without(two, 'm')), ['wire-cable 2026-11-10 overdue'])
  const cement = licence('c', { issuedOn: '2025-12-10', product: '水泥' })
  t.same(plan(fileWith([...two, cement])), ['wire-cable 2026-09-10 overdue', 'other 2026-12-10 due'])
  const grouped = licence('g', { issuedOn: '2026-03-10', product: 'BV', productGroup: '电线电缆' })
  t.same(plan(fileWith([grouped])), ['wire-cable 2026-09-10 overdue'], 'by the group that the licence names')
})

t.test('an inspection under a number of the plan counts for that group alone', async (t) => {
  const records = (planNo: string) =>
    fileWith([
      licence('l', { issuedOn: '2026-03-10' }),
      licence('c', { issuedOn: '2025-12-10', product: '水泥' }),
      sampling('i', '2026-10-01', '合格', { product: 'BV 线', planNo }),
    ])
  t.same(plan(records('M000100Y4-wire-cable-20260910')), [
    'wire-cable 2026-09-10 done 2026-10-01',
    'other 2026-12-10 due',
  ])
  t.same(plan(records('省抽2026-3')), ['wire-cable 2026-09-10 overdue', 'other 2026-12-10 done 2026-10-01'])
})

t.test('the class in force sets the interval', async (t) => {
  const cable = licence('l', { issuedOn: '2025-12-10' })
  for (const [grade, dueOn, rated] of [
    ['AA', '2026-12-10', true],
    ['A', '2026-12-10', true],
    ['B', '2026-06-10', true],
    ['C', '2026-03-10', true],
    [null, '2026-06-10', false],
  ] as const)
    t.match(planOf(ofClass(grade, cable), YEAR, TODAY, scheme), [{ dueOn, rated }], `${grade}`)
  t.match(planOf(ofClass('C', cable), YEAR, TODAY, scheme), [
    {
      id: 'M000100Y4-wire-cable-20260310',
      orgCode: 'M000100Y4',
      name: '示例公司',
      region: '130102',
      groupName: '电线电缆',
      risk: 'Ⅰ',
      class: 'C',
      mode: '加严监管',
      everyMonths: 3,
    },
  ])
})

t.test('the next inspection, and for how long it means something', async (t) => {
  const next = (...records: TestRecord[]) =>
    plannedNext(fileWith(records), scheme).map(({ group, dueOn, until }) => [group.id, dueOn, until])
  t.same(next(licence('l', { issuedOn: '2026-03-10', validTo: '2028-01-09' })), [
    ['wire-cable', '2026-09-10', '2028-01-09'],
  ])
  t.same(
    next(
      licence('l', { issuedOn: '2026-03-10' }),
      licence('m', { issuedOn: '2026-05-10', validTo: '2031-05-09' }),
    ),
    [['wire-cable', '2026-09-10', '2031-05-09']],
    'to the last of two',
  )
  t.same(
    next(
      licence('l', { issuedOn: '2026-03-10' }),
      licence('m', { issuedOn: '2026-05-10', validTo: undefined }),
    ),
    [['wire-cable', '2026-09-10', undefined]],
    'one without an end',
  )
  t.same(
    next(
      licence('l', { issuedOn: '2026-03-10', validTo: '2028-01-09' }),
      licence('m', { issuedOn: '2026-05-10', validTo: '2031-05-09', status: '吊销' }),
      licence('c', { issuedOn: '2026-05-10', validTo: '2032-05-09', product: '水泥' }),
    ).filter(([group]) => group === 'wire-cable'),
    [['wire-cable', '2026-09-10', '2028-01-09']],
    'neither a revoked one nor one for another product',
  )
  t.same(
    next(
      licence('l', { issuedOn: '2026-03-10', validTo: '2028-01-09' }),
      licence('g', {
        issuedOn: '2026-05-10',
        validTo: '2031-05-09',
        product: 'BV',
        productGroup: '电线电缆',
      }),
    ),
    [['wire-cable', '2026-09-10', '2031-05-09']],
    'by the group that the licence names',
  )
  const cable = licence('l', { issuedOn: '2026-03-10' })
  t.same(
    next(cable, sampling('i', '2026-10-01', '合格'), sampling('j', '2026-09-01', '合格')),
    [['wire-cable', '2027-04-01', '2028-01-09']],
    'after the later of two',
  )
  t.same(next(cable, sampling('i', '2026-10-01', '未抽到样品')), [['wire-cable', '2026-09-10', '2028-01-09']])
  t.same(next(cable, sampling('i', '2026-01-01', '合格')), [['wire-cable', '2026-09-10', '2028-01-09']])
  t.match(
    supervisionDeadlines(fileWith([cable]), scheme).map(({ what, dueOn, until, subject }) => [
      what,
      dueOn,
      until,
      subject,
    ]),
    [['inspection', '2026-09-10', '2028-01-09', '电线电缆']],
  )
  t.same(supervisionDeadlines(fileWith([]), scheme), [])
})

const failed = (more: RecordData = {}) =>
  sampling('i', '2026-10-01', '不合格', { deliveredOn: '2026-10-10', ...more })

t.test('a failed test: step by step, to the day', async (t) => {
  const states = (more: RecordData, today = TODAY) =>
    Object.fromEntries(
      (followUpsOf(fileWith([failed(more)]), today, scheme)[0]?.steps ?? []).map((own) => [
        own.step,
        [own.state, own.dueOn ?? own.doneOn].filter(Boolean).join(' '),
      ]),
    )
  t.equal(states({}, '2026-10-25').retest, 'open 2026-10-26', 'the fifteenth day is a Sunday')
  t.equal(states({}, '2026-10-26').retest, 'open 2026-10-26', 'so the Monday after is the last')
  t.equal(states({}, '2026-10-27').retest, 'passed 2026-10-26', 'the day after')
  for (const [deliveredOn, last] of [
    ['2026-10-09', '2026-10-26'],
    ['2026-10-08', '2026-10-23'],
    ['2026-09-15', '2026-09-30'],
    ['2026-09-16', '2026-10-08'],
    ['2026-09-25', '2026-10-10'],
    ['2026-09-26', '2026-10-12'],
  ] as const)
    t.equal(states({ inspectedOn: '2026-09-01', deliveredOn }).retest, `passed ${last}`, deliveredOn)
  t.equal(states({ retest: '申请中' }).retest, 'open')
  t.equal(states({ retest: '维持原结论' }).retest, 'done')
  t.same(Object.keys(states({ retest: '维持原结论' })).length, 8)
  t.same(states({ retest: '改变原结论' }), { retest: 'done' })
  t.equal(states({ deliveredOn: undefined }).retest, 'open')
  t.equal(states({ kind: '日常巡查' }).retest, 'notNeeded')
  t.equal(states({ kind: '国家监督抽查' }).retest, 'passed 2026-10-26')
  t.equal(states({}).rectification, 'open')
  for (const [today, rectification, notice] of [
    ['2026-11-01', 'open 2026-11-01', 'notNeeded'],
    ['2026-11-02', 'overdue 2026-11-01', 'open'],
  ] as const) {
    const { rectification: one, notice: other } = states({ rectificationDueOn: '2026-11-01' }, today)
    t.same([one, other], [rectification, notice], today)
  }
  for (const [rectifiedOn, notice] of [
    ['2026-11-01', 'notNeeded'],
    ['2026-11-02', 'open'],
  ] as const)
    t.equal(states({ rectificationDueOn: '2026-11-01', rectifiedOn }).notice, notice, rectifiedOn)
  for (const [more, detail] of [
    [{}, '逾期不改正的，报省级以上市场监督管理部门公告。'],
    [{ reinspectedOn: '2026-11-10' }, '逾期不改正的，报省级以上市场监督管理部门公告。'],
    [
      { reinspectedOn: '2026-11-10', reinspectionOutcome: '不合格' },
      '期满后经复查仍未改正的，报省级以上市场监督管理部门公告。',
    ],
    [{ reinspectedOn: '2026-11-10', reinspectionOutcome: '合格' }, '已改正，复查合格。'],
    [{ overdueNoticedOn: '2026-11-10' }, '逾期不改正，已公告。'],
    [{ kind: '日常巡查' }, '不属于监督抽查。'],
  ] as const) {
    const [own] = followUpsOf(
      fileWith([failed({ rectificationDueOn: '2026-11-01', ...more })]),
      TODAY,
      scheme,
    )
    t.equal(own?.steps.find(({ step }) => step === 'notice')?.detail, detail, JSON.stringify(more))
  }
  t.equal(states({ rectifiedOn: '2026-10-20' }).rectification, 'done 2026-10-20')
  t.equal(states({ rectifiedOn: '2026-10-20' }).notice, 'notNeeded', 'no day was set')
  t.equal(states({ rectifiedOn: '2026-10-20' }).reinspection, 'open')
  t.equal(states({ reinspectedOn: '2026-11-10' }).reinspection, 'done 2026-11-10')
  for (const [more, detail] of [
    [{}, '待整改完成后复查。'],
    [{ rectifiedOn: '2026-10-20' }, '整改已完成，待复查。'],
    [{ reinspectedOn: '2026-11-10' }, '复查结果未登记。'],
    [{ reinspectedOn: '2026-11-10', reinspectionOutcome: '合格' }, '复查合格。'],
  ] as const) {
    const [own] = followUpsOf(fileWith([failed(more)]), TODAY, scheme)
    t.equal(own?.steps.find(({ step }) => step === 'reinspection')?.detail, detail)
  }
  t.equal(followUpsOf(fileWith([failed({ product: undefined })]), TODAY, scheme)[0]?.product, '')
})

t.test('since when a failing counts as not put right, and what failed again after the notice', async (t) => {
  const data = (more: RecordData) => {
    const [own] = inspection.in(fileWith([failed(more)]))
    if (!own) throw new Error('no inspection')
    return own.data
  }
  const again = (reinspectedOn: string) => ({ reinspectedOn, reinspectionOutcome: '不合格' })
  const passed = { reinspectedOn: '2026-11-10', reinspectionOutcome: '合格' }
  const due = { rectificationDueOn: '2026-11-01' }
  for (const [said, more, since] of [
    ['no term, nothing', {}, undefined],
    ['no term, put right', { rectifiedOn: '2026-10-20' }, undefined],
    ['no term, failed again', again('2026-11-10'), '2026-11-10'],
    ['no term, passed', passed, undefined],
    ['nothing', due, '2026-11-02'],
    ['the day before the last', { ...due, rectifiedOn: '2026-10-31' }, undefined],
    ['on the last day', { ...due, rectifiedOn: '2026-11-01' }, undefined],
    ['the day after', { ...due, rectifiedOn: '2026-11-02' }, '2026-11-02'],
    ['too late, passed since', { ...due, rectifiedOn: '2026-11-02', ...passed }, undefined],
    ['nothing said of it, passed', { ...due, ...passed }, undefined],
    ['looked at again, nothing said', { ...due, reinspectedOn: '2026-11-10' }, '2026-11-02'],
    ['in time, failed again', { ...due, rectifiedOn: '2026-11-01', ...again('2026-11-10') }, '2026-11-10'],
    [
      'in time, failed again on the last day',
      { ...due, rectifiedOn: '2026-11-01', ...again('2026-11-01') },
      '2026-11-02',
    ],
    [
      'in time, failed again the day after',
      { ...due, rectifiedOn: '2026-11-01', ...again('2026-11-02') },
      '2026-11-02',
    ],
    [
      'in time, failed again two days after',
      { ...due, rectifiedOn: '2026-11-01', ...again('2026-11-03') },
      '2026-11-03',
    ],
    ['failed again', { ...due, ...again('2026-11-10') }, '2026-11-10'],
  ] as const)
    t.equal(notPutRightSince(data(more)), since, said)
  for (const [said, more, isFailed] of [
    ['no notice', again('2026-11-10'), false],
    ['the day before the notice', { overdueNoticedOn: '2026-11-11', ...again('2026-11-10') }, false],
    ['on the day of the notice', { overdueNoticedOn: '2026-11-10', ...again('2026-11-10') }, true],
    ['the day after', { overdueNoticedOn: '2026-11-09', ...again('2026-11-10') }, true],
    ['passed after the notice', { overdueNoticedOn: '2026-11-09', ...passed }, false],
    ['nothing said after the notice', { overdueNoticedOn: '2026-11-09', reinspectedOn: '2026-11-10' }, false],
    ['no day', { overdueNoticedOn: '2026-11-09', reinspectionOutcome: '不合格' }, false],
    ['notice alone', { overdueNoticedOn: '2026-11-09' }, false],
  ] as const)
    t.equal(isFailedAfterNotice(data(more)), isFailed, said)
})

t.test('what a deadline of a failing says it is about, with a product and without', async (t) => {
  const again = { reinspectedOn: '2026-11-10', reinspectionOutcome: '不合格' }
  const held = licence('l', { product: 'BV', productGroup: '电线电缆' })
  const due = (what: string, more: RecordData) =>
    supervisionDeadlines(fileWith([failed(more), held]), scheme).find((own) => own.what === what)
  for (const [what, more] of [
    ['rectification', { rectificationDueOn: '2026-11-01' }],
    ['reinspection', { rectifiedOn: '2026-10-20' }],
    ['overdueNotice', { ...again, rectificationDueOn: '2026-11-01' }],
    ['licenceRevocation', again],
    ['suspension', { overdueNoticedOn: '2026-11-09', ...again }],
    ['finalReinspection', { ...again, suspendedOn: '2026-11-12', suspensionEndsOn: '2026-12-12' }],
    ['closure', { ...again, finalReinspectedOn: '2026-12-13', finalReinspectionOutcome: '不合格' }],
  ] as const) {
    t.equal(due(what, { product: '架空电缆', ...more })?.subject, '架空电缆', what)
    const bare = due(what, { product: undefined, ...more })
    // Without its product nobody knows which licence a failing costs.
    if (what === 'licenceRevocation') t.equal(bare, undefined)
    else t.notOk(Object.hasOwn(bare ?? { subject: '' }, 'subject'), `${what}, of no product`)
  }
})

t.test('the last look, outcome by outcome', async (t) => {
  for (const [finalReinspectionOutcome, detail, closure] of [
    ['合格', '整顿期满复查合格。', 'notNeeded'],
    ['不合格', '整顿期满复查不合格。', 'open'],
    [undefined, '整顿期满复查结果未登记。', 'notNeeded'],
  ] as const) {
    const own = failed({
      suspendedOn: '2026-11-01',
      finalReinspectedOn: '2026-11-20',
      finalReinspectionOutcome,
    })
    const steps = followUpsOf(fileWith([own]), TODAY, scheme)[0]?.steps ?? []
    t.equal(steps.find(({ step }) => step === 'finalReinspection')?.detail, detail)
    t.equal(steps.find(({ step }) => step === 'closure')?.state, closure, detail)
  }
  for (const [suspensionEndsOn, state] of [
    ['2026-11-23', 'overdue'],
    [TODAY, 'open'],
    ['2026-11-25', 'open'],
    [undefined, 'open'],
  ] as const) {
    const own = failed({ suspendedOn: '2026-11-01', suspensionEndsOn })
    const [followed] = followUpsOf(fileWith([own]), TODAY, scheme)
    t.equal(
      followed?.steps.find(({ step }) => step === 'finalReinspection')?.state,
      state,
      `${suspensionEndsOn}`,
    )
  }
})

t.test('what a failed re-inspection does to the licence', async (t) => {
  const again = { rectifiedOn: '2026-10-20', reinspectedOn: '2026-11-10', reinspectionOutcome: '不合格' }
  const step = (file: Dossier) => followUpsOf(file, TODAY, scheme)[0]?.steps.at(-1)?.state
  const revoked = licence('m', { status: '吊销', statusChangedOn: '2026-11-20' })
  t.equal(step(fileWith([failed(again)])), 'notNeeded', 'no licence')
  t.equal(step(fileWith([failed(again), licence('l')])), 'open')
  t.equal(step(fileWith([failed({ ...again, reinspectionOutcome: '合格' }), licence('l')])), 'notNeeded')
  t.equal(
    step(fileWith([failed(again), licence('l', { product: '水泥' })])),
    'notNeeded',
    'of another product',
  )
  t.equal(step(fileWith([failed(again), licence('l'), revoked])), 'open', 'the other still holds')
  for (const [more, state] of [
    [{ status: '变更' }, 'open'],
    [{ status: '暂停' }, 'open'],
    [{ status: '注销' }, 'done'],
    [{ status: '撤销' }, 'done'],
    [{ validTo: TODAY }, 'open'],
    [{ validTo: '2026-11-23' }, 'done'],
    [{ kind: '食品相关产品生产许可证' }, 'open'],
    [{ kind: '强制性产品认证' }, 'done'],
    [{ kind: '食品生产许可证' }, 'done'],
    [{ kind: '特种设备生产许可证' }, 'done'],
  ] as const)
    t.equal(step(fileWith([failed(again), licence('l', more), revoked])), state, JSON.stringify(more))
  for (const [statusChangedOn, state] of [
    ['2026-11-09', 'notNeeded'],
    ['2026-11-10', 'done'],
  ] as const)
    t.equal(
      step(fileWith([failed(again), licence('m', { status: '吊销', statusChangedOn })])),
      state,
      `one revoked on ${statusChangedOn}, before or after the failing`,
    )
  t.equal(
    followUpsOf(fileWith([failed(again), revoked]), TODAY, scheme)[0]?.steps.at(-1)?.doneOn,
    '2026-11-20',
  )
  const detail = (more: RecordData) =>
    followUpsOf(fileWith([failed(again), licence('m', more)]), TODAY, scheme)[0]?.steps.at(-1)?.detail
  t.match(detail({ status: '吊销', statusChangedOn: '2026-11-20' }), /2029-11-20 前不得再次申请/)
  t.match(detail({ status: '吊销', statusChangedOn: '2026-11-20', kind: '食品生产许可证' }), /没有该产品/)
  t.match(detail({ status: '吊销' }), /无法计算/)
  const [undated] = followUpsOf(fileWith([failed(again), licence('m', { status: '吊销' })]), TODAY, scheme)
  t.notOk(Object.hasOwn(undated?.steps.at(-1) ?? {}, 'doneOn'), 'no day is told where none is known')
  t.equal(step(without([failed(again), licence('l'), revoked], 'm')), 'open', 'the revocation was withdrawn')
  t.equal(step(without([failed(again), licence('l')], 'l')), 'notNeeded')
  t.equal(
    step(fileWith([failed(again), licence('l', { product: 'BV', productGroup: '电线电缆' })])),
    'open',
    'by the group that the licence names',
  )
})

t.test('which failed tests are followed, the latest first', async (t) => {
  const records = [
    failed(),
    sampling('j', '2026-11-01', '不合格', {
      product: '电线',
      rectifiedOn: '2026-11-10',
      reinspectedOn: '2026-11-12',
      reinspectionOutcome: '合格',
      retest: '维持原结论',
    }),
    sampling('k', '2026-11-02', '合格'),
    sampling('n', '2026-11-03', '拒检'),
    licence('l', { outcome: '不合格' }),
  ]
  const followed = (file: Dossier) =>
    followUpsOf(file, TODAY, scheme).map(({ inspection, open, overdue }) => [inspection, open, overdue])
  t.same(followed(fileWith(records)), [
    ['j', false, false],
    ['i', true, false],
  ])
  t.same(followed(without(records, 'j')), [['i', true, false]])
  const day = ['x', 'y'].map((id) => sampling(id, '2026-10-01', '不合格'))
  t.same(
    followUpsOf(fileWith(day), TODAY, scheme).map(({ inspection }) => inspection),
    ['y', 'x'],
    'of one day, the one that was entered last',
  )
  t.same(followed(fileWith([failed({ rectificationDueOn: '2026-11-01' })])), [['i', true, true]])
  t.match(followUpsOf(fileWith(records), TODAY, scheme)[1], {
    orgCode: 'M000100Y4',
    name: '示例公司',
    region: '130102',
    product: '电缆',
    inspectedOn: '2026-10-01',
    authority: '省局',
  })
})

t.test('clocks of rectification and re-inspection', async (t) => {
  const clocks = (file: Dossier) =>
    supervisionDeadlines(file, scheme).map(({ what, about, dueOn }) => [what, about, dueOn])
  t.same(clocks(fileWith([failed()])), [], 'no day was set')
  t.same(clocks(fileWith([failed({ rectificationDueOn: '2026-11-01' })])), [
    ['rectification', 'i', '2026-11-01'],
  ])
  const mended = { rectificationDueOn: '2026-11-01', rectifiedOn: '2026-10-20' }
  t.same(clocks(fileWith([failed(mended)])), [['reinspection', 'i', '2026-11-04']])
  t.same(clocks(fileWith([failed({ ...mended, reinspectedOn: '2026-11-03' })])), [])
  t.same(clocks(fileWith([failed({ rectificationDueOn: '2026-11-01', retest: '改变原结论' })])), [])
  t.same(clocks(fileWith([sampling('i', '2026-10-01', '拒检', { rectificationDueOn: '2026-11-01' })])), [])
  for (const [status, runs] of [
    ['存续', true],
    ['停业', true],
    ['吊销', true],
    ['注销', false],
  ] as const) {
    const file = fileWith([failed({ rectificationDueOn: '2026-11-01' })])
    const of = { ...file, enterprise: { ...file.enterprise, status } }
    t.same(clocks(of), runs ? [['rectification', 'i', '2026-11-01']] : [], `of a firm that is ${status}`)
    const [own] = followUpsOf(of, TODAY, scheme)
    t.same([own?.open, own?.overdue], [runs, runs], `what is left to do about a firm that is ${status}`)
  }
  const two = [
    failed({ rectificationDueOn: '2026-11-01' }),
    sampling('j', '2026-10-02', '不合格', { rectificationDueOn: '2026-11-02' }),
  ]
  t.same(clocks(without(two, 'i')), [['rectification', 'j', '2026-11-02']], 'one of two withdrawn')
  t.match(supervisionDeadlines(fileWith([failed(mended)]), scheme), [
    { authority: '省局', subject: '电缆', certain: false },
  ])
  t.match(supervisionDeadlines(fileWith(two), scheme), [{ certain: true }, {}])
})

t.test('renewals', async (t) => {
  const due = (more: RecordData, today = TODAY) =>
    renewalsOf(fileWith([licence('l', { validTo: '2027-02-01', ...more })]), today, scheme).length
  t.equal(due({}), 1)
  for (const [status, count] of [
    ['有效', 1],
    ['变更', 1],
    ['暂停', 0],
    ['吊销', 0],
    ['注销', 0],
    ['撤销', 0],
  ] as const)
    t.equal(due({ status }), count, status)
  const askedBy = (kind: string, validTo: string, today: string) =>
    renewalsOf(fileWith([licence('l', { kind, validTo })]), today, scheme).map(
      ({ askBy, overdue }) => `${askBy}${overdue ? ' overdue' : ''}`,
    )
  for (const [kind, askBy] of [
    ['全国工业产品生产许可证', '2026-04-30'],
    ['食品相关产品生产许可证', '2026-04-30'],
    ['特种设备生产许可证', '2026-04-30'],
    ['检验检测机构资质认定', '2026-07-30'],
    // Thirty working days back from Friday 30 October, over national day and the worked 20 September and 10 October.
    ['食品生产许可证', '2026-09-14'],
    ['其他许可', '2026-09-30'],
    ['强制性产品认证', undefined],
    ['计量器具型式批准', undefined],
  ] as const) {
    const of = (today: string) => askedBy(kind, '2026-10-30', today)
    if (askBy === undefined) t.same(of('2026-10-30'), [], kind)
    else {
      t.same(of(askBy), [askBy], kind)
      t.same(of(addDays(askBy, 1)), [`${askBy} overdue`], kind)
      t.same(of(addDays(askBy, -60)), [askBy], `${kind}: first reminded of`)
      t.same(of(addDays(askBy, -61)), [], `${kind}: the day before`)
    }
  }
  for (const [status, count] of [
    ['存续', 1],
    ['停业', 1],
    ['吊销', 0],
    ['注销', 0],
  ] as const) {
    const file = fileWith([licence('l', { validTo: '2027-02-01' })])
    const of = { ...file, enterprise: { ...file.enterprise, status } }
    t.equal(renewalsOf(of, TODAY, scheme).length, count, `of a firm that is ${status}`)
  }
  for (const [product, unit, told] of [
    ['电缆', undefined, '电缆'],
    [undefined, '一单元', '一单元'],
    ['电缆', '一单元', '电缆 一单元'],
  ]) {
    const of = fileWith([licence('l', { validTo: '2027-02-01', product, unit })])
    t.equal(renewalsOf(of, TODAY, scheme)[0]?.product, told)
  }
  t.equal(due({ validTo: TODAY }), 1, 'on its last day')
  t.equal(due({ validTo: '2026-11-23' }), 0, 'it has ended')
  t.equal(due({ validTo: undefined }), 0)
  const two = [licence('l', { validTo: '2027-02-01' }), licence('m', { validTo: '2027-03-01' })]
  t.match(renewalsOf(without(two, 'l'), TODAY, scheme), [
    {
      licence: 'm',
      number: 'm',
      product: '电线电缆',
      validTo: '2027-03-01',
      askBy: '2026-09-01',
      overdue: true,
      orgCode: 'M000100Y4',
      name: '示例公司',
      region: '130102',
    },
  ])
  t.equal(renewalsOf(without(two, 'l'), TODAY, scheme).length, 1)
  const [bare] = renewalsOf(
    fileWith([licence('l', { validTo: '2027-02-01', product: undefined })]),
    TODAY,
    scheme,
  )
  t.equal(bare?.product, '')
})

t.test('what a level above has sampled in the period', async (t) => {
  const cable = groupOf('电缆', scheme)
  const above = (
    level: '国家' | '省' | '市' | '县',
    kind: string,
    inspectedOn = '2026-05-01',
    product = '电缆',
  ) =>
    sampledAbove(
      fileWith([sampling('i', inspectedOn, '合格', { kind, product })]),
      cable,
      level,
      YEAR,
      scheme,
    ) !== undefined
  const kinds = ['国家监督抽查', '省级监督抽查', '市级监督抽查', '县级监督抽查', '日常巡查']
  for (const [level, higher] of [
    ['国家', []],
    ['省', ['国家监督抽查']],
    ['市', ['国家监督抽查', '省级监督抽查']],
    ['县', ['国家监督抽查', '省级监督抽查', '市级监督抽查']],
  ] as const)
    t.same(
      kinds.filter((kind) => above(level, kind)),
      higher,
      level,
    )
  for (const [on, counts] of [
    ['2025-12-31', false],
    ['2026-01-01', true],
    ['2026-12-31', true],
    ['2027-01-01', false],
  ] as const)
    t.equal(above('省', '国家监督抽查', on), counts, on)
  t.notOk(above('省', '国家监督抽查', '2026-05-01', '水泥'), 'another product')
  for (const [more, counts] of [
    [{ role: '标称生产者' }, true],
    [{ role: '标称生产者', dispute: '成立' }, false],
    [{ role: '被抽样单位' }, false],
  ] as const)
    t.equal(
      sampledAbove(
        fileWith([sampling('i', '2026-05-01', '不合格', { kind: '国家监督抽查', ...more })]),
        ...([cable, '省', YEAR, scheme] as const),
      ) !== undefined,
      counts,
      `${JSON.stringify(more)}: whose sample it was`,
    )
  const two = [
    sampling('i', '2026-05-01', '合格', { kind: '国家监督抽查' }),
    sampling('j', '2026-06-01', '合格', { kind: '国家监督抽查' }),
  ]
  t.equal(sampledAbove(without(two, 'i'), cable, '市', YEAR, scheme), '2026-06-01 已由国家监督抽查抽查')
  t.equal(sampledAbove(without(two, 'i', 'j'), cable, '市', YEAR, scheme), undefined)
  t.equal(
    sampledAbove(
      fileWith([licence('l', { kind: '国家监督抽查', inspectedOn: '2026-05-01' })]),
      cable,
      '市',
      YEAR,
      scheme,
    ),
    undefined,
  )
})

t.test('how many are drawn of each class, rounded up', async (t) => {
  const candidates = (count: number, name: string) =>
    Array.from({ length: count }, (_, i) => ({
      orgCode: `${name}${String(i).padStart(3, '0')}`,
      class: name,
    }))
  const drawn = (count: number, rate: number) =>
    draw(candidates(count, 'B'), {
      seed: 's',
      rates: { B: rate },
      inspectors: ['甲', '乙', '丙'],
      inspectorsEach: 2,
    })
  for (const [count, rate, expected] of [
    [30, 0.1, 3],
    [31, 0.1, 4],
    [10, 0.3, 3],
    [11, 0.3, 4],
    [7, 1, 7],
    [7, 0, 0],
    [3, 0.0001, 1],
    [10_000, 0.0001, 1],
    [10_001, 0.0001, 2],
    [0, 1, 0],
  ] as const)
    t.equal(drawn(count, rate).length, expected, `${rate} of ${count}`)
  const mixed = draw([...candidates(10, 'C'), ...candidates(10, 'A')], {
    seed: 's',
    rates: { C: 0.5, A: 0.1 },
    inspectors: ['甲', '乙'],
    inspectorsEach: 1,
  })
  t.same(
    ['A', 'C', 'B'].map((name) => mixed.filter((own) => own.class === name).length),
    [1, 5, 0],
  )
  t.same(
    mixed.map(({ orgCode }) => orgCode),
    mixed.map(({ orgCode }) => orgCode).sort(),
    'told in the order of codes',
  )
  t.ok(drawn(10, 1).every(({ inspectors }) => inspectors.length === 2 && new Set(inspectors).size === 2))
  t.ok(
    new Set(drawn(10, 1).map(({ inspectors }) => inspectors.join())).size > 1,
    'not the same two everywhere',
  )
  t.same(drawn(10, 0.5), drawn(10, 0.5), 'again')
})

t.test('an erased draw leaves what was known of it before', async (t) => {
  const erased = {
    seq: 1,
    id: 'e',
    subject: 'draw/d',
    revision: 1,
    kind: 'draw.made',
    payload: null,
    salt: null,
    payloadDigest: '',
    visibility: 'public' as const,
    author: { authority: '省局', officer: '丁' },
    command: 'x',
    recordedAt: '2026-01-01T00:00:00.000Z',
    digest: '',
    chain: '',
  }
  t.equal(foldDraw(undefined, erased), undefined)
})

t.test('an inspection under the plan names two inspectors and says whether it was signed', async (t) => {
  const planNo = 'M000100Y4-wire-cable-20260910'
  const asked = (...more: object[]) => {
    const file = fileWith(more.map((one, i) => sampling(`i${i}`, '2026-09-18', '合格', { planNo, ...one })))
    for (const record of file.records) record.addedAt = '2026-09-25T02:00:00.000Z'
    return supervisionDeadlines(file, scheme).filter(({ what }) => what === 'signature')
  }
  const inspectors = '张三、李四'
  t.match(asked({}, {}), [
    { about: 'i0', dueOn: '2026-10-09', consequence: /没有登记检查人员、签字/ },
    { about: 'i1', dueOn: '2026-10-09', subject: '电缆', authority: '省局' },
  ])
  t.match(asked({ inspectors }), [{ consequence: /没有登记签字/ }])
  t.match(asked({ signature: '检查人员和企业已签字' }), [{ consequence: /没有登记检查人员：/ }])
  for (const signature of ['检查人员和企业已签字', '企业拒绝签字，检查人员已注明'])
    t.same(asked({ inspectors, signature }), [], signature)
  t.same(asked({ planNo: undefined }), [], 'what others found is not asked of anybody')
  t.same(asked({ planNo: 'X-wire-cable-20260910' }), [], 'nor what is under another plan')
})

t.test('one inspector is too few', async (t) => {
  const faults = (inspectors: string) => {
    const own = sampling('i', '2026-09-18', '合格', { inspectors })
    const checked = validate(inspection, own.data, '2026-11-24')
    return checked.ok ? [] : checked.faults.map(({ field, code }) => `${field} ${code}`)
  }
  for (const one of ['张三', '张 三', '张三、', '张三、张三', '张三、张 三', '、；'])
    t.same(faults(one), ['inspectors too-few'], one)
  for (const two of ['张三、李四', '张三，李四', '张三;李四', '张 三、李 四、王五'])
    t.same(faults(two), [], two)
})

t.test('what follows a failing follows for the firm whose failing it is', (t) => {
  const steps = (more: RecordData) =>
    followUpsOf(fileWith([failed(more)]), TODAY, scheme)[0]?.steps.map(({ step }) => step)
  const due = (more: RecordData) =>
    supervisionDeadlines(fileWith([failed({ rectificationDueOn: '2026-12-10', ...more })]), scheme).some(
      ({ what }) => what === 'rectification',
    )
  for (const [said, first, isDue] of [
    [{ role: '标称生产者' }, 'retest', true],
    [{ role: '标称生产者', dispute: '处理中' }, 'dispute', false],
    [{ role: '标称生产者', dispute: '不成立' }, 'retest', true],
    [{ role: '标称生产者', dispute: '成立' }, undefined, false],
    [{ role: '标称生产者', dispute: '经核实为假冒' }, undefined, false],
    [{ role: '被抽样单位' }, undefined, false],
    [{ role: '被抽样单位', faultStage: '储存运输环节' }, 'retest', true],
  ] as const) {
    t.equal(steps(said)?.[0], first, JSON.stringify(said))
    t.equal(due(said), isDue, `due: ${JSON.stringify(said)}`)
  }
  t.same(
    steps({ role: '标称生产者', dispute: '处理中' }),
    ['dispute'],
    'nothing else is asked while it is open',
  )
  t.end()
})

t.test('a food’s re-test may be asked for until the seventh working day', (t) => {
  // Delivered on Friday 2026-03-20: the seventh working day is Tuesday 2026-03-31.
  const state = (today: string) =>
    followUpsOf(
      fileWith([failed({ area: '食品', inspectedOn: '2026-03-01', deliveredOn: '2026-03-20' })]),
      today,
      scheme,
    )[0]?.steps[0]
  t.match(state('2026-03-31'), { state: 'open', dueOn: '2026-03-31', basis: '食品安全法第八十八条' })
  t.match(state('2026-04-01'), { state: 'passed' })
  t.end()
})

t.test('a licence of several products belongs to each of their groups', async (t) => {
  for (const [products, groups] of [
    ['电线电缆', ['wire-cable']],
    ['架空绞线', ['wire-cable']],
    ['电缆桥架', ['other']],
    ['电缆支架', ['other']],
    ['电缆料', ['other']],
    ['电缆保护管', ['other']],
    ['电缆附件', ['other']],
    ['电缆附件', ['other']],
    ['电线、电缆', ['wire-cable']],
    ['电线电缆；防水卷材', ['wire-cable', 'waterproofing-membrane']],
    ['电缆桥架、架空绞线', ['other', 'wire-cable']],
    ['胶合板，复合肥;建筑扣件\n糕点', ['wood-panel', 'compound-fertiliser', 'scaffold-coupler', 'food']],
    ['、', ['other']],
    ['', ['other']],
    [undefined, ['other']],
  ] as const)
    t.same(
      groupsOf(products, scheme).map(({ id }) => id),
      groups,
      products ?? 'none',
    )
  const both = licence('l', { issuedOn: '2026-03-10', product: '电线电缆；防水卷材', validTo: '2031-03-09' })
  const planned = (...more: TestRecord[]) =>
    planOf(fileWith([both, ...more]), YEAR, TODAY, scheme).map(({ group, status }) => `${group} ${status}`)
  t.same(planned(), ['wire-cable overdue'], 'membranes are due in a year only')
  t.same(
    plannedNext(fileWith([both]), scheme).map(({ group, dueOn, until }) => [group.id, dueOn, until]),
    [
      ['wire-cable', '2026-09-10', '2031-03-09'],
      ['waterproofing-membrane', '2027-03-10', '2031-03-09'],
    ],
  )
  t.same(planned(sampling('i', '2026-09-01', '合格', { product: '防水卷材' })), ['wire-cable overdue'])
  t.same(planned(sampling('i', '2026-09-01', '合格', { product: '电缆' })), ['wire-cable done'])
  const failed = sampling('i', '2026-03-20', '不合格', {
    ...{ product: '防水卷材', rectifiedOn: '2026-04-20' },
    ...{ reinspectedOn: '2026-05-01', reinspectionOutcome: '不合格' },
  })
  const licenceStep = (...records: TestRecord[]) =>
    followUpsOf(fileWith([...records, failed]), TODAY, scheme)[0]?.steps.find(
      ({ step }) => step === 'licence',
    )
  t.match(licenceStep(both), { state: 'open' }, 'the second product’s failing touches it too')
  t.match(licenceStep(licence('l')), { state: 'notNeeded' })
})

t.test('a production licence holds for five years at most', async (t) => {
  const faults = (more: object) => {
    const checked = validate(licenceKind, licence('l', { issuedOn: '2024-03-01', ...more }).data, TODAY)
    return checked.ok ? [] : checked.faults.map(({ field, code }) => `${field} ${code}`)
  }
  for (const kind of ['全国工业产品生产许可证', '食品相关产品生产许可证']) {
    t.same(faults({ kind, validTo: '2029-02-28' }), [], kind)
    t.same(faults({ kind, validTo: '2029-03-01' }), [], 'on the day five years on')
    t.same(faults({ kind, validTo: '2029-03-02' }), ['validTo too-long'])
    t.same(
      faults({ kind, validTo: '2031-03-01', validFrom: '2026-03-01' }),
      [],
      'counted from where it begins',
    )
    t.same(faults({ kind, validTo: '2031-03-02', validFrom: '2026-03-01' }), ['validTo too-long'])
    t.same(faults({ kind, validTo: undefined }), [])
  }
  for (const kind of ['强制性产品认证', '食品生产许可证', '特种设备生产许可证', '其他许可'])
    t.same(faults({ kind, validTo: '2039-03-01' }), [], `${kind}: another rule’s`)
})

t.test('a product that the table does not know is asked back, not guessed', async (t) => {
  const asked = (data: Record<string, unknown>) =>
    supervisionDeadlines(fileWith([licence('l', { issuedOn: '2026-03-10', ...data })]), scheme)
      .filter(({ what }) => what === 'productGroup')
      .map(({ about, subject }) => `${about} ${subject}`)
  for (const [product, unknown] of [
    ['电线电缆', []],
    ['架空绞线', []],
    ['电缆桥架', []],
    ['水泥', ['l 水泥']],
    ['电线、水泥；化肥', ['l 水泥、化肥']],
    ['其他产品', []],
    [undefined, []],
  ] as const)
    t.same(asked({ product }), unknown, product ?? 'none')
  for (const [unit, unknown] of [
    ['架空电线', []],
    ['电线、水泥', ['l 水泥']],
    ['一单元', ['l 一单元']],
  ] as const)
    t.same(asked({ product: undefined, unit }), unknown, `${unit}, of no product`)
  t.same(asked({ product: '水泥', unit: '架空电线' }), [], 'its unit says it')
  t.same(asked({ product: '水泥', unit: '一单元' }), ['l 水泥'])
  t.same(asked({ product: '水泥', productGroup: '其他产品' }), [], 'somebody has said')
  t.same(asked({ product: '线缆', productGroup: '电线电缆' }), [])
  t.same(asked({ product: '线缆', productGroup: '一单元' }), ['l 线缆'], 'what they said is no group')
  t.same(asked({ product: '电缆', productGroup: '一单元' }), [], 'its product says it')
  for (const status of ['注销', '吊销', '过期']) t.same(asked({ product: '水泥', status }), [], status)
  const groups = (product: string, productGroup?: string) =>
    groupsOfLicence({ product, productGroup }, scheme).map(({ id }) => id)
  t.same(groups('电缆', '一单元'), ['wire-cable'], 'a unit that is no group hides no product')
  t.same(groups('电缆', '防水卷材'), ['waterproofing-membrane'])
  t.same(groups('水泥'), ['other'])
  t.same(groups('电线、水泥'), ['wire-cable', 'other'], 'one of two that is known')
  t.same(groups('水泥', '一单元'), ['other'])
  t.match(
    supervisionDeadlines(fileWith([licence('l', { issuedOn: '2026-03-10', product: '水泥' })]), scheme).find(
      ({ what }) => what === 'productGroup',
    ),
    { certain: false, consequence: /其他产品.*电线电缆、人造板/ },
  )
})

t.test('three lesser penalties of a food firm within a year, and what the law has follow', (t) => {
  const punished = (id: string, decidedOn: string, more: RecordData = {}) =>
    penalty(id, decidedOn, { area: '食品', ...more })
  const due = (...records: TestRecord[]) =>
    supervisionDeadlines(fileWith(records), scheme)
      .filter(({ what }) => what === 'repeatedPenalties')
      .map(({ about }) => about)
  const two = [punished('a', '2025-03-10'), punished('b', '2025-09-01')]
  t.same(due(...two), [], 'twice')
  const closure = punished('x', '2025-06-01', { types: ['责令停产停业'] })
  t.same(due(...two, closure), [], 'a closure between the two is none of three')
  for (const [third, came] of [
    ['2026-03-09', ['c']],
    ['2026-03-10', ['c']],
    ['2026-03-11', []],
  ] as const)
    t.same(due(...two, punished('c', third)), came, third)
  const third = punished('c', '2026-01-10')
  t.same(due(...two, third, punished('d', '2026-02-01')), ['d'], 'the last of four')
  t.same(due(...two, third, punished('d', '2026-01-10')), ['d'], 'of one day, the one that was entered last')
  for (const types of [['责令停产停业'], ['吊销许可证件'], ['罚款', '责令停产停业']]) {
    t.same(due(...two, punished('c', '2026-01-10', { types })), [], `${types} is none of the three`)
    for (const [on, came] of [
      ['2026-01-09', ['c']],
      ['2026-01-10', []],
      ['2026-01-11', []],
      ['2026-02-01', []],
    ] as const)
      t.same(due(...two, third, punished('d', on, { types })), came, `${types} has followed, on ${on}`)
    t.same(due(punished('x', '2025-01-01', { types }), ...two, third), ['c'], `${types} came before`)
  }
  t.same(due(...two, punished('c', '2026-01-10', { types: ['警告'] })), ['c'], 'a warning is a penalty')
  for (const area of ['药品', '特种设备', '其他产品', undefined])
    t.same(due(...two, punished('c', '2026-01-10', { area })), [], `${area}`)
  for (const [violatedProvision, came] of [
    ['《食品安全法》第三十四条', ['c']],
    ['《产品质量法》第三十二条', []],
  ] as const)
    t.same(
      due(...two, punished('c', '2026-01-10', { area: undefined, violatedProvision })),
      came,
      `nobody said the area: ${violatedProvision}`,
    )
  t.same(
    due(
      ...two,
      punished('c', '2026-01-10', { area: '其他产品', violatedProvision: '《食品安全法》第三十四条' }),
    ),
    [],
    'who punished said it is of no food',
  )
  const changed = { reviewOutcome: '变更', reviewedOn: '2026-01-20' }
  t.same(due(...two, punished('c', '2026-01-10', changed)), ['c'], 'changed is not annulled')
  // A decision that came in another's place is of the first one's day, and no fourth.
  for (const [first, came] of [
    ['2025-03-09', []],
    ['2025-03-10', ['d']],
  ] as const)
    t.same(
      due(
        punished('a', first, { documentNo: '一号', reviewOutcome: '变更', reviewedOn: '2025-05-20' }),
        punished('a2', '2025-05-20', { documentNo: '一号' }),
        ...[punished('b', '2025-09-01'), punished('d', '2026-03-10')],
      ),
      came,
      `changed, first of ${first}`,
    )
  for (const reviewOutcome of ['撤销', '确认违法', '确认无效'])
    t.same(
      due(...two, punished('c', '2026-01-10', { reviewOutcome, reviewedOn: '2026-02-01' })),
      [],
      reviewOutcome,
    )
  t.same(due(...two, punished('c', '2026-01-10', { reviewOutcome: '维持', reviewedOn: '2026-02-01' })), ['c'])
  t.end()
})

t.test('a licence that was given while a revocation barred the firm', (t) => {
  const given = (id: string, kind: string, issuedOn: string, more: RecordData = {}): TestRecord => ({
    ...licence(id),
    data: { ...licence(id).data, kind, issuedOn, number: `XK-${id}`, ...more },
  })
  const due = (...records: TestRecord[]) =>
    supervisionDeadlines(fileWith(records), scheme)
      .filter(({ what }) => what === 'barredLicence')
      .map(({ about }) => about)
  for (const [kind, last, first] of [
    ['食品生产许可证', '2026-03-01', '2026-03-02'],
    ['全国工业产品生产许可证', '2024-03-01', '2024-03-02'],
  ] as const) {
    const revoked = given('r', kind, '2019-01-01', { status: '吊销', statusChangedOn: '2021-03-02' })
    t.same(due(revoked, given('n', kind, last)), ['n'], `${kind} the day before`)
    t.same(due(revoked, given('n', kind, first)), [], `${kind} on the day`)
    const told = supervisionDeadlines(fileWith([revoked, given('n', kind, last)]), scheme)
    const { dueOn = '', until = '' } = told.find(({ what }) => what === 'barredLicence') ?? {}
    t.ok(until >= dueOn && until >= first, `${kind}: asked about until the bar is over and it was due`)
    t.same(due(revoked, given('n', kind, '2021-03-01')), [], 'given before the revocation')
    t.same(due(revoked, given('n', kind, '2021-03-02')), ['n'])
    t.same(due(revoked, given('n', kind, last, { status: '撤销' })), [], 'withdrawn since')
  }
  const food = given('r', '食品生产许可证', '2019-01-01', { status: '吊销', statusChangedOn: '2021-03-02' })
  t.same(due(food, given('n', '全国工业产品生产许可证', '2022-01-01')), [], 'of another kind')
  t.same(due(given('n', '食品生产许可证', '2022-01-01')), [])
  for (const [authority, whose] of [
    ['市局', '市局'],
    ['', '省局'],
  ] as const) {
    const own = given('n', '食品生产许可证', '2022-01-01', { authority })
    const told = supervisionDeadlines(fileWith([food, own]), scheme)
    t.equal(
      told.find(({ what }) => what === 'barredLicence')?.authority,
      whose,
      'who issued it, else who entered it',
    )
  }
  t.end()
})

t.test('a licence that was given within a year of a false application for one of its kind', (t) => {
  const given = (issuedOn: string, kind = '食品生产许可证'): TestRecord => ({
    ...licence('n'),
    data: { ...licence('n').data, kind, issuedOn, number: 'XK-n' },
  })
  const warned = (more: RecordData = {}, decidedOn = '2025-03-10') =>
    penalty('w', decidedOn, {
      documentNo: '警1号',
      types: ['警告'],
      fine: undefined,
      refusedLicence: '食品生产许可证',
      ...more,
    })
  const due = (...records: TestRecord[]) =>
    supervisionDeadlines(fileWith(records), scheme).flatMap(({ what, about, until }) =>
      what === 'barredLicence' ? [`${about} ${until}`] : [],
    )
  for (const [issuedOn, came] of [
    ['2025-03-09', []],
    ['2025-03-10', ['n 2026-03-10']],
    ['2026-03-09', ['n 2026-03-10']],
    ['2026-03-10', []],
    ['2026-03-11', []],
  ] as const)
    t.same(due(warned(), given(issuedOn)), came, issuedOn)
  t.same(due(warned(), given('2025-06-01', '全国工业产品生产许可证')), [], 'of another kind')
  t.same(due(warned({ refusedLicence: undefined }), given('2025-06-01')), [], 'a warning for something else')
  t.same(
    due(warned({ refusedLicence: '检验检测机构资质认定' }), given('2025-06-01', '检验检测机构资质认定')),
    [],
    'not one of public safety',
  )
  for (const [reviewOutcome, came] of [
    ['维持', ['n 2026-03-10']],
    ['变更', ['n 2026-03-10']],
    ['撤销', []],
    ['确认违法', []],
    ['确认无效', []],
  ] as const)
    t.same(due(warned({ reviewOutcome, reviewedOn: '2025-04-01' }), given('2025-06-01')), came, reviewOutcome)
  const changed = warned({ reviewOutcome: '变更', reviewedOn: '2025-04-01' })
  const named = { ...warned({ documentNo: '复1号', replacesNo: '警1号' }, '2025-04-01'), id: 'x' }
  t.same(due(changed, named, given('2026-03-09')), ['n 2026-03-10'], 'from the day of the first decision')
  t.same(due(changed, named, given('2026-03-10')), [])
  for (const [types, codes] of [
    [['警告'], []],
    [['警告', '罚款'], []],
    [['罚款'], ['contradiction']],
  ] as const)
    t.same(
      penaltyKind.check({ ...warned().data, types: [...types] }).map(({ code }) => code),
      codes,
      `${types}`,
    )
  t.end()
})

t.test('what an interview demanded is asked for until it is done', (t) => {
  const talk = (more: RecordData): TestRecord => ({
    id: 't',
    type: 'interview',
    data: {
      interviewedOn: '2026-03-01',
      authority: '省局',
      area: '食品',
      position: '法定代表人',
      hazard: '冷库温度失控',
      ...more,
    },
  })
  const due = (more: RecordData) =>
    supervisionDeadlines(fileWith([talk(more)]), scheme).map(({ what, dueOn }) => `${what} ${dueOn}`)
  t.same(due({}), [])
  t.same(due({ rectificationDueOn: '2026-03-20' }), ['rectification 2026-03-20'])
  t.same(due({ rectificationDueOn: '2026-03-20', rectifiedOn: '2026-03-19' }), [])
  const { data } = talk({})
  const shown = (more: RecordData) => interview.publication({ ...data, ...more })
  t.match(shown({}), { public: true, from: '2026-03-01', until: '2031-03-01' })
  t.match(shown({ rectifiedOn: '2026-04-01' }), { until: '2031-04-01' })
  t.match(shown({ rectificationDueOn: '2026-03-20' }), { public: true, until: undefined }, 'not done yet')
  t.match(shown({ rectificationDueOn: '2026-03-20', rectifiedOn: '2026-04-01' }), { until: '2031-04-01' })
  t.match(shown({ area: '其他产品' }), { public: false })
  for (const field of ['rectificationDueOn', 'rectifiedOn'])
    for (const [day, codes] of [
      ['2026-02-28', ['before-start']],
      ['2026-03-01', []],
      ['2026-03-02', []],
    ] as const)
      t.same(
        interview.check({ ...data, [field]: day }).map(({ code }) => code),
        codes,
        `${field} ${day}`,
      )
  t.match(interview.check({ ...data, rectification: '已更换' }), [{ code: 'required' }])
  t.end()
})
