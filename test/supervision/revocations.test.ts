import t from 'tap'
import type { RecordData } from '../../src/records/kind.ts'
import { licence as licenceKind } from '../../src/records/licence.ts'
import { barOf } from '../../src/supervision/bars.ts'
import { supervisionDeadlines } from '../../src/supervision/deadlines.ts'
import { revocationClocks } from '../../src/supervision/revocations.ts'
import { groupOf, scheme } from '../../src/supervision/scheme.ts'
import { about, Story, updated } from '../consequences/files.ts'
import { licence, penalty, type TestRecord } from '../rating/files.ts'

const decided = (id: string, type: string, decidedOn: string, more: RecordData = {}) =>
  penalty(id, decidedOn, { types: [type], fine: undefined, ...more })
const business = (id: string, decidedOn: string, more: RecordData = {}) =>
  decided(id, '吊销营业执照', decidedOn, more)
const permit = (id: string, decidedOn: string, more: RecordData = {}) =>
  decided(id, '吊销许可证件', decidedOn, more)
const fallen = { reviewOutcome: '撤销', reviewedOn: '2026-05-06' }

/** What is asked of a file: `enterpriseStatus p`, with the penalty that it is about. */
function asked(records: readonly TestRecord[], status = '存续'): string[] {
  const story = new Story(records)
  story.happens('2026-06-01', about('enterprise.changed', { changes: { status } }))
  return revocationClocks(story.dossier).map(({ what, about: penalty }) => `${what} ${penalty}`)
}

t.test('a business licence revoked, and what the file says of the firm', async (t) => {
  const [p, q] = [business('p', '2026-03-02'), business('q', '2026-04-01')]
  for (const [what, records, status, expected] of [
    ['none', [penalty('p', '2026-03-02')], '吊销', []],
    ['not yet said', [p], '存续', ['enterpriseStatus p']],
    ['nor so', [p], '停业', ['enterpriseStatus p']],
    ['said', [p], '吊销', []],
    ['gone since', [p], '注销', []],
    ['fallen, and said still', [business('p', '2026-03-02', fallen)], '吊销', ['enterpriseStatus p']],
    ['fallen and not said', [business('p', '2026-03-02', fallen)], '存续', []],
    ['fallen, the firm gone', [business('p', '2026-03-02', fallen)], '注销', []],
    ['upheld', [business('p', '2026-03-02', { reviewOutcome: '维持' })], '存续', ['enterpriseStatus p']],
    ['two', [p, q], '存续', ['enterpriseStatus q']],
    ['two, the later fallen', [p, business('q', '2026-04-01', fallen)], '存续', ['enterpriseStatus p']],
    ['two, the later fallen, said', [p, business('q', '2026-04-01', fallen)], '吊销', []],
    [
      'two fallen, said still',
      [business('p', '2026-03-02', fallen), business('q', '2026-04-01', fallen)],
      '吊销',
      ['enterpriseStatus q'],
    ],
    ['a permit alone', [permit('p', '2026-03-02'), licence('l', { status: '注销' })], '存续', []],
  ] as const)
    t.same(asked(records, status), expected, what)
  const told = (record: TestRecord, status: string) => {
    const story = new Story([record])
    story.happens('2026-06-01', about('enterprise.changed', { changes: { status } }))
    return revocationClocks(story.dossier).map(({ consequence }) => consequence)
  }
  t.same(told(p, '停业'), [
    '处罚 p 吊销营业执照，企业状态仍为“停业”：请核对后更新企业状态；计划、抽取以企业状态为准。',
  ])
  t.same(told(business('p', '2026-03-02', fallen), '吊销'), [
    '吊销营业执照的处罚 p 已不再有效，企业状态仍为“吊销”：请核对后更正企业状态。',
  ])
  const [clock] = revocationClocks(
    new Story([business('p', '2026-03-02', { ...fallen, reviewOutcome: '维持' })]).dossier,
  )
  t.match(
    clock,
    { authority: '', certain: false, dueOn: '2026-05-12' },
    'five working days from the review, a Saturday among them',
  )
})

