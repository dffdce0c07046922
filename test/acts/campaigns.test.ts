import t from 'tap'
import { scopeIn } from '../../src/acts/start-campaign.ts'
import type { Campaign } from '../../src/rating/campaign.ts'
import type { RatingDraft } from '../../src/rating/drafts.ts'
import { refusalOf } from '../blacklist/firm.ts'
import { fileWith } from '../rating/files.ts'
import { actOf, campaignOf, Office, office, standardAt } from './office.ts'

/** Acts upon campaigns, by the state that each is in and by who has had a hand in it. */

const c1 = { id: 'c1' }
const author = { authority: '省局', officer: '甲' }
const STEPS: readonly string[] = [
  'adjust-campaign',
  'redraft-campaign',
  'return-campaign',
  'approve-campaign',
  'cancel-campaign',
]
const INPUT: Readonly<Record<string, object>> = {
  'adjust-campaign': { enterprise: 'M000100Y4', grade: 'C', reason: '理由' },
  'return-campaign': { reason: '理由' },
  'cancel-campaign': { reason: '理由' },
}
/** Somebody who may by right, and has had no hand in it. */
const may = (step: string) =>
  step === 'return-campaign' || step === 'approve-campaign' ? office.approver : office.rater

const draft = (grade: string, limits: readonly string[] = []): RatingDraft => ({
  key: 'M000100Y4',
  name: '示例公司',
  position: 1,
  previous: null,
  rating: {
    grade,
    points: 0,
    items: [],
    limits: limits.map((limit) => ({ id: limit, rule: '', grade: limit, records: [] })),
  },
})

function officeWith(more: Partial<Campaign> = {}, drafted: 'all' | 'half' | 'none' = 'all') {
  const own = new Office()
  own.campaigns = [campaignOf(more)]
  own.progress = drafted === 'none' ? undefined : { done: drafted === 'all', inScope: 3 }
  own.files = [fileWith([])]
  return own
}

t.test('in which state a campaign takes which step', async (t) => {
  const returned = { at: '', reason: '重做', author }
  const states: [string, Office, readonly string[]][] = [
    ['drafted', officeWith(), STEPS],
    ['sent back', officeWith({ returned }), STEPS],
    ['half drafted', officeWith({}, 'half'), ['cancel-campaign']],
    ['not drafted at all', officeWith({}, 'none'), ['cancel-campaign']],
    ['being issued', officeWith({ status: 'issuing' }), []],
    ['issued', officeWith({ status: 'issued' }), []],
    ['cancelled', officeWith({ status: 'cancelled' }), []],
  ]
  for (const [state, own, open] of states) {
    own.drafts = [draft('C')]
    for (const step of STEPS) {
      const asked = own.ask(step, c1, may(step))
      t.equal(asked.isClosed, !open.includes(step), `${step}, ${state}`)
      const { reason } = await own.refusal(step, c1, INPUT[step] ?? {}, may(step))
      if (own.campaigns[0]?.status !== 'drafting') t.equal(reason, 'exists', `${step} is refused, ${state}`)
      else if (open.includes(step)) t.equal(reason, '', `${step} is taken, ${state}`)
    }
    const { reason, title } = await own.refusal('approve-campaign', c1, {}, office.approver)
    if (!open.includes('approve-campaign')) t.equal(reason, 'exists', `${title}: not approved, ${state}`)
  }
})

t.test('each step says what it begins', async (t) => {
  const own = officeWith()
  own.drafts = [draft('C')]
  for (const [step, kind, work] of [
    ['adjust-campaign', 'campaign.adjusted', undefined],
    ['redraft-campaign', undefined, { campaign: 'c1', what: 'draft' }],
    ['return-campaign', 'campaign.returned', undefined],
    ['approve-campaign', 'campaign.approved', { campaign: 'c1', what: 'issue' }],
    ['cancel-campaign', 'campaign.cancelled', { campaign: 'c1', what: 'clear' }],
  ] as const) {
    const outcome = await own.does(step, c1, INPUT[step] ?? {}, may(step))
    t.equal(outcome.drafts[0]?.kind, kind, step)
    t.same(outcome.work, work, step)
  }
  for (const [progress, drafts] of [
    [{ done: true, inScope: 3 }, 3],
    [{ done: true, inScope: 0 }, 0],
  ] as const) {
    own.progress = progress
    const { drafts: entries } = await own.does('approve-campaign', c1, {}, office.approver)
    t.match(entries[0]?.payload, { drafts, by: 'officer/approver' })
  }
})

