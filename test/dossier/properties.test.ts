import t from 'tap'
import { type Dossier, fold } from '../../src/dossier/dossier.ts'
import { type HeldThing, tell } from '../../src/dossier/events.ts'
import { fileJson, officerFile, publicFace } from '../../src/dossier/face.ts'
import { type Moment, publicGround, publicPast, type Stretches } from '../../src/dossier/past.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Entry } from '../../src/register/entry.ts'
import { fc } from '../properties.ts'
import { licenceOf, penaltyOf } from '../support.ts'

const TODAY = '2026-11-24'

/** Everything that must never reach the public bears this word. */
const SECRET = 'CANARY'

const ids = ['r1', 'r2', 'r3']
const id = fc.constantFrom(...ids)
const publicName = fc.constantFrom('示例甲公司', '示例乙公司', '示例丙公司')

const records = fc.constantFrom(
  licenceOf('XK-1', { remark: `${SECRET} remark`, applicationBasis: `${SECRET} basis` }),
  penaltyOf('1号', { publishedOn: '2026-10-20', caseNo: `${SECRET}1`, remark: SECRET }),
  penaltyOf(`${SECRET}警告`, { types: ['警告'], fine: undefined, conduct: `${SECRET} conduct` }),
  penaltyOf(`${SECRET}简易`, { procedure: '简易程序', conduct: `${SECRET} conduct` }),
  {
    type: 'inspection',
    data: {
      kind: '省级监督抽查',
      inspectedOn: '2026-11-20',
      authority: '省局',
      outcome: '不合格',
      deliveredOn: '2026-11-22',
      product: `${SECRET} too early`,
      findings: SECRET,
    },
  },
  { type: 'unknown-kind', data: { title: `${SECRET} of no kind` } },
)

const within = (stretches: Stretches, entries: readonly Entry[]) =>
  entries.filter(({ revision }) => stretches.some(([first, last]) => first <= revision && revision <= last))

const pastOf = (now: Dossier | undefined, entries: readonly Entry[], moment: Moment, day: string) => {
  const present = now && publicFace(now, TODAY, catalogue)
  return present && publicPast(present, publicGround(now, TODAY, catalogue), entries, moment, day, catalogue)
}

const reason = fc.constant(`${SECRET} reason`)

/** A rating whose items and limits name some records. */
const rating = ([id, items, limits]: [string, string[], string[]]) => ({
  id,
  standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
  on: '2026-11-01',
  grade: 'B',
  points: 80,
  items: items.map((record) => ({ id: record, rule: '扣分', points: -1, records: [record] })),
  limits: limits.map((record) => ({ id: record, rule: '限制', grade: 'C', records: [record] })),
})

/** Steps of a case, in an order that chance makes: proposed, decided, published, another basis, waiting, removed. */
const listing = [
  {
    kind: 'listing.proposed',
    payload: {
      ...{ case: 'c1', ruleSet: { id: 'order-44', version: 2 }, ground: 'unsafe-product', penalties: ids },
      ...{ facts: SECRET, reasons: SECRET, by: SECRET },
    },
  },
  {
    kind: 'listing.decided',
    payload: {
      ...{
        case: 'c1',
        listed: true,
        decisionNo: '1号',
        decidedOn: '2026-11-01',
        reasons: SECRET,
        by: SECRET,
      },
      measures: [],
      listing: {
        ...{ ground: '', basis: '', until: '2026-11-25', publishBy: '2026-11-30', certain: true },
        repair: { from: '2027-11-01', how: '', conditions: [] },
      },
    },
  },
  { kind: 'listing.published', payload: { case: 'c1', from: '2026-11-01', until: '2026-11-25' } },
  { kind: 'listing.basisChanged', payload: { case: 'c1', penalties: ['r1'], reason: SECRET } },
  {
    kind: 'listing.suspended',
    payload: {
      case: 'c1',
      changed: ['r1'],
      on: '2026-11-02',
      reason: SECRET,
      dueOn: '2026-12-02',
      certain: true,
    },
  },
  { kind: 'listing.removed', payload: { case: 'c1', on: '2026-11-20', cause: 'expired', reason: SECRET } },
]

