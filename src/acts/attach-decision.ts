import { z } from 'zod'
import { pastDay as mustHavePassed } from '../blacklist/procedure.ts'
import { idOf } from '../dossier/commands.ts'
import { invalid } from '../dossier/refusal.ts'
import { textFault } from '../records/fields.ts'
import { masked } from '../records/masking.ts'
import { penalty } from '../records/penalty.ts'
import { act } from './act.ts'
import { appended } from './appended.ts'
import { paragraphs, pastDay } from './input.ts'
import type { Targets } from './targets.ts'

const LONGEST = 20_000
const words = (label: string, hint: string) => paragraphs(label, 4000, hint).optional()

/**
 * Attaches a penalty's decision as it is to be published beside its summary (Order 45 art. 4): personal data is masked
 * before anything is kept, and the text is that which was served in all else (art. 6, 7).
 */
export const attachDecisionAct = act({
  name: 'attach-decision',
  label: '附处罚决定书',
  on: 'record',
  input: z.strictObject({
    // What must not be published is masked in it, not refused: so it is not held to the rule for text before that.
    text: z
      .string()
      .max(LONGEST * 2, `最多 ${LONGEST} 个字符。`)
      .refine((value) => value.trim() !== '', '不能为空。')
      .meta({
        label: '处罚决定书全文',
        isLong: true,
        hint: `与送达的一致，最多 ${LONGEST} 个字符；其中的身份证号码、手机号码、银行账号、住址自动隐去，隐去的内容不保存`,
      }),
    mask: words('另须隐去的字句', '每行一处，如自然人姓名、商业秘密；凡出现的地方都隐去'),
    keep: words('不须隐去的字句', '看似个人信息而不是的，每行一处'),
    toldOn: pastDay('书面告知将公示的日期'),
  }),
  right: 'records:write',
  whose: 'owner',
  route: { method: 'POST', path: '/enterprises/:code/records/:id/decision', answer: 'decisionText' },
  effect: '由另一人审核后，随处罚信息摘要一同公示；处罚不公示时，决定书也不公示。',
  begins: ({ record }) => {
    const { decidedOn } = penalty.partsOf(record.data)
    return decidedOn === undefined ? {} : { toldOn: decidedOn }
  },
  closed: (on) => whyNoDecision(on),
  decide({ dossier, record }, { text, mask, keep, toldOn }, at) {
    mustHavePassed('/toldOn', toldOn, at.today, penalty.partsOf(record.data).decidedOn)
    const given = { mask: linesOf(mask), keep: linesOf(keep) }
    const { text: shown, places, missing } = masked(text.replace(/\r\n?/gu, '\n').trim(), given)
    for (const field of ['mask', 'keep'] as const) {
      const strange = given[field].find((word) => missing.includes(word))
      if (strange !== undefined)
        throw invalid(`/${field}`, 'unknown', `决定书中没有“${strange}”，请一字不差地摘录。`)
    }
    const fault = textFault(shown)
    if (fault) throw invalid('/text', fault.key, fault.message)
    if (shown.length > LONGEST) throw invalid('/text', 'too-big', `最多 ${LONGEST} 个字符。`)
    const payload = { record: record.id, text: shown, masked: places, toldOn, by: idOf(at.actor) }
    return { ...appended(dossier, at, 'document.attached', payload), recordId: record.id }
  },
})

function linesOf(text: string | undefined): string[] {
  return (text ?? '').split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]))
}

/** Why a record has no decision that is published; undefined for a penalty that is, or is to be, public. */
function whyNoDecision({ record }: Targets['record']): string | undefined {
  const own = penalty.of(record)
  if (!own) return '只有行政处罚附决定书。'
  const publication = penalty.publication(own.data)
  return publication.public ? undefined : `该处罚不公示（${publication.rule}），不附决定书。`
}
