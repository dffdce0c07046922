import t from 'tap'
import type { Cell } from '../../src/sheets/cell.ts'
import { Firm, grave, penalty } from '../blacklist/firm.ts'
import { licence, sampling } from '../rating/files.ts'
import { unifiedCode } from '../support.ts'
import { type Beside, take, USCC } from './taking.ts'

/** What a row of a table comes to over a file as it stands: which entries, what is said beside, why it is refused. */

const basics = (name: string, more: Record<string, Cell> = {}) => ({
  统一社会信用代码: USCC,
  企业名称: name,
  ...more,
})
const fined = (number: string, more: Record<string, Cell> = {}) => ({
  ...{ 组织机构代码: 'M000100Y4', 处罚决定书文号: number, 违法行为类型: '生产不合格产品', 处罚种类: '罚款' },
  ...{ 罚款金额: '80000', 处罚程序: '普通程序', 处罚决定日期: '2026-02-02', 处罚机关: '市局' },
  ...more,
})
const tested = (more: Record<string, Cell> = {}) => ({
  ...{ 组织机构代码: 'M000100Y4', 检查类别: '省级监督抽查', 检查日期: '2026-02-02', 检查机关: '省局' },
  ...{ 产品名称: '电缆', 检查结果: '合格', 抽样编号: '', 备注: '' },
  ...more,
})

t.test('basic information: a new file, one that stands, one of another name', async (t) => {
  const renamed = () => {
    const firm = new Firm([])
    firm.fact('enterprise.changed', { changes: { name: '长城电缆公司' } })
    return firm
  }
  for (const [said, firm, row, beside, outcome, entries, codes] of [
    ['no file', undefined, basics('示例公司'), {}, 'opened', ['enterprise.opened'], []],
    ['its unified code', new Firm([]), basics('示例公司'), {}, 'updated', ['enterprise.changed'], []],
    [
      'the same name',
      new Firm([]),
      { 组织机构代码: 'M000100Y4', 企业名称: '示例公司' },
      {},
      'unchanged',
      [],
      [],
    ],
    [
      'a name in common',
      new Firm([]),
      basics('示例电缆公司'),
      {},
      'updated',
      ['enterprise.changed'],
      ['renamed'],
    ],
    [
      'a name that it bore',
      renamed(),
      basics('示例公司'),
      {},
      'updated',
      ['enterprise.changed'],
      ['renamed'],
    ],
    [
      'a name like one that it bore',
      renamed(),
      basics('示例制品公司'),
      {},
      'updated',
      ['enterprise.changed'],
      ['renamed'],
    ],
    ['nothing in common', new Firm([]), basics('长城电缆公司'), {}, 'failed', [], ['other-name']],
    [
      'nothing in common, confirmed',
      new Firm([]),
      basics('长城电缆公司'),
      { renames: ['M000100Y4'] },
      'updated',
      ['enterprise.changed'],
      ['renamed'],
    ],
    [
      'another confirmed',
      new Firm([]),
      basics('长城电缆公司'),
      { renames: ['X'] },
      'failed',
      [],
      ['other-name'],
    ],
    [
      'another code',
      new Firm([]),
      { ...basics('示例公司'), 组织机构代码: 'D2143569X' },
      {},
      'failed',
      [],
      ['codes-differ'],
    ],
    ['no code', new Firm([]), { 统一社会信用代码: '', 企业名称: '示例公司' }, {}, 'failed', [], ['required']],
  ] as [string, Firm | undefined, Record<string, Cell>, Beside, string, string[], string[]][]) {
    const taken = take(firm, 'enterprise', [row], beside)
    t.same([taken.outcome, taken.entries], [outcome, entries], said)
    t.same(outcome === 'failed' ? taken.faults : taken.notes, codes, said)
  }
  const firm = new Firm([])
  firm.append(take(firm, 'enterprise', [basics('示例公司')]).drafts)
  t.equal(firm.dossier.uscc, USCC)
  t.equal(take(firm, 'enterprise', [basics('示例公司')]).outcome, 'unchanged', 'the same row again')
  firm.fact('enterprise.changed', { changes: { name: '示例电缆公司' } })
  t.equal(
    take(firm, 'enterprise', [basics('示例公司')]).outcome,
    'unchanged',
    'though others have changed it since',
  )
  const withdrawn = new Firm([])
  withdrawn.fact('enterprise.withdrawn', { reason: '误建' })
  t.equal(
    take(withdrawn, 'enterprise', [basics('示例公司')]).outcome,
    'opened',
    'one that was withdrawn is none',
  )
})

