import { whoseRules } from '../authority/acting.ts'
import { RIGHT_WORDS } from '../authority/rights.ts'
import { duties, roles } from '../authority/roles.ts'
import type { Act } from './act.ts'

/** The table of who may do what to whose, as docs/rights.md has it: made from the acts themselves. */
export function rightsTable(acts: readonly Act[]): string {
  const rows = acts.map(
    ({ name, label, rights, whose, secondRight, isApart, isByPerson }) =>
      `| ${label} | \`${name}\` | ${rights.map((right) => `\`${right}\``).join(' 或 ')} | ${whoseRules[whose]} | ${
        [
          ...(isApart ? ['与前一步不是同一人'] : []),
          ...(isByPerson ? ['不由机器办理'] : []),
          ...(secondRight === undefined ? [] : [`须另一人（\`${secondRight}\`）确认，见下`]),
        ].join('；') || '—'
      } |`,
  )
  const held = roles.map(
    (role) =>
      `| ${duties[role].label} | \`${role}\` | ${duties[role].scopes.map((right) => `${RIGHT_WORDS[right]}（\`${right}\`）`).join('；')} |`,
  )
  return [
    '| 事项 | 名称 | 所需权限 | 由谁办理 | 两人 |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    '| 岗位 | 名称 | 权限 |',
    '|---|---|---|',
    ...held,
    '',
  ].join('\n')
}
