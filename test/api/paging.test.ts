import t, { type Test } from 'tap'
import type { Draft } from '../../src/register/entry.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'

const author = { authority: '河北省市场监督管理局', officer: '张三' }
const FIRMS = 4

/** Firms each with what every list shows one row for. */
async function filled(test: Test) {
  const server = await testServer(test)
  for (let i = 0; i < FIRMS; i += 1) {
    const uscc = unifiedCode(`PAGE000${i}`)
    const subject = uscc.slice(8, 17)
    const draft = (kind: string, payload: object): Draft => ({
      ...{ subject, kind, payload, author },
      visibility: 'public',
    })
    const added = (id: string, record: object) => draft('record.added', { id: `${subject}-${id}`, ...record })
    const inspection = {
      ...{ kind: '省级监督抽查', inspectedOn: '2026-10-01', authority: author.authority, outcome: '不合格' },
      ...{
        product: '电线',
        severity: '一般',
        area: '其他产品',
        sampleNo: `样${i}`,
        deliveredOn: '2026-10-20',
      },
    }
    const own = { case: `case-${subject}` }
    const repair = { from: '2027-11-24', how: '申请', conditions: [] }
    const listing = {
      ground: '情形',
      basis: '',
      until: '2029-11-24',
      publishBy: '2026-12-24',
      certain: true,
      repair,
    }
    const ruleSet = { id: 'order-44', version: 1 }
    await server.writer.append({
      command: `open/${i}`,
      drafts: [
        draft('enterprise.opened', { uscc, data: { name: `示例${i}公司`, region: '130102' } }),
        added(
          'l',
          licenceOf(`证${i}`, {
            status: '有效',
            product: '电线电缆',
            issuedOn: '2026-03-10',
            validTo: '2027-01-10',
          }),
        ),
        added('i', { type: 'inspection', data: inspection }),
        added('p', penaltyOf(`罚${i}`, { severity: '严重', hearingToldOn: '2026-08-01' })),
        draft('listing.proposed', {
          ...own,
          ruleSet,
          ground: 'x',
          penalties: [],
          facts: '',
          reasons: '',
          by: 'a',
        }),
        draft('listing.decided', {
          ...{
            ...own,
            listed: true,
            decisionNo: `${i}号`,
            decidedOn: '2026-11-24',
            reasons: '',
            measures: [],
          },
          ...{ listing, by: 'b' },
        }),
        draft('listing.published', { ...own, from: '2026-11-24', until: '2029-11-24' }),
      ],
    })
  }
  return server
}

/** Lists of the API that go on by what `next` gives, and the parameter that it is given back by. */
const LISTS: readonly (readonly [url: string, parameter: string])[] = [
  ['/api/v1/cases?', 'cursor'],
  ['/api/v1/deadlines?within=400&what=inspection&', 'cursor'],
  ['/api/v1/supervision/plan?from=2026-01-01&to=2026-12-31&', 'cursor'],
  ['/api/v1/supervision/follow-ups?', 'cursor'],
  ['/api/v1/supervision/renewals?', 'cursor'],
  ['/api/v1/blacklist?', 'cursor'],
  ['/api/v1/enterprises?q=%E5%85%AC%E5%8F%B8&', 'cursor'],
]

t.test('a list names a next page only where there is one: with a row fewer, as many, one more', async (t) => {
  const { app, authorization } = await filled(t)
  const headers = await authorization([
    'records:read',
    'records:write',
    'listings:write',
    'supervision:write',
  ])
  const page = async (url: string) => {
    const answer = await app.inject({ url, headers })
    t.equal(answer.statusCode, 200, `${url} ${answer.body.slice(0, 300)}`)
    const { items, next }: { items: object[]; next: string | number | null } = answer.json()
    return { items, next }
  }
  for (const [url, parameter] of LISTS) {
    const all = await page(`${url}limit=100`)
    const count = all.items.length
    t.ok(count >= 2, `${url} has rows`)
    t.equal(all.next, null, url)
    for (const limit of [count - 1, count, count + 1]) {
      const first = await page(`${url}limit=${limit}`)
      t.same(first.items, all.items.slice(0, limit), `${url}limit=${limit}`)
      if (limit >= count) t.equal(first.next, null, `${url}limit=${limit}: nothing follows`)
      else {
        t.not(first.next, null, `${url}limit=${limit}`)
        const rest = await page(`${url}limit=${limit}&${parameter}=${encodeURIComponent(String(first.next))}`)
        t.same(rest.items, all.items.slice(limit), 'what is left')
        t.equal(rest.next, null)
      }
    }
  }
})

const REPORTS = ['coverage', 'pass-rates', 'quality-bulletin', 'indicators'] as const

t.test('a report is the same while nothing but the time of its making differs', async (t) => {
  const { app, clock, writer } = await filled(t)
  for (const name of REPORTS) {
    const url = `/api/v1/reports/${name}`
    clock.set('2026-11-24T02:00:00.000Z')
    const first = await app.inject(url)
    t.equal(first.statusCode, 200, `${url} ${first.body.slice(0, 200)}`)
    const headers = { 'if-none-match': String(first.headers.etag) }
    clock.set('2026-11-24T02:30:00.000Z')
    t.equal((await app.inject({ url, headers })).statusCode, 304, url)
    const opened = { data: { name: '示例公司', region: '130102' } }
    await writer.append({
      command: name,
      drafts: [
        {
          ...{ subject: `PAGE9${name.slice(0, 4)}`, kind: 'enterprise.opened', payload: opened, author },
          visibility: 'public',
        },
      ],
    })
    t.equal((await app.inject({ url, headers })).statusCode, 200, `${url} at another position`)
  }
})
