import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runImport } from '../../src/exchange/import.ts'
import { nothingMended } from '../../src/exchange/upload.ts'
import { newId } from '../../src/register/entry.ts'
import { signedIn } from '../desk/visitor.ts'
import { penaltyOf } from '../support.ts'
import { bureau, key, type Person, people, uscc } from './bureau.ts'

/**
 * Whose a record is follows the authority that it names, by every way in which it comes to name one: who is named says
 * whether it is theirs, and it is theirs from then on.
 */

const everybody = Object.keys(people) as Person[]
/** Before anybody reads it, and once it is public. */
const quiet = { decidedOn: '2026-11-23', publishedOn: undefined }
const shown = { decidedOn: '2026-11-02', publishedOn: '2026-11-10' }

const below: Readonly<Record<Person, readonly string[]>> = {
  province1: ['省局', '石家庄市局', '唐山市局', '长安区局', '桥西区局'],
  province2: ['省局', '石家庄市局', '唐山市局', '长安区局', '桥西区局'],
  city1: ['石家庄市局', '长安区局', '桥西区局'],
  city2: ['石家庄市局', '长安区局', '桥西区局'],
  county1: ['长安区局'],
  county2: ['长安区局'],
  neighbour: ['桥西区局'],
  elsewhere: ['唐山市局'],
}

for (const act of ['correct-record', 'update-record'] as const)
  t.test(`${act}: into whose name a record is put, and by whom that is confirmed`, async (t) => {
    const { penalty, attempt, settle, file, registry, by: actorOf } = await bureau(t)
    const waitsFor = (person: Person, id: string) =>
      registry.acts
        .proposals(actorOf(person).actor, { whose: 'confirmable', status: 'open', after: '', limit: 500 })
        .items.some(({ own }) => own.id === id)
    const own = ['石家庄市局', '长安区局', '桥西区局', '唐山市局', '省局', '税务局']
    let n = 0
    for (const by of ['city1', 'county1', 'province1'] as const)
      for (const authority of own.filter((name) => name !== people[by].authority))
        for (const more of [quiet, shown]) {
          n += 1
          const said = `${people[by].authority} puts its ${more === quiet ? 'unpublished' : 'public'} record into the name of ${authority}`
          const id = await penalty(by, `归属罚${n}号`, more)
          const on = { code: key, id }
          const input = { data: { authority }, reason: '误填' }
          const asked = await attempt(by, act, on, input)
          const isTheirs = below[by].includes(authority) || authority === '税务局'
          t.equal(asked.was, isTheirs && more === quiet ? 'done' : 'proposed', `${said}: ${asked.why}`)
          if (!isTheirs)
            t.match(asked.outcome?.proposal?.why, `以${authority}的名义登记，须由${authority}或者其上级确认`)
          const confirming = authority === '税务局' ? people[by].authority : authority
          if (asked.outcome?.proposal) {
            t.equal(
              file().records.find((record) => record.id === id)?.data.authority,
              people[by].authority,
              `${said}: nothing has changed`,
            )
            const isOpen = (person: Person) => person !== by && below[person].includes(confirming)
            for (const person of everybody.filter((one) => !isOpen(one)))
              t.equal((await settle(person, asked.outcome)).was, 'forbidden', `${said}: not by ${person}`)
            for (const person of everybody.filter(isOpen))
              t.ok(waitsFor(person, asked.outcome.proposal.id), `${said}: ${person} finds it`)
            const [second] = everybody.filter(isOpen)
            t.equal((await settle(second ?? by, asked.outcome)).was, 'done', `${said}: by ${second}`)
          }
          for (const person of everybody) {
            const { was } = await attempt(person, 'update-record', on, { data: {} })
            t.equal(was, below[person].includes(confirming) ? 'done' : 'forbidden', `${said}: ${person} then`)
          }
        }
  })

