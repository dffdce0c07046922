import t, { type Test } from 'tap'
import { MOST_TAKEN_BACK_ALONE } from '../../src/acts/withdraw-import.ts'
import { signedIn } from '../desk/visitor.ts'
import { unifiedCode } from '../support.ts'
import { bureau, uscc } from './bureau.ts'

/** An upload belongs to the authority of whoever sent it: its people go on with each other's, each under their own name. */

/** Who comes upon an upload of 县甲: what they see of it, whether they go on with it, whether they take the import back. */
const comers = {
  sender: { authority: '长安区局', sees: true, goesOn: true, takesBack: true },
  colleague: { authority: '长安区局', sees: true, goesOn: true, takesBack: true },
  city: { authority: '石家庄市局', sees: true, goesOn: false, takesBack: true },
  province: { authority: '省局', sees: true, goesOn: false, takesBack: true },
  bound: { authority: '石家庄市局', region: '130104', sees: false, goesOn: false, takesBack: false },
  neighbour: { authority: '桥西区局', sees: false, goesOn: false, takesBack: false },
  elsewhere: { authority: '唐山市局', sees: false, goesOn: false, takesBack: false },
} as const
type Comer = keyof typeof comers
const everyone = Object.keys(comers) as Comer[]
const table = (n: number) =>
  `企业名称,统一社会信用代码,区划\n示例${n}公司,${unifiedCode(`HARE000${n}`)},130102\n`