t.test('whoever began a campaign or adjusted any of it neither approves it nor sends it back', async (t) => {
  const adjusted = (by: string) => ({ grade: 'C', reason: '', at: '', author, by })
  for (const [campaign, apart] of [
    [{ by: 'officer/rater' }, []],
    [{ by: 'officer/approver' }, ['approver']],
    [{ adjustments: { A: adjusted('officer/approver') } }, ['approver']],
    [{ adjustments: { A: adjusted('officer/rater'), B: adjusted('officer/approver2') } }, ['approver2']],
    [
      { by: 'officer/approver', adjustments: { A: adjusted('officer/approver2') } },
      ['approver', 'approver2'],
    ],
  ] as const)
    for (const step of ['approve-campaign', 'return-campaign'])
      for (const actor of [office.approver, office.other]) {
        const { hindrance } = officeWith(campaign).ask(step, c1, actor)
        const isApart = apart.some((name) => name === actor.officer)
        t.equal(hindrance !== undefined, isApart, `${actor.officer} ${step} ${JSON.stringify(campaign)}`)
        if (isApart) t.match(hindrance, /开展或调整过/)
      }
})

t.test('drafts that would come out otherwise now are not approved; one is enough', async (t) => {
  const own = officeWith()
  for (const count of [0, 1, 2]) {
    const moved = Array.from({ length: count }, (_, i) => ({
      key: `K${i}`,
      name: '甲',
      drafted: 'A',
      now: null,
    }))
    own.survey = { ...own.survey, moved: async () => ({ moved, count }) }
    const { reason, faults } = await own.refusal('approve-campaign', c1, {}, office.approver)
    t.equal(reason, count === 0 ? '' : 'exists', `${count} moved`)
    t.equal(faults.length, count)
  }
})

t.test('what moved since is told with both grades, none given as that', async (t) => {
  const own = officeWith()
  const key = 'M000100Y4'
  for (const [drafted, now, told] of [
    ['A', 'B', '草稿为 A，现为 B'],
    [null, 'B', '草稿为 未评定，现为 B'],
    ['A', null, '草稿为 A，现为 未评定'],
  ] as const) {
    own.survey = {
      ...own.survey,
      moved: async () => ({ moved: [{ key, name: '甲', drafted, now }], count: 1 }),
    }
    const { prepared } = actOf('approve-campaign')
    if (!prepared) throw new Error('what has moved is not looked up')
    const refused: unknown = await prepared(c1, {}, own.at(office.approver)).catch((error: unknown) => error)
    t.match(refused, {
      faults: [{ pointer: `/drafts/${key}`, code: 'moved', detail: `甲（${key}）：${told}。` }],
    })
  }
})

t.test('what was cancelled while its drafts were looked over is not approved', async (t) => {
  const own = officeWith()
  const act = actOf('approve-campaign')
  const ask = await act.prepared?.(c1, {}, own.at(office.approver))
  for (const [status, reason] of [
    ['drafting', ''],
    ['cancelled', 'exists'],
    ['issuing', 'exists'],
  ] as const) {
    own.campaigns = [campaignOf({ status })]
    t.equal(refusalOf(() => ask?.(c1, own.at(office.approver)).decide({})).reason, reason, status)
  }
})

t.test('a grade is set by hand only where the standard has it and no limit stands above it', async (t) => {
  const own = officeWith()
  const grades = standardAt(1).document.grades.map(({ grade }) => grade)
  t.same(grades, ['A', 'B', 'C', 'D'], 'the best first')
  t.same(
    own.ask('adjust-campaign', c1, office.rater).choices.grade?.map(({ value }) => value),
    grades,
  )
  for (const [limits, allowed] of [
    [[], 'ABCD'],
    [['B'], 'BCD'],
    [['C'], 'CD'],
    [['D'], 'D'],
    [['B', 'D'], 'D'],
    [['D', 'B'], 'D'],
  ] as const)
    for (const grade of [...grades, 'E', '']) {
      own.drafts = [draft(limits[0] ?? 'A', limits)]
      const input = { enterprise: 'M000100Y4', grade, reason: '理由' }
      const { reason } = await own.refusal('adjust-campaign', c1, input, office.rater)
      const isAllowed = grade !== '' && allowed.includes(grade)
      t.equal(reason, isAllowed ? '' : 'invalid', `${grade} under ${limits}`)
    }
  own.drafts = []
  const unknown = { enterprise: 'M000100Y4', grade: 'C', reason: '理由' }
  t.match(await own.refusal('adjust-campaign', c1, unknown, office.rater), {
    faults: ['/enterprise unknown'],
  })
})

