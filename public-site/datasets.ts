import { SITE_NAME } from './components/layout.tsx'

/** A set of data that can be had as a whole. */
export interface Dataset {
  id: string
  title: string
  titleEn: string
  description: string
  descriptionEn: string
  /** Page that shows it, where there is one. */
  page?: string
  /** How often it changes, in the words of DCAT's frequency vocabulary. */
  frequency: 'CONT' | 'MONTHLY' | 'DAILY' | 'IRREG'
  files: readonly { path: string; type: string; label: string }[]
}

const CSV = 'text/csv'
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const JSON_TYPE = 'application/json'

/** What can be had of the registry. */
export const datasets: readonly Dataset[] = [
  {
    id: 'files',
    title: '企业质量信用档案（全部公开内容）',
    titleEn: 'Quality-credit files, everything public',
    description:
      '每家企业一份：基本信息、许可认证、监管动态、违法违规、良好信息、等级、黑名单。从变更接口逐页取得全部，此后只取变动。',
    descriptionEn:
      'One file per enterprise. Read the change feed from the start to have them all, then go on to have what changes.',
    frequency: 'CONT',
    files: [
      { path: '/api/v1/changes?since=0&limit=1000', type: JSON_TYPE, label: 'JSON' },
      { path: '/search.csv', type: CSV, label: 'CSV' },
      { path: '/search.xlsx', type: XLSX, label: 'XLSX' },
    ],
  },
  {
    id: 'blacklist',
    title: '质量失信黑名单',
    titleEn: 'Blacklist',
    description: '在列企业、列入情形和依据、处罚文号、列入机关、期限。',
    descriptionEn: 'Enterprises on the list with ground, basis, penalties, authority and period.',
    page: '/blacklist',
    frequency: 'CONT',
    files: [
      { path: '/api/v1/blacklist?format=csv', type: CSV, label: 'CSV' },
      { path: '/api/v1/blacklist?format=xlsx', type: XLSX, label: 'XLSX' },
      { path: '/api/v1/blacklist', type: JSON_TYPE, label: 'JSON' },
      { path: '/blacklist/feed.atom', type: 'application/atom+xml', label: 'Atom' },
      { path: '/blacklist/feed.json', type: 'application/feed+json', label: 'JSON Feed' },
    ],
  },
  {
    id: 'bulletins',
    title: '质量失信黑名单公告',
    titleEn: 'Blacklist bulletins',
    description: '各机关按期发布的列入和移出情况。',
    descriptionEn: 'What each authority listed and removed, period by period.',
    page: '/bulletins',
    frequency: 'IRREG',
    files: [
      { path: '/api/v1/bulletins', type: JSON_TYPE, label: 'JSON' },
      { path: '/bulletins/feed.atom', type: 'application/atom+xml', label: 'Atom' },
      { path: '/bulletins/feed.json', type: 'application/feed+json', label: 'JSON Feed' },
    ],
  },
  {
    id: 'honours',
    title: '守信激励名单',
    titleEn: 'Honour list',
    description: '获得质量奖励、等级为 A、24 个月内没有不良记录的企业。',
    descriptionEn: 'Enterprises with an award, grade A and nothing adverse in 24 months.',
    page: '/honours',
    frequency: 'DAILY',
    files: [{ path: '/api/v1/honours', type: JSON_TYPE, label: 'JSON' }],
  },
  {
    id: 'statistics',
    title: '质量状况统计',
    titleEn: 'Statistics of quality',
    description: '监督抽查合格率、等级分布、在列企业、建档率，按地区、产品和时间。',
    descriptionEn: 'Pass rates, grades, listings and coverage by region, product and time.',
    page: '/statistics',
    frequency: 'CONT',
    files: [
      { path: '/statistics/pass-rates.csv', type: CSV, label: '合格率 CSV' },
      { path: '/statistics/grades.csv', type: CSV, label: '等级 CSV' },
      { path: '/statistics/listings.csv', type: CSV, label: '在列企业 CSV' },
      { path: '/statistics/coverage.csv', type: CSV, label: '建档率 CSV' },
    ],
  },
  {
    id: 'rules',
    title: '评价标准、列入规则和公示规则',
    titleEn: 'Rating standards, listing rules, publication rules',
    description: '本系统实际执行的规则数据，附出处和核实情况。',
    descriptionEn: 'The very data that the registry follows, with sources and how sure they are.',
    page: '/rules',
    frequency: 'IRREG',
    files: [
      { path: '/api/v1/standards', type: JSON_TYPE, label: '标准 JSON' },
      { path: '/api/v1/rule-sets', type: JSON_TYPE, label: '列入规则 JSON' },
      { path: '/api/v1/record-types', type: JSON_TYPE, label: '栏目和公示规则 JSON' },
    ],
  },
]

