import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runImport } from '../../src/exchange/import.ts'
import { nothingMended } from '../../src/exchange/upload.ts'
import { newId } from '../../src/register/entry.ts'
import { acting } from '../acting.ts'
import { penaltyOf } from '../support.ts'
import { bureau, key, type Person, people, uscc } from './bureau.ts'

const everybody = Object.keys(people) as Person[]

t.test(
  'who may withdraw, correct or update a record: its authority and those above, wherever the firm is',
  async (t) => {
    const { penalty, attempt } = await bureau(t)
    const [ofProvince, ofCity, ofCounty] = [
      await penalty('province1', '省罚1号'),
      await penalty('city1', '市罚1号'),
      await penalty('county1', '县罚1号'),
    ]
    for (const [id, mayTouch] of [
      [ofProvince, ['province1', 'province2']],
      [ofCity, ['province1', 'province2', 'city1', 'city2']],
      [ofCounty, ['province1', 'province2', 'city1', 'city2', 'county1', 'county2']],
    ] as const)
      for (const person of everybody) {
        const may = mayTouch.some((one) => one === person)
        const { was, why } = await attempt(person, 'update-record', { code: key, id }, { data: {} })
        t.equal(was, may ? 'done' : 'forbidden', `${person} on ${id}`)
        if (!may && person !== 'neighbour' && person !== 'elsewhere') t.match(why, /属.*疑义/, person)
      }
  },
)

t.test('a penalty that others rely on leaves by two persons only, and its listing with it', async (t) => {
  const { penalty, attempt, settle, file, registry } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  const on = { code: key, id }
  const asked = await attempt('city1', 'withdraw-record', on, { reason: '误录' })
  t.equal(asked.was, 'proposed')
  t.ok(!file().records[0]?.withdrawn, 'nothing has changed')
  t.equal(
    (await attempt('city2', 'withdraw-record', on, { reason: '误录' })).was,
    'exists',
    'one proposal at a time',
  )
  for (const person of ['county1', 'neighbour', 'elsewhere'] as const)
    t.equal((await settle(person, asked.outcome ?? {})).was, 'forbidden', person)
  t.match((await settle('city1', asked.outcome ?? {})).why, /另一人/, 'not by whoever proposed')
  t.equal((await settle('city2', asked.outcome ?? {})).was, 'done')
  t.ok(file().records[0]?.withdrawn)
  t.equal((await settle('province1', asked.outcome ?? {})).was, 'exists', 'only once')
  const last = (await registry.files.history(file())).find(({ kind }) => kind === 'record.withdrawn')
  t.match(last?.author, { authority: '石家庄市局', officer: '市甲、市乙' }, 'the entry names both')
})

t.test('what weighs in a public record takes two, what does not takes one', async (t) => {
  const { penalty, attempt } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  const on = { code: key, id }
  for (const [act, input, was] of [
    ['update-record', { data: { fulfilledOn: '2026-11-10' } }, 'done'],
    ['update-record', { data: { reviewOutcome: '撤销', reviewedOn: '2026-11-20' } }, 'proposed'],
    ['correct-record', { data: { remark: '补记' }, reason: '漏填' }, 'done'],
    ['correct-record', { data: { fine: 1 }, reason: '笔误' }, 'proposed'],
    ['update-record', { data: { publicationEndsOn: '2026-11-20' } }, 'invalid'],
    ['correct-record', { data: { publicationEndsOn: '2026-11-20' }, reason: '提前' }, 'invalid'],
  ] as const)
    t.equal((await attempt('city1', act, on, input)).was, was, JSON.stringify(input))
  const warned = await penalty('city1', '市罚2号', { types: ['警告'], fine: undefined })
  const quiet = { code: key, id: warned }
  t.equal(
    (await attempt('city1', 'correct-record', quiet, { data: { conduct: '别的' }, reason: '笔误' })).was,
    'done',
    'nobody relies on what was never public',
  )
})

