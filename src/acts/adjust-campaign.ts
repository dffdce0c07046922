import { z } from 'zod'
import { keyTyped } from '../dossier/codes.ts'
import { idOf } from '../dossier/commands.ts'
import { invalid } from '../dossier/refusal.ts'
import { adoptedVersion } from '../rating/adopted.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { notDrafted } from './campaign-drafting.ts'
import { line, oneOf } from './input.ts'
import type { ActSituation } from './situation.ts'
import type { Targets } from './targets.ts'

/** Puts a reasoned grade in the place of the computed one, which stays on record beside it (调整草稿). */
export const adjustCampaignAct = act({
  name: 'adjust-campaign',
  label: '调整一家的草稿',
  on: 'campaign',
  input: z.strictObject({
    enterprise: line('企业代码', { max: 30, hint: '档案编号或者统一社会信用代码' }),
    grade: oneOf('调整为'),
    reason: line('理由', { max: 500 }),
  }),
  right: 'ratings:write',
  whose: 'scope',
  route: { method: 'POST', path: '/campaigns/:id/adjustments', answer: 'campaign', operation: 'adjustDraft' },
  effect: '计算结果与调整一并保留并公开；调整过的人不能批准。',
  isGrave: true,
  closed: notDrafted,
  choices: (on, at) => ({
    grade: gradesOf(on, at).map(({ grade, name }) => ({ value: grade, label: `${grade} ${name}` })),
  }),
  decide(on, { enterprise: typed, grade, reason }, at) {
    const enterprise = keyTyped(typed, at.file)
    const draft = at.outside.drafted.draft(on.own.id, enterprise)
    if (!draft)
      throw invalid(
        '/enterprise',
        'unknown',
        `本次评价中没有 ${enterprise.slice(0, 18)} 的等级草稿；请核对档案编号。`,
      )
    const grades = gradesOf(on, at).map((known) => known.grade)
    const rank = (one: string) => grades.indexOf(one)
    if (!grades.includes(grade)) throw invalid('/grade', 'choice', `等级应为 ${grades.join('、')} 之一。`)
    if (draft.rating.limits.some((limit) => rank(grade) < rank(limit.grade)))
      throw invalid('/grade', 'limited', `该企业受限制条款约束，等级不得高于 ${draft.rating.grade}。`)
    return one(on, at, 'campaign.adjusted', { enterprise, grade, reason, by: idOf(at.actor) })
  },
})

function gradesOf({ own: { standard } }: Targets['campaign'], { outside: { standing } }: ActSituation) {
  return adoptedVersion(standing.standards(), standard.id, standard.version).document.grades
}
