import { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { type Body, isSame } from '../authority/authorities.ts'
import { authoritySubject, LEVEL_WORDS, levels } from '../authority/authority.ts'
import { act } from './act.ts'
import { superiorWaiting } from './change-authority.ts'
import { line, oneOf, place } from './input.ts'
import { jurisdictionOf, mustBeAbove, mustBeBelow, mustSpeakFor } from './jurisdiction.ts'
import type { ActSituation } from './situation.ts'
import { targets } from './targets.ts'

/**
 * Opens an authority (开立机关): by whoever is above it. A superior that the opener does not act for is asked, as by a change
 * of it; until then the authority lies by its level and place.
 */
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
  effect:
    '名称不再给别的机关使用；它的上级机关才能开立。写明的上级不由您办理的，由该机关或者其上级确认，确认之前按层级和区划。',
  choices: (_, { authorities }) => ({
    level: levels.map((value) => ({ value, label: LEVEL_WORDS[value] })),
    above: authorities.standing().map(({ id, name }) => ({ value: id, label: name })),
  }),
  decide(_, asked, at) {
    const { actor, authorities, outside } = at
    const { authority, officer } = actor
    const { name, above, ...more } = asked
    const upper =
      above === undefined ? undefined : authorities.bodyFor(targets.authority({ id: above }, at).own)
    const isAsked = upper !== undefined && !speaksFor(upper, at)
    const given = isAsked ? { name, ...more } : asked
    const { id, drafts, expect } = outside.opening(given, { authority, officer })
    const own = { name, ...jurisdictionOf(name, asked) }
    mustBeBelow(own, at)
    mustSpeakFor(name, at)
    if (upper) mustBeAbove(upper, own, at)
    const waiting = isAsked && above !== undefined ? [superiorWaiting(id, above, at)] : []
    return { key: authoritySubject(id), drafts: [...drafts, ...waiting], expect }
  },
})

/** Whether nobody else has to be asked for an authority: whoever acts for it or for one above it, or holds the data directory. */
function speaksFor(
  upper: Body,
  { actor, authorities }: Pick<ActSituation, 'actor' | 'authorities'>,
): boolean {
  return isTrusted(actor) || isSame(actor.body, upper) || authorities.isAbove(actor.body, upper)
}
