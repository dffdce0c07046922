import t from 'tap'
import { anticipated } from '../../src/dossier/anticipate.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { notSupervised, standingOf } from '../../src/supervision/standing.ts'
import { fileWith, licence, penalty, sampling, type TestRecord } from '../rating/files.ts'

/** The class that a firm is supervised by: of its class, its grade and the list the strictest; who is not supervised. */

interface Known {
  class?: string | null
  on?: string
  grade?: string | null
  listed?: { from: string; until?: string }
}
function firm({ class: name, on = '2026-03-02', grade, listed }: Known, enterprise: object = {}) {
  const about = (kind: string, payload: unknown) => ({
    ...{ subject: 'M000100Y4', kind, payload, visibility: 'platform' as const },
    author: { authority: '省局', officer: '丁' },
  })
  const rated = (id: string, shownAs: string, given: string | null) =>
    about('rating.issued', {
      ...{ id, standard: { id, version: 1, shownAs }, on, grade: given, points: 0, items: [], limits: [] },
    })
  const dossier = anticipated(fileWith([], listed), [
    ...(name === undefined ? [] : [rated('enterprise-classes', 'class', name)]),
    ...(grade === undefined ? [] : [rated('four-grades', 'grade', grade)]),
    about('enterprise.changed', { changes: enterprise }),
  ])
  if (!dossier) throw new Error('no file')
  return dossier
}
const standing = (known: Known, today = '2026-11-24') => standingOf(firm(known), today, scheme)

t.test('class by class, within its period and past it: to the day', async (t) => {
  const months = scheme.classMonths.value
  t.equal(months, 24)
  for (const [name, within, past] of [
    ['AA', 'AA', 'B'],
    ['A', 'A', 'B'],
    ['B', 'B', 'B'],
    ['C', 'C', 'C'],
  ] as const)
    for (const [today, isOld] of [
      ['2028-03-01', false],
      ['2028-03-02', true],
      ['2028-03-03', true],
    ] as const) {
      const own = standing({ class: name }, today)
      t.equal(own.class, isOld ? past : within, `${name} on ${today}`)
      t.equal(own.rated, !isOld || name === 'C', `${name} on ${today}: rated`)
      t.equal(
        own.because,
        isOld && name === 'C' ? '类别评定于 2026-03-02，已过有效期，应重新评定' : undefined,
        `${name} on ${today}: why`,
      )
    }
  for (const name of [undefined, null, 'Z'])
    t.same(standing({ ...(name !== undefined && { class: name }) }), { class: 'B', rated: false }, `${name}`)
})

t.test('the strictest of class, grade and list, and why', async (t) => {
  const LISTED = { from: '2026-10-01', until: '2029-10-01' }
  const ON_LIST = '在质量失信“黑名单”上'
  const GRADED = (grade: string) => `质量信用等级为 ${grade}`
  for (const [said, known, name, rated, because] of [
    ['nothing', {}, 'B', false, undefined],
    ['a mild class', { class: 'AA' }, 'AA', true, undefined],
    ['a mild class, a bad grade', { class: 'AA', grade: 'D' }, 'C', true, GRADED('D')],
    ['a strict class, a good grade', { class: 'C', grade: 'A' }, 'C', true, undefined],
    ['an unknown grade', { grade: 'Z' }, 'B', false, undefined],
    ['no grade given', { grade: null }, 'B', false, undefined],
    ['the list', { listed: LISTED }, 'C', false, ON_LIST],
    ['the list beside a mild class', { class: 'AA', listed: LISTED }, 'C', false, ON_LIST],
    ['the list beside as strict a class', { class: 'C', listed: LISTED }, 'C', true, undefined],
    [
      'a stay that is over',
      { class: 'AA', listed: { from: '2023-11-24', until: '2026-11-24' } },
      'AA',
      true,
      undefined,
    ],
    [
      'on its last day',
      { class: 'AA', listed: { from: '2023-11-25', until: '2026-11-25' } },
      'C',
      false,
      ON_LIST,
    ],
    ['one that has not begun', { class: 'AA', listed: { from: '2026-11-25' } }, 'AA', true, undefined],
    ['on its first day', { class: 'AA', listed: { from: '2026-11-24' } }, 'C', false, ON_LIST],
  ] as [string, Known, string, boolean, string | undefined][])
    t.same(standing(known), { class: name, rated, ...(because !== undefined && { because }) }, said)
})

