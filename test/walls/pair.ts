import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import type { Draft } from '../../src/register/entry.ts'
import { licenceOf, penaltyOf, unifiedCode } from '../support.ts'

/** What two registers have in common that differ in nothing but what is not public, and what each may have beside it. */

const author = { authority: '石家庄市市场监督管理局', officer: '张三' }
const [ONE, TWO, THREE, FOUR] = ['PAIR0001', 'PAIR0002', 'PAIR0003', 'PAIR0004'].map((body) =>
  unifiedCode(body),
)
const keyOf = (uscc = '') => uscc.slice(8, 17)
export const files = [ONE, TWO, THREE, FOUR].map(keyOf)
const [one = '', two = '', three = '', four = ''] = files
/** A valid code that no file stands under. */
export const unknownFile = keyOf(unifiedCode('PAIR0009'))

export type Fact = Pick<Draft, 'subject' | 'kind' | 'payload'>
const fact = (subject: string, kind: string, payload: object): Fact => ({ subject, kind, payload })

const standard = shippedStandards.find(({ id }) => id === 'four-grades')
const rules = ruleSets.find(({ id }) => id === 'order-44')
if (!standard || !rules) throw new Error('no standard, no rules')
const nextStandard = { ...standard, version: standard.version + 1 }
const nextRules = { ...rules, version: rules.version + 1 }
const by = 'officer/zhangsan'

const inspected = { kind: '省级监督抽查', inspectedOn: '2026-10-01', authority: '省局', product: '电线电缆' }
const listed = {
  ground: '生产不符合标准的产品',
  basis: '第四条',
  until: '2029-11-20',
  publishBy: '2026-12-20',
  certain: true,
  repair: { from: '2027-11-20', how: '申请修复', conditions: ['改正'] },
}
const proposed = (id: string, penalties: readonly string[]) => ({
  ...{ case: id, ruleSet: { id: 'order-44', version: rules.version }, ground: 'unsafe-product', penalties },
  ...{ facts: '事实', reasons: '理由', by },
})
const decided = (id: string) => ({
  ...{ case: id, listed: true, decisionNo: `列〔2026〕${id}`, decidedOn: '2026-11-10' },
  ...{ reasons: '理由', measures: ['重点监管'], by, listing: listed },
})
const rated = (id: string, grade: string, records: readonly string[]) => ({
  ...{ id, standard: { id: standard.id, version: standard.version, shownAs: 'grade' }, on: '2026-11-10' },
  ...{ grade, points: 80, items: [{ id: 'x', rule: '规则', points: 5, records }], limits: [] },
})

