import t from 'tap'
import {
  codeHeaders,
  mapColumns,
  meaningOf,
  meaningsIn,
  missingDetail,
  nameHeaders,
  type Target,
  targetsOf,
  tellsFirm,
} from '../../src/exchange/columns.ts'
import { readRow } from '../../src/exchange/row-reading.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'

/** What the headings of a table mean together: one column of each thing, and all that every row needs. */

function kindNamed(type: string) {
  const kind = kindOf(catalogue, type)
  if (!kind) throw new Error(type)
  return kind
}
const mapped = (type: string, headers: readonly string[]) => mapColumns(headers, kindNamed(type))
const TYPES = ['penalty', 'licence', 'inspection', 'award', 'interview']

t.test(
  'a thing stands in one column; lists, and texts that lose nothing put together, in several',
  async (t) => {
    const SEVERAL: Readonly<Record<string, readonly string[]>> = {
      penalty: ['facts', 'violatedProvision', 'penaltyBasis', 'types', 'content', 'remark'],
      licence: ['specification', 'scope', 'remark'],
      inspection: [
        ...['productKind', 'specification', 'outcome', 'findings'],
        ...['thirdParty', 'thirdPartyNature', 'thirdPartyAddress'],
      ],
      award: ['title'],
      interview: [],
    }
    const another: Record<string, string[]> = {}
    for (const type of TYPES)
      another[type] = kindNamed(type)
        .columns.filter(({ label }) => mapped(type, ['企业名称', label, label]).ok)
        .map(({ field }) => field)
    for (const type of TYPES)
      t.same(
        another[type],
        kindNamed(type)
          .columns.map(({ field }) => field)
          .filter((field) => SEVERAL[type]?.includes(field)),
        type,
      )
    for (const [said, headers, isOk] of [
      ['two names of one firm', ['企业名称', '企业全称'], false],
      ['both codes', ['统一社会信用代码', '组织机构代码'], true],
      ['one code twice', ['统一社会信用代码', '社会信用代码'], false],
      ['which of them is not to be taken', ['统一社会信用代码', '不导入'], true],
      ['two that are passed over', ['企业名称', '序号', '编号'], true],
      ['two of no meaning', ['企业名称', '甲乙丙', '甲乙丙'], true],
      ['two identity numbers, which are refused row by row', ['企业名称', '甲_ZJHM', '乙_ZJHM'], true],
    ] as const) {
      const came = mapped('penalty', headers)
      t.equal(came.ok, isOk, said)
      if (!came.ok) t.match(came.detail, `“${headers[0]}”与“${headers[1]}”两栏含义相同`, said)
    }
  },
)

t.test('a table has to tell its firms: by a code, or of records by a name', async (t) => {
  for (const [type, header, isOk] of [
    ['enterprise', '统一社会信用代码', true],
    ['enterprise', '组织机构代码', true],
    ['enterprise', '企业代码', true],
    ['penalty', '统一社会信用代码', true],
    ['penalty', '组织机构代码', true],
    ['penalty', '企业代码', true],
    ['penalty', '企业名称', true],
    ['inspection', '标称生产企业名称', true],
    ['inspection', '被抽样单位名称', true],
    ['inspection', '第三方名称', false],
    ['inspection', '被抽样单位地址', false],
    ['penalty', '处罚机关', false],
  ] as const)
    t.equal(mapped(type, [header]).ok, isOk, `${type} ${header}`)
})

