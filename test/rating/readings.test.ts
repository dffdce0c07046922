import t from 'tap'
import { type Campaign, foldCampaign } from '../../src/rating/campaign.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Entry } from '../../src/register/entry.ts'
import { fileWith, licence, penalty, sampling } from './files.ts'

function standardNamed(id: string) {
  const found = shippedStandards.find((known) => known.id === id)
  if (!found) throw new Error(`no standard ${id}`)
  return found
}

t.test('each reading of files rates as it did when it was in use', async (t) => {
  const lacking = sampling('i', '2026-05-01', '不合格', { kind: undefined })
  const unending = licence('l', { validTo: undefined })
  const over = penalty('p', '2026-01-05', { publishedOn: '2026-01-10', publicationEndsOn: '2026-04-10' })
  const overAndLacking = penalty('o', '2026-01-05', {
    ...{ fine: undefined, publishedOn: '2026-01-10', publicationEndsOn: '2026-04-10' },
  })
  const uncaused = licence('l', { status: '撤销', statusChangedOn: '2026-05-01' })
  for (const [said, records, reading, limits, items] of [
    ['what lacks something limits', [licence('l'), lacking], 2, ['incomplete'], false],
    ['and did not', [licence('l'), lacking], 1, [], false],
    ['what a licence lacks limits', [unending], 4, ['incomplete'], false],
    ['already', [unending], 3, ['incomplete'], false],
    ['and did not', [unending], 2, [], false],
    ['never', [unending], 1, [], false],
    ['why a licence was taken back limits where nobody says it', [uncaused], 5, ['incomplete'], false],
    ['and did not', [uncaused], 4, [], false],
    ['what lacks something and is public no more limits not', [licence('l'), overAndLacking], 5, [], false],
    ['nor did it', [licence('l'), overAndLacking], 3, [], false],
    ['what is public no more counts not', [licence('l'), over], 2, [], false],
    ['and did', [licence('l'), over], 1, [], true],
  ] as const) {
    const rating = rate(fileWith(records), standardNamed('four-grades'), '2026-11-24', catalogue, reading)
    t.same(
      rating.limits.map(({ id }) => id).filter((id) => id === 'incomplete'),
      limits,
      said,
    )
    t.equal(
      rating.items.some((item) => item.records.some((id) => id === 'p' || id === 'i')),
      items,
      said,
    )
  }
})

t.test(
  'a changed decision that is awaited holds the grade since the reading that waits for it',
  async (t) => {
    const changed = penalty('p', '2026-01-05', { reviewOutcome: '变更', fine: 200_000, severity: '严重' })
    for (const [reading, limits] of [
      [5, []],
      [6, ['awaited-decision']],
      [undefined, ['awaited-decision']],
    ] as const) {
      const rating = rate(
        fileWith([licence('l'), changed]),
        standardNamed('four-grades'),
        '2026-11-24',
        catalogue,
        reading,
      )
      t.same(
        rating.limits.map(({ id }) => id),
        limits,
        `${reading}`,
      )
    }
  },
)

t.test('a bar that began on a leap day ends with its month', async (t) => {
  const revoked = licence('r', { status: '吊销', statusChangedOn: '2024-02-29' })
  for (const [on, reading, limits] of [
    ['2027-02-27', 5, ['licence-revoked']],
    ['2027-02-28', 5, []],
    ['2027-02-28', 4, ['licence-revoked']],
    ['2027-03-01', 4, []],
  ] as const) {
    const rating = rate(
      fileWith([licence('l'), revoked]),
      standardNamed('four-grades'),
      on,
      catalogue,
      reading,
    )
    t.same(
      rating.limits.map(({ id }) => id),
      limits,
      `${on} as read by ${reading}`,
    )
  }
})

t.test('a test that is contested, or was reversed, counts in no standard', async (t) => {
  for (const { id } of shippedStandards)
    for (const [retest, counts] of [
      [undefined, true],
      ['维持原结论', true],
      ['申请中', false],
      ['改变原结论', false],
    ] as const) {
      const test = sampling('f', '2026-05-02', '不合格', retest === undefined ? {} : { retest })
      const { items } = rate(fileWith([licence('l'), test]), standardNamed(id), '2026-11-24', catalogue)
      t.equal(
        items.some(({ records }) => records.includes('f')),
        counts,
        `${id}: ${retest}`,
      )
    }
})