t.test('a place by its words: never coarser than what is known, never against the code', async (t) => {
  const region = (firm: Firm | undefined, place: string, more: Record<string, Cell> = {}) => {
    const { payloads } = take(firm, 'enterprise', [basics('示例公司', { 行政区划: place, ...more })])
    const { data, changes } = Object(payloads[0])
    return (data ?? changes)?.region
  }
  t.equal(region(undefined, '石家庄市长安区'), '130102')
  t.equal(region(new Firm([]), '石家庄市'), undefined, 'the county that is known stays')
  t.equal(region(new Firm([]), '石家庄市桥西区'), '130104')
  t.equal(region(new Firm([]), '唐山市'), '130200', 'another city')
  const coded = (district: string) => ({ 统一社会信用代码: unifiedCode('TDER0001', district) })
  for (const [place, district, expected] of [
    ['石家庄市', '130102', '130102'],
    ['河北省', '130102', '130102'],
    ['石家庄市桥西区', '130102', '130104'],
    ['唐山市', '130102', '130200'],
    ['桥西区', '130102', '130104'],
    ['桥西区', '130702', '130703'],
    ['月球', '130102', '130102'],
    ['石家庄市', '130200', '130100'],
  ] as const)
    t.equal(region(undefined, place, coded(district)), expected, `${place}, registered in ${district}`)
  t.equal(region(new Firm([]), '月球'), undefined, 'what tells no place changes nothing that stands')
})

t.test('a penalty: added once, changed, by name, against the name beside its code', async (t) => {
  const known = () => new Firm([penalty('冀1', '2026-02-02')])
  for (const [said, firm, row, beside, outcome, entries, codes] of [
    ['new', new Firm([]), fined('冀1'), {}, 'added', ['record.added'], undefined],
    ['there already', known(), fined('冀1', { 违法情形: '' }), {}, 'unchanged', undefined, undefined],
    [
      'a fine that differs',
      known(),
      fined('冀1', { 罚款金额: '70000' }),
      {},
      'updated',
      ['record.updated'],
      undefined,
    ],
    [
      'of an earlier row',
      known(),
      fined('冀1', { 罚款金额: '70000' }),
      { own: ['冀1'] },
      'failed',
      [],
      ['same-record'],
    ],
    ['no file', undefined, fined('冀1'), {}, 'failed', [], ['unknown']],
    [
      'its name',
      new Firm([]),
      fined('冀1', { 企业名称: '示例公司' }),
      {},
      'added',
      ['record.added'],
      undefined,
    ],
    [
      'another name',
      new Firm([]),
      fined('冀1', { 企业名称: '长城公司' }),
      {},
      'failed',
      [],
      ['name-differs'],
    ],
    [
      'by name, nobody has decided',
      new Firm([]),
      fined('冀1', { 组织机构代码: '', 企业名称: '示例公司' }),
      {},
      'failed',
      [],
      ['by-name'],
    ],
    [
      'by name',
      new Firm([]),
      fined('冀1', { 组织机构代码: '', 企业名称: '示例公司' }),
      { firms: { 示例公司: 'M000100Y4' } },
      'added',
      ['record.added'],
      undefined,
    ],
    [
      'by name, not on file',
      new Firm([]),
      fined('冀1', { 组织机构代码: '', 企业名称: '示例公司' }),
      { firms: { 示例公司: '' } },
      'failed',
      [],
      ['not-on-file'],
    ],
    [
      'by name, a file that is gone',
      new Firm([]),
      fined('冀1', { 组织机构代码: '', 企业名称: '示例公司' }),
      { firms: { 示例公司: 'X' } },
      'failed',
      [],
      ['unknown'],
    ],
    [
      'a person',
      new Firm([]),
      fined('冀1', { 组织机构代码: '', 企业名称: '张三' }),
      {},
      'failed',
      [],
      ['person'],
    ],
    [
      'a hidden person',
      new Firm([]),
      fined('冀1', { 组织机构代码: '', 企业名称: '张**' }),
      {},
      'failed',
      [],
      ['person'],
    ],
    [
      'neither code nor name',
      new Firm([]),
      fined('冀1', { 组织机构代码: '' }),
      {},
      'failed',
      [],
      ['required'],
    ],
  ] as [
    string,
    Firm | undefined,
    Record<string, Cell>,
    Beside,
    string,
    string[] | undefined,
    string[] | undefined,
  ][]) {
    const taken = take(firm, 'penalty', [row], beside)
    t.equal(taken.outcome, outcome, `${said}: ${taken.faults} ${taken.details}`)
    if (entries) t.same(taken.entries, entries, said)
    if (codes) t.same(taken.faults, codes, said)
  }
  const firm = new Firm([])
  const { rows } = take(firm, 'penalty', [fined('冀1')])
  if ('decisions' in rows) firm.append(rows.decisions.flatMap(({ drafts }) => drafts))
  t.equal(take(firm, 'penalty', [fined('冀1')]).outcome, 'unchanged', 'the same row again')
  t.equal(take(firm, 'penalty', [fined('冀１')]).outcome, 'unchanged', 'its number written otherwise')
  firm.change('冀1', { fine: 5 })
  t.equal(
    take(firm, 'penalty', [fined('冀1')]).outcome,
    'unchanged',
    'what was taken before is not taken again',
  )
})

