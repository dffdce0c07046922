import { z } from 'zod'
import { mayDoubt } from '../authority/acting.ts'
import { isSame } from '../authority/authorities.ts'
import { caseAwaiting, caseFor } from '../blacklist/basis.ts'
import { propose } from '../blacklist/procedure.ts'
import { meetsGround, type RuleSet } from '../blacklist/rule-set.ts'
import { ownerOf } from '../dossier/commands.ts'
import { titleOf } from '../dossier/differences.ts'
import { type Dossier, isDissolved, regionOf } from '../dossier/dossier.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { penalty } from '../records/penalty.ts'
import { act, type Choice } from './act.ts'
import { line, oneOf, paragraphs, someOf } from './input.ts'
import type { ActSituation } from './situation.ts'

/** Proposes to list a firm on penalties that its own authority has decided (谁处罚、谁列入). */
export const proposeListingAct = act({
  name: 'propose-listing',
  label: '提出列入',
  on: 'file',
  input: z.strictObject({
    ruleSet: line('列入规则', { max: 60, hint: '所选情形已写明规则的，不必填写' }).optional(),
    ground: oneOf('列入情形'),
    penalties: someOf('所依据的处罚'),
    facts: paragraphs('事实', 4000, '写入告知书，送达当事人'),
    reasons: paragraphs('理由', 4000, '写入告知书，送达当事人'),
    measures: someOf('拟适用的管理措施', '不填为规则所定的全部；决定不得超出').optional(),
  }),
  right: 'listings:write',
  whose: 'owner',
  route: {
    method: 'POST',
    path: '/enterprises/:code/cases',
    status: 201,
    answer: 'case',
    operation: 'proposeListing',
  },
  effect: '提出后由您或同事办理告知；决定须由另一人作出。',
  choices: ({ dossier }, at) => proposable(dossier, at),
  noChoice:
    '档案中没有本机关作出、符合列入情形且尚未用于其他列入案件的处罚，不能提出列入；没有选择违法情形的处罚，请先更新该记录补选。',
  decide({ dossier }, { ruleSet: named, ground: typed, ...input }, at) {
    // The desk offers a ground together with its rules: order-44/unlicensed.
    const [first = '', second] = typed.split('/')
    const [ruleSet, ground] = second === undefined ? [named ?? '', first] : [first, second]
    if (named !== undefined && named !== ruleSet)
      throw invalid(
        '/ruleSet',
        'other-rules',
        `所选情形属于规则 ${ruleSet}，与所填的 ${named} 不符；请去掉列入规则或另选情形。`,
      )
    if (ruleSet === '')
      throw invalid(
        '/ground',
        'rules',
        `情形“${first.slice(0, 60)}”没有写明属于哪一规则；请写成“规则/情形”，或者另填列入规则（ruleSet）：${at.rules.map(({ id }) => id).join('、')}。`,
      )
    mustBeOwn(dossier, input.penalties, at)
    return propose(dossier, { ruleSet, ground, ...input }, at.rules, at)
  },
})

/** Refuses penalties of another authority: who punished lists. */
function mustBeOwn(dossier: Dossier, penalties: readonly string[], at: ActSituation): void {
  const { body } = at.actor
  for (const id of penalties) {
    const record = dossier.records.find((known) => known.id === id)
    const owner = record && ownerOf(record, at)
    if (owner && !isSame(owner, body))
      throw new Refusal(
        'forbidden',
        `处罚 ${(record && penalty.of(record)?.data.documentNo) ?? id} 由${owner.name}作出，须由其提出列入（谁处罚、谁列入）；您可以向其${mayDoubt({ isDoubtable: true, place: regionOf(dossier) }, at.actor) ? '提出疑义或' : ''}移送线索。`,
      )
  }
}

/** The penalties of one's own authority that meet a ground, and the grounds that they meet. */
function proposable(
  dossier: Dossier,
  at: ActSituation,
): Record<'penalties' | 'ground' | 'measures', Choice[]> {
  const grounds = at.rules.flatMap((rules: RuleSet) => rules.grounds.map((ground) => ({ rules, ground })))
  const standing = isDissolved(dossier) ? [] : penalty.in(dossier)
  const met = standing
    .filter(
      (record) =>
        isSame(ownerOf(record, at), at.actor.body) &&
        caseFor(dossier, record.id) === undefined &&
        caseAwaiting(dossier, record) === undefined,
    )
    .map((record) => ({ record, met: grounds.filter(({ ground }) => meetsGround(record, ground, at.today)) }))
    .filter((one) => one.met.length > 0)
  const offered = new Set(met.flatMap((one) => one.met))
  return {
    penalties: met.map(({ record: { id, data } }) => ({
      value: id,
      label: titleOf(penalty, data),
      part: id,
    })),
    ground: Array.from(offered, ({ rules, ground }) => ({
      value: `${rules.id}/${ground.id}`,
      label: `${ground.name}（${rules.name}）`,
    })),
    measures: Array.from(new Set(at.rules.flatMap(({ measures }) => measures)), (value) => ({
      value,
      label: value,
    })),
  }
}
