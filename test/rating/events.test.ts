import t from 'tap'
import type { StandardHistory } from '../../src/rating/adopted.ts'
import {
  type Campaign,
  campaignSubject,
  foldCampaign,
  scopeTest,
  whyPast,
} from '../../src/rating/campaign.ts'
import { ratingDraft, ratingsAfterEvent } from '../../src/rating/events.ts'
import { rankOfGrade, rate } from '../../src/rating/rate.ts'
import { recompute } from '../../src/rating/recompute.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Entry } from '../../src/register/entry.ts'
import { Firm, grave, penalty, people } from '../blacklist/firm.ts'
import { fileWith, licence, sampling } from './files.ts'

const [four, classes] = shippedStandards
if (!four || !classes) throw new Error('no standards')
const ON = '2026-03-10'

/** A standard that one has put forward and another adopted. */
const adopted = (document: NonNullable<typeof four>): StandardHistory => ({
  id: document.id,
  revision: 2,
  versions: [
    {
      document,
      adoptedAt: '2026-01-01T00:00:00.000Z',
      position: 1,
      author: { authority: '省局', officer: '丁' },
    },
  ],
})

t.test(
  'a grade falls at once with a listing or a revocation, and is given anew when that goes',
  async (t) => {
    const firm = new Firm([licence('l'), licence('m'), grave('p')])
    const standards = [adopted(four), adopted(classes)]
    const after = () => ratingsAfterEvent(undefined, firm.dossier, standards, ON, catalogue, () => 'new')
    const changed = () =>
      after().map(({ payload }) => {
        const { standard, grade, reason } = payload as {
          standard: { id: string }
          grade: string
          reason: string
        }
        return [standard.id, grade, reason]
      })
    t.same(changed(), [], 'never rated')
    const issue = (standard: typeof four, id: string) =>
      firm.append([
        ratingDraft(
          firm.dossier.key,
          id,
          standard,
          ON,
          rate(firm.dossier, standard, ON, catalogue),
          {},
          people.province,
        ),
      ])
    issue(four, 'r1')
    issue(classes, 'r2')
    t.same(changed(), [], 'nothing has changed')
    firm.add(penalty('q', '2026-03-01', { conduct: '无证生产' }))
    t.same(changed(), [], 'a limit that does not act at once waits until the public sees why')
    const id = firm.listed(['p'])
    t.same(changed(), [['four-grades', 'D', '在质量失信“黑名单”上的，定为 D']])
    t.match(after()[0], { kind: 'rating.issued', visibility: 'platform', payload: { id: 'new', on: ON } })
    firm.append(after())
    t.same(changed(), [], 'once')
    firm.step(id, { step: 'revocation', reason: '有误' }, people.city)
    t.same(
      changed().map(([standard, , reason]) => [standard, reason]),
      [['four-grades', '限制等级的情形不再存在，重新评定']],
      'without naming the listing',
    )
    const revoked = new Firm([licence('l'), licence('m')])
    revoked.append([
      ratingDraft(
        'M000100Y4',
        'r',
        four,
        ON,
        rate(revoked.dossier, four, ON, catalogue),
        {},
        people.province,
      ),
    ])
    revoked.change('m', { status: '吊销' })
    t.match(
      ratingsAfterEvent(undefined, revoked.dossier, [adopted(four)], ON, catalogue, () => 'new'),
      [{ payload: { grade: 'C', reason: '许可被吊销，或者非因机关的原因被撤销的，三年内最高为 C' } }],
    )
    revoked.fact('rating.revoked', { id: 'r', reason: '错' })
    t.same(
      ratingsAfterEvent(undefined, revoked.dossier, [adopted(four)], ON, catalogue, () => 'new'),
      [],
      'none in force',
    )
  },
)

