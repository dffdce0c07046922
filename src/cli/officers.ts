import { randomBytes } from 'node:crypto'
import { placeInWords } from '../authority/authorities.ts'
import { officerSubject } from '../authority/officers.ts'
import { duties, type Role, roles } from '../authority/roles.ts'
import { called } from '../command-line.ts'
import type { Registry } from '../registry/registry.ts'
import { COMMAND_LINE } from './authorities.ts'
import { confirmWaiting } from './confirm.ts'
import { onRegistry } from './open.ts'
import { failed, handedOver, listed, note, said } from './output.ts'
import { regionNamed } from './words.ts'

/** What an account is created with. */
export interface OfficerOptions {
  name: string
  authority: string
  region?: string
  role: string[]
  staffNo?: string
}

/** Creates an officer's account and prints its first password this once. */
export async function createOfficer(login: string, options: OfficerOptions): Promise<number> {
  const roles = rolesNamed(options.role)
  if (typeof roles === 'string') return failed(roles)
  const region = regionNamed(options.region)
  return withPassword(login, async ({ officers }, password) => {
    const { name, authority, staffNo } = options
    await officers.create({ login, name, authority, region, roles, staffNo, password }, COMMAND_LINE)
    remark(officers, login)
    const own = officers.bounded(login)
    return `账号：${login}\n姓名：${name}\n机关：${authority}\n岗位：${roles.join('、')}\n范围：${placeInWords(own?.region)}`
  })
}

/** Changes an account: what is said of it; all else stays as it is. */
export async function changeOfficer(login: string, options: Partial<OfficerOptions>): Promise<number> {
  const roleNames = options.role && rolesNamed(options.role)
  if (typeof roleNames === 'string') return failed(roleNames)
  const region = regionNamed(options.region)
  const { role: _, region: __, ...given } = options
  if (Object.keys(options).length === 0)
    return failed('请用 --staff-no、--name、--authority、--role 或 --region 写明要改的内容。')
  return onRegistry(async ({ registry: { officers, acts, authorities } }) => {
    await authorities.carryOver()
    const before = officers.one(login)
    if (!before) return failed(`没有账号 ${login}。`)
    const { name, authority, roles, region: bounds } = before
    const stays = { name, authority, roles, ...(bounds !== undefined && { region: bounds }) }
    const changes = {
      ...given,
      ...(roleNames && { roles: roleNames }),
      ...(region !== undefined && { region }),
    }
    await acts.carryOut('change-officer', { id: login }, { ...stays, ...changes }, COMMAND_LINE)
    remark(officers, login)
    return said(`已保存账号 ${login}，其全部会话已经结束。`)
  })
}

/** The roles that were named, or what is wrong with them. */
function rolesNamed(named: readonly string[]): Role[] | string {
  const held = named.flatMap((role) => role.split(','))
  const unknown = held.find((role) => !isRole(role))
  return unknown === undefined ? held.filter(isRole) : `没有岗位“${unknown}”，应为 ${roles.join('、')}。`
}

/** Says what is odd about the person of an account, beside what was done. */
function remark(officers: Registry['officers'], login: string): void {
  if (officers.one(login)?.person === undefined)
    note(`没有登记工号（officer change ${login} --staff-no <工号>）：不能提请、确认须两人办理的事项。`)
  const others = officers.sameOwner(login).map((other) => other.login)
  if (others.length > 0) note(`该工号也登记在账号 ${others.join('、')} 名下：按同一个人对待。`)
}

/** Gives an officer a new first password. */
export function resetOfficer(login: string): Promise<number> {
  return withPassword(login, async ({ officers }, password) => {
    await officers.setPassword(login, password, { author: COMMAND_LINE, first: true })
    return `账号：${login}\n全部会话已经结束。`
  })
}

/** Confirms, as the second administrator, the duties that an account waits for. */
export function confirmOfficer(login: string): Promise<number> {
  return onRegistry(async ({ registry }) => {
    await confirmWaiting(registry, registry.officers.one(login), `账号 ${login}`)
    return said(`已确认账号 ${login} 的岗位。`)
  })
}

/** Unbinds an account from its person in the bureau's directory. */
export function unbindOfficer(login: string): Promise<number> {
  return onRegistry(async ({ registry: { acts } }) => {
    await acts.carryOut('unbind-officer', { id: login }, {}, COMMAND_LINE)
    return said(`账号 ${login} 不再与单位目录中的人对应，全部会话已经结束。`)
  })
}

/** Closes an account for good. */
export function disableOfficer(login: string): Promise<number> {
  return onRegistry(async ({ registry: { acts } }) => {
    await acts.carryOut('disable-officer', { id: login }, {}, COMMAND_LINE)
    return said(`已停用账号 ${login}。`)
  })
}

/** Lists the accounts. */
export function listOfficers({ json }: { json?: boolean }): Promise<number> {
  return onRegistry(async ({ registry: { officers, authorities } }) => {
    const seen = officers.seenBy(COMMAND_LINE)
    const all = seen.map(({ login, name, authority: named, region, roles, createdAt, disabledAt }) => {
      const authority = authorities.calledToday({ authority: named, account: officerSubject(login) })
      return { login, name, authority, region, roles, createdAt, disabledAt }
    })
    return listed(all, {
      json,
      none: `还没有账号；新建：${called('officer create')}。`,
      line: ({ login, name, authority, region, roles: held, disabledAt }) =>
        [
          login,
          name,
          authority,
          placeInWords(region),
          held.map((role) => duties[role].label).join('、'),
          disabledAt === undefined ? '在用' : '已停用',
        ].join('\t'),
    })
  })
}

/** Gives an account a first password that nobody has seen and prints it; where that fails, nobody ever will. */
function withPassword(
  login: string,
  act: (registry: Registry, password: string) => Promise<string>,
): Promise<number> {
  return onRegistry(async ({ registry }) => {
    await registry.authorities.carryOver()
    const password = randomBytes(12).toString('base64url')
    const done = await act(registry, password)
    return handedOver(
      `${done}\n首次密码（只显示这一次，登录 /desk 后须更改）：\n${password}`,
      async () => `账号 ${login} 暂不能登录；排除原因后请执行 ${called(`officer reset ${login}`)}。`,
    )
  })
}

function isRole(text: string): text is Role {
  return roles.some((role) => role === text)
}
