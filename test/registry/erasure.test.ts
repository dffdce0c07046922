import t, { type Test } from 'tap'
import { removalCauses } from '../../src/dossier/case-entries.ts'
import { Conflict } from '../../src/register/register.ts'
import { eraseAllEnded, eraseEnded } from '../../src/registry/erasure.ts'
import { penaltyOf, testRegistry } from '../support.ts'

/** Which texts go when a case ends: those of this case, of objections to it, of what was put forward about either; no others. */

const author = { authority: '省局', officer: '甲' }
const about = (subject: string, kind: string, payload: unknown) => ({
  subject,
  kind,
  payload,
  visibility: 'internal' as const,
  author,
})
const WRONG = ['revoked', 'annulled'] as const

/** A firm with the cases 一 and 二, both on the list, objected to, and proposals about each; one objection to a penalty. */
function firm(key: string) {
  const ofCase = (id: string, penalty: string) => {
    const objection = `${key}异议${id}`
    const own = `${key}${id}`
    return [
      about(key, 'listing.proposed', {
        case: own,
        ruleSet: { id: 'order-44', version: 2 },
        ground: 'unsafe-product',
        penalties: [`${key}${penalty}`],
        facts: `案${id}`,
        reasons: `案${id}`,
        by: 'x',
      }),
      about(key, 'objection.filed', objected(objection, 'case', own, `案${id}异议`)),
      about(key, 'act.proposed', proposed(`${key}提请${id}`, own, `案${id}提请`)),
      about(key, 'act.proposed', proposed(`${key}再提请${id}`, objection, `案${id}异议提请`)),
      about(key, 'listing.published', { case: own, from: '2026-03-10', until: '2029-03-10' }),
    ]
  }
  return [
    about(key, 'enterprise.opened', { data: { name: `示例公司${key}`, region: '130102', status: '存续' } }),
    ...['罚一', '罚二'].map((id) =>
      about(key, 'record.added', { id: `${key}${id}`, type: 'penalty', data: penaltyOf(id).data }),
    ),
    about(key, 'objection.filed', objected(`${key}异议罚`, 'record', `${key}罚一`, '处罚异议')),
    about(key, 'act.proposed', proposed(`${key}提请罚`, `${key}罚一`, '处罚提请')),
    about(key, 'act.proposed', { ...proposed(`${key}提请档`, '', '档案提请'), on: { code: key } }),
    ...ofCase('一', '罚一'),
    ...ofCase('二', '罚二'),
  ]
}
const objected = (id: string, kind: string, of: string, grounds: string) => ({
  id,
  about: { kind, id: of },
  on: '2026-03-10',
  grounds,
  dueOn: '2026-03-13',
  certain: true,
})
const proposed = (id: string, of: string, reason: string) => ({
  id,
  act: 'revoke-listing',
  on: { code: 'x', id: of },
  input: { reason },
  saw: 0,
  why: '公示',
  by: 'x',
})
const removed = (key: string, id: string, cause: string) =>
  about(key, 'listing.removed', { case: `${key}${id}`, on: '2026-11-24', cause, reason: `案${id}移出` })

async function register(t: Test, drafts: ReturnType<typeof about>[]) {
  const parts = await testRegistry(t)
  let commands = 0
  const append = async (more: ReturnType<typeof about>[]) => {
    commands += 1
    await parts.writer.append({ drafts: more, command: `test/${commands}` })
  }
  await append(drafts)
  /** What is left of some texts. */
  const left = async (key: string, texts: readonly string[]) => {
    const all = JSON.stringify((await parts.register.history(key)).map(({ payload }) => payload))
    return texts.filter((text) => all.includes(`"${text}"`))
  }
  return { ...parts, append, left }
}
const OF_ONE = ['案一', '案一异议', '案一提请', '案一异议提请', '案一移出']
const OTHERS = ['处罚异议', '处罚提请', '档案提请', '案二', '案二异议', '案二提请', '案二异议提请']

t.test(
  'a wrong or annulled listing goes with all that was said of it, one that ran its course stays',
  async (t) => {
    const keyOf = (cause: string) => `TEST${(removalCauses as readonly string[]).indexOf(cause)}0001`
    const parts = await register(
      t,
      removalCauses.flatMap((cause) => [...firm(keyOf(cause)), removed(keyOf(cause), '一', cause)]),
    )
    for (const cause of removalCauses) {
      const key = keyOf(cause)
      await eraseEnded(parts, key)
      const isWrong = WRONG.some((known) => known === cause)
      t.same(await parts.left(key, OF_ONE), isWrong ? [] : OF_ONE, cause)
      t.same(await parts.left(key, OTHERS), OTHERS, `${cause}: the other case, penalty and file keep theirs`)
      const last = (await parts.register.history(key)).at(-1)
      t.equal(last?.kind === 'payload.erased', isWrong, cause)
      t.same(
        parts.views.dossier(key)?.cases.map(({ id }) => id),
        isWrong ? [`${key}二`] : [`${key}一`, `${key}二`],
      )
      await eraseEnded(parts, key)
      t.equal((await parts.register.history(key)).at(-1)?.seq, last?.seq, `${cause}: once`)
    }
    await eraseEnded(parts, 'NOTHING00')
  },
)

