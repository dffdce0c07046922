import { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { actsForHindrance, decidingOf } from '../authority/administration.ts'
import { keySubject, type Scope, scopes } from '../authority/keys.ts'
import { RIGHT_WORDS } from '../authority/rights.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { Draft } from '../register/entry.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { severalOf } from './input.ts'
import { proposal } from './proposing.ts'
import type { ActSituation } from './situation.ts'

/** Gives a key rights that it does not have yet; deciding ones take a second administrator. */
export const grantScopesAct = act({
  name: 'grant-scopes',
  label: '给予密钥权限',
  on: 'key',
  input: z.strictObject({ scopes: severalOf('权限', scopes, '作决定的权限须第二名管理员确认') }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/keys/:id/scopes', answer: 'key' },
  isGrave: true,
  second: (_, { scopes: given }, at) => whySecond(isTrusted(at.actor) ? [] : decidingOf(given)),
  secondRight: 'officers:write',
  closed: ({ own }) => (own.revokedAt === undefined ? undefined : '该密钥已停用。'),
  choices: ({ own }) => ({
    scopes: scopes
      .filter((scope) => !own.scopes.includes(scope))
      .map((value) => ({ value, label: `${RIGHT_WORDS[value]}（${value}）` })),
  }),
  decide(on, { scopes: given }, at) {
    const { own } = on
    if (own.revokedAt !== undefined) throw new Refusal('gone', '该密钥已停用。')
    const held = [...own.scopes, ...given.filter((scope) => !own.scopes.includes(scope))]
    const officer = own.actsFor === undefined ? undefined : at.outside.standing.officer(own.actsFor)
    const why = officer && !isTrusted(at.actor) ? actsForHindrance(held, officer.roles) : undefined
    if (why !== undefined) throw invalid('/scopes', 'beyond', why)
    return one(on, at, 'key.changed', { scopes: held })
  },
})

/** What puts the deciding rights of a new key forward. */
export function scopesWaiting(id: string, given: readonly Scope[], at: ActSituation): Draft[] {
  const why = whySecond(given)
  if (why === undefined) return []
  const asked = { act: 'grant-scopes', on: { id }, input: { scopes: [...given] }, saw: 0, why }
  return [proposal(keySubject(id), asked, at)]
}

function whySecond(given: readonly Scope[]): string | undefined {
  return given.length === 0 ? undefined : `${given.join('、')} 须由第二名管理员确认`
}
