import t from 'tap'
import { anticipated } from '../../src/dossier/anticipate.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import { bears } from '../../src/registry/parties.ts'
import type { Cell } from '../../src/sheets/cell.ts'
import { Firm, people } from '../blacklist/firm.ts'
import { sampling } from '../rating/files.ts'
import { type Beside, take, USCC } from './taking.ts'

/** Into whose files a sample goes, and in what role: by codes, by names that were decided on, or asked. */

const [MAKER, SHOP] = ['M000100Y4', 'D2143569X']
/** A shop's file, beside that of the maker 示例公司. */
function shop(more: object = {}, region = '130200'): Dossier {
  const about = (kind: string, payload: unknown) => ({
    ...{ subject: SHOP, kind, payload, visibility: 'public' as const },
    author: { authority: '省局', officer: '张三' },
  })
  const opened = anticipated(undefined, [
    about('enterprise.opened', { data: { name: '长城商店', region, status: '存续' } }),
  ])
  if (!opened) throw new Error('no file')
  return { ...opened, ...more }
}
const tested = (more: Record<string, Cell>): Record<string, Cell> => ({
  ...{ 检查类别: '省级监督抽查', 检查日期: '2026-02-02', 检查机关: '省局', 产品名称: '电缆' },
  ...{ 检查结果: '合格', 抽样编号: '一' },
  ...more,
})
/** Where a row's records go: `M000100Y4 标称生产者`; or why it is not taken. */
function taken(columns: Record<string, Cell>, beside: Beside = {}) {
  const came = take(new Firm([]), 'inspection', [tested(columns)], { others: [shop()], ...beside })
  return {
    ...came,
    into: came.drafts.map(({ subject, payload }) => {
      const { role } = Object(Object(payload).data)
      return role === undefined ? subject : `${subject} ${role}`
    }),
  }
}
const [PRODUCER, SAMPLED] = ['标称生产企业名称', '被抽样单位名称']
const BOTH = { [PRODUCER]: '示例公司', [SAMPLED]: '长城商店' }
const KNOWN = { 示例公司: MAKER, 长城商店: SHOP }

t.test('by name: whose file it goes into first, and into whose beside', async (t) => {
  for (const [said, columns, firms, into, codes] of [
    ['both decided', BOTH, KNOWN, [`${MAKER} 标称生产者`, `${SHOP} 被抽样单位`], ['in-role']],
    ['the producer alone', BOTH, { 示例公司: MAKER }, [`${MAKER} 标称生产者`], ['other-party']],
    ['the seller is not on file', BOTH, { 示例公司: MAKER, 长城商店: '' }, [`${MAKER} 标称生产者`], []],
    ['the producer is not', BOTH, { 示例公司: '', 长城商店: SHOP }, [`${SHOP} 被抽样单位`], []],
    ['nobody is', BOTH, { 示例公司: '', 长城商店: '' }, 'not-on-file', undefined],
    ['nobody was decided on', BOTH, {}, 'by-name', undefined],
    ['the producer was not', BOTH, { 长城商店: SHOP }, 'by-name', undefined],
    [
      'a seller without a producer',
      { [SAMPLED]: '长城商店' },
      KNOWN,
      [`${SHOP} 被抽样单位（无标称生产者）`],
      [],
    ],
    [
      'one that is both',
      { [PRODUCER]: '示例公司', [SAMPLED]: '示例公司' },
      KNOWN,
      [`${MAKER} 标称生产者`],
      [],
    ],
    [
      'the seller’s file is the producer’s',
      BOTH,
      { 示例公司: MAKER, 长城商店: MAKER },
      [`${MAKER} 标称生产者`],
      [],
    ],
    ['企业名称, in no role', { 企业名称: '示例公司' }, KNOWN, [MAKER], []],
    [
      '企业名称 as the producer',
      { 企业名称: '示例公司', [PRODUCER]: '示例公司' },
      KNOWN,
      [`${MAKER} 标称生产者`],
      [],
    ],
    [
      '企业名称 beside a producer of another name',
      { 企业名称: '长城商店', [PRODUCER]: '示例公司' },
      KNOWN,
      [`${SHOP} 被抽样单位`, `${MAKER} 标称生产者`],
      ['in-role'],
    ],
    [
      '企业名称 beside a seller of another name',
      { 企业名称: '示例公司', [SAMPLED]: '长城商店' },
      KNOWN,
      [`${MAKER} 标称生产者`, `${SHOP} 被抽样单位`],
      ['in-role'],
    ],
    ['a seller that is a person', { ...BOTH, [SAMPLED]: '张三' }, KNOWN, [`${MAKER} 标称生产者`], []],
    ['a producer that is a person', { ...BOTH, [PRODUCER]: '张三' }, KNOWN, [`${SHOP} 被抽样单位`], []],
    [
      'a person’s, whose seller is not on file',
      { ...BOTH, [PRODUCER]: '张三' },
      { 长城商店: '' },
      'person',
      undefined,
    ],
    ['a person’s, whose seller was not decided on', { ...BOTH, [PRODUCER]: '张三' }, {}, 'person', undefined],
    ['a person’s at a person’s', { [PRODUCER]: '张三', [SAMPLED]: '李*' }, KNOWN, 'person', undefined],
    ['a file that is gone', BOTH, { 示例公司: 'X', 长城商店: SHOP }, 'unknown', undefined],
    ['the seller’s is gone', BOTH, { 示例公司: MAKER, 长城商店: 'X' }, [`${MAKER} 标称生产者`], []],
    ['nobody is named', {}, KNOWN, 'required', undefined],
  ] as [string, Record<string, Cell>, Record<string, string>, string[] | string, string[] | undefined][]) {
    const came = taken({ [PRODUCER]: '', [SAMPLED]: '', ...columns }, { firms })
    if (typeof into === 'string') t.same([came.outcome, came.faults], ['failed', [into]], said)
    else t.same(came.into, into, `${said}: ${came.details}`)
    if (codes)
      t.same(
        came.notes.filter((code) => ['in-role', 'other-party'].includes(`${code}`)),
        codes,
        said,
      )
  }
})

