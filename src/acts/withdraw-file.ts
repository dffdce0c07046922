import { type Body, isSame } from '../authority/authorities.ts'
import { isOpen } from '../dossier/case.ts'
import { ownerOf, type Situation, withdrawEnterprise } from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { act } from './act.ts'
import { reasonAlone } from './input.ts'

/** Takes back a file that was opened by mistake, with all that stands in it (撤回档案). */
export const withdrawFileAct = act({
  name: 'withdraw-file',
  label: '撤回档案',
  on: 'file',
  input: reasonAlone('理由', '为什么这份档案是误建的'),
  right: 'records:write',
  whose: 'place',
  route: {
    method: 'POST',
    path: '/enterprises/:code/withdrawal',
    seen: true,
    answer: 'nothing',
    operation: 'withdrawFile',
  },
  effect: '档案连同其全部记录不再显示，代码可以重新建档。',
  isGrave: true,
  second: 'byEntries',
  closed: ({ dossier }, at) => othersThings(dossier, at),
  decide: ({ dossier }, { reason }, at) => withdrawEnterprise(dossier, reason, at),
})

/** What stands in the way: what other authorities have made in the file can't go with it. */
function othersThings(dossier: Dossier, at: Situation): string | undefined {
  if (dossier.cases.some(isOpen)) return '该企业有列入案件，档案不能撤回；请先由列入机关终结案件。'
  const { body } = at.actor
  const namesOf = (owners: readonly Body[]) => {
    const others = owners.filter((owner) => !isSame(owner, body) && !at.authorities.isAbove(body, owner))
    return Array.from(new Set(others.map(({ name }) => name))).join('、')
  }
  const recorders = namesOf(
    dossier.records.filter(({ withdrawn }) => !withdrawn).map((record) => ownerOf(record, at)),
  )
  if (recorders !== '')
    return `档案中有${recorders}登记的记录，不能一并撤回；请由其撤回各自的记录，或由省级机关办理。`
  // What the program computed by itself follows a rating that an authority issued.
  const raters = namesOf(
    dossier.ratings
      .filter(({ revoked }) => !revoked)
      .map(({ authority }) => at.authorities.bodyOf({ authority }))
      .filter(({ id }) => id !== undefined),
  )
  return raters === ''
    ? undefined
    : `该企业有${raters}评定的等级，档案不能撤回；请由其先撤销评定，或由省级机关办理。`
}
