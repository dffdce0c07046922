import { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { decidingDuties } from '../authority/administration.ts'
import { hasSecondFactor, type Officer } from '../authority/officers.ts'
import { addDays } from '../calendar/dates.ts'
import { Refusal } from '../dossier/refusal.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { firstPassword, passwordFor } from './create-officer.ts'
import type { ActSituation } from './situation.ts'

/** Days, the day of the confirmation not counted, within which a reset that was confirmed is made use of. */
const ALLOWED_DAYS = 3

/**
 * Gives an account a new first password, which its owner must change; all sessions end. Whoever knows the first password
 * of an account with deciding duties could decide in its name, and it stands in for a second factor that was lost, so both
 * take a second administrator: confirmed, it allows
 * the one who proposed to do it once, who alone is told the password then. Nothing secret waits anywhere.
 */
export const resetPasswordAct = act({
  name: 'reset-password',
  label: '重设首次密码',
  on: 'officer',
  input: z.strictObject({ password: firstPassword }),
  form: { columns: [], inputOf: () => ({}) },
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/officers/:id/password', answer: 'officer' },
  effect:
    '结束该账号的全部会话，解除动态码、通行密钥；与单位目录中的人的对应不变，须解除的另行办理；新的首次密码只显示一次。有作决定的岗位或者登记了动态码、通行密钥的账号，须先由第二名管理员确认，提请人再次办理此项时才得到首次密码。',
  isGrave: true,
  second: {
    when: '有作决定的岗位或者登记了动态码、通行密钥的账号',
    why: ({ own }, _, at) =>
      takesTwo(own, at) ? '知道首次密码的人可以以该账号的名义办理，须由第二名管理员确认' : undefined,
  },
  secondRight: 'officers:write',
  sealed: { password: () => undefined },
  closed: ({ own }) => (own.disabledAt === undefined ? undefined : `账号 ${own.login} 已停用。`),
  decide: {
    async after({ own }, { password }, before) {
      if (takesTwo(own, before))
        return (on, _, at) => {
          const until = addDays(at.today, ALLOWED_DAYS)
          return one(on, at, 'officer.reset-allowed', { to: at.actor.id ?? '', until })
        }
      const { text, hash } = await passwordFor(own, password)
      return (on, _, at) => {
        if (takesTwo(on.own, at)) throw new Refusal('stale', '该账号刚有变动，请重新办理。')
        return {
          ...one(on, at, 'officer.password-set', { hash, first: true, keepsDirectory: true }),
          secret: { label: `账号 ${own.login} 的首次密码`, text },
        }
      }
    },
  },
})

/** Whether a second administrator has to confirm, and has not yet. */
function takesTwo(own: Officer, { actor, today }: Pick<ActSituation, 'actor' | 'today'>): boolean {
  const isPlain = decidingDuties(own.roles).length === 0 && !hasSecondFactor(own)
  if (isTrusted(actor) || isPlain) return false
  const { resetAllowed } = own
  return resetAllowed === undefined || resetAllowed.to !== actor.id || today > resetAllowed.until
}
