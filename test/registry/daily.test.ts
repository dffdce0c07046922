import t from 'tap'
import { catalogue } from '../../src/records/catalogue.ts'
import { Conflict } from '../../src/register/register.ts'
import { runDaily } from '../../src/registry/daily.ts'
import { penaltyOf, testRegistry } from '../support.ts'

/** What the daily job appends, day by day: on the day itself, not the day before, once; what was missed, in its order. */

const author = { authority: '省局', officer: '甲' }
const about = (subject: string, kind: string, payload: unknown) => ({
  subject,
  kind,
  payload,
  visibility: 'public' as const,
  author,
})
const opened = (key: string) =>
  about(key, 'enterprise.opened', { data: { name: `示例公司${key}`, region: '130102', status: '存续' } })
const record = (key: string, id: string, type: string, data: object) =>
  about(key, 'record.added', { id: `${key}-${id}`, type, data })
const licensed = (key: string, validTo: string) =>
  record(key, '许可', 'licence', {
    kind: '全国工业产品生产许可证',
    number: `${key}号`,
    product: '电线电缆',
    authority: '省局',
    issuedOn: '2026-01-10',
    validTo,
    status: '有效',
  })
/** A penalty that is shown for three months from a day on. */
const shown = (key: string, publishedOn: string) =>
  record(
    key,
    '罚',
    'penalty',
    penaltyOf(`${key}罚`, { fine: 1_000, publishedOn, decidedOn: '2026-11-02' }).data,
  )
/** A case that is decided and not published. */
const decided = (key: string, publishBy: string, until: string) => [
  about(key, 'listing.proposed', {
    case: `${key}-案`,
    ruleSet: { id: 'order-44', version: 2 },
    ground: 'unsafe-product',
    penalties: [`${key}-罚`],
    facts: '',
    reasons: '',
    by: 'x',
  }),
  about(key, 'listing.decided', {
    case: `${key}-案`,
    listed: true,
    decisionNo: '1号',
    decidedOn: '2026-11-24',
    reasons: '',
    measures: [],
    listing: {
      ground: '',
      basis: '',
      until,
      publishBy,
      certain: true,
      repair: { from: '2027-11-24', how: '', conditions: [] },
    },
    by: 'x',
  }),
]

t.test('each day brings its own, once; after a stop all of it, in order', async (t) => {
  for (const isStopped of [false, true]) {
    const { clock, writer, views, register } = await testRegistry(t)
    const parts = { writer, views, catalogue, now: clock.now }
    const firms = ['TEST00001', 'TEST00002', 'TEST00003', 'TEST00004', 'TEST00005']
    const [first = '', second = '', third = '', fourth = '', fifth = ''] = firms
    await writer.append({
      drafts: [
        ...firms.map(opened),
        shown(first, '2026-12-01'),
        licensed(second, '2026-11-30'),
        shown(second, '2026-11-24'),
        shown(third, '2026-11-24'),
        ...decided(third, '2026-12-02', isStopped ? '2029-11-24' : '2026-12-05'),
        shown(fourth, '2026-12-02'),
        licensed(fourth, '2027-02-28'),
        licensed(fifth, '2026-12-01'),
      ],
      command: 'test',
    })
    const before = await register.head()
    const brought = async (day: string) => {
      clock.set(`${day}T02:00:00.000Z`)
      const count = await runDaily(parts, 2)
      t.equal(await runDaily(parts, 2), 0, `${day}: once`)
      return count
    }
    const days: [day: string, count: number][] = [
      ['2026-11-24', 0],
      ['2026-11-30', 0],
      ['2026-12-01', 2],
      ['2026-12-02', 3],
      ['2026-12-04', 0],
      ['2026-12-05', 1],
      ['2027-02-23', 0],
      ['2027-02-24', 2],
      ['2027-02-28', 0],
      ['2027-03-01', 2],
      ['2027-03-02', 1],
    ]
    if (isStopped) t.equal(await brought('2027-03-02'), 10)
    else for (const [day, count] of days) t.equal(await brought(day), count, day)
    const entries = await register.read(before, 100)
    const of = (key: string) =>
      entries
        .filter(({ subject }) => subject === key)
        .map(({ kind, payload }) => {
          const { id, case: own, on, from } = Object(payload)
          return `${kind} ${id ?? own} ${on ?? from}`
        })
    t.same(of(first), [
      `record.published ${first}-罚 2026-12-01`,
      `record.unpublished ${first}-罚 2027-03-01`,
    ])
    t.same(of(second), [
      `record.expired ${second}-许可 2026-12-01`,
      `record.unpublished ${second}-罚 2027-02-24`,
    ])
    t.same(
      of(fourth),
      [
        `record.published ${fourth}-罚 2026-12-02`,
        `record.expired ${fourth}-许可 2027-03-01`,
        `record.unpublished ${fourth}-罚 2027-03-02`,
      ],
      'whatever order they stand in the file',
    )
    t.same(of(fifth), [`record.expired ${fifth}-许可 2026-12-02`])
    t.ok(of(third).includes(`listing.published ${third}-案 2026-11-24`))
    t.equal(of(third).includes(`listing.removed ${third}-案 2026-12-05`), !isStopped)
  }
})