t.test('an import puts no record into another authority’s name by itself', async (t) => {
  const { penalty, file, registry, views, writer, by, folder, clock, settle, attempt } = await bureau(t)
  const id = await penalty('county1', '县罚1号', quiet)
  const foreign = await penalty('county1', '县罚2号', { ...quiet, authority: '税务局' })
  const path = join(folder, 'upload.csv')
  const row = (documentNo: string, authority: string) =>
    `${uscc},示例公司,${documentNo},普通程序,生产不符合国家标准的产品,罚款,罚款。,50000,2026-11-23,${authority},严重`
  const head =
    '统一社会信用代码,企业名称,行政处罚决定书文号,处罚程序,违法行为类型,处罚种类,处罚内容,罚款金额,处罚决定日期,处罚机关,违法程度'
  writeFileSync(path, [head, row('县罚1号', '石家庄市局'), row('县罚2号', '唐山市局')].join('\n'))
  const kind = registry.catalogue.kind('penalty')
  if (!kind) throw new Error('no penalties')
  const run = {
    actor: by('county1').actor,
    command: 'import/1',
    writer,
    views,
    catalogue: registry.catalogue,
    now: clock.now,
    newId,
    consequences: () => [],
  }
  await runImport({
    ...run,
    path,
    kind,
    since: newId(),
    mending: nothingMended,
    onProgress: async () => {},
  })
  const [toCity, elsewhere] = file().proposals ?? []
  if (!toCity || !elsewhere) throw new Error('nothing waits')
  t.match(
    [toCity, elsewhere],
    [
      { on: { id }, why: /以石家庄市局的名义登记/, status: 'open' },
      { on: { id: foreign }, why: /以唐山市局的名义登记/, status: 'open' },
    ],
  )
  for (const person of ['county2', 'neighbour', 'elsewhere'] as const)
    t.equal((await settle(person, { proposal: toCity })).was, 'forbidden', person)
  t.equal((await settle('city1', { proposal: toCity })).was, 'done')
  t.equal((await settle('elsewhere', { proposal: elsewhere })).was, 'done')
  t.equal((await attempt('county1', 'update-record', { code: key, id }, { data: {} })).was, 'forbidden')
  t.equal((await attempt('elsewhere', 'update-record', { code: key, id: foreign }, { data: {} })).was, 'done')
})

t.test(
  'an objection that puts a record right under another authority’s name is confirmed by that one',
  async (t) => {
    const { penalty, attempt, settle, file } = await bureau(t)
    const id = await penalty('county1', '县罚1号', shown)
    await attempt(
      'county1',
      'file-objection',
      { code: key },
      { about: { kind: 'record', id }, on: '2026-11-20', grounds: '机关有误' },
    )
    const on = { code: key, id: file().objections[0]?.id ?? '' }
    const upheld = { upheld: true, outcome: '属实', corrected: { authority: '唐山市局' } }
    const { was, outcome = {} } = await attempt('county2', 'settle-objection', on, upheld)
    t.equal(was, 'proposed')
    for (const person of ['county1', 'city1', 'city2', 'neighbour'] as const)
      t.equal((await settle(person, outcome)).was, 'forbidden', person)
    t.equal((await settle('elsewhere', outcome)).was, 'done')
    t.equal((await attempt('county2', 'update-record', { code: key, id }, { data: {} })).was, 'forbidden')
    t.equal((await attempt('elsewhere', 'update-record', { code: key, id }, { data: {} })).was, 'done')
  },
)

t.test(
  'after a move of the firm an authority carries its own case and objections on, and nothing else',
  async (t) => {
    const { penalty, attempt, file, moveAway } = await bureau(t)
    const [own, ofProvince] = [await penalty('county1', '县罚1号'), await penalty('province1', '省罚1号')]
    const proposal = {
      ruleSet: 'order-44',
      ground: 'unsafe-product',
      penalties: [own],
      facts: '事实',
      reasons: '理由',
    }
    const moved = async () => {
      await moveAway()
      t.equal(file().enterprise.region, '130202')
    }
    const add = (person: Person, n: number, type = 'penalty') => {
      const penaltyData = penaltyOf(`${person}新${n}号`, {
        authority: people[person].authority,
        ...shown,
      }).data
      const award = {
        kind: '政府质量奖',
        level: '市',
        grantedBy: people[person].authority,
        grantedOn: '2026-10-01',
        title: '电缆',
        documentNo: `${n}`,
      }
      return attempt(
        person,
        'add-record',
        { code: key },
        { type, data: type === 'penalty' ? penaltyData : award },
      )
    }
    const file1 = (person: Person, kind: string, id: string, on: string) =>
      attempt(person, 'file-objection', { code: key }, { about: { kind, id }, on, grounds: '不符' })
    await moved()
    for (const person of ['county1', 'city1', 'neighbour'] as const)
      t.equal((await add(person, 1)).was, 'forbidden', `${person} has no case there`)
    t.equal((await attempt('county1', 'propose-listing', { code: key }, proposal)).was, 'done')
    const caseId = file().cases[0]?.id ?? ''
    for (const [person, was] of [
      ['county1', 'done'],
      ['county2', 'done'],
      ['city1', 'done'],
      ['province1', 'done'],
      ['elsewhere', 'done'],
      ['neighbour', 'forbidden'],
    ] as const)
      t.equal((await add(person, 2)).was, was, `${person} enters a penalty`)
    for (const person of ['county1', 'city1', 'neighbour'] as const)
      t.equal((await add(person, 3, 'award')).was, 'forbidden', `${person} enters anything else`)
    for (const [person, kind, id, was] of [
      ['neighbour', 'record', own, 'forbidden'],
      ['county1', 'record', ofProvince, 'forbidden'],
      ['county1', 'record', own, 'done'],
      ['city1', 'case', caseId, 'done'],
      ['city1', 'record', ofProvince, 'forbidden'],
      ['elsewhere', 'record', ofProvince, 'done'],
    ] as const)
      t.equal((await file1(person, kind, id, '2026-11-20')).was, was, `${person} on ${kind} ${id}`)
  },
)