t.test('by code: its own file, and the others’ by theirs', async (t) => {
  const own = { 组织机构代码: MAKER }
  for (const [said, columns, firms, into] of [
    ['no party', own, {}, [MAKER]],
    ['as the producer', { ...own, [PRODUCER]: '示例公司' }, {}, [`${MAKER} 标称生产者`]],
    [
      'as the seller',
      { ...own, ...BOTH, [PRODUCER]: '长城商店', [SAMPLED]: '示例公司' },
      KNOWN,
      [`${MAKER} 被抽样单位`, `${SHOP} 标称生产者`],
    ],
    ['as neither', { ...own, [PRODUCER]: '别家公司' }, {}, 'name-differs'],
    [
      'as neither, by its name beside',
      { ...own, 企业名称: '示例公司', [SAMPLED]: '长城商店' },
      { 长城商店: '' },
      [`${MAKER} 标称生产者`],
    ],
    ['another name beside', { ...own, 企业名称: '别家公司' }, {}, 'name-differs'],
    [
      'a code that no file has',
      { 组织机构代码: 'TESTDEV19', [PRODUCER]: '示例公司' },
      KNOWN,
      'check-character',
    ],
    [
      'the other by its code',
      { ...own, ...BOTH, 被抽样单位代码: SHOP },
      {},
      [`${MAKER} 标称生产者`, `${SHOP} 被抽样单位`],
    ],
    [
      'its code under another name',
      { ...own, ...BOTH, [SAMPLED]: '别家商店', 被抽样单位代码: SHOP },
      {},
      [`${MAKER} 标称生产者`],
    ],
    [
      'a code without a name',
      { ...own, [PRODUCER]: '示例公司', 被抽样单位代码: SHOP },
      {},
      [`${MAKER} 标称生产者`],
    ],
  ] as [string, Record<string, Cell>, Record<string, string>, string[] | string][]) {
    const came = taken({ [SAMPLED]: '', ...columns }, { firms })
    if (typeof into === 'string') t.same(came.faults, [into], said)
    else t.same(came.into, into, `${said}: ${came.details} ${came.said}`)
  }
  const uncoded = take(undefined, 'inspection', [tested({ 组织机构代码: MAKER, 企业名称: '示例公司' })])
  t.match(uncoded.rows, { faults: [{ code: 'unknown', waits: { code: MAKER, name: '示例公司' } }] })
})

