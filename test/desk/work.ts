import type { Test } from 'tap'
import { staffedBureau } from '../acts/everybody.ts'
import { licenceOf, penaltyOf, unifiedCode } from '../support.ts'

/** A bureau at work: a case, an upload, a campaign, doubts, objections and proposals of the county, one of each by its id. */
export async function bureauAtWork(t: Test) {
  const server = await staffedBureau(t)
  const { send, visitors, registry } = server
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
  const records = `/enterprises/${uscc}/records`
  await post('县录', `/enterprises/${uscc}/records/${penalty}/queries`, { text: '金额有误' })
  await post('县录', `/enterprises/${uscc}/objections`, {
    ...{ about: { kind: 'record', id: penalty }, on: '2026-11-20', grounds: '金额不符' },
  })
  await post('县录', records, {
    type: 'inspection',
    data: {
      ...{ kind: '市级监督抽查', inspectedOn: '2026-11-01', authority: '长安区局', product: '电线电缆' },
      ...{ outcome: '不合格', severity: '严重', rectificationDueOn: '2026-12-01' },
    },
  })
  await post('县录', records, licenceOf('XK-1', { authority: '长安区局' }))
  const put = async (act: string, id: string, input: object, who: '省管' | '县管', authority: string) => {
    const actor = { authority, officer: who, id: server.accounts.get(who) }
    const { proposal } = await registry.acts.carryOut(act, { id }, input, actor)
    t.ok(proposal, `${act} waits`)
  }
  await put('rename-authority', server.ids.get('省') ?? '', { name: '河北省局' }, '省管', '省局')
  await put('grant-duties', 'person-0', { roles: ['recorder', 'reviewer'] }, '县管', '长安区局')
  const own = {
    ...found,
    campaign: campaign.id,
    import: /imports\/(.+)/.exec(String(upload?.headers.location))?.[1] ?? '',
  }
  t.ok(
    Object.values(own).every((id) => typeof id === 'string' && id !== ''),
    JSON.stringify(own),
  )

  return { ...server, code: uscc.slice(8, 17), own }
}
