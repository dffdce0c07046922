import t from 'tap'
import { mappingOf } from '../../src/exchange/columns.ts'
import { readRow } from '../../src/exchange/row-reading.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { penalty } from '../../src/records/penalty.ts'
import type { Cell } from '../../src/sheets/cell.ts'

/** What the cells of a row tell together: one that says what another leaves open, and one that another contradicts. */

type Row = Readonly<Record<string, Cell>>
/** A row of these columns; each fault as its code behind its heading, each note as what it says. */
function read(type: string, columns: Row) {
  const kind = kindOf(catalogue, type)
  if (!kind) throw new Error(type)
  const came = readRow(
    Object.values(columns),
    mappingOf(['企业名称', ...Object.keys(columns)].slice(1), kind),
  )
  return 'faults' in came
    ? { faults: came.faults.map(({ header = '', code }) => `${header} ${code}`.trim()) }
    : { ...came, said: came.notes.map(({ detail }) => detail) }
}
/** The fields of a row that are asked about, or its faults. */
function fieldsOf(came: ReturnType<typeof read>, fields: readonly string[]): unknown {
  return 'faults' in came ? came.faults : fields.map((field) => came.record[field])
}
const FIRM = { 企业名称: '示例电缆有限公司' }

t.test('a verdict that names what failed', async (t) => {
  const asked = ['检查结果 word']
  for (const [verdict, more, came] of [
    ['不合格', {}, ['不合格', undefined]],
    ['不合格：壁厚', {}, ['不合格', '壁厚']],
    ['不符合（铅）', {}, ['不合格', '铅']],
    ['不符合标准(铅、镉)', {}, ['不合格', '铅；镉']],
    ['不合格，绝缘厚度。', {}, ['不合格', '绝缘厚度']],
    ['不合格（铅）', { 不合格项目: '镉' }, ['不合格', '镉']],
    ['不合格（复检）', {}, asked],
    ['不合格（轻微）', {}, asked],
    ['不符合（GB 5023标准）', {}, asked],
    ['不合格（见附件）', {}, asked],
    ['不合格（）', {}, asked],
    ['合格（铅）', {}, asked],
  ] as const) {
    const row = {
      统一社会信用代码: '91130102DEM000014X',
      ...FIRM,
      产品名称: '电线',
      抽样日期: '2026-03-02',
      检查结果: verdict,
      ...more,
    }
    t.same(fieldsOf(read('inspection', row), ['outcome', 'failedItems']), came, verdict)
  }
})

t.test('the sums that only the words of the decision name', async (t) => {
  for (const [types, content, more, came, said] of [
    ['罚款', '罚款2万元', {}, [20_000, undefined], ['罚款金额 20000 元']],
    ['罚款', '罚款2万元', { 罚款金额: '20000' }, [20_000, undefined], []],
    ['罚款', '罚款2万元', { 罚款金额: '30000' }, ['罚款金额 contradiction'], []],
    ['没收违法所得', '没收违法所得100元', {}, [undefined, 100], ['没收违法所得 100 元']],
    [
      '罚款、没收违法所得',
      '罚款2万元，没收违法所得100元',
      {},
      [20_000, 100],
      ['罚款金额 20000 元，没收违法所得 100 元'],
    ],
    [
      '罚款、没收违法所得',
      '罚款2万元，没收违法所得100元',
      { 罚款金额: '20000' },
      [20_000, 100],
      ['没收违法所得 100 元'],
    ],
    // Of a kind that the row does not punish with.
    ['罚款', '罚款2万元，没收违法所得100元', {}, [20_000, undefined], ['罚款金额 20000 元']],
    ['警告', '罚款2万元', {}, [undefined, undefined], []],
    // What is not certain.
    ['罚款', '罚款2万元，罚款1万元', {}, [undefined, undefined], []],
    ['罚款', '批评教育', {}, [undefined, undefined], []],
    ['罚款', '', {}, [undefined, undefined], []],
    // A column of both sums together is held against the words by itself.
    ['罚款、没收违法所得', '罚款2万元', { 罚没金额: '20100' }, [undefined, undefined], []],
    // Without a column of kinds the words tell these too, or the row is asked.
    ['', '罚款2万元', {}, [20_000, undefined], ['罚款，20000 元']],
    ['', '批评教育', {}, ['处罚内容 punishment'], []],
  ] as [string, string, Row, unknown[], string[]][]) {
    const row = read('penalty', { ...FIRM, 处罚种类: types, 处罚内容: content, ...more })
    const words = `${types}: ${content} ${JSON.stringify(more)}`
    t.same(fieldsOf(row, ['fine', 'confiscatedIncome']), came, words)
    const understood = 'said' in row ? row.said.flatMap((note) => note.split('理解为：')[1] ?? []) : []
    t.same(
      understood,
      said.map((one) => `${one}。`),
      words,
    )
  }
})

