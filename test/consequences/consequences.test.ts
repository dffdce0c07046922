import fc from 'fast-check'
import t from 'tap'
import { deadlinesOf } from '../../src/blacklist/deadlines.ts'
import { honouredOn } from '../../src/blacklist/honours.ts'
import { consequences } from '../../src/consequences/consequences.ts'
import { faceChangesOn, publicFace } from '../../src/dossier/face.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { award, licence, penalty, sampling } from '../rating/files.ts'
import { about, corrected, Story, updated, withdrawn } from './files.ts'

const grave = { conduct: '生产不合格产品', severity: '严重' }
const faceOf = (story: Story, on: string) => JSON.stringify(publicFace(story.dossier, on, catalogue))

t.test('a wrongly entered test, withdrawn, leaves the grade at once', async (t) => {
  const story = new Story([
    licence('l'),
    sampling('s', '2026-03-01', '不合格', { severity: '严重', rectificationDueOn: '2026-04-01' }),
  ])
  story.rated('2026-05-01')
  t.match(story.grade(), { grade: 'D', points: 35 })
  t.same(story.happens('2026-05-04', withdrawn('s')), ['rating.issued'])
  t.match(story.grade(), { grade: 'B', points: 80, items: [], reason: '所依据的记录已撤回，重新评定' })
  t.notMatch(faceOf(story, '2026-05-04'), /"grade":"D"/, 'the former grade, which told of it, is gone too')
  t.same(story.happens('2026-05-05', about('note.added', { id: 'n', text: '' })), [], 'once')
})

t.test('a correction is computed again, down as well as up, and only what a rating names', async (t) => {
  const story = new Story([
    licence('l'),
    sampling('s', '2026-03-01', '合格'),
    sampling('t', '2026-03-02', '合格'),
  ])
  story.rated('2026-05-01')
  t.match(story.grade(), { grade: 'A', points: 90 })
  t.same(story.happens('2026-05-04', corrected('l', { product: '电缆' })), [], 'no item names the licence')
  t.same(story.happens('2026-05-04', corrected('s', { outcome: '不合格' })), ['rating.issued'])
  t.match(story.grade(), { grade: 'B', points: 69 })
  t.same(story.happens('2026-05-05', corrected('s', { outcome: '合格' })), ['rating.issued'])
  t.match(story.grade(), { grade: 'A', points: 90 })
  story.happens('2026-05-06', about('record.added', penalty('p', '2026-05-05', { severity: '较轻' })))
  t.match(story.grade(), { grade: 'A', points: 90 }, 'what is new waits for the next campaign')
})

t.test('what a grade left out for a fact that was wrong counts again at once', (t) => {
  const passed = sampling('ok', '2026-03-01', '合格')
  for (const [what, record, wrong, right, grades] of [
    [
      'a penalty said to be annulled',
      penalty('x', '2026-03-01', grave),
      { reviewOutcome: '撤销', reviewedOn: '2026-04-01' },
      { reviewOutcome: null, reviewedOn: null },
      ['A', 'C'],
    ],
    [
      'a test said to be reversed',
      sampling('x', '2026-03-02', '不合格', { severity: '严重' }),
      { retest: '改变原结论' },
      { retest: '维持原结论' },
      ['A', 'C'],
    ],
    [
      'a test said to be another’s',
      sampling('x', '2026-03-02', '不合格', { severity: '严重', role: '标称生产者' }),
      { dispute: '成立' },
      { dispute: '不成立' },
      ['A', 'C'],
    ],
    [
      'an award said to be taken back',
      award('x', '省', '2025-06-01'),
      { revokedOn: '2026-04-01' },
      { revokedOn: null },
      ['A', 'A'],
    ],
  ] as const) {
    const story = new Story([licence('l'), passed, record])
    story.happens('2026-04-02', updated('x', wrong))
    story.rated('2026-05-01')
    const [first, points] = [story.grade()?.grade, story.grade()?.points]
    t.same(story.happens('2026-05-04', corrected('x', right)), ['rating.issued'], what)
    t.same([first, story.grade()?.grade], grades, what)
    t.not(story.grade()?.points, points, what)
    t.same(story.happens('2026-05-05', corrected('x', { remark: '已核对' })).length, 1, 'named by now')
  }
  const story = new Story([licence('l'), passed])
  story.rated('2026-05-01')
  story.happens('2026-05-02', about('record.added', penalty('new', '2026-04-01', { severity: '较轻' })))
  t.same(story.happens('2026-05-04', updated('new', { severity: '较重' })), [], 'what came since waits')
  t.same(story.happens('2026-05-04', updated('new', { severity: '严重' })), ['rating.issued'])
  t.match(story.grade(), { grade: 'C' }, 'but for what the grade in force can’t stand beside')
  t.same(story.happens('2026-05-05', updated('l', { status: '注销' })), [], 'a licence that no part counts')
  t.end()
})