t.test('each fact that weighs takes a second person, one by one', async (t) => {
  const { penalty, attempt, settle } = await bureau(t)
  const changes: Record<string, unknown> = {
    conduct: '别的行为',
    types: ['罚款', '没收违法所得'],
    fine: 1,
    decidedOn: '2026-11-03',
    severity: '一般',
    procedure: '简易程序',
    content: '不予处罚。',
  }
  for (const [field, value] of Object.entries(changes)) {
    const id = await penalty('city1', `市罚${field}号`)
    // On the spot no more than 3,000 yuan can be decided (行政处罚法 art. 51).
    const own = field === 'procedure' ? { procedure: value, fine: 3_000 } : { [field]: value }
    const input = { data: own, reason: '更正' }
    const asked = await attempt('city1', 'correct-record', { code: key, id }, input)
    t.equal(asked.was, 'proposed', field)
    const wrong = await settle('city2', asked.outcome ?? {}, '理由 11010519491231002X')
    t.equal(wrong.was, 'invalid', 'the reason of a refusal is a text like any other')
    t.equal((await settle('city2', asked.outcome ?? {}, '不同意')).was, 'done')
  }
})

t.test('a proposal lapses in the very append that touches what it saw', async (t) => {
  const { penalty, attempt, settle, file } = await bureau(t)
  const [id, other] = [await penalty('city1', '市罚1号'), await penalty('city1', '市罚2号')]
  const asked = await attempt('city1', 'withdraw-record', { code: key, id }, { reason: '误录' })
  const beside = await attempt('city1', 'withdraw-record', { code: key, id: other }, { reason: '误录' })
  await attempt('city2', 'update-record', { code: key, id }, { data: { fulfilledOn: '2026-11-10' } })
  t.same(
    file().proposals?.map(({ status }) => status),
    ['lapsed', 'open'],
    'the other one stands',
  )
  t.match(await settle('city2', asked.outcome ?? {}), { was: 'exists', why: /失效.*变动/ })
  t.equal((await settle('city2', beside.outcome ?? {})).was, 'done')
  await attempt('county1', 'add-note', { code: key }, { text: '备注' })
})

t.test('a change that waits stands in the way of its own fields alone', async (t) => {
  const { penalty, attempt, settle, file, registry, by } = await bureau(t)
  const id = await penalty('county1', '县罚1号')
  const penalties = { ruleSet: 'order-44', ground: 'unsafe-product', penalties: [id] }
  const listed = { ...penalties, facts: '事实', reasons: '理由' }
  t.equal((await attempt('county1', 'propose-listing', { code: key }, listed)).was, 'done')
  const change = (enterprise: object, act = 'change-file') =>
    attempt('county1', act, { code: key }, { enterprise, ...(act === 'correct-file' && { reason: '误录' }) })
  const statuses = () => file().proposals?.map(({ status }) => status)

  const name = await change({ name: '示例新公司' })
  t.equal(name.was, 'proposed', name.why)
  t.match(await change({ name: '示例另一公司', address: '某路1号' }), { was: 'exists', why: /正在等待/ })
  const awaited = (act: string) =>
    registry.acts.asking(by('county1').actor)(registry.acts.named(act), { code: key }).waiting
  t.match(awaited('change-file'), [{ own: { id: name.outcome?.proposal?.id }, isWhole: false }])
  t.same(awaited('correct-file'), [], 'another act')
  const address = await change({ address: '某路1号' })
  t.equal(address.was, 'proposed', 'another field waits beside it')
  await penalty('county1', '县罚2号')
  t.same(statuses(), ['open', 'open'], 'a record touches neither')
  t.equal((await settle('county2', name.outcome ?? {})).was, 'done')
  t.same(statuses(), ['confirmed', 'open'], 'the one name does not touch the address')
  t.equal((await settle('county2', address.outcome ?? {})).was, 'done')
  t.match(file().enterprise, { name: '示例新公司', address: '某路1号' })

  const again = await change({ name: '示例再新公司' })
  const corrected = await change({ name: '示例正名公司' }, 'correct-file')
  t.equal(corrected.was, 'proposed')
  t.equal((await settle('county2', corrected.outcome ?? {})).was, 'done')
  t.match(await settle('county2', again.outcome ?? {}), { was: 'exists', why: /失效.*变动/ })

  const fine = await attempt(
    'county1',
    'correct-record',
    { code: key, id },
    { data: { fine: 1 }, reason: '笔误' },
  )
  t.equal(fine.was, 'proposed', fine.why)
  const paid = await attempt(
    'county1',
    'update-record',
    { code: key, id },
    { data: { fulfilledOn: '2026-11-10' } },
  )
  t.equal(paid.was, 'done')
  t.equal(statuses()?.at(-1), 'open', 'that it was paid does not touch the sum')
  const basis = await attempt(
    ...([
      'county1',
      'correct-record',
      { code: key, id },
      { data: { content: '罚款一元。' }, reason: '笔误' },
    ] as const),
  )
  t.equal(basis.was, 'proposed')
  t.equal((await settle('county2', fine.outcome ?? {})).was, 'done')
  const gone = await attempt('county1', 'withdraw-record', { code: key, id }, { reason: '误录' })
  t.equal((await settle('county2', gone.outcome ?? {})).was, 'done', gone.why)
  t.match(await settle('county2', basis.outcome ?? {}), { was: /exists|unknown|gone/, why: /失效/ })
})

