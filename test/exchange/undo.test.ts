import t from 'tap'
import { fold } from '../../src/dossier/dossier.ts'
import type { RecordData } from '../../src/records/kind.ts'
import type { Entry } from '../../src/register/entry.ts'
import { isOfImport, undoInFile } from '../../src/registry/undoing.ts'
import { Office } from '../acts/office.ts'
import { penalty, people } from '../blacklist/firm.ts'

/** What taking an import back comes to in one file, fact by fact and by what others have done since. */

const KEY = 'M000100Y4'
const OWN = 'import/1/2'
type Fact = readonly [kind: string, payload: object, command?: string]

/** Entries about one file, those of the import where no command is named. */
function historyOf(facts: readonly Fact[]): Entry[] {
  return facts.map(([kind, payload, command = OWN], i) => ({
    ...{ subject: KEY, kind, payload, visibility: 'public' as const, command, seq: i + 1, revision: i + 1 },
    author: { authority: '长安区局', officer: '甲' },
    ...{
      id: '',
      salt: null,
      payloadDigest: '',
      recordedAt: '2026-03-01T02:00:00.000Z',
      digest: '',
      chain: '',
    },
  }))
}

function undoing(facts: readonly Fact[], isNow: (entry: Entry) => boolean = () => true) {
  const history = historyOf(facts)
  const at = { ...new Office().at(people.province), isConfirmed: true }
  const { drafts, ...counts } = undoInFile(
    history,
    (entry) => isOfImport(entry, 'import/1'),
    isNow,
    '误导入',
    at,
  )
  const expected = fold(undefined, history)?.key
  return {
    ...counts,
    kept: counts.kept.map(({ why, key, name }) => (key === expected && name !== '' ? why : 'misnamed')),
    drafts: drafts.map(({ kind, payload }) => [kind, Object(payload).id ?? '', Object(payload).changes]),
  }
}

const ELSE = 'key/1/1'
const data = { name: '示例公司', region: '130102', status: '存续' }
const opened: Fact = ['enterprise.opened', { data }, ELSE]
const record = (id: string, more: RecordData = {}, command: string = OWN): Fact => {
  const { type, data: own } = penalty(id, '2026-02-02', more)
  return ['record.added', { id, type, data: own }, command]
}
const update = (id: string, changes: object, command: string = OWN): Fact => [
  'record.updated',
  { id, changes },
  command,
]
const change = (changes: object, command: string = OWN): Fact => ['enterprise.changed', { changes }, command]
const nothing = { withdrawn: 0, restored: 0, waiting: 0, kept: [], drafts: [] }
const CHANGED = '导入的记录后来另有修改，或已用于案件、异议，未撤回'

t.test('a record that an import added is withdrawn, unless others have gone on from it', (t) => {
  const withdrawn = { ...nothing, withdrawn: 1, drafts: [['record.withdrawn', 'p', undefined]] }
  const kept = { ...nothing, kept: [CHANGED] }
  const gone: Fact = ['record.withdrawn', { id: 'p', reason: '' }, ELSE]
  for (const [said, facts, came] of [
    ['alone', [opened, record('p')], withdrawn],
    ['not its own', [opened, record('p', {}, ELSE)], nothing],
    ['changed since', [opened, record('p'), update('p', { remark: '甲' }, ELSE)], kept],
    [
      'used in a case',
      [opened, record('p'), ['listing.stated', { case: 'c', penalties: ['p'] }, ELSE]],
      kept,
    ],
    [
      'another changed since',
      [opened, record('q', {}, ELSE), record('p'), update('q', { fine: 1 }, ELSE)],
      withdrawn,
    ],
    ['named before', [opened, ['note.added', { id: 'n', text: 'p' }, ELSE], record('p')], withdrawn],
    [
      'published since, by itself',
      [opened, record('p'), ['record.published', { id: 'p', from: '2026-02-10' }, 'daily/1']],
      withdrawn,
    ],
    ['withdrawn since', [opened, record('p'), gone], nothing],
    ['the firm changed since', [opened, record('p'), change({ address: '甲' }, ELSE)], withdrawn],
  ] as [string, Fact[], object][])
    t.same(undoing(facts), came, said)
  t.match(undoing([opened, record('p'), record('q'), update('p', { fine: 1 }, ELSE)]), {
    withdrawn: 1,
    kept: [CHANGED],
    drafts: [['record.withdrawn', 'q']],
  })
  t.end()
})

