import t from 'tap'
import { everyone, MACHINE, personNamed } from '../acts/everybody.ts'
import { bureauAtWork } from './work.ts'

/** Who may see what: the API and the desk answer each person alike, list by list and thing by thing. */

/** What an address of the API shows, and where the desk shows it; `:id` stands for a thing of the county. */
const PAIRS = [
  ['/proposals', '/desk/proposals'],
  ['/proposals/:proposal', '/desk/proposals/:proposal'],
  ['/cases', '/desk/cases'],
  ['/cases/candidates', '/desk/cases/candidates'],
  ['/cases/:case', '/desk/cases/:case'],
  ['/imports', '/desk/imports'],
  ['/imports/:import', '/desk/imports/:import'],
  ['/imports/:import/rows', '/desk/imports/:import/rows'],
  ['/imports/:import/errors.csv', '/desk/imports/:import/errors.csv'],
  ['/imports/:import/preview', '/desk/imports/:import'],
  ['/imports/waiting', '/desk/imports/waiting'],
  ['/campaigns', '/desk/campaigns'],
  ['/campaigns/:campaign', '/desk/campaigns/:campaign'],
  ['/campaigns/:campaign/drafts', '/desk/campaigns/:campaign'],
  ['/officers', '/desk/officers'],
  ['/keys', '/desk/keys'],
  ['/supervision/plan?from=2026-11-01&to=2027-03-01', '/desk/supervision'],
  ['/supervision/follow-ups', '/desk/supervision/follow-ups'],
  ['/supervision/renewals', '/desk/supervision/renewals'],
  ['/reports/roster', '/desk/reports/roster'],
  ['/reports/timeliness', '/desk/reports/timeliness'],
  ['/reports/late-transfers', '/desk/reports/late-transfers'],
  ['/deadlines', '/desk'],
  ['/entries', '/desk/audit'],
] as const

/** What only machines ask for, or anybody sees something of, or that stands on a page of several things. */
const ELSEWHERE = /^\/(enterprises\/|events$|exchange\/|consumers|imports\/templates$)/

t.test('each person is answered alike by both doors', async (t) => {
  const { app, send, visitors, own } = await bureauAtWork(t)
  const { paths } = (await app.inject('/openapi.json')).json()
  const named = new Set(PAIRS.map(([api]) => api.replaceAll(/:\w+/g, '{id}').replace(/\?.*/, '')))
  for (const [path, { get }] of Object.entries<{ get?: { security?: object[] } }>(paths)) {
    const short = path.replace('/api/v1', '')
    if (get?.security?.some((one) => 'key' in one) && !ELSEWHERE.test(short))
      t.ok(named.has(short), `${short} stands in the table`)
  }
  const filled = (path: string) => path.replaceAll(/:(\w+)/g, (_, what: keyof typeof own) => own[what])
  const seen = new Map<string, number>()
  for (const who of everyone) {
    if (who === MACHINE || who === '停用') continue
    for (const [api, desk] of PAIRS) {
      const [one, two] = [
        await send(who, 'GET', filled(api)),
        await visitors.get(who)?.visitor.get(filled(desk)),
      ]
      // Who has no queue is led to what they have.
      const shown = two?.statusCode === 303 ? 403 : two?.statusCode
      t.equal(one.statusCode, shown, `${who} (${personNamed[who].roles}): ${api} and ${desk}`)
      if (one.statusCode === 200) seen.set(api, (seen.get(api) ?? 0) + 1)
    }
  }
  for (const [api] of PAIRS) t.ok((seen.get(api) ?? 0) > 0, `${api} is shown to somebody`)
  for (const thing of ['/cases/:case', '/imports/:import', '/proposals/:proposal']) {
    const api = filled(thing)
    for (const who of ['县录', '县审', '县发', '监察', '市审', '省审'] as const)
      t.equal((await send(who, 'GET', api)).statusCode, 200, `${who} sees ${thing}`)
    for (const who of ['邻审', '外审', '县管'] as const)
      t.equal((await send(who, 'GET', api)).statusCode, 403, `${who} does not see ${thing}`)
  }
})
