import t from 'tap'
import {
  type BulletinSeries,
  bulletinSubject,
  bulletinTitle,
  foldBulletins,
  nextNumber,
  seriesOf,
} from '../../src/blacklist/bulletin.ts'

const author = { authority: '市局', officer: '甲' }
let seq = 0
function entry(kind: string, payload: unknown, revision: number) {
  seq += 1
  return {
    seq,
    id: `e${seq}`,
    subject: 'bulletins/abc',
    revision,
    kind,
    payload,
    visibility: 'public' as const,
    author,
    salt: null,
    payloadDigest: '',
    command: '',
    recordedAt: `2026-03-0${revision}T02:00:00.000Z`,
    digest: '',
    chain: '',
  }
}
const drafted = { authority: '市局', from: '2026-01-01', to: '2026-02-28', corrections: [], by: 'a' }
const issued = (n: number, year: number, no: number) => ({
  n,
  year,
  no,
  listed: ['c'],
  removed: { expired: 1 },
  by: 'b',
})
function folded(...steps: [kind: string, payload: unknown][]): BulletinSeries {
  const series = steps.reduce<BulletinSeries | undefined>(
    (before, [kind, payload], i) => foldBulletins(before, entry(kind, payload, i + 1)),
    undefined,
  )
  if (!series) throw new Error('no series')
  return series
}
const states = ({ bulletins }: BulletinSeries) => bulletins.map(({ id, n, status }) => [id, n, status])

t.test('a series of bulletins, step by step', async (t) => {
  const one = folded(['bulletin.drafted', drafted])
  t.match(one, { id: 'abc', authority: '市局', revision: 1 })
  t.match(one.bulletins, [
    { id: 'abc.1', n: 1, status: 'draft', draftedAt: '2026-03-01T02:00:00.000Z', author },
  ])
  const two = folded(
    ['bulletin.drafted', drafted],
    ['bulletin.drafted', drafted],
    ['bulletin.issued', issued(1, 2026, 1)],
  )
  t.same(states(two), [
    ['abc.1', 1, 'issued'],
    ['abc.2', 2, 'draft'],
  ])
  t.match(two.bulletins[0]?.issued, { year: 2026, no: 1, listed: ['c'], at: '2026-03-03T02:00:00.000Z' })
  t.equal(two.revision, 3)
  const returned = folded(
    ['bulletin.drafted', drafted],
    ['bulletin.drafted', drafted],
    ['bulletin.returned', { n: 2, reason: '漏' }],
  )
  t.same(states(returned), [
    ['abc.1', 1, 'draft'],
    ['abc.2', 2, 'draft'],
  ])
  t.same(
    returned.bulletins.map((own) => own.returned?.reason),
    [undefined, '漏'],
  )
  const discarded = folded(
    ['bulletin.drafted', drafted],
    ['bulletin.drafted', drafted],
    ['bulletin.discarded', { n: 1, reason: '重复' }],
  )
  t.same(states(discarded), [
    ['abc.1', 1, 'discarded'],
    ['abc.2', 2, 'draft'],
  ])
  t.match(discarded.bulletins[0]?.discarded, { at: '2026-03-03T02:00:00.000Z', author })
})

t.test('what is erased, unknown or comes before any draft', async (t) => {
  const one = folded(['bulletin.drafted', drafted])
  t.same(foldBulletins(one, entry('bulletin.issued', null, 2)), { ...one, revision: 2 })
  t.equal(foldBulletins(undefined, entry('bulletin.drafted', null, 1)), undefined)
  t.equal(foldBulletins(undefined, entry('bulletin.issued', issued(1, 2026, 1), 1)), undefined)
  t.same(foldBulletins(one, entry('bulletin.framed', { n: 1 }, 2)), { ...one, revision: 2 })
})

t.test('numbers are given once, and anew each year', async (t) => {
  const series = folded(
    ['bulletin.drafted', drafted],
    ['bulletin.drafted', drafted],
    ['bulletin.drafted', drafted],
    ['bulletin.issued', issued(1, 2025, 1)],
    ['bulletin.issued', issued(2, 2026, 1)],
  )
  t.equal(nextNumber(series, 2025), 2)
  t.equal(nextNumber(series, 2026), 2)
  t.equal(nextNumber(series, 2027), 1)
  t.equal(bulletinTitle({ authority: '市局', year: 2026, no: 2 }), '市局质量失信黑名单公告（2026年第2期）')
  t.equal(bulletinTitle({ authority: '市局' }), '市局质量失信黑名单公告（草稿）')
  t.equal(bulletinSubject('abc'), 'bulletins/abc')
  // A series is known by the first eight of its name's digest, so addresses that were printed go on leading there.
  t.equal(seriesOf('石家庄市市场监督管理局'), '72011834')
})