t.test('a record that an import put into another authority’s name goes back to whose it was', (t) => {
  const before = ([kind, payload]: Fact, owner: string): Fact => [kind, { ...payload, owner }, ELSE]
  for (const [said, was, changed, owner] of [
    ['named before', '长安区局', '石家庄市局', 'county'],
    ['named by a name that nobody has opened one for', '税务局', '石家庄市局', 'county'],
    ['named in another authority’s hands', '长安区局', '石家庄市局', 'tangshan'],
  ] as const) {
    const history = historyOf([
      opened,
      before(record('p', { authority: was }), owner),
      ['record.updated', { id: 'p', changes: { authority: changed }, owner: 'city' }],
    ])
    t.equal(fold(undefined, history)?.records[0]?.made.owner, 'city', said)
    const at = { ...new Office().at(people.province), isConfirmed: true }
    const isOwn = (entry: Entry) => isOfImport(entry, 'import/1')
    const { drafts } = undoInFile(history, isOwn, () => true, '误导入', at)
    t.match(drafts, [{ kind: 'record.corrected', payload: { changes: { authority: was }, owner } }], said)
  }
  const same = historyOf([
    opened,
    before(record('p', { authority: '税务局' }), 'county'),
    ['record.updated', { id: 'p', changes: { authority: '海关' } }],
  ])
  const at = { ...new Office().at(people.province), isConfirmed: true }
  const { drafts } = undoInFile(
    same,
    (entry) => isOfImport(entry, 'import/1'),
    () => true,
    '误导入',
    at,
  )
  t.notOk(Object(drafts[0]?.payload).owner, 'what never left its owner stays')
  t.end()
})

t.test('what an import changed in a record is corrected back, unless it was changed again', (t) => {
  const before = record('p', { fine: 80_000, remark: undefined }, ELSE)
  const back = (changes: object) => ({
    ...nothing,
    restored: 1,
    drafts: [['record.corrected', 'p', changes]],
  })
  const kept = { ...nothing, kept: ['导入更新的栏目后来另有修改，未恢复'] }
  for (const [said, facts, came] of [
    ['changed', [update('p', { fine: 1 })], back({ fine: 80_000 })],
    ['filled in', [update('p', { remark: '甲' })], back({ remark: null })],
    ['taken away', [update('p', { fine: null })], back({ fine: 80_000 })],
    ['two fields', [update('p', { fine: 1, remark: '甲' })], back({ fine: 80_000, remark: null })],
    ['changed again', [update('p', { fine: 1 }), update('p', { fine: 2 }, ELSE)], kept],
    ['one of two again', [update('p', { fine: 1, remark: '甲' }), update('p', { remark: '乙' }, ELSE)], kept],
    [
      'another field since',
      [update('p', { fine: 1 }), update('p', { remark: '乙' }, ELSE)],
      back({ fine: 80_000 }),
    ],
    ['by somebody else alone', [update('p', { fine: 1 }, ELSE)], nothing],
    [
      'withdrawn since',
      [update('p', { fine: 1 }), ['record.withdrawn', { id: 'p', reason: '' }, ELSE]],
      nothing,
    ],
    ['of a record that is not there', [update('x', { fine: 1 })], nothing],
  ] as [string, Fact[], object][])
    t.same(undoing([opened, before, ...facts]), came, said)
  t.match(
    undoing([opened, before, update('p', { fine: 1 }), update('p', { fine: 2 })]),
    {
      restored: 2,
      drafts: [
        ['record.corrected', 'p', { fine: 1 }],
        ['record.corrected', 'p', { fine: 80_000 }],
      ],
    },
    'twice by the import: the latest first',
  )
  t.end()
})

t.test('what an import changed about the firm is corrected back, unless it was changed again', (t) => {
  const back = (changes: object) => ({
    ...nothing,
    restored: 1,
    drafts: [['enterprise.corrected', '', changes]],
  })
  const kept = { ...nothing, kept: ['导入变更的基本信息后来另有修改，未恢复'] }
  for (const [said, facts, came] of [
    ['changed', [change({ status: '停业' })], back({ status: '存续' })],
    ['filled in', [change({ address: '甲路' })], back({ address: null })],
    ['changed again', [change({ address: '甲路' }), change({ address: '乙路' }, ELSE)], kept],
    [
      'another field since',
      [change({ address: '甲路' }), change({ status: '停业' }, ELSE)],
      back({ address: null }),
    ],
    ['by somebody else alone', [change({ address: '甲路' }, ELSE)], nothing],
    ['nothing', [change({})], nothing],
  ] as [string, Fact[], object][])
    t.same(undoing([opened, ...facts]), came, said)
  t.end()
})

