import type { RuleSet } from '../blacklist/rule-set.ts'
import type { Step, StepName } from '../blacklist/step.ts'
import type { ActField } from './components/act-form.tsx'
import type { Form } from './contract.ts'
import { yesOrNo } from './forms.ts'

/** How a step of a case is asked for: its fields, what it brings about, and the step that a form of it means. */
interface AskedStep {
  fields(today: string, rules: RuleSet): ActField[]
  effect: string
  read(form: Form): Step
}

const LONG = 10_000
const REASONS = 4000

function choice(name: string, label: string, yes: string, no: string): ActField {
  return {
    name,
    label,
    type: 'choice',
    choices: [
      { value: 'yes', label: yes },
      { value: 'no', label: no },
    ],
  }
}

function long(name: string, label: string, longest = REASONS, hint?: string): ActField {
  return { name, label, type: 'long', longest, ...(hint !== undefined && { hint }) }
}

function day(name: string, label: string, today: string): ActField {
  return { name, label, type: 'date', value: today, max: today }
}

/** Every step of the listing procedure as the desk asks for it. */
export const caseSteps: Readonly<Record<StepName, AskedStep>> = {
  notice: {
    fields: (today, { statement }) => [
      day('servedOn', '送达日期', today),
      {
        name: 'way',
        label: '送达方式',
        type: 'text',
        longest: 100,
        suggestions: ['直接送达', '邮寄送达', '留置送达', '委托送达', '公告送达', '电子送达'],
        hint: `陈述、申辩期为送达之日起 ${statement.workingDays} 个工作日`,
      },
    ],
    effect: '请先打印告知书送达当事人，再登记送达。登记后陈述、申辩期开始计算。',
    read: ({ servedOn = '', way = '' }) => ({ step: 'notice', servedOn, way }),
  },
  statement: {
    fields: (today) => [
      day('on', '提出日期', today),
      long('statement', '陈述、申辩的内容', LONG),
      long('answer', '复核意见', LONG, '逐项回应采纳或不采纳的理由'),
    ],
    effect: '登记后即可报请同意或作出决定；不得因陈述、申辩而加重处理（行政处罚法第四十五条）。',
    read: ({ on = '', statement = '', answer = '' }) => ({ step: 'statement', on, statement, answer }),
  },
  consent: {
    fields: () => [choice('granted', '上一级意见', '同意列入', '不同意列入'), long('reasons', '理由')],
    effect: '不同意的，案件就此结束。',
    read: (form) => ({
      step: 'consent',
      granted: yesOrNo(form, 'granted', '请选择是否同意。'),
      reasons: form.reasons ?? '',
    }),
  },
  decision: {
    fields: (today, { measures }) => [
      choice('listed', '决定', '列入', '不列入'),
      { name: 'decisionNo', label: '决定书文号', type: 'text', longest: 100 },
      day('decidedOn', '决定日期', today),
      long('reasons', '理由', LONG),
      {
        name: 'measures',
        label: '管理措施',
        type: 'many',
        optional: true,
        choices: measures.map((measure) => ({ value: measure, label: measure })),
        value: measures.join('\n'),
        hint: '不列入时不适用',
      },
    ],
    effect: '列入的，期满前公示；公示前仍可撤销。不列入的，案件就此结束。',
    read: (form) => {
      const { decisionNo = '', decidedOn = '', reasons = '', measures = '' } = form
      const listed = yesOrNo(form, 'listed', '请选择列入或不列入。')
      const chosen = measures.split('\n').filter((measure) => measure !== '')
      return {
        step: 'decision',
        listed,
        decisionNo,
        decidedOn,
        reasons,
        ...(chosen.length > 0 && { measures: chosen }),
      }
    },
  },
  publication: {
    fields: () => [],
    effect: '公示后任何人都能看到该企业在名单上，其质量信用等级随之降低。',
    read: () => ({ step: 'publication' }),
  },
  repairApplication: {
    fields: (today) => [day('on', '申请日期', today), long('grounds', '申请的理由和所附材料', LONG)],
    effect: '登记后开始计算受理期限。',
    read: ({ on = '', grounds = '' }) => ({ step: 'repairApplication', on, grounds }),
  },
  repairAcceptance: {
    fields: () => [choice('accepted', '决定', '受理', '不予受理'), long('reasons', '理由')],
    effect: '受理后开始计算决定期限。',
    read: (form) => ({
      step: 'repairAcceptance',
      accepted: yesOrNo(form, 'accepted', '请选择是否受理。'),
      reasons: form.reasons ?? '',
    }),
  },
  repairInspection: {
    fields: (today) => [day('on', '核查日期', today), long('findings', '核查的情况', LONG)],
    effect: '核查的人不能再作修复决定。',
    read: ({ on = '', findings = '' }) => ({ step: 'repairInspection', on, findings }),
  },
  repairDecision: {
    fields: () => [choice('granted', '决定', '准予修复', '不予修复'), long('reasons', '理由')],
    effect: '准予修复的，企业随即移出名单，停止公示。',
    read: (form) => ({
      step: 'repairDecision',
      granted: yesOrNo(form, 'granted', '请选择是否准予修复。'),
      reasons: form.reasons ?? '',
    }),
  },
  revocation: {
    fields: () => [long('reason', '撤销的原因')],
    effect: '这次列入是错的。企业随即移出名单，案件的文字依法删除，不能恢复。',
    read: ({ reason = '' }) => ({ step: 'revocation', reason }),
  },
  dropping: {
    fields: () => [long('reason', '终止的原因')],
    effect: '案件就此结束，不列入；同一处罚可以另行提出。',
    read: ({ reason = '' }) => ({ step: 'dropping', reason }),
  },
}