t.test('a fine by the total, where nothing was confiscated', async (t) => {
  const total = (more: Record<string, Cell>) => {
    const taken = take(new Firm([]), 'penalty', [fined('冀1', { 罚款金额: '', 罚没金额: '5000', ...more })])
    return [Object(taken.payloads[0]).data?.fine, /没有没收，罚没金额 5000 元记为罚款金额/.test(taken.said)]
  }
  t.same(total({}), [5000, true])
  t.same(total({ 处罚种类: '罚款、警告' }), [5000, true])
  t.same(total({ 处罚种类: '罚款、没收违法所得' }), [undefined, false])
  t.same(total({ 处罚种类: '警告' }), [undefined, false])
  t.same(total({ 罚款金额: '5000' }), [5000, false], 'said')
  t.same(total({ 处罚内容: '没收违法所得，罚款' }), [undefined, false])
  t.same(total({ 处罚内容: '罚款五千元' }), [5000, true])
  t.same(total({ 罚没金额: '' }), [undefined, false])
})

t.test('what others rely on is put forward, once; what a procedure decides is left out', async (t) => {
  const firm = new Firm([grave('冀1')])
  firm.listed(['冀1'])
  const row = fined('冀1', { 罚款金额: '70000' })
  const put = take(firm, 'penalty', [row])
  t.same([put.outcome, put.entries, put.notes.at(-1)], ['proposed', ['act.proposed'], 'proposed'])
  t.match(put.said, /确认后才生效。$/)
  firm.append(put.drafts)
  const again = take(firm, 'penalty', [row])
  t.same([again.outcome, again.notes], ['unchanged', ['waiting']])
  t.match(again.said, /涉及本行写明的罚款金额“70000元”/)
  const other = take(firm, 'penalty', [fined('冀1', { 罚款金额: '60000' })])
  t.same([other.outcome, other.faults], ['failed', ['exists']], 'which says something else')
  const left = take(new Firm([]), 'penalty', [fined('冀1', { 公示截止日期: '2026-12-31' })])
  t.equal('publicationEndsOn' in Object(Object(left.payloads[0]).data), false)
})

t.test('a licence opens the file of a firm that has none, where its name is given', async (t) => {
  const row = {
    ...{ 统一社会信用代码: USCC, 企业名称: '示例公司', 许可类别: '全国工业产品生产许可证' },
    ...{ 许可证编号: 'XK06-001-00001', 许可机关: '省局', 发证日期: '2026-01-10', 有效期至: '2031-01-09' },
  }
  t.same(take(undefined, 'licence', [row]).entries, ['enterprise.opened', 'record.added'])
  t.equal(take(undefined, 'licence', [row]).outcome, 'opened')
  const { 企业名称: _, ...nameless } = row
  t.match(take(undefined, 'licence', [nameless]), { faults: ['unknown'], details: /请在本行补填企业名称/ })
  t.same(take(new Firm([]), 'licence', [row]).outcome, 'added')
  const firm = new Firm([licence('XK06-001-00001')])
  t.same(take(firm, 'licence', [row]).outcome, 'proposed')
})

