import t from 'tap'
import { hasIssued } from '../../src/consequences/consequences.ts'
import { lapsingProposals } from '../../src/consequences/proposals.ts'
import { retractions } from '../../src/consequences/publication.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import { type Dossier, versionOf } from '../../src/dossier/dossier.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import type { Draft } from '../../src/register/entry.ts'
import { licence, penalty, type TestRecord } from '../rating/files.ts'
import { about, corrected, KEY, Story, updated, withdrawn } from './files.ts'

const TODAY = '2026-11-24'

function after(before: Dossier, ...drafts: readonly Draft[]): Dossier {
  const file = anticipated(before, drafts)
  if (!file) throw new Error('no file')
  return file
}

const fileOf = (...records: readonly TestRecord[]) => new Story(records).dossier

/** An act upon a file that waits for a second person, as it saw the file. */
function proposed(
  file: Dossier,
  act: string,
  id?: string,
  input: RecordData = {},
  fields?: string[],
): Dossier {
  const saw = versionOf(file, id, fields)
  const payload = {
    ...{ id: `${act}-1`, act, on: { code: KEY, ...(id && { id }) }, input, saw, why: '须两人', by: 'x' },
    ...(fields && { fields }),
  }
  return after(file, about('act.proposed', payload))
}

const lapsed = (file: Dossier) =>
  lapsingProposals(file, TODAY, catalogue).map(({ kind, payload }) => [kind, payload])

t.test(
  'what waits for a second person lapses as soon as what it saw is touched, and only then',
  async (t) => {
    const file = fileOf(licence('l'), licence('m'))
    const waiting = proposed(file, 'withdraw-record', 'l')
    const reason = '所涉及的内容已有变动，请按现状重新提请'
    const told = [['act.lapsed', { id: 'withdraw-record-1', reason }]]
    for (const [what, drafts, expected] of [
      ['nothing', [], []],
      ['a note', [about('note.added', { id: 'n', text: '' })], []],
      ['the other licence', [updated('m', { product: '电缆' })], []],
      ['it', [updated('l', { product: '电缆' })], told],
      ['it corrected', [corrected('l', { product: '电缆' })], told],
      ['it withdrawn', [withdrawn('l')], told],
    ] as const)
      t.same(lapsed(after(waiting, ...drafts)), expected, what)
    for (const [kind, payload] of [
      ['act.confirmed', { by: 'y' }],
      ['act.refused', { reason: '不妥', by: 'y' }],
      ['act.lapsed', { reason }],
    ] as const) {
      const settled = after(waiting, about(kind, { id: 'withdraw-record-1', ...payload }))
      t.same(lapsed(after(settled, withdrawn('l'))), [], `${kind}: no more waiting`)
    }
  },
)

t.test('of some fields alone: others may change meanwhile', async (t) => {
  const waiting = proposed(fileOf(licence('l')), 'correct-record', 'l', {}, ['product', 'number'])
  for (const [changes, count] of [
    [{ validTo: '2028-01-08' }, 0],
    [{ product: '电缆' }, 1],
    [{ validTo: '2028-01-08', number: '2' }, 1],
  ] as const)
    t.equal(lapsed(after(waiting, updated('l', changes))).length, count, JSON.stringify(changes))
})

t.test('a record put forward lapses when the same is entered, not when another is', async (t) => {
  const entry = (number: string) => ({ type: 'licence', data: licence(number).data })
  const added = (number: string) => about('record.added', licence(number))
  for (const [what, act, input, lapses] of [
    ['the same', 'add-record', entry('l'), true],
    ['another', 'add-record', entry('m'), false],
    ['no kind of record', 'add-record', { ...entry('l'), type: 'none' }, false],
    ['no valid record', 'add-record', { type: 'licence', data: { ...licence('l').data, kind: '' } }, false],
    ['no input', 'add-record', {}, false],
    ['another act', 'open-file', entry('l'), false],
  ] as const) {
    const waiting = proposed(fileOf(), act, 'none', input)
    t.same(
      lapsed(after(waiting, added('l'))),
      lapses ? [['act.lapsed', { id: 'add-record-1', reason: '同一许可认证记录已经登记' }]] : [],
      what,
    )
  }
})

