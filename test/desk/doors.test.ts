import t from 'tap'
import { everyone, MACHINE, personNamed, staffedBureau } from '../acts/everybody.ts'
import { penaltyOf, unifiedCode } from '../support.ts'

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
  const server = await staffedBureau(t)
  const { app, send, visitors, registry } = server
  const uscc = unifiedCode('EACH0001')
  const post = async (who: Parameters<typeof send>[0], url: string, payload: object) => {
    const answer = await send(who, 'POST', url, payload)
    t.ok(answer.statusCode < 300, `${url}: ${answer.body.slice(0, 200)}`)
    return answer.json()
  }
  await post('县录', '/enterprises', { uscc, enterprise: { name: '示例甲公司', region: '130102' } })
  const county = {
    authority: '长安区局',
    severity: '严重',
    decidedOn: '2026-11-02',
    publishedOn: '2026-11-10',
  }
  const penalty = (await post('县录', `/enterprises/${uscc}/records`, penaltyOf('县罚1号', county))).id
  const other = (await post('县录', `/enterprises/${uscc}/records`, penaltyOf('县罚2号', county))).id
  const facts = { ruleSet: 'order-44', ground: 'unsafe-product', facts: '事实', reasons: '理由' }
  const made = await post('县录', `/enterprises/${uscc}/cases`, { ...facts, penalties: [penalty] })
  const withdrawal = await send('县录', 'POST', `/enterprises/${uscc}/records/${other}/withdrawal`, {
    reason: '误录',
  })
  const found = { case: made.id, proposal: withdrawal.json().id }
  await registry.acts.carryOut(
    'propose-shipped-standard',
    { id: 'four-grades' },
    {},
    { authority: '省局', officer: '甲', id: server.accounts.get('省审') },
  )
  await registry.acts.carryOut(
    'adopt-standard',
    { id: 'four-grades' },
    {},
    { authority: '省局', officer: '乙', id: server.accounts.get('省审二') },
  )
  const campaign = await post('县录二', '/campaigns', {
    standard: { id: 'four-grades' },
    scope: { region: '130102' },
  })
  await registry.campaigns.settled()
  const upload = await visitors
    .get('县录')
    ?.visitor.upload(
      '/desk/imports',
      '/desk/imports',
      { type: 'enterprise' },
      'a.csv',
      `企业名称,统一社会信用代码,区划\n示例二公司,${unifiedCode('EACH0002')},130102\n`,
    )
  const own = {
    ...found,
    campaign: campaign.id,
    import: /imports\/(.+)/.exec(String(upload?.headers.location))?.[1] ?? '',
  }
  t.ok(
    Object.values(own).every((id) => typeof id === 'string' && id !== ''),
    JSON.stringify(own),
  )

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
