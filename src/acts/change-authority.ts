import { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { isSame } from '../authority/authorities.ts'
import type { Authority } from '../authority/authority.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { line, oneOf } from './input.ts'

/** Says which authority is above another, and how to reach it. */
export const changeAuthorityAct = act({
  name: 'change-authority',
  label: '调整机关',
  on: 'authority',
  input: z.strictObject({
    above: oneOf('上级机关').optional(),
    contacts: line('联系方式', { max: 200 }).optional(),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'PATCH', path: '/authorities/:id', answer: 'authority' },
  effect: '写明上级机关的，由它同意、更正和撤销；没有写明的按层级和行政区划。',
  isGrave: true,
  begins: ({ own: { above = '', contacts = '' } }) => ({ above, contacts }),
  choices: ({ own }, { authorities }) => ({
    above: authorities
      .standing()
      .filter(({ id }) => id !== own.id)
      .map(({ id, name }) => ({ value: id, label: name })),
  }),
  decide(on, changes, { authorities, ...at }) {
    const { above } = changes
    const body = (own: Authority) => authorities.bodyOf({ owner: own.id, authority: own.name })
    if (above !== undefined) {
      if (!isTrusted(at.actor) && isSame(at.actor.body, body(on.own)))
        throw new Refusal('forbidden', '谁是上级机关由上级机关的管理员写明，不能由本机关写明。')
      const upper = authorities.one(above)
      if (!upper) throw new Refusal('unknown', `没有编号为 ${above.slice(0, 40)} 的机关；请核对。`)
      if (above === on.own.id || authorities.isAbove(body(on.own), body(upper)))
        throw invalid('/above', 'circle', '上级机关不能是自己或者自己的下级。')
    }
    return one(on, at, 'authority.changed', changes)
  },
})
