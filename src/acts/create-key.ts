import { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { keySubject, newKey, scopes } from '../authority/keys.ts'
import { RIGHT_WORDS } from '../authority/rights.ts'
import { boundTo, mustActFor, mustAdminister, openedFor } from './accounts.ts'
import { act } from './act.ts'
import { one, together } from './appended.ts'
import { scopesWaiting, waitingOf } from './grant-scopes.ts'
import { line, place, severalOf } from './input.ts'

/** Creates an API key (接口密钥); deciding rights, and all of one that acts for somebody, wait for a second administrator. */
export const createKeyAct = act({
  name: 'create-key',
  label: '新建密钥',
  on: 'register',
  input: z.strictObject({
    name: line('使用者', { hint: '系统的名称' }),
    authority: line('机关'),
    region: place('范围', '市或县的名称或 6 位代码，含下级；不填为不限').optional(),
    actsFor: line('以谁的名义', {
      max: 40,
      hint: '工作人员的账号；不填为机器所用，不能作为第二个人',
    }).optional(),
    scopes: severalOf('权限', scopes, '只给办事所需的权限；作决定的权限、以他人名义的，须第二名管理员确认'),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/keys', status: 201, answer: 'key' },
  effect: '密钥只显示一次。',
  begins: (_, { actor }) => ({ authority: actor.authority }),
  choices: () => ({
    scopes: scopes.map((value) => ({ value, label: `${RIGHT_WORDS[value]}（${value}）` })),
  }),
  decide(_, { scopes: wanted, ...asked }, at) {
    const { id, text, hash } = newKey()
    const subject = keySubject(id)
    mustAdminister({ account: subject, ...asked }, at)
    const { actsFor } = asked
    if (actsFor !== undefined) mustActFor(actsFor, { account: subject, ...asked, scopes: wanted }, at)
    const opened = openedFor({ account: subject, ...asked }, at)
    const waiting = isTrusted(at.actor) ? [] : waitingOf(wanted, actsFor)
    const held = wanted.filter((scope) => !waiting.includes(scope))
    const payload = { ...boundTo(asked), scopes: held, hash }
    const created = together(one({ subject, revision: 0 }, at, 'key.created', payload), {
      drafts: [...scopesWaiting(id, waiting, actsFor, at), ...opened.drafts],
      expect: opened.expect,
    })
    return { ...created, secret: { label: `密钥 ${id}`, text } }
  },
})