t.test('what was issued in a file, thing by thing', async (t) => {
  const plain = fileOf(licence('l'))
  t.equal(hasIssued(plain), false, 'a licence alone')
  t.equal(hasIssued(fileOf()), false)
  t.equal(hasIssued(fileOf(licence('l'), penalty('p', '2026-03-02'))), true, 'a penalty')
  const rated = new Story([licence('l')])
  rated.rated('2026-05-01')
  t.equal(hasIssued(rated.dossier), true, 'a grade')
  const listed = new Story([licence('l')])
  listed.listed([], '2026-05-01')
  t.equal(hasIssued(listed.dossier), true, 'a case')
  const waiting = proposed(plain, 'withdraw-record', 'l')
  const second = after(
    waiting,
    about('act.proposed', {
      ...{ id: 'b', act: 'close-file', on: { code: KEY }, input: {}, saw: 1, why: '须两人', by: 'x' },
    }),
    about('act.refused', { id: 'b', reason: '不妥', by: 'y' }),
  )
  t.equal(hasIssued(waiting), true, 'an act that waits')
  t.equal(hasIssued(second), true, 'one that waits beside one that was refused')
  const settled = after(second, about('act.confirmed', { id: 'withdraw-record-1', by: 'y' }))
  t.equal(hasIssued(settled), false, 'none that waits any more')
})

t.test('a publication taken back before its time, with the reason that the public is told', async (t) => {
  const file = fileOf(penalty('p', '2026-03-02'), penalty('q', '2026-03-02'), licence('l'))
  const reviewed = (reviewOutcome: string, more: RecordData = {}) =>
    updated('p', { reviewOutcome, reviewedOn: TODAY, ...more })
  const taken = (drafts: readonly Draft[], on = TODAY, before: Dossier | undefined = file) =>
    retractions(before, after(file, ...drafts), on, catalogue).map(({ payload }) => payload)
  for (const [what, draft, reason] of [
    ['nothing', about('note.added', { id: 'n', text: '' }), undefined],
    ['upheld', reviewed('维持'), undefined],
    ['annulled', reviewed('撤销'), '行政处罚决定被依法撤销'],
    ['held unlawful', reviewed('确认违法'), '行政处罚决定被依法确认违法'],
    ['held void', reviewed('确认无效'), '行政处罚决定被依法确认无效'],
    ['changed to a warning', reviewed('变更', { types: ['警告'], fine: null }), '行政处罚决定被依法变更'],
    ['changed, to be published anew', reviewed('变更', { fine: 60_000 }), '行政处罚决定被依法变更'],
    ['paid', updated('p', { fulfilledOn: TODAY }), undefined],
    ['withdrawn', withdrawn('p'), '公示的信息有误'],
    [
      'corrected to a warning, which is not shown',
      corrected('p', { types: ['警告'], fine: null }),
      undefined,
    ],
    ['a licence withdrawn', withdrawn('l'), undefined],
  ] as const)
    t.same(taken([draft]), reason === undefined ? [] : [{ id: 'p', on: TODAY, reason }], what)
  t.same(
    taken([withdrawn('p'), withdrawn('q')]),
    ['p', 'q'].map((id) => ({ id, on: TODAY, reason: '公示的信息有误' })),
    'two',
  )
  t.same(taken([withdrawn('p')], '2026-03-29'), [], 'the day before it was public')
  t.same(taken([withdrawn('p')], '2026-03-30').length, 1, 'the day on which it was')
  t.same(taken([withdrawn('p')], '2029-03-30'), [], 'its time is over')
  t.same(retractions(undefined, after(file, withdrawn('p')), TODAY, catalogue), [], 'a file that begins')
})

t.test('of a file that is withdrawn nothing follows but that what waited lapses', async (t) => {
  const story = new Story([licence('l'), penalty('p', '2026-03-02', { severity: '严重' })])
  story.rated('2026-05-01')
  story.listed(['p'], '2026-05-01')
  story.dossier = proposed(story.dossier, 'change-enterprise', undefined, {})
  const before = story.dossier
  t.same(story.happens(TODAY, about('enterprise.withdrawn', { reason: '误建' })), ['act.lapsed'])
  story.dossier = before
  t.same(
    story.happens(TODAY, withdrawn('p'), about('enterprise.withdrawn', { reason: '误建' })),
    ['act.lapsed'],
    'nor of a penalty that is withdrawn along with it',
  )
})