const facts = fc.oneof(
  fc.record({
    kind: fc.constant('enterprise.changed'),
    payload: fc.record({
      changes: fc.record({ name: publicName, legalRepresentative: fc.constant(`${SECRET} person`) }),
    }),
  }),
  fc.record({
    kind: fc.constant('enterprise.corrected'),
    payload: fc.record({ changes: fc.record({ address: fc.constant('示例路') }), reason }),
  }),
  fc.record({
    kind: fc.constant('record.added'),
    payload: fc.tuple(id, records).map(([id, record]) => ({ id, ...record })),
  }),
  fc.record({
    kind: fc.constant('record.updated'),
    payload: fc.record({ id, changes: fc.record({ remark: fc.constant(SECRET) }) }),
  }),
  fc.record({
    kind: fc.constant('record.corrected'),
    payload: fc.record({ id, changes: fc.record({ authority: fc.constant('更正后的机关') }), reason }),
  }),
  fc.record({ kind: fc.constant('record.withdrawn'), payload: fc.record({ id, reason }) }),
  fc.record({ kind: fc.constant('enterprise.withdrawn'), payload: fc.record({ reason }) }),
  fc.record({
    kind: fc.constant('record.published'),
    payload: fc.record({ id, on: fc.constant('2026-11-01') }),
  }),
  fc.record({ kind: fc.constant('something.later'), payload: fc.constant({ text: SECRET }) }),
  // What rests on records, and shows or not with them.
  fc.record({
    kind: fc.constant('rating.issued'),
    payload: fc.tuple(fc.constantFrom('g1', 'g2', 'g3'), fc.subarray(ids), fc.subarray(ids)).map(rating),
  }),
  fc.record({
    kind: fc.constant('rating.revoked'),
    payload: fc.record({ id: fc.constantFrom('g1', 'g2', 'g3'), reason }),
  }),
  fc.record({
    kind: fc.constant('objection.filed'),
    payload: fc.record({
      id: fc.constantFrom('o1', 'o2'),
      about: fc.constantFrom(
        ...ids.map((id) => ({ kind: 'record', id })),
        { kind: 'rating', id: 'g1' },
        { kind: 'case', id: 'c1' },
      ),
      on: fc.constant('2026-11-01'),
      grounds: reason,
      dueOn: fc.constant('2026-11-06'),
      certain: fc.constant(true),
    }),
  }),
  fc.record({
    kind: fc.constant('objection.settled'),
    payload: fc.record({
      id: fc.constantFrom('o1', 'o2'),
      on: fc.constant('2026-11-02'),
      upheld: fc.boolean(),
      outcome: reason,
    }),
  }),
  fc.constantFrom(...listing),
  fc.record({
    kind: fc.constant('document.attached'),
    payload: id.map((record) => ({ record, text: '决定书', masked: 0, toldOn: '2026-11-01', by: SECRET })),
  }),
  fc.record({
    kind: fc.constant('document.reviewed'),
    payload: fc.record({ record: id, approved: fc.boolean(), reasons: reason, by: reason }),
  }),
)

/** Entries of one file, opened first; each record added once only. */
const history = fc.array(facts, { maxLength: 25 }).map((list): Entry[] => {
  const added = new Set<string>()
  const opening = {
    kind: 'enterprise.opened',
    payload: {
      uscc: '91350100M000100Y43',
      data: { name: '示例甲公司', status: '存续', legalRepresentative: `${SECRET} person` },
    },
  }
  const sound = list.filter(({ kind, payload }) => {
    if (kind !== 'record.added' || !('id' in payload)) return true
    const isNew = !added.has(payload.id)
    added.add(payload.id)
    return isNew
  })
  return [opening, ...sound].map(({ kind, payload }, i) => ({
    seq: i * 3 + 1,
    id: `e${i}`,
    subject: 'M000100Y4',
    revision: i + 1,
    kind,
    payload,
    salt: '',
    payloadDigest: '',
    visibility: 'internal',
    // Who rates and lists is told; who records is not.
    author: {
      authority: /^(rating|listing)\./.test(kind) ? '省局' : `${SECRET} authority`,
      officer: `${SECRET} officer`,
    },
    command: SECRET,
    recordedAt: new Date(Date.UTC(2026, 9, 25 + i)).toISOString(),
    digest: '',
    chain: '',
  }))
})

const DAY = '2026-11-20'

t.test('folding in two steps equals folding in one', async (t) => {
  fc.assert(
    fc.property(history, fc.nat(26), (entries, cut) => {
      const whole = fold(undefined, entries)
      const parts = fold(fold(undefined, entries.slice(0, cut)), entries.slice(cut))
      return JSON.stringify(whole) === JSON.stringify(parts)
    }),
    { numRuns: 300 },
  )
  t.pass()
})