t.test('a name with a place: its own decision, or the name’s where that file is there', async (t) => {
  for (const [said, place, firms, region, into] of [
    ['decided with its place', '唐山市', { '长城商店@唐山市': SHOP }, '130200', SHOP],
    ['decided without one, in the place', '唐山市', { 长城商店: SHOP }, '130200', SHOP],
    ['decided without one, in a county of it', '唐山市', { 长城商店: SHOP }, '130203', SHOP],
    ['decided without one, elsewhere', '石家庄市', { 长城商店: SHOP }, '130200', 'by-name'],
    ['decided elsewhere', '唐山市', { '长城商店@石家庄市': SHOP }, '130200', 'by-name'],
    [
      'with its place before without',
      '唐山市',
      { '长城商店@唐山市': '', 长城商店: SHOP },
      '130200',
      'not-on-file',
    ],
    ['a place that nobody knows', '月球', { 长城商店: SHOP }, '130200', SHOP],
  ] as const) {
    const came = take(new Firm([]), 'inspection', [tested({ 企业名称: '长城商店', 行政区划: place })], {
      others: [shop({}, region)],
      firms,
    })
    t.equal(came.faults[0] ?? came.drafts[0]?.subject, into, said)
  }
  const waiting = (columns: Record<string, Cell>, firms: Record<string, string>) =>
    take(new Firm([]), 'inspection', [tested(columns)], { firms }).rows
  t.match(waiting({ 企业名称: '长城商店', 行政区划: '唐山市' }, { '长城商店@唐山市': '' }), {
    faults: [{ code: 'not-on-file', waits: { name: '长城商店', place: '唐山市' } }],
  })
  const nowhere = waiting({ 企业名称: '长城商店' }, { 长城商店: '' })
  t.match(nowhere, { faults: [{ waits: { name: '长城商店' } }] })
  t.notMatch(JSON.stringify(nowhere), 'place')
  // A party’s place is known by its own address alone.
  for (const [said, columns, place] of [
    ['a producer’s, by the column of places', { [PRODUCER]: '长城商店', 行政区划: '唐山市' }, '唐山市'],
    ['a seller’s, which it is not', { [SAMPLED]: '长城商店', 行政区划: '唐山市' }, undefined],
    [
      'a seller’s, by its address',
      { [SAMPLED]: '长城商店', 被抽样单位地址: '唐山市路北区某路1号' },
      '唐山市',
    ],
    [
      'a producer’s address before the column',
      { [PRODUCER]: '长城商店', 标称生产企业地址: '唐山市某路', 行政区划: '保定市' },
      '唐山市',
    ],
    ['an address without a city', { [SAMPLED]: '长城商店', 被抽样单位地址: '某路1号' }, undefined],
  ] as [string, Record<string, Cell>, string | undefined][]) {
    const rows = waiting(columns, {})
    t.match(rows, { faults: [{ code: 'by-name', firm: { name: '长城商店', place } }] }, said)
  }
})

t.test('what is asked of the other parties at once', async (t) => {
  const asks = (columns: Record<string, Cell>, firms: Record<string, string> = {}) =>
    taken({ [PRODUCER]: '', [SAMPLED]: '', ...columns }, { firms }).asks
  for (const [said, columns, firms, asked] of [
    ['a seller beside a producer that waits', BOTH, {}, ['长城商店']],
    ['which was decided on', BOTH, { 长城商店: SHOP }, []],
    ['which is not on file', BOTH, { 长城商店: '' }, []],
    ['which has a code', { ...BOTH, 被抽样单位代码: SHOP }, {}, []],
    ['which is a person', { ...BOTH, [SAMPLED]: '张三' }, {}, []],
    ['which is the same', { [PRODUCER]: '示例公司', [SAMPLED]: '示例公司' }, {}, []],
    ['both beside 企业名称', { 企业名称: '别家公司', ...BOTH }, {}, ['示例公司', '长城商店']],
    ['a row that is taken', BOTH, KNOWN, undefined],
    ['a row that fails otherwise', { ...BOTH, 检查日期: '2026-02-30' }, KNOWN, undefined],
  ] as [string, Record<string, Cell>, Record<string, string>, string[] | undefined][])
    t.same(asks(columns, firms), asked, said)
  const [ask] = (() => {
    const { rows } = taken(BOTH, { firms: { 示例公司: MAKER } })
    return 'notes' in rows ? rows.notes.filter(({ code }) => code === 'other-party') : []
  })()
  t.match(ask, {
    detail: '被抽样单位“长城商店”如有档案，确认后同时记入其档案。',
    firm: { name: '长城商店', role: '被抽样单位' },
  })
  const alone = taken({ ...BOTH, [PRODUCER]: '张三' }, { firms: {} }).rows
  t.match(
    alone,
    { faults: [{ code: 'person', firm: { name: '长城商店', role: '被抽样单位' } }] },
    'a person’s seller',
  )
  const refused = taken({ ...BOTH, [PRODUCER]: '张三' }, { firms: { 长城商店: '' } }).rows
  t.notMatch(JSON.stringify(refused), '"firm"', 'who is not on file is not asked again')
})