t.test('an earlier grade is told as long as what it counted says the same', async (t) => {
  for (const [what, changes, told] of [
    ['a term', { outcome: '合格', severity: null }, ['A']],
    ['another term, to another number of points', { severity: '一般' }, ['B']],
    ['a date', { inspectedOn: '2026-02-27' }, ['C']],
    ['a slip in a text', { product: '电缆' }, ['C', 'C']],
    ['two slips, one with a date', { product: '电缆', noticedOn: '2026-03-21' }, ['C']],
  ] as const) {
    const story = new Story([
      licence('l'),
      sampling('s', '2026-03-01', '不合格', { severity: '严重', product: '电览' }),
      sampling('u', '2026-03-02', '合格'),
    ])
    story.rated('2026-05-01')
    story.happens('2026-05-04', corrected('s', changes))
    const grades = publicFace(story.dossier, '2026-05-04', catalogue)?.ratings.map(({ grade }) => grade)
    t.same(grades, told, what)
  }
  const story = new Story([licence('l'), penalty('p', '2026-03-01', { conduct: '无证生产' })])
  story.rated('2026-05-01')
  story.happens('2026-05-04', corrected('p', { conduct: '超出许可范围' }))
  story.happens('2026-05-05', corrected('p', { conduct: '超出许可的范围' }))
  const face = publicFace(story.dossier, '2026-05-05', catalogue)
  t.same(
    face?.ratings.map(({ on, limits }) => [on, limits.length]),
    [
      ['2026-05-05', 0],
      ['2026-05-04', 0],
    ],
    'a text by which it counts otherwise; the slip after it is none',
  )
})

t.test('a re-test that reverses a result and a review that annuls a penalty speak at once', async (t) => {
  const story = new Story([
    licence('l'),
    sampling('s', '2026-03-01', '不合格'),
    penalty('p', '2026-03-01', grave),
  ])
  story.rated('2026-05-01')
  t.match(story.grade(), { grade: 'D' })
  story.happens('2026-05-04', updated('s', { retest: '改变原结论' }))
  t.match(story.grade(), { grade: 'C', points: 51.67 })
  t.same(story.happens('2026-05-05', updated('p', { reviewOutcome: '维持' })), [], 'upheld: nothing changes')
  story.happens('2026-05-06', updated('p', { reviewOutcome: '撤销', reviewedOn: '2026-05-05' }))
  t.match(story.grade(), { grade: 'B', points: 80, items: [], limits: [] })
})

