import { addDays, type CalendarDate } from '../calendar/dates.ts'
import type { RecordData } from '../records/kind.ts'

export interface DemoFirm {
  /** First eight characters of the organisation code; the check characters are computed. */
  body: string
  region: string
  enterprise: RecordData
  records: { type: string; data: RecordData }[]
}

/** Plainly fictitious firms with every kind of record, some with bad ones, dated back from a day. */
export function demoFirms(today: CalendarDate): DemoFirm[] {
  const ago = (days: number) => addDays(today, -days)
  const licence = (
    number: string,
    product: string,
    issuedDaysAgo: number,
    validDays = 1826,
    more: RecordData = {},
  ) => ({
    type: 'licence',
    data: {
      kind: '全国工业产品生产许可证',
      number,
      product,
      authority: '河北省市场监督管理局',
      issuedOn: ago(issuedDaysAgo),
      validTo: addDays(ago(issuedDaysAgo), validDays - 1),
      ...more,
    },
  })
  const sampling = (product: string, daysAgo: number, outcome: string, more: RecordData = {}) => ({
    type: 'inspection',
    data: {
      kind: '省级监督抽查',
      inspectedOn: ago(daysAgo),
      authority: '河北省市场监督管理局',
      product,
      laboratory: '演示产品质量检验研究院',
      reportNo: `演检${ago(daysAgo).replaceAll('-', '')}`,
      itemsInspected: 12,
      itemsFailed: outcome === '不合格' ? 2 : 0,
      outcome,
      deliveredOn: ago(daysAgo - 10),
      ...more,
    },
  })
  const penalty = (documentNo: string, daysAgo: number, data: RecordData) => ({
    type: 'penalty',
    data: {
      documentNo,
      procedure: '普通程序',
      decidedOn: ago(daysAgo),
      authority: '演示市市场监督管理局',
      ...data,
    },
  })
  const award = (kind: string, level: string, title: string, daysAgo: number) => ({
    type: 'award',
    data: { kind, level, title, grantedBy: '演示质量奖评审委员会', grantedOn: ago(daysAgo) },
  })
  return [
    {
      body: 'DEM00001',
      region: '130102',
      enterprise: {
        name: '示例电线电缆有限公司',
        legalForm: '有限责任公司',
        establishedOn: '2003-04-18',
        address: '河北省石家庄市长安区示例大街 1 号',
        industry: 'C3831',
        scale: '中型',
        products: '电线、电缆',
      },
      records: [
        licence('(演示)XK06-001-00001', '电线电缆', 900),
        {
          type: 'licence',
          data: {
            kind: '强制性产品认证',
            number: '演示2024010105000001',
            product: '聚氯乙烯绝缘电线',
            authority: '演示质量认证中心',
            issuedOn: ago(700),
            validTo: addDays(ago(700), 1825),
          },
        },
        sampling('电线电缆', 400, '合格'),
        sampling('电线电缆', 60, '合格'),
        award('政府质量奖', '省', '示例电线电缆有限公司', 500),
      ],
    },
    {
      body: 'DEM00002',
      region: '131025',
      enterprise: {
        name: '示例人造板制造有限公司',
        legalForm: '有限责任公司(自然人独资)',
        establishedOn: '2010-09-06',
        address: '河北省廊坊市大城县演示路 22 号',
        industry: 'C2021',
        scale: '小型',
        products: '胶合板、细木工板',
      },
      records: [
        licence('(演示)XK03-002-00002', '人造板', 1200),
        sampling('细木工板', 220, '不合格', {
          failedItems: '甲醛释放量、含水率',
          severity: '较重',
          rectificationDueOn: ago(150),
          rectifiedOn: ago(160),
          reinspectedOn: ago(140),
          reinspectionOutcome: '合格',
        }),
        penalty('演示市监罚〔2026〕1 号', 170, {
          conduct: '生产不符合国家标准的产品',
          category: '生产、销售不符合健康安全标准的产品',
          facts: '抽查的细木工板甲醛释放量超过国家标准限值。',
          penaltyBasis: '《中华人民共和国产品质量法》第四十九条',
          types: ['罚款', '没收违法所得', '没收非法财物'],
          content: '责令停止生产，没收违法所得，并处罚款。',
          fine: 86000,
          confiscatedIncome: 12450.5,
          fulfilledOn: ago(150),
        }),
      ],
    },
    {
      body: 'DEM00003',
      region: '130283',
      enterprise: {
        name: '示例建筑扣件铸造厂',
        legalForm: '个人独资企业',
        establishedOn: '2006-01-12',
        address: '河北省唐山市迁安市演示工业园',
        industry: 'C3391',
        scale: '小型',
        products: '建筑扣件',
      },
      records: [
        licence('(演示)XK21-003-00003', '建筑扣件', 1900, 1826),
        sampling('直角扣件', 35, '拒检', { severity: '严重' }),
        penalty('演示市监罚〔2026〕2 号', 90, {
          conduct: '无证生产列入目录的产品',
          category: '无证生产经营',
          facts: '生产许可证有效期届满后仍生产、销售建筑扣件。',
          penaltyBasis: '《中华人民共和国工业产品生产许可证管理条例》第四十五条',
          types: ['罚款', '没收违法所得', '没收非法财物'],
          content: '没收违法生产的产品和违法所得，并处货值金额三倍的罚款。',
          fine: 1_260_000,
          hearingToldOn: ago(120),
          hearing: '当事人未要求',
          severity: '严重',
        }),
      ],
    },
    {
      body: 'DEM00004',
      region: '130982',
      enterprise: {
        name: '示例防水卷材股份有限公司',
        legalForm: '股份有限公司',
        establishedOn: '2012-07-30',
        address: '河北省沧州市任丘市演示路 8 号',
        industry: 'C3033',
        scale: '大型',
        products: '改性沥青防水卷材',
      },
      records: [
        licence('(演示)XK08-004-00004', '防水卷材', 300),
        sampling('SBS 改性沥青防水卷材', 250, '合格'),
        award('河北名牌产品', '省', '防水卷材', 800),
        award('优秀QC小组', '市', '卷材厚度均匀性攻关小组', 200),
      ],
    },
    {
      body: 'DEM00005',
      region: '130426',
      enterprise: {
        name: '示例复混肥料有限公司',
        legalForm: '有限责任公司',
        establishedOn: '2001-03-15',
        address: '河北省邯郸市涉县演示村',
        industry: 'C2624',
        scale: '中型',
        products: '复混肥料、掺混肥料',
      },
      records: [
        licence('(演示)XK13-005-00005', '复混肥料', 600, 1826, { status: '暂停', statusChangedOn: ago(20) }),
        sampling('复混肥料', 12, '不合格', { failedItems: '总养分', severity: '一般' }),
        {
          type: 'inspection',
          data: {
            kind: '日常巡查',
            inspectedOn: ago(100),
            authority: '演示县市场监督管理局',
            product: '复混肥料',
            outcome: '合格',
          },
        },
      ],
    },
    {
      body: 'DEM00006',
      region: '130600',
      enterprise: {
        name: '演示食品有限责任公司',
        legalForm: '有限责任公司',
        establishedOn: '2015-11-02',
        address: '河北省保定市演示区食品街 6 号',
        industry: 'C1411',
        scale: '微型',
        products: '糕点',
      },
      records: [
        {
          type: 'licence',
          data: {
            kind: '食品生产许可证',
            number: '(演示)SC12413060000006',
            product: '糕点',
            authority: '演示市行政审批局',
            issuedOn: ago(1300),
            validTo: addDays(ago(1300), 1095),
          },
        },
      ],
    },
  ]
}
