import t from 'tap'
import { catalogue, enterprise } from '../../src/records/catalogue.ts'
import { inspection } from '../../src/records/inspection.ts'
import type { RecordData, RecordKind } from '../../src/records/kind.ts'
import { licenceStatuses } from '../../src/records/licence.ts'
import { penalty } from '../../src/records/penalty.ts'
import { part, rowsInWords, rowsOf } from '../../src/records/rows.ts'
import { type Audience, openness, type SightName, seenData, seesField } from '../../src/records/sight.ts'
import { award, licence, penalty as penaltyOf, sampling } from '../rating/files.ts'

/** Who sees what of a record, and from when until when; what a kind says of its records where it says nothing of its own. */

t.test('who sees a field, of a record that is entered and of one that is public', async (t) => {
  for (const [sight, entered, published] of [
    ['open', [], ['public', 'platform']],
    ['exchanged', ['platform'], ['public', 'platform']],
    ['platform', ['platform'], ['platform']],
    ['officers', [], []],
  ] as [SightName, Audience[], Audience[]][])
    for (const audience of ['public', 'platform'] as const) {
      t.equal(seesField(sight, audience, false), entered.includes(audience), `${sight}, ${audience}, entered`)
      t.equal(seesField(sight, audience, true), published.includes(audience), `${sight}, ${audience}, public`)
    }
})

t.test('what of a penalty an audience is shown: field by field', async (t) => {
  const data = {
    ...penaltyOf('一号', '2026-03-02', { facts: '事实', caseNo: '案一', severity: '一般' }).data,
    ...{ colour: 'red', remark: undefined },
  }
  const seen = (audience: Audience, isPublic: boolean) =>
    Object.keys(seenData(penalty, data, audience, isPublic))
  t.notOk(seen('public', false).length, 'the public nothing of what is only entered')
  for (const [field, audiences] of [
    ['documentNo', ['platform', 'public later', 'platform later']],
    ['facts', ['platform', 'platform later']],
    ['severity', ['public later', 'platform later']],
    ['caseNo', []],
    ['colour', []],
    ['remark', []],
  ] as [string, string[]][])
    for (const audience of ['public', 'platform'] as const)
      for (const isPublic of [false, true]) {
        const name = isPublic ? `${audience} later` : audience
        t.equal(seen(audience, isPublic).includes(field), audiences.includes(name), `${field}, ${name}`)
      }
})

t.test('how far a record is open: the day before, on the first, on the last, on the end', async (t) => {
  const data = (more: RecordData = {}) => ({
    ...penaltyOf('一号', '2026-03-02', { fine: 80_000, publishedOn: '2026-03-09', ...more }).data,
  })
  for (const [said, own, on, expected] of [
    ['the day of entry', data(), '2026-03-02', false],
    ['the day before', data(), '2026-03-08', false],
    ['the first day', data(), '2026-03-09', true],
    ['the last day', data(), '2029-03-08', true],
    ['the day of its end', data(), '2029-03-09', undefined],
    ['ended early, the day before', data({ publicationEndsOn: '2026-10-10' }), '2026-10-09', true],
    ['ended early, on it', data({ publicationEndsOn: '2026-10-10' }), '2026-10-10', undefined],
    ['ended before it began', data({ publicationEndsOn: '2026-03-09' }), '2026-03-08', undefined],
    ['taken back', data({ reviewOutcome: '撤销' }), '2026-03-09', undefined],
    ['never public', data({ procedure: '简易程序' }), '2026-03-09', undefined],
  ] as const)
    t.equal(openness(penalty, own, on)?.isPublic, expected, said)
  t.match(openness(penalty, data(), '2026-03-02')?.period, {
    from: '2026-03-09',
    until: '2029-03-09',
    rule: /第十三条/,
  })
  const [kind, endless] = [catalogue.kind('licence'), licence('一').data]
  t.same(kind && Object.keys(openness(kind, endless, '2026-03-02')?.period ?? {}), ['from', 'rule'])
})

const SAMPLES: Readonly<Record<string, RecordData>> = {
  licence: licence('一').data,
  inspection: sampling('一', '2026-03-02', '不合格').data,
  penalty: penaltyOf('一', '2026-03-02').data,
  award: award('一', '省', '2026-03-02').data,
  interview: {
    interviewedOn: '2026-03-02',
    authority: '省局',
    area: '食品',
    position: '主要负责人',
    hazard: '隐患',
  },
}

