import t from 'tap'
import { type Commitment, commitmentOf, type Draw } from '../../src/supervision/draw.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { officer } from '../blacklist/firm.ts'
import { actOf, Office, office } from './office.ts'

/** What may be drawn over, and what a draw asks for. */

const group = scheme.groups[0]?.id ?? ''
const candidate = (orgCode: string) => ({ orgCode, class: 'C' })
const asked = {
  name: '抽查',
  commitment: commitmentOf('一份至少十六个字符的种子，请记牢'),
  group,
  level: '市',
  period: { from: '2026-01-01', to: '2026-12-31' },
  rates: { C: 1 },
  inspectors: ['甲', '乙'],
}

function officeWith(candidates: readonly string[], leftOut = 0) {
  const own = new Office()
  own.survey = {
    ...own.survey,
    candidates: async () => ({
      candidates: candidates.map(candidate),
      leftOut: Array.from({ length: leftOut }, (_, i) => ({ orgCode: `L${i}`, reason: '已抽查' })),
    }),
  }
  return own
}

t.test('what a draw asks for, at its bounds', async (t) => {
  for (const [more, faults] of [
    [{}, []],
    [{ period: { from: '2026-03-02', to: '2026-03-02' } }, []],
    [{ period: { from: '2026-03-02', to: '2026-03-01' } }, ['/period/to before-start']],
    [{ inspectorsEach: 1 }, []],
    [{ inspectorsEach: 2 }, []],
    [{ inspectorsEach: 3 }, ['/inspectorsEach too-big']],
    [{ inspectors: ['甲'], inspectorsEach: 1 }, []],
    [{ inspectors: ['甲'] }, ['/inspectorsEach too-big']],
    [{ inspectors: ['甲', '乙', '甲'] }, ['/inspectors repeated']],
    [{ rates: { AA: 0, A: 1, B: 0.5, C: 1 } }, []],
    [{ rates: { C: 1.01 } }, ['/rates/C too-big']],
    [{ rates: { C: -0.01 } }, ['/rates/C too-small']],
    [{ rates: { C: 1, Z: 1 } }, ['/rates/Z choice']],
    [{ inspectorsEach: 0 }, ['/inspectorsEach too-small']],
    [{ inspectorsEach: 11, inspectors: [...'一二三四五六七八九十甲'] }, ['/inspectorsEach too-big']],
    [{ inspectorsEach: 10, inspectors: [...'一二三四五六七八九十甲'] }, []],
  ] as const)
    t.same(
      (await officeWith(['A', 'B']).refusal('begin-draw', {}, { ...asked, ...more }, office.rater)).faults,
      faults,
      JSON.stringify(more),
    )
})

t.test('a draw lies within whose it is', async (t) => {
  for (const [actor, region, came] of [
    [office.rater, undefined, undefined],
    [office.rater, '130200', '130200'],
    [office.cityRater, undefined, '130100'],
    [office.cityRater, '130100', '130100'],
    [office.cityRater, '130102', '130102'],
  ] as const) {
    const input = { ...asked, ...(region !== undefined && { region }) }
    const { drafts } = await officeWith(['A']).does('begin-draw', {}, input, actor)
    t.match(drafts, [{ kind: 'draw.begun', visibility: 'public' }])
    t.match(drafts[0]?.payload, { region: came, commitment: asked.commitment }, `${actor.officer} ${region}`)
  }
  for (const [region, reason] of [
    ['130200', 'forbidden'],
    ['130000', 'forbidden'],
    ['139999', 'invalid'],
  ] as const)
    t.equal(
      (await officeWith(['A']).refusal('begin-draw', {}, { ...asked, region }, office.cityRater)).reason,
      reason,
      region,
    )
})

t.test('where there is nobody to draw, it says whether there was anybody', async (t) => {
  t.equal((await officeWith(['A']).refusal('begin-draw', {}, asked, office.rater)).reason, '')
  t.match((await officeWith([], 1).refusal('begin-draw', {}, asked, office.rater)).title, /1 家都因/)
  t.match((await officeWith([]).refusal('begin-draw', {}, asked, office.rater)).title, /没有持有/)
})

