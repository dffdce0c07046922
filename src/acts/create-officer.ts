import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { loginName, officerSubject } from '../authority/officers.ts'
import { hashOf, passwordFault } from '../authority/passwords.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { columnsOf } from '../records/kind.ts'
import { act } from './act.ts'
import { one, together } from './appended.ts'
import { accountFields, accountOf, dutyChoices } from './officer-account.ts'

const asked = z.strictObject({
  login: loginName.meta({
    label: '账号',
    hint: '3-40 个小写字母、数字、点或连字符；用单位登录的，与单位目录中的账号相同',
  }),
  ...accountFields,
})

/** A first password, by whoever gives one or made up: its owner must change it. */
export const firstPassword = z.string().optional().meta({ label: '首次密码', hint: '不填由系统产生' })

/** Creates an account (工作人员账号); its deciding duties wait for a second administrator. */
export const createOfficerAct = act({
  name: 'create-officer',
  label: '新建账号',
  on: 'register',
  input: asked.extend({ password: firstPassword }),
  form: { columns: columnsOf(asked), inputOf: (lines) => lines },
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/officers', status: 201, answer: 'officer' },
  effect: '首次密码只显示一次，由本人登录后更改。',
  begins: (_, { actor }) => ({ authority: actor.authority }),
  choices: () => ({ roles: dutyChoices }),
  decide: {
    async after(_, { login, name, password }, { outside: { standing } }) {
      if (standing.officer(login)) throw new Refusal('exists', `账号 ${login} 已经有了，请换一个。`)
      const { text, hash } = await passwordFor({ login, name }, password)
      return (_found, { login, password: __, ...account }, at) => {
        const { payload, drafts, expect } = accountOf(login, account, at)
        const subject = { subject: officerSubject(login), revision: 0 }
        const created = one(subject, at, 'officer.created', { ...payload, hash })
        const secret = { label: `账号 ${login} 的首次密码`, text }
        return { ...together(created, { drafts, expect }), secret }
      }
    },
  },
})

/** A password for an account with its hash; refuses a weak one. */
export async function passwordFor(
  known: { login: string; name: string },
  given = randomBytes(12).toString('base64url'),
): Promise<{ text: string; hash: string }> {
  const fault = passwordFault(given, known)
  if (fault !== undefined) throw invalid('/password', 'weak', fault)
  return { text: given, hash: await hashOf(given) }
}