t.test(
  'the articles, the licence and the other kinds that only the words of the decision name',
  async (t) => {
    const QUALITY = '《中华人民共和国产品质量法》第四十九条'
    for (const [types, content, more, came, said] of [
      ['罚款', `依据${QUALITY}，罚款2万元`, {}, [QUALITY, undefined], undefined],
      [
        '罚款',
        `违反《标准化法》第二十五条，依据${QUALITY}的规定，罚款2万元`,
        {},
        [QUALITY, undefined],
        undefined,
      ],
      [
        '罚款',
        `根据${QUALITY}第一款第（二）项、第五十条和《行政处罚法》第二十八条：罚款2万元`,
        {},
        [`${QUALITY}第一款第（二）项、第五十条和《行政处罚法》第二十八条`, undefined],
        undefined,
      ],
      ['罚款', `依据${QUALITY}，罚款2万元`, { 处罚依据: '见决定书' }, ['见决定书', undefined], undefined],
      [
        '罚款',
        `依据${QUALITY}，《行政处罚法》第九条之一的规定，罚款2万元`,
        {},
        [`${QUALITY}，《行政处罚法》第九条之一`, undefined],
        undefined,
      ],
      ['罚款', `依照${QUALITY}罚款2万元`, {}, [QUALITY, undefined], undefined],
      ['罚款', `依据${QUALITY}，鉴于违反《广告法》第九条，罚款2万元`, {}, [QUALITY, undefined], undefined],
      // What was violated is no basis, nor is a law without its article.
      ['罚款', `违反${QUALITY}，罚款2万元`, {}, [undefined, undefined], undefined],
      ['罚款', '依据《产品质量法》，罚款2万元', {}, [undefined, undefined], undefined],
      ['吊销许可证件', '吊销食品生产许可证', {}, [undefined, '食品生产许可证'], undefined],
      ['吊销许可证件', '吊销其《食品生产许可证》', {}, [undefined, '食品生产许可证'], undefined],
      ['吊销营业执照', '吊销营业执照', {}, [undefined, '营业执照'], undefined],
      ['暂扣许可证件', '暂扣食品经营许可证三个月', {}, [undefined, '食品经营许可证'], undefined],
      ['吊销许可证件', '吊销食品生产许可证', { 暂扣或吊销的证照: 'SC1' }, [undefined, 'SC1'], undefined],
      // Two licences, or a kind that the row does not punish with.
      ['吊销许可证件', '吊销食品生产许可证，吊销食品经营许可证', {}, [undefined, undefined], undefined],
      ['罚款', '罚款2万元，没收违法所得100元', {}, [undefined, undefined], '没收违法所得'],
      ['罚款、没收违法所得', '罚款2万元，没收违法所得100元', {}, [undefined, undefined], undefined],
      ['警告', '警告，罚款2万元，没收违法所得100元', {}, [undefined, undefined], '罚款、没收违法所得'],
    ] as [string, string, Row, unknown[], string | undefined][]) {
      const row = read('penalty', { ...FIRM, 处罚种类: types, 处罚内容: content, ...more })
      const words = `${types}: ${content} ${JSON.stringify(more)}`
      t.same(fieldsOf(row, ['penaltyBasis', 'revokedLicence']), came, words)
      const others =
        'said' in row ? row.said.flatMap((note) => /还写有 (.+)，处罚种类/.exec(note)?.[1] ?? []) : []
      t.same(others, said === undefined ? [] : [said], words)
    }
    // A unit that the format of its cell alone shows.
    for (const [after, fine] of [
      ['万元', 58_000],
      ['元', 5.8],
      ['台', 5.8],
    ] as const) {
      const beside = { before: '', after, isPercent: false }
      const row = read('penalty', {
        ...FIRM,
        处罚种类: '罚款',
        罚款金额: { is: 'number', digits: '5.8', beside },
      })
      t.same(fieldsOf(row, ['fine']), [fine], after)
    }
    // A heavier kind than the row has, or one that its own sum is of, is no note.
    for (const [types, content, more, lacks] of [
      ['罚款', '罚款2万元，吊销食品生产许可证', {}, '吊销许可证件'],
      ['罚款', '罚款2万元，吊销营业执照', {}, '吊销营业执照'],
      ['罚款', '罚款2万元，暂扣食品经营许可证', {}, '暂扣许可证件'],
      ['罚款', '罚款2万元，责令停产停业', {}, '责令停产停业'],
      ['罚款', '罚款2万元，责令关闭', {}, '责令关闭'],
      ['罚款', '罚款2万元，限制从业', {}, '限制从业'],
      ['罚款', '罚款2万元，降低资质等级', {}, '降低资质等级'],
      ['罚款', '罚款2万元', { 没收违法所得: '3000' }, '没收违法所得'],
      ['罚款', '罚款2万元', { 没收违法所得: '0' }, undefined],
      ['罚款', '罚款2万元，警告', {}, undefined],
      ['罚款、没收违法所得', '罚款2万元', { 没收违法所得: '3000' }, undefined],
      ['罚款、吊销营业执照', '罚款2万元，吊销营业执照', {}, undefined],
    ] as [string, string, Row, string | undefined][]) {
      const row = read('penalty', { ...FIRM, 处罚种类: types, 处罚内容: content, ...more })
      const asked = 'faults' in row ? row.faults.map(String).join() : ''
      t.equal(asked !== '', lacks !== undefined, `${types}: ${content} ${JSON.stringify(more)} ${asked}`)
      t.match(asked, lacks === undefined ? '' : '处罚种类', `${lacks}`)
    }
    // The old form has kind, sum and basis in one cell.
    const row = read('penalty', { ...FIRM, 行政处罚的种类和依据: `依据${QUALITY}，处以罚款2万元` })
    t.same(fieldsOf(row, ['types', 'fine', 'penaltyBasis']), [['罚款'], 20_000, QUALITY])
  },
)

