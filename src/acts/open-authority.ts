import { z } from 'zod'
import { LEVEL_WORDS, levels } from '../authority/authority.ts'
import { act } from './act.ts'
import { line, oneOf, place } from './input.ts'
import { jurisdictionOf, mustBeAbove, mustBeBelow, mustSpeakFor } from './jurisdiction.ts'

/** Opens an authority (开立机关): by whoever is above it. */
export const openAuthorityAct = act({
  name: 'open-authority',
  label: '开立机关',
  on: 'register',
  input: z.strictObject({
    name: line('机关名称'),
    region: place('行政区划', '市或县的名称或 6 位代码；从名称看得出的不必填，省级机关填 河北省').optional(),
    level: z.enum(levels).meta({ label: '层级', isOffered: true, hint: '不填则按名称和行政区划' }).optional(),
    above: oneOf('上级机关').optional(),
    contacts: line('联系方式', { max: 200 }).optional(),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/authorities', status: 201, answer: 'authority' },
  effect: '名称不再给别的机关使用；它的上级机关才能开立。',
  choices: (_, { authorities }) => ({
    level: levels.map((value) => ({ value, label: LEVEL_WORDS[value] })),
    above: authorities.standing().map(({ id, name }) => ({ value: id, label: name })),
  }),
  decide(_, asked, at) {
    const { authority, officer } = at.actor
    const { name } = asked
    const { id, drafts, expect } = at.outside.opening(asked, { authority, officer })
    const own = { name, ...jurisdictionOf(name, asked) }
    mustBeBelow(own, at)
    mustSpeakFor(name, at)
    const { above } = asked
    if (above !== undefined) mustBeAbove(at.authorities.bodyOf({ owner: above, authority: '' }), own, at)
    return { key: `authority/${id}`, drafts, expect }
  },
})
