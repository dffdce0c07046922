import { randomBytes } from 'node:crypto'
import { placeInWords } from '../authority/authorities.ts'
import { duties, type Role, roles } from '../authority/roles.ts'
import { COMMAND_LINE } from './authorities.ts'
import { confirmWaiting } from './confirm.ts'
import { openRegistry } from './open.ts'
import { failed, regionNamed } from './words.ts'

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
  return withPassword(async (officers, password) => {
    const { name, authority, staffNo } = options
    await officers.create({ login, name, authority, region, roles, staffNo, password }, COMMAND_LINE)
    remark(officers, login)
    const own = officers.bounded(login)
    return `账号：${login}\n姓名：${name}\n机关：${authority}\n岗位：${roles.join('、')}\n范围：${placeInWords(own?.region)}`
  })
}

/** Changes an account: what is said of it; all else stays as it is. */
export async function changeOfficer(login: string, options: Partial<OfficerOptions>): Promise<number> {
  const said = options.role && rolesNamed(options.role)
  if (typeof said === 'string') return failed(said)
  const region = regionNamed(options.region)
  const { role: _, region: __, ...given } = options
  if (Object.keys(options).length === 0)
    return failed('请用 --staff-no、--name、--authority、--role 或 --region 写明要改的内容。')
  const opened = await openRegistry()
  try {
    const { officers, acts } = opened.registry
    await opened.registry.authorities.carryOver()
    const before = officers.one(login)
    if (!before) return failed(`没有账号 ${login}。`)
    const { name, authority, roles, region: bounds } = before
    const stays = { name, authority, roles, ...(bounds !== undefined && { region: bounds }) }
    const changes = { ...given, ...(said && { roles: said }), ...(region !== undefined && { region }) }
    await acts.carryOut('change-officer', { id: login }, { ...stays, ...changes }, COMMAND_LINE)
    remark(officers, login)
    process.stdout.write(`已保存账号 ${login}，其全部会话已经结束。\n`)
    return 0
  } finally {
    await opened.close()
  }
}

/** The roles that were named, or what is wrong with them. */
function rolesNamed(named: readonly string[]): Role[] | string {
  const held = named.flatMap((role) => role.split(','))
  const unknown = held.find((role) => !isRole(role))
  return unknown === undefined ? held.filter(isRole) : `没有岗位“${unknown}”，应为 ${roles.join('、')}。`
}

/** Says what is odd about the person of an account, beside what was done. */
function remark(officers: OpenedOfficers, login: string): void {
  if (officers.one(login)?.person === undefined)
    process.stderr.write(
      `没有登记工号（officer change ${login} --staff-no <工号>）：不能提请、确认须两人办理的事项。\n`,
    )
  const others = officers.sameOwner(login).map((other) => other.login)
  if (others.length > 0)
    process.stderr.write(`该工号也登记在账号 ${others.join('、')} 名下：按同一个人对待。\n`)
}

type OpenedOfficers = Awaited<ReturnType<typeof openRegistry>>['registry']['officers']

/** Gives an officer a new first password. */
export function resetOfficer(login: string): Promise<number> {
  return withPassword(async (officers, password) => {
    await officers.setPassword(login, password, { author: COMMAND_LINE, first: true })
    return `账号：${login}\n全部会话已经结束。`
  })
}

/** Confirms, as the second administrator, the duties that an account waits for. */
export async function confirmOfficer(login: string): Promise<number> {
  const opened = await openRegistry()
  try {
    await confirmWaiting(opened.registry, opened.registry.officers.one(login), `账号 ${login}`)
    process.stdout.write(`已确认账号 ${login} 的岗位。\n`)
    return 0
  } finally {
    await opened.close()
  }
}

/** Closes an account for good. */
export async function disableOfficer(login: string): Promise<number> {
  const opened = await openRegistry()
  try {
    await opened.registry.acts.carryOut('disable-officer', { id: login }, {}, COMMAND_LINE)
    process.stdout.write(`已停用账号 ${login}。\n`)
    return 0
  } finally {
    await opened.close()
  }
}

/** Lists the accounts. */
export async function listOfficers({ json = false }: { json?: boolean }): Promise<number> {
  const opened = await openRegistry()
  try {
    if (json) {
      const accounts = opened.registry.officers
        .all()
        .map(({ login, name, authority, region, roles, createdAt, disabledAt }) => ({
          ...{ login, name, authority, region, roles, createdAt, disabledAt },
        }))
      process.stdout.write(`${JSON.stringify(accounts)}\n`)
      return 0
    }
    const { officers } = opened.registry
    for (const { login, name, authority, roles: held, disabledAt } of officers.all())
      process.stdout.write(
        `${[
          login,
          name,
          authority,
          placeInWords(officers.bounded(login)?.region),
          held.map((role) => duties[role].label).join('、'),
          disabledAt === undefined ? '在用' : '已停用',
        ].join('\t')}\n`,
      )
    return 0
  } finally {
    await opened.close()
  }
}

async function withPassword(
  act: (officers: OpenedOfficers, password: string) => Promise<string>,
): Promise<number> {
  const opened = await openRegistry()
  try {
    await opened.registry.authorities.carryOver()
    const password = randomBytes(12).toString('base64url')
    const said = await act(opened.registry.officers, password)
    process.stdout.write(`${said}\n首次密码（只显示这一次，登录 /desk 后须更改）：\n${password}\n`)
    return 0
  } finally {
    await opened.close()
  }
}

function isRole(text: string): text is Role {
  return roles.some((role) => role === text)
}