t.test('who decided and when, in one cell: both, or the cell is asked', async (t) => {
  for (const [cell, came] of [
    ['示例市局 2015年3月2日', ['示例市局', '2015-03-02']],
    ['示例市局（2015-3-2）', ['示例市局', '2015-03-02']],
    ['示例市局 2015年2月29日', ['示例市局', '2015-02-29']],
    ['示例市局', ['处罚机关及日期 authority-and-day']],
    ['2015年3月2日', ['处罚机关及日期 authority-and-day']],
    ['', [undefined, undefined]],
  ] as const)
    t.same(
      fieldsOf(read('penalty', { ...FIRM, 处罚机关及日期: cell }), ['authority', 'decidedOn']),
      came,
      cell,
    )
})

t.test('the kind of a licence by its number, where nothing else tells it', async (t) => {
  for (const [more, kind, isSaid] of [
    [{}, '全国工业产品生产许可证', true],
    [{ 许可类别: '其他许可' }, '其他许可', false],
    [{ 许可证编号: '示例1号' }, undefined, false],
    [{ 许可证编号: '' }, undefined, false],
  ] as [Row, string | undefined, boolean][]) {
    const row = read('licence', { ...FIRM, 许可证编号: 'XK06-001-00001', ...more })
    t.match(row, { record: { kind } }, JSON.stringify(more))
    t.equal('said' in row && row.said.some((note) => /许可类别按证号“XK06.*理解为：全国/.test(note)), isSaid)
  }
  t.match(
    read('penalty', { ...FIRM, 处罚决定书文号: 'XK06-001-00001' }),
    { record: { kind: undefined } },
    'of a licence alone',
  )
})