t.test('a file that moved on meanwhile is left for the next run; any other fault is told', async (t) => {
  const { clock, writer, views } = await testRegistry(t)
  const keys = ['TEST00001', 'TEST00002', 'TEST00003']
  const drafts = keys.flatMap((key) => [opened(key), shown(key, '2026-12-01')])
  await writer.append({ drafts, command: 'test' })
  clock.set('2026-12-01T02:00:00.000Z')
  const failing = (error: Error) => {
    const own = Object.create(writer)
    own.append = () => Promise.reject(error)
    return { writer: own, views, catalogue, now: clock.now }
  }
  // What is left is still due, and no other file is held up by it, nor is it tried again in the same run.
  const tried: string[] = []
  const moving = Object.create(writer)
  moving.append = ({ drafts: [first] }: Parameters<typeof writer.append>[0]) => {
    tried.push(first?.subject ?? '')
    return Promise.reject(new Conflict('TEST00001', 1, 2))
  }
  for (const filesAStep of [1, 2, 3, 4]) {
    tried.length = 0
    t.equal(await runDaily({ writer: moving, views, catalogue, now: clock.now }, filesAStep), 0)
    t.same(tried, keys, `${filesAStep} at a time`)
  }
  await t.rejects(runDaily(failing(new Error('disk full'))), /disk full/)
  t.equal(await runDaily({ writer, views, catalogue, now: clock.now }), 3)
})

t.test('each file is looked at once, and what is appended presumes it as it stands', async (t) => {
  const { clock, writer, views } = await testRegistry(t)
  const keys = ['TEST00001', 'TEST00002', 'TEST00003', 'TEST00004']
  await writer.append({
    drafts: keys.flatMap((key) => [opened(key), shown(key, '2026-12-01')]),
    command: 'test',
  })
  clock.set('2026-12-01T02:00:00.000Z')
  const looked: string[] = []
  const dossier = views.dossier.bind(views)
  const asked: unknown[] = []
  const own = Object.create(writer)
  own.append = (append: Parameters<typeof writer.append>[0]) => {
    asked.push([...(append.expect ?? [])], append.drafts.length)
    return writer.append(append)
  }
  const revisions = keys.map((key) => [[key, views.dossier(key)?.revision]])
  views.dossier = (key: string) => {
    looked.push(key)
    return dossier(key)
  }
  t.equal(await runDaily({ writer: own, views, catalogue, now: clock.now }, 2), 4)
  t.same(looked, keys)
  t.same(
    asked,
    revisions.flatMap((expect) => [expect, 1]),
  )
})