t.test('a campaign of which a text was erased stands, with its revision', async (t) => {
  const entry = (kind: string, payload: unknown, revision: number): Entry => ({
    ...{ subject: 'campaign/1', kind, payload, revision, seq: revision, id: '', salt: null, command: '' },
    ...{ payloadDigest: '', recordedAt: '2026-03-01T02:00:00.000Z', digest: '', chain: '' },
    ...{ visibility: 'internal' as const, author: { authority: '省局', officer: '甲' } },
  })
  const begun = { standard: { id: 's', version: 1 }, on: '2026-03-01', scope: {}, by: 'x' }
  t.equal(foldCampaign(undefined, entry('campaign.started', null, 1)), undefined)
  const started = foldCampaign(undefined, entry('campaign.started', begun, 1))
  for (const kind of ['campaign.adjusted', 'campaign.returned', 'campaign.cancelled']) {
    const after = foldCampaign(started, entry(kind, null, 2))
    t.same(after, { ...started, revision: 2 } satisfies Partial<Campaign>, kind)
  }
})

t.test('what has faded counts for nothing, and for nothing less', async (t) => {
  const standard = standardNamed('four-grades')
  const [item] = standard.items.filter(({ points }) => points?.fade !== undefined)
  if (!item?.points) throw new Error('nothing fades')
  const own = { ...item, select: { ...item.select, where: [], within: 36 }, points: { each: -12, fade: 12 } }
  const fading = { ...standard, items: [own] }
  const points = (decidedOn: string) =>
    rate(fileWith([licence('l'), penalty('p', decidedOn)]), fading, '2026-11-24', catalogue).items.map(
      (found) => found.points,
    )
  for (const [decidedOn, expected] of [
    ['2026-11-24', [-12]],
    ['2026-10-25', [-12]],
    ['2026-10-24', [-11]],
    ['2025-12-25', [-2]],
    ['2025-12-24', [-1]],
    ['2025-11-25', [-1]],
    ['2025-11-24', [0]],
    ['2025-10-24', [0]],
    ['2023-11-25', [0]],
    ['2023-11-24', []],
  ] as const)
    t.same(
      points(decidedOn).map((own) => own + 0),
      expected,
      decidedOn,
    )
})

t.test('a share below the lowest step gives no points', async (t) => {
  const standard = standardNamed('enterprise-classes')
  const item = standard.items.find(({ ratio }) => ratio)
  if (!item?.ratio) throw new Error('no share')
  const passed = sampling('a', '2026-05-01', '合格', { kind: '国家监督抽查' })
  const failed = (id: string) => sampling(id, '2026-05-01', '不合格', { kind: '国家监督抽查' })
  const points = (atLeast: number, ...records: (typeof passed)[]) => {
    const own = {
      ...item,
      ratio: { ...item.ratio, part: item.ratio?.part ?? [], steps: [{ atLeast, points: 7 }], fewest: 1 },
    }
    const rating = rate(
      fileWith([licence('l'), ...records]),
      { ...standard, items: [own] },
      '2026-11-24',
      catalogue,
    )
    return rating.items.find(({ id }) => id === item.id)?.points ?? 0
  }
  t.equal(points(0.5, passed, failed('b')), 7, 'just reached')
  t.equal(points(0.5, passed, failed('b'), failed('c')), 0, 'below')
  t.equal(points(1, passed), 7)
  t.equal(points(1, passed, failed('b')), 0)
})

t.test(
  'a sample that is another’s failing, or not yet anybody’s, counts in no standard; it did before',
  async (t) => {
    for (const { id } of shippedStandards)
      for (const [said, counts] of [
        [{}, true],
        [{ role: '标称生产者' }, true],
        [{ role: '标称生产者', dispute: '处理中' }, false],
        [{ role: '标称生产者', dispute: '不成立' }, true],
        [{ role: '标称生产者', dispute: '成立' }, false],
        [{ role: '标称生产者', dispute: '经核实为假冒' }, false],
        [{ role: '标称生产者', faultStage: '销售环节' }, false],
        [{ role: '被抽样单位' }, false],
        [{ role: '被抽样单位', faultStage: '销售环节' }, true],
        [{ role: '被抽样单位（无标称生产者）' }, true],
        [{ role: '第三方' }, false],
      ] as const) {
        const file = fileWith([licence('l'), sampling('f', '2026-05-02', '不合格', said)])
        const counted = (reading?: number) =>
          rate(file, standardNamed(id), '2026-11-24', catalogue, reading).items.some(({ records }) =>
            records.includes('f'),
          )
        t.equal(counted(), counts, `${id}: ${JSON.stringify(said)}`)
        if ('role' in said && said.role === '被抽样单位') t.ok(counted(3), 'as it was read before')
      }
  },
)