t.test('a day of make: as such, as the batch, against the day of sampling', async (t) => {
  for (const [made, batch, sampled, came] of [
    ['2026-03-02', '', '2026-03-03', ['2026-03-02', '2026-03-02']],
    ['2026-03-02', 'A1', '2026-03-03', ['2026-03-02', 'A1']],
    ['见包装', '', '2026-03-03', [undefined, '见包装']],
    ['见包装', 'A1', '2026-03-03', [undefined, 'A1；见包装']],
    ['2026-03-02', '', '2026-03-02', ['2026-03-02', '2026-03-02']],
    ['2026-03-02', '', '2026-03-01', [undefined, '2026-03-02']],
    ['2026-03-02', '', '', ['2026-03-02', '2026-03-02']],
    ['', 'A1', '2026-03-03', [undefined, 'A1']],
  ] as const)
    t.same(
      fieldsOf(read('inspection', { ...FIRM, 生产日期: made, 批号: batch, 检查日期: sampled }), [
        'madeOn',
        'batch',
      ]),
      came,
      `${made} ${batch} ${sampled}`,
    )
  for (const [header, cell, came] of [
    ['生产日期/批号', '20260302', '2026-03-02'],
    ['生产日期/批号', '2026-03', '2026-03'],
    ['生产日期/批号', '202603', undefined],
    ['生产日期/批号', '2026', undefined],
    ['生产日期/批号', 'A1', undefined],
    ['批号', '2026-03-02', undefined],
  ] as const)
    t.same(fieldsOf(read('inspection', { ...FIRM, [header]: cell }), ['madeOn']), [came], `${header} ${cell}`)
  for (const [header, more, area] of [
    ['食品名称', {}, '食品'],
    ['产品名称', {}, undefined],
    ['食品名称', { 产品领域: '其他产品' }, '其他产品'],
  ] as [string, Row, string | undefined][]) {
    const row = read('inspection', { ...FIRM, ...more, [header]: '糖果' })
    t.same(fieldsOf(row, ['area', 'product']), [area, '糖果'], header)
  }
})

t.test('both laboratories in one cell', async (t) => {
  const LABORATORIES = ['laboratory', 'retestLaboratory']
  for (const [cell, more, came, isSaid] of [
    ['初检机构：甲院；复检机构：乙院', {}, ['甲院', '乙院'], true],
    ['甲院', {}, ['甲院', undefined], false],
    [
      '初检机构：甲院；复检机构：乙院',
      { 复检机构: '丙院' },
      ['初检机构：甲院；复检机构：乙院', '丙院'],
      false,
    ],
    ['', {}, [undefined, undefined], false],
  ] as [string, Row, unknown[], boolean][]) {
    const row = read('inspection', { ...FIRM, 检验机构: cell, ...more })
    t.same(fieldsOf(row, LABORATORIES), came, cell)
    t.equal(
      'said' in row && row.said.includes(`“${cell}”理解为：检验机构 甲院，复检机构 乙院。`),
      isSaid,
      cell,
    )
  }
})

t.test('the violation by the name of the case, where no column has it', async (t) => {
  for (const [name, conduct, came, isSaid] of [
    ['示例电缆有限公司生产不合格电缆案', '', '生产不合格电缆', true],
    ['示例电缆有限公司生产不合格电缆案', '伪造标志', '伪造标志', false],
    ['行政处罚案', '', undefined, false],
    ['', '', undefined, false],
  ] as const) {
    const row = read('penalty', { ...FIRM, 案件名称: name, 违法行为类型: conduct })
    t.same(fieldsOf(row, ['conduct']), [came], name)
    t.equal('said' in row && row.said.some((note) => note.startsWith('违法行为类型按案件名称')), isSaid, name)
  }
})

