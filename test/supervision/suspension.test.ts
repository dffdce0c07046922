import t from 'tap'
import { inspection } from '../../src/records/inspection.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { supervisionDeadlines } from '../../src/supervision/deadlines.ts'
import { followUpsOf } from '../../src/supervision/follow-up.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { fileWith, licence, penalty, type TestRecord } from '../rating/files.ts'

/** 产品质量法 art. 17 from the failed test to the end of the business, each step closed on its day. */

const failed = {
  kind: '市级监督抽查',
  inspectedOn: '2026-03-02',
  deliveredOn: '2026-03-10',
  authority: '市局',
  product: '电缆',
  outcome: '不合格',
  rectificationDueOn: '2026-05-06',
}
const NOTICED = { overdueNoticedOn: '2026-05-07' }
const AGAIN = { ...NOTICED, reinspectedOn: '2026-06-01', reinspectionOutcome: '不合格' }
const SUSPENDED = { ...AGAIN, suspendedOn: '2026-06-02', suspensionEndsOn: '2026-09-02' }
const FAILED = { ...SUSPENDED, finalReinspectedOn: '2026-09-03', finalReinspectionOutcome: '不合格' }
const PASSED = { ...FAILED, finalReinspectionOutcome: '合格' }

const fileOf = (more: RecordData, others: TestRecord[] = []) =>
  fileWith([{ id: 'i', type: 'inspection', data: { ...failed, ...more } }, ...others])
const steps = (more: RecordData, on: string, others?: TestRecord[]) =>
  Object.fromEntries(
    (followUpsOf(fileOf(more, others), on, scheme)[0]?.steps ?? []).map(({ step, state, doneOn }) => [
      step,
      doneOn === undefined ? state : `${state} ${doneOn}`,
    ]),
  )
const clocks = (more: RecordData, others?: TestRecord[]) =>
  supervisionDeadlines(fileOf(more, others), scheme)
    .filter(({ what }) => ['suspension', 'finalReinspection', 'closure'].includes(what))
    .map(({ what, dueOn, certain }) => `${what} ${dueOn} ${certain}`)
const closed = (decidedOn: string, more: RecordData = {}) =>
  penalty('p', decidedOn, { types: ['吊销营业执照'], ...more })

t.test('each step opens upon the one before and closes on its day', async (t) => {
  t.match(
    steps({}, '2026-05-06'),
    { notice: 'notNeeded', suspension: 'notNeeded' },
    'the last day to put it right',
  )
  t.match(steps({}, '2026-05-07'), { notice: 'open', suspension: 'notNeeded' }, 'the day after')
  t.match(steps(NOTICED, '2026-05-08'), { notice: 'done 2026-05-07', suspension: 'notNeeded' })
  t.match(steps(NOTICED, '2026-05-08'), { reinspection: 'open' }, 'to be looked at again after the notice')
  for (const [reinspectedOn, state] of [
    ['2026-05-06', 'open'],
    ['2026-05-07', 'done 2026-05-07'],
  ] as const)
    t.match(steps({ ...AGAIN, reinspectedOn }, '2026-06-01'), { reinspection: state }, reinspectedOn)
  const twice = { reinspectedOn: '2026-04-20', reinspectionOutcome: '不合格', rectifiedOn: '2026-04-10' }
  t.match(steps(twice, '2026-05-06'), { notice: 'notNeeded' }, 'failed again, within its term')
  t.match(steps(twice, '2026-05-07'), { notice: 'open' }, 'the day after its term')
  t.match(steps({ ...twice, rectificationDueOn: undefined }, '2026-04-20'), { notice: 'open' }, 'without one')
  const late = { rectifiedOn: '2026-05-08', reinspectedOn: '2026-05-12' }
  t.match(steps({ ...late, reinspectionOutcome: '不合格' }, '2026-05-12'), { notice: 'open' })
  t.match(steps({ ...late, reinspectionOutcome: '合格' }, '2026-05-12'), { notice: 'notNeeded' })
  t.match(steps({ ...twice, kind: '专项检查' }, '2026-05-07'), { notice: 'notNeeded' }, 'no sampling')
  t.match(steps(AGAIN, '2026-06-01'), {
    reinspection: 'done 2026-06-01',
    suspension: 'open',
    finalReinspection: 'notNeeded',
  })
  t.match(steps(SUSPENDED, '2026-09-02'), {
    suspension: 'done 2026-06-02',
    finalReinspection: 'open',
    closure: 'notNeeded',
  })
  t.match(steps(SUSPENDED, '2026-09-03'), { finalReinspection: 'overdue' })
  t.match(steps(FAILED, '2026-09-03'), { finalReinspection: 'done 2026-09-03', closure: 'open' })
  t.match(steps(PASSED, '2026-09-03'), { closure: 'notNeeded' })
  t.match(steps(FAILED, '2026-09-10', [closed('2026-09-03')]), { closure: 'done 2026-09-03' })
  t.match(steps(FAILED, '2026-09-10', [closed('2026-09-02')]), { closure: 'open' }, 'one from before')
  t.match(steps(FAILED, '2026-09-10', [closed('2026-09-04', { reviewOutcome: '撤销' })]), { closure: 'open' })
  for (const [types, closure] of [
    [['罚款'], 'open'],
    [['吊销许可证件'], 'open'],
    [['责令停产停业'], 'open'],
    [['罚款', '吊销营业执照'], 'done 2026-09-04'],
  ])
    t.match(steps(FAILED, '2026-09-10', [closed('2026-09-04', { types })]), { closure }, `${types}`)
  t.match(
    steps(FAILED, '2026-09-10', [
      closed('2026-09-05'),
      penalty('q', '2026-09-04', { types: ['吊销营业执照'] }),
    ]),
    { closure: 'done 2026-09-04' },
    'of two the first',
  )
})

