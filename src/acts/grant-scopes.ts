import { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { byTwoOf, seesWhole } from '../authority/administration.ts'
import { keySubject, type Scope, scopes } from '../authority/keys.ts'
import { RIGHT_WORDS } from '../authority/rights.ts'
import type { Draft } from '../register/entry.ts'
import { mustActFor } from './accounts.ts'
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
  input: z.strictObject({
    scopes: severalOf('权限', scopes, '作决定的权限须第二名管理员确认，监察的由省级机关的管理员确认'),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/keys/:id/scopes', answer: 'key' },
  isGrave: true,
  leavesRoom: true,
  second: {
    when: '作决定、监察的权限和以他人名义的密钥',
    why: ({ own: { actsFor } }, { scopes: given }, at) =>
      whySecond(isTrusted(at.actor) ? [] : waitingOf(given, actsFor), actsFor),
  },
  secondOfProvince: (_, { scopes: given }) => seesWhole(given),
  secondRight: 'officers:write',
  closed: ({ own }) => (own.revokedAt === undefined ? undefined : '该密钥已停用。'),
  choices: ({ own }) => ({
    scopes: scopes
      .filter((scope) => !own.scopes.includes(scope))
      .map((value) => ({ value, label: `${RIGHT_WORDS[value]}（${value}）` })),
  }),
  decide(on, { scopes: given }, at) {
    const { own } = on
    const held = [...own.scopes, ...given.filter((scope) => !own.scopes.includes(scope))]
    if (own.actsFor !== undefined) mustActFor(own.actsFor, { account: on.subject, ...own, scopes: held }, at)
    return one(on, at, 'key.changed', { scopes: held })
  },
})

/** The rights that wait for a second administrator: those that nobody gives alone, and all of a key that acts for somebody. */
export function waitingOf(given: readonly Scope[], actsFor: string | undefined): readonly Scope[] {
  return actsFor === undefined ? byTwoOf(given) : given
}

/** What puts the rights of a new key forward. */
export function scopesWaiting(
  id: string,
  given: readonly Scope[],
  actsFor: string | undefined,
  at: ActSituation,
): Draft[] {
  const why = whySecond(given, actsFor)
  if (why === undefined) return []
  const asked = { act: 'grant-scopes', on: { id }, input: { scopes: [...given] }, saw: 0, why }
  return [proposal(keySubject(id), asked, at)]
}

function whySecond(given: readonly Scope[], actsFor: string | undefined): string | undefined {
  if (given.length === 0) return undefined
  const whom = actsFor === undefined ? '' : `以账号 ${actsFor} 的名义办理的 `
  return `${whom}${given.join('、')} 须由第二名管理员确认`
}
