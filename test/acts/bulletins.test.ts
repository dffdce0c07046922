import t from 'tap'
import type { Bulletin } from '../../src/blacklist/bulletin.ts'
import { people } from '../blacklist/firm.ts'
import { actOf, bulletinOf, issuedAs, Office, seriesWith } from './office.ts'

/** Acts upon bulletins, by the state of each and by whoever drafted it. */

const author = { authority: '长安区局', officer: 'head' }
const STATES: Readonly<Record<string, Partial<Bulletin>>> = {
  drafted: {},
  'sent back': { returned: { reason: '重写', at: '', author } },
  issued: issuedAs(2026, 1),
  discarded: { status: 'discarded' },
}
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  'return-bulletin': ['drafted'],
  'issue-bulletin': ['drafted'],
  'discard-bulletin': ['drafted', 'sent back'],
}
const INPUT: Readonly<Record<string, object>> = { 'return-bulletin': { reason: '理由' } }

function officeWith(...bulletins: Bulletin[]) {
  const own = new Office()
  own.series = [seriesWith(...bulletins)]
  return own
}

t.test('in which state a bulletin takes which step', async (t) => {
  for (const [state, more] of Object.entries(STATES))
    for (const [act, taken] of Object.entries(TAKEN)) {
      const own = officeWith(bulletinOf(1), bulletinOf(2, more))
      const on = { id: 's.2' }
      const isTaken = taken.includes(state)
      t.equal(own.ask(act, on, people.head).isClosed, !isTaken, `${act}, ${state}`)
      const { reason } = await own.refusal(act, on, INPUT[act] ?? {}, people.head)
      t.equal(reason, isTaken ? '' : 'exists', `${act}, ${state}`)
      if (isTaken)
        t.match((await own.does(act, on, INPUT[act] ?? {}, people.head)).drafts[0]?.payload, { n: 2 })
    }
  const issued = officeWith(bulletinOf(1, issuedAs(2026, 1)))
  t.match(issued.ask('issue-bulletin', { id: 's.1' }, people.head).hindrance, /已经发布/)
  const gone = officeWith(bulletinOf(1, { status: 'discarded' }))
  t.match(gone.ask('issue-bulletin', { id: 's.1' }, people.head).hindrance, /已经作废/)
  for (const id of ['s.3', 's', '', 't.1'])
    t.equal(
      (await officeWith(bulletinOf(1)).refusal('issue-bulletin', { id }, {}, people.head)).reason,
      'unknown',
      id,
    )
})

t.test('nobody issues or sends back what they drafted; they may discard it', async (t) => {
  for (const [by, actor, apart] of [
    ['officer/head', people.head, true],
    ['officer/clerk', people.head, false],
  ] as const) {
    const own = officeWith(bulletinOf(1, { by }))
    for (const act of ['issue-bulletin', 'return-bulletin'])
      t.equal(own.ask(act, { id: 's.1' }, actor).hindrance !== undefined, apart, `${act} after ${by}`)
    t.equal(own.ask('discard-bulletin', { id: 's.1' }, actor).hindrance, undefined)
  }
})

t.test('a bulletin takes the next number of its year', async (t) => {
  for (const [today, before, year, no] of [
    ['2026-01-01', [], 2026, 1],
    ['2026-12-31', [issuedAs(2026, 1), issuedAs(2026, 2)], 2026, 3],
    ['2027-01-01', [issuedAs(2026, 1), issuedAs(2026, 2)], 2027, 1],
    ['2026-06-01', [issuedAs(2025, 1), issuedAs(2026, 1), {}, { status: 'discarded' as const }], 2026, 2],
  ] as const) {
    const own = officeWith(...before.map((more, i) => bulletinOf(i + 2, more)), bulletinOf(1))
    own.today = today
    const { drafts } = await own.does('issue-bulletin', { id: 's.1' }, {}, people.head)
    t.match(drafts[0], { visibility: 'public', payload: { n: 1, year, no, by: 'officer/head' } })
  }
})