t.test('the clocks of the steps', async (t) => {
  t.same(clocks({}), [])
  t.same(clocks(NOTICED), [])
  t.same(clocks({ ...AGAIN, reinspectedOn: '2026-05-06' }), [], 're-inspected before the public was told')
  t.same(clocks({ ...AGAIN, reinspectedOn: '2026-05-07' }).length, 1, 'on the day')
  t.same(clocks({ ...AGAIN, reinspectionOutcome: '合格' }), [])
  // 2026-06-01 is a Monday.
  t.same(clocks(AGAIN), ['suspension 2026-06-08 false'])
  t.same(clocks(SUSPENDED), ['finalReinspection 2026-09-02 true'])
  // 2026-09-03 is a Thursday.
  t.same(clocks(FAILED), ['closure 2026-09-10 false'])
  t.same(clocks(PASSED), [])
  t.same(clocks(FAILED, [closed('2026-09-08')]), [])
})

t.test(
  'the clocks of what follows a failing before its notice, and of the licence that it costs',
  async (t) => {
    const all = (more: RecordData, others?: TestRecord[]) =>
      supervisionDeadlines(fileOf(more, others), scheme)
        .filter(({ what }) => what !== 'inspection')
        .map(({ what, dueOn, until }) => [what, dueOn, until].filter(Boolean).join(' '))
    t.same(all({}), ['rectification 2026-05-06'])
    t.same(all({ rectifiedOn: '2026-05-06' }), ['reinspection 2026-05-21'])
    const again = { rectifiedOn: '2026-04-10', reinspectedOn: '2026-04-20', reinspectionOutcome: '不合格' }
    // Five working days after Thursday 2026-05-07: Saturday 2026-05-09 is worked.
    t.same(all(again), ['overdueNotice 2026-05-13'])
    t.same(all({ ...again, reinspectedOn: '2026-05-07' }), ['overdueNotice 2026-05-13'])
    t.same(all({ ...again, reinspectedOn: '2026-05-08' }), ['overdueNotice 2026-05-14'])
    t.same(all({ ...again, kind: '专项检查' }), [])
    t.same(all({ ...again, reinspectionOutcome: '合格' }), [])
    t.same(all({ ...again, rectifiedOn: undefined, reinspectionOutcome: '合格' }), [], 'found put right')
    t.same(all({ ...again, ...NOTICED }), ['reinspection 2026-05-22'], 'again after the notice')
    t.same(all({ ...NOTICED, rectifiedOn: '2026-05-20' }), ['reinspection 2026-06-04'])
    t.same(all(NOTICED), ['reinspection 2026-05-22'], 'from the notice where nothing is said of it')
    t.same(all({ ...NOTICED, rectifiedOn: '2026-05-06' }), ['reinspection 2026-05-22'], 'put right before it')
    t.same(all({ ...NOTICED, rectifiedOn: '2026-05-07' }), ['reinspection 2026-05-22'], 'on its day')
    t.same(all({ ...NOTICED, rectifiedOn: '2026-05-08' }), ['reinspection 2026-05-23'], 'the day after')
    t.same(all({ ...AGAIN, reinspectedOn: '2026-05-06' }), ['reinspection 2026-05-22'], 'looked at before it')
    t.same(all({ ...AGAIN, reinspectedOn: '2026-05-07' }), ['suspension 2026-05-13'], 'looked at on its day')
    t.same(all(AGAIN), ['suspension 2026-06-08'], 'looked at after it')
    t.same(all({ ...NOTICED, reinspectedOn: '2026-06-01' }), [], 'looked at, and nothing said of it')
    const held = (id: string, more: RecordData = {}) => licence(id, { issuedOn: '2026-02-10', ...more })
    const ofTheState = { ...again, kind: '省级监督抽查', reinspectedOn: '2026-06-01' }
    const lost = (...others: TestRecord[]) =>
      all(ofTheState, others).filter((own) => own.startsWith('licenceR'))
    t.same(lost(held('l', { validTo: '2030-01-01' })), ['licenceRevocation 2026-06-08 2030-01-01'])
    t.same(lost(held('l', { validTo: '2030-01-01' }), held('m', { validTo: '2031-01-01' })), [
      'licenceRevocation 2026-06-08 2031-01-01',
    ])
    t.same(lost(held('l', { validTo: undefined }), held('m')), ['licenceRevocation 2026-06-08'])
    // 到期复查: a failing that was found within the term that was ordered costs the licence only after it.
    for (const [reinspectedOn, dueOn] of [
      ['2026-04-20', '2026-05-13'],
      ['2026-05-06', '2026-05-13'],
      ['2026-05-07', '2026-05-13'],
      ['2026-05-08', '2026-05-14'],
    ] as const) {
      const early = { ...ofTheState, reinspectedOn }
      const found = all(early, [held('l', { validTo: '2030-01-01' })]).filter((own) =>
        own.startsWith('licenceR'),
      )
      t.same(found, [`licenceRevocation ${dueOn} 2030-01-01`], reinspectedOn)
      for (const [today, state] of [
        ['2026-05-06', reinspectedOn <= '2026-05-06' ? 'notNeeded' : undefined],
        ['2026-05-07', reinspectedOn <= '2026-05-07' ? 'open' : undefined],
        ['2026-05-08', 'open'],
      ] as const)
        if (state !== undefined)
          t.equal(
            followUpsOf(fileOf(early, [held('l', { validTo: '2030-01-01' })]), today, scheme)[0]?.steps.find(
              ({ step }) => step === 'licence',
            )?.state,
            state,
            `${reinspectedOn}, ${today}`,
          )
    }
    for (const more of [{ status: '吊销' }, { kind: '强制性产品认证' }, { product: '水泥' }])
      t.same(lost(held('l', more)), [], JSON.stringify(more))
    t.same(
      all({ ...ofTheState, kind: '市级监督抽查' }, [held('l')]).filter((own) => own.startsWith('licenceR')),
      [],
    )
  },
)

