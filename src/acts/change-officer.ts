import { z } from 'zod'
import { seesWhole } from '../authority/administration.ts'
import { scopesOf } from '../authority/roles.ts'
import { region as regionOf } from '../codes/regions.ts'
import { act } from './act.ts'
import { one, together } from './appended.ts'
import { accountFields, accountOf, changeTakesTwo, dutyChoices, personSaid } from './officer-account.ts'

/**
 * Gives an account another name, authority, region, person or other duties; all its sessions end. What lets somebody
 * decide, or further, or as another person, waits for a second administrator.
 */
export const changeOfficerAct = act({
  name: 'change-officer',
  label: '调整账号',
  on: 'officer',
  input: z.strictObject(accountFields),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'PATCH', path: '/officers/:id', answer: 'officer' },
  effect:
    '随即生效，该账号的全部会话结束，须重新登录。给予作决定的岗位，以及改变作决定的账号的机关、范围或者任何账号的工号的，整项由第二名管理员确认后生效。',
  leavesRoom: true,
  second: {
    when: '给予作决定的岗位，或者改变机关、范围、工号的',
    why: ({ own }, account, at) => changeTakesTwo(own, account, at),
  },
  secondOfProvince: ({ own }, { roles }) =>
    seesWhole(scopesOf(roles.filter((role) => !own.roles.includes(role)))),
  secondRight: 'officers:write',
  sealed: { staffNo: personSaid },
  closed: ({ own }) => (own.disabledAt === undefined ? undefined : `账号 ${own.login} 已停用，不能再调整。`),
  choices: () => ({ roles: dutyChoices }),
  begins: ({ own: { name, authority, region, roles } }) => ({
    name,
    authority,
    region: region === undefined ? '' : (regionOf(region)?.path ?? region),
    roles: roles.join('\n'),
  }),
  decide(on, account, at) {
    const { payload, drafts, expect } = accountOf(on.own.login, account, at, on.own)
    return together(one(on, at, 'officer.changed', payload), { drafts, expect })
  },
})
