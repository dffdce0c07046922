import t, { type Test } from 'tap'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'
import { officer, Visitor } from './visitor.ts'

/** The queue reminds each authority of the bulletin of a quarter that is over, from the day after its end. */

const BUREAUS = { 省: '河北省局', 市: '唐山市局' } as const

/** A listing of each bureau within the first quarter of 2026, and somebody of each who looks at the queue. */
async function bureaus(t: Test, bulletinEvery?: 'off') {
  const server = await testServer(t, { ...(bulletinEvery && { bulletinEvery }) })
  const keys = new Map<string, string>()
  server.clock.set('2026-03-20T02:00:00.000Z')
  for (const [n, [place, authority]] of Object.entries(BUREAUS).entries()) {
    const region = place === '市' ? '130200' : undefined
    await officer(server, { login: `clerk${n}`, authority, region, roles: ['recorder'], name: `经办${n}` })
    for (const who of ['甲', '乙']) {
      const { text } = await server.registry.keys.create(
        {
          name: `${place}${who}`,
          authority,
          scopes: ['records:write', 'records:read', 'listings:write', 'listings:decide'],
          actsFor: `${place}${who}`,
          ...(region !== undefined && { region }),
        },
        { authority: '测试', officer: '测试' },
      )
      keys.set(`${place}${who}`, text)
    }
  }
  const call = async (who: string, url: string, payload: object) => {
    const answer = await server.app.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      headers: { authorization: `Bearer ${keys.get(who)}` },
      payload,
    })
    if (answer.statusCode >= 300) throw new Error(answer.body)
    return answer.json()
  }
  const places = Object.keys(BUREAUS)
  const cases: string[] = []
  for (const [n, place] of places.entries()) {
    const uscc = unifiedCode(`REMND00${n}`)
    const code = uscc.slice(8, 17)
    const region = place === '市' ? '130202' : '130102'
    await call('省甲', '/enterprises', { uscc, enterprise: { name: `示例${n}公司`, region, status: '存续' } })
    const authority = BUREAUS[place === '市' ? '市' : '省']
    const punished = penaltyOf(`罚${n}号`, { decidedOn: '2026-02-02', severity: '严重', authority })
    const { id } = await call(`${place}甲`, `/enterprises/${code}/records`, punished)
    const proposal = {
      ruleSet: 'order-44',
      ground: 'unsafe-product',
      penalties: [id],
      facts: '事',
      reasons: '理',
    }
    const own = await call(`${place}甲`, `/enterprises/${code}/cases`, proposal)
    await call(`${place}甲`, `/cases/${own.id}/steps`, {
      step: 'notice',
      servedOn: '2026-03-20',
      way: '直接送达',
    })
    cases.push(own.id)
  }
  server.clock.set('2026-03-30T02:00:00.000Z')
  for (const [n, place] of places.entries()) {
    const step = (who: string, body: object) => call(who, `/cases/${cases[n]}/steps`, body)
    if (place === '市') await step('省甲', { step: 'consent', granted: true, reasons: '同意' })
    const decision = { listed: true, decisionNo: `${n}号`, decidedOn: '2026-03-30', reasons: '理' }
    await step(`${place}乙`, { step: 'decision', ...decision })
    await step(`${place}乙`, { step: 'publication' })
  }
  const signedIn = async (place: string) => {
    const visitor = new Visitor(server)
    await visitor.signIn(`clerk${places.indexOf(place)}`)
    return visitor
  }
  const reminders = async (place: string) => {
    const page = await signedIn(place).then((visitor) => visitor.get('/desk'))
    return Array.from(page.body.matchAll(/起草公告<\/a> ([^<]+)</g), ([, text = '']) => text)
  }
  const on = (day: string) => server.clock.set(`${day}T02:00:00.000Z`)
  return { server, call, reminders, on, signedIn }
}

t.test('two bureaus, each of its own bulletin', async (t) => {
  const { call, reminders, on, signedIn } = await bureaus(t)
  on('2026-03-31')
  t.same([await reminders('省'), await reminders('市')], [[], []], 'the last day of the quarter')
  on('2026-04-01')
  const first = ['2026-03-30 至 2026-03-31 的列入和移出，2026-04-15 前发布']
  t.same([await reminders('省'), await reminders('市')], [first, first], 'the day after')
  const form = await (await signedIn('省')).get('/desk/acts/draft-bulletin?from=2026-03-30&to=2026-03-31')
  for (const day of ['2026-03-30', '2026-03-31']) t.match(form.body, `value="${day}"`)
  const draft = await call('省甲', '/bulletins', { from: '2026-01-01', to: '2026-03-31' })
  t.same([await reminders('省'), await reminders('市')], [[], first], 'drafted, it waits for its approval')
  await call('省乙', `/bulletins/${draft.id}/approval`, {})
  on('2026-04-16')
  t.same([await reminders('省'), await reminders('市')], [[], first.map((text) => `${text}，已逾期`)])
  on('2026-07-01')
  t.same(await reminders('省'), ['2026-04-01 至 2026-06-30 的列入和移出，2026-07-14 前发布'])
  t.equal((await reminders('市')).length, 2, 'one that was missed stays')
})

t.test('where bulletins are not scheduled nobody is reminded', async (t) => {
  const { reminders, on } = await bureaus(t, 'off')
  on('2026-07-01')
  t.same([await reminders('省'), await reminders('市')], [[], []])
})