t.test('a file that an import opened is withdrawn whole, unless others have gone on in it', (t) => {
  const own: Fact = ['enterprise.opened', { data }]
  const whole = { ...nothing, withdrawn: 1, drafts: [['enterprise.withdrawn', '', undefined]] }
  t.same(undoing([own]), whole)
  t.same(undoing([own, record('p'), change({ address: '甲路' })]), whole, 'with all that it holds')
  t.same(undoing([own, ['record.published', { id: 'p', from: '2026-02-10' }, 'daily/1']]), whole)
  t.match(undoing([own, record('p'), ['note.added', { id: 'n', text: '备注' }, ELSE]]), {
    withdrawn: 1,
    kept: ['建档后另有办理，档案保留'],
    drafts: [['record.withdrawn', 'p']],
  })
  t.same(undoing([own, ['enterprise.withdrawn', { reason: '' }, ELSE]]), nothing, 'withdrawn already')
  t.same(undoing([]), nothing)
  t.end()
})

t.test('what can’t be brought back is told', (t) => {
  t.match(undoing([opened, ['listing.removed', { case: 'c', on: '2026-03-01', cause: 'deregistered' }]]), {
    drafts: [],
    kept: ['导入引起的移出名单不能恢复'],
  })
  const wrong: Fact = ['enterprise.opened', { data: { ...data, status: '没有的状态' } }, ELSE]
  const { drafts, restored, kept } = undoing([wrong, change({ status: '停业' })])
  t.same([drafts, restored, kept.length], [[], 0, 1], 'what stood before would not be taken today')
  t.end()
})

t.test('a step takes back what is its turn, and what a step before took back is nobody else’s doing', (t) => {
  const facts = [opened, record('p'), record('q')]
  t.match(undoing(facts, ({ seq }) => seq === 2).drafts, [['record.withdrawn', 'p']])
  t.match(undoing(facts, ({ seq }) => seq === 3).drafts, [['record.withdrawn', 'q']])
  t.same(
    undoing(facts, () => false),
    nothing,
  )
  t.end()
})

t.test('which commands are an import’s', (t) => {
  for (const [command, isOwn] of [
    ['import/1', true],
    ['import/1/2', true],
    ['import/1/20', true],
    ['import/1/', false],
    ['import/1/x', false],
    ['import/1/withdrawal', false],
    ['import/1/2/confirmation', false],
    ['import/12', false],
    ['import/12/3', false],
    ['import/2', false],
  ] as const)
    t.equal(isOfImport({ command }, 'import/1'), isOwn, command)
  t.end()
})

t.test(
  'what an import put forward is taken back while it waits, and told once another has confirmed it',
  (t) => {
    const on = { code: KEY }
    const proposed = (id: string): Fact => [
      'act.proposed',
      { ...{ id, act: 'add-record', on, input: {}, saw: 1 }, why: '以省局的名义登记', by: 'officer/clerk' },
    ]
    const CONFIRM = 'officer/head/7'
    const confirmed = (id: string): Fact => ['act.confirmed', { id, by: 'officer/head' }, CONFIRM]
    const withdrawn = (id: string): Fact => ['record.withdrawn', { id, reason: '错误' }, ELSE]
    const TOLD = '导入提请的事项已由另一人确认办理，未撤回；确有错误的，由其机关撤回或者更正该记录'
    const told = { withdrawn: 0, kept: [TOLD] }
    for (const [said, facts, expected] of [
      ['waiting', [proposed('x')], { withdrawn: 1, kept: [] }],
      [
        'refused',
        [proposed('x'), ['act.refused', { id: 'x', reason: '否', by: 'officer/head' }, ELSE]],
        nothing,
      ],
      ['confirmed', [proposed('x'), confirmed('x'), record('p', {}, CONFIRM)], told],
      ['withdrawn since', [proposed('x'), confirmed('x'), record('p', {}, CONFIRM), withdrawn('p')], nothing],
      [
        'one of two',
        [proposed('x'), confirmed('x'), record('p', {}, CONFIRM), record('q', {}, CONFIRM), withdrawn('p')],
        told,
      ],
      [
        'one that waits beside',
        [proposed('x'), confirmed('x'), record('p', {}, CONFIRM), proposed('y')],
        { ...told, withdrawn: 1 },
      ],
      ['a change', [proposed('x'), confirmed('x'), change({ address: '示例路' }, CONFIRM)], told],
    ] as [string, Fact[], object][])
      t.match(undoing([opened, ...facts]), expected, said)
    t.end()
  },
)