t.test(
  'a penalty annulled leaves case, list, grade, honours and the public file, with the reason told',
  async (t) => {
    const story = new Story([
      licence('l'),
      penalty('石罚1号', '2026-03-01', { ...grave, publishedOn: '2026-03-10' }),
      award('a', '省', '2025-01-01'),
      sampling('s', '2026-01-01', '合格'),
    ])
    story.listed(['石罚1号'], '2026-04-01')
    story.rated('2026-05-01')
    t.match(story.grade(), { grade: 'D' })
    const annulled = updated('石罚1号', { reviewOutcome: '撤销', reviewedOn: '2026-05-08' })
    t.same(story.happens('2026-05-09', annulled), ['record.unpublished', 'listing.removed', 'rating.issued'])
    t.match(story.dossier.cases, [{ status: 'removed', removed: { cause: 'annulled' } }])
    t.match(story.grade(), { grade: 'A', limits: [] })
    t.match(
      honouredOn(story.dossier, '2026-05-09', catalogue),
      [{ grade: 'A' }],
      'an annulled penalty is not adverse',
    )
    t.match(publicFace(story.dossier, '2026-05-09', catalogue), {
      listings: [],
      retractions: [{ label: '违法违规', on: '2026-05-09', reason: '行政处罚决定被依法撤销' }],
    })
    t.notMatch(faceOf(story, '2026-05-09'), /石罚1号|"grade":"D"/)
    t.match(publicFace(story.dossier, '2027-05-08', catalogue)?.retractions, [{ on: '2026-05-09' }])
    t.same(publicFace(story.dossier, '2027-05-09', catalogue)?.retractions, [], 'the line goes after a year')
    story.happens('2026-05-10', updated('石罚1号', { reviewOutcome: null, reviewedOn: null }))
    const back = publicFace(story.dossier, '2026-05-10', catalogue)
    t.same(back?.retractions, [], 'it was no annulment, and nobody reads that it was one')
    t.match(JSON.stringify(back), /石罚1号/)
  },
)

t.test('a penalty annulled before publication ends the case', async (t) => {
  const story = new Story([licence('l'), penalty('p', '2026-03-01', grave)])
  story.listed(['p'], '2026-03-20', { published: false })
  t.same(story.happens('2026-03-21', withdrawn('p')), ['listing.dropped'])
  t.match(story.dossier.cases, [{ status: 'dropped' }])
})

t.test('of two penalties one falls: the listing stays on the other and shows only that', async (t) => {
  const first = penalty('石罚1号', '2026-03-01', grave)
  const second = penalty('石罚2号', '2026-03-05', grave)
  const story = new Story([licence('l'), first, second])
  story.listed(['石罚1号', '石罚2号'], '2026-04-01')
  story.rated('2026-05-01')
  const shown = () =>
    publicFace(story.dossier, '2026-05-09', catalogue)?.listings.map(({ penalties }) =>
      penalties.map(({ documentNo }) => documentNo),
    )
  t.same(shown(), [['石罚1号', '石罚2号']])
  t.match(story.happens('2026-05-09', updated('石罚1号', { reviewOutcome: '确认无效' })), [
    'record.unpublished',
    'listing.basisChanged',
    'rating.issued',
  ])
  t.same(shown(), [['石罚2号']])
  t.match(story.grade(), { grade: 'D' }, 'still listed')
  t.same(story.happens('2026-05-10', corrected('石罚2号', { severity: '一般' })), [
    'listing.removed',
    'rating.issued',
  ])
  t.same(shown(), [], 'the last no longer meets its ground')
  t.match(story.grade(), { grade: 'B' })
})

t.test('a correction that leaves the ground met changes nothing of a listing', async (t) => {
  const story = new Story([licence('l'), penalty('p', '2026-03-01', grave)])
  story.listed(['p'], '2026-04-01')
  t.same(story.happens('2026-05-09', corrected('p', { severity: '较重' })), [])
  t.match(story.dossier.cases, [{ status: 'inForce' }])
})

t.test('注销 after 吊销 lifts nothing; a revocation that was wrong does', async (t) => {
  const revoked = { status: '吊销', statusChangedOn: '2026-04-01' }
  const story = new Story([licence('l'), sampling('s', '2026-03-01', '合格')])
  story.rated('2026-03-20', 'enterprise-classes')
  t.match(story.grade('enterprise-classes'), { grade: 'A' })
  t.same(story.happens('2026-04-02', updated('l', revoked)), ['rating.issued'])
  t.match(story.grade('enterprise-classes'), { grade: 'C' })
  t.same(story.happens('2026-04-10', updated('l', { status: '注销', statusChangedOn: '2026-04-09' })), [])
  t.match(story.grade('enterprise-classes'), { grade: 'C' })
  story.rated('2026-06-01', 'enterprise-classes')
  t.match(
    story.grade('enterprise-classes'),
    { grade: 'C', limitedUntil: '2029-04-01' },
    'and the next campaign says the same',
  )
  t.equal(faceChangesOn(story.dossier, '2028-06-01', catalogue), '2029-04-01', 'the revocation ends')
  t.same(story.passes('2029-03-31'), [], 'the day before')
  const [before, on] = [story.dossier, story.passes('2029-04-01')]
  t.same(on, ['rating.issued'], 'three years from the revocation, not from 注销')
  t.match(story.grade('enterprise-classes'), { grade: null, limits: [], reason: /不再存在/ })
  t.same(story.passes('2029-04-02'), [], 'once')
  story.dossier = before
  t.same(story.happens('2026-06-02', corrected('l', { status: '有效' })), ['rating.issued'])
  t.match(story.grade('enterprise-classes'), { grade: 'A' })
})

