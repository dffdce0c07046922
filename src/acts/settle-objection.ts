import { z } from 'zod'
import type { Doer } from '../authority/acting.ts'
import { settleObjection } from '../blacklist/objections.ts'
import type { Situation } from '../dossier/commands.ts'
import { act } from './act.ts'
import { changes, paragraphs, yesOrNo } from './input.ts'
import type { Targets } from './targets.ts'
import { newOwners } from './two-persons.ts'

/** Settles an objection with its reasons (处理异议); one that is upheld carries its remedy. */
export const settleObjectionAct = act({
  name: 'settle-objection',
  label: '处理异议',
  on: 'objection',
  input: z.strictObject({
    upheld: yesOrNo('结果', '异议成立', '异议不成立'),
    outcome: paragraphs('处理情况和理由', 10_000),
    corrected: changes().optional(),
  }),
  right: 'listings:decide',
  whose: 'ownerOrAbove',
  route: {
    method: 'POST',
    path: '/enterprises/:code/objections/:id/settlement',
    answer: 'objection',
    operation: 'settleObjection',
  },
  effect:
    '异议成立的，所异议的记录随即撤回（或者按所填内容更正），等级撤销，列入移出；“异议处理中”的注明随即撤下。',
  // What a machine brought is nobody's own; whoever took the objection to it in does not judge it alone.
  apart(found, at) {
    const all = makers(found, at)
    const persons = all.filter(({ isMachine }) => !isMachine)
    const taker = at.doer(found.objection.filedBy)
    return all.length === 0 || persons.length > 0 || taker.isMachine ? persons : [taker]
  },
  leavesRoom: true,
  second: {
    when: '异议成立的',
    why: (_, { upheld }) => (upheld ? '异议成立，所异议的内容随即撤下或者更正' : undefined),
  },
  secondOf({ dossier, objection: { about } }, { corrected = {} }, at) {
    const record = dossier.records.find(({ id }) => id === about.id)
    return record ? newOwners(record, corrected, at) : []
  },
  closed: ({ objection }) => objection.settled && `该异议已于 ${objection.settled.on} 处理完毕。`,
  decide: ({ dossier, objection }, input, at) => settleObjection(dossier, objection.id, input, at),
})

/** Whoever made what the objection is about, for a case who proposed and who decided it: nobody judges an objection to their own. */
function makers({ dossier, objection: { about } }: Targets['objection'], at: Situation): Doer[] {
  const record = dossier.records.find(({ id }) => id === about.id)
  const own = dossier.cases.find(({ id }) => id === about.id)
  return [
    ...(record ? [at.doer(record.made)] : []),
    ...[own, own?.before].flatMap((made) =>
      [made?.proposed, made?.restated, made?.rebased, made?.decided].flatMap((step) =>
        step ? [at.doer({ ...step.author, account: step.by })] : [],
      ),
    ),
  ]
}