t.test('a note, a query or a rating touches nothing that a proposal saw', async (t) => {
  const { penalty, attempt, file } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  await attempt('city1', 'withdraw-record', { code: key, id }, { reason: '误录' })
  await attempt('county1', 'add-note', { code: key }, { text: '备注' })
  t.equal((await attempt('county1', 'raise-query', { code: key, id }, { text: '金额有误' })).was, 'done')
  t.same(
    file().proposals?.map(({ status }) => status),
    ['open'],
  )
})

t.test('who punished lists, who listed removes, and a move of the firm changes nothing', async (t) => {
  const { penalty, attempt, settle, file, clock, registry, by, author } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  const proposal = {
    ruleSet: 'order-44',
    ground: 'unsafe-product',
    penalties: [id],
    facts: '事实',
    reasons: '理由',
  }
  for (const person of everybody.filter((one) => one !== 'city1')) {
    const { was } = await attempt(person, 'propose-listing', { code: key }, proposal)
    if (person !== 'city2') t.equal(was, 'forbidden', `${person} did not punish`)
    else {
      t.equal(was, 'done')
      break
    }
  }
  const caseId = file().cases[0]?.id ?? ''
  const on = { code: key, id: caseId }
  for (const person of ['province1', 'county1', 'elsewhere'] as const)
    t.equal(
      (await attempt(person, 'serve-notice', on, { servedOn: '2026-11-24', way: '直接送达' })).was,
      'forbidden',
      `${person} does not notice for another`,
    )
  t.equal(
    (await attempt('city1', 'serve-notice', on, { servedOn: '2026-11-24', way: '直接送达' })).was,
    'done',
  )
  clock.set('2026-12-02T02:00:00.000Z')
  const decision = { listed: true, decisionNo: '1号', decidedOn: '2026-12-02', reasons: '理由' }
  t.equal((await attempt('city1', 'decide-listing', on, decision)).was, 'exists', 'not without consent')
  for (const person of ['city1', 'city2', 'county1', 'elsewhere'] as const)
    t.equal(
      (await attempt(person, 'consent-to-listing', on, { granted: true, reasons: '同意' })).was,
      'forbidden',
      `${person} is not above`,
    )
  t.equal(
    (await attempt('province1', 'consent-to-listing', on, { granted: true, reasons: '同意' })).was,
    'done',
  )
  t.equal((await attempt('province1', 'decide-listing', on, decision)).was, 'forbidden', 'who consented')
  t.equal((await attempt('city2', 'decide-listing', on, decision)).was, 'forbidden', 'who proposed')
  t.equal((await attempt('city1', 'decide-listing', on, decision)).was, 'done')
  t.equal((await attempt('city2', 'publish-listing', on, {})).was, 'done')
  clock.set('2027-01-04T02:00:00.000Z')
  const told = (authority: string) =>
    registry.listings.list({ on: '2027-01-04', authority }, undefined, 10).items.length
  const due = () => registry.bulletins.due(people.city1, 'quarter').map(({ from, to }) => `${from}/${to}`)
  t.equal(told('石家庄市局'), 1)
  t.equal(told('唐山市局'), 0)
  t.same(due(), ['2026-12-02/2026-12-31'])
  const own = registry.authorities.find('石家庄市局')
  const renamed = { name: '石家庄市市场监督管理局' }
  await registry.acts.carryOut('rename-authority', { id: own.id }, renamed, author)
  for (const name of ['石家庄市局', renamed.name]) t.equal(told(name), 1, `under ${name}`)
  t.same(due(), ['2026-12-02/2026-12-31'], 'what it published under its former name is still to be told of')

  await acting(registry).change(key, { region: '130200' }, 'any', by('province1'))
  t.equal(
    (await attempt('elsewhere', 'revoke-listing', on, { reason: '有误' })).was,
    'forbidden',
    'where it moved to',
  )
  const asked = await attempt('city1', 'revoke-listing', on, { reason: '认定有误' })
  t.equal(asked.was, 'proposed', 'the city that listed it still may')
  t.equal(file().cases[0]?.status, 'inForce', 'one person takes nobody off the list')
  const steps = () => registry.listings.shownCase(on.id ?? '').openSteps
  const waiting = asked.outcome?.proposal?.id
  t.match(
    steps().map((step) => [step.step, step.proposal]),
    [
      ['repairApplication', undefined],
      ['revocation', waiting],
    ],
    'the step that waits says so',
  )
  t.match(await attempt('city2', 'revoke-listing', on, { reason: '认定有误' }), { was: 'exists' }, 'once')
  t.equal((await settle('elsewhere', asked.outcome ?? {})).was, 'forbidden')
  t.equal((await settle('city2', asked.outcome ?? {})).was, 'done')
  t.equal(file().cases.length, 0, 'and its texts are erased')
})