t.test('all of it or nothing: what it comes to where one file has it already, or is another’s', async (t) => {
  const known = new Firm([sampling('一', '2026-02-02', '合格', { sampleNo: '一', kind: '省级监督抽查' })])
  const at = (firm: Firm, more: Record<string, Cell>, beside: Beside) =>
    take(firm, 'inspection', [tested({ ...BOTH, ...more })], { others: [shop()], firms: KNOWN, ...beside })
  const first = at(new Firm([]), {}, {})
  t.same([first.outcome, first.entries], ['added', ['record.added', 'record.added']])
  t.match(first.said, '同时记入被抽样单位“长城商店”的档案。')
  // Once more over both files as they then stand.
  const [own, other] = [new Firm([]), shop()]
  own.append(first.drafts.filter(({ subject }) => subject === MAKER))
  const both = anticipated(
    other,
    first.drafts.filter(({ subject }) => subject === SHOP),
  )
  if (!both) throw new Error('no file')
  const again = at(own, {}, { others: [both] })
  t.same([again.outcome, again.entries], ['unchanged', []])
  const half = at(own, {}, { others: [other] })
  t.same([half.outcome, half.drafts.map(({ subject }) => subject)], ['added', [SHOP]], 'what the other lacks')
  const rest = at(new Firm([]), {}, { others: [both] })
  t.same([rest.outcome, rest.drafts.map(({ subject }) => subject)], ['added', [MAKER]])
  // A file of another authority’s place is left to that one, and the row is taken all the same.
  const abroad = at(new Firm([]), { 检查类别: '县级监督抽查', 检查机关: '长安区局' }, { actor: people.clerk })
  t.same([abroad.outcome, abroad.drafts.map(({ subject }) => subject)], ['added', [MAKER]])
  t.ok(abroad.notes.includes('not-yours'), `${abroad.notes}`)
  t.match(abroad.said, /没有记入被抽样单位“长城商店”的档案：/)
  const local = { 检查类别: '县级监督抽查', 检查机关: '长安区局' }
  const sold = at(
    new Firm([]),
    { [PRODUCER]: '长城商店', [SAMPLED]: '示例公司', ...local },
    { actor: people.clerk },
  )
  t.same(
    [sold.outcome, sold.drafts.map(({ subject }) => subject)],
    ['added', [MAKER]],
    'and a producer’s where it was sold here',
  )
  t.match(sold.said, /没有记入标称生产企业“长城商店”的档案：/)
  const none = at(known, { 检查结果: '不合格', 检查日期: '2026-02-30' }, {})
  t.equal(none.outcome, 'failed')
  t.ok(USCC.includes(MAKER))
})

t.test('two samples alike without a number: the second is asked, file by file', async (t) => {
  for (const [said, columns, isAsked] of [
    ['no number', { 抽样编号: '' }, true],
    ['a number of the sample', { 抽样编号: '二' }, false],
    ['a number of the report', { 抽样编号: '', 检验报告编号: '三' }, false],
  ] as [string, Record<string, Cell>, boolean][]) {
    const seen = new Set<string>()
    const row = { 组织机构代码: MAKER, ...columns }
    t.equal(taken(row, { seen }).outcome, 'added', said)
    t.same(taken(row, { seen }).faults, isAsked ? ['same-row'] : [], said)
    t.equal(taken({ ...row, 产品名称: '电线' }, { seen }).outcome, 'added', `${said}, another product`)
    t.equal(taken({ ...row, 组织机构代码: SHOP }, { seen }).outcome, 'added', `${said}, of another firm`)
  }
})

t.test(
  'whether a file is a party’s: by its code where one is given, else by a name that it bore',
  async (t) => {
    const [uscc, other] = [USCC, '91130102D2143569X']
    const bare = new Firm([]).dossier
    const coded = { ...bare, uscc }
    const renamed = { ...bare, formerNames: ['旧名公司'] }
    for (const [said, dossier, party, isIts] of [
      ['its organisation code', bare, { code: MAKER }, true],
      ['its unified code, which the file lacks', bare, { code: uscc }, true],
      ['another organisation code', bare, { code: SHOP }, false],
      ['another, though the name is its own', bare, { name: '示例公司', code: SHOP }, false],
      ['both codes on file, by the shorter', coded, { code: MAKER }, true],
      ['by the longer', coded, { code: uscc }, true],
      ['another', coded, { code: SHOP }, false],
      ['kept under its unified code', { ...coded, key: uscc }, { code: uscc }, true],
      ['a code that is none, and its name', bare, { name: '示例公司', code: other }, true],
      ['a code that is none, and another name', bare, { name: '长城商店', code: other }, false],
      ['its name', bare, { name: '示例公司' }, true],
      ['its name in full width and with gaps', bare, { name: '示例 公司' }, true],
      ['a name that it bore', renamed, { name: '旧名公司' }, true],
      ['another name', renamed, { name: '长城商店' }, false],
      ['nothing', bare, {}, false],
    ] as [string, Dossier, { name?: string; code?: string }, boolean][])
      t.equal(bears(dossier, party), isIts, said)
  },
)