async function office(t: Test) {
  const server = await bureau(t)
  const { app, registry, author } = server
  const headers = new Map<Comer, { authorization: string }>()
  const visitors = new Map<Comer, Awaited<ReturnType<typeof signedIn>>>()
  for (const who of everyone) {
    const { authority, ...more } = comers[who]
    const region = 'region' in more ? more.region : undefined
    visitors.set(
      who,
      await signedIn(server, {
        login: `import-${who.toLowerCase()}`,
        name: who,
        authority,
        region,
        roles: ['recorder'],
      }),
    )
    const { text } = await registry.keys.create(
      { name: who, authority, region, scopes: ['records:write'] },
      author,
    )
    headers.set(who, { authorization: `Bearer ${text}` })
  }
  const visitorOf = (who: Comer) => {
    const visitor = visitors.get(who)
    if (!visitor) throw new Error(who)
    return visitor
  }
  const send = (who: Comer, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
    app.inject({
      ...{ method, url: `/api/v1/imports${url}`, headers: headers.get(who) ?? {} },
      ...(payload && { payload }),
    })
  const upload = async (who: Comer, text: string) => {
    const answer = await visitorOf(who).upload(
      '/desk/imports',
      '/desk/imports',
      { type: 'enterprise' },
      'a.csv',
      text,
    )
    const [, id = ''] = /\/desk\/imports\/(.+)/.exec(String(answer.headers.location)) ?? []
    return id
  }
  return { ...server, send, upload, visitorOf }
}

t.test('an upload is seen, gone on with and taken back by whose it is, by API and desk', async (t) => {
  const { send, upload, visitorOf, registry, runImports } = await office(t)
  let n = 0
  for (const who of everyone) {
    n += 1
    const { sees, goesOn, takesBack } = comers[who]
    const id = await upload('sender', table(n))
    const visitor = visitorOf(who)
    const listed = (await send(who, 'GET', '?status=preview')).json()
    t.equal(
      listed.items.some((job: { id: string }) => job.id === id),
      sees,
      `${who} is shown it in the list`,
    )
    t.equal((await visitor.get('/desk/imports?whose=')).body.includes(id), sees, `${who} at the desk`)
    t.equal((await send(who, 'GET', `/${id}`)).statusCode, sees ? 200 : 403, `${who} looks`)
    const page = await visitor.get(`/desk/imports/${id}`)
    t.equal(page.statusCode, sees ? 200 : 403, `${who} looks at the desk`)
    t.equal(page.body.includes(`action="/desk/imports/${id}/start"`), goesOn, `${who} is offered it`)
    t.equal((await send(who, 'GET', `/${id}/rows`)).statusCode, sees ? 200 : 403)
    t.equal((await send(who, 'GET', `/${id}/preview`)).statusCode, sees ? 200 : 403)
    const may = goesOn ? 200 : 403
    t.equal(
      (await send(who, 'PATCH', `/${id}`, { constants: {} })).statusCode,
      may,
      `${who} says what it means`,
    )
    for (const what of ['mending', 'discard', 'template', 'start'])
      if (!goesOn)
        t.equal((await visitor.fill(`/desk/imports`, {}, `/desk/imports/${id}/${what}`)).statusCode, 403)
    if (!goesOn) t.equal((await send(who, 'DELETE', `/${id}`)).statusCode, 403)
    t.equal((await send(who, 'POST', `/${id}/start`)).statusCode, goesOn ? 202 : 403, `${who} begins it`)
    if (!goesOn) await send('sender', 'POST', `/${id}/start`)
    await runImports()
    const file = registry.files.byCode(unifiedCode(`HARE000${n}`))
    t.match(file.enterprise, { name: `示例${n}公司` })
    const back = await send(who, 'POST', `/${id}/withdrawal`, { reason: '误传' })
    t.equal(back.statusCode, takesBack ? 202 : 403, `${who} takes it back: ${back.body}`)
    t.equal(
      (await visitor.get(`/desk/acts/withdraw-import?id=${id}`)).statusCode,
      sees ? 200 : 403,
      `${who} asks to take it back at the desk`,
    )
    await runImports()
  }
})

const HEAD =
  '企业名称,统一社会信用代码,行政处罚决定书文号,处罚程序,违法行为类型,处罚种类,处罚内容,罚款金额,处罚决定日期,处罚机关,公示日期,违法程度'
const penaltyRow = (n: number) =>
  `示例公司,${uscc},长罚${n}号,普通程序,生产不符合国家标准的产品,罚款,罚款。,1000,2026-11-02,长安区局,2026-11-10,严重`

t.test(
  'who confirms that an import is taken back sees what goes, row by row, stretch by stretch',
  async (t) => {
    const server = await office(t)
    const { send, registry, runImports } = server
    const rows = 40
    const id = await (async () => {
      const answer = await server
        .visitorOf('sender')
        .upload(
          '/desk/imports',
          '/desk/imports',
          { type: 'penalty' },
          'p.csv',
          [HEAD, ...Array.from({ length: rows }, (_, n) => penaltyRow(n + 1))].join('\n'),
        )
      return /\/desk\/imports\/(.+)/.exec(String(answer.headers.location))?.[1] ?? ''
    })()
    await send('sender', 'POST', `/${id}/start`)
    await runImports()
    t.equal(registry.files.byCode(uscc).records.length, rows)
    const form = `/desk/acts/withdraw-import?id=${id}`
    t.equal((await server.visitorOf('sender').fill(form, { reason: '误传' })).statusCode, 303)
    await runImports()
    const reviewer = await signedIn(server, {
      login: 'reviewing',
      authority: '长安区局',
      roles: ['reviewer'],
    })
    const { text } = await registry.keys.create(
      { name: '审', authority: '长安区局', scopes: ['listings:decide'], actsFor: 'reviewing' },
      server.author,
    )
    const get = async (url: string) =>
      (await server.app.inject({ url: `/api/v1${url}`, headers: { authorization: `Bearer ${text}` } })).json()
    const [waiting] = (await get('/proposals')).items
    t.match(waiting, { act: 'withdraw-import', why: `其中 ${rows} 项已经公示，或者是案件、等级的依据` })
    const told = new Set<string>()
    let looks = 0
    const walk = async () => {
      told.clear()
      looks = 0
      for (let after: string | null = '0'; after !== null; ) {
        const page: {
          changes: { label: string; before: string; after: string }[]
          changesNext: string | null
        } = await get(`/proposals/${waiting.id}?changesAfter=${after}`)
        looks += 1
        for (const { label, before, after: is } of page.changes) {
          const [, no] = /^示例公司 违法违规 (长罚\d+号) 2026-11-02：处罚决定书文号$/.exec(label) ?? []
          if (no !== undefined && before === no && is === '') told.add(no)
        }
        after = page.changesNext
      }
    }
    await walk()
    t.equal(told.size, rows, 'each that goes')
    t.ok(looks > 1, 'in stretches')
    for (
      let to: string | undefined = `/desk/proposals/${waiting.id}`, page = 1;
      to !== undefined;
      page += 1
    ) {
      const { body, statusCode }: { body: string; statusCode: number } = await reviewer.get(to)
      t.equal(statusCode, 200)
      t.match(body, /<h2>确认后的变动/)
      t.match(body, /<th[^>]*>企业/)
      to = /href="([^"]*changesAfter=[^"]*)"/.exec(body)?.[1]
      if (to === undefined) t.equal(page, looks, 'the desk goes on as the API does')
    }
    t.equal(
      (await reviewer.fill(`/desk/proposals/${waiting.id}`, {}, `/desk/proposals/${waiting.id}/confirm`))
        .statusCode,
      303,
    )
    await runImports()
    t.ok(registry.files.byCode(uscc).records.every(({ withdrawn }) => withdrawn))
    await walk()
    t.equal(told.size, rows, 'and afterwards, what went')
  },
)

t.test(
  'what a machine put forward, or a second person refused, is put forward again by a person, once',
  async (t) => {
    const server = await office(t)
    const { registry, runImports, views, visitorOf } = server
    const sent = await visitorOf('sender').upload(
      '/desk/imports',
      '/desk/imports',
      { type: 'penalty' },
      'p.csv',
      [HEAD, penaltyRow(1), penaltyRow(2)].join('\n'),
    )
    const [, id = ''] = /\/desk\/imports\/(.+)/.exec(String(sent.headers.location)) ?? []
    await server.send('sender', 'POST', `/${id}/start`)
    await runImports()
    const form = `/desk/acts/withdraw-import?id=${id}`
    const asks = async (who: 'key' | Comer) => {
      const answer =
        who === 'key'
          ? await server.send('sender', 'POST', `/${id}/withdrawal`, { reason: '误传' })
          : await visitorOf(who).fill(form, { reason: '误传' })
      await runImports()
      return answer.statusCode
    }
    const reviewer = await signedIn(server, {
      login: 'confirming',
      authority: '长安区局',
      roles: ['reviewer'],
    })
    const settle = async (how: 'confirm' | 'refuse', of: string) =>
      (
        await reviewer.fill(
          `/desk/proposals/${of}`,
          how === 'refuse' ? { reason: '再核实' } : {},
          `/desk/proposals/${of}/${how}`,
        )
      ).statusCode
    const proposals = () =>
      views
        .besides(`import/${id}`)
        .proposals.map((one) => ({ id: one.id, officer: one.author.officer, status: one.status }))
    t.equal(await asks('key'), 202)
    t.match(proposals(), [{ status: 'open' }])
    t.not(await asks('key'), 202, 'a machine stands in its own way')
    t.equal(proposals().length, 1)

    t.equal(await asks('colleague'), 303, 'a person takes its place')
    t.match(proposals(), [{ status: 'lapsed' }, { officer: 'colleague', status: 'open' }])
    t.equal(await asks('sender'), 409, 'another person does not')
    t.equal(proposals().length, 2)
    t.equal(await settle('refuse', proposals()[1]?.id ?? ''), 303)
    t.ok(registry.files.byCode(uscc).records.every(({ withdrawn }) => !withdrawn))

    t.equal(await asks('sender'), 303, 'what was refused is asked again')
    t.match(proposals(), [{}, { status: 'refused' }, { officer: 'sender', status: 'open' }])
    t.equal(await settle('confirm', proposals()[2]?.id ?? ''), 303)
    await runImports()
    t.ok(registry.files.byCode(uscc).records.every(({ withdrawn }) => withdrawn))
    t.equal(await asks('colleague'), 409, 'what was taken back is so once')
  },
)

t.test('who did what with an upload stays named, and the import is the act of who began it', async (t) => {
  const { send, upload, visitorOf, registry, register, runImports } = await office(t)
  const id = await upload('sender', table(8))
  const mended = await visitorOf('colleague').fill(`/desk/imports/${id}`, {}, `/desk/imports/${id}/mending`)
  t.equal(mended.statusCode, 303)
  await visitorOf('colleague').fill(`/desk/imports/${id}`, {}, `/desk/imports/${id}/start`)
  t.equal(
    (await visitorOf('sender').fill(`/desk/imports/${id}`, {}, `/desk/imports/${id}/start`)).statusCode,
    303,
  )
  await runImports()
  const job = (await send('city', 'GET', `/${id}`)).json()
  t.match(job, { status: 'done', fileName: 'a.csv', sentBy: { authority: '长安区局', officer: 'sender' } })
  t.match(job.hands, [
    { officer: 'colleague', did: 'mended' },
    { officer: 'colleague', did: 'started' },
  ])
  t.equal(job.hands.length, 2, 'who comes after it was begun did nothing')
  const { key } = registry.files.byCode(unifiedCode('HARE0008'))
  const history = await register.history(key)
  const opened = history.find(({ kind }) => kind === 'enterprise.opened')
  t.match(opened?.author, { authority: '长安区局', officer: 'colleague' })
  const { body } = await visitorOf('sender').get(`/desk/imports/${id}`)
  t.match(body, /sender[^；]*上传；[^；]*colleague[^；]*改正；[^；]*colleague[^；]*开始导入/)
})

t.test('the list goes on from page to page, by state and by whose', async (t) => {
  const { send, upload, runImports } = await office(t)
  const own = [
    await upload('colleague', table(1)),
    await upload('sender', table(2)),
    await upload('sender', table(3)),
  ]
  const others = await upload('neighbour', table(4))
  await send('sender', 'POST', `/${own[1]}/start`)
  await runImports()
  const list = async (who: Comer, query: string) => {
    const ids: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer = await send(who, 'GET', `?limit=1&cursor=${cursor}${query}`)
      t.equal(answer.statusCode, 200, answer.body)
      t.ok(answer.json().items.length <= 1)
      ids.push(...answer.json().items.map(({ id }: { id: string }) => id))
      cursor = answer.json().next
    }
    return ids.sort()
  }
  t.same(await list('sender', ''), [...own].sort())
  t.same(await list('city', ''), [...own, others].sort())
  t.same(await list('city', '&whose=authority'), [])
  t.same(await list('sender', '&status=done'), [own[1]])
  t.same(await list('sender', '&status=preview'), [own[0], own[2]].sort())
  t.same(await list('sender', '&whose=own'), [], 'a key has sent none')
  t.equal((await send('sender', 'GET', '?status=none')).statusCode, 400)
  t.equal((await send('sender', 'GET', '?limit=0')).statusCode, 400)
})

