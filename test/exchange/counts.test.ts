import t from 'tap'
import { countsOf } from '../../src/exchange/import.ts'
import { entriesOf, type Fact, opened } from '../dossier/entries.ts'
import { penalty } from '../rating/files.ts'

/** What rows came to, told by the entries of an import that was stopped: each row once, whatever it appended. */

const { type, data } = penalty('p', '2026-01-05')
const ofRow = (row: string | undefined, [kind, payload]: Fact): Fact => [
  kind,
  { ...Object(payload), ...(row !== undefined && { row }) },
]
const added = (id: string): Fact => ['record.added', { id, type, data }]
const updated = (id: string): Fact => ['record.updated', { id, changes: { fine: 1 } }]
const changed: Fact = ['enterprise.changed', { changes: { address: '路' } }]
const proposed = (id: string): Fact => [
  'act.proposed',
  { ...{ id, act: 'update-record', on: {}, input: {}, saw: 1, why: '', by: 'x' } },
]

t.test('row by row, what it came to', async (t) => {
  for (const [said, facts, counts] of [
    ['nothing', [], {}],
    ['a file', [ofRow('1', opened)], { opened: 1 }],
    ['a file and its record, of one row', [ofRow('1', opened), ofRow('1', added('p'))], { opened: 1 }],
    ['a record and a file, of one row', [ofRow('1', added('p')), ofRow('1', opened)], { opened: 1 }],
    ['a file and a record, of two', [ofRow('1', opened), ofRow('2', added('p'))], { opened: 1, added: 1 }],
    ['two records, of two', [ofRow('1', added('p')), ofRow('2', added('q'))], { added: 2 }],
    ['two records, of one', [ofRow('1', added('p')), ofRow('1', added('q'))], { added: 1 }],
    ['a record that was changed', [ofRow('1', updated('p'))], { updated: 1 }],
    ['a firm that was changed', [ofRow('1', changed)], { updated: 1 }],
    ['a record, changed along with it', [ofRow('1', added('p')), ofRow('1', updated('p'))], { added: 1 }],
    [
      'what another row changed',
      [ofRow('1', added('p')), ofRow('2', updated('p'))],
      { added: 1, updated: 1 },
    ],
    ['what waits for a second person', [proposed('w')], { proposed: 1 }],
    [
      'two that wait, and one record',
      [proposed('w'), proposed('v'), ofRow('3', added('p'))],
      { proposed: 2, added: 1 },
    ],
    ['what no row brought', [ofRow(undefined, added('p')), ofRow(undefined, changed)], {}],
  ] as [string, Fact[], Record<string, number>][]) {
    const entries = entriesOf(facts)
    const done = Object.values(counts).reduce((sum, one) => sum + one, 0)
    const none = { opened: 0, added: 0, updated: 0, proposed: 0, failed: 0, unchanged: 0 }
    t.match(countsOf(entries), { ...none, ...counts, rows: done }, said)
    t.match(
      countsOf(entries, { rows: done + 5, failed: 2 }),
      { ...none, ...counts, rows: done + 5, failed: 2, unchanged: 3 },
      `${said}, of rows some of which failed or changed nothing`,
    )
  }
})