t.test(
  'no internal field, no withdrawn text and no reason reaches the public face, now or of the past',
  async (t) => {
    fc.assert(
      fc.property(history, fc.nat(26), (entries, at) => {
        const dossier = fold(undefined, entries)
        const now = dossier && publicFace(dossier, TODAY, catalogue)
        const moment = { position: entries[Math.min(at, entries.length - 1)]?.seq ?? 1 }
        const past = pastOf(dossier, entries, moment, DAY)
        return [now, past].every((face) => face === undefined || !fileJson(face).includes(SECRET))
      }),
      { numRuns: 300 },
    )
    t.pass()
  },
)

/** Corrections after which a record shows, shows no more, stands elsewhere, or is as it was for the public. */
const corrections = fc.record({
  id: fc.constantFrom('x0', 'x1', 'x2', 'r1', 'r2'),
  changes: fc.constantFrom(
    { procedure: '简易程序' },
    { procedure: '普通程序' },
    { decidedOn: '2026-10-03', issuedOn: '2021-02-03', inspectedOn: '2026-01-02' },
    { publishedOn: '2026-11-25' },
    { remark: '备注' },
  ),
  reason: fc.constant('误'),
})

t.test(
  'a face that is grown from the one before, and what the platform is told by it, are those of the whole file',
  (t) => {
    let grown = 0
    fc.assert(
      fc.property(
        history,
        fc.array(fc.oneof(records, corrections), { maxLength: 9 }),
        fc.array(fc.nat(2), { minLength: 1 }),
        (past, added, days) => {
          const last = past.at(-1)
          const seq = last?.seq ?? 0
          const more = last
            ? added.map(
                (own, i): Entry => ({
                  ...last,
                  seq: seq + 1 + i,
                  revision: last.revision + 1 + i,
                  kind: 'type' in own ? 'record.added' : 'record.corrected',
                  payload: 'type' in own ? { id: `x${i}`, ...own } : own,
                }),
              )
            : []
          const entries = [...past, ...more]

          let dossier: Dossier | undefined
          let before: ReturnType<typeof publicFace>
          let things: readonly HeldThing[] = []
          for (const [i, entry] of entries.entries()) {
            dossier = fold(dossier, [entry])
            if (!dossier) continue
            const on = `2026-11-2${4 + (days[i % days.length] ?? 0)}`
            const anew = publicFace(dossier, on, catalogue)
            const next = publicFace(dossier, on, catalogue, before)
            if (before && next && next.enterprise === before.enterprise) grown += 1
            if ((anew && fileJson(anew)) !== (next && fileJson(next))) return false
            const isRestated = entry.kind === 'payload.erased'
            const known = tell(things, dossier, entry, catalogue, isRestated)
            const told = tell(structuredClone(things), dossier, entry, catalogue, isRestated)
            if (JSON.stringify(known) !== JSON.stringify(told)) return false
            before = next
            things = known.things
          }
          return true
        },
      ),
      { numRuns: 300 },
    )
    t.ok(grown > 30, `${grown} were`)
    t.end()
  },
)

t.test('the public’s past is that of its own entries alone', async (t) => {
  fc.assert(
    fc.property(history, (entries) => {
      const dossier = fold(undefined, entries)
      const present = dossier && publicFace(dossier, TODAY, catalogue)
      if (!present) return true
      const own = within(publicGround(dossier, TODAY, catalogue).told, entries)
      return entries.every(({ seq: position }) => {
        const [whole, told] = [entries, own].map((all) => pastOf(dossier, all, { position }, DAY))
        return (whole && fileJson(whole)) === (told && fileJson(told))
      })
    }),
    { numRuns: 200 },
  )
  t.pass()
})

t.test('what has been withdrawn or corrected away shows in no past either', async (t) => {
  fc.assert(
    fc.property(history, (entries) => {
      const dossier = fold(undefined, entries)
      const gone = new Set(dossier?.records.filter((record) => record.withdrawn).map((record) => record.id))
      return entries.every(({ seq }) => {
        const past = pastOf(dossier, entries, { position: seq }, TODAY)
        if (dossier?.withdrawn) return past === undefined
        return Object.values(past?.sections ?? {}).every((list) =>
          list.every((record) => !gone.has(record.id)),
        )
      })
    }),
    { numRuns: 200 },
  )
  t.pass()
})

t.test('officers see what the public does not', async (t) => {
  const entries = fc.sample(history, 200)
  const files = entries.flatMap((list) => fold(undefined, list) ?? [])
  const shown = files.filter((dossier: Dossier) =>
    fileJson(officerFile(dossier, TODAY, catalogue)).includes(SECRET),
  )
  t.ok(shown.length > 50, 'the canary lives where it may')
})
