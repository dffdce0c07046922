import type { Officer } from '../authority/officers.ts'
import { holds, lackingInWords } from '../authority/rights.ts'
import { scopesOf } from '../authority/roles.ts'
import { actorOf } from './contract.ts'

/** Why the officer may not adopt what was put forward, called `what`; undefined when they may. */
export function adoptionHindrance(
  officer: Officer,
  proposed: { by: string } | undefined,
  what: string,
): string | undefined {
  if (!holds(scopesOf(officer.roles), 'standards:write'))
    return `批准需要的权限：${lackingInWords(['standards:write'])}。`
  return proposed?.by === actorOf(officer).id ? `自己提请的${what}由另一人批准。` : undefined
}
