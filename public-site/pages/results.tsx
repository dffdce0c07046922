import { industrySections } from '../../src/codes/industries.ts'
import { region } from '../../src/codes/regions.ts'
import type { Catalogue } from '../../src/records/catalogue.ts'
import type { Facet, SearchFilters, SearchOrder, SearchResult } from '../../src/search/engine.ts'
import { Link, type Say, useSay } from '../../src/ui/frame.tsx'
import { placeName } from '../../src/ui/values.tsx'
import { ORDER_WORDS, sectionName } from '../../src/ui/words.ts'
import { Hits } from '../components/hits.tsx'
import { grouped, Layout } from '../components/layout.tsx'

interface Props {
  query: string
  filters: SearchFilters
  order: SearchOrder | undefined
  result: SearchResult
  catalogue: Catalogue
  /** Parameters of this page's address, to build the addresses of others from. */
  parameters: URLSearchParams
  /** Why what was typed looks like a code but is none. */
  codeFault?: string | undefined
}

export function ResultsPage({ query, filters, order, result, catalogue, parameters, codeFault }: Props) {
  const { hits, next, facets } = result
  const say = useSay()
  return (
    <Layout
      title={
        query === ''
          ? say('全部企业', 'All enterprises')
          : say(`“${query}”的查询结果`, `Results for “${query}”`)
      }
      query={query}
      unlisted
    >
      <h1>{inWords(query, filters, result.total, catalogue, say)}</h1>
      {hits.length === 0 ? (
        <NoHit codeFault={codeFault} isFiltered={Object.keys(filters).length > 0} query={query} />
      ) : (
        <div class="results">
          {facets && (
            <Facets
              facets={facets}
              catalogue={catalogue}
              parameters={parameters}
              filters={filters}
              isPartial={result.total?.exact === false}
            />
          )}
          <div>
            {codeFault !== undefined && <p class="fault">{codeFault}</p>}
            <Orders order={order} parameters={parameters} isPartial={result.total?.exact === false} />
            <Hits hits={hits} />
            {next !== undefined && (
              <p>
                <Link class="next" rel="next" to={address(parameters, { cursor: next })}>
                  {say('下一页', 'Next page')}
                </Link>
              </p>
            )}
            <p class="hint">
              {say('下载全部结果：', 'Download all results: ')}
              <a href={`/search.csv?${withoutPage(parameters)}`} rel="nofollow">
                CSV
              </a>
              {say('、', ', ')}
              <a href={`/search.xlsx?${withoutPage(parameters)}`} rel="nofollow">
                XLSX
              </a>
            </p>
          </div>
        </div>
      )}
    </Layout>
  )
}

function Orders({
  order = '',
  parameters,
  isPartial,
}: {
  order: SearchOrder | '' | undefined
  parameters: URLSearchParams
  isPartial: boolean
}) {
  const say = useSay()
  const orders = Object.entries(ORDER_WORDS)
  return (
    <p class="orders">
      {say('排序：', 'Order: ')}
      {orders.map(([name, words]) =>
        name === order ? (
          <strong>{say(...words)}</strong>
        ) : (
          <Link to={address(parameters, { order: name === '' ? undefined : name })}>{say(...words)}</Link>
        ),
      )}
      {order !== '' && isPartial && (
        <span class="hint">
          {say('结果过多，只排其中最相关的。', 'Only the best of very many are put in order.')}
        </span>
      )}
    </p>
  )
}

function NoHit({
  codeFault,
  isFiltered,
  query,
}: {
  codeFault: string | undefined
  isFiltered: boolean
  query: string
}) {
  const say = useSay()
  return (
    <div class="text">
      {codeFault !== undefined && <p class="fault">{codeFault}</p>}
      <p>{say('没有找到。可以试试：', 'Nothing was found. You may try:')}</p>
      <ul>
        {isFiltered && (
          <li>
            <Link to={`/search?${new URLSearchParams({ q: query })}`}>
              {say('取消全部筛选条件', 'the same without filters')}
            </Link>
            {say('；', ';')}
          </li>
        )}
        <li>
          {say(
            '只输入名称中最特别的几个字，不写地名和“有限公司”；',
            'only the most distinctive characters of the name, without the place and 有限公司;',
          )}
        </li>
        <li>
          {say('用全拼或拼音首字母，如 ', 'pinyin or initials, such as ')}
          <Link to="/search?q=shijiazhuang">shijiazhuang</Link>
          {say('、', ', ')}
          <Link to="/search?q=sjz">sjz</Link>
          {say('；不确定的字可以不写；', '; leave out what you are unsure of;')}
        </li>
        <li>
          {say(
            '用营业执照上的 18 位统一社会信用代码。第 1-2 位为登记部门和类别，第 3-8 位为行政区划，第 9-17 位为组织机构代码，第 18 位为校验码；代码中没有字母 I、O、S、V、Z，容易与 1、0、5、2 混淆。',
            'the 18-character unified code of the business licence. It never holds the letters I, O, S, V, Z, which are easily taken for 1, 0, 5 and 2; its last character is a check character.',
          )}
        </li>
      </ul>
      <p>{say('未建档不表示企业不存在。', 'No file does not mean that the enterprise does not exist.')}</p>
    </div>
  )
}

interface FacetsProps {
  facets: NonNullable<SearchResult['facets']>
  catalogue: Catalogue
  parameters: URLSearchParams
  filters: SearchFilters
  isPartial: boolean
}

interface FacetGroup {
  name: string
  label: string
  values: readonly Facet[]
  word(value: string): string
}

