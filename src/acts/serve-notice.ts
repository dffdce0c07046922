import { z } from 'zod'
import { stepClosed, takeStep } from '../blacklist/procedure.ts'
import { act } from './act.ts'
import { line, pastDay } from './input.ts'

/** Serves the notice on the party (告知): from then on it may state its case. */
export const serveNoticeAct = act({
  name: 'serve-notice',
  label: '送达告知',
  on: 'case',
  input: z.strictObject({
    noticeNo: line('告知书文号').optional(),
    servedOn: pastDay('送达日期'),
    way: line('送达方式', {
      suggestions: ['直接送达', '邮寄送达', '留置送达', '委托送达', '公告送达', '电子送达'],
    }),
  }),
  right: 'listings:write',
  whose: 'owner',
  route: { method: 'POST', path: '/cases/:id/steps', step: 'notice', answer: 'case', operation: 'takeStep' },
  effect: '请先打印告知书送达当事人，再登记送达。登记后陈述、申辩期开始计算。',
  begins: (_, { today }) => ({ servedOn: today }),
  closed: ({ own }, { today }) => stepClosed(own, 'notice', today),
  decide: ({ dossier, own }, input, at) => takeStep(dossier, own.id, { step: 'notice', ...input }, at),
})