t.test('the lines of the form come to what the act asks for', async (t) => {
  const { inputOf } = actOf('begin-draw').form
  const lines = { name: '抽查', from: '2026-01-01', to: '2026-12-31', inspectors: '甲\n乙、丙，丁; ；\n' }
  t.same(inputOf(lines), {
    name: '抽查',
    period: { from: '2026-01-01', to: '2026-12-31' },
    inspectors: ['甲', '乙', '丙', '丁'],
  })
  t.match(inputOf({ ...lines, C: 100, B: 12.5, A: 0 }), { rates: { C: 1, B: 0.125, A: 0 } })
  t.notOk(Object.hasOwn(Object(inputOf({ ...lines, C: 100 })), 'C'))
  const begun = new Office()
  begun.today = '2027-12-31'
  t.same(begun.ask('begin-draw', {}, office.rater).begins, {
    from: '2027-01-01',
    to: '2027-12-31',
    inspectorsEach: '2',
  })
})

const [mine, theirs] = ['甲随手写下的一句话，足足十六个字符', '乙随手写下的一句话，足足十六个字符']
const { sampler } = office
const stranger = officer('stranger', 'province', { rights: ['supervision:write'] })

/** A draw of the province that the rater began, with what has come of it since. */
function drawAs(status: Draw['status'], shownBy?: 'rater' | 'sampler'): Draw {
  const part = (by: string, own: string): Commitment => ({
    ...{ hash: commitmentOf(own), by: `officer/${by}`, at: '', position: 1 },
    author: { authority: '省局', officer: by },
    ...((by === shownBy || status === 'made') && { part: own }),
  })
  const { commitment: _, ...plan } = asked
  return {
    ...{
      ...plan,
      level: '市' as const,
      inspectorsEach: 2,
      id: 'd',
      revision: 1,
      status,
      madeAt: '2026-02-02T02:00:00.000Z',
      position: 1,
      seed: '',
    },
    author: { authority: '省局', officer: 'rater' },
    commitments: [part('rater', mine), ...(status === 'begun' ? [] : [part('sampler', theirs)])],
    ...{ candidates: ['A', 'B'].map(candidate), leftOut: [], drawn: [] },
  }
}

t.test('the second part of a seed: of another person, another part, once', async (t) => {
  const hash = commitmentOf(theirs)
  for (const [said, status, actor, commitment, reason] of [
    ['by another', 'begun', sampler, hash, ''],
    ['by who began it', 'begun', office.rater, hash, 'forbidden'],
    ['by another office', 'begun', office.cityRater, hash, 'forbidden'],
    ['the same part', 'begun', sampler, commitmentOf(mine), 'invalid'],
    ['a third', 'joined', stranger, commitmentOf('x'), 'exists'],
    ['once one is shown', 'opened', stranger, commitmentOf('x'), 'exists'],
    ['once it was made', 'made', stranger, commitmentOf('x'), 'exists'],
  ] as const) {
    const own = officeWith(['A', 'B'])
    own.draws = [drawAs(status)]
    const refused = await own.refusal('join-draw', { id: 'd' }, { commitment }, actor)
    t.equal(refused.reason, reason, said)
    if (reason !== '') continue
    const { drafts } = await own.does('join-draw', { id: 'd' }, { commitment }, actor)
    t.match(drafts, [
      {
        ...{ subject: 'draw/d', kind: 'draw.joined', visibility: 'public' },
        payload: { commitment, by: 'officer/sampler' },
      },
    ])
  }
})

