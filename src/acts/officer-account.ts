import type { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { decidingDuties } from '../authority/administration.ts'
import { type Officer, officerSubject } from '../authority/officers.ts'
import { staffNumberFault } from '../authority/persons.ts'
import { duties, roles } from '../authority/roles.ts'
import { invalid } from '../dossier/refusal.ts'
import { boundTo, mustAdminister, mustFit, openedFor } from './accounts.ts'
import { dutiesWaiting } from './grant-duties.ts'
import { line, place, severalOf } from './input.ts'
import type { ActSituation } from './situation.ts'

/** What an account is given, when it is created and when it is changed. */
export const accountFields = {
  name: line('姓名'),
  staffNo: line('工号', {
    max: 60,
    hint: '用来核对两步是否由两人办理，只存不可还原的摘要；作决定的岗位必填，不填则保持原样',
  }).optional(),
  authority: line('机关'),
  region: place('范围', '市或县的名称或 6 位代码，含下级；不填为不限').optional(),
  roles: severalOf(
    '岗位',
    roles,
    '可兼任，但任何人都不能审批自己经办的事；“管理”不兼作决定的岗位；作决定的岗位须第二名管理员确认',
  ),
}

type Account = z.output<z.ZodObject<typeof accountFields>>

export const dutyChoices = roles.map((value) => ({ value, label: duties[value].label }))

/** What an account is to be: what its entry says, without the duties that wait for a second administrator, and what goes with it. */
export function accountOf(login: string, account: Account, at: ActSituation, before?: Officer) {
  const { staffNo, roles: wanted, ...rest } = account
  const subject = officerSubject(login)
  const fault = staffNo === undefined ? undefined : staffNumberFault(staffNo)
  if (fault !== undefined) throw invalid('/staffNo', 'staff-number', fault)
  const person = staffNo === undefined ? before?.person : at.outside.person(staffNo)
  const gained = wanted.filter((role) => !before?.roles.includes(role))
  mustFit(gained.length > 0 ? wanted : [], person, at)
  mustAdminister({ account: subject, ...rest }, at)
  const opened = openedFor({ account: subject, ...rest }, at)
  const waiting = isTrusted(at.actor) ? [] : decidingDuties(gained)
  const bounds = boundTo(rest)
  const held = wanted.filter((role) => !waiting.includes(role))
  return {
    payload: { ...bounds, roles: held, ...(person !== undefined && { person }) },
    drafts: [...dutiesWaiting(login, waiting, at), ...opened.drafts],
    expect: opened.expect,
  }
}
