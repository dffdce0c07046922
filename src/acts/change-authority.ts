import { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { isSame } from '../authority/authorities.ts'
import { type Authority, LEVEL_WORDS, levels } from '../authority/authority.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { line, oneOf, place } from './input.ts'
import { jurisdictionOf, mustBeBelow } from './jurisdiction.ts'

/** Says which authority is above another, how to reach it, and what it is responsible for where that was wrong. */
export const changeAuthorityAct = act({
  name: 'change-authority',
  label: '调整机关',
  on: 'authority',
  input: z.strictObject({
    region: place('行政区划', '市或县的名称或 6 位代码；省级机关填 河北省').optional(),
    level: z.enum(levels).meta({ label: '层级', isOffered: true, hint: '不填则按名称和行政区划' }).optional(),
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
    level: levels.map((value) => ({ value, label: LEVEL_WORDS[value] })),
    above: authorities
      .standing()
      .filter(({ id }) => id !== own.id)
      .map(({ id, name }) => ({ value: id, label: name })),
  }),
  decide(on, { region, level, ...changes }, { authorities, ...at }) {
    const { above } = changes
    const body = (own: Authority) => authorities.bodyOf({ owner: own.id, authority: own.name })
    const isMoved = region !== undefined || level !== undefined
    if ((above !== undefined || isMoved) && !isTrusted(at.actor) && isSame(at.actor.body, body(on.own)))
      throw new Refusal('forbidden', '上级机关、层级和区划由上级机关的管理员写明，不能由本机关写明。')
    if (above !== undefined) {
      const upper = authorities.one(above)
      if (!upper) throw new Refusal('unknown', `没有编号为 ${above.slice(0, 40)} 的机关；请核对。`)
      if (above === on.own.id || authorities.isAbove(body(on.own), body(upper)))
        throw invalid('/above', 'circle', '上级机关不能是自己或者自己的下级。')
    }
    if (!isMoved) return one(on, at, 'authority.changed', changes)
    const { name } = on.own
    const moved = jurisdictionOf(name, { level, region: region ?? on.own.region })
    mustBeBelow({ name, ...moved }, { authorities, actor: at.actor })
    return one(on, at, 'authority.changed', { ...changes, region: null, ...moved })
  },
})