t.test('missing data is never good data', async (t) => {
  const records = [licence('l'), award('a', '省', '2025-01-01'), sampling('s', '2026-01-01', '合格')]
  const failed = sampling('f', '2026-03-01', '不合格')
  const { deliveredOn: _, ...data } = failed.data
  const story = new Story([...records, { ...failed, data }])
  story.rated('2026-05-01')
  t.match(story.grade(), { grade: 'B', points: 94, limits: [{ id: 'incomplete', records: ['f'] }] })
  t.same(honouredOn(story.dossier, '2026-05-01', catalogue), [])
  t.match(
    deadlinesOf(story.dossier, catalogue).filter(({ what }) => what === 'completion'),
    [{ about: 'f', consequence: /结果送达日期/ }],
  )
  const face = publicFace(story.dossier, '2026-05-01', catalogue)
  t.match(
    face?.ratings,
    [{ limits: [], unpublished: { limited: true } }],
    'the public is told that something limits',
  )
  story.happens('2026-05-02', updated('f', { deliveredOn: '2026-03-10' }))
  t.same(
    deadlinesOf(story.dossier, catalogue).filter(({ what }) => what === 'completion'),
    [],
  )
  story.rated('2026-05-03')
  t.match(story.grade(), { grade: 'B', limits: [], points: 73 }, 'complete, it counts from its own date')
})

t.test('while what review made of a penalty is not entered, no grade is better for it', async (t) => {
  const changed = updated('p', { reviewOutcome: '变更', reviewedOn: '2026-06-01' })
  const entered = (severity: string) =>
    about('record.added', { ...penalty('q', '2026-06-02', { documentNo: 'p号', severity }), type: 'penalty' })
  const award20 = [licence('l'), award('a', '国家', '2026-01-01'), sampling('s', '2026-01-01', '合格')]
  for (const [said, records, own, before, held, next, after] of [
    ['rated by licences', award20, { severity: '严重' }, 'C', 'C', entered('较重'), 'B'],
    [
      'annulled after all',
      award20,
      { severity: '严重' },
      'C',
      'C',
      updated('p', { reviewOutcome: '撤销' }),
      'A',
    ],
    [
      'an outcome that was wrong',
      award20,
      { severity: '严重' },
      'C',
      'C',
      corrected('p', { reviewOutcome: null }),
      'C',
    ],
    ['entered by mistake', award20, { severity: '严重' }, 'C', 'C', withdrawn('p'), 'A'],
    ['rated by the penalty alone', [], { category: '无证生产经营' }, 'D', 'D', withdrawn('p'), null],
    ['for nothing', award20, { severity: '较轻' }, 'A', 'A', entered('严重'), 'A'],
  ] as const) {
    const story = new Story([...records, penalty('p', '2026-03-01', { documentNo: 'p号', ...own })])
    story.rated('2026-05-01')
    t.match(story.grade(), { grade: before }, said)
    story.happens('2026-06-01', changed)
    t.match(story.grade(), { grade: held }, `${said}: changed`)
    t.same(story.passes('2026-06-01'), [], `${said}: and nothing is left to follow`)
    t.notMatch(faceOf(story, '2026-06-01'), /"p"/, `${said}: the penalty is not named`)
    t.equal(
      publicFace(story.dossier, '2026-06-01', catalogue)?.ratings[0]?.limits.length,
      held === 'A' ? 0 : 1,
      `${said}: the public is told why`,
    )
    story.happens('2026-06-03', next)
    t.match(story.grade(), { grade: after }, `${said}: and then`)
  }
})