t.test('what a grade rests on is updated: computed anew where that makes another', async (t) => {
  const failed = sampling('f', '2026-01-05', '不合格', { severity: '轻微', rectificationDueOn: '2026-02-10' })
  const unsent = sampling('f', '2026-01-05', '不合格', { deliveredOn: undefined })
  for (const [said, records, id, change, grade] of [
    ['put right', [failed], 'f', { rectifiedOn: '2026-03-09' }, 'C'],
    ['failed again', [failed], 'f', { reinspectedOn: '2026-03-09', reinspectionOutcome: '不合格' }, 'D'],
    ['completed', [unsent], 'f', { deliveredOn: '2026-01-12' }, 'C'],
    ['completed, and not public yet', [unsent], 'f', { deliveredOn: '2026-03-06' }, undefined],
    ['what no rule reads', [failed], 'f', { brand: '示例' }, undefined],
    ['what it does not name', [failed, licence('m')], 'm', { product: '电缆' }, undefined],
    ['of a penalty', [penalty('p', '2026-01-02', { severity: '一般' })], 'p', { severity: '严重' }, 'C'],
    [
      'of one not public yet',
      [penalty('p', '2026-03-02', { severity: '一般' })],
      'p',
      { severity: '严重' },
      undefined,
    ],
  ] as const) {
    const firm = new Firm([licence('l'), ...records])
    const rating = rate(firm.dossier, four, ON, catalogue)
    firm.append([ratingDraft(firm.dossier.key, 'r', four, ON, rating, {}, people.province)])
    const before = firm.dossier
    firm.change(id, change)
    const issued = ratingsAfterEvent(before, firm.dossier, [adopted(four)], ON, catalogue, () => 'new')
    t.match(
      issued,
      grade === undefined
        ? []
        : [{ payload: { grade, reason: /所依据的记录已(?:更新|补齐)，重新评定|严重程度的行政处罚/ } }],
      said,
    )
    t.equal(issued.length, grade === undefined ? 0 : 1, said)
  }
})

t.test('a grade that is no better than the limit stays', async (t) => {
  const firm = new Firm([licence('l'), grave('p'), grave('q'), grave('r')])
  const rating = rate(firm.dossier, four, ON, catalogue)
  firm.append([ratingDraft('M000100Y4', 'r', four, ON, { ...rating, grade: 'D' }, {}, people.province)])
  firm.listed(['p'])
  t.same(
    ratingsAfterEvent(undefined, firm.dossier, [adopted(four)], ON, catalogue, () => 'new'),
    [],
  )
  t.equal(rankOfGrade(four, 'A'), 0)
  t.equal(rankOfGrade(four, 'D'), 3)
  t.equal(rankOfGrade(four, '?'), 3, 'one that it does not have is the last')
})

const subject = 'M000100Y4'
function entry(seq: number, kind: string, payload: unknown, of = subject): Entry {
  const author = { authority: '省局', officer: '丁' }
  return {
    seq,
    id: `e${seq}`,
    subject: of,
    revision: seq,
    kind,
    payload,
    visibility: 'public',
    author,
    salt: null,
    payloadDigest: '',
    command: '',
    recordedAt: `2026-03-0${seq}T02:00:00.000Z`,
    digest: '',
    chain: '',
  }
}

t.test('an issued rating can be computed again, from what was known then', async (t) => {
  const held = licence('l')
  const failed = sampling('i', '2026-02-01', '不合格', { kind: '日常巡查' })
  const rating = rate(fileWith([held, failed]), four, ON, catalogue)
  const payload = ratingDraft(subject, 'r', four, ON, rating, {}, people.province).payload as object
  const entries = [
    entry(1, 'enterprise.opened', { data: { name: '示例公司', region: '130102', status: '存续' } }),
    entry(2, 'record.added', held),
    entry(3, 'record.added', failed),
    entry(4, 'rating.issued', payload),
    entry(5, 'record.added', sampling('j', '2026-02-02', '不合格', { kind: '日常巡查' })),
  ]
  const issued = {
    ...rating,
    id: 'r',
    standard: { id: 'four-grades', version: 1, shownAs: 'grade' as const },
    on: ON,
    position: 3,
    issuedAt: '',
    authority: '省局',
  }
  const again = (more: object, from = entries) => recompute(from, { ...issued, ...more }, four, catalogue)
  t.match(again({}), { agrees: true, recomputed: { grade: rating.grade } }, 'what came later has no say')
  t.equal(again({ position: 5 }).agrees, false)
  t.match(again({ grade: 'A' }), { agrees: false, differences: [/等级：发布为 A/] })
  t.match(again({ points: 0 }), { agrees: false, differences: [/分值：发布为 0/] })
  t.match(again({ items: [] }), { agrees: false, differences: ['评价项所依据的记录不同。'] })
  t.match(again({ limits: [{ id: 'x', rule: '', grade: 'C', records: [] }] }), {
    differences: ['限制所依据的记录不同。'],
  })
  t.equal(
    again({ grade: 'A', adjusted: { from: rating.grade, reason: '调整' } }).agrees,
    true,
    'an adjusted one, before it',
  )
  const erased = entries.map((own) => (own.seq === 3 ? { ...own, payload: null } : own))
  t.match(again({}, erased), { agrees: null, reason: /依法删除/ })
  t.equal(again({ position: 2 }, erased).agrees, false, 'erased later: no hindrance')
  // As the public has them: without what was erased, with the erasure.
  for (const [positions, agrees] of [
    [[3], null],
    [[2, 4], null],
    [[4], false],
  ]) {
    const erasure = entry(6, 'payload.erased', { positions, reason: '列入被撤销' })
    const told = [...entries.filter(({ seq }) => seq !== 3), erasure]
    t.equal(again({}, told).agrees, agrees, `of ${positions}`)
  }
  t.match(
    again({ limits: [{ id: 'x', rule: '', grade: 'C', records: ['l'] }] }, erased),
    { agrees: null },
    'one of two records that it names was erased',
  )
  t.match(again({ position: 0 }), { agrees: null, reason: /不存在/ })
})

