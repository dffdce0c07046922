import type { Entry } from '../../src/register/entry.ts'

/** What an entry says: its kind and payload. */
export type Fact = readonly [kind: string, payload: unknown]

/** Entries of a file, one a day from 2026-03-01 on, at ten in the morning: positions from 10, revisions from 1, digests by position. */
export function entriesOf(facts: readonly Fact[], more: Partial<Entry> = {}): Entry[] {
  return facts.map(([kind, payload], i) => ({
    seq: 10 + i,
    id: `e${i}`,
    subject: 'M000100Y4',
    revision: 1 + i,
    kind,
    payload,
    salt: null,
    payloadDigest: '',
    visibility: 'public',
    author: { authority: '省局', officer: '甲' },
    command: '',
    recordedAt: `2026-03-${String(1 + i).padStart(2, '0')}T02:00:00.000Z`,
    digest: `d${10 + i}`,
    chain: '',
    ...more,
  }))
}

export const opened: Fact = [
  'enterprise.opened',
  { data: { name: '示例公司', region: '130102', status: '存续' } },
]
/** A case on some penalties. */
export const proposed = (id: string, penalties: readonly string[] = ['p']): Fact => [
  'listing.proposed',
  {
    ...{ case: id, ruleSet: { id: 'order-44', version: 2 }, ground: 'unsafe-product', penalties },
    ...{ facts: '', reasons: '', by: 'x' },
  },
]
/** Its way onto the list: proposed, decided, published; three entries. */
export const listed = (id: string, penalties: readonly string[] = ['p']): Fact[] => [
  proposed(id, penalties),
  [
    'listing.decided',
    {
      ...{ case: id, listed: true, decisionNo: '1号', decidedOn: '2026-03-03', reasons: '', measures: [] },
      listing: {
        ...{ ground: '', basis: '', until: '2029-03-03', publishBy: '2026-03-31', certain: true },
        repair: { from: '2027-03-03', how: '', conditions: [] },
      },
      by: 'y',
    },
  ],
  ['listing.published', { case: id, from: '2026-03-03', until: '2029-03-03' }],
]
/** A rating by the four grades that rests on records. */
export const rated = (id: string, records: readonly string[] = [], more: object = {}): Fact => [
  'rating.issued',
  {
    ...{ id, standard: { id: 'four-grades', version: 1, shownAs: 'grade' }, on: '2026-03-01', grade: 'B' },
    items: [{ id: 'a', rule: 'a', points: -1, records }],
    ...{ points: 80, limits: [], ...more },
  },
]
/** An objection to something. */
export const objected = (id: string, kind: 'record' | 'rating' | 'case', about: string): Fact => [
  'objection.filed',
  { id, about: { kind, id: about }, on: '2026-03-04', grounds: '', dueOn: '2026-03-09', certain: true },
]
