import t, { type Test } from 'tap'
import { addDays } from '../../src/calendar/dates.ts'
import { platformFace } from '../../src/dossier/platform-face.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Entry } from '../../src/register/entry.ts'
import { Follower, placeOf } from '../follower.ts'
import { fc } from '../properties.ts'
import { licenceOf, penaltyOf, type TestRegistry, testRegistry } from '../support.ts'

/** What no event may ever hold. */
const SECRET = '金丝雀'
const KEYS = ['M000100Y4', 'D2143569X']
const author = { authority: '长安区局', officer: `${SECRET}某` }
const decided = {
  listed: true,
  decisionNo: '列〔2026〕1号',
  decidedOn: '2026-01-05',
  reasons: SECRET,
  measures: ['加强监管'],
  by: SECRET,
  listing: {
    ground: '情形',
    basis: '依据',
    publishBy: '2026-02-01',
    certain: true,
    repair: { from: '2027-01-05', how: '申请', conditions: [] },
  },
}

const records = [
  licenceOf('XK-1', { remark: SECRET, applicationBasis: SECRET, validTo: '2026-08-01' }),
  penaltyOf('1号', { facts: '事实', caseNo: SECRET, remark: SECRET, decidedOn: '2026-01-10' }),
  penaltyOf('2号', { types: ['警告'], fine: undefined, conduct: SECRET }),
  penaltyOf('3号', { types: ['通报批评'], fine: undefined, publishedOn: '2026-02-01' }),
  {
    type: 'inspection',
    data: {
      kind: '省级监督抽查',
      inspectedOn: '2026-01-10',
      authority: '省局',
      outcome: '不合格',
      deliveredOn: '2026-01-20',
      findings: SECRET,
    },
  },
  {
    type: 'award',
    data: { kind: '著名商标', level: '省', grantedBy: '省局', grantedOn: '2026-01-01' },
  },
  { type: 'unknown-kind', data: { title: SECRET } },
]

type Op =
  | { do: 'fact'; file: number; kind: string; payload: (ids: Ids) => object }
  | { do: 'erase'; file: number; at: number }
  | { do: 'day'; days: number; daily: boolean }
  | { do: 'pull'; limit: number }

interface Ids {
  record: string
  rating: string
  case: string
  objection: string
  fresh: string
}

const one = fc.nat(2)
const fact = (kind: string, payload: (ids: Ids, pick: number) => object) =>
  fc
    .tuple(fc.nat(KEYS.length - 1), one)
    .map(([file, pick]): Op => ({ do: 'fact', file, kind, payload: (ids) => payload(ids, pick) }))

const ops = fc.array(
  fc.oneof(
    fact('enterprise.opened', () => ({ data: { name: '示例公司', legalRepresentative: '甲某' } })),
    fact('enterprise.changed', (_, pick) => ({ changes: { name: `示例${pick}公司`, region: '130102' } })),
    fact('enterprise.corrected', () => ({ changes: { address: '示例路' }, reason: SECRET })),
    { weight: 4, arbitrary: fact('record.added', ({ fresh }, pick) => ({ id: fresh, ...records[pick] })) },
    {
      weight: 2,
      arbitrary: fact('record.added', ({ fresh }, pick) => ({ id: fresh, ...records[pick + 3] })),
    },
    fact('record.added', ({ fresh }) => ({ id: fresh, ...records[6] })),
    fact('record.updated', ({ record }) => ({ id: record, changes: { remark: SECRET } })),
    fact('record.updated', ({ record }) => ({ id: record, changes: { content: '罚款五万元。' } })),
    fact('record.corrected', ({ record }) => ({
      id: record,
      changes: { authority: '市局' },
      reason: SECRET,
    })),
    fact('record.withdrawn', ({ record }) => ({ id: record, reason: SECRET })),
    fact('enterprise.withdrawn', () => ({ reason: SECRET })),
    fact('rating.issued', ({ fresh, record }, pick) => ({
      id: fresh,
      standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
      on: '2026-01-05',
      grade: ['A', 'B', null][pick],
      points: 90,
      items: [{ id: 'x', rule: '规则', points: 1, records: [record] }],
      limits: [],
      adjusted: { from: 'A', reason: SECRET },
    })),
    fact('rating.revoked', ({ rating }) => ({ id: rating, reason: SECRET })),
    fact('listing.proposed', ({ fresh, record }) => ({
      case: fresh,
      ruleSet: { id: 'order-44', version: 2 },
      ground: 'unsafe-product',
      penalties: [record],
      facts: SECRET,
      reasons: SECRET,
      by: SECRET,
    })),
    fact('listing.decided', ({ case: id }) => ({ case: id, ...decided })),
    fact('listing.published', ({ case: id }) => ({ case: id, from: '2026-01-05', until: '2026-07-05' })),
    fact('listing.removed', ({ case: id }) => ({
      case: id,
      on: '2026-03-01',
      cause: 'revoked',
      reason: SECRET,
    })),
    fact('objection.filed', ({ fresh, record }) => ({
      id: fresh,
      about: { kind: 'record', id: record },
      on: '2026-01-06',
      grounds: SECRET,
      dueOn: '2026-01-09',
      certain: true,
    })),
    fact('objection.settled', ({ objection }) => ({
      id: objection,
      on: '2026-01-07',
      upheld: false,
      outcome: SECRET,
    })),
    fact('note.added', ({ fresh }) => ({ id: fresh, text: SECRET })),
    fact('something.later', () => ({ text: SECRET })),
    fc.record({ do: fc.constant('erase' as const), file: fc.nat(1), at: fc.nat(30) }),
    fc.record({
      do: fc.constant('day' as const),
      days: fc.integer({ min: 1, max: 60 }),
      daily: fc.boolean(),
    }),
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('pull' as const), limit: fc.constantFrom(1, 2, 3, 100) }),
    },
  ),
  { minLength: 5, maxLength: 60 },
)

