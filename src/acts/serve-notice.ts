import { z } from 'zod'
import { caseStep } from './case-step.ts'
import { line, pastDay } from './input.ts'

/** Serves the notice on the party (告知): from then on it may state its case. */
export const serveNoticeAct = caseStep('notice', {
  name: 'serve-notice',
  label: '送达告知',
  input: z.strictObject({
    noticeNo: line('告知书文号').optional(),
    servedOn: pastDay('送达日期'),
    way: line('送达方式', {
      suggestions: ['直接送达', '邮寄送达', '留置送达', '委托送达', '公告送达', '电子送达'],
    }),
  }),
  step: (input) => ({ step: 'notice', ...input }),
  right: 'listings:write',
  whose: 'owner',
  effect: '请先打印告知书送达当事人，再登记送达。登记后陈述、申辩期开始计算。',
  begins: (_, { today }) => ({ servedOn: today }),
})