t.test('what a row of an award tells beside its columns', async (t) => {
  for (const [by, level, came, isSaid] of [
    ['国家质量监督检验检疫总局', '', '国家', true],
    ['国务院', '', '国家', true],
    ['中国质量协会', '', '国家', true],
    ['中华全国总工会', '', '国家', true],
    ['市场监管总局', '', '国家', true],
    ['河北省人民政府', '', '省', true],
    ['石家庄市人民政府', '', '市', true],
    ['石家庄市长安区人民政府', '', '县', true],
    ['质量协会', '', undefined, false],
    ['', '', undefined, false],
    ['河北省人民政府', '市级', '市', false],
  ] as const) {
    const row = read('award', { ...FIRM, 奖项: '政府质量奖', 授予机关: by, 级别: level })
    t.same(fieldsOf(row, ['level']), [came], `${by} ${level}`)
    t.equal('said' in row && row.said.some((note) => note.startsWith('级别按授予机关')), isSaid, by)
  }
  // What is less than the award, or somebody's own.
  for (const kind of ['政府质量奖组织奖', '政府质量奖（个人）'])
    for (const title of ['', '电缆']) {
      const row = read('award', { ...FIRM, 奖项: kind, 产品名称: title })
      t.same(fieldsOf(row, ['kind', 'title']), ['政府质量奖', title || kind], `${kind} ${title}`)
    }
  for (const kind of ['政府质量奖提名奖', '政府质量奖入围', '政府质量奖鼓励奖'])
    t.same(read('award', { ...FIRM, 奖项: kind }), { faults: ['奖项 word'] }, `${kind} is asked`)
  t.same(fieldsOf(read('award', { ...FIRM, 奖项: '政府质量奖' }), ['title']), [undefined])
  for (const [name, came] of [
    ['示例电缆公司（复评）', '示例电缆公司'],
    ['示例电缆公司（到期复审）', '示例电缆公司'],
    ['示例电缆公司（第二次）', '示例电缆公司'],
    ['示例电缆公司（中国）', '示例电缆公司（中国）'],
    ['示例电缆公司', '示例电缆公司'],
  ] as const) {
    const row = read('award', { 企业名称: name, 奖项: '政府质量奖' })
    t.match(row, { enterprise: { name: came } })
    t.equal('said' in row && row.said.some((note) => note.includes('理解为说明')), name !== came, name)
  }
})

t.test('who had a product made and who made it, in one cell', async (t) => {
  const PARTIES = ['producer', 'thirdParty']
  for (const [cell, came, said] of [
    ['甲公司', ['甲公司', undefined], []],
    [
      '委托方：甲公司；受托方：乙公司',
      ['甲公司', '乙公司'],
      ['“委托方：甲公司；受托方：乙公司”理解为：标称生产者 甲公司，第三方 乙公司。'],
    ],
  ] as [string, unknown[], string[]][]) {
    const row = read('inspection', { 标称生产企业名称: cell })
    t.same(fieldsOf(row, PARTIES), came, cell)
    t.same('said' in row ? row.said : row, said, cell)
  }
  t.same(
    fieldsOf(
      read('inspection', { 标称生产企业名称: '甲公司', 受托生产企业: '乙公司', 第三方: '丙公司' }),
      PARTIES,
    ),
    ['甲公司', '乙公司；丙公司'],
    'third parties in several columns',
  )
})

t.test('what is an award’s alone: of no other kind is a name cut, a level or a title told', async (t) => {
  const name = '示例电缆公司（复评）'
  for (const type of ['penalty', 'licence', 'inspection', 'interview'])
    t.match(read(type, { 企业名称: name }), { enterprise: { name }, record: { title: undefined } }, type)
})

t.test(
  'a sum whose unit is open is asked about once for its column, on either side of each bound',
  async (t) => {
    const small = ['万元', '元']
    const large = ['元', '万元']
    for (const [unit, sum, came] of [
      ['', '0', 0],
      ['', '0.01', small],
      ['', '49.99', small],
      ['', '50', 50],
      ['', '49.99元', 'small-sum'],
      ['（元）', '0.01', 'small-sum'],
      ['（元）', '49.99', 'small-sum'],
      ['（元）', '50', 50],
      ['（元）', '99999999.99', 99_999_999.99],
      ['（元）', '100000000', 'large-sum'],
      ['', '100000000', 'large-sum'],
      ['（万元）', '2.7', 27_000],
      ['（万元）', '499.99', 4_999_900],
      ['（万元）', '500', large],
      ['（万元）', '15000', large],
      ['（万元）', '500万元', 5_000_000],
      ['（万元）', '20000元', 20_000],
      ['（万元）', '10000万元', 'large-sum'],
    ] as const)
      for (const label of ['罚款金额', '罚没金额']) {
        const header = `${label}${unit}`
        const row = { ...FIRM, 处罚种类: '罚款、没收违法所得', [header]: sum }
        const field = label === '罚款金额' ? 'fine' : 'total'
        const read = readRow(Object.values(row), mappingOf(Object.keys(row), penalty))
        const at = `${header} ${sum}`
        if (typeof came === 'object')
          t.match(
            read,
            { faults: [{ header, value: sum, code: 'sum-unit', word: { field, candidates: came } }] },
            at,
          )
        else if (typeof came === 'string') t.match(read, { notes: [{ code: came }] }, at)
        else t.match(read, { record: { [field]: came }, notes: [] }, at)
      }
  },
)