t.test(
  'a name that means a known authority is judged as that one’s, one that nobody opened is told',
  async (t) => {
    const { attempt, settle, registry, by: actorOf } = await bureau(t)
    let n = 0
    const enter = (by: Person, authority: string) => {
      n += 1
      const { data } = penaltyOf(`名义罚${n}号`, { ...shown, authority, severity: '严重' })
      return attempt(by, 'add-record', { code: key }, { type: 'penalty', data })
    }
    for (const [authority, whose] of [
      ['省局稽查局', '省局'],
      ['河北局', '省局'],
      ['唐山局', '唐山市局'],
      ['河北省唐山市局执法稽查局', '唐山市局'],
      ['石家庄市局', '石家庄市局'],
      ['石家庄局稽查局', '石家庄市局'],
    ] as const) {
      const { was, outcome } = await enter('county1', authority)
      t.equal(was, 'proposed', authority)
      if (!outcome) continue
      t.match(outcome.proposal?.why, `以${whose}的名义登记`, authority)
      const waitsFor = (person: Person) =>
        registry.acts
          .proposals(actorOf(person).actor, { whose: 'confirmable', status: 'open', after: '', limit: 500 })
          .items.some(({ own }) => own.id === outcome.proposal?.id)
      const second = everybody.find((one) => one !== 'county1' && people[one].authority === whose)
      for (const person of everybody) {
        if (person !== 'county1')
          t.equal(waitsFor(person), below[person].includes(whose), `${authority}: ${person}`)
        if (!below[person].includes(whose))
          t.equal((await settle(person, outcome)).was, 'forbidden', `${authority}: not by ${person}`)
      }
      t.equal((await settle(second ?? 'county1', outcome)).was, 'done', `${authority}: by ${second}`)
      t.equal(registry.authorities.unknownIn(outcome), undefined, authority)
    }
    for (const [authority, isTold] of [
      ['税务局', true],
      ['河北省税务局', true],
      ['国家市场监督管理总局', true],
      ['保定市局', true],
      ['长安区局', false],
      ['石家庄市长安区局', false],
      ['长安区局稽查大队', false],
    ] as const) {
      const { was, outcome } = await enter('county1', authority)
      t.equal(was, 'done', authority)
      const told = outcome && registry.authorities.unknownIn(outcome)
      if (isTold) t.match(told, `没有已开立的机关“${authority}”，该记录属登记的长安区局`)
      else t.equal(told, undefined, authority)
      for (const [person, may] of [
        ['county2', 'done'],
        ['neighbour', 'forbidden'],
        ['elsewhere', 'forbidden'],
      ] as const) {
        const on = { code: key, id: outcome?.recordId ?? '' }
        t.equal(
          (await attempt(person, 'update-record', on, { data: {} })).was,
          may,
          `${authority}: ${person}`,
        )
      }
    }
  },
)

t.test('each kind of record is offered to just those whose adding it is not refused', async (t) => {
  const server = await bureau(t)
  const { attempt, registry, penalty, file } = server
  const visitors = new Map<Person, Awaited<ReturnType<typeof signedIn>>>()
  const lookers = ['county1', 'city1', 'province1', 'neighbour', 'elsewhere'] as const
  for (const who of lookers)
    visitors.set(
      who,
      await signedIn(server, { login: `add-${who}`, authority: people[who].authority, roles: ['recorder'] }),
    )
  const judged = async (said: string, all: readonly Person[], penalties: readonly Person[] = []) => {
    for (const who of lookers) {
      const page = (await visitors.get(who)?.get(`/desk/enterprises/${key}`))?.body ?? ''
      for (const { type } of registry.catalogue.kinds) {
        const may = all.includes(who) || (type === 'penalty' && penalties.includes(who))
        t.equal(page.includes(`/desk/new/${type}?code=${key}`), may, `${said}: ${who} is offered ${type}`)
        const form = await visitors.get(who)?.get(`/desk/new/${type}?code=${key}`)
        t.equal(form?.body.includes('class="notice"'), !may, `${said}: ${who}'s form of ${type}`)
        const { was } = await attempt(who, 'add-record', { code: key }, { type, data: { nothing: 1 } })
        t.equal(was, may ? 'invalid' : 'forbidden', `${said}: ${who} adds ${type}`)
      }
    }
  }
  await judged('at home', ['county1', 'city1', 'province1'])
  const penalties = [await penalty('county1', '县罚1号')]
  await penalty('city1', '市罚1号')
  await server.moveAway()
  t.equal(file().enterprise.region, '130202')
  await judged('away, with records alone', ['province1', 'elsewhere'])
  const listing = { ruleSet: 'order-44', ground: 'unsafe-product', facts: '事实', reasons: '理由', penalties }
  const { was, why } = await attempt('county1', 'propose-listing', { code: key }, listing)
  t.equal(was, 'done', why)
  await judged('away, with a case', ['province1', 'elsewhere'], ['county1', 'city1'])
})