function Facets({ facets, catalogue, parameters, filters, isPartial }: FacetsProps) {
  const say = useSay()
  const same = (value: string) => value
  const kindName = (type: string) => {
    const kind = catalogue.kind(type)
    return kind ? sectionName(kind, say) : type
  }
  const groups: FacetGroup[] = [
    {
      name: 'region',
      label: say('地区', 'Region'),
      values: byPlace(facets.region, filters.region),
      word: placeName,
    },
    { name: 'grade', label: say('质量信用等级', 'Grade'), values: facets.grade, word: same },
    {
      name: 'listed',
      label: say('黑名单', 'Blacklist'),
      values: facets.listed,
      word: () => say('在列', 'on the list'),
    },
    {
      name: 'industry',
      label: say('行业', 'Industry'),
      values: facets.industry,
      word: (section) => industrySections[section] ?? section,
    },
    { name: 'licence', label: say('持有许可', 'Licence held'), values: facets.licences, word: same },
    { name: 'class', label: say('分类监管类别', 'Class of supervision'), values: facets.class, word: same },
    { name: 'kind', label: say('有此类记录', 'With records of'), values: facets.kinds, word: kindName },
    { name: 'legalForm', label: say('企业类型', 'Legal form'), values: facets.legalForm, word: same },
    { name: 'status', label: say('经营状态', 'Status'), values: facets.status, word: same },
  ]
  const chosen = groups.filter(({ name }) => parameters.has(name) && parameters.get(name) !== '')
  return (
    <details class="facets" open={chosen.length > 0}>
      <summary>{say('筛选', 'Filter')}</summary>
      {chosen.map(({ name, label, word }) => (
        <p>
          {label}
          {say('：', ': ')}
          {word(parameters.get(name) ?? '')}{' '}
          <Link to={address(parameters, { [name]: undefined })}>{say('取消', 'remove')}</Link>
        </p>
      ))}
      {groups.map((group) =>
        group.values.length > 0 ? <FacetLinks {...group} parameters={parameters} /> : null,
      )}
      {isPartial && (
        <p class="hint">
          {say('结果过多，数目按最相关的部分统计。', 'Counted over the best of very many results.')}
        </p>
      )}
    </details>
  )
}

/** Counts by the regions directly below the chosen one: cities first, then the counties of a city. */
function byPlace(values: readonly Facet[], chosen: string | undefined): Facet[] {
  const digits = chosen === undefined || chosen.endsWith('0000') ? 4 : 6
  const counts = new Map<string, number>()
  for (const { value, count } of values) {
    const code = value.slice(0, digits).padEnd(6, '0')
    const known = region(code) ? code : value
    if (known !== chosen) counts.set(known, (counts.get(known) ?? 0) + count)
  }
  return Array.from(counts, ([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
}

const SHOWN_VALUES = 12

function FacetLinks({ name, label, values, word, parameters }: FacetGroup & { parameters: URLSearchParams }) {
  const say = useSay()
  const link = ({ value, count }: Facet) => (
    <li>
      <Link to={address(parameters, { [name]: value })} rel="nofollow">
        {word(value)}
      </Link>{' '}
      <span class="number">{grouped(count)}</span>
    </li>
  )
  return (
    <section>
      <h2>{label}</h2>
      <ul>{values.slice(0, SHOWN_VALUES).map(link)}</ul>
      {values.length > SHOWN_VALUES && (
        <details>
          <summary>
            {say(`其余 ${values.length - SHOWN_VALUES} 项`, `${values.length - SHOWN_VALUES} more`)}
          </summary>
          <ul>{values.slice(SHOWN_VALUES).map(link)}</ul>
        </details>
      )}
    </section>
  )
}

/** Address of this search with something changed; a filter changed begins at the first page again. */
function address(parameters: URLSearchParams, changes: Readonly<Record<string, string | undefined>>): string {
  const next = new URLSearchParams(withoutPage(parameters))
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) next.delete(name)
    else next.set(name, value)
  }
  return `/search?${next}`
}

function withoutPage(parameters: URLSearchParams): string {
  const next = new URLSearchParams(parameters)
  next.delete('cursor')
  return next.toString()
}

function inWords(
  query: string,
  { region: place, legalForm, status, kinds = [], grade, industry, licence, ...rest }: SearchFilters,
  total: SearchResult['total'],
  catalogue: Catalogue,
  say: Say,
): string {
  const parts = [
    query === '' ? say('全部企业', 'All enterprises') : say(`查询“${query}”`, `“${query}”`),
    ...(place === undefined ? [] : [placeName(place)]),
    ...(industry === undefined ? [] : [industrySections[industry] ?? industry]),
    ...(legalForm === undefined ? [] : [legalForm]),
    ...(status === undefined ? [] : [status]),
    ...(licence === undefined ? [] : [say(`持有${licence}`, `holding ${licence}`)]),
    ...(rest.listed ? [say('在质量失信黑名单上', 'on the blacklist')] : []),
    ...(grade === undefined ? [] : [say(`质量信用等级 ${grade}`, `grade ${grade}`)]),
    ...(rest.class === undefined ? [] : [say(`分类监管类别 ${rest.class}`, `class ${rest.class}`)]),
    ...kinds.map((type) => say(`有${catalogue.kind(type)?.label ?? type}`, `with ${type}`)),
  ]
  const text = parts.join(say('，', ', '))
  if (!total) return text
  const count = grouped(total.count)
  return total.exact
    ? say(`${text}，共 ${count} 家`, `${text}: ${count} found`)
    : say(`${text}，${count} 家以上`, `${text}: more than ${count}`)
}
