import t from 'tap'
import { organisationCheckCharacter } from '../../src/codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'
import { fileByCode, fileOfCode } from '../../src/dossier/codes.ts'
import { chaptersOf, titleOf } from '../../src/dossier/differences.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { refusalOf } from '../blacklist/firm.ts'
import { penalty } from '../rating/files.ts'
import { entriesOf, type Fact } from './entries.ts'

/** A file's entries as officers read them, and the file that a typed code stands for. */

const entries = (...facts: Fact[]) => entriesOf(facts)

t.test(
  'each change with the fields that differ and its reason; what is new is not told field by field',
  async (t) => {
    const told = chaptersOf(
      entries(
        ['enterprise.opened', { data: { name: '一', region: '130102' } }],
        ['record.added', { ...penalty('p', '2026-01-05', { fine: 5 }), id: 'p' }],
        ['record.added', { ...penalty('q', '2026-01-06'), id: 'q' }],
        ['record.updated', { id: 'p', changes: { fine: 7 } }],
        ['change.explained', { reason: '缴清' }],
        ['enterprise.changed', { changes: { name: '二' } }],
        ['change.explained', { reason: '更名' }],
        ['record.corrected', { id: 'q', changes: { fine: 9, caseNo: '案1' }, reason: '误录' }],
        ['record.withdrawn', { id: 'q', reason: '重复' }],
        ['record.updated', { id: 'p', changes: {} }],
      ),
      catalogue,
    ).map(({ entry, about, reason, differences }) => [
      entry.kind,
      about,
      reason,
      differences.map(
        ({ column, before, after, record }) => `${record?.id ?? ''} ${column.field} ${before} ${after}`,
      ),
    ])
    const [p, q] = ['违法违规 p 2026-01-05', '违法违规 q 2026-01-06']
    const fine = penalty('q', '').data.fine
    t.match(told, [
      ['enterprise.opened', undefined, undefined, []],
      ['record.added', p, undefined, []],
      ['record.added', q, undefined, []],
      ['record.updated', p, '缴清', ['p fine 5 7']],
      ['enterprise.changed', undefined, '更名', [' name 一 二']],
      ['record.corrected', q, '误录', /./],
      ['record.withdrawn', q, '重复', []],
      ['record.updated', p, undefined, []],
    ])
    t.equal(told.length, 8)
    const ofChanges = told.map(([, , , differences]) => differences?.length)
    t.same(ofChanges, [0, 0, 0, 1, 1, 2, 9, 0], 'a withdrawal tells of every field that stood')
    t.same([...(told[5]?.[3] ?? [])].sort(), ['q caseNo undefined 案1', `q fine ${fine} 9`])
    t.same(
      chaptersOf(entries(['change.explained', { reason: '无' }]), catalogue).length,
      1,
      'with no change before it',
    )
  },
)

t.test(
  'a code in any spelling finds its file, under its own key or its organisation code, and no other',
  async (t) => {
    const unified = (body: string, region: string) => {
      const within = `91${region}${body}${organisationCheckCharacter(body)}`
      return within + unifiedCheckCharacter(within)
    }
    const uscc = unified('DEM00001', '130102')
    const twin = unified('DEM00001', '130202')
    const org = uscc.slice(8, 17)
    const files =
      (...known: { key: string; uscc?: string }[]) =>
      (key: string) =>
        known.find((own) => own.key === key)
    for (const [what, code, file, found] of [
      ['the organisation code', org, files({ key: org, uscc }), org],
      ['the unified code', uscc, files({ key: org, uscc }), org],
      ['the unified code, of a file that has none yet', uscc, files({ key: org }), org],
      ["another's unified code", twin, files({ key: org, uscc }), undefined],
      ["another's, under its own", twin, files({ key: org, uscc }, { key: twin, uscc: twin }), twin],
      ['the first of the two', uscc, files({ key: org, uscc }, { key: twin, uscc: twin }), org],
      ['nothing', uscc, files(), undefined],
      ['what is no code', 'X', files({ key: 'X' }), undefined],
      ['too long', `${org}0`, files({ key: `${org}0` }), undefined],
      ['lower case', org.toLowerCase(), files({ key: org.toLowerCase() }), undefined],
    ] as const)
      t.equal(fileOfCode(code, file)?.key, found, what)
    const typed = (text: string) => fileByCode(text, files({ key: org, uscc }, { key: 'ABCDEFGH1' })).key
    for (const text of [org, uscc, ` ${org.toLowerCase()} `, `${org.slice(0, 8)}-${org.slice(8)}`])
      t.equal(typed(text), org, text)
    t.equal(typed('ABCDEFGH1'), 'ABCDEFGH1', 'a file that stands, though its code fails the check')
    t.match(
      refusalOf(() => typed('DEM00002')),
      { reason: 'invalid' },
    )
    t.match(
      refusalOf(() => typed(twin)),
      { reason: 'unknown' },
    )
    const other = `DEM00009${organisationCheckCharacter('DEM00009')}`
    t.match(
      refusalOf(() => typed(other)),
      { reason: 'unknown', title: new RegExp(other) },
    )
  },
)

t.test('what a record is called: by its title and its day, as far as it has them', async (t) => {
  const kind = catalogue.kind('penalty')
  for (const [data, title] of [
    [{ documentNo: '1号', decidedOn: '2026-01-05' }, '1号 2026-01-05'],
    [{ documentNo: '1号' }, '1号'],
    [{ decidedOn: '2026-01-05' }, '2026-01-05'],
    [{}, ''],
  ] as const)
    t.equal(kind && titleOf(kind, data), title)
})

t.test('a proposal stands with each of its steps, with no other of its file', async (t) => {
  const proposed = (id: string): Fact => [
    'act.proposed',
    { id, act: 'withdraw-file', on: { code: 'x' }, input: {}, saw: 0, why: '', by: 'x' },
  ]
  const told = chaptersOf(
    entries(
      ['enterprise.opened', { data: {} }],
      proposed('a'),
      proposed('b'),
      ['act.refused', { id: 'a', reason: '不准', by: 'y' }],
      ['note.added', { id: 'b', text: '' }],
    ),
    catalogue,
  )
  t.same(
    told.map(({ proposal, reason }) => [proposal?.id, reason]),
    [
      [undefined, undefined],
      ['a', undefined],
      ['b', undefined],
      ['a', '不准'],
      [undefined, undefined],
    ],
  )
})
