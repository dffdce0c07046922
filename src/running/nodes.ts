import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import type { NodesKnown } from '../api/operations.ts'
import type { Lease } from '../register/register.ts'

const NODE = 'node/'
const RULES_SHOWN = 12

/** How a node is called among the others: by its machine, and by a digest of its folder, of which a machine may have several. */
export function nodeName(dataDir: string): string {
  return `${hostname()}-${createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 4)}`
}

/** The lease by which a node says that it runs, and by which rules. */
export function nodeLease(name: string, holder: string, rules: string): { work: string; holder: string } {
  return { work: `${NODE}${name}`, holder: `${holder}/${rules.slice(0, RULES_SHOWN)}` }
}

/** The nodes that run, as their leases tell, and which of them does the works that one does for all. */
export function nodesKnown(leases: readonly Lease[], works: readonly string[]): NodesKnown {
  const live = leases.filter(({ isLive }) => isLive)
  const nodes = live
    .filter(({ work }) => work.startsWith(NODE))
    .map(({ work, holder }) => ({
      name: work.slice(NODE.length),
      holder: holder.slice(0, holder.lastIndexOf('/')),
      rules: holder.slice(holder.lastIndexOf('/') + 1),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    nodes: nodes.map(({ name, rules }) => ({ name, rules })),
    works: works.map((work) => {
      const holder = live.find((lease) => lease.work === work)?.holder
      return { work, node: nodes.find((node) => node.holder === holder)?.name ?? null }
    }),
  }
}

/** That nodes run by different rules, in words; undefined where they don't. */
export function differingRules({ nodes }: NodesKnown): string | undefined {
  if (new Set(nodes.map(({ rules }) => rules)).size < 2) return undefined
  const named = nodes.map(({ name, rules }) => `${name}（${rules}）`).join('、')
  return `各节点的规则版本不同：${named}；同一内容的答复可能不同，请尽快升级到同一版本。`
}
