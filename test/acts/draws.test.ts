import t from 'tap'
import { commitmentOf } from '../../src/supervision/draw.ts'
import { scheme } from '../../src/supervision/scheme.ts'
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