t.test('what ends the cases of others is confirmed by whoever made them, or is above', async (t) => {
  for (const [makers, confirming, act] of [
    [['province1'], ['province1', 'province2'], 'change-file'],
    [['province1'], ['province1', 'province2'], 'correct-file'],
    [['city1'], ['province1', 'province2', 'city1', 'city2'], 'change-file'],
    [['county1'], ['province1', 'province2', 'city1', 'city2', 'county2'], 'correct-file'],
    [['county1', 'city1'], ['province1', 'province2', 'city1', 'city2'], 'change-file'],
    [['city1', 'province1'], ['province1', 'province2'], 'correct-file'],
  ] as const) {
    const { penalty, attempt, settle, file } = await bureau(t)
    for (const person of makers) {
      const proposal = { ruleSet: 'order-44', ground: 'unsafe-product', facts: '事实', reasons: '理由' }
      const penalties = [await penalty(person, `${person}罚1号`)]
      t.equal(
        (await attempt(person, 'propose-listing', { code: key }, { ...proposal, penalties })).was,
        'done',
      )
    }
    const about = `${act} ends the cases of ${makers.join(' and ')}`
    const input = { enterprise: { status: '注销' }, reason: '已注销' }
    const { was, outcome = {} } = await attempt('county1', act, { code: key }, input)
    t.equal(was, 'proposed', about)
    for (const person of everybody.filter((one) => !confirming.some((may) => may === one)))
      t.equal((await settle(person, outcome)).was, 'forbidden', `${about}: not by ${person}`)
    t.ok(
      file().cases.every(({ status }) => status === 'proposed'),
      'nothing has ended',
    )
    const [first, ...others] = confirming
    for (const person of others)
      t.equal(
        (await settle(person, outcome, '理由 11010519491231002X')).was,
        'invalid',
        `${about}: ${person} may`,
      )
    t.equal((await settle(first, outcome)).was, 'done', about)
    t.ok(
      file().cases.every(({ status }) => status !== 'proposed'),
      'now they have',
    )
  }
})

t.test('who has to say so finds it in their list, wherever the firm has moved to', async (t) => {
  for (const [maker, finding] of [
    ['county1', ['province1', 'province2', 'city1', 'city2', 'county2']],
    ['city1', ['province1', 'province2', 'city2']],
  ] as const) {
    const { penalty, attempt, moveAway, registry, by, file } = await bureau(t)
    const proposal = { ruleSet: 'order-44', ground: 'unsafe-product', facts: '事实', reasons: '理由' }
    const penalties = [await penalty(maker, `${maker}罚1号`)]
    await attempt(maker, 'propose-listing', { code: key }, { ...proposal, penalties })
    await moveAway()
    t.equal(file().enterprise.region, '130202')
    const { was, outcome } = await attempt(
      'elsewhere',
      'change-file',
      { code: key },
      { enterprise: { status: '注销' } },
    )
    t.equal(was, 'proposed')
    const finds = (person: Person) =>
      registry.acts
        .proposals(by(person).actor, { whose: 'confirmable', after: '', limit: 50 })
        .items.some(({ own }) => own.id === outcome?.proposal?.id)
    const expected = maker === 'city1' ? [...finding, 'city1'] : [...finding, 'county1']
    t.same(everybody.filter(finds).sort(), [...expected].sort(), maker)
  }
})

t.test('a change of a firm that ends nothing is confirmed where the firm is', async (t) => {
  const { penalty, attempt, settle } = await bureau(t)
  const penalties = [await penalty('province1', '省罚1号')]
  const proposal = { ruleSet: 'order-44', ground: 'unsafe-product', facts: '事实', reasons: '理由' }
  await attempt('province1', 'propose-listing', { code: key }, { ...proposal, penalties })
  const { was, outcome = {} } = await attempt(
    'county1',
    'change-file',
    { code: key },
    { enterprise: { name: '新名公司' } },
  )
  t.equal(was, 'proposed')
  t.equal((await settle('county2', outcome)).was, 'done')
})