t.test(
  'a draw is made by its two parts in the order in which they were settled on, whoever shows theirs last',
  async (t) => {
    for (const [said, draw, actor, part, came] of [
      ['before the second part', drawAs('begun'), office.rater, mine, 'exists'],
      ['the first shows first', drawAs('joined'), office.rater, mine, 'draw.opened'],
      ['the second shows first', drawAs('joined'), sampler, theirs, 'draw.opened'],
      ['another part than was settled on', drawAs('joined'), sampler, mine, 'invalid'],
      ['somebody who settled on none', drawAs('joined'), stranger, mine, 'forbidden'],
      ['the first shows again', drawAs('opened', 'rater'), office.rater, mine, 'exists'],
      ['the second shows last', drawAs('opened', 'rater'), sampler, theirs, 'draw.made'],
      ['the first shows last', drawAs('opened', 'sampler'), office.rater, mine, 'draw.made'],
      ['once it was made', drawAs('made'), office.rater, mine, 'exists'],
    ] as const) {
      const own = officeWith(['A', 'B'])
      own.draws = [draw]
      const { reason } = await own.refusal('open-draw', { id: 'd' }, { part }, actor)
      if (reason !== '') {
        t.equal(reason, came, said)
        continue
      }
      const [made] = (await own.does('open-draw', { id: 'd' }, { part }, actor)).drafts
      t.match(made, { kind: came, visibility: 'public' }, said)
      if (came !== 'draw.made') {
        t.match(made?.payload, { part, by: actor.id, candidates: ['A', 'B'].map(candidate), leftOut: [] })
        continue
      }
      t.match(made?.payload, { parts: [mine, theirs], seed: `${mine}/${theirs}`, leftOut: [] }, said)
      t.notOk(Object.hasOwn(Object(made?.payload), 'region'), 'the whole province')
    }
    const own = officeWith(['A'])
    own.draws = [{ ...drawAs('opened', 'rater'), region: '130100' }]
    const [made] = (await own.does('open-draw', { id: 'd' }, { part: theirs }, sampler)).drafts
    t.match(made?.payload, { region: '130100' }, 'a part of it')
    own.draws = [drawAs('joined')]
    own.survey = { ...own.survey, candidates: async () => ({ candidates: [], leftOut: [] }) }
    t.equal(
      (await own.refusal('open-draw', { id: 'd' }, { part: mine }, office.rater)).reason,
      'invalid',
      'nobody is left when the candidates are fixed',
    )
  },
)

t.test('a draw that repeats an earlier one says why, and names them all', async (t) => {
  const earlier = (id: string, more: Partial<Draw> = {}): Draw => ({ ...drawAs('made'), id, ...more })
  for (const [said, draws, of] of [
    ['none', [], []],
    ['one', [earlier('1')], ['1']],
    ['two', [earlier('1'), earlier('2')], ['1', '2']],
    ['of another group', [earlier('1', { group: 'x' })], []],
    ['of another level', [earlier('1', { level: '省' })], []],
    ['of a part of the province', [earlier('1', { region: '130100' })], []],
    ['that ended the day before', [earlier('1', { period: { from: '2025-01-01', to: '2025-12-31' } })], []],
    [
      'that ended on the first day',
      [earlier('1', { period: { from: '2025-01-01', to: '2026-01-01' } })],
      ['1'],
    ],
    [
      'that begins on the last day',
      [earlier('1', { period: { from: '2026-12-31', to: '2027-12-31' } })],
      ['1'],
    ],
    ['that begins the day after', [earlier('1', { period: { from: '2027-01-01', to: '2027-12-31' } })], []],
  ] as const) {
    const own = officeWith(['A'])
    own.draws = [...draws]
    const without = await own.refusal('begin-draw', {}, asked, office.rater)
    t.same(without.faults, of.length === 0 ? [] : ['/reason required'], said)
    const { drafts } = await own.does('begin-draw', {}, { ...asked, reason: '样品灭失' }, office.rater)
    const { again, by } = Object(drafts[0]?.payload)
    t.same(again, of.length === 0 ? undefined : { of: [...of], reason: '样品灭失' }, said)
    t.equal(by, 'officer/rater')
  }
})