t.test('a step out of its order is sent back with its place', async (t) => {
  const faults = (more: RecordData) =>
    inspection.check({ ...failed, ...more }).map(({ field, code }) => `${field} ${code}`)
  for (const more of [NOTICED, AGAIN, SUSPENDED, FAILED, PASSED]) t.same(faults(more), [])
  t.same(faults({ overdueNoticedOn: '2026-05-06' }), ['overdueNoticedOn before-start'], 'not overdue yet')
  t.same(faults({ ...NOTICED, rectificationDueOn: undefined }), ['overdueNoticedOn step-missing'])
  t.same(faults({ ...SUSPENDED, overdueNoticedOn: undefined }), ['suspendedOn step-missing'])
  t.same(faults({ ...SUSPENDED, reinspectionOutcome: '合格' }), ['suspendedOn contradiction'])
  t.same(faults({ ...SUSPENDED, suspendedOn: '2026-05-31' }), ['suspendedOn before-start'])
  t.same(faults({ ...SUSPENDED, reinspectedOn: '2026-05-06' }), ['reinspectedOn before-start'])
  t.same(faults({ ...SUSPENDED, reinspectedOn: '2026-05-07' }), [], 'on the day of the notice')
  t.same(
    faults({ ...NOTICED, reinspectedOn: '2026-04-20' }),
    [],
    'one before the notice stands until the next',
  )
  for (const kind of ['日常巡查', '专项检查', '证后监管', '复查'])
    t.same(faults({ ...NOTICED, kind }), ['overdueNoticedOn contradiction'], kind)
  t.same(faults({ ...SUSPENDED, suspensionEndsOn: undefined }), ['suspensionEndsOn required'])
  t.same(faults({ ...SUSPENDED, suspensionEndsOn: '2026-06-01' }), ['suspensionEndsOn before-start'])
  t.same(faults({ ...FAILED, finalReinspectedOn: '2026-09-01' }), ['finalReinspectedOn before-start'])
  t.same(faults({ ...FAILED, finalReinspectedOn: '2026-09-02' }), [], 'on the day that it ends')
  t.same(faults({ ...FAILED, finalReinspectionOutcome: undefined }), ['finalReinspectionOutcome required'])
  t.same(faults({ ...FAILED, finalReinspectedOn: undefined }), ['finalReinspectedOn required'])
})

t.test('which sampling leads to which step', async (t) => {
  const held = [licence('l', { issuedOn: '2024-03-10', product: '电线电缆' })]
  for (const [kind, revoked, noticed] of [
    ['国家监督抽查', 'open', 'open'],
    ['省级监督抽查', 'open', 'open'],
    ['市级监督抽查', 'notNeeded', 'open'],
    ['县级监督抽查', 'notNeeded', 'open'],
    ['日常巡查', 'notNeeded', 'notNeeded'],
    ['专项检查', 'notNeeded', 'notNeeded'],
  ] as const) {
    const again = { kind, reinspectedOn: '2026-06-01', reinspectionOutcome: '不合格' }
    t.match(steps(again, '2026-06-02', held), { licence: revoked, notice: noticed }, kind)
  }
})
