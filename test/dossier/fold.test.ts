import t from 'tap'
import { anticipated } from '../../src/dossier/anticipate.ts'
import { differencesBetween } from '../../src/dossier/differences.ts'
import { faultOfLast, fold, nameOf, regionOf, versionOf } from '../../src/dossier/dossier.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { licence, penalty } from '../rating/files.ts'
import { entriesOf, type Fact, listed, opened, rated } from './entries.ts'

/** What entries leave of a file, rule by rule. */

const added = (id: string, { type, data }: ReturnType<typeof penalty>, more: object = {}): Fact => [
  'record.added',
  { id, type, data, ...more },
]
const fined = (id: string, more: object = {}) => added(id, penalty(id, '2026-01-05'), more)
const updated = (id: string, changes: object, more: object = {}): Fact => [
  'record.updated',
  { id, changes, ...more },
]
const corrected = (id: string, changes: object, more: object = {}): Fact => [
  'record.corrected',
  { id, changes, reason: '误', ...more },
]
const named = (name: string): Fact => ['enterprise.changed', { changes: { name } }]
const renamed = (name: string): Fact => ['enterprise.corrected', { changes: { name }, reason: '误' }]

function folded(facts: readonly Fact[]) {
  const dossier = fold(undefined, entriesOf([opened, ...facts]))
  if (!dossier) throw new Error('no file')
  return dossier
}

t.test(
  'that a licence was revoked is kept while its status follows by law or time, and no longer',
  async (t) => {
    const revoked = added('l', licence('l', { status: '吊销', statusChangedOn: '2026-02-01' }))
    const undated = added('l', licence('l', { status: '撤销' }))
    const [kept, keptUndated] = [{ status: '吊销', on: '2026-02-01' }, { status: '撤销' }]
    const cancelled = updated('l', { status: '注销', statusChangedOn: '2026-03-01' })
    for (const [said, facts, left] of [
      ['revoked', [revoked], undefined],
      ['cancelled since', [revoked, cancelled], kept],
      ['expired since', [revoked, updated('l', { status: '过期' })], kept],
      ['valid again', [revoked, updated('l', { status: '有效' })], undefined],
      ['suspended', [revoked, updated('l', { status: '暂停' })], undefined],
      ['revoked on no day', [undated, cancelled], keptUndated],
      ['never revoked', [added('l', licence('l')), cancelled], undefined],
      ['cancelled, then expired', [revoked, cancelled, updated('l', { status: '过期' })], kept],
      ['cancelled, then another field', [revoked, cancelled, updated('l', { remark: '注' })], kept],
      ['cancelled, then valid again', [revoked, cancelled, updated('l', { status: '有效' })], undefined],
      [
        'cancelled, then another field corrected',
        [revoked, cancelled, corrected('l', { remark: '注' })],
        kept,
      ],
      [
        'cancelled, then its status corrected',
        [revoked, cancelled, corrected('l', { status: '有效' })],
        undefined,
      ],
      ['another field of one revoked', [revoked, updated('l', { remark: '注' })], undefined],
      ['of two the other', [revoked, added('m', licence('m')), updated('m', { status: '注销' })], undefined],
      ['no licence', [fined('l'), updated('l', { status: '注销' })], undefined],
      [
        'a penalty that has such a status',
        [fined('l'), updated('l', { status: '吊销' }), updated('l', { status: '注销' })],
        undefined,
      ],
    ] as [string, Fact[], object | undefined][])
      t.same(folded(facts).records.find(({ id }) => id === 'l')?.revoked, left, said)
  },
)

t.test('the unified code that a firm has is the last that was said', async (t) => {
  const changed = (uscc: string | undefined): Fact => [
    'enterprise.changed',
    { ...(uscc !== undefined && { uscc }), changes: {} },
  ]
  for (const [said, facts, uscc] of [
    ['none', [], undefined],
    ['one', [changed('U')], 'U'],
    ['one, and a change that says none', [changed('U'), changed(undefined)], 'U'],
    ['another', [changed('U'), changed('V')], 'V'],
  ] as const) {
    const dossier = folded(facts)
    t.equal(dossier.uscc, uscc, said)
    t.equal('uscc' in dossier, uscc !== undefined, said)
  }
})

