import { z } from 'zod'
import { idOf } from '../dossier/commands.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import {
  type Commitment,
  commitmentOf,
  type Draw,
  type DrawPayload,
  draw,
  seedOf,
} from '../supervision/draw.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { mustHaveCandidates } from './begin-draw.ts'
import { part } from './draw-seed.ts'
import type { ActSituation } from './situation.ts'

/**
 * Shows one's part of a draw's seed. With the first the candidates are fixed, by the files as they stand; with the second
 * the draw is made, and nothing is left for anybody to choose.
 */
export const openDrawAct = act({
  name: 'open-draw',
  label: '开启种子',
  on: 'draw',
  input: z.strictObject({ part }),
  right: 'supervision:write',
  whose: 'owner',
  route: { method: 'POST', path: '/supervision/draws/:id/opening', answer: 'draw' },
  effect: '第一份开启时确定候选企业，第二份开启时当场抽取；抽取结果随即公开，不能修改。',
  closed: ({ own }, at) => whyShut(own, at),
  decide: {
    async after(on, { part: shown }, at) {
      const { own } = on
      const mine = ownCommitment(own, at)
      if (commitmentOf(shown) !== mine?.hash)
        throw invalid('/part', 'other-seed', '与已经公布的摘要不符；请一字不差地填写提交摘要时的那一份。')
      const by = idOf(at.actor)
      if (own.status === 'joined') {
        const found = await mustHaveCandidates(at.outside.survey, own)
        const payload: DrawPayload<'draw.opened'> = { part: shown, ...found, by }
        return () => one(on, at, 'draw.opened', payload, 'public')
      }
      const made = madeWith(own, mine, shown)
      return () => one(on, at, 'draw.made', made, 'public')
    },
  },
})

function whyShut(own: Draw, at: ActSituation): string | Refusal | undefined {
  if (own.status === 'begun') return '须先由另一人提交另一份种子的摘要。'
  if (own.status === 'made') return '已经抽取。'
  const mine = ownCommitment(own, at)
  if (!mine) return new Refusal('forbidden', '由提交种子的两人各自开启。')
  return mine.part === undefined ? undefined : '您的一份已经开启，等待另一人开启。'
}

/** The part that the actor has settled on. */
function ownCommitment(own: Draw, at: ActSituation): Commitment | undefined {
  return own.commitments.find(
    ({ author, by }) => at.doer({ ...author, account: by }).person === at.actor.person,
  )
}

/** The draw that its last part makes. */
function madeWith(own: Draw, mine: Commitment, shown: string): DrawPayload<'draw.made'> {
  const { name, region, group, level, period, rates, inspectors, inspectorsEach, candidates, leftOut } = own
  const parts = own.commitments.flatMap((known) => (known === mine ? shown : (known.part ?? [])))
  const seed = seedOf(parts)
  const asked = {
    name,
    ...(region !== undefined && { region }),
    group,
    level,
    period,
    rates,
    inspectors,
    inspectorsEach,
  }
  const drawn = draw(candidates, { seed, rates, inspectors, inspectorsEach })
  return { ...asked, seed, parts, candidates, leftOut, drawn }
}
