import { randomBytes } from 'node:crypto'
import { placeInWords } from '../authority/authorities.ts'
import { duties, type Role, roles } from '../authority/roles.ts'
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
  const held = options.role.flatMap((role) => role.split(','))
  const unknown = held.find((role) => !isRole(role))
  if (unknown !== undefined) return failed(`没有岗位“${unknown}”，应为 ${roles.join('、')}。`)
  const region = regionNamed(options.region)
  return withPassword(login, async ({ officers }, password) => {
    const { name, authority, staffNo } = options
    const roles = held.filter(isRole)
    await officers.create({ login, name, authority, region, roles, staffNo, password }, COMMAND_LINE)
    const own = officers.bounded(login)
    if (staffNo === undefined) note('没有登记工号（--staff-no）：只能按账号区分是否为同一人。')
    return `账号：${login}\n姓名：${name}\n机关：${authority}\n岗位：${held.join('、')}\n范围：${placeInWords(own?.region)}`
  })
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

/** Closes an account for good. */
export function disableOfficer(login: string): Promise<number> {
  return onRegistry(async ({ registry: { acts } }) => {
    await acts.carryOut('disable-officer', { id: login }, {}, COMMAND_LINE)
    return said(`已停用账号 ${login}。`)
  })
}

/** Lists the accounts. */
export function listOfficers({ json }: { json?: boolean }): Promise<number> {
  return onRegistry(async ({ registry: { officers } }) => {
    const all = officers.all().map(({ login, name, authority, region, roles, createdAt, disabledAt }) => ({
      ...{ login, name, authority, region, roles, createdAt, disabledAt },
    }))
    return listed(all, {
      json,
      none: '还没有账号；新建：npm run cli -- officer create。',
      line: ({ login, name, authority, roles: held, disabledAt }) =>
        [
          login,
          name,
          authority,
          placeInWords(officers.bounded(login)?.region),
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
      async () => `账号 ${login} 暂不能登录；排除原因后请执行 npm run cli -- officer reset ${login}。`,
    )
  })
}

function isRole(text: string): text is Role {
  return roles.some((role) => role === text)
}
