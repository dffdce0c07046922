import { z } from 'zod'
import { act } from './act.ts'
import { one } from './appended.ts'
import { firstPassword, passwordFor } from './create-officer.ts'

/** Gives an account a new first password, which its owner must change; all sessions end. */
export const resetPasswordAct = act({
  name: 'reset-password',
  label: '重设首次密码',
  on: 'officer',
  input: z.strictObject({ password: firstPassword }),
  form: { columns: [], inputOf: () => ({}) },
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/officers/:id/password', answer: 'officer' },
  effect: '结束该账号的全部会话；新的首次密码只显示一次。',
  isGrave: true,
  closed: ({ own }) => (own.disabledAt === undefined ? undefined : `账号 ${own.login} 已停用。`),
  decide: {
    async after({ own }, { password }) {
      const { text, hash } = await passwordFor(own, password)
      return (on, _, at) => ({
        ...one(on, at, 'officer.password-set', { hash, first: true }),
        secret: { label: `账号 ${own.login} 的首次密码`, text },
      })
    },
  },
})
