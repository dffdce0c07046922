import { z } from 'zod'
import { isTrusted } from '../authority/acting.ts'
import { isSame } from '../authority/authorities.ts'
import { authorityNameSubject, nameTaken } from '../authority/authority.ts'
import { act } from './act.ts'
import { one, together } from './appended.ts'
import { freeName, goneInto } from './authority-name.ts'
import { line } from './input.ts'
import { mustBeNamedFor, mustSpeakFor } from './jurisdiction.ts'

/**
 * Gives an authority another name (更名): by whoever is above it, the province's by two of its own. What it made stays its
 * own, and nobody else may ever bear the old one.
 */
export const renameAuthorityAct = act({
  name: 'rename-authority',
  label: '机关更名',
  on: 'authority',
  input: z.strictObject({ name: line('新名称') }),
  right: 'officers:write',
  whose: 'administeredAbove',
  route: { method: 'POST', path: '/authorities/:id/renaming', answer: 'authority' },
  effect: '此前以原名称办理的事项仍属该机关；原名称不再给别的机关使用。',
  isGrave: true,
  second: {
    when: '省级机关的',
    why: ({ own }, _, { actor, authorities }) =>
      isTrusted(actor) || !isSame(actor.body, authorities.bodyFor(own))
        ? undefined
        : '机关的名称由上级更改，省级机关没有上级，由其两名管理员办理',
  },
  secondRight: 'officers:write',
  closed: ({ own }, { authorities }) => goneInto(own, authorities),
  decide(on, { name: typed }, at) {
    const name = freeName(typed, at.authorities, on.own)
    mustBeNamedFor(name, on.own)
    mustSpeakFor(name, at)
    const { authority, officer } = at.actor
    const renamed = one(on, at, 'authority.renamed', { name })
    // Its own former name it has taken already.
    if (on.own.formerNames.includes(name)) return renamed
    return together(renamed, {
      drafts: [nameTaken(name, on.own.id, { authority, officer })],
      expect: [[authorityNameSubject(name), 0]],
    })
  },
})