t.test('a file is not withdrawn over what others have made in it', async (t) => {
  const { penalty, attempt, settle, registry } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  t.match(await attempt('county1', 'withdraw-file', { code: key }, { reason: '误建' }), {
    was: 'exists',
    why: /石家庄市局/,
  })
  const gone = await attempt('city1', 'withdraw-record', { code: key, id }, { reason: '误录' })
  await settle('city2', gone.outcome ?? {})
  const asked = await attempt('county1', 'withdraw-file', { code: key }, { reason: '误建' })
  t.equal(asked.was, 'proposed')
  t.equal((await settle('county2', asked.outcome ?? {})).was, 'done')
  t.throws(() => registry.files.headOf(key))
})

t.test('nobody settles an objection to their own, and an upheld one carries its remedy', async (t) => {
  const { penalty, attempt, settle, file } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  const filed = { about: { kind: 'record', id }, on: '2026-11-20', grounds: '金额不符' }
  await attempt('city1', 'file-objection', { code: key }, filed)
  const on = { code: key, id: file().objections[0]?.id ?? '' }
  const upheld = { upheld: true, outcome: '属实', corrected: { fine: 5 } }
  t.match(await attempt('city1', 'settle-objection', on, upheld), { was: 'forbidden', why: /另一人/ })
  for (const person of ['county1', 'neighbour', 'elsewhere'] as const)
    t.equal((await attempt(person, 'settle-objection', on, upheld)).was, 'forbidden', person)
  const asked = await attempt('city2', 'settle-objection', on, upheld)
  t.equal(asked.was, 'proposed')
  t.equal(
    (await settle('city1', asked.outcome ?? {})).was,
    'forbidden',
    'nor are they the second pair of eyes',
  )
  t.equal((await settle('province1', asked.outcome ?? {})).was, 'done')
  t.match(file().objections[0]?.settled, { upheld: true, remedy: 'corrected' })
  t.equal(file().records[0]?.data.fine, 5)
  await attempt('city1', 'file-objection', { code: key }, { ...filed, on: '2026-11-21' })
  const second = { code: key, id: file().objections[1]?.id ?? '' }
  const again = await attempt('province1', 'settle-objection', second, { upheld: true, outcome: '误录' })
  t.equal((await settle('province2', again.outcome ?? {})).was, 'done')
  t.ok(file().records[0]?.withdrawn, 'withdrawn where nothing else was put in its place')
})

t.test('a doubt lands with the owner of the record, and changes nothing', async (t) => {
  const { penalty, attempt, file, registry } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  t.equal((await attempt('county1', 'raise-query', { code: key, id }, { text: '公司名称有误' })).was, 'done')
  const query = file().queries?.[0]?.id ?? ''
  const { items } = registry.listings.deadlines(
    { authority: '', officer: '' },
    { dueBy: '2027-01-01', what: 'query', late: false },
    undefined,
    10,
  )
  t.match(items, [{ about: query, authority: '石家庄市局', dueOn: '2026-11-27' }])
  const answer = { code: key, id: query }
  t.equal((await attempt('county1', 'answer-query', answer, { answer: '无误' })).was, 'forbidden')
  t.equal((await attempt('city2', 'answer-query', answer, { answer: '已核实，无误' })).was, 'done')
  t.equal((await attempt('city2', 'answer-query', answer, { answer: '再答' })).was, 'exists')
  t.notMatch(
    JSON.stringify((await registry.files.page(registry.files.headOf(key), { isPrint: false })).page),
    /公司名称有误/,
  )
})

t.test('a doubt is due from whose the record is, and is over with it', async (t) => {
  const { penalty, attempt, file, registry } = await bureau(t)
  const due = (authority?: string) =>
    registry.listings
      .deadlines(
        { authority: '', officer: '' },
        { dueBy: '2027-01-01', what: 'query', late: false, ...(authority !== undefined && { authority }) },
        undefined,
        10,
      )
      .items.map((own) => own.authority)
  const code = key
  const id = await penalty('province1', '市罚1号', {
    authority: '石家庄市局',
    types: ['警告'],
    fine: undefined,
  })
  await attempt('county1', 'raise-query', { code, id }, { text: '公司名称有误' })
  t.same(due(), ['石家庄市局'], 'not from who typed it')
  t.same(due('石家庄市局'), ['石家庄市局'])
  t.same(due('省局'), [])
  const withdrawn = await attempt('city1', 'withdraw-record', { code, id }, { reason: '误录' })
  t.equal(withdrawn.was, 'done')
  t.same(due(), [])
  const query = file().queries?.[0]?.id ?? ''
  t.match(await attempt('city1', 'answer-query', { code, id: query }, { answer: '已撤回' }), {
    was: 'exists',
    why: /已经撤回/,
  })
})