t.test(
  'who is bound to less than their authority sees what was sent within those bounds, their own too',
  async (t) => {
    const { send, app, registry, author } = await office(t)
    const at = async (region?: string) => {
      const given = { name: '接口', authority: '石家庄市局', region, scopes: ['records:write' as const] }
      const { text } = await registry.keys.create(given, author)
      return { authorization: `Bearer ${text}` }
    }
    const [own, beside, other, whole] = [
      await at('130102'),
      await at('130102'),
      await at('130104'),
      await at(),
    ]
    const upload = async (headers: { authorization: string }, text: string) => {
      const head = 'content-disposition: form-data; name="file"; filename="a.csv"'
      const answer = await app.inject({
        method: 'POST',
        url: '/api/v1/imports?type=enterprise&preview=true',
        headers: { ...headers, 'content-type': 'multipart/form-data; boundary=b' },
        payload: `--b\r\n${head}\r\n\r\n${text}\r\n--b--\r\n`,
      })
      return answer.json().id as string
    }
    const [within, all] = [await upload(own, table(1)), await upload(whole, table(2))]
    for (const [headers, id, status] of [
      [own, within, 200],
      [beside, within, 200],
      [whole, within, 200],
      [other, within, 403],
      [own, all, 403],
      [whole, all, 200],
    ] as const) {
      const url = `/api/v1/imports/${id}`
      t.equal((await app.inject({ url, headers })).statusCode, status)
      const mended = await app.inject({ method: 'PATCH', url, headers, payload: { constants: {} } })
      t.equal(mended.statusCode, status)
    }
    t.equal((await send('city', 'GET', `/${within}`)).statusCode, 200)
  },
)

