import { text } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { editions, formColumns, formNames, formOf, violators } from '../../src/exchange/double-publicity.ts'
import { csvStream, type TableColumn, type TableRow } from '../../src/exchange/export.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'

/** What is decided in words that a spreadsheet would run, or take for a number. */
const DECIDED = ['@SUM(1)', '-35号柴油', '+1', '=1+1', '\t=1', "'原文"]

async function* once(rows: readonly TableRow[]) {
  yield rows
}

const cells = async (
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
  reader: 'person' | 'program',
) => parse(await text(csvStream({ title: '表', columns, parts: once(rows) }, reader)), { bom: true }).slice(1)

t.test(
  'each column of each table says what was decided to a program, and runs nothing for a person',
  async (t) => {
    const forms = [
      violators,
      ...editions.flatMap((edition) => formNames.map((name) => formOf(name, edition))),
    ]
    t.equal(forms.length, 5)
    for (const form of forms) {
      const columns = formColumns(form)
      for (const { field, label } of columns)
        for (const said of DECIDED) {
          const own = columns.findIndex((column) => column.field === field)
          const [program] = await cells(columns, [{ [field]: said }], 'program')
          t.equal(program?.[own], said, `${form.title} ${label}`)
          const [person] = await cells(columns, [{ [field]: said }], 'person')
          t.equal(person?.[own], said.startsWith("'") ? said : `'${said}`, `${form.title} ${label}`)
        }
    }
  },
)

t.test('a route says who takes its table', async (t) => {
  const server = await testServer(t)
  const uscc = unifiedCode('EXPT0001')
  const author = { authority: '省局', officer: '张三' }
  const add = (kind: string, payload: object, n: number) =>
    server.writer.append({
      drafts: [{ subject: uscc.slice(8, 17), kind, payload, visibility: 'platform', author }],
      command: `t/${n}`,
    })
  await add('enterprise.opened', { uscc, data: { name: '@示例公司', region: '130102', status: '存续' } }, 1)
  await add('record.added', { id: 'p', ...penaltyOf('1号', { penaltyBasis: '@SUM(1)' }) }, 2)
  await add('record.added', { id: 'l', ...licenceOf('1号', { scope: '-35号柴油' }) }, 3)
  const headers = await server.authorization(['platform:read'])
  const asked = async (url: string) => (await server.app.inject({ url, headers })).body
  const period = 'from=2000-01-01&to=2026-12-31'
  const penalties = await asked(`/api/v1/exchange/penalties?format=csv&${period}`)
  t.match(penalties, /,@SUM\(1\),/)
  t.match(penalties, /@示例公司/)
  t.notMatch(penalties, /'@/)
  const { items } = JSON.parse(await asked(`/api/v1/exchange/penalties?${period}`))
  t.match(JSON.stringify(items), /"@SUM\(1\)"/, 'JSON, XML and CSV alike')
  t.match(await asked(`/api/v1/exchange/penalties?format=xml&${period}`), />@SUM\(1\)</)
  t.match(
    await asked(`/search.csv?q=${encodeURIComponent('示例')}`),
    /'@示例公司/,
    'people open it in a spreadsheet',
  )
})