t.test(
  'what was answered of a unit is so for the whole column, save for what is out of all proportion',
  async (t) => {
    const sumOf = (header: string, sum: string, words: Record<string, string[]>) => {
      const row = { ...FIRM, 处罚种类: '罚款', [header]: sum }
      const read = readRow(Object.values(row), mappingOf(Object.keys(row), penalty, { fine: words }))
      return 'faults' in read ? read.faults.map(({ word }) => word?.word) : read.record.fine
    }
    const unstated = '罚款金额（没有写明单位）'
    for (const [sum, unit, came] of [
      ['2.7', '万元', 27_000],
      ['60', '万元', 600_000],
      ['3万元', '万元', 30_000],
      ['5000', '万元', ['罚款金额（折算后 500 万元以上的）']],
      ['2.7', '元', 2.7],
      ['60', '元', 60],
      ['5000', '元', 5000],
    ] as const)
      t.same(sumOf('罚款金额', sum, { [unstated]: [unit] }), came, `${sum} ${unit}`)
    const header = '罚款金额（万元）'
    const large = `${header}（折算后 500 万元以上的）`
    for (const [sum, unit, came] of [
      ['15000', '元', 15_000],
      ['15000', '万元', 150_000_000],
      ['2.7', '元', 27_000],
    ] as const)
      t.same(sumOf(header, sum, { [large]: [unit] }), came, `${sum} ${unit}`)
  },
)

t.test('the kinds of a penalty by its sums, where nothing else tells them', async (t) => {
  for (const [sums, types] of [
    [{ '罚款金额（元）': '20000' }, ['罚款']],
    [{ '没收违法所得（元）': '300' }, ['没收违法所得']],
    [{ '罚款金额（元）': '20000', '没收违法所得（元）': '300' }, ['罚款', '没收违法所得']],
    [{ '罚款金额（元）': '20000', '没收违法所得（元）': '0' }, ['罚款']],
    [{ '罚款金额（元）': '0' }, undefined],
    [{ '罚款金额（元）': '' }, undefined],
    [{ '罚款金额（元）': '20000', 处罚种类: '警告' }, ['警告']],
    // Which kind of what was confiscated, or which part of the sum was a fine, nobody says.
    [{ '罚款金额（元）': '20000', '没收金额（元）': '300' }, undefined],
    [{ '罚款金额（元）': '20000', '没收金额（元）': '0' }, ['罚款']],
    [{ '罚没金额（元）': '20000' }, undefined],
    [{ '罚款金额（元）': '20000', 处罚内容: '责令停产停业，处罚款2万元' }, ['罚款', '责令停产停业']],
  ] as [Row, string[] | undefined][]) {
    const row = { ...FIRM, ...sums }
    const came = readRow(Object.values(row), mappingOf(Object.keys(row), penalty))
    const said = JSON.stringify(sums)
    t.same('record' in came ? came.record.types : came.faults, types, said)
    const isTold = 'notes' in came && came.notes.some(({ detail }) => detail.startsWith('没有写明处罚种类'))
    t.equal(isTold, types !== undefined && sums.处罚种类 === undefined && sums.处罚内容 === undefined, said)
  }
})

t.test('a sum confiscated is one of income, of goods, or of both together', async (t) => {
  const FIELDS = ['confiscatedIncome', 'confiscatedGoods', 'confiscatedTotal']
  for (const [types, sum, came] of [
    ['没收违法所得', '100', [100, undefined, undefined]],
    ['没收非法财物', '100', [undefined, 100, undefined]],
    ['没收违法所得、没收非法财物', '100', [undefined, undefined, 100]],
    ['罚款', '100', [undefined, undefined, 100]],
    ['', '100', [undefined, undefined, 100]],
    ['没收违法所得', '0', [0, undefined, undefined]],
    ['没收非法财物', '0', [undefined, 0, undefined]],
    ['没收违法所得、没收非法财物', '0', [undefined, undefined, undefined]],
    ['罚款', '0', [undefined, undefined, undefined]],
    ['罚款', '无', [undefined, undefined, undefined]],
  ] as const)
    t.same(
      fieldsOf(read('penalty', { ...FIRM, 处罚种类: types, 没收金额: sum }), FIELDS),
      came,
      `${types} ${sum}`,
    )
})