t.test('after its publication has ended a record counts and shows no more', async (t) => {
  const minor = penalty('p', '2026-03-01', { fine: 3_000, publishedOn: '2026-03-10', severity: '一般' })
  const story = new Story([licence('l'), minor])
  story.rated('2026-05-01')
  t.match(story.grade(), { points: 70.56 })
  const [day, dayAfter] = ['2026-06-09', '2026-06-10']
  t.match(faceOf(story, day), /"points":-9.44/)
  t.notMatch(faceOf(story, dayAfter), /-9.44|unpublished"/, 'a reader who comes before the daily job too')
  t.same(story.happens(day, about('note.added', { id: 'n', text: '' })), [], 'the last day of publication')
  t.same(story.happens(dayAfter, about('record.unpublished', { id: 'p', on: dayAfter })), ['rating.issued'])
  t.match(story.grade(), { points: 80, items: [], reason: '所依据的记录已停止公示，重新评定' })
  t.notMatch(faceOf(story, dayAfter), /9.44|70.56/)
})

t.test('an adjustment by hand, and what changes after it', async (t) => {
  const asked = (story: Story) =>
    deadlinesOf(story.dossier, catalogue)
      .filter(({ what }) => what === 'adjustment')
      .map(({ consequence }) => consequence)
  const worse = { grade: 'C', reason: '屡次不改' }
  const better = { grade: 'A', reason: '自查整改好' }
  const failed = sampling('s', '2026-03-01', '不合格', { severity: '轻微' })
  const published = '2026-03-09'
  for (const [said, adjusted, fact, grade, from, isAsked] of [
    ['worse, its basis withdrawn', worse, withdrawn('s'), 'C', 'A', true],
    ['better, its basis withdrawn', better, withdrawn('s'), 'A', 'A', true],
    ['worse, its basis graver', worse, updated('s', { severity: '较重' }), 'C', 'C', true],
    ['better, its basis graver', better, updated('s', { severity: '较重' }), 'C', undefined, true],
    ['worse, an award in it corrected', worse, corrected('a', { level: '省' }), 'C', 'B', true],
    ['better, an award in it corrected', better, corrected('a', { level: '省' }), 'B', undefined, true],
    ['worse, what it left out counts', worse, corrected('o', { revokedOn: null }), 'C', 'B', false],
    ['better, what it left out counts', better, corrected('o', { revokedOn: null }), 'A', 'B', false],
    [
      'worse, a new grave penalty',
      worse,
      about('record.added', penalty('p', '2026-03-02', { publishedOn: published, severity: '严重' })),
      undefined,
    ],
    [
      'better, a new grave penalty',
      better,
      about('record.added', penalty('p', '2026-03-02', { publishedOn: published, severity: '严重' })),
      'D',
      undefined,
      true,
    ],
    [
      'better, a new light one',
      better,
      about('record.added', penalty('p', '2026-03-02', { publishedOn: published, severity: '较轻' })),
      undefined,
    ],
    ['what no rule reads', better, updated('s', { brand: '示例' }), undefined],
  ] as const) {
    const story = new Story([
      ...[licence('l'), failed, award('a', '国家', '2025-06-01')],
      award('o', '县', '2025-06-02', { revokedOn: '2026-04-01' }),
    ])
    story.rated('2026-05-01', 'four-grades', adjusted)
    const followed = story.happens('2026-05-04', fact)
    if (grade === undefined) {
      t.same(followed, [], said)
      t.match(story.grade(), { grade: adjusted.grade, adjusted: { reason: adjusted.reason } }, said)
      continue
    }
    t.equal(story.grade()?.grade, grade, said)
    t.same(story.grade()?.adjusted, from && { from, reason: adjusted.reason }, said)
    t.equal(asked(story).length, isAsked ? 1 : 0, said)
    if (isAsked) t.match(asked(story)[0], new RegExp(adjusted.reason), said)
    story.happens('2026-05-05', about('note.added', { id: 'n', text: '' }))
    t.equal(story.grade()?.grade, grade, `${said}: as long as nobody decides`)
    story.rated('2026-06-01')
    t.same(asked(story), [], `${said}: settled by the next`)
  }
})

/** Facts of a file at random: what may happen to any of its records, in any order. */
const facts = fc.array(
  fc.record({
    what: fc.constantFrom(
      'withdrawn',
      'annulled',
      'changed',
      'corrected',
      'restored',
      'ended',
      'revoked',
      'gone',
    ),
    which: fc.constantFrom('p1', 'p2', 's', 'l'),
  }),
  { minLength: 1, maxLength: 8 },
)

t.test('after any sequence of facts every public statement rests on records that stand', async () => {
  fc.assert(
    fc.property(facts, fc.boolean(), (happened, rateAgain) => {
      const story = new Story([
        licence('l'),
        sampling('s', '2026-03-01', '不合格'),
        penalty('p1', '2026-03-01', grave),
        penalty('p2', '2026-03-02', grave),
      ])
      story.listed(['p1', 'p2'], '2026-04-01')
      for (const id of ['four-grades', 'enterprise-classes']) story.rated('2026-05-01', id)
      for (const [i, { what, which }] of happened.entries()) {
        const on = `2026-06-${String(i + 1).padStart(2, '0')}`
        if (story.dossier.records.find(({ id }) => id === which)?.withdrawn) continue
        const isPenalty = which.startsWith('p')
        if (what === 'withdrawn') story.happens(on, withdrawn(which))
        else if (what === 'annulled' && isPenalty)
          story.happens(on, updated(which, { reviewOutcome: '撤销' }))
        else if (what === 'changed' && isPenalty) story.happens(on, updated(which, { reviewOutcome: '变更' }))
        else if (what === 'corrected' && isPenalty) story.happens(on, corrected(which, { severity: '一般' }))
        else if (what === 'restored' && isPenalty)
          story.happens(on, corrected(which, { reviewOutcome: null }))
        else if (what === 'ended' && isPenalty) story.happens(on, updated(which, { publicationEndsOn: on }))
        else if (what === 'revoked' && which === 'l') story.happens(on, updated('l', { status: '吊销' }))
        else if (what === 'gone')
          story.happens(on, about('enterprise.changed', { changes: { status: '注销' } }))
        if (rateAgain && i === 1) story.rated(on)
        mustRest(story, on)
      }
    }),
    { numRuns: 300 },
  )
})

function mustRest({ dossier, rules }: Story, on: string): void {
  const standing = new Set(
    dossier.records
      .filter(
        ({ type, data, withdrawn: isWithdrawn }) =>
          !isWithdrawn && !(type === 'penalty' && ['撤销', '变更'].includes(String(data.reviewOutcome))),
      )
      .map(({ id }) => id),
  )
  const face = publicFace(dossier, on, catalogue)
  if (!face) throw new Error('no face')
  for (const own of dossier.cases)
    if (own.status === 'inForce') {
      const basis = own.basis ?? own.proposed.penalties
      if (basis.length === 0 || basis.some((id) => !standing.has(id)))
        throw new Error('a listing without a basis')
      if (dossier.enterprise.status === '注销') throw new Error('a listing of a firm that is gone')
    }
  const listed = new Set(dossier.cases.filter(({ status }) => status === 'inForce').map(({ id }) => id))
  for (const rating of face.ratings) {
    if (rating.inForce) {
      const stored = dossier.ratings.find(({ id }) => id === rating.id)
      for (const { records } of [...(stored?.items ?? []), ...(stored?.limits ?? [])])
        for (const id of records) {
          const record = dossier.records.find((known) => known.id === id)
          if (record?.withdrawn || (!record && !listed.has(id))) throw new Error(`a grade counts ${id}`)
        }
    }
    for (const { records } of [...rating.items, ...rating.limits])
      for (const id of records)
        if (!standing.has(id) && !listed.has(id)) throw new Error(`the public is shown ${id}`)
  }
  if (consequences(dossier, dossier, on, rules).length > 0) throw new Error('something was left to follow')
}