t.test('a food firm with a bad record that its class does not count is looked at more often', async (t) => {
  const food = licence('l', { kind: '食品生产许可证', product: '糕点' })
  const failed = (more: RecordData = {}) => sampling('f', '2026-08-03', '不合格', { area: '食品', ...more })
  const own = penalty('p', '2026-08-03')
  const classOf = (
    records: readonly TestRecord[],
    name: string | undefined,
    counts: readonly string[] = [],
    today = '2026-11-24',
  ) => {
    const items = counts.map((id) => ({ id: 'penalty', rule: '', points: -15, records: [id] }))
    const rated = {
      subject: 'M000100Y4',
      kind: 'rating.issued',
      payload: {
        ...{
          id: 'r',
          standard: { id: 'enterprise-classes', version: 1, shownAs: 'class' },
          on: '2026-03-02',
        },
        ...{ grade: name ?? null, points: 0, items, limits: [] },
      },
      visibility: 'platform' as const,
      author: { authority: '省局', officer: '丁' },
    }
    const dossier = anticipated(fileWith(records), [rated])
    return dossier && standingOf(dossier, today, scheme)
  }
  const BAD = /第一百一十三条/
  for (const [said, records, name, counts, expected] of [
    ['nothing bad', [food], 'A', [], 'A'],
    ['punished', [food, own], 'A', [], 'B'],
    ['punished, not rated', [food, own], undefined, [], 'C'],
    ['the strictest already', [food, own], 'C', [], 'C'],
    ['counted in its class', [food, own], 'A', ['p'], 'A'],
    ['one of two counted', [food, own, failed()], 'A', ['p'], 'B'],
    ['failed', [food, failed()], 'AA', [], 'A'],
    ['failed, and a re-test has reversed it', [food, failed({ retest: '改变原结论' })], 'A', [], 'A'],
    ['another’s failing', [food, failed({ role: '标称生产者', dispute: '成立' })], 'A', [], 'A'],
    [
      'annulled',
      [food, penalty('p', '2026-08-03', { reviewOutcome: '撤销', reviewedOn: '2026-09-01' })],
      'A',
      [],
      'A',
    ],
    [
      'a mere warning',
      [food, penalty('p', '2026-08-03', { types: ['警告'], fine: undefined })],
      'A',
      [],
      'A',
    ],
    ['on the spot', [food, penalty('p', '2026-08-03', { procedure: '简易程序', fine: 3000 })], 'A', [], 'A'],
    ['no food', [licence('l'), own], 'A', [], 'A'],
    ['food no more', [licence('l', { kind: '食品生产许可证', status: '注销' }), own], 'A', [], 'A'],
  ] as [string, TestRecord[], string | undefined, string[], string][]) {
    const found = classOf(records, name, counts)
    t.equal(found?.class, expected, said)
    if (found && found.class !== (name ?? 'B')) t.match(found.because, BAD, said)
  }
  const minor = penalty('p', '2026-08-03', { fine: 3000, publishedOn: '2026-08-10' })
  for (const [today, expected] of [
    ['2026-11-09', 'B'],
    ['2026-11-10', 'A'],
  ] as const)
    t.equal(classOf([food, minor], 'A', [], today)?.class, expected, `as long as it is public: ${today}`)
})

t.test('who is neither planned nor drawn', async (t) => {
  for (const [said, enterprise, why] of [
    ['in business', { status: '存续' }, undefined],
    ['at rest', { status: '停业' }, undefined],
    ['gone', { status: '注销' }, '企业已注销'],
    ['of a revoked licence', { status: '吊销' }, '企业已被吊销营业执照'],
    ['moved within the province', { region: '130200' }, undefined],
    ['of the province', { region: '130000' }, undefined],
    ['moved away', { region: '370100' }, '企业已迁出本省'],
    ['of no place that is known', { region: null }, undefined],
    ['gone, and moved away', { status: '注销', region: '370100' }, '企业已注销'],
  ] as const)
    t.equal(notSupervised(firm({}, enterprise), scheme), why, said)
})