t.test('a permit revoked, and what the file says of the licence', async (t) => {
  const revoked = { status: '吊销', statusChangedOn: '2026-03-02' }
  const p = permit('p', '2026-03-02')
  const named = permit('p', '2026-03-02', { revokedLicence: '许可证 l' })
  const ask = ['licenceStatus p']
  for (const [what, records, expected] of [
    ['no licence', [p], []],
    ['one that holds', [p, licence('l')], ask],
    ['one changed', [p, licence('l', { status: '变更' })], ask],
    ['one suspended', [p, licence('l', { status: '暂停' })], ask],
    ['one given up', [p, licence('l', { status: '注销' })], []],
    ['revoked on the day', [p, licence('l', revoked)], []],
    ['of two one revoked on the day', [p, licence('l', revoked), licence('m')], []],
    [
      'of two one revoked the day before',
      [p, licence('l', { ...revoked, statusChangedOn: '2026-03-01' }), licence('m')],
      ask,
    ],
    ['of two one revoked on no day', [p, licence('l', { status: '吊销' }), licence('m')], []],
    ['named, and it holds', [named, licence('l'), licence('m', revoked)], ask],
    ['named, and it is revoked', [named, licence('l', revoked), licence('m')], []],
    ['fallen, and it holds', [permit('p', '2026-03-02', fallen), licence('l')], []],
    ['fallen, said revoked still', [permit('p', '2026-03-02', fallen), licence('l', revoked)], ask],
    [
      'fallen, said revoked before it',
      [permit('p', '2026-03-02', fallen), licence('l', { ...revoked, statusChangedOn: '2026-03-01' })],
      [],
    ],
    [
      'fallen, another stands that was decided before',
      [permit('p', '2026-03-02', fallen), permit('q', '2026-03-01'), licence('l', revoked)],
      [],
    ],
    [
      'fallen, another stands that was decided on the day',
      [permit('p', '2026-03-02', fallen), permit('q', '2026-03-02'), licence('l', revoked)],
      [],
    ],
    [
      'fallen, another stands that was decided since',
      [permit('p', '2026-03-02', fallen), permit('q', '2026-03-03'), licence('l', revoked)],
      ask,
    ],
    [
      'fallen, the named one given up, another revoked',
      [
        permit('p', '2026-03-02', { ...fallen, revokedLicence: 'l' }),
        licence('l', { status: '注销' }),
        licence('m', revoked),
      ],
      [],
    ],
    [
      'fallen, the named one revoked',
      [permit('p', '2026-03-02', { ...fallen, revokedLicence: 'l' }), licence('l', revoked)],
      ask,
    ],
    ['of the business alone', [business('p', '2026-03-02'), licence('l')], ['enterpriseStatus p']],
  ] as const)
    t.same(asked(records), expected, what)
  const unit = (id: string, unit: string | undefined): TestRecord => licence(id, { number: 'l', unit })
  const holding = (revokedLicence: string, ...all: TestRecord[]) =>
    revocationClocks(new Story([permit('p', '2026-03-02', { revokedLicence }), ...all]).dossier).map(
      ({ consequence }) => /许可（(.*)）仍/.exec(consequence)?.[1],
    )
  for (const [said, came] of [
    ['l 一单元', ['l 一单元、二单元']],
    ['l 一单元、二单元', ['l 一单元、二单元']],
    ['l 三单元', ['l 三单元']],
    ['l 二单元、三单元', ['l 一单元、二单元、l 三单元']],
    ['l', ['l 一单元、二单元、l 三单元']],
    ['l 四单元', ['l 一单元、二单元、l 三单元']],
    ['m', ['m']],
  ] as const)
    t.same(
      holding(said, unit('a', '一单元、二单元'), unit('b', '三单元'), licence('m')),
      came,
      `of one licence for several units: ${said}`,
    )
  const [clock] = revocationClocks(
    new Story([p, licence('l'), licence('m'), licence('n', { status: '注销' })]).dossier,
  )
  t.match(clock, { authority: '市局', certain: false, consequence: /许可（l、m）仍登记为有效/ })
  const [other] = revocationClocks(
    new Story([permit('p', '2026-03-02', fallen), licence('l', revoked)]).dossier,
  )
  t.match(other, { consequence: /p 已不再有效，许可（l）仍登记为“吊销”/ })
})

