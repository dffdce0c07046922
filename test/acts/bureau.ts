import type { Test } from 'tap'
import type { Scope } from '../../src/authority/keys.ts'
import type { Address } from '../../src/authority/proposal.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import type { Outcome } from '../../src/registry/acts.ts'
import { penaltyOf, testServer, unifiedCode } from '../support.ts'

export const uscc = unifiedCode('ACTE0001')
export const key = uscc.slice(8, 17)

const everything: readonly Scope[] = [
  'records:write',
  'listings:write',
  'listings:decide',
  'ratings:approve',
  'records:read',
]

/** People of a province, two cities, and two counties of the first, each with every right that a desk gives. */
export const people = {
  province1: { authority: '省局', officer: '省甲' },
  province2: { authority: '省局', officer: '省乙' },
  city1: { authority: '石家庄市局', officer: '市甲' },
  city2: { authority: '石家庄市局', officer: '市乙' },
  county1: { authority: '长安区局', officer: '县甲' },
  county2: { authority: '长安区局', officer: '县乙' },
  neighbour: { authority: '桥西区局', officer: '邻县' },
  elsewhere: { authority: '唐山市局', officer: '外市' },
} as const
export type Person = keyof typeof people

/** A registry with authorities of three levels, people at each, and a firm in 长安区 with a penalty of each level. */
export async function bureau(t: Test) {
  const server = await testServer(t)
  const { registry } = server
  const author = { authority: '系统管理', officer: '命令行' }
  const province = await registry.authorities.open({ name: '省局' }, author)
  const city = await registry.authorities.open(
    { name: '石家庄市局', region: '130100', above: province.id },
    author,
  )
  await registry.authorities.open({ name: '唐山市局', region: '130200', above: province.id }, author)
  await registry.authorities.open({ name: '长安区局', region: '130102', above: city.id }, author)
  await registry.authorities.open({ name: '桥西区局', region: '130104', above: city.id }, author)
  const ids = new Map<Person, string>()
  for (const [name, { authority, officer }] of Object.entries(people) as [
    Person,
    (typeof people)[Person],
  ][]) {
    const { key: made } = await registry.keys.create(
      { name: officer, authority, scopes: [...everything], actsFor: name },
      author,
    )
    ids.set(name, `key/${made.id}`)
  }
  let n = 0
  const by = (person: Person) => {
    n += 1
    return { actor: { ...people[person], id: ids.get(person) ?? '' }, command: `${ids.get(person)}/${n}` }
  }
  await registry.acts.open({ codes: { uscc }, data: { name: '示例公司', region: '130102' } }, by('county1'))
  const penalty = async (person: Person, documentNo: string, more: Record<string, unknown> = {}) => {
    const { data } = penaltyOf(documentNo, {
      authority: people[person].authority,
      severity: '严重',
      decidedOn: '2026-11-02',
      publishedOn: '2026-11-10',
      ...more,
    })
    const { recordId = '' } = await registry.acts.addRecord(key, 'penalty', data, undefined, by(person))
    return recordId
  }
  /** What an act comes to: done, put forward, or refused and why. */
  const attempt = async (person: Person, act: string, on: Address, input: unknown) => {
    try {
      const outcome = await registry.acts.perform(registry.acts.named(act), on, input, by(person))
      return { was: outcome.proposal ? ('proposed' as const) : ('done' as const), outcome, why: '' }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { was: error.reason, outcome: undefined, why: error.title }
    }
  }
  const settle = async (person: Person, { proposal }: Pick<Outcome, 'proposal'>, reason?: string) => {
    try {
      const id = proposal?.id ?? ''
      if (reason === undefined) await registry.acts.confirm(id, by(person))
      else await registry.acts.refuse(id, reason, by(person))
      return { was: 'done', why: '' }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { was: error.reason, why: error.title }
    }
  }
  const file = () => registry.files.byCode(key)
  /** The firm moves to another city: the province says so, with a second person where that takes one. */
  const moveAway = async () => {
    const moved = { enterprise: { region: '130202' } }
    const { was, outcome = {} } = await attempt('province1', 'change-file', { code: key }, moved)
    if (was === 'proposed') await settle('province2', outcome)
  }
  return { ...server, by, ids, author, penalty, attempt, settle, file, moveAway }
}