/** What both tell the public, in its order; each is of a day of its own. */
export const publicFacts: readonly Fact[] = [
  fact('standard/four-grades', 'standard.adopted', standard),
  fact(one, 'enterprise.opened', {
    uscc: ONE,
    data: {
      name: '示例电缆有限公司',
      region: '130102',
      industry: 'C3831',
      status: '存续',
      legalForm: '有限责任公司',
    },
  }),
  fact(two, 'enterprise.opened', {
    uscc: TWO,
    data: { name: '示例水泥有限公司', region: '130202', status: '存续' },
  }),
  fact(one, 'record.added', { id: 'licence', ...licenceOf('XK-1') }),
  fact(one, 'record.added', { id: 'award', type: 'award', data: award() }),
  fact(one, 'rating.issued', rated('rating1', 'A', ['licence'])),
  fact(two, 'record.added', { id: 'tested', type: 'inspection', data: { ...inspected, outcome: '合格' } }),
  fact(two, 'record.added', {
    id: 'failed',
    type: 'inspection',
    data: { ...inspected, inspectedOn: '2026-10-02', outcome: '不合格', deliveredOn: '2026-10-12' },
  }),
  fact(two, 'record.added', {
    id: 'penalty',
    ...penaltyOf('罚1', { publishedOn: '2026-10-20', severity: '严重' }),
  }),
  fact(two, 'record.added', { id: 'penalty2', ...penaltyOf('罚2', { publishedOn: '2026-10-20' }) }),
  fact(three, 'enterprise.opened', {
    uscc: THREE,
    data: {
      name: '示例食品有限公司',
      region: '130102',
      address: '示例路 1 号',
      industry: 'C1411',
      status: '存续',
    },
  }),
  fact(three, 'record.added', { id: 'award3', type: 'award', data: award() }),
  fact(three, 'record.added', { id: 'licence3', ...licenceOf('XK-3') }),
  fact(one, 'enterprise.changed', { changes: { name: '示例线缆有限公司' } }),
  fact(two, 'listing.proposed', proposed('listed', ['penalty'])),
  fact(two, 'listing.decided', decided('listed')),
  fact(two, 'listing.published', { case: 'listed', from: '2026-11-10', until: '2029-11-10' }),
  fact('bulletins/series', 'bulletin.drafted', {
    ...{ authority: author.authority, from: '2026-11-01', to: '2026-11-30', corrections: [], by },
  }),
  fact('bulletins/series', 'bulletin.issued', {
    ...{ n: 1, year: 2026, no: 1, listed: ['listed'], removed: {}, by: 'officer/lisi' },
  }),
  fact(two, 'document.attached', { ...decisionText('penalty'), masked: 0 }),
  fact(two, 'document.reviewed', { record: 'penalty', approved: true, reasons: '可以公开', by }),
  fact(two, 'rating.issued', rated('rating2', 'C', ['penalty'])),
  fact(one, 'record.updated', { id: 'licence', changes: { status: '注销', statusChangedOn: '2026-11-12' } }),
  fact(three, 'rating.issued', rated('rating3', 'A', ['award3'])),
  fact(two, 'record.corrected', { id: 'tested', changes: { product: '水泥' }, reason: '笔误' }),
  fact(three, 'rating.issued', rated('rating4', 'B', ['award3'])),
  fact(three, 'rating.revoked', { id: 'rating4', reason: '误评' }),
  fact(four, 'enterprise.opened', { uscc: FOUR, data: { name: '示例误登公司', region: '130102' } }),
  fact(four, 'enterprise.withdrawn', { reason: '误登' }),
]

/** Things of both that anyone may ask for by their ids. */
export const publicIds = [
  ...['licence', 'penalty', 'listed', 'rating1', 'rating3', 'four-grades', 'order-44', 'series.1', 'none'],
]

function decisionText(record: string) {
  return { record, text: '决定书', toldOn: '2026-11-01', by }
}

function award() {
  return { kind: '著名商标', level: '省', title: '电缆', grantedBy: '省局', grantedOn: '2026-01-01' }
}

/**
 * What is not public, by a name: `n` tells one from another of its kind. Each may stand in any place after the first facts;
 * an erasure takes those before it that it counts back to.
 */