t.test('samples: in whose role, twice the same, what a remark says', async (t) => {
  const seen = new Set<string>()
  t.equal(take(new Firm([]), 'inspection', [tested()], { seen }).outcome, 'added')
  t.match(take(new Firm([]), 'inspection', [tested()], { seen }), { faults: ['same-row'] })
  t.equal(take(new Firm([]), 'inspection', [tested({ 抽样编号: '一' })], { seen }).outcome, 'added')
  t.equal(
    take(new Firm([]), 'inspection', [tested({ 抽样编号: '一' })], { seen }).outcome,
    'added',
    'by its number',
  )
  const role = (more: Record<string, Cell>, beside: Beside = {}) => {
    const { payloads, faults } = take(
      new Firm([]),
      'inspection',
      [tested({ 抽样编号: '一', ...more })],
      beside,
    )
    return faults.length > 0 ? faults.join() : Object(Object(payloads[0]).data).role
  }
  t.equal(role({}), undefined)
  t.equal(role({ 生产企业: '示例公司' }), '标称生产者')
  t.equal(role({ 被抽样单位: '示例公司' }), '被抽样单位（无标称生产者）')
  t.equal(role({ 生产企业: '长城公司' }), 'name-differs')
  const other = take(new Firm([]), 'inspection', [
    tested({ 抽样编号: '一', 生产企业: '示例公司', 被抽样单位: '长城商店' }),
  ])
  t.same(
    [other.outcome, other.notes.includes('other-party')],
    ['added', true],
    'another party is asked beside',
  )
  const unasked = take(
    new Firm([]),
    'inspection',
    [tested({ 抽样编号: '一', 生产企业: '示例公司', 被抽样单位: '长城商店' })],
    { firms: { 长城商店: '' } },
  )
  t.equal(unasked.notes.includes('other-party'), false, 'where it is not on file it is not')
  const known = new Firm([sampling('一', '2026-02-02', '合格', { sampleNo: '一' })])
  t.equal(take(known, 'inspection', [tested({ 抽样编号: '一', 检查结果: '不合格' })]).outcome, 'proposed')
})

t.test('several rows that are parts of one thing, and those that are not', async (t) => {
  const both = take(new Firm([]), 'penalty', [
    fined('冀1'),
    fined('冀1', { 违法行为类型: '伪造标志', 罚款金额: '' }),
  ])
  t.same([both.outcome, both.entries], ['added', ['record.added']])
  t.match(Object(both.payloads[0]).data, { conduct: '生产不合格产品；伪造标志', fine: 80_000 })
  const against = take(new Firm([]), 'penalty', [fined('冀1'), fined('冀1', { 处罚决定日期: '2026-02-03' })])
  t.equal(against.outcome, 'failed')
})

t.test('what a row says of a file that others rely on is put forward whole: name and code', async (t) => {
  const put = (row: Record<string, Cell>) => {
    const firm = new Firm([grave('冀1')])
    firm.listed(['冀1'])
    const taken = take(firm, 'enterprise', [row])
    return [taken.outcome, Object(Object(taken.payloads[0]).input)]
  }
  const named = { 组织机构代码: 'M000100Y4', 企业名称: '示例电缆公司' }
  t.same(put(named), ['proposed', { enterprise: { name: '示例电缆公司' } }])
  t.same(put(basics('示例电缆公司')), ['proposed', { enterprise: { name: '示例电缆公司' }, uscc: USCC }])
})

t.test('a row that is another’s doing of the same thing is told how to be told apart', async (t) => {
  const own = { own: ['冀1'] }
  const of = (type: string, firm: Firm, row: Record<string, Cell>) => take(firm, type, [row], own).details
  t.match(
    of('penalty', new Firm([penalty('冀1', '2026-02-02')]), fined('冀1', { 罚款金额: '70000' })),
    /同一条违法违规记录（冀1，2026-02-02），内容却不同.*是同一件的，请把编号相同的各行排在一起/,
  )
  const sampled = (more: Record<string, unknown>) =>
    new Firm([sampling('冀1', '2026-02-02', '合格', { authority: '省局', product: '电缆', ...more })])
  t.match(
    of('inspection', sampled({}), tested({ 检查结果: '不合格' })),
    /给各行填同一抽样编号；是不同样品的，各填各的/,
  )
  t.match(
    of('inspection', sampled({ sampleNo: 'S1' }), tested({ 抽样编号: 'S1', 检查结果: '不合格' })),
    /请把抽样编号相同的各行排在一起/,
  )
})

