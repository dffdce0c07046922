import t from 'tap'
import { z } from 'zod'
import { shanghaiDate } from '../../src/calendar/dates.ts'
import { licenceOf, testServer, unifiedCode } from '../support.ts'

/** How a file and its entries are numbered for officers of authorities that don't see all of it. */

const USCC = unifiedCode('NUMB0001')
const KEY = USCC.slice(8, 17)
const FILE = `/api/v1/enterprises/${KEY}`
const entries = z.object({
  items: z.array(
    z.object({ seq: z.int(), revision: z.int(), kind: z.string(), digest: z.string().optional() }),
  ),
  next: z.int().nullable(),
})

t.test('who does not see all goes by numbers that no hidden entry moves, and writes by them', async (t) => {
  const { app, authorization, writer, clock } = await testServer(t)
  clock.set('2026-11-24T02:00:00.000Z')
  const county = await authorization(['records:read', 'records:write'], '130102')
  const province = await authorization(['records:read'])
  const ask = (headers: Record<string, string>, url = FILE) => app.inject({ url, headers })
  const opened = await app.inject({
    method: 'POST',
    url: '/api/v1/enterprises',
    headers: county,
    payload: { uscc: USCC, enterprise: { name: '示例电缆有限公司', region: '130102', status: '存续' } },
  })
  t.equal(opened.statusCode, 201)
  const added = await app.inject({
    method: 'POST',
    url: `${FILE}/records`,
    headers: county,
    payload: licenceOf('XK-1'),
  })
  t.equal(added.statusCode, 201)

  const hide = async (n: number) => {
    const author = { authority: '石家庄市市场监督管理局', officer: '张三' }
    const payload = {
      ...{ case: `case${n}`, ruleSet: { id: 'order-44', version: 1 }, ground: 'unsafe-product' },
      ...{ penalties: [], facts: '事实', reasons: '理由', by: 'officer/zhangsan' },
    }
    const draft = { subject: KEY, kind: 'listing.proposed', payload, visibility: 'internal' as const, author }
    await writer.append({ drafts: [draft], command: `hidden/${n}` })
  }
  const before = await ask(county)
  const { etag = '' } = before.headers
  const ofAll = await ask(province)
  t.equal(etag, added.headers.etag)
  const today = shanghaiDate(clock.now())
  t.equal(etag, `"${before.json().position}-${today}"`, 'the position of what they saw last, and the day')
  t.equal(before.json().revision, before.json().position)
  t.match(
    ofAll.json(),
    { revision: 2, history: [{ revision: 1 }, { revision: 2 }] },
    'a count for who sees all',
  )
  await hide(1)
  await hide(2)
  const after = await ask(county)
  t.same([after.headers.etag, after.json()], [etag, before.json()])
  t.equal((await ask({ ...county, 'if-none-match': String(etag) })).statusCode, 304)
  t.equal((await ask({ ...province, 'if-none-match': String(ofAll.headers.etag) })).statusCode, 200)
  t.match((await ask(province)).json(), { revision: 4, listings: [{ id: 'case1' }, { id: 'case2' }] })

  // Of a firm with a case two persons change what anyone reads; who represents it is not that.
  const change = (seen: unknown, legalRepresentative: string) =>
    app.inject({
      method: 'PATCH',
      url: FILE,
      headers: { ...county, 'if-match': String(seen) },
      payload: { enterprise: { legalRepresentative } },
    })
  const changed = await change(etag, '张三')
  t.equal(changed.statusCode, 200, 'what they don’t see is no change to them')
  await hide(3)
  t.equal(changed.json().revision, changed.json().position)
  t.equal(changed.headers.etag, `"${changed.json().revision}-${today}"`)
  const late = await change(etag, '李四')
  t.match(late, { statusCode: 412, headers: { 'content-type': /json/ } })
  t.match(late.json(), {
    revision: changed.json().revision,
    file: { revision: changed.json().revision },
  })
  t.equal((await change(changed.headers.etag, '李四')).statusCode, 200)
  t.equal((await change('*', '王五')).statusCode, 200)

  const page = async (headers: Record<string, string>, query: string) =>
    entries.parse((await ask(headers, `${FILE}/entries?${query}`)).json())
  const whole = await page(county, 'limit=100')
  t.ok(whole.items.every(({ seq, revision, digest }) => seq === revision && digest === undefined))
  t.notOk(whole.items.some(({ kind }) => kind.startsWith('listing.')))
  const found: unknown[] = []
  for (let next: number | null = 0; next !== null; ) {
    const { items, next: then }: z.output<typeof entries> = await page(county, `limit=1&after=${next}`)
    found.push(...items)
    next = then
  }
  t.same(found, whole.items, 'page by page')
  const told = await page(province, 'limit=100')
  t.same(
    told.items.map(({ revision }) => revision),
    told.items.map((_, i) => i + 1),
  )
  t.ok(told.items.every(({ digest }) => digest !== undefined))
  t.equal((await ask(county, `${FILE}/entries?after=${whole.items.at(-1)?.seq}`)).json().items.length, 0)
  t.equal((await ask(county, `${FILE}/entries?after=100000`)).statusCode, 409)
  t.equal((await ask(province, `${FILE}/entries?after=100000`)).statusCode, 409)
})