t.test('which names a firm has borne', async (t) => {
  const removed: Fact = ['listing.removed', { case: 'c', on: '2026-03-10', cause: 'expired', reason: '' }]
  for (const [said, facts, names] of [
    ['none', [], []],
    ['another name', [named('乙')], ['示例公司']],
    ['two', [named('乙'), named('丙')], ['示例公司', '乙']],
    ['the first again', [named('乙'), named('示例公司')], ['乙']],
    ['the same', [named('示例公司')], []],
    ['another field', [['enterprise.changed', { changes: { address: '路' } }]], []],
    ['a wrong one', [renamed('乙')], []],
    ['a wrong one of a listed firm', [...listed('c', []), renamed('乙')], ['示例公司']],
    ['a wrong one of a firm that is to be listed', [...listed('c', []).slice(0, 2), renamed('乙')], []],
    ['a wrong one of a firm that was listed', [...listed('c', []), removed, renamed('乙')], []],
    [
      'a wrong one where of two cases one is on the list',
      [...listed('c', []), ...listed('d', []).slice(0, 1), renamed('乙')],
      ['示例公司'],
    ],
    ['withdrawn', [named('乙'), ['enterprise.withdrawn', { reason: '' }]], []],
  ] as [string, Fact[], string[]][])
    t.same(folded(facts).formerNames, names, said)
})

t.test('whose a record is after each change, and of which rows it was made', async (t) => {
  const row = { row: 'r1', owner: 'city' }
  for (const [said, facts, owner, rows] of [
    ['nobody is named', [fined('p')], undefined, undefined],
    ['an owner', [fined('p', row)], 'city', ['r1']],
    ['updated', [fined('p', row), updated('p', { fine: 1 })], 'city', ['r1']],
    ['updated by a row', [fined('p', row), updated('p', { fine: 1 }, { row: 'r2' })], 'city', ['r1', 'r2']],
    [
      'updated, of another',
      [fined('p', row), updated('p', { fine: 1 }, { owner: 'county' })],
      'county',
      ['r1'],
    ],
    ['corrected', [fined('p', row), corrected('p', { fine: 1 })], 'city', ['r1']],
    [
      'corrected, of another',
      [fined('p'), corrected('p', { fine: 1 }, { owner: 'county' })],
      'county',
      undefined,
    ],
    [
      'of two the other',
      [fined('p', row), fined('q'), updated('q', { fine: 1 }, { owner: 'x' })],
      'city',
      ['r1'],
    ],
    ['withdrawn', [fined('p', row), ['record.withdrawn', { id: 'p', reason: '' }]], 'city', undefined],
  ] as [string, Fact[], string | undefined, string[] | undefined][]) {
    const record = folded(facts).records.find(({ id }) => id === 'p')
    t.same([record?.made.owner, record?.rows], [owner, rows], said)
  }
  const many = Array.from({ length: 11 }, (_, i) => updated('p', { fine: i }, { row: `u${i}` }))
  t.same(
    folded([fined('p', row), ...many.slice(0, 9)]).records[0]?.rows,
    ['r1', ...Array.from({ length: 9 }, (_, i) => `u${i}`)],
    'ten of them',
  )
  t.same(
    folded([fined('p', row), ...many.slice(0, 10)]).records[0]?.rows,
    Array.from({ length: 10 }, (_, i) => `u${i}`),
    'the last ten',
  )
  const taken = (facts: readonly Fact[]) => folded(facts).rows
  t.same(taken([]), undefined)
  t.same(taken([['enterprise.changed', { changes: {}, row: 'e1' }], named('乙')]), ['e1'])
})

t.test('what is withdrawn is touched by nothing that comes later', async (t) => {
  const { records } = folded([
    fined('p'),
    ['record.withdrawn', { id: 'p', reason: '误' }],
    updated('p', { fine: 1 }),
    corrected('p', { fine: 1 }),
    ['record.withdrawn', { id: 'p', reason: '再' }],
  ])
  t.match(records, [{ data: {}, withdrawn: { reason: '误' } }])
  t.same(records[0]?.corrections, [])
  t.same(records[0]?.data, {})
})

t.test('a publication that was taken back, of what the file holds, with its reason', async (t) => {
  const unpublished = (id: string, reason?: string): Fact => [
    'record.unpublished',
    { id, on: '2026-03-02', ...(reason && { reason }) },
  ]
  t.same(folded([fined('p'), unpublished('p')]).retractions, undefined, 'its time was over')
  t.same(folded([fined('p'), unpublished('x', '撤销')]).retractions, undefined, 'of nothing')
  t.same(folded([fined('p'), fined('q'), unpublished('p', '撤销'), unpublished('q', '变更')]).retractions, [
    { id: 'p', type: 'penalty', on: '2026-03-02', reason: '撤销' },
    { id: 'q', type: 'penalty', on: '2026-03-02', reason: '变更' },
  ])
})