t.test('merged authorities hand on what they made, renamed ones keep it', async (t) => {
  const { penalty, attempt, registry, author } = await bureau(t)
  const id = await penalty('county1', '县罚1号')
  const on = { code: key, id }
  const county = registry.authorities.find('长安区局')
  await registry.acts.carryOut('rename-authority', { id: county.id }, { name: '长安区市场监管局' }, author)
  t.equal((await attempt('county2', 'update-record', on, { data: {} })).was, 'done', 'renamed')
  t.equal(
    (await attempt('neighbour', 'update-record', on, { data: {} })).was,
    'forbidden',
    'not yet the heir',
  )
  await registry.acts.carryOut(
    'merge-authority',
    { id: county.id },
    { into: registry.authorities.find('桥西区局').id, takesOver: true },
    author,
  )
  const paid = { data: { fulfilledOn: '2026-11-05' } }
  t.equal(
    (await attempt('neighbour', 'update-record', on, paid)).was,
    'done',
    'the heir, wherever the firm is',
  )
})

t.test('a machine’s key is nobody’s second pair of eyes', async (t) => {
  const { penalty, attempt, settle, registry, author, ids } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  const { key: machine } = await registry.keys.create(
    { name: '接口', authority: '石家庄市局', scopes: ['records:write', 'listings:decide'] },
    author,
  )
  ids.set('elsewhere', `key/${machine.id}`)
  const asked = await attempt('city1', 'withdraw-record', { code: key, id }, { reason: '误录' })
  t.match(await settle('elsewhere', asked.outcome ?? {}), { was: 'forbidden', why: /接口密钥/ })
  t.equal((await settle('city2', asked.outcome ?? {}, '不必')).was, 'done')
})

t.test('who is a second person after whom: officers, keys in their names, machines', async (t) => {
  const { penalty, attempt, settle, registry, author, ids, file } = await bureau(t)
  /** Who each is, beside 市甲, 市乙 and 省甲: another key of 市甲, a machine of the city, another one, one of the province. */
  const keys = {
    county1: 'city1',
    county2: '石家庄市局',
    neighbour: '石家庄市局',
    elsewhere: '省局',
  } as const
  for (const [who, of] of Object.entries(keys)) {
    const named = of === 'city1' ? { authority: '石家庄市局', actsFor: of } : { authority: of }
    const { key: made } = await registry.keys.create(
      { name: '接口', ...named, scopes: ['records:write', 'listings:decide'] },
      author,
    )
    ids.set(who as keyof typeof keys, `key/${made.id}`)
  }
  const names = {
    ...{ city1: '市甲', county1: '市甲另一密钥', city2: '市乙', province1: '省甲' },
    ...{ county2: '市机', neighbour: '另一市机', elsewhere: '省机' },
  } as const
  const seconds: Readonly<Record<keyof typeof names, readonly (keyof typeof names)[]>> = {
    city1: ['city2', 'province1'],
    county1: ['city2', 'province1'],
    city2: ['city1', 'county1', 'province1'],
    province1: ['city1', 'county1', 'city2'],
    // A machine and an officer of its authority are one person at most.
    county2: ['province1'],
    neighbour: ['province1'],
    elsewhere: ['city1', 'county1', 'city2'],
  }
  const everyone = Object.keys(names) as (keyof typeof names)[]
  let n = 0
  for (const first of everyone)
    for (const second of everyone) {
      n += 1
      const id = await penalty('city1', `市罚${n}号`)
      const asked = await attempt(first, 'withdraw-record', { code: key, id }, { reason: '误录' })
      t.equal(asked.was, 'proposed', `${names[first]}: ${asked.why}`)
      const { was, why } = await settle(second, asked.outcome ?? {})
      const may = seconds[first].includes(second)
      t.equal(was, may ? 'done' : 'forbidden', `${names[second]} after ${names[first]}: ${why}`)
    }

  const id = await penalty('city1', '市罚0号')
  const withdrawn = (who: keyof typeof names) =>
    attempt(who, 'withdraw-record', { code: key, id }, { reason: '误录' })
  const left = await withdrawn('county2')
  t.match(await withdrawn('neighbour'), { was: 'exists' }, 'no machine takes another one’s place')
  const taken = await withdrawn('city2')
  t.equal(taken.was, 'proposed', 'a person takes it up')
  t.match(await settle('province1', left.outcome ?? {}), {
    was: 'exists',
    why: /失效：由石家庄市局市乙接替提请/,
  })
  t.match(await withdrawn('city1'), { was: 'exists' }, 'and nobody takes a person’s place')
  t.equal((await settle('city1', taken.outcome ?? {}, '不必')).was, 'done')
  const again = await withdrawn('county2')
  t.equal(
    (await settle('city2', again.outcome ?? {}, '不必')).was,
    'done',
    'one person refuses what a machine put forward',
  )
  t.equal(file().records.find((record) => record.id === id)?.withdrawn, undefined)

  // Where a procedure parts preparing from deciding, the same holds of who prepared.
  const basis = await penalty('city1', '市罚00号')
  const reviewed = { approved: true, reasons: '一致' }
  const text = { text: '当事人生产不合格电缆。', toldOn: '2026-11-10' }
  const on = { code: key, id: basis }
  t.equal((await attempt('county2', 'attach-decision', on, text)).was, 'done')
  t.match(await attempt('city2', 'review-decision', on, reviewed), { was: 'forbidden', why: /接口密钥/ })
  t.equal(
    (await attempt('city1', 'attach-decision', on, { ...text, text: '当事人生产不合格线缆。' })).was,
    'done',
  )
  t.equal((await attempt('city2', 'review-decision', on, reviewed)).was, 'done')
})

