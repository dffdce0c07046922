import { industrySections } from '../../src/codes/industries.ts'
import { region } from '../../src/codes/regions.ts'
import type { Catalogue } from '../../src/records/catalogue.ts'
import {
  type Dimension,
  type DimensionName,
  dimensionNames,
  dimensions,
  type Facet,
  type Facets as FacetCounts,
  type SearchFilters,
} from '../../src/search/dimensions.ts'
import type { SearchResult } from '../../src/search/engine.ts'
import type { SearchOrder } from '../../src/search/order.ts'
import { Code } from '../../src/ui/code.tsx'
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
  /** Other parameters of the address, which mean nothing here: mistyped ones, and those that others put behind every address. */
  unknown: readonly string[]
  /** Why what was typed looks like a code but is none. */
  codeFault?: string | undefined
  /** Whether the index does not yet have all that the files show. */
  isBehind?: boolean
}

export function ResultsPage(props: Props) {
  const { query, filters, order, result, catalogue, parameters, unknown, codeFault } = props
  const { hits, next, facets, total, meant = [], former = [] } = result
  const say = useSay()
  const words = filterWords(catalogue, say)
  const isBound = total?.exact === false
  const firstSimilar = total?.of === 'asked' ? hits.findIndex(({ matchedBy }) => matchedBy === 'similar') : -1
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
      <h1>{inWords(query, filters, total, words, say)}</h1>
      {unknown.length > 0 && <Unknown names={unknown} parameters={parameters} />}
      {props.isBehind && (
        <p class="hint" role="note">
          {say(
            `检索所反映的登记截至序号 ${result.position}，其后的登记正在编入；按统一社会信用代码直接打开的档案总是最新的。`,
            `The search shows the register up to entry ${result.position}; later entries are being added. A file opened by its code is always up to date.`,
          )}
        </p>
      )}
      {former.map(({ typed, now }) => (
        <p class="hint" role="note">
          {say(
            `“${typed}”是原来的地名，现为${now.map(({ path }) => path).join('、')}；写新地名的企业也一并查找。`,
            `“${typed}” is a former place, now ${now.map(({ path }) => path).join(', ')}; enterprises named by it are looked for as well.`,
          )}
        </p>
      ))}
      {hits.length === 0 ? (
        <NoHit
          codeFault={codeFault}
          meant={meant}
          isFiltered={Object.keys(filters).length > 0}
          query={query}
        />
      ) : (
        <div class="results">
          {facets && (
            <Facets
              facets={facets}
              words={words}
              parameters={parameters}
              filters={filters}
              isBound={isBound}
            />
          )}
          <div>
            {codeFault !== undefined && <p class="fault">{codeFault}</p>}
            <Orders order={order} parameters={parameters} />
            <Hits hits={firstSimilar < 0 ? hits : hits.slice(0, firstSimilar)} />
            {firstSimilar >= 0 && (
              <>
                <h2>
                  {say(
                    `另有名称相近的 ${grouped(total?.similar ?? 0)} 家，不一定是您要查的`,
                    `${grouped(total?.similar ?? 0)} more with similar names, which may be others`,
                  )}
                </h2>
                <Hits hits={hits.slice(firstSimilar)} />
              </>
            )}
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

/** What of the address had no effect, so that nobody takes a search for a narrower one. */
function Unknown({ names, parameters }: { names: readonly string[]; parameters: URLSearchParams }) {
  const say = useSay()
  const known = [...Object.values(dimensions).map(({ parameter }) => parameter), 'order'].join('、')
  const given = names.slice(0, 5).join('、')
  return (
    <p class="fault" role="note">
      {say(
        `网址中的“${given}”不是查询条件，没有起作用；可用的有 q、${known}。`,
        `“${given}” in the address is no condition and had no effect; there are q, ${known}.`,
      )}{' '}
      <Link to={address(parameters, {})}>{say('去掉', 'remove')}</Link>
    </p>
  )
}

function Orders({
  order = '',
  parameters,
}: {
  order: SearchOrder | '' | undefined
  parameters: URLSearchParams
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
    </p>
  )
}

interface NoHitProps {
  codeFault: string | undefined
  meant: NonNullable<SearchResult['meant']>
  isFiltered: boolean
  query: string
}

function NoHit({ codeFault, meant, isFiltered, query }: NoHitProps) {
  const say = useSay()
  return (
    <div class="text">
      {codeFault !== undefined && <p class="fault">{codeFault}</p>}
      {meant.length > 0 && (
        <>
          <p>{say('您是否要查：', 'Did you mean:')}</p>
          <ul>
            {meant.map(({ key, uscc, names: [name] }) => (
              <li>
                <Link to={`/enterprises/${key}`}>{name}</Link> <Code value={uscc ?? key} />
              </li>
            ))}
          </ul>
        </>
      )}
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

/** What the values of each dimension are called. */
type FilterWords = Readonly<Record<DimensionName, (value: string) => string>>

function filterWords(catalogue: Catalogue, say: Say): FilterWords {
  const same = (value: string) => value
  return {
    region: placeName,
    grade: same,
    listed: () => say('在列', 'on the list'),
    industry: (section) => industrySections[section] ?? section,
    licences: same,
    class: same,
    kinds: (type) => {
      const kind = catalogue.kind(type)
      return kind ? sectionName(kind, say) : type
    },
    legalForm: same,
    status: same,
  }
}

interface FacetsProps {
  facets: FacetCounts
  words: FilterWords
  parameters: URLSearchParams
  filters: SearchFilters
  isBound: boolean
}

function Facets({ facets, words, parameters, filters, isBound }: FacetsProps) {
  const say = useSay()
  const chosen = dimensionNames.filter((name) => (filters[name] ?? []).length > 0)
  return (
    <details class="facets" open={chosen.length > 0}>
      <summary>{say('筛选', 'Filter')}</summary>
      {chosen.map((name) => (
        <p>
          {say(...dimensions[name].label)}
          {say('：', ': ')}
          {(filters[name] ?? []).map(words[name]).join(say('、', ', '))}{' '}
          <Link to={address(parameters, { [dimensions[name].parameter]: undefined })}>
            {say('取消', 'remove')}
          </Link>
        </p>
      ))}
      {dimensionNames.map((name) => {
        const values = name === 'region' ? byPlace(facets.region, filters.region?.[0]) : facets[name]
        return values.length === 0 ? null : (
          <FacetLinks
            dimension={dimensions[name]}
            values={values}
            word={words[name]}
            parameters={parameters}
          />
        )
      })}
      {isBound && (
        <p class="hint">
          {say('结果过多，数目为上限。', 'There are very many results; the numbers are upper bounds.')}
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

interface FacetLinksProps {
  dimension: Dimension
  values: readonly Facet[]
  word(value: string): string
  parameters: URLSearchParams
}

function FacetLinks({ dimension: { parameter, label }, values, word, parameters }: FacetLinksProps) {
  const say = useSay()
  const link = ({ value, count }: Facet) => (
    <li>
      <Link to={address(parameters, { [parameter]: value })} rel="nofollow">
        {word(value)}
      </Link>{' '}
      <span class="number">{grouped(count)}</span>
    </li>
  )
  return (
    <section>
      <h2>{say(...label)}</h2>
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

/** What was asked for and how many answer, in a sentence. */
function inWords(
  query: string,
  filters: SearchFilters,
  total: SearchResult['total'],
  words: FilterWords,
  say: Say,
): string {
  const of: Readonly<Record<DimensionName, (value: string) => string>> = {
    ...words,
    listed: () => say('在质量失信黑名单上', 'on the blacklist'),
    grade: (value) => say(`质量信用等级 ${value}`, `grade ${value}`),
    class: (value) => say(`分类监管类别 ${value}`, `class ${value}`),
    licences: (value) => say(`持有${value}`, `holding ${value}`),
    kinds: (value) => say(`有${words.kinds(value)}`, `with ${words.kinds(value)}`),
  }
  const parts = [
    query === '' ? say('全部企业', 'All enterprises') : say(`查询“${query}”`, `“${query}”`),
    ...dimensionNames.flatMap((name) => (filters[name] ?? []).map(of[name])),
  ]
  const text = parts.join(say('，', ', '))
  if (!total) return text
  const count = grouped(total.count)
  if (total.of === 'similar')
    return say(
      `${text}，没有这样的企业，名称相近的 ${count} 家`,
      `${text}: none, but ${count} with similar names`,
    )
  return total.exact
    ? say(`${text}，共 ${count} 家`, `${text}: ${count} found`)
    : say(`${text}，至多 ${count} 家`, `${text}: at most ${count}`)
}