/** The catalogue of open data in DCAT (JSON-LD). */
export function dcatCatalogue(base: string, operator: string): object {
  return {
    '@context': {
      dcat: 'http://www.w3.org/ns/dcat#',
      dct: 'http://purl.org/dc/terms/',
      foaf: 'http://xmlns.com/foaf/0.1/',
    },
    '@id': `${base}/open-data/catalog.jsonld`,
    '@type': 'dcat:Catalog',
    'dct:title': { '@value': `${SITE_NAME}开放数据`, '@language': 'zh' },
    'dct:publisher': { '@type': 'foaf:Organization', 'foaf:name': operator },
    'dct:license': { '@id': `${base}/open-data#terms` },
    'foaf:homepage': { '@id': `${base}/open-data` },
    'dcat:service': {
      '@type': 'dcat:DataService',
      'dct:title': { '@value': '企业质量信用档案接口', '@language': 'zh' },
      'dcat:endpointURL': { '@id': `${base}/api/v1` },
      'dcat:endpointDescription': { '@id': `${base}/openapi.json` },
    },
    'dcat:dataset': datasets.map((dataset) => ({
      '@id': `${base}/open-data#${dataset.id}`,
      '@type': 'dcat:Dataset',
      'dct:identifier': dataset.id,
      'dct:title': [
        { '@value': dataset.title, '@language': 'zh' },
        { '@value': dataset.titleEn, '@language': 'en' },
      ],
      'dct:description': [
        { '@value': dataset.description, '@language': 'zh' },
        { '@value': dataset.descriptionEn, '@language': 'en' },
      ],
      'dct:accrualPeriodicity': {
        '@id': `http://publications.europa.eu/resource/authority/frequency/${dataset.frequency}`,
      },
      'dct:spatial': { '@id': 'http://www.wikidata.org/entity/Q21208' },
      ...(dataset.page !== undefined && { 'dcat:landingPage': { '@id': `${base}${dataset.page}` } }),
      'dcat:distribution': dataset.files.map(({ path, type }) => ({
        '@type': 'dcat:Distribution',
        'dcat:accessURL': { '@id': `${base}${path}` },
        'dcat:mediaType': { '@id': `https://www.iana.org/assignments/media-types/${type}` },
        'dct:license': { '@id': `${base}/open-data#terms` },
      })),
    })),
  }
}

/** A set of data as schema.org tells one (JSON-LD). */
export function datasetOf(dataset: Dataset, base: string): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'Dataset',
    name: dataset.title,
    alternateName: dataset.titleEn,
    description: dataset.description,
    url: `${base}${dataset.page ?? `/open-data#${dataset.id}`}`,
    isAccessibleForFree: true,
    license: `${base}/open-data#terms`,
    distribution: dataset.files.map(({ path, type }) => ({
      '@type': 'DataDownload',
      encodingFormat: type,
      contentUrl: `${base}${path}`,
    })),
  }
}

/** The blacklist as a set of data. */
export function listDataset(base: string): object {
  const dataset = datasets.find(({ id }) => id === 'blacklist')
  if (!dataset) throw new Error('the blacklist is no set of data')
  return datasetOf(dataset, base)
}
