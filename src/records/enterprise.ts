import { z } from 'zod'
import { choice, date, industryCode, lines, name, regionCode, text } from './fields.ts'
import { recordKind } from './kind.ts'
import { publicationRules } from './rules.ts'

/** Operating status (经营状态) of an enterprise. */
export const operatingStatuses = ['存续', '停业', '注销', '吊销'] as const

/** Basic information (基本信息) of an enterprise, beside its two codes. */
export const enterprise = recordKind({
  type: 'enterprise',
  section: 'enterprise',
  label: '基本信息',
  datedBy: 'establishedOn',
  titledBy: 'name',
  summary: ['name', 'legalForm', 'region', 'status'],
  fields: z.strictObject({
    name: name(200).meta({
      label: '企业名称',
      isKnownBy: true,
      elements: ['XK_XDR_MC', 'CF_XDR_MC', 'XK_XDR'],
      headers: ['名称', '单位名称', '公司名称', '行政相对人名称', '当事人名称'],
    }),
    legalForm: text(100)
      .optional()
      .meta({ label: '企业类型', headers: ['类型', '主体类型'] }),
    establishedOn: date()
      .optional()
      .meta({ label: '成立日期', headers: ['注册日期', '设立日期'], past: true }),
    region: regionCode()
      .optional()
      .meta({
        label: '行政区划',
        headers: ['所在地区', '地区', '登记机关所在地', '所在地市', '所在市', '所属地区', '城市'],
        hint: '6 位代码或全称',
      }),
    address: text(300)
      .optional()
      .meta({ use: 'address', label: '住所', headers: ['注册地址', '地址', '经营场所'] }),
    industry: industryCode()
      .optional()
      .meta({ label: '行业', headers: ['行业代码', '所属行业'], hint: 'GB/T 4754 代码，如 C3011' }),
    status: choice(operatingStatuses)
      .default('存续')
      .meta({
        label: '经营状态',
        adverse: ['吊销'],
        headers: ['状态', '登记状态', '企业状态'],
        synonyms: {
          在业: '存续',
          开业: '存续',
          在营: '存续',
          正常: '存续',
          '存续（在营、开业、在册）': '存续',
          歇业: '停业',
          已注销: '注销',
          '吊销，未注销': '吊销',
          已吊销: '吊销',
        },
      }),
    abnormalList: choice(['在名录中', '不在名录中'])
      .optional()
      .meta({
        label: '经营异常名录',
        adverse: ['在名录中'],
        headers: ['是否列入经营异常名录'],
        synonyms: { 是: '在名录中', 否: '不在名录中' },
      }),
    scale: choice(['大型', '中型', '小型', '微型']).optional().meta({ label: '企业规模' }),
    products: lines(500).optional().meta({ label: '主要产品' }),
    legalRepresentative: name(100)
      .optional()
      .meta({
        label: '法定代表人',
        elements: ['XK_FRDB', 'CF_FRDB', 'XK_FR', 'CF_FR'],
        headers: ['法人代表', '负责人'],
        sight: 'platform',
        hint: '只填姓名',
      }),
  }),
  identity: () => '',
  publication: () => ({ public: true, from: '0001-01-01', rule: publicationRules.licence.source }),
})