export const hidden: Readonly<Record<string, (n: number) => readonly Fact[]>> = {
  note: (n) => [fact(one, 'note.added', { id: `note${n}`, text: '备注' })],
  'warning settled': () => [fact(one, 'warning.settled', { code: 'embedded-code', reason: '已核' })],
  explanation: () => [fact(one, 'change.explained', { reason: '说明' })],
  doubt: (n) => [
    fact(one, 'query.raised', { id: `query${n}`, record: 'licence', text: '疑' }),
    fact(one, 'query.answered', { id: `query${n}`, record: 'licence', answer: '答' }),
  ],
  'warning as a penalty': (n) => [
    fact(one, 'record.added', {
      id: `warned${n}`,
      ...penaltyOf(`警${n}`, { types: ['警告'], fine: undefined }),
    }),
    fact(one, 'record.updated', { id: `warned${n}`, changes: { content: '警告。' } }),
    fact(one, 'record.corrected', { id: `warned${n}`, changes: { conduct: '更正' }, reason: '笔误' }),
    ...(n % 2 === 0 ? [fact(one, 'record.withdrawn', { id: `warned${n}`, reason: '误登' })] : []),
  ],
  'penalty that waits': (n) => [
    fact(three, 'record.added', { id: `waiting${n}`, ...penaltyOf(`待${n}`, { decidedOn: '2026-11-23' }) }),
  ],
  'penalty without procedure': (n) => [
    fact(three, 'record.added', { id: `unclear${n}`, ...penaltyOf(`缺${n}`, { procedure: undefined }) }),
  ],
  'failed test that waits': (n) => [
    fact(one, 'record.added', {
      id: `untold${n}`,
      type: 'inspection',
      data: { ...inspected, inspectedOn: '2026-11-18', outcome: '不合格', deliveredOn: '2026-11-20' },
    }),
  ],
  'failed test without its delivery': (n) => [
    fact(three, 'record.added', {
      ...{ id: `undelivered${n}`, type: 'inspection', data: { ...inspected, outcome: '不合格' } },
    }),
  ],
  'record of no kind': (n) => [
    fact(one, 'record.added', { id: `odd${n}`, type: 'unheard-of', data: { title: '其他' } }),
  ],
  'entry of no kind': () => [fact(one, 'something.later', { text: '以后' })],
  'what officers tell each other of a public record': (n) => [
    fact(two, 'record.updated', {
      id: 'penalty2',
      changes: { remark: `备注${n}`, caseNo: `案${n}`, facts: `事实${n}` },
    }),
    fact(two, 'record.corrected', { id: 'failed', changes: { findings: `记录${n}` }, reason: '补记' }),
  ],
  'who represents a firm': (n) => [
    fact(one, 'enterprise.changed', { changes: { legalRepresentative: `张${n}` } }),
    fact(one, 'enterprise.corrected', { changes: { legalRepresentative: `李${n}` }, reason: '更正' }),
  ],
  'case on its way': (n) => [
    fact(one, 'listing.proposed', proposed(`case${n}`, [])),
    fact(one, 'listing.restated', { case: `case${n}`, facts: '改写的事实', reasons: '理由', by }),
    fact(one, 'listing.affirmed', { case: `case${n}`, reasons: '更正笔误', by }),
    fact(one, 'listing.noticed', {
      ...{ case: `case${n}`, content: '告知', servedOn: '2026-11-02', way: '直接送达' },
      ...{ statementUntil: '2026-11-09', certain: true, by },
    }),
    fact(one, 'listing.stated', {
      case: `case${n}`,
      on: '2026-11-03',
      statement: '陈述',
      answer: '答复',
      by,
    }),
    fact(one, 'listing.consented', { case: `case${n}`, granted: n % 2 === 0, reasons: '理由', by }),
    ...(n % 3 === 0
      ? [
          fact(one, 'listing.dropped', { case: `case${n}`, reason: '终止' }),
          fact(one, 'listing.reinstated', {
            ...{ case: `case${n}`, penalties: [], on: '2026-11-20', reason: '误登' },
          }),
        ]
      : []),
  ],
  'case decided and not published': (n) => [
    fact(two, 'listing.proposed', proposed(`decided${n}`, ['penalty2'])),
    fact(two, 'listing.decided', decided(`decided${n}`)),
    ...([
      [],
      [
        fact(two, 'listing.removed', {
          case: `decided${n}`,
          on: '2026-11-20',
          cause: 'revoked',
          reason: '撤销',
        }),
      ],
      [fact(two, 'listing.basisChanged', { case: `decided${n}`, penalties: [], reason: '撤销' })],
      [
        fact(two, 'listing.suspended', {
          ...{ case: `decided${n}`, changed: ['penalty2'], on: '2026-11-20', reason: '变更' },
          ...{ dueOn: '2026-12-20', certain: true },
        }),
        fact(two, 'listing.rebased', {
          ...{ case: `decided${n}`, penalties: ['penalty2'], facts: '事实', reasons: '理由', by },
        }),
      ],
    ][n % 4] ?? []),
  ],
  'repair of what is listed': (n) => [
    fact(two, 'listing.repairApplied', { case: 'listed', on: '2026-11-20', grounds: `改正${n}`, by }),
    fact(two, 'listing.repairAccepted', { case: 'listed', accepted: n % 2 === 0, reasons: '受理', by }),
  ],
  'repair asked for': (n) => [
    fact(two, 'listing.proposed', proposed(`repairing${n}`, ['penalty'])),
    fact(two, 'listing.repairApplied', { case: `repairing${n}`, on: '2026-11-20', grounds: '改正', by }),
    fact(two, 'listing.repairAccepted', { case: `repairing${n}`, accepted: true, reasons: '受理', by }),
    fact(two, 'listing.repairInspected', { case: `repairing${n}`, on: '2026-11-20', findings: '已改', by }),
    fact(two, 'listing.repairDecided', { case: `repairing${n}`, granted: false, reasons: '不予', by }),
    fact(two, 'listing.repairRevoked', { case: `repairing${n}`, reason: `有误${n}`, by }),
  ],
  'objection to what is not public': (n) => [
    fact(one, 'record.added', { id: `minor${n}`, ...penaltyOf(`小${n}`, { procedure: '简易程序' }) }),
    fact(one, 'objection.filed', {
      ...{ id: `objection${n}`, about: { kind: 'record', id: `minor${n}` }, on: '2026-11-20' },
      ...{ grounds: '异议', dueOn: '2026-11-27', certain: true },
    }),
    ...(n % 2 === 0
      ? [
          fact(one, 'objection.settled', {
            id: `objection${n}`,
            on: '2026-11-21',
            upheld: false,
            outcome: '维持',
          }),
        ]
      : []),
  ],
  'early end asked for': () => [
    fact(two, 'publication.endApplied', {
      record: 'penalty2',
      on: '2026-11-20',
      grounds: '改正',
      dueOn: '2026-12-20',
      by,
    }),
    fact(two, 'publication.endChecked', { record: 'penalty2', findings: '已核', by }),
    fact(two, 'publication.endDecided', { record: 'penalty2', granted: false, reasons: '不予', by }),
    fact(two, 'publication.endRevoked', { record: 'penalty2', reason: '有误', by }),
  ],
  'text of a decision that nobody has approved': (n) => [
    fact(two, 'document.attached', { ...decisionText(n < 2 ? 'penalty2' : 'penalty'), masked: n }),
    ...(n % 2 === 0
      ? [
          fact(two, 'document.reviewed', {
            ...{ record: n < 2 ? 'penalty2' : 'penalty', approved: false, reasons: '再核', by },
          }),
        ]
      : []),
  ],
  'proposal for two persons': (n) => [
    fact(one, 'act.proposed', {
      ...{ id: `proposal${n}`, act: 'withdraw-record', on: { code: one, id: 'licence' } },
      ...{ input: { reason: '误登' }, saw: 1, why: '两人', by },
    }),
    ...([
      [],
      [fact(one, 'act.refused', { id: `proposal${n}`, reason: '不同意', by: 'officer/lisi' })],
      [fact(one, 'act.lapsed', { id: `proposal${n}`, reason: '已变更' })],
      [fact(one, 'act.confirmed', { id: `proposal${n}`, by: 'officer/lisi' })],
    ][n % 4] ?? []),
  ],
  'erasure of what was never public': (n) => [
    fact(one, 'note.added', { id: `erased${n}`, text: '应删除' }),
    fact(one, 'payload.erased', { positions: [1], reason: '依法删除' }),
  ],
  'case that ended before it was published, and its erasure': (n) => [
    fact(two, 'listing.proposed', proposed(`ended${n}`, ['penalty2'])),
    fact(two, 'listing.decided', decided(`ended${n}`)),
    fact(two, 'listing.removed', { case: `ended${n}`, on: '2026-11-20', cause: 'revoked', reason: '撤销' }),
    fact(two, 'payload.erased', { positions: [3, 2, 1], reason: '依法删除' }),
  ],
  'day of a record that is not public': (n) => [
    fact(one, 'record.added', {
      id: `dated${n}`,
      ...penaltyOf(`期${n}`, { types: ['警告'], fine: undefined }),
    }),
    fact(one, 'record.published', { id: `dated${n}`, on: '2026-11-01' }),
    fact(one, 'record.unpublished', { id: `dated${n}`, on: '2026-11-02' }),
    fact(one, 'record.expired', { id: `dated${n}`, on: '2026-11-03' }),
  ],
  'standard put forward': (n) => [
    fact(`standard/${n % 2 === 0 ? 'four-grades' : `hidden${n}`}`, 'standard.proposed', {
      document: { ...nextStandard, id: n % 2 === 0 ? 'four-grades' : `hidden${n}` },
      by,
    }),
    ...(n % 3 === 0
      ? [
          fact(`standard/${n % 2 === 0 ? 'four-grades' : `hidden${n}`}`, 'standard.refused', {
            reason: '不同意',
            by,
          }),
        ]
      : []),
  ],
  'rules put forward': (n) => [
    fact('rules/order-44', 'rules.proposed', { document: nextRules, by }),
    ...(n % 2 === 0 ? [fact('rules/order-44', 'rules.refused', { reason: '不同意', by })] : []),
  ],
  'campaign that is drafted': (n) => [
    fact(`campaign/hidden${n}`, 'campaign.started', {
      ...{ standard: { id: standard.id, version: standard.version }, on: '2026-11-01', scope: {}, by },
    }),
    fact(`campaign/hidden${n}`, 'campaign.adjusted', { enterprise: one, grade: 'B', reason: '调整', by }),
    ...(n % 2 === 0 ? [fact(`campaign/hidden${n}`, 'campaign.cancelled', { reason: '取消' })] : []),
  ],
  'bulletin that is drafted': (n) => [
    fact(`bulletins/hidden${n}`, 'bulletin.drafted', {
      ...{ authority: '唐山市局', from: '2026-11-01', to: '2026-11-30', corrections: [], by },
    }),
    ...(n % 2 === 0 ? [fact(`bulletins/hidden${n}`, 'bulletin.discarded', { n: 1, reason: '不发' })] : []),
  ],
  account: (n) => [
    fact(`officer/hidden${n}`, 'officer.created', {
      name: '张三',
      authority: '省局',
      roles: ['recorder'],
      hash: 'x',
    }),
    fact(`officer/hidden${n}`, 'officer.changed', { name: '张三', authority: '省局', roles: ['reviewer'] }),
    ...(n % 2 === 0 ? [fact(`officer/hidden${n}`, 'officer.disabled', {})] : []),
  ],
  key: (n) => [
    fact(`key/${String(n).padStart(12, '0')}`, 'key.created', {
      ...{ name: '接口', authority: '省局', scopes: ['records:read'], hash: 'x' },
    }),
    ...(n % 2 === 0 ? [fact(`key/${String(n).padStart(12, '0')}`, 'key.revoked', {})] : []),
  ],
  consumer: (n) => [fact(`consumer/hidden${n}`, 'consumer.opened', { name: `平台${n}` })],
  'import that waits for another': (n) => [
    fact(`import/hidden${n}`, 'act.proposed', {
      ...{ id: `import-proposal${n}`, act: 'withdraw-import', on: { id: `hidden${n}` } },
      ...{ input: { reason: '误' }, saw: 0, why: '两人', by },
    }),
  ],
}

/** Ids of what one may ask for though it is not public. */
export function idsOf(facts: readonly Fact[]): string[] {
  return facts.flatMap(({ subject, payload }) => [
    subject.slice(subject.indexOf('/') + 1),
    ...Object.entries(payload ?? {}).flatMap(([name, value]) =>
      ['id', 'case'].includes(name) && typeof value === 'string' ? [value] : [],
    ),
  ])
}

/** What lets two registers come to the same position: an entry about nothing that anyone may ask for. */
export const filling = fact('filling/none', 'filling', {})
export const authorOfAll = author