t.test('what every row needs and no column has, unless another column tells it', async (t) => {
  for (const [type, headers, missing] of [
    ['enterprise', [], []],
    ['penalty', [], ['处罚决定书文号', '违法行为类型', '处罚种类', '处罚决定日期', '处罚机关']],
    ['penalty', ['处罚种类和依据'], ['处罚决定书文号', '违法行为类型', '处罚决定日期', '处罚机关']],
    ['penalty', ['处罚内容'], ['处罚决定书文号', '违法行为类型', '处罚决定日期', '处罚机关']],
    ['penalty', ['处罚名称'], ['处罚决定书文号', '处罚种类', '处罚决定日期', '处罚机关']],
    ['penalty', ['处罚机关及日期'], ['处罚决定书文号', '违法行为类型', '处罚种类']],
    ['penalty', ['处罚机关'], ['处罚决定书文号', '违法行为类型', '处罚种类', '处罚决定日期']],
    ['licence', [], ['许可类别', '许可证编号', '许可机关', '发证日期']],
    ['licence', ['决定文书号'], ['许可类别', '许可机关', '发证日期']],
    ['licence', ['许可证编号'], ['许可机关', '发证日期']],
    ['inspection', [], ['检查类别', '检查日期', '检查机关', '检查结果']],
    ['inspection', ['不合格项目'], ['检查类别', '检查日期', '检查机关']],
    ['inspection', ['检验结果'], ['检查类别', '检查日期', '检查机关']],
    ['inspection', ['不合格项目（实测值/标准值）'], ['检查类别', '检查日期', '检查机关']],
    ['inspection', ['不合格项目（标准值/实测值）'], ['检查类别', '检查日期', '检查机关']],
    ['inspection', ['检验项目'], ['检查类别', '检查日期', '检查机关', '检查结果']],
    ['award', [], ['奖励类别', '级别', '授予机关', '授予日期']],
    ['award', ['授予机关'], ['奖励类别', '授予日期']],
  ] as const) {
    const came = mapped(type, ['统一社会信用代码', ...headers])
    t.same(came.ok && came.mapping.missing.map(({ label }) => label), missing, `${type} ${headers}`)
    if (came.ok && missing.length > 0)
      t.match(missingDetail(came.mapping, kindNamed(type)), `缺少必填栏：${missing.join('、')}。`)
  }
  for (const [headers, isNumbered] of [
    [['决定文书号'], true],
    [['决定文书号', '许可证编号'], false],
    [['许可证编号'], false],
    [[], false],
  ] as const) {
    const came = mapped('licence', ['企业名称', ...headers])
    t.equal(came.ok && came.mapping.isNumberedByDecision, isNumbered, `${headers}`)
    const row = came.ok && readRow(['甲公司', ...headers.map((_, i) => `${i}号`)], came.mapping)
    t.match(row, {
      record: { number: headers.length === 0 ? undefined : headers.length === 2 ? '1号' : '0号' },
    })
  }
  const numbered = mapped('penalty', ['企业名称', '处罚决定书文号'])
  t.equal(numbered.ok && numbered.mapping.isNumberedByDecision, false, 'a penalty has no other number')
  const empty = mapped('licence', ['企业名称', '决定文书号'])
  t.equal(
    empty.ok && 'number' in Object(Object(readRow(['甲公司', ''], empty.mapping)).record),
    false,
    'no decision, no number',
  )
})

t.test('units in a heading count where the column is a sum', async (t) => {
  const zerosOf = (target: Target | undefined) => (target && 'zeros' in target ? target.zeros : target?.to)
  for (const [header, came] of [
    ['罚款金额', 0],
    ['罚款金额（元）', 0],
    ['罚款金额（千元）', 3],
    ['罚款金额（万元）', 4],
    ['罚款金额（亿元）', 8],
    ['罚款金额（美元）', 'nothing'],
    ['罚款金额（英镑）', 'nothing'],
    ['没收金额（万元）', 4],
    ['没收金额（美元）', 'nothing'],
    ['CF_NR_FK', 4],
    ['CF_NR_WFFF', 4],
    ['处罚内容（万元）', 0],
    ['处罚内容（美元）', 0],
    ['处罚机关（全称）', 0],
  ] as const)
    t.equal(zerosOf(targetsOf([header], kindNamed('penalty'))[0]), came, header)
})

t.test('codes and identity numbers under one heading', async (t) => {
  for (const [header, to] of [
    ['统一社会信用代码/身份证号', 'code'],
    ['企业代码/身份证号', 'code'],
    ['组织机构代码/身份证号', 'identity-number'],
    ['身份证号', 'identity-number'],
    ['法定代表人证件号码', 'identity-number'],
    ['CF_XDR_SFZ', 'identity-number'],
    ['XK_XDR_ZJHM', 'identity-number'],
    ['统一社会信用代码/注册号', 'code'],
    ['处罚机关', 'record'],
  ] as const)
    t.equal(targetsOf([header], kindNamed('penalty'))[0]?.to, to, header)
})