t.test('for how long a firm may not apply again', async (t) => {
  const barred = (data: RecordData, ...changes: RecordData[]) => {
    const story = new Story([licence('l', data)])
    for (const change of changes) story.happens('2026-06-01', updated('l', change))
    const [record] = licenceKind.in(story.dossier)
    const bar = record && barOf(record)
    return bar && `${bar.because} ${bar.from} ${bar.until}`
  }
  const on = { statusChangedOn: '2026-03-02' }
  const deceit = { withdrawalCause: '以欺骗、贿赂等不正当手段取得' }
  for (const [what, bar, data, ...changes] of [
    ['holds', undefined, {}],
    ['given up', undefined, { status: '注销', ...on }],
    ['revoked', '同类许可（l）被吊销 2026-03-02 2029-03-02', { status: '吊销', ...on }],
    [
      'revoked, of food',
      '同类许可（l）被吊销 2026-03-02 2031-03-02',
      { kind: '食品生产许可证', status: '吊销', ...on },
    ],
    ['revoked on no day', undefined, { status: '吊销' }],
    [
      'revoked and given up since',
      '同类许可（l）被吊销 2026-03-02 2029-03-02',
      { status: '吊销', ...on },
      { status: '注销', statusChangedOn: '2026-05-01' },
    ],
    [
      'taken back for deceit',
      '同类许可（l）被撤销 2026-03-02 2029-03-02',
      { status: '撤销', ...deceit, ...on },
    ],
    ['taken back for deceit on no day', undefined, { status: '撤销', ...deceit }],
    [
      'taken back by the authority’s mistake',
      undefined,
      { status: '撤销', withdrawalCause: '机关的原因', ...on },
    ],
    ['taken back for no cause told', undefined, { status: '撤销', ...on }],
    [
      'taken back and given up since',
      '同类许可（l）被撤销 2026-03-02 2029-03-02',
      { status: '撤销', ...deceit, ...on },
      { status: '注销', statusChangedOn: '2026-05-01' },
    ],
    ['valid with a cause', undefined, { status: '有效', ...deceit, ...on }],
  ] as const)
    t.equal(barred(data, ...changes), bar, what)
})

t.test('a licence given while the firm was barred: the day before, on, after', async (t) => {
  const lost = licence('l', { status: '吊销', statusChangedOn: '2026-03-02' })
  const clocks = (issuedOn: string, more: RecordData = {}) =>
    supervisionDeadlines(
      new Story([lost, licence('m', { issuedOn, validTo: undefined, ...more })]).dossier,
      scheme,
    )
      .filter(({ what }) => what === 'barredLicence')
      .map(({ about: id, until, subject }) => `${id} ${until} ${subject ?? ''}`.trim())
  const told = ['m 2029-03-02 电线电缆']
  for (const [issuedOn, more, expected] of [
    ['2026-03-01', {}, []],
    ['2026-03-02', {}, told],
    ['2029-03-01', {}, told],
    ['2029-03-02', {}, []],
    ['2026-03-02', { product: undefined }, ['m 2029-03-02']],
    // 许可证条例 art. 55 bars from the same catalogued product alone; what the table does not know may be it.
    ['2026-03-02', { product: '人造板' }, []],
    ['2026-03-02', { product: '人造板、电缆' }, ['m 2029-03-02 人造板、电缆']],
    ['2026-03-02', { product: '某某新品' }, ['m 2029-03-02 某某新品']],
    ['2026-03-02', { product: '某某新品', productGroup: '人造板' }, []],
    ['2026-03-02', { product: undefined, unit: '架空电线' }, ['m 2029-03-02']],
    ['2026-03-02', { status: '变更' }, told],
    ['2026-03-02', { status: '注销' }, []],
    ['2026-03-02', { kind: '食品生产许可证' }, []],
  ] as const)
    t.same(clocks(issuedOn, more), expected, `${issuedOn} ${JSON.stringify(more)}`)
})

