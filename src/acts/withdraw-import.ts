import { type Beside, importSubject, type Proposal } from '../authority/proposal.ts'
import type { Decision, Situation } from '../dossier/commands.ts'
import { act } from './act.ts'
import { reasonAlone } from './input.ts'
import { proposing, waitingAlike } from './proposing.ts'
import type { Imported } from './situation.ts'

/** Taking back an import that touched more than this takes a second person. */
export const MOST_TAKEN_BACK_ALONE = 100

const WITHDRAW_IMPORT = 'withdraw-import'

/** Takes a whole import back (整批撤回): what others have gone on from is left, and told. */
export const withdrawImportAct = act({
  name: WITHDRAW_IMPORT,
  label: '整批撤回导入',
  on: 'import',
  input: reasonAlone('原因'),
  right: 'records:write',
  whose: 'ownerOrAbove',
  route: { method: 'POST', path: '/imports/:id/withdrawal', status: 202, answer: 'import' },
  effect:
    '这次导入是错的。由它登记的记录全部撤回，由它作的修改全部恢复，由它新建的档案撤回，由它提请的事项收回；已经公示的、案件或者等级所依据的，由另一人确认后再撤回；后来另有修改、评价或立案的保留并列出。撤回不能再恢复，只能重新导入。',
  isGrave: true,
  second: {
    when: `超过 ${MOST_TAKEN_BACK_ALONE} 条的`,
    why({ own }) {
      const touched = touchedBy(own)
      const isMany = touched > MOST_TAKEN_BACK_ALONE
      return isMany ? `整批撤回涉及 ${touched} 条，超过 ${MOST_TAKEN_BACK_ALONE} 条` : undefined
    },
  },
  closed({ own, proposals }, at) {
    if (!isOver(own)) return '导入结束后才能整批撤回。'
    const { withdrawal } = own
    if (withdrawal === undefined) return touchedBy(own) > 0 ? undefined : '这次导入没有带来改动，无可撤回。'
    if (withdrawal.counts.waiting === 0) return '这次导入已经撤回。'
    if (at.isConfirmed) return undefined
    if (!isOver(withdrawal)) return '这次导入正在撤回。'
    // What was put forward and refused can be put forward again, and by a person what a machine put forward.
    return isPutForward(own.id, proposals, at) ? '这次导入的撤回正在等待另一人确认。' : undefined
  },
  decide(
    { subject, revision, own },
    { reason },
    { actor: { id, authority, officer, region }, isConfirmed = false },
  ) {
    const actor = {
      ...(id !== undefined && { id }),
      authority,
      officer,
      ...(region !== undefined && { region }),
    }
    return {
      key: subject,
      drafts: [],
      expect: new Map([[subject, revision]]),
      work: { import: own.id, reason, actor, isConfirmed },
    }
  },
})

/** What of an import that is being taken back others rely on, put forward for a second person. */
export function waitingWithdrawal(
  id: string,
  { revision, proposals }: Beside,
  { reason, waiting }: { reason: string; waiting: number },
  at: Situation,
): Decision {
  const subject = importSubject(id)
  const why = `其中 ${waiting} 项已经公示，或者是案件、等级的依据`
  const seen = { dossier: undefined, subject, revision, proposals, version: revision }
  return proposing(withdrawImportAct, seen, { on: { id }, input: { reason }, why, drafts: [] }, at)
}

/** Whether what others rely on of an import waits for a second person already, put forward by one whose place the actor can't take. */
export function isPutForward(
  id: string,
  proposals: readonly Proposal[],
  at: Pick<Situation, 'actor' | 'doer'>,
): boolean {
  return waitingAlike({ name: WITHDRAW_IMPORT }, { proposals, id }, at).inTheWay.length > 0
}

function isOver({ status }: { status: string }): boolean {
  return status === 'done' || status === 'failed'
}

function touchedBy({ counts: { opened, added, updated, proposed } }: Imported): number {
  return opened + added + updated + proposed
}