t.test('a campaign, step by step', async (t) => {
  const of = campaignSubject('k')
  const begun = { standard: { id: 'four-grades', version: 1 }, on: ON, scope: {}, by: 'a' }
  const start = foldCampaign(undefined, entry(1, 'campaign.started', begun, of))
  t.match(start, {
    id: 'k',
    status: 'drafting',
    revision: 1,
    startedAt: '2026-03-01T02:00:00.000Z',
    adjustments: {},
    by: 'a',
  })
  const step = (before: Campaign | undefined, seq: number, kind: string, payload: unknown) =>
    foldCampaign(before, entry(seq, kind, payload, of))
  const adjusted = step(start, 2, 'campaign.adjusted', { enterprise: 'X', grade: 'B', reason: '因', by: 'a' })
  const twice = step(adjusted, 3, 'campaign.adjusted', { enterprise: 'Y', grade: 'C', reason: '因', by: 'a' })
  t.match(twice?.adjustments, { X: { grade: 'B' }, Y: { grade: 'C' } })
  const returned = step(twice, 4, 'campaign.returned', { reason: '再核' })
  t.match(returned, { status: 'drafting', returned: { reason: '再核' } })
  t.match(step(returned, 5, 'campaign.noted', {}), { returned: { reason: '再核' }, revision: 5 })
  t.equal(
    step(returned, 5, 'campaign.adjusted', { enterprise: 'X', grade: 'A', reason: '因', by: 'a' })?.returned,
    undefined,
  )
  const approved = step(returned, 5, 'campaign.approved', { by: 'b', drafts: 7 })
  t.match(approved, { status: 'issuing', approved: { by: 'b', drafts: 7 } })
  t.equal(approved?.returned, undefined)
  t.match(step(approved, 6, 'campaign.issued', { ratings: 7, moves: [] }), { status: 'issued', ratings: 7 })
  const cancelled = step(start, 2, 'campaign.cancelled', { reason: '停' })
  t.match(cancelled, { status: 'cancelled', cancelled: { reason: '停' } })
  t.equal(step(undefined, 1, 'campaign.adjusted', {}), undefined)
  for (const [own, words] of [
    [start, undefined],
    [approved, /已批准，正在发布/],
    [step(approved, 6, 'campaign.issued', { ratings: 7, moves: [] }), /已发布/],
    [cancelled, /已取消/],
  ] as const) {
    const why = own && whyPast(own)
    if (words) t.match(why, words)
    else t.equal(why, undefined)
  }
})

t.test('which files a campaign rates: all that is written must hold', async (t) => {
  const firm = new Firm([
    licence('l', { product: '电缆' }),
    sampling('i', '2026-02-01', '合格', { product: '水泥' }),
  ])
  const inScope = (scope: Parameters<typeof scopeTest>[0]) => scopeTest(scope)(firm.dossier)
  for (const [scope, expected] of [
    [{}, true],
    [{ region: '130102' }, true],
    [{ region: '130100' }, true],
    [{ region: '130000' }, true],
    [{ region: '130200' }, false],
    [{ product: '电缆' }, true],
    [{ product: '缆' }, true],
    [{ product: '水泥' }, true],
    [{ product: '玻璃' }, false],
    [{ enterprises: ['M000100Y4'] }, true],
    [{ enterprises: ['X', 'M000100Y4'] }, true],
    [{ enterprises: ['X'] }, false],
    [{ region: '130102', product: '玻璃' }, false],
    [{ region: '130200', product: '电缆' }, false],
    [{ region: '130102', product: '电缆', enterprises: ['X'] }, false],
  ] as const)
    t.equal(
      inScope(structuredClone(scope) as Parameters<typeof scopeTest>[0]),
      expected,
      JSON.stringify(scope),
    )
  firm.withdraw('l')
  t.notOk(inScope({ product: '电缆' }), 'a withdrawn record')
  t.ok(inScope({ product: '水泥' }))
  firm.fact('enterprise.changed', { changes: { region: null } })
  t.notOk(inScope({ region: '130102' }), 'of an unknown place')
})
