import { region } from '../../src/codes/regions.ts'
import type { Catalogue } from '../../src/records/catalogue.ts'
import type { Facet, SearchFilters, SearchHit, SearchResult } from '../../src/search/engine.ts'
import { Code } from '../components/code.tsx'
import { Layout, type PageFrame } from '../components/layout.tsx'
import { State } from '../components/values.tsx'

interface Props {
  frame: PageFrame
  query: string
  filters: SearchFilters
  result: SearchResult
  catalogue: Catalogue
  /** Parameters of this page's address, to build the addresses of others from. */
  parameters: URLSearchParams
  /** Why what was typed looks like a code but is none. */
  codeFault?: string | undefined
}

export function ResultsPage({ frame, query, filters, result, catalogue, parameters, codeFault }: Props) {
  const { hits, next, facets, total } = result
  return (
    <Layout frame={frame} title={query === '' ? '全部企业' : `“${query}”的查询结果`} query={query}>
      <h1>{inWords(query, filters, total, catalogue)}</h1>
      {hits.length === 0 ? (
        <NoHit codeFault={codeFault} />
      ) : (
        <div class="results">
          {facets && (
            <Facets facets={facets} catalogue={catalogue} parameters={parameters} filters={filters} />
          )}
          <div>
            <ol class="hits">
              {hits.map((hit) => (
                <Hit hit={hit} />
              ))}
            </ol>
            {next !== undefined && (
              <p>
                <a class="next" rel="next" href={address(parameters, { cursor: next })}>
                  下一页
                </a>
              </p>
            )}
          </div>
        </div>
      )}
    </Layout>
  )
}

function Hit({ hit }: { hit: SearchHit }) {
  const { document, matchedBy, name, highlights } = hit
  const [present = ''] = document.names
  const place = document.region === undefined ? undefined : region(document.region)?.path
  return (
    <li>
      <a class="hit-name" href={`/enterprises/${document.key}`}>
        {name === present ? marked(name, highlights) : present}
      </a>
      {name !== present && <p class="why">曾用名：{marked(name, highlights)}</p>}
      {matchedBy === 'pinyin' && <p class="why">按拼音找到</p>}
      {matchedBy === 'similar' && <p class="why">名称相近</p>}
      <p class="about">
        <Code value={document.uscc ?? document.key} />
        {place !== undefined && <span>{place}</span>}
        {document.listed && <span class="on-list">■ 在质量失信黑名单上</span>}
        {document.grade !== undefined && <span>质量信用等级 {document.grade}</span>}
        {document.legalForm !== undefined && <span>{document.legalForm}</span>}
        <span>
          <State word={document.status} />
        </span>
      </p>
    </li>
  )
}

function marked(name: string, spans: readonly (readonly [number, number])[]) {
  let at = 0
  const parts = spans.flatMap(([start, end]) => {
    const part = [name.slice(at, start), <mark>{name.slice(start, end)}</mark>]
    at = end
    return part
  })
  return [...parts, name.slice(at)]
}

function NoHit({ codeFault }: { codeFault: string | undefined }) {
  return (
    <div class="text">
      {codeFault !== undefined && <p class="fault">▲ {codeFault}</p>}
      <p>没有找到。可以试试：</p>
      <ul>
        <li>只输入名称中最特别的几个字，不写地名和“有限公司”；</li>
        <li>用全拼或拼音首字母，如 shijiazhuang、sjz；</li>
        <li>用营业执照上的 18 位统一社会信用代码；代码中没有字母 I、O、S、V、Z。</li>
      </ul>
      <p>未建档不表示企业不存在。</p>
    </div>
  )
}

interface FacetsProps {
  facets: NonNullable<SearchResult['facets']>
  catalogue: Catalogue
  parameters: URLSearchParams
  filters: SearchFilters
}

function Facets({ facets, catalogue, parameters, filters }: FacetsProps) {
  const groups = [
    {
      name: 'region',
      label: '地区',
      values: facets.region,
      word: (code: string) => region(code)?.path.replace(/^河北省/, '') ?? code,
    },
    { name: 'grade', label: '质量信用等级', values: facets.grade, word: (grade: string) => grade },
    {
      name: 'class',
      label: '分类监管类别',
      values: facets.class,
      word: (supervision: string) => supervision,
    },
    { name: 'status', label: '经营状态', values: facets.status, word: (status: string) => status },
    { name: 'legalForm', label: '企业类型', values: facets.legalForm, word: (form: string) => form },
    {
      name: 'kind',
      label: '有此类记录',
      values: facets.kinds,
      word: (type: string) => catalogue.kind(type)?.label ?? type,
    },
  ]
  const chosen = groups.filter(({ name }) => parameters.has(name))
  return (
    <details class="facets" open={chosen.length > 0 || Object.keys(filters).length > 0}>
      <summary>筛选</summary>
      {chosen.map(({ name, label, word }) => (
        <p>
          {label}：{word(parameters.get(name) ?? '')}{' '}
          <a href={address(parameters, { [name]: undefined })}>取消</a>
        </p>
      ))}
      {groups.map((group) => group.values.length > 0 && <FacetGroup {...group} parameters={parameters} />)}
    </details>
  )
}

interface FacetGroupProps {
  name: string
  label: string
  values: readonly Facet[]
  word(value: string): string
  parameters: URLSearchParams
}

const SHOWN_VALUES = 12

function FacetGroup({ name, label, values, word, parameters }: FacetGroupProps) {
  return (
    <section>
      <h2>{label}</h2>
      <ul>
        {values.slice(0, SHOWN_VALUES).map(({ value, count }) => (
          <li>
            <a href={address(parameters, { [name]: value })}>{word(value)}</a>{' '}
            <span class="number">{count.toLocaleString('en-US')}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Address of this search with something changed; a filter changed begins at the first page again. */
function address(parameters: URLSearchParams, changes: Readonly<Record<string, string | undefined>>): string {
  const next = new URLSearchParams(parameters)
  next.delete('cursor')
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) next.delete(name)
    else next.set(name, value)
  }
  return `/search?${next}`
}

function inWords(
  query: string,
  { region: place, legalForm, status, kinds = [], grade, ...rest }: SearchFilters,
  total: SearchResult['total'],
  catalogue: Catalogue,
): string {
  const parts = [
    query === '' ? '全部企业' : `“${query}”`,
    ...(place === undefined ? [] : [region(place)?.path ?? place]),
    ...(legalForm === undefined ? [] : [legalForm]),
    ...(status === undefined ? [] : [status]),
    ...(rest.listed ? ['在质量失信黑名单上'] : []),
    ...(grade === undefined ? [] : [`质量信用等级 ${grade}`]),
    ...(rest.class === undefined ? [] : [`分类监管类别 ${rest.class}`]),
    ...kinds.map((type) => `有${catalogue.kind(type)?.label ?? type}`),
  ]
  if (!total) return parts.join('，')
  const count = total.count.toLocaleString('en-US')
  return `${parts.join('，')}，${total.exact ? `共 ${count} 家` : `${count} 家以上`}`
}