t.test('what cannot be read is kept among the unknown and stops nothing', async (t) => {
  const of = (facts: readonly Fact[]) =>
    folded(facts).unknown?.map(({ kind, fault, position }) => [kind, fault, position])
  t.same(of([fined('p')]), undefined)
  const bad: Fact = ['record.added', 'text']
  for (const [said, facts, fault] of [
    ['none', [fined('p')], undefined],
    ['the last', [fined('p'), bad], '内容无法读取'],
    ['the last of two', [bad, fined('p'), bad], '内容无法读取'],
    ['one before the last', [bad, fined('p')], undefined],
    ['the last, of a kind that is not known', [bad, ['something.later', {}]], undefined],
  ] as [string, Fact[], string | undefined][]) {
    const dossier = folded(facts)
    t.equal(faultOfLast(dossier), fault, said)
    t.equal(anticipated(dossier, []), dossier, `${said}: nothing more is to come`)
  }
  t.same(of([['something.later', {}]]), [['something.later', undefined, 11]])
  t.same(
    of([
      ['record.added', 'text'],
      ['something.later', {}],
    ]),
    [
      ['record.added', '内容无法读取', 11],
      ['something.later', undefined, 12],
    ],
  )
  t.same(
    of([fined('p'), ['record.updated', { id: 'p', changes: null }]]),
    [['record.updated', '内容无法读取', 12]],
    'what the fold fails at',
  )
  t.same(of([['record.added', null]]), undefined, 'what was erased is no fault')
  t.same(of([['something.later', null]]), [['something.later', undefined, 11]])
  const after = folded([['record.added', 'text'], fined('q')])
  t.same(
    [after.records.map(({ id }) => id), after.revision, after.position],
    [['q'], 3, 12],
    'counted, and what follows is read',
  )
  const proposedBefore = folded([
    ['listing.proposed', null],
    ['listing.proposed', null],
  ])
  t.same([proposedBefore.erasedCases?.length, proposedBefore.cases], [2, []], 'cases whose texts were erased')
  const unreadable = fold(undefined, [
    ...entriesOf([opened]),
    ...entriesOf([opened, fined('p')], { unreadable: true }).slice(1),
  ])
  t.match(unreadable, { records: [], unknown: [{ fault: '内容无法读取', position: 11 }] })
  t.equal(fold(undefined, entriesOf([fined('p'), named('乙')])), undefined, 'no file before it is opened')
})

t.test('the version of a part, of the file, of some fields', async (t) => {
  // Positions: 10 the file, 11 p, 12 q, 13 on what is added.
  const address: Fact = ['enterprise.changed', { changes: { address: '路' } }]
  const beside = [
    'act.refused',
    'query.answered',
    'note.added',
    'warning.settled',
    'change.explained',
  ] as const
  for (const [said, facts, whole, p, nameOnly, fineOfP] of [
    ['two records', [], 12, 11, 10, 11],
    ['an address', [address], 13, 11, 10, 11],
    ['a name', [named('乙')], 13, 11, 13, 11],
    ['a fine', [updated('p', { fine: 1 })], 13, 13, 10, 13],
    ['another field', [updated('p', { remark: '' })], 13, 13, 10, 11],
    ["the other's fine", [updated('q', { fine: 1 })], 13, 11, 10, 11],
    ['a withdrawal', [['record.withdrawn', { id: 'p', reason: '' }]], 13, 13, 10, 13],
    ['the file withdrawn', [['enterprise.withdrawn', { reason: '' }]], 13, 11, 13, 11],
    ['a case', [listed('c')[0]], 13, 11, 10, 11],
    ['a rating', [['rating.revoked', { id: 'p', reason: '' }]], 12, 11, 10, 11],
    ['an erasure', [['payload.erased', { positions: [], reason: '' }]], 12, 11, 10, 11],
    ...(['published', 'unpublished', 'expired'] as const).map(
      (kind) => [kind, [[`record.${kind}`, { id: 'p', on: '2026-03-01' }]], 12, 11, 10, 11] as const,
    ),
    ...beside.map(
      (kind) =>
        [
          kind,
          [[kind, { id: 'p', record: 'p', text: '', answer: '', code: 'x', reason: '', by: '' }]],
          12,
          11,
          10,
          11,
        ] as const,
    ),
  ] as [string, Fact[], number, number, number, number][]) {
    const own = folded([fined('p'), fined('q'), ...facts])
    t.equal(own.events.length, 3 + facts.length, `${said}: read`)
    t.same(
      [
        versionOf(own),
        versionOf(own, 'p'),
        versionOf(own, undefined, ['name']),
        versionOf(own, 'p', ['fine']),
      ],
      [whole, p, nameOnly, fineOfP],
      said,
    )
  }
  t.equal(versionOf(folded([]), 'p'), 0, 'of nothing')
})