t.test('a campaign rates what lies within whose it is', async (t) => {
  const start = (own: Office, input: object, actor = office.rater) =>
    own.does('start-campaign', {}, { standard: { id: 'four-grades' }, ...input }, actor)
  const own = officeWith()
  for (const [actor, region, came] of [
    [office.rater, undefined, undefined],
    [office.rater, '130000', '130000'],
    [office.rater, '1301', '130100'],
    [office.rater, '130102', '130102'],
    [office.cityRater, undefined, '130100'],
    [office.cityRater, '130100', '130100'],
    [office.cityRater, '130102', '130102'],
  ] as const) {
    const { drafts, work } = await start(own, { ...(region && { scope: { region } }) }, actor)
    t.match(drafts[0]?.payload, { standard: { id: 'four-grades', version: 1 }, on: own.today })
    t.match(drafts[0]?.payload, { scope: came === undefined ? {} : { region: came } }, `${region}`)
    t.same(work, { campaign: 'id-1', what: 'draft' })
  }
  for (const [region, reason] of [
    ['130200', 'forbidden'],
    ['130000', 'forbidden'],
    ['139900', 'invalid'],
  ] as const) {
    const input = { standard: { id: 'four-grades' }, scope: { region } }
    t.equal((await own.refusal('start-campaign', {}, input, office.cityRater)).reason, reason, region)
  }
  own.survey = { ...own.survey, isEmpty: async () => true }
  t.match(await own.refusal('start-campaign', {}, { standard: { id: 'four-grades' } }, office.rater), {
    faults: ['/scope empty'],
  })
})

t.test('the days on which a campaign can rate, and the version that it rates by', async (t) => {
  const own = officeWith()
  own.standards = [{ id: 'four-grades', revision: 2, versions: [standardAt(1), standardAt(2)] }]
  for (const [on, reason] of [
    ['2026-03-01', ''],
    ['2026-03-02', ''],
    ['2026-03-03', 'invalid'],
  ] as const) {
    const input = { standard: { id: 'four-grades' }, on }
    t.equal((await own.refusal('start-campaign', {}, input, office.rater)).reason, reason, on)
  }
  for (const [version, came] of [
    [undefined, 2],
    [1, 1],
    [2, 2],
  ] as const) {
    const standard = { id: 'four-grades', ...(version !== undefined && { version }) }
    const { drafts } = await own.does('start-campaign', {}, { standard, on: '2026-02-01' }, office.rater)
    t.match(drafts[0]?.payload, { standard: { version: came }, on: '2026-02-01' })
  }
  const third = { standard: { id: 'four-grades', version: 3 } }
  t.equal((await own.refusal('start-campaign', {}, third, office.rater)).reason, 'unknown')
})

t.test('enterprises are listed with whatever stands between their codes', async (t) => {
  for (const [typed, codes] of [
    [undefined, undefined],
    ['', undefined],
    [' \n ', undefined],
    ['A', ['A']],
    ['A\nB', ['A', 'B']],
    ['A,B，C;D；E、F\r\nG  H', ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']],
    ['\nA\n\nB\n', ['A', 'B']],
  ] as const)
    t.same(scopeIn({ enterprises: typed }), codes ? { enterprises: codes } : {}, JSON.stringify(typed))
  t.same(scopeIn({ region: '130100', product: '电缆' }), { region: '130100', product: '电缆' })
  const { inputOf } = actOf('start-campaign').form
  t.same(inputOf({ standard: 'four-grades', on: '2026-03-01', region: '130100' }), {
    ...{ standard: { id: 'four-grades' }, on: '2026-03-01', scope: { region: '130100' } },
  })
  t.notOk(
    Object.hasOwn(Object(inputOf({ standard: undefined, on: undefined })), 'standard'),
    'that none was chosen is for the input to say',
  )
})