t.test('a draft begins on the day after the last issue ended, else with the month', async (t) => {
  const until = (to: string, more: Partial<Bulletin> = issuedAs(2026, 1)) => bulletinOf(1, { to, ...more })
  for (const [today, bulletins, from] of [
    ['2026-03-02', [], '2026-03-01'],
    ['2026-03-01', [], '2026-03-01'],
    ['2026-03-02', [until('2026-02-15')], '2026-02-16'],
    ['2026-03-02', [until('2026-02-28')], '2026-03-01'],
    ['2026-03-02', [until('2026-03-01')], '2026-03-02'],
    ['2026-03-02', [until('2026-03-02')], '2026-03-01'],
    ['2026-03-02', [until('2026-02-15', {})], '2026-03-01'],
    ['2026-03-02', [until('2026-01-31'), until('2026-02-10')], '2026-02-11'],
    ['2026-03-02', [until('2026-01-31'), until('2026-02-10', { status: 'discarded' })], '2026-02-01'],
  ] as const) {
    const own = bulletins.length > 0 ? officeWith(...bulletins) : new Office()
    own.today = today
    t.same(own.ask('draft-bulletin', {}, people.clerk).begins, { from, to: today })
  }
})

t.test('the period of a bulletin, and whose bulletins it may correct', async (t) => {
  const own = officeWith(
    bulletinOf(1, issuedAs(2026, 1)),
    bulletinOf(2),
    bulletinOf(3, { status: 'discarded' }),
    bulletinOf(4, issuedAs(2026, 2)),
  )
  own.series.push({
    ...seriesWith(bulletinOf(1, { id: 'x.1', ...issuedAs(2026, 1) })),
    id: 'x',
    authority: '石家庄市局',
  })
  for (const [from, to, faults] of [
    ['2026-03-01', '2026-03-02', []],
    ['2026-03-02', '2026-03-02', []],
    ['2026-03-02', '2026-03-01', ['/to before-start']],
    ['2026-03-01', '2026-03-03', ['/to future-date']],
  ] as const)
    t.same(
      (await own.refusal('draft-bulletin', {}, { from, to }, people.clerk)).faults,
      faults,
      `${from} ${to}`,
    )
  for (const [bulletin, isOwn] of [
    ['s.1', true],
    ['s.4', true],
    ['s.2', false],
    ['s.3', false],
    ['x.1', false],
    ['s.9', false],
  ] as const) {
    const corrections = [
      { bulletin: 's.1', text: '更正' },
      { bulletin, text: '更正' },
    ]
    const period = { from: '2026-03-01', to: '2026-03-02' }
    const { faults } = await own.refusal('draft-bulletin', {}, { ...period, corrections }, people.clerk)
    t.same(faults, isOwn ? [] : ['/corrections/1/bulletin forbidden'], bulletin)
  }
  t.same(
    own.ask('draft-bulletin', {}, people.clerk).choices.bulletin,
    [
      { value: 's.1', label: '长安区局质量失信黑名单公告（2026年第1期）' },
      { value: 's.4', label: '长安区局质量失信黑名单公告（2026年第2期）' },
    ],
    'only its own that were issued are offered',
  )
  const LOOKS = '设备编码 13812345678'
  const drafting = { from: '2026-03-01', to: '2026-03-02' }
  const looks = [
    { bulletin: 's.1', text: '更正' },
    { bulletin: 's.4', text: LOOKS },
  ]
  for (const [notPersonal, faults] of [
    [undefined, ['/corrections/1/text personal-data']],
    [{ text: '设备编码' }, ['/corrections/1/text personal-data']],
    [{ corrections: ' ' }, ['/notPersonal/corrections too-small']],
    [{ corrections: '设备编码' }, []],
  ] as const)
    t.same(
      (
        await own.refusal(
          'draft-bulletin',
          {},
          { ...drafting, corrections: looks, notPersonal },
          people.clerk,
        )
      ).faults,
      faults,
      JSON.stringify(notPersonal),
    )
  const { key, expect } = await own.does(
    'draft-bulletin',
    {},
    { from: '2026-03-01', to: '2026-03-02' },
    people.clerk,
  )
  t.same([key, expect.get(key)], ['bulletins/s', 4], 'in the series that it has begun')
  const { drafts } = await own.does(
    'draft-bulletin',
    {},
    { from: '2026-03-01', to: '2026-03-02' },
    people.province,
  )
  t.match(drafts[0]?.payload, { authority: '省局', corrections: [] }, 'one that has none begins its own')
})

t.test('the lines of the form come to what the act asks for', async (t) => {
  const { inputOf } = actOf('draft-bulletin').form
  const period = { from: '2026-03-01', to: '2026-03-02' }
  t.same(inputOf(period), { ...period, corrections: [] })
  t.same(inputOf({ ...period, text: '更正' }), { ...period, corrections: [] })
  t.same(inputOf({ ...period, bulletin: 's.1', text: '更正' }), {
    ...period,
    corrections: [{ bulletin: 's.1', text: '更正' }],
  })
})