t.test('rights are judged when a thing happens', async (t) => {
  const { penalty, attempt, settle, registry, ids, author } = await bureau(t)
  const id = await penalty('city1', '市罚1号')
  const asked = await attempt('city1', 'withdraw-record', { code: key, id }, { reason: '误录' })
  await registry.acts.carryOut(
    'revoke-key',
    { id: (ids.get('city2') ?? '').slice('key/'.length) },
    {},
    author,
  )
  t.match(await settle('city2', asked.outcome ?? {}), { was: 'forbidden', why: /停用/ })
})

t.test(
  'an import neither changes what others rely on by itself, nor what is another authority’s',
  async (t) => {
    const { penalty, file, registry, views, writer, by, folder, clock } = await bureau(t)
    const own = await penalty('city1', '市罚1号', { fine: 50_000 })
    await penalty('province1', '省罚1号', { fine: 50_000 })
    const path = join(folder, 'upload.csv')
    const row = (documentNo: string, authority: string, fine: number) =>
      `${uscc},示例公司,${documentNo},普通程序,生产不符合国家标准的产品,罚款,罚款。,${fine},2026-11-02,${authority},2026-11-10,严重`
    const head =
      '统一社会信用代码,企业名称,行政处罚决定书文号,处罚程序,违法行为类型,处罚种类,处罚内容,罚款金额,处罚决定日期,处罚机关,公示日期,违法程度'
    writeFileSync(path, [head, row('市罚1号', '石家庄市局', 100), row('省罚1号', '省局', 100)].join('\n'))
    const kind = registry.catalogue.kind('penalty')
    if (!kind) throw new Error('no penalties')
    const { actor } = by('city1')
    const counts: Record<string, number>[] = []
    const faults: string[] = []
    await runImport({
      path,
      kind,
      actor,
      since: newId(),
      command: 'import/1',
      mending: nothingMended,
      writer,
      views,
      catalogue: registry.catalogue,
      now: clock.now,
      newId,
      consequences: () => [],
      onProgress: async ({ counts: now, bad }) => {
        counts.push({ ...now })
        faults.push(...bad.flatMap(({ faults: found }) => found.map(({ detail }) => detail)))
      },
    })
    t.match(counts.at(-1), { rows: 2, proposed: 1, failed: 1, updated: 0 })
    t.match(faults.join(), /属省局/)
    t.same(
      file().records.map(({ data }) => data.fine),
      [50_000, 50_000],
    )
    t.match(file().proposals, [
      { act: 'update-record', on: { id: own }, status: 'open', why: /改动了罚款金额/ },
    ])
    await registry.acts.confirm(file().proposals?.[0]?.id ?? '', by('city2'))
    t.equal(file().records[0]?.data.fine, 100)
  },
)

