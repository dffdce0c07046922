import t from 'tap'
import { DEADLINE_WORDS, deadlineKinds } from '../../src/dossier/deadline.ts'
import { fold } from '../../src/dossier/dossier.ts'
import { partNamed } from '../../src/dossier/part.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { penalty } from '../rating/files.ts'
import { entriesOf, type Fact, objected, opened, proposed, rated } from './entries.ts'

/** What a part of a file is called, part by part: of two of a kind each by its own words. */

const fined = (id: string): Fact => ['record.added', { ...penalty(`号${id}`, '2026-01-05'), id }]
const queried = (id: string, record: string): Fact => ['query.raised', { id, record, text: '疑' }]

t.test('a part by its words, none for what is not there', async (t) => {
  const dossier = fold(
    undefined,
    entriesOf([
      opened,
      fined('p'),
      fined('q'),
      ['record.added', { id: 'w', type: 'penalty', data: {} }],
      ['record.added', { id: 'x', type: 'of-later', data: { number: '1' } }],
      proposed('c', ['p', 'q']),
      proposed('d', ['q', 'x', 'gone']),
      objected('o', 'record', 'q'),
      objected('oc', 'case', 'd'),
      objected('og', 'record', 'gone'),
      rated('r'),
      rated('s', [], { grade: null, on: '2026-03-02' }),
      queried('f', 'p'),
      queried('g', 'gone'),
    ]),
  )
  if (!dossier) throw new Error('no file')
  for (const [id, words] of [
    ['p', '违法违规 号p 2026-01-05'],
    ['q', '违法违规 号q 2026-01-05'],
    ['w', '违法违规'],
    ['x', 'of-later'],
    ['c', '列入案件（号p，号q，2026-03-06 提出）'],
    ['d', '列入案件（号q，2026-03-07 提出）'],
    ['o', '2026-03-04 对“违法违规 号q 2026-01-05”的异议'],
    ['oc', '2026-03-04 对“列入案件（号q，2026-03-07 提出）”的异议'],
    ['og', '2026-03-04 对已撤回的内容的异议'],
    ['r', '2026-03-01 评定的等级 B'],
    ['s', '2026-03-02 评定的等级 未评定'],
    ['f', '对“违法违规 号p 2026-01-05”的疑义'],
    ['g', '对“已撤回的记录”的疑义'],
    ['nothing', undefined],
  ] as const)
    t.equal(partNamed(dossier, id, catalogue), words, id)
  const without = fold(undefined, entriesOf([opened]))
  t.equal(without && partNamed(without, 'f', catalogue), undefined, 'a file without any query')
})

t.test('each kind of deadline has words of its own, and none is listed that has not', async (t) => {
  t.same([...deadlineKinds].sort(), Object.keys(DEADLINE_WORDS).sort())
  t.equal(new Set(Object.values(DEADLINE_WORDS)).size, deadlineKinds.length)
})
