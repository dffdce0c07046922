import { setImmediate as othersTurn } from 'node:timers/promises'
import { z } from 'zod'
import { parseEnterpriseCode } from '../../src/codes/enterprise-code.ts'
import { industrySections } from '../../src/codes/industries.ts'
import { tidyCode } from '../../src/codes/typed.ts'
import type { TableRow } from '../../src/exchange/export.ts'
import { baseOf } from '../../src/http/address.ts'
import { addressRead } from '../../src/http/address-read.ts'
import type { App } from '../../src/http/app.ts'
import { problemOf } from '../../src/http/errors.ts'
import { filtersOf, searchParameters } from '../../src/http/search-parameters.ts'
import { sendLongTable } from '../../src/http/tables.ts'
import type { Registry } from '../../src/registry/registry.ts'
import type { SearchHit, SearchQuery, SearchResult } from '../../src/search/engine.ts'
import { FRESH, passing } from '../../src/ui/answers.tsx'
import { pathIn } from '../../src/ui/frame.tsx'
import { placeName } from '../../src/ui/values.tsx'
import { ResultsPage } from '../pages/results.tsx'
import type { Site, SiteParts } from '../site.tsx'

const HITS = 20
const SUGGESTIONS = 8
const EXPORTED_A_STEP = 500

type Parameters = z.output<typeof searchParameters>

/** The page of results; a known code leads straight to its file. */
export function searchPages({ app, registry, language, page }: Site): void {
  // Others are named on the page, as they had no effect.
  const schema = { hide: true, querystring: searchParameters.loose() }
  app.get('/search', { schema }, async (request, reply) => {
    const code = codeTyped(request.query.q)
    const file = code?.ok ? knownFile(registry, code.value.code) : undefined
    if (file !== undefined) return reply.redirect(pathIn(language, `/enterprises/${file}`), 303)
    const query = queryOf(request.query, registry, HITS)
    const { parameters, others } = addressRead(request)
    return page(request, reply, async ({ position }) => {
      const result = await registry.search(query)
      const isBehind = result.position < position
      const made = (
        <ResultsPage
          query={query.text}
          filters={query.filters}
          order={query.order}
          result={result}
          catalogue={registry.catalogue}
          parameters={parameters}
          unknown={others}
          codeFault={code && !code.ok ? code.fault.detail : undefined}
          isBehind={isBehind}
        />
      )
      return isBehind ? passing(made, result.position) : made
    })
  })
}

/** Suggestions while typing, and all results as a file. */
export function searchResources(app: App, { registry, settings }: SiteParts): void {
  app.get(
    '/suggest',
    { schema: { hide: true, querystring: z.object({ q: z.string().max(200).default('') }) } },
    async (request, reply) => {
      const text = request.query.q.trim()
      const { hits: found, position } =
        text === ''
          ? { hits: [], position: registry.position() }
          : await registry.search({ text, filters: {}, limit: SUGGESTIONS })
      const base = baseOf(settings)
      // The form that browsers' own search boxes ask for: what was typed, names, descriptions, addresses.
      const answer = [
        request.query.q,
        found.map(({ document }) => document.names[0]),
        found.map(describe),
        found.map(({ document }) => `${base}/enterprises/${document.key}`),
      ]
      return reply
        .type('application/x-suggestions+json; charset=utf-8')
        .headers({
          // What was made from an index that lags is kept by nobody.
          'cache-control': position < registry.position() ? 'no-store' : FRESH,
          'register-position': position,
        })
        .send(JSON.stringify(answer))
    },
  )

  const schema = { hide: true, querystring: searchParameters.strict() }
  for (const format of ['csv', 'xlsx'] as const)
    app.get(`/search.${format}`, { schema }, async (request, reply) => {
      const { cursor: _, ...query } = queryOf(request.query, registry, EXPORTED_A_STEP)
      // What is wrong with the query is answered before the file begins.
      const parts = rowsOf(registry, query, await registry.search(query))
      return sendLongTable(reply, { title: '查询结果', columns: COLUMNS, parts }, format)
    })
}

const COLUMNS = [
  { field: 'name', label: '企业名称' },
  { field: 'formerNames', label: '曾用名' },
  { field: 'uscc', label: '统一社会信用代码' },
  { field: 'orgCode', label: '档案编号' },
  { field: 'region', label: '行政区划' },
  { field: 'industry', label: '行业' },
  { field: 'legalForm', label: '企业类型' },
  { field: 'establishedOn', label: '成立日期' },
  { field: 'status', label: '经营状态' },
  { field: 'grade', label: '质量信用等级' },
  { field: 'class', label: '分类监管类别' },
  { field: 'listed', label: '质量失信黑名单' },
  { field: 'licences', label: '持有许可' },
]

/** Every hit of a search as rows, page after page to the end. */
async function* rowsOf(
  registry: Registry,
  query: SearchQuery,
  first: SearchResult,
): AsyncGenerator<TableRow[]> {
  for (let page = first; ; ) {
    yield page.hits.map(rowOf)
    if (page.next === undefined) return
    await othersTurn()
    page = await registry.search({ ...query, cursor: page.next })
  }
}

function rowOf({ document }: SearchHit): TableRow {
  const [name, ...formerNames] = document.names
  const { key: orgCode, uscc, region, industry, listed } = document
  return {
    ...document,
    ...{ name, formerNames, uscc, orgCode },
    region: region === undefined ? '' : placeName(region),
    industry: industry === undefined ? '' : `${industry} ${industrySections[industry]}`,
    listed: listed ? '在列' : '',
  }
}

function describe({ document, matchedBy, name }: SearchHit): string {
  return [
    document.region === undefined ? '' : placeName(document.region),
    document.grade === undefined ? '' : `等级 ${document.grade}`,
    document.listed ? '在质量失信黑名单上' : '',
    matchedBy === 'formerName' ? `曾用名：${name}` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

function queryOf(parameters: Parameters, registry: Registry, limit: number): SearchQuery {
  const { q, order, cursor } = parameters
  return {
    text: q.trim(),
    filters: filtersOf(parameters, registry),
    limit,
    ...(order !== undefined && order !== '' && { order }),
    ...(cursor !== undefined && cursor !== '' && { cursor }),
  }
}

/** What was typed as a code, if it looks like one: nine or more letters and digits with a digit among them. */
function codeTyped(query: string) {
  const tidy = tidyCode(query)
  return /^[0-9A-Z]{9,20}$/.test(tidy) && /\d{3}/.test(tidy) ? parseEnterpriseCode(tidy) : undefined
}

function knownFile(registry: Registry, code: string): string | undefined {
  try {
    return registry.files.headOf(code).key
  } catch (error) {
    if (problemOf(error)) return undefined
    throw error
  }
}