/** What the platform should hold: the face of every file, cut today. */
function faces({ views, clock }: TestRegistry): string[] {
  const today = clock.now().toISOString().slice(0, 10)
  return KEYS.flatMap((key) => {
    const dossier = views.dossier(key)
    const things = (dossier && platformFace(dossier, today, catalogue)?.things) ?? []
    return things.map(
      ({ type, id, body }) => `${placeOf({ orgCode: key, type, id })} ${JSON.stringify(body)}`,
    )
  }).sort()
}

async function pull(
  { registry }: TestRegistry,
  follower: Follower,
  after: number,
  limit: number,
): Promise<number> {
  const { events, next } = await registry.feed.events(after, limit, 0, new AbortController().signal)
  if (events.some(({ json }) => json.includes(SECRET))) throw new Error('an event holds what it must not')
  follower.apply(events.map(({ json }) => JSON.parse(json)))
  return next
}

async function all(parts: TestRegistry): Promise<string[]> {
  const { events, next } = await parts.registry.feed.events(0, 100_000, 0, new AbortController().signal)
  if (next !== (await parts.register.head())) throw new Error('next does not reach the head')
  return events.map(({ json }) => json)
}

async function run(t: Test, list: readonly Op[]): Promise<void> {
  const parts = await testRegistry(t)
  const { writer, clock, registry, register } = parts
  clock.set('2026-01-05T02:00:00.000Z')
  let day = '2026-01-05'
  let fresh = 0
  let position = 0
  const follower = new Follower()
  const histories = new Map<string, Entry[]>(KEYS.map((key) => [key, []]))
  const append = async (key: string, kind: string, payload: object, erases: readonly number[] = []) => {
    fresh += 1
    // As the registry has it: what none but officers may ever see is internal, and nobody is told anew when it is erased.
    const isInternal = /^(note|change)\.|^listing\.(proposed|noticed|stated)$/.test(kind)
    const visibility = isInternal ? ('internal' as const) : ('platform' as const)
    const draft = { subject: key, kind, payload, visibility, author }
    const request = { drafts: [draft], command: `t/${fresh}`, erases }
    const { entries } = await writer.append(request)
    histories.get(key)?.push(...entries)
  }
  for (const key of KEYS) await append(key, 'enterprise.opened', { data: { name: '示例公司' } })
  for (const op of list) {
    if (op.do === 'pull') position = await pull(parts, follower, position, op.limit)
    else if (op.do === 'day') {
      day = addDays(day, op.days)
      clock.set(`${day}T02:00:00.000Z`)
      if (op.daily) await registry.runDaily()
    } else {
      const key = KEYS[op.file % KEYS.length] ?? ''
      const dossier = parts.views.dossier(key)
      if (op.do === 'erase') {
        const history = histories.get(key) ?? []
        const erased = history[op.at % history.length]
        // The opening of a file is no text of a case.
        if (erased && erased.kind !== 'enterprise.opened')
          await append(key, 'payload.erased', { positions: [erased.seq], reason: SECRET }, [erased.seq])
        continue
      }
      const isOpening = op.kind === 'enterprise.opened'
      if (isOpening !== (dossier?.withdrawn !== undefined)) continue
      await append(
        key,
        op.kind,
        op.payload({
          record: dossier?.records.at(-1)?.id ?? '',
          rating: dossier?.ratings.at(-1)?.id ?? '',
          case: dossier?.cases.at(-1)?.id ?? '',
          objection: dossier?.objections.at(-1)?.id ?? '',
          fresh: `id${fresh}`,
        }),
      )
    }
  }
  await registry.runDaily()
  position = await pull(parts, follower, position, 100_000)
  if (position !== (await register.head())) throw new Error('the feed does not reach the head')
  const should = faces(parts)
  const same = (held: readonly string[], what: string) => {
    if (JSON.stringify(held) !== JSON.stringify(should))
      throw new Error(`${what}: ${JSON.stringify(held, null, 1)} is not ${JSON.stringify(should, null, 1)}`)
  }
  same(follower.all, 'who pulled on the way')
  const late = new Follower()
  await pull(parts, late, 0, 100_000)
  same(late.all, 'who began late')
  const before = await all(parts)
  await writer.rebuild()
  if (JSON.stringify(await all(parts)) !== JSON.stringify(before))
    throw new Error('a rebuild tells otherwise')
}

t.test(
  'whoever applies the events in order holds exactly what the platform may see, through erasures, days and rebuilds',
  { timeout: 240_000 },
  async (t) => {
    await fc.assert(
      fc.asyncProperty(ops, (list) => run(t, list)),
      { numRuns: 40 },
    )
    t.pass()
  },
)
