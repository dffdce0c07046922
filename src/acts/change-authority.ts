import { z } from 'zod'
import { identityHindrance, isTrusted } from '../authority/acting.ts'
import { isSame } from '../authority/authorities.ts'
import {
  type Authority,
  authoritySubject,
  jurisdictionIn,
  LEVEL_WORDS,
  levels,
  type NewAuthority,
} from '../authority/authority.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { Draft } from '../register/entry.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { goneInto } from './authority-name.ts'
import { line, oneOf, place } from './input.ts'
import { jurisdictionOf, mustBeAbove, mustBeBelow } from './jurisdiction.ts'
import { proposal } from './proposing.ts'
import type { ActSituation } from './situation.ts'

const WHY_TWO = '改变上级机关、层级或者区划，此前办理的事项随之改由别的机关同意、更正和撤销'

/** Says which authority is above another, how to reach it, and what it is responsible for where that was wrong. */
export const changeAuthorityAct = act({
  name: 'change-authority',
  label: '调整机关',
  on: 'authority',
  input: z.strictObject({
    region: place('行政区划', '不填则不变；市或县的名称或 6 位代码，省级机关填 河北省').optional(),
    level: z
      .enum(levels)
      .meta({ label: '层级', isOffered: true, hint: '不填则不变；改了行政区划的，按名称和行政区划' })
      .optional(),
    above: oneOf('上级机关').optional(),
    contacts: line('联系方式', { max: 200 }).optional(),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'PATCH', path: '/authorities/:id', answer: 'authority' },
  effect: '写明上级机关的，由它同意、更正和撤销；没有写明的按层级和行政区划。',
  isGrave: true,
  closed: ({ own }, { authorities }) => goneInto(own, authorities),
  begins: ({ own: { above = '', contacts = '' } }) => ({ above, contacts }),
  choices: ({ own }, { authorities }) => ({
    level: levels.map((value) => ({ value, label: LEVEL_WORDS[value] })),
    above: authorities
      .standing()
      .filter(({ id }) => id !== own.id)
      .map(({ id, name }) => ({ value: id, label: name })),
  }),
  leavesRoom: true,
  second: {
    when: '改变上级机关、层级或者区划的',
    why: (on, asked, at) => (isTrusted(at.actor) || !movesLine(on.own, asked) ? undefined : WHY_TWO),
  },
  secondRight: 'officers:write',
  secondOf({ own }, asked, { authorities }) {
    if (!movesLine(own, asked)) return []
    const { above = own.above } = asked
    return above === undefined
      ? authorities.nextAbove(authorities.bodyFor(own)).map((upper) => [upper])
      : [[authorities.bodyOf({ owner: above, authority: '' })]]
  },
  decide(on, { region, level, above, ...changes }, at) {
    const { authorities, actor } = at
    const { own } = on
    const { name } = own
    const body = authorities.bodyFor(own)
    const isMoved = region !== undefined || level !== undefined
    const isPut = above !== undefined && above !== own.above
    if ((isPut || isMoved) && !isTrusted(actor) && isSame(actor.body, body))
      throw new Refusal('forbidden', '上级机关、层级和区划由上级机关的管理员写明，不能由本机关写明。')
    if (isPut) {
      const upper = authorities.one(above)
      if (!upper) throw new Refusal('unknown', `没有编号为 ${above.slice(0, 40)} 的机关；请核对。`)
      if (above === own.id || authorities.isAbove(body, authorities.bodyFor(upper)))
        throw invalid('/above', 'circle', '上级机关不能是自己或者自己的下级。')
    }
    const moved = isMoved ? jurisdictionOf(name, { level, region: region ?? own.region }) : undefined
    const over = above ?? own.above
    if ((isPut || moved) && over !== undefined)
      mustBeAbove(authorities.bodyOf({ owner: over, authority: '' }), { name, ...(moved ?? body) }, at)
    const said = { ...changes, ...(above !== undefined && { above }) }
    if (!moved) return one(on, at, 'authority.changed', said)
    mustBeBelow({ name, ...moved }, at)
    return one(on, at, 'authority.changed', { ...said, region: null, ...moved })
  },
})

/** What asks the superior that was named for an authority as it was opened: until then it lies by its level and place. */
export function superiorWaiting(id: string, above: string, at: ActSituation): Draft {
  const unknown = identityHindrance(at.actor)
  if (unknown !== undefined) throw new Refusal('forbidden', unknown)
  const why = '写明为其上级机关，由该机关或者其上级确认'
  const asked = { act: changeAuthorityAct.name, on: { id }, input: { above }, saw: 0, why }
  return proposal(authoritySubject(id), asked, at)
}

/** Whether a change moves an authority out of the hands that it was in: who consents, corrects, revokes would be another. */
function movesLine(
  own: Authority,
  { above, region, level }: Pick<NewAuthority, 'above' | 'region' | 'level'>,
): boolean {
  return (
    (above !== undefined && above !== own.above) ||
    (region !== undefined && jurisdictionIn(region).region !== own.region) ||
    (level !== undefined && level !== own.level)
  )
}