t.test('a second wrong case goes after the first', async (t) => {
  const key = 'TEST00001'
  const parts = await register(t, [...firm(key), removed(key, '一', 'revoked')])
  await eraseEnded(parts, key)
  await parts.append([removed(key, '二', 'annulled')])
  await eraseEnded(parts, key)
  t.same(await parts.left(key, [...OF_ONE, ...OTHERS]), ['处罚异议', '处罚提请', '档案提请'])
})

t.test(
  'what a stop left is erased by the daily job, of any cause and of every firm, others not',
  async (t) => {
    const keys = Array.from({ length: 5 }, (_, i) => `TEST${String(i).padStart(5, '0')}`)
    const slight = (key: string) =>
      firm(key).filter(
        ({ kind, payload }) => kind === 'enterprise.opened' || Object(payload).case === `${key}一`,
      )
    const parts = await register(t, [
      ...keys.flatMap((key, i) => [...slight(key), removed(key, '一', i === 4 ? 'annulled' : 'revoked')]),
      ...slight('KEPT00001'),
      removed('KEPT00001', '一', 'expired'),
    ])
    await eraseAllEnded(parts, 2)
    for (const key of keys) t.same(await parts.left(key, OF_ONE), [], key)
    t.equal(parts.views.cases({ status: 'removed/revoked' }, '', 10).length, 0)
    t.same(await parts.left('KEPT00001', OF_ONE), ['案一', '案一移出'])
  },
)

/** Parts whose writer refuses the first few appends, and what it was asked for. */
function refusing(parts: Awaited<ReturnType<typeof register>>, key: string, times: number, error?: Error) {
  const asked: unknown[] = []
  const own = Object.create(parts.writer)
  own.catchUp = async () => asked.push('catch up')
  own.append = async (append: Parameters<typeof parts.writer.append>[0]) => {
    asked.push(append)
    if (asked.filter((one) => one !== 'catch up').length <= times) throw error ?? new Conflict(key, 1, 2)
    return parts.writer.append(append)
  }
  return { asked, parts: { ...parts, writer: own } }
}

t.test('a file that others write into is tried five times, each on what stands by then', async (t) => {
  const key = 'TEST00001'
  for (const [times, appends, isErased] of [
    [0, 1, true],
    [1, 2, true],
    [4, 5, true],
    [5, 5, false],
  ] as const) {
    const parts = await register(t, [...firm(key), removed(key, '一', 'revoked')])
    const told = refusing(parts, key, times)
    await eraseEnded(told.parts, key)
    const revision = firm(key).length + 1
    const expected = Array.from({ length: appends }, () => ({
      drafts: [{ subject: key, kind: 'payload.erased' }],
      expect: new Map([[key, revision]]),
    }))
    t.match(
      told.asked.filter((one) => one !== 'catch up'),
      expected,
      `${times} refused`,
    )
    t.same(
      told.asked.map((one) => (one === 'catch up' ? one : 'append')),
      Array.from({ length: 2 * appends - 1 }, (_, i) => (i % 2 ? 'catch up' : 'append')),
      `${times} refused: the views are brought up to the register between two of them`,
    )
    t.same(await parts.left(key, OF_ONE), isErased ? [] : OF_ONE, `${times} refused`)
  }
})

t.test('where nothing is to be erased, nothing is asked of the register', async (t) => {
  const key = 'TEST00001'
  const { asked, parts } = refusing(await register(t, [...firm(key), removed(key, '一', 'expired')]), key, 0)
  await eraseEnded(parts, key)
  await eraseEnded(parts, 'NOTHING00')
  t.same(asked, [])
})

t.test('a file that moved on meanwhile is left for the next run; any other fault is told', async (t) => {
  const key = 'TEST00001'
  const parts = await register(t, [...firm(key), removed(key, '一', 'revoked')])
  const full = refusing(parts, key, 1, new Error('disk full'))
  await t.rejects(eraseEnded(full.parts, key), /disk full/)
  t.equal(full.asked.length, 1, 'once')
  await eraseEnded(refusing(parts, key, 9).parts, key)
  t.same(await parts.left(key, OF_ONE), OF_ONE)
  await eraseEnded(parts, key)
  t.same(await parts.left(key, OF_ONE), [])
})
