import { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { dutiesByTwo, seesWhole } from '../authority/administration.ts'
import { officerSubject } from '../authority/officers.ts'
import { duties, type Role, roles, scopesOf } from '../authority/roles.ts'
import type { Draft } from '../register/entry.ts'
import { mustFit } from './accounts.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { severalOf } from './input.ts'
import { proposal } from './proposing.ts'
import type { ActSituation } from './situation.ts'

/** Gives an account duties that it does not have yet; deciding ones take a second administrator. */
export const grantDutiesAct = act({
  name: 'grant-duties',
  label: '给予岗位',
  on: 'officer',
  input: z.strictObject({
    roles: severalOf('岗位', roles, '作决定的岗位须第二名管理员确认，“监察”由省级机关的管理员确认'),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/officers/:id/duties', answer: 'officer' },
  effect: '给予后随即生效，该账号须重新登录。',
  isGrave: true,
  leavesRoom: true,
  second: {
    when: '作决定的岗位和监察、管理',
    why: (_, { roles: given }, { actor }) => whySecond(isTrusted(actor) ? [] : dutiesByTwo(given)),
  },
  secondOfProvince: (_, { roles: given }) => seesWhole(scopesOf(given)),
  secondRight: 'officers:write',
  closed: ({ own }) => (own.disabledAt === undefined ? undefined : `账号 ${own.login} 已停用，不能再调整。`),
  choices: ({ own }) => ({
    roles: roles
      .filter((role) => !own.roles.includes(role))
      .map((value) => ({ value, label: duties[value].label })),
  }),
  decide(on, { roles: given }, at) {
    const { name, authority, region, roles: had, person } = on.own
    const held = [...had, ...given.filter((role) => !had.includes(role))]
    mustFit(held, person, at)
    return one(on, at, 'officer.changed', {
      name,
      authority,
      ...(region !== undefined && { region }),
      roles: held,
    })
  },
})

/** What puts the deciding duties of an account forward. */
export function dutiesWaiting(login: string, given: readonly Role[], at: ActSituation): Draft[] {
  const why = whySecond(given)
  if (why === undefined) return []
  const asked = { act: 'grant-duties', on: { id: login }, input: { roles: [...given] }, saw: 0, why }
  return [proposal(officerSubject(login), asked, at)]
}

function whySecond(given: readonly Role[]): string | undefined {
  if (given.length === 0) return undefined
  return `“${given.map((role) => duties[role].label).join('、')}”岗位须由第二名管理员确认`
}