t.test('taking back as many as one person may, and one more: accepted, and told to the end', async (t) => {
  const { app, registry, author, send, upload, runImports } = await office(t)
  const { text } = await registry.keys.create(
    {
      name: '第二人',
      authority: '省局',
      region: undefined,
      scopes: ['listings:decide', 'records:write'],
      actsFor: 'second',
    },
    author,
  )
  const second = { authorization: `Bearer ${text}` }
  for (const [n, count] of [MOST_TAKEN_BACK_ALONE, MOST_TAKEN_BACK_ALONE + 1].entries()) {
    const codes = Array.from({ length: count }, (_, i) => unifiedCode(`T${n}${String(i).padStart(6, '0')}`))
    const rows = codes.map((uscc, i) => `示例第${n}批${i}公司,${uscc},130102`)
    const id = await upload('sender', `企业名称,统一社会信用代码,区划\n${rows.join('\n')}\n`)
    await send('sender', 'POST', `/${id}/start`)
    await runImports()
    // What others have gone on from since is kept, and counted.
    const kept = codes.slice(0, 2)
    for (const uscc of kept) {
      const file = await app.inject({ url: `/api/v1/enterprises/${uscc.slice(8, 17)}`, headers: second })
      const changed = await app.inject({
        ...{ method: 'PATCH', url: `/api/v1/enterprises/${uscc.slice(8, 17)}` },
        headers: { ...second, 'if-match': String(file.headers.etag) },
        payload: { enterprise: { address: '新址' } },
      })
      t.equal(changed.statusCode, 200, changed.body)
    }
    const asked = await send('sender', 'POST', `/${id}/withdrawal`, { reason: '误传' })
    t.equal(asked.statusCode, 202)
    const job = `/api/v1/imports/${id}`
    if (count > MOST_TAKEN_BACK_ALONE) {
      const proposal = asked.json()
      t.equal(proposal.status, 'open', asked.body)
      t.equal((await send('sender', 'GET', `/${id}`)).json().withdrawal, undefined)
      const confirmed = await app.inject({
        method: 'POST',
        url: proposal.confirm,
        headers: second,
        payload: {},
      })
      t.match(confirmed, { statusCode: 202, headers: { location: job } }, confirmed.body)
      t.equal(confirmed.json().status, 'confirmed')
    }
    t.match((await app.inject({ url: job, headers: second })).json(), {
      withdrawal: { status: 'waiting', counts: { withdrawn: 0, kept: 0 } },
    })
    await runImports()
    const { withdrawal } = (await app.inject({ url: job, headers: second })).json()
    t.match(withdrawal, { status: 'done', finishedAt: /^2026/, counts: { withdrawn: count - 2, kept: 2 } })
    const open = codes.map((uscc) => {
      try {
        return registry.files.byCode(uscc).key !== ''
      } catch {
        return false
      }
    })
    t.same(
      open,
      codes.map((uscc) => kept.includes(uscc)),
    )
  }
})