t.test('a record in another authority’s name is theirs to confirm, and nobody sees it before', async (t) => {
  const { registry, attempt, settle, file, by } = await bureau(t)
  const recorded = (documentNo: string, authority: string, more: Record<string, unknown> = {}) => ({
    type: 'penalty',
    data: penaltyOf(documentNo, { authority, publishedOn: '2026-11-10', decidedOn: '2026-11-02', ...more })
      .data,
  })
  const add = (person: Person, input: object) => attempt(person, 'add-record', { code: key }, input)
  for (const [person, authority, was] of [
    ['county1', '长安区局', 'done'],
    ['county1', '石家庄市局', 'proposed'],
    ['county1', '省局', 'proposed'],
    ['county1', '桥西区局', 'proposed'],
    ['county1', '税务局', 'done'],
    ['city1', '长安区局', 'done'],
    ['city1', '省局', 'proposed'],
    ['province1', '唐山市局', 'done'],
    ['neighbour', '桥西区局', 'forbidden'],
  ] as const)
    t.equal(
      (await add(person, recorded(`${person}${authority}`, authority))).was,
      was,
      `${person} ${authority}`,
    )
  t.equal(file().records.length, 4)
  t.notMatch(
    JSON.stringify((await registry.files.page(registry.files.headOf(key), { isPrint: false })).page),
    /county1省局|city1省局/,
  )

  const asked = await add('county1', recorded('省罚9号', '省局'))
  t.match(asked.outcome?.proposal, { why: /以省局的名义登记，须由省局或者其上级确认/ })
  t.match(await add('city1', recorded('省罚9号', '省局')), { was: 'exists', why: /正在等待/ }, 'once')
  for (const person of ['county1', 'county2', 'city1', 'neighbour', 'elsewhere'] as const)
    t.match(await settle(person, asked.outcome ?? {}), { was: 'forbidden' }, person)
  t.match((await settle('county2', asked.outcome ?? {})).why, /属省局/, 'whose it is')
  t.equal((await settle('province1', asked.outcome ?? {})).was, 'done')
  const { id = '', made } = file().records.at(-1) ?? {}
  t.match(made, {
    owner: registry.authorities.all().find(({ name }) => name === '省局')?.id,
    authority: '长安区局',
  })
  t.equal(
    (await attempt('county1', 'update-record', { code: key, id }, { data: { remark: '改' } })).was,
    'forbidden',
  )
  const ofNeighbour = file().proposals?.find(({ on }) => on.id === 'penalty:county1桥西区局')
  t.equal(
    (await settle('neighbour', { ...(ofNeighbour && { proposal: ofNeighbour }) })).was,
    'done',
    'wherever the firm is',
  )
  await registry.acts.addRecord(
    key,
    'penalty',
    recorded('市罚9号', '石家庄市局').data,
    undefined,
    by('city2'),
  )
  const late = file().proposals?.find(({ on }) => on.id === 'penalty:county1石家庄市局')
  t.equal((await settle('city1', { ...(late && { proposal: late }) })).was, 'done', 'others stand beside it')
})

t.test('what a procedure decides is entered by nobody, an outcome that voids a record by two', async (t) => {
  const { attempt, settle, file } = await bureau(t)
  const add = (type: string, data: object) => attempt('city1', 'add-record', { code: key }, { type, data })
  const own = (no: string, more: Record<string, unknown>) =>
    penaltyOf(no, { authority: '石家庄市局', decidedOn: '2026-10-01', ...more }).data
  const ended = await add('penalty', own('一', { publicationEndsOn: '2026-11-01' }))
  t.match(ended, { was: 'invalid', why: /提前停止公示/ })
  for (const [outcome, was] of [
    ['变更', 'proposed'],
    ['撤销', 'proposed'],
    ['确认违法', 'proposed'],
    ['确认无效', 'proposed'],
    ['维持', 'done'],
  ] as const)
    t.equal(
      (await add('penalty', own(outcome, { reviewOutcome: outcome, reviewedOn: '2026-11-01' }))).was,
      was,
    )
  const test = { kind: '市级监督抽查', inspectedOn: '2026-10-01', authority: '石家庄市局', outcome: '不合格' }
  const reversed = await add('inspection', { ...test, retest: '改变原结论' })
  t.equal(reversed.was, 'proposed')
  t.equal((await settle('city2', reversed.outcome ?? {})).was, 'done')
  t.equal((await add('inspection', { ...test, reportNo: '2', deliveredOn: '2026-10-02' })).was, 'done')
  t.equal(file().records.length, 3)
})