t.test(
  'what is said beside a file that a licence opens: how its place and its number were understood',
  async (t) => {
    const row = {
      ...{ 统一社会信用代码: USCC, 企业名称: '示例公司', 许可证编号: 'XK06-001-00001', 行政区划: '鹿泉市' },
      ...{ 许可机关: '省局', 发证日期: '2026-01-10', 有效期至: '2031-01-09' },
    }
    const opened = take(undefined, 'licence', [row])
    t.same([opened.outcome, opened.entries], ['opened', ['enterprise.opened', 'record.added']])
    t.same(opened.notes.slice(0, 2), ['understood', 'former-name'], opened.said)
    t.match(Object(opened.payloads[0]).data, { name: '示例公司', region: '130110' })
  },
)

t.test('a fault is told with its column and cell, whatever column it lies in', async (t) => {
  const told = (type: string, row: Record<string, Cell>, firm?: Firm) => {
    const { rows } = take(firm, type, [row])
    return 'faults' in rows ? rows.faults.map(({ header, value, lacks }) => [header, value, lacks]) : []
  }
  const file = new Firm([])
  for (const [said, type, row, faults] of [
    [
      'a field',
      'penalty',
      fined('冀1', { 处罚决定日期: '2026-02-30' }),
      [['处罚决定日期', '2026-02-30', undefined]],
    ],
    [
      'a code',
      'penalty',
      fined('冀1', { 组织机构代码: 'M000100Y5' }),
      [['组织机构代码', 'M000100Y5', undefined]],
    ],
    [
      'a unified code',
      'penalty',
      fined('冀1', { 组织机构代码: '', 统一社会信用代码: `${USCC.slice(0, 17)}4` }),
      [['统一社会信用代码', `${USCC.slice(0, 17)}4`, undefined]],
    ],
    [
      'of two codes the one that is wrong',
      'penalty',
      fined('冀1', { 统一社会信用代码: `${USCC.slice(0, 17)}4` }),
      [['统一社会信用代码', `${USCC.slice(0, 17)}4`, undefined]],
    ],
    ['no code at all', 'penalty', fined('冀1', { 组织机构代码: '' }), [['组织机构代码', '', undefined]]],
    [
      'neither code nor name',
      'penalty',
      fined('冀1', { 组织机构代码: '', 企业名称: '' }),
      [['企业名称', '', undefined]],
    ],
    [
      'a code under a heading of both',
      'penalty',
      { 企业代码: 'M000100Y5', 处罚决定书文号: '1号' },
      [['企业代码', 'M000100Y5', undefined]],
    ],
    ['a name', 'penalty', fined('冀1', { 企业名称: '别家公司' }), [['企业名称', '别家公司', undefined]]],
    [
      'a field that is empty',
      'penalty',
      fined('冀1', { 违法行为类型: '' }),
      [['违法行为类型', '', undefined]],
    ],
    [
      'a field without a column',
      'penalty',
      {
        组织机构代码: 'M000100Y4',
        处罚决定书文号: '1号',
        处罚种类: '警告',
        处罚机关: '市局',
        处罚决定日期: '2026-02-02',
      },
      [[undefined, undefined, '违法行为类型']],
    ],
  ] as [string, string, Record<string, Cell>, unknown[]][])
    t.same(told(type, row, file), faults, said)
})

t.test('a list of licences that ended names them by their numbers alone', async (t) => {
  const granted = {
    统一社会信用代码: USCC,
    企业名称: '示例公司',
    许可类别: '全国工业产品生产许可证',
    产品名称: '电线',
    许可机关: '省局',
    发证日期: '2025-03-05',
    有效期至: '2030-03-04',
  }
  const firm = new Firm([])
  for (const number of ['XK06-001-00001', 'XK06-001-00002'])
    firm.append(take(firm, 'licence', [{ ...granted, 许可证编号: number }]).drafts)
  const ended = (number: string, more = {}) =>
    take(firm, 'licence', [
      {
        统一社会信用代码: USCC,
        企业名称: '示例公司',
        证书编号: number,
        许可状态: '注销',
        注销日期: '2026-02-06',
        ...more,
      },
    ])
  for (const number of ['XK06-001-00001', 'xk06—001—00001']) {
    const { outcome, payloads, details } = ended(number)
    t.equal(details, '', number)
    t.match(JSON.stringify([outcome, payloads]), /注销/, number)
    t.notMatch(JSON.stringify(payloads), /发证|issuedOn/, 'what is on file is not said anew')
  }
  t.match(
    ended('XK06-001-00003').details,
    /发证日期：必填/,
    'one that is not on file needs all that a licence needs',
  )
  t.same(ended('XK06-001-00003', { ...granted, 发证日期: '2025-03-06' }).faults, [])
})
