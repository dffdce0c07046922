import { z } from 'zod'
import { act } from './act.ts'
import { one } from './appended.ts'

/**
 * Unbinds an account from its person in the bureau's directory (解除单位目录的对应); all sessions end. It opens the account to
 * nobody: who is to be bound next shows its password, and its second factor where it has one.
 */
export const unbindOfficerAct = act({
  name: 'unbind-officer',
  label: '解除单位目录的对应',
  on: 'officer',
  input: z.strictObject({}),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/officers/:id/unbinding', answer: 'officer' },
  effect:
    '结束该账号的全部会话，单位目录中原来的人随即不能以单位账号登录；此后再以单位账号登录的，须出示本账号的密码和动态码或通行密钥，才重新对应。没有密码的，再重设首次密码。',
  isGrave: true,
  closed: ({ own }) => (own.directory === undefined ? '该账号没有与单位目录中的人对应。' : undefined),
  decide: (on, _, at) => one(on, at, 'officer.unbound', {}),
})