t.test(
  'what several made together is confirmed by the highest of them that is not the proposer’s own, or above',
  async (t) => {
    const { registry, attempt, settle, file, by: actorOf } = await bureau(t)
    const waitsFor = (person: Person, id: string) =>
      registry.acts
        .proposals(actorOf(person).actor, { whose: 'confirmable', status: 'open', after: '', limit: 500 })
        .items.some(({ own }) => own.id === id)
    let n = 0
    for (const [by, makers, owner, asked] of [
      // Of others alone: the highest.
      ['county1', ['石家庄市局', '桥西区局'], '石家庄市局', ['石家庄市局']],
      ['county1', ['桥西区局', '石家庄市局'], '石家庄市局', ['石家庄市局']],
      ['county1', ['省局', '唐山市局', '桥西区局'], '省局', ['省局']],
      ['city1', ['省局', '唐山市局'], '省局', ['省局']],
      // Of two at the head: either.
      ['county1', ['石家庄市局', '唐山市局'], '石家庄市局', ['石家庄市局', '唐山市局']],
      ['county1', ['唐山市局', '桥西区局', '石家庄市局'], '唐山市局', ['石家庄市局', '唐山市局']],
      // With one's own among them: the highest of the others.
      ['county1', ['石家庄市局', '长安区局'], '石家庄市局', ['石家庄市局']],
      ['county1', ['石家庄市局', '长安区局', '桥西区局'], '石家庄市局', ['石家庄市局']],
      ['city1', ['唐山市局', '石家庄市局'], '唐山市局', ['唐山市局']],
      ['city1', ['省局', '石家庄市局', '长安区局'], '省局', ['省局']],
      // Those that nobody has opened are not asked.
      ['county1', ['税务局', '石家庄市局'], '石家庄市局', ['石家庄市局']],
    ] as [Person, string[], string, string[]][])
      for (const separator of ['、', '；']) {
        n += 1
        const said = `${by} records what ${makers.join(separator)} made`
        const { data } = penaltyOf(`共罚${n}号`, {
          ...shown,
          authority: makers.join(separator),
          severity: '严重',
        })
        const put = await attempt(by, 'add-record', { code: key }, { type: 'penalty', data })
        t.equal(put.was, 'proposed', `${said}: ${put.why}`)
        const id = put.outcome?.proposal?.id ?? ''
        const may = (person: Person) => person !== by && below[person].some((name) => asked.includes(name))
        for (const person of everybody)
          t.equal(waitsFor(person, id), may(person), `${said}: in the list of ${person}`)
        for (const person of everybody.filter((one) => !may(one)))
          t.equal((await settle(person, put.outcome ?? {})).was, 'forbidden', `${said}: not ${person}`)
        const [one] = everybody.filter(may).slice(n % everybody.filter(may).length)
        t.same(await settle(one ?? by, put.outcome ?? {}), { was: 'done', why: '' }, `${said}: ${one}`)
        const made = file().records.at(-1)?.made
        t.equal(
          registry.authorities.all().find((known) => known.id === made?.owner)?.name,
          owner,
          `${said}: whose it is`,
        )
      }
    const own = penaltyOf('共罚自号', { ...shown, authority: '长安区局、税务局', severity: '严重' })
    t.equal(
      (await attempt('county1', 'add-record', { code: key }, { type: 'penalty', data: own.data })).was,
      'done',
    )
    const above = penaltyOf('共罚上号', { ...shown, authority: '石家庄市局、长安区局', severity: '严重' })
    t.equal(
      (await attempt('city1', 'add-record', { code: key }, { type: 'penalty', data: above.data })).was,
      'done',
    )
    const input = { data: { authority: '石家庄市局、桥西区局' }, reason: '误填' }
    const id = file().records.find(({ data }) => data.documentNo === '共罚自号')?.id ?? ''
    const corrected = await attempt('county1', 'correct-record', { code: key, id }, input)
    t.match(
      corrected.outcome?.proposal?.why,
      /以石家庄市局、桥西区局的名义登记，须由石家庄市局，或者其上级确认/,
    )
    t.match(await settle('county2', corrected.outcome ?? {}), {
      was: 'forbidden',
      why: /由石家庄市局或者其上级机关/,
    })
    t.equal((await settle('neighbour', corrected.outcome ?? {})).was, 'forbidden')
    t.equal((await settle('city1', corrected.outcome ?? {})).was, 'done')
  },
)