t.test('a bar is counted from the decision that took the licence, be the licence not on file', async (t) => {
  const SC = 'SC10113010200011'
  const food = { kind: '食品生产许可证', product: '糕点' }
  const old = (more: RecordData = {}) =>
    licence('old', { ...food, number: SC, issuedOn: '2019-05-01', validTo: '2024-04-30', ...more })
  const given = (issuedOn: string, more: RecordData = {}) =>
    licence('new', { ...food, number: 'SC10113010200029', issuedOn, validTo: undefined, ...more })
  const took = (more: RecordData = {}, decidedOn = '2021-01-11') =>
    permit('p', decidedOn, { revokedLicence: SC, ...more })
  const revoked = { status: '吊销', statusChangedOn: '2021-03-10' }
  const clocks = (...records: TestRecord[]) =>
    supervisionDeadlines(new Story(records).dossier, scheme).flatMap(({ what, about: id, until }) =>
      what === 'barredLicence' ? [`${id} ${until}`] : what === 'licenceStatus' ? [`${what} ${id}`] : [],
    )
  const five = ['new 2026-01-11']
  for (const [said, records, expected] of [
    ['the day before it is free', [took(), old(revoked), given('2026-01-10')], five],
    ['the day', [took(), old(revoked), given('2026-01-11')], []],
    ['between decision and its entry', [took(), old(revoked), given('2021-02-01')], five],
    ['the day before the decision', [took(), old(revoked), given('2021-01-10')], []],
    ['on no day', [took(), old({ status: '吊销' }), given('2026-01-10')], five],
    ['on no day, free', [took(), old({ status: '吊销' }), given('2026-01-11')], []],
    [
      'still said to hold: it is asked about, not the new one',
      [took(), old({ validTo: undefined }), given('2026-01-10')],
      [...five, 'licenceStatus p'],
    ],
    ['not on file', [took(), given('2026-01-10')], five],
    ['not on file, free', [took(), given('2026-01-11')], []],
    [
      'not on file and not named, of food',
      [took({ revokedLicence: undefined, area: '食品' }), given('2026-01-10')],
      five,
    ],
    ['not on file, of food, another kind', [took(), given('2022-01-10', { kind: '其他许可' })], []],
    [
      'not named: the one there was',
      [took({ revokedLicence: undefined }), old(revoked), given('2026-01-10')],
      five,
    ],
    [
      'annulled: by the day of the licence',
      [took(fallen), old(revoked), given('2026-01-11')],
      ['new 2026-03-10', 'licenceStatus p'],
    ],
    [
      'changed: from the first decision',
      [
        took({ documentNo: '一', reviewOutcome: '变更', reviewedOn: '2021-03-01' }),
        permit('q', '2021-03-01', { documentNo: '一', revokedLicence: SC }),
        ...[old({ status: '吊销' }), given('2026-01-11')],
      ],
      [],
    ],
    [
      'industrial, three years',
      [
        took({ revokedLicence: '冀XK06-001-00001' }),
        given('2024-01-10', { kind: '全国工业产品生产许可证', product: '电缆' }),
      ],
      ['new 2024-01-11'],
    ],
    [
      'industrial, free',
      [
        took({ revokedLicence: '冀XK06-001-00001' }),
        given('2024-01-11', { kind: '全国工业产品生产许可证', product: '电缆' }),
      ],
      [],
    ],
    ['taken for deceit is another thing', [old({ status: '注销' }), given('2022-01-01')], []],
  ] as const)
    t.same(clocks(...records), expected, said)
})

t.test('word by word, what belongs to a group and what only sounds like it', async (t) => {
  for (const { id, words, not = [] } of scheme.groups) {
    for (const word of words) t.equal(groupOf(word, scheme).id, id, word)
    for (const [i, word] of not.entries())
      t.not(groupOf(`${words[0]}${word}`, scheme).id, id, `${words[0]}${word} ${i}`)
  }
  for (const other of ['电缆桥架', '电缆支架', '电缆料', '电缆保护管', '电缆附件'])
    t.equal(groupOf(other, scheme).id, 'other', other)
})