t.test('what items tell of a sample, and what it tells of them', async (t) => {
  const FIELDS = ['outcome', 'failedItems', 'findings']
  const long = '字'.repeat(201)
  const failed = (name: string) => [{ name, verdict: '不合格' }]
  for (const [columns, came, items] of [
    [{ 检查结果: '不合格', 不合格项目: '霉菌' }, ['不合格', '霉菌', undefined], failed('霉菌')],
    [{ 检查结果: '', 不合格项目: '霉菌' }, ['不合格', '霉菌', undefined], failed('霉菌')],
    [
      { 检查结果: '不合格', 不合格项目: '霉菌；酸价' },
      ['不合格', '霉菌；酸价', undefined],
      [...failed('霉菌'), ...failed('酸价')],
    ],
    // Where no sample was drawn, the column says why.
    [{ 检查结果: '未抽到样品', 不合格项目: '停产' }, ['未抽到样品', undefined, '停产'], []],
    [{ 检查结果: '拒检', 不合格项目: '停产' }, ['拒检', undefined, '停产'], []],
    [{ 检查结果: '拒检', 不合格项目: '停产', 检查记录: '大门紧闭' }, ['拒检', undefined, '大门紧闭'], []],
    // That none failed.
    [{ 检查结果: '合格', 不合格项目: '全部合格' }, ['合格', undefined, undefined], []],
    [{ 检查结果: '', 不合格项目: '未检出不合格项' }, [undefined, undefined, undefined], []],
    [{ 检查结果: '不合格', 不合格项目: '合格' }, ['不合格项目 items'], undefined],
    [
      { 检查结果: '不合格', '不合格项目（实测值/标准值）': '合格' },
      ['不合格项目（实测值/标准值） items'],
      undefined,
    ],
    [
      { 检查结果: '不合格', '不合格项目（标准值/实测值）': '合格' },
      ['不合格项目（标准值/实测值） items'],
      undefined,
    ],
    [{ 检查结果: '合格', '不合格项目（实测值/标准值）': '均合格' }, ['合格', undefined, undefined], []],
    [{ 检查结果: '合格', '不合格项目（标准值/实测值）': '均合格' }, ['合格', undefined, undefined], []],
    [{ 检查结果: '合格', '不合格项目（标准值/实测值）': '合格' }, ['合格', undefined, undefined], []],
    // Items that are only named are judged as the sample is, where nothing says which of them failed.
    [
      { 检查结果: '合格', 检验项目: '霉菌' },
      ['合格', undefined, undefined],
      [{ name: '霉菌', verdict: '合格' }],
    ],
    [{ 检查结果: '不合格', 检验项目: '霉菌' }, ['不合格', '霉菌', undefined], failed('霉菌')],
    [{ 检查结果: '', 检验项目: '霉菌' }, [undefined, undefined, undefined], [{ name: '霉菌' }]],
    [
      { 检查结果: '不合格', 检验项目: '霉菌；酸价', 不合格项目: '霉菌' },
      ['不合格', '霉菌', undefined],
      [...failed('霉菌'), { name: '酸价' }],
    ],
    // A part that is too long for an item stays where it stood; under a heading of items it is asked.
    [{ 检查结果: '不合格', 不合格项目: long }, ['不合格', long, undefined], []],
    [{ 检查结果: '', 不合格项目: long }, ['不合格', long, undefined], []],
    [
      { 检查结果: '不合格', '不合格项目（实测值/标准值）': long },
      ['不合格项目（实测值/标准值） items'],
      undefined,
    ],
    [
      { 检查结果: '不合格', '不合格项目（实测值/标准值）': long.slice(1) },
      ['不合格', long.slice(1), undefined],
      failed(long.slice(1)),
    ],
    [{}, [undefined, undefined, undefined], []],
  ] as [Row, unknown[], RecordData[] | undefined][]) {
    const row = read('inspection', { ...FIRM, ...columns })
    t.same(fieldsOf(row, FIELDS), came, JSON.stringify(columns).slice(0, 80))
    t.same('items' in row ? row.items : undefined, items, JSON.stringify(columns).slice(0, 80))
  }
})