t.test('a file opened again has nothing of the one that was withdrawn', async (t) => {
  const gone: Fact = ['enterprise.withdrawn', { reason: '误' }]
  const before: Fact[] = [fined('p'), ...listed('c'), ['enterprise.changed', { uscc: 'U', changes: {} }]]
  const withdrawn = folded([...before, gone])
  t.match(withdrawn, { records: [], cases: [], ratings: [], withdrawn: { reason: '误' } })
  t.same([nameOf(withdrawn), regionOf(withdrawn)], ['', ''])
  const again = folded([...before, gone, opened])
  t.same([again.withdrawn, again.uscc, nameOf(again)], [undefined, undefined, '示例公司'])
  t.equal(folded([gone, ['enterprise.opened', { uscc: 'V', data: {} }]]).uscc, 'V')
})

t.test('what differs between two states of a file, field by field', async (t) => {
  const lines = (before: readonly Fact[] | undefined, after: readonly Fact[] | undefined) =>
    differencesBetween(before && folded(before), after && folded(after), catalogue).map(
      ({ kind, record, column, before, after }) =>
        [kind.type, record?.id, record?.title, column.field, before, after]
          .filter((one) => one !== undefined)
          .join(' '),
    )
  t.same(lines([], []), [])
  t.same(lines(undefined, []), [
    'enterprise name 示例公司',
    'enterprise region 130102',
    'enterprise status 存续',
  ])
  t.same(lines([], undefined).length, 3)
  t.same(lines(undefined, undefined), [])
  t.same(lines([fined('p')], [fined('p'), updated('p', { fine: 1 })]), [
    'penalty p p 2026-01-05 fine 80000 1',
  ])
  t.same(
    lines([fined('p'), fined('q')], [fined('p'), fined('q'), updated('q', { documentNo: 'r' })]),
    ['penalty q r 2026-01-05 documentNo q r'],
    'named as it is called since',
  )
  t.same(
    lines([fined('p')], [fined('p'), ['record.withdrawn', { id: 'p', reason: '' }]]).map((line) =>
      line.split(' ').slice(0, 4).join(' '),
    ),
    ['documentNo', 'conduct', 'types', 'fine', 'severity', 'procedure', 'decidedOn', 'authority']
      .map((field) => `penalty p p 2026-01-05 ${field}`)
      .map((line) => line.split(' ').slice(0, 4).join(' ')),
    'named as it was called while it stood',
  )
  t.same(lines([['record.added', { id: 'x', type: 'of-later', data: { a: 1 } }]], []), [], 'of no known kind')
  t.equal(lines([], [fined('p')]).length, 8, 'new ones had nothing')
  t.equal(lines([fined('p')], []).length, 8)
})

t.test('what an event is about, and which fields it touches', async (t) => {
  const early: Fact = ['publication.endApplied', { record: 'p', on: '', grounds: '', dueOn: '', by: '' }]
  for (const [said, fact, id, fields] of [
    ['a record', fined('p'), 'p', undefined],
    ['a change of one', updated('p', { fine: 1, remark: '' }), 'p', ['fine', 'remark']],
    ['a change of the firm', named('乙'), undefined, ['name']],
    ['a case', listed('c')[0], 'c', undefined],
    ['an early end', early, 'p', undefined],
    ['a doubt', ['query.raised', { id: 'f', record: 'p', text: '' }], 'f', undefined],
    ['a note', ['note.added', { id: 'n', text: '' }], 'n', undefined],
  ] as [string, Fact, string | undefined, string[] | undefined][]) {
    const event = folded([fact]).events.at(-1)
    t.same([event?.id, event?.fields], [id, fields], said)
  }
})

t.test(
  'a rating knew the file up to the position that it names, to all before itself where it names none',
  async (t) => {
    const positions = folded([rated('r'), rated('s', [], { position: 10 })]).ratings.map(
      ({ position }) => position,
    )
    t.same(positions, [10, 10])
    t.same(folded([fined('p'), rated('r')]).ratings[0]?.position, 11)
  },
)