t.test('what kinds say of records where they say nothing of their own', async (t) => {
  const own = (type: string): RecordKind => {
    const kind = catalogue.kind(type)
    if (!kind) throw new Error(type)
    return kind
  }
  t.same(
    catalogue.kinds.map(({ type }) => type).sort(),
    Object.keys(SAMPLES).sort(),
    'each kind has a sample here',
  )
  for (const [type, data] of Object.entries(SAMPLES)) {
    const kind = own(type)
    const unread = { ...data, [kind.datedBy]: 7 }
    t.equal(kind.replaces(data, data), false, `${type}: what is the same came in no place`)
    t.equal(kind.isApart(data, data), false, `${type}: and is not apart`)
    t.equal(kind.isCounted(data), true, `${type}: counts`)
    t.equal(kind.isCounted(unread), true, `${type}: and where it can’t be read`)
    t.equal(
      kind.isAdverse(data),
      ['inspection', 'penalty', 'interview'].includes(type),
      `${type}: tells against`,
    )
    t.equal(kind.isAdverse(unread), false, `${type}: unread it tells nothing`)
    t.equal(kind.unnumbered(data), undefined, `${type}: without a number of its own`)
    t.equal(kind.undated(data) !== undefined, type === 'award', `${type}: apart beside its date`)
    t.equal(kind.undated(unread), undefined)
    t.same(kind.missing(data), [], `${type}: lacks nothing`)
    t.match(kind.missing(unread), [{ field: kind.datedBy, code: 'unreadable' }])
    t.match(kind.publication(unread), { public: false }, `${type}: unread it is not public`)
    t.same(kind.readOn(unread, '2099-01-01'), {}, `${type}: nor does time pass for it`)
    t.equal(kind.identity(unread), JSON.stringify(unread))
    t.equal(kind.dateOf(data), kind.datedOn(data))
    t.equal(kind.dateOf({}), '', `${type}: undated`)
    t.equal(kind.clash?.(data, data), undefined, `${type}: does not clash with itself`)
  }
})

t.test('what tells against a firm, member by member', async (t) => {
  const tells = (type: string, more: RecordData) =>
    catalogue.kind(type)?.isAdverse({ ...SAMPLES[type], ...more })
  for (const status of licenceStatuses)
    t.equal(tells('licence', { status }), status === '吊销' || status === '撤销', status)
  for (const reviewOutcome of ['维持', '变更', '撤销', '确认违法', '确认无效'])
    t.equal(
      tells('penalty', { reviewOutcome }),
      reviewOutcome === '维持' || reviewOutcome === '变更',
      reviewOutcome,
    )
  for (const outcome of ['合格', '不合格', '未抽到样品', '拒检'])
    for (const retest of ['申请中', '维持原结论', '改变原结论'])
      t.equal(
        tells('inspection', { outcome, retest }),
        (outcome === '不合格' || outcome === '拒检') && retest !== '改变原结论',
        `${outcome} ${retest}`,
      )
  for (const [dispute, isTold] of [
    ['处理中', false],
    ['成立', false],
    ['经核实为假冒', false],
    ['不成立', true],
  ] as const)
    t.equal(tells('inspection', { role: '标称生产者', dispute }), isTold, dispute)
})

t.test('rows that a value holds, and the marks that none of their parts may', async (t) => {
  for (const [said, value, rows] of [
    ['rows', [{ name: '甲' }, { name: '乙' }], [{ name: '甲' }, { name: '乙' }]],
    ['what is none beside them', [1, '甲', null, [], { name: '乙' }], [{ name: '乙' }]],
    ['no list', { name: '甲' }, []],
    ['words', '甲', []],
    ['nothing', undefined, []],
  ] as [string, unknown, RecordData[]][])
    t.same(rowsOf(value), rows, said)
  const items = inspection.columns.find(({ field }) => field === 'items') ?? {}
  t.equal(rowsInWords([{ name: '甲' }, 7, { name: '乙', measured: '1' }], items), '甲；乙（实测值 1）')
  for (const mark of ['\t', '║', '||', '|', '｜', '‖', '丨'])
    t.equal(part(20).safeParse(`甲${mark}乙`).success, mark === '\t', JSON.stringify(mark))
  t.ok(part(20).safeParse('甲，乙').success)
})

t.test('a column says nothing of what its field does not', async (t) => {
  const columns = [enterprise, ...catalogue.kinds].flatMap((kind) => [...kind.columns])
  for (const column of [...columns, ...columns.flatMap(({ parts = [] }) => parts)]) {
    const empty = Object.entries(column).filter(([, value]) => value === undefined || value === false)
    t.same(
      empty.map(([name]) => name).filter((name) => name !== 'required'),
      [],
      column.field,
    )
  }
})