t.test('of places, days and producers beside each other, which one the row’s own is', async (t) => {
  const meanings = (type: string, headers: readonly string[]) =>
    targetsOf(headers, kindNamed(type)).map((target) =>
      'column' in target
        ? target.column.label
        : target.to === 'party'
          ? `${target.role} ${target.part}`
          : target.to,
    )
  for (const [type, headers, came] of [
    ['enterprise', ['所在地市', '区县'], ['within', '行政区划']],
    ['enterprise', ['所在地市'], ['行政区划']],
    ['enterprise', ['地区'], ['行政区划']],
    ['inspection', ['抽样日期', '检验日期'], ['检查日期', 'passed-over']],
    ['inspection', ['检验日期', '抽样日期'], ['passed-over', '检查日期']],
    ['inspection', ['检验日期'], ['检查日期']],
    ['award', ['年度', '授予日期'], ['passed-over', '授予日期']],
    ['award', ['授予日期', '年份'], ['授予日期', 'passed-over']],
    ['award', ['年度'], ['授予日期']],
    ['inspection', ['生产企业', '受托生产企业'], ['producer name', 'other name']],
    ['inspection', ['受托生产企业'], ['producer name']],
    ['inspection', ['注册人', '生产企业'], ['producer name', 'other name']],
    ['inspection', ['备案人', '受托生产企业', '生产企业'], ['producer name', 'other name', 'other name']],
    ['enterprise', ['生产企业'], ['企业名称']],
    ['enterprise', ['被抽样单位名称', '被抽样单位地址'], ['企业名称', 'passed-over']],
  ] as const)
    t.same(meanings(type, headers), came, `${type} ${headers}`)
})

t.test('headings of which none is known, and how many of them are told', async (t) => {
  const detail = (headers: readonly string[]) => {
    const came = mapped('penalty', headers)
    return came.ok ? '' : came.detail
  }
  t.match(detail(['甲', '乙']), '表头在其他行的，请指明所在的行')
  t.match(detail(['???', '？_']), '文字在另存时丢失了')
  t.match(detail(['���', '']), '文字在另存时丢失了')
  t.match(detail(['???', '甲']), '表头在其他行的')
  t.notMatch(detail(['甲', '处罚机关']), '表头在其他行的', 'where one is known they are headings')
  t.notMatch(detail(['甲', '序号']), '表头在其他行的', 'one that is passed over too')
  const many = (count: number) => Array.from({ length: count }, (_, i) => `栏${i + 1}`)
  t.match(detail(many(20)), '、栏20。')
  t.match(detail(many(21)), '、栏20 等。')
  t.match(detail(['字'.repeat(20), '尾']), `：${'字'.repeat(20)}、尾。`)
  t.match(detail(['字'.repeat(21), '尾']), `：${'字'.repeat(20)}、尾。`)
  t.match(detail(['甲']), '，也没有企业名称，')
  const ofFirms = mapped('enterprise', ['企业名称'])
  t.notOk(ofFirms.ok)
  if (!ofFirms.ok) t.notMatch(ofFirms.detail, '也没有企业名称')
  const ignored = mapped('penalty', ['企业名称', '甲乙丙', '', '错误原因', '序号'])
  t.same(ignored.ok && ignored.mapping.ignored, ['甲乙丙'], 'what means nothing and is no report’s')
})

t.test('a heading of several words means what all of them mean', async (t) => {
  const said = (type: string, header: string) => meaningOf(targetsOf([header], kindNamed(type))[0])
  for (const [header, words] of [
    ['商标', '商标'],
    ['商标/品牌', '商标'],
    ['品牌/商标', '商标'],
    ['商标/规格型号', null],
    ['规格型号/商标', null],
    ['商标/品牌/规格型号', null],
    ['商标/甲乙丙', null],
  ] as const)
    t.equal(said('inspection', header), words, header)
})

