import type { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { decidingDuties, dutiesByTwo } from '../authority/administration.ts'
import { covers } from '../authority/authorities.ts'
import { type Officer, officerSubject } from '../authority/officers.ts'
import { personNumbered, staffNumberFault } from '../authority/persons.ts'
import { duties, roles } from '../authority/roles.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { boundTo, mustAdminister, mustFit, openedFor } from './accounts.ts'
import { dutiesWaiting } from './grant-duties.ts'
import { line, nameLine, place, severalOf } from './input.ts'
import type { ActSituation } from './situation.ts'

/** What an account is given, when it is created and when it is changed. */
export const accountFields = {
  name: nameLine('姓名'),
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

/**
 * What an account is to be: what its entry says, and what goes with it. A new one is given no deciding duties by one
 * administrator: they wait for a second.
 */
export function accountOf(login: string, account: Account, at: ActSituation, before?: Officer) {
  const { staffNo, roles: wanted, ...rest } = account
  const subject = officerSubject(login)
  const person = staffNo === undefined ? before?.person : personSaid(staffNo, at)
  const gained = wanted.filter((role) => !before?.roles.includes(role))
  // Their proposals about it could never be confirmed: nobody looks after an account of their own.
  if (!isTrusted(at.actor) && person !== undefined && person === at.actor.person)
    throw new Refusal('forbidden', '不能给自己开立或者调整账号；请由另一名管理员办理。')
  mustFit(gained.length > 0 ? wanted : [], person, at)
  mustAdminister({ account: subject, ...rest }, at)
  const opened = openedFor({ account: subject, ...rest }, at, before)
  const waiting = before || isTrusted(at.actor) ? [] : dutiesByTwo(gained)
  const bounds = boundTo(rest)
  const held = wanted.filter((role) => !waiting.includes(role))
  return {
    payload: { ...bounds, roles: held, ...(person !== undefined && { person }) },
    drafts: [...dutiesWaiting(login, waiting, at), ...opened.drafts],
    expect: opened.expect,
  }
}

/** The person whom a staff number stands for, which is kept as a hash while a change waits; refuses what is none. */
export function personSaid(staffNo: string, at: ActSituation): string {
  if (at.isConfirmed) return staffNo
  const fault = staffNumberFault(staffNo)
  if (fault !== undefined) throw invalid('/staffNo', 'staff-number', fault)
  const { person, standing } = at.outside
  return personNumbered(staffNo, person, (hash) => standing.officers().some((own) => own.person === hash))
}

/**
 * Why a change of an account takes a second administrator: it gains deciding duties, takes those it has elsewhere or
 * further, or is said to be another person's, by whom four eyes are told apart. Undefined where one is enough.
 */
export function changeTakesTwo(before: Officer, account: Account, at: ActSituation): string | undefined {
  if (isTrusted(at.actor)) return undefined
  const { staffNo, roles: wanted, ...rest } = account
  const gained = dutiesByTwo(wanted.filter((role) => !before.roles.includes(role)))
  const isDeciding = decidingDuties(wanted).length > 0
  const person = staffNo === undefined ? before.person : personSaid(staffNo, at)
  const [was, is] = [before, boundTo(rest)].map(({ authority, region }) => {
    const body = at.authorities.bodyOf({ authority, account: officerSubject(before.login), region })
    const place = region ?? at.authorities.placeOf({ authority, account: officerSubject(before.login) })
    return { authority, body: body.id, region: place }
  })
  const isElsewhere = was?.body !== is?.body
  const why = [
    ...(gained.length > 0 ? [`给予“${gained.map((role) => duties[role].label).join('、')}”岗位`] : []),
    ...(isDeciding && isElsewhere ? [`作决定的账号由${was?.authority}改属${is?.authority}`] : []),
    ...(isDeciding && !isElsewhere && !covers(was?.region, is?.region) ? ['扩大作决定的账号的范围'] : []),
    ...(person !== before.person && (before.person !== undefined || isDeciding)
      ? ['改变账号所登记的人（工号）']
      : []),
  ]
  return why.length === 0 ? undefined : `${why.join('、')}，须由第二名管理员确认`
}
