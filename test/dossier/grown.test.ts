import t from 'tap'
import { type Dossier, fold } from '../../src/dossier/dossier.ts'
import { fileJson, type PublicFile, publicFace } from '../../src/dossier/face.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { award, licence, penalty } from '../rating/files.ts'
import { entriesOf, type Fact, listed, objected, opened, proposed, rated } from './entries.ts'

/**
 * The face of a file is grown from the one before where only records have moved. It is that of the whole file, whatever
 * entry comes, and whatever comes after it.
 */

const TODAY = '2026-03-20'
const added = (id: string, { type, data }: ReturnType<typeof penalty>): Fact => [
  'record.added',
  { id, type, data },
]
const fined = (id: string, more = {}) =>
  added(id, penalty(id, '2026-01-05', { publishedOn: '2026-01-10', ...more }))
const corrected = (id: string, changes: object): Fact => ['record.corrected', { id, changes, reason: '误' }]
const ofCase = (kind: string, more: object): Fact => [`listing.${kind}`, { case: 'c', by: 'x', ...more }]

const STANDING: readonly Fact[] = [
  opened,
  fined('p'),
  fined('never', { procedure: '简易程序' }),
  added('l', licence('l')),
  ...listed('c'),
  rated('r', ['p', 'never']),
  objected('o', 'record', 'p'),
  ['document.attached', { record: 'p', text: '文', masked: 0, toldOn: '2026-03-01', by: 'x' }],
  ['document.reviewed', { record: 'p', approved: true, reasons: '', by: 'y' }],
]

const NEXT: readonly Fact[] = [
  ['enterprise.changed', { changes: { name: '新名' } }],
  ['enterprise.changed', { changes: { legalRepresentative: '甲' } }],
  ['enterprise.corrected', { changes: { address: '路' }, reason: '误' }],
  ['enterprise.withdrawn', { reason: '误' }],
  fined('q'),
  fined('hidden', { procedure: '简易程序' }),
  added('a', award('a', '省', '2025-05-01')),
  added('x', { id: 'x', type: 'of-later', data: {} }),
  ['record.updated', { id: 'p', changes: { fulfilledOn: '2026-02-01' } }],
  ['record.updated', { id: 'p', changes: { remark: '注' } }],
  ['record.updated', { id: 'never', changes: { remark: '注' } }],
  corrected('p', { procedure: '简易程序' }),
  corrected('never', { procedure: '普通程序', publishedOn: '2026-01-10' }),
  corrected('never', { publishedOn: '2026-03-21', procedure: '普通程序' }),
  corrected('l', { issuedOn: '2022-01-10' }),
  ['record.withdrawn', { id: 'p', reason: '误' }],
  ['record.withdrawn', { id: 'never', reason: '误' }],
  ['record.published', { id: 'p', on: '2026-01-10' }],
  ['record.unpublished', { id: 'p', on: '2026-03-10', reason: '撤销' }],
  rated('s', ['p']),
  ['rating.revoked', { id: 'r', reason: '误' }],
  proposed('d', ['p']),
  ofCase('suspended', { changed: ['p'], on: '2026-03-10', reason: '', dueOn: '2026-04-10', certain: true }),
  ofCase('rebased', { penalties: ['p'], facts: '', reasons: '' }),
  ofCase('basisChanged', { penalties: [], reason: '' }),
  ofCase('removed', { on: '2026-03-10', cause: 'expired', reason: '' }),
  ofCase('reinstated', { penalties: ['p'], on: '2026-03-10', reason: '' }),
  ['publication.endApplied', { record: 'p', on: '2026-03-10', grounds: '', dueOn: '2026-04-01', by: 'x' }],
  objected('o2', 'case', 'c'),
  ['objection.settled', { id: 'o', on: '2026-03-10', upheld: false, outcome: '' }],
  ['document.attached', { record: 'p', text: '再', masked: 0, toldOn: '2026-03-01', by: 'x' }],
  ['note.added', { id: 'n', text: '注' }],
  ['query.raised', { id: 'f', record: 'p', text: '疑' }],
  ['something.later', {}],
]

/** Grows the face entry by entry; gives the last one, and whether each was that of the whole file. */
function grown(facts: readonly Fact[], days: readonly string[] = [TODAY]) {
  let dossier: Dossier | undefined
  let face: PublicFile | undefined
  let isWhole = true
  for (const [i, entry] of entriesOf(facts, { recordedAt: '2026-03-01T02:00:00.000Z' }).entries()) {
    dossier = fold(dossier, [entry])
    if (!dossier) throw new Error('no file')
    const on = days[i % days.length] ?? TODAY
    face = publicFace(dossier, on, catalogue, face)
    const whole = publicFace(dossier, on, catalogue)
    isWhole &&= (face && fileJson(face)) === (whole && fileJson(whole))
  }
  return { face, isWhole }
}

t.test('whatever comes, and whatever comes after it', async (t) => {
  for (const first of NEXT)
    for (const second of NEXT) {
      // An id is given once.
      if (first === second && first[0] === 'record.added') continue
      const said = JSON.stringify([first, second])
      if (!grown([...STANDING, first, second]).isWhole) t.fail(said)
    }
  t.ok(
    grown([...STANDING, ...NEXT.filter(([kind]) => kind !== 'enterprise.withdrawn')]).isWhole,
    'all of them',
  )
})

t.test('a record takes its place among as many as there are, wherever that is, and leaves it', async (t) => {
  const days = [
    '2026-01-05',
    '2026-01-06',
    '2026-01-06',
    '2026-01-07',
    '2026-01-08',
    '2026-01-08',
    '2026-01-09',
  ]
  for (let count = 0; count <= days.length; count += 1)
    for (const day of ['2026-01-04', ...days, '2026-01-10']) {
      const others = days.slice(0, count).map((on, i) => fined(`p${i}`, { decidedOn: on }))
      for (const id of ['a', 'p3a', 'z']) {
        const facts = [opened, ...others, fined(id, { decidedOn: day })]
        const { face, isWhole } = grown(facts)
        t.ok(isWhole && face?.sections.penalties?.length === count + 1, `${count}, then ${id} of ${day}`)
        t.ok(grown([...facts, ['record.withdrawn', { id, reason: '' }]]).isWhole, 'and gone')
      }
    }
})

t.test('a day that passes between two entries', async (t) => {
  const soon = fined('soon', { publishedOn: '2026-03-20', publicationEndsOn: '2026-03-22' })
  for (const days of [
    ['2026-03-19', '2026-03-20'],
    ['2026-03-20', '2026-03-21', '2026-03-22'],
    ['2026-03-22', '2026-03-19'],
  ])
    t.ok(grown([...STANDING, soon, ...NEXT.slice(4, 12)], days).isWhole, days.join())
})