t.test('a firm was founded on the day that says so, not on any day of its registration', async (t) => {
  const columns = (header: string) => {
    const came = mapped('enterprise', ['统一社会信用代码', '企业名称', header])
    return came.ok && { to: meaningOf(came.mapping.targets[2]), ignored: came.mapping.ignored }
  }
  for (const header of ['成立日期', '成立时间', '注册时间', '开业日期', '成立年月日'])
    t.same(columns(header), { to: '成立日期', ignored: [] }, header)
  for (const header of ['登记日期', '登记时间'])
    t.same(columns(header), { to: null, ignored: [header] }, header)
  t.same(
    columns('核准日期'),
    { to: '档案不记录此栏（略过）', ignored: [] },
    'known, and none of a file’s fields',
  )
})

t.test('a column’s meaning in words, by its target', async (t) => {
  const said = (type: string, header: string) => meaningOf(targetsOf([header], kindNamed(type))[0])
  for (const [type, header, words] of [
    ['penalty', '统一社会信用代码', '统一社会信用代码'],
    ['penalty', '组织机构代码', '组织机构代码'],
    ['penalty', '企业代码', '企业代码'],
    ['penalty', '罚款金额', '罚款金额'],
    ['penalty', '罚款金额（万元）', '罚款金额（万元，折算为元）'],
    ['penalty', '罚款金额（亿元）', '罚款金额（亿元，折算为元）'],
    ['penalty', '罚款金额（千元）', '罚款金额（10 的 3 次方元，折算为元）'],
    ['penalty', '没收金额（万元）', '没收金额（万元，折算为元）'],
    ['penalty', '企业名称', '企业名称'],
    ['penalty', '处罚种类和依据', '处罚种类、金额和依据（自句中分出）'],
    ['penalty', '处罚机关及日期', '处罚机关和决定日期（自句中分出）'],
    ['penalty', '身份证号', '证件号码（不得导入）'],
    ['penalty', '序号', '档案不记录此栏（略过）'],
    ['penalty', '甲乙丙', null],
    ['inspection', '生产日期', '生产日期（不是日期的照原样记为批号）'],
    ['inspection', '检验结果', '检验结果或实测值（按单元格判断）'],
    ['inspection', '检验项目', '检验项目'],
    ['inspection', '实测值', '实测值'],
    ['inspection', '标准值', '标准值'],
    ['inspection', '最小允许限', '最小允许限'],
    ['inspection', '最大允许限', '最大允许限'],
    ['inspection', '允许限单位', '允许限的单位'],
    ['inspection', '不合格项目（实测值/标准值）', '不合格项目、实测值、标准值'],
    ['inspection', '不合格项目（标准值/实测值）', '不合格项目、标准值、实测值'],
  ] as const)
    t.equal(said(type, header), words, header)
})

t.test('by which headings a table is known to tell its firms', async (t) => {
  for (const header of [
    ...['企业名称', 'name', 'XK_XDR_MC', 'CF_XDR_MC', 'XK_XDR', '名称', '单位名称', '公司名称', '当事人名称'],
    ...['企业全称', '持证企业', '被抽样单位', '标称生产企业', '生产企业'],
  ])
    t.ok(nameHeaders.includes(header), header)
  for (const header of ['统一社会信用代码', '组织机构代码', '企业代码', 'CF_XDR_SHXYM', 'CF_XDR_ZZJG'])
    t.ok(codeHeaders.includes(header), header)
  for (const header of ['处罚机关', '产品名称', '标称生产企业地址'])
    t.notOk(nameHeaders.includes(header) || codeHeaders.includes(header), header)
  for (const [type, header, tells] of [
    ['penalty', '统一社会信用代码', true],
    ['penalty', '企业代码', true],
    ['penalty', '组织机构代码', true],
    ['penalty', '当事人名称', true],
    ['penalty', '处罚机关', false],
    ['inspection', '被抽样单位名称', true],
    ['inspection', '标称生产企业统一社会信用代码', true],
    ['inspection', '标称生产企业地址', false],
    ['inspection', '产品名称', false],
  ] as const)
    t.equal(tellsFirm([header], kindNamed(type)), tells, `${type} ${header}`)
  for (const [headers, count] of [
    [[], 0],
    [['甲', '序号', '身份证号'], 0],
    [['企业名称', '公司名称'], 1],
    [['企业名称', '处罚机关', '罚款金额'], 3],
  ] as const)
    t.equal(meaningsIn(headers, kindNamed('penalty')), count, `${headers}`)
})
