import { placeInWords } from '../authority/authorities.ts'
import { type Authority, authoritySubject, LEVEL_WORDS, type Level } from '../authority/authority.ts'
import { called } from '../command-line.ts'
import type { Acts } from '../registry/acts.ts'
import type { AuthorityOffice } from '../registry/authorities.ts'
import { onRegistry } from './open.ts'
import { failed, listed, said } from './output.ts'
import { regionNamed } from './words.ts'

/** Who acts from the command line: whoever holds the data directory. */
export const COMMAND_LINE = { authority: '系统管理', officer: '命令行' }

export interface NewAuthorityOptions {
  region?: string
  level?: Level
  above?: string
  contacts?: string
}

/** Opens an authority. */
export function createAuthority(name: string, options: NewAuthorityOptions): Promise<number> {
  return withOffice(async (office, acts) => {
    const { level, above, contacts } = options
    const region = regionNamed(options.region)
    const asked = {
      name,
      ...(level !== undefined && { level }),
      ...(region !== undefined && { region }),
      ...(above !== undefined && { above: office.find(above).id }),
      ...(contacts !== undefined && { contacts }),
    }
    const { subject } = await acts.carryOut('open-authority', {}, asked, COMMAND_LINE)
    return said(`已开立：${lineOf(office.find(subject.slice(authoritySubject('').length)), office)}`)
  })
}

/** Lists the authorities, those that were merged too. */
export function listAuthorities({ json }: { json?: boolean }): Promise<number> {
  return withOffice(async (office) =>
    listed(office.all(), {
      json,
      none: `还没有机关；开立：${called('authority create')}。`,
      line: (own) => lineOf(own, office),
    }),
  )
}

/** Gives an authority another name; what it made stays its own. */
export function renameAuthority(named: string, name: string): Promise<number> {
  return withOffice(async (office, acts) => {
    const { id } = office.find(named)
    await acts.carryOut('rename-authority', { id }, { name }, COMMAND_LINE)
    return said(`已更名：${lineOf(office.find(id), office)}`)
  })
}

/** Merges an authority into another, which takes over all that it made, and its place where that is said. */
export function mergeAuthority(
  named: string,
  into: string,
  { takesOver }: { takesOver?: boolean },
): Promise<number> {
  return withOffice(async (office, acts) => {
    const heir = office.find(into)
    const asked = { into: heir.id, ...(takesOver !== undefined && { takesOver }) }
    await acts.carryOut('merge-authority', { id: office.find(named).id }, asked, COMMAND_LINE)
    return said(`已并入：${lineOf(heir, office)}`)
  })
}

/** Says which authority is above another, how to reach it, and what it is responsible for where that was wrong. */
export function changeAuthority(named: string, options: NewAuthorityOptions): Promise<number> {
  return withOffice(async (office, acts) => {
    const { above, contacts, level } = options
    const region = regionNamed(options.region)
    const changes = {
      ...(level !== undefined && { level }),
      ...(region !== undefined && { region }),
      ...(above !== undefined && { above: office.find(above).id }),
      ...(contacts !== undefined && { contacts }),
    }
    if (Object.keys(changes).length === 0)
      return failed('请用 --region、--level、--above 或 --contacts 写明要改的内容。')
    const { id } = office.find(named)
    await acts.carryOut('change-authority', { id }, changes, COMMAND_LINE)
    return said(`已保存：${lineOf(office.find(id), office)}`)
  })
}

function withOffice(work: (office: AuthorityOffice, acts: Acts) => Promise<number>): Promise<number> {
  return onRegistry(async ({ registry: { authorities, acts } }) => {
    await authorities.carryOver()
    return work(authorities, acts)
  })
}

function lineOf(
  { id, name, level, region, above, successor, formerNames }: Authority,
  office: AuthorityOffice,
): string {
  const named = (other: string) => office.all().find((one) => one.id === other)?.name ?? other
  return [
    id,
    name,
    LEVEL_WORDS[level],
    placeInWords(region),
    above === undefined ? '上级：按层级和区划' : `上级：${named(above)}`,
    formerNames.length === 0 ? '' : `曾用名：${formerNames.join('、')}`,
    successor === undefined ? '' : `已并入 ${named(successor)}`,
  ]
    .filter((part) => part !== '')
    .join('\t')
}