t.test('a result that is measured: asked for its verdict, unless the row has one', async (t) => {
  for (const [cell, more, came] of [
    ['合格', {}, '合格'],
    ['0.79g/kg', {}, ['检验结果 measured']],
    ['未检出', {}, ['检验结果 measured']],
    ['≤5', {}, ['检验结果 measured']],
    ['0.79g/kg', { 检查结果: '合格' }, '合格'],
    ['0.79g/kg', { 不合格项目: '霉菌' }, '不合格'],
    ['尚可', {}, ['检验结果 word']],
  ] as [string, Row, unknown][]) {
    const row = read('inspection', { ...FIRM, ...more, 检验结果: cell })
    t.same('faults' in row ? row.faults : row.record.outcome, came, `${cell} ${JSON.stringify(more)}`)
  }
})

t.test('a row is known again by what it says, in whatever order its columns stand', async (t) => {
  const hash = (columns: Row) => {
    const row = read('penalty', columns)
    return 'hash' in row ? row.hash : row
  }
  const own = { ...FIRM, 处罚决定书文号: '1号', 罚款金额: '100' }
  const known = hash(own)
  for (const [said, columns, isSame] of [
    ['once more', own, true],
    ['in another order', Object.fromEntries(Object.entries(own).reverse()), true],
    ['a column that says nothing', { ...own, 备注说明栏: '' }, true],
    ['a column of no meaning here', { ...own, 不知何物: '甲' }, true],
    ['one that is passed over', { ...own, 序号: '7' }, true],
    ['an empty cell of a field', { ...own, 处罚内容: '' }, true],
    ['another number', { ...own, 处罚决定书文号: '2号' }, false],
    ['another sum', { ...own, 罚款金额: '101' }, false],
    ['a field more', { ...own, 处罚内容: '罚款100元' }, false],
    ['the same words in other fields', { ...FIRM, 处罚决定书文号: '100', 罚款金额: '1' }, false],
  ] as [string, Row, boolean][])
    t.equal(hash(columns) === known, isSame, said)
})

t.test('numbers of identity cards are never taken, whatever else the row holds', async (t) => {
  t.same(read('penalty', { ...FIRM, 法定代表人身份证号: '1' }), {
    faults: ['法定代表人身份证号 identity-number'],
  })
  t.match(read('penalty', { ...FIRM, 法定代表人身份证号: '' }), { record: {} }, 'an empty column')
  t.same(
    read('penalty', { ...FIRM, 法定代表人身份证号: '1', 罚款金额: '若干' }),
    { faults: ['法定代表人身份证号 identity-number', '罚款金额 type'] },
    'all that is wrong is told at once',
  )
})

t.test(
  'a sample that may go on the merged cells above it is asked, not taken for the seller’s own',
  async (t) => {
    const HEADS = { 序号: '', 标称生产企业名称: '', 被抽样单位名称: '乙商店', 产品名称: '电缆' }
    for (const [said, columns, isAsked] of [
      ['neither number nor producer, a seller', HEADS, true],
      ['gaps alone', { ...HEADS, 序号: ' ' }, true],
      ['a number', { ...HEADS, 序号: '2' }, false],
      ['a producer', { ...HEADS, 标称生产企业名称: '甲公司' }, false],
      ['that there is none', { ...HEADS, 标称生产企业名称: '/' }, false],
      ['no seller either', { ...HEADS, 被抽样单位名称: '' }, false],
      ['no column of numbers', { 标称生产企业名称: '', 被抽样单位名称: '乙商店' }, false],
      ['no column of producers', { 序号: '', 被抽样单位名称: '乙商店' }, false],
      ['the producer’s address alone', { 序号: '', 标称生产企业地址: '', 被抽样单位名称: '乙商店' }, false],
      ['the seller’s address alone', { 序号: '', 标称生产企业名称: '', 被抽样单位地址: '某路' }, false],
    ] as [string, Row, boolean][])
      t.same('faults' in read('inspection', columns), isAsked, said)
    t.same(read('inspection', HEADS), { faults: ['标称生产企业名称 continued'] })
  },
)
