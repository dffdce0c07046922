import { z } from 'zod'
import { authorityNameSubject, nameTaken } from '../authority/authority.ts'
import { Refusal } from '../dossier/refusal.ts'
import { act } from './act.ts'
import { one, together } from './appended.ts'
import { freeName, goneInto } from './authority-name.ts'
import { line } from './input.ts'

/** Gives an authority another name (更名); what it made stays its own, and nobody else may ever bear the old one. */
export const renameAuthorityAct = act({
  name: 'rename-authority',
  label: '机关更名',
  on: 'authority',
  input: z.strictObject({ name: line('新名称') }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/authorities/:id/renaming', answer: 'authority' },
  effect: '此前以原名称办理的事项仍属该机关；原名称不再给别的机关使用。',
  isGrave: true,
  closed: ({ own }, { authorities }) => goneInto(own, authorities),
  decide(on, { name: typed }, at) {
    const why = goneInto(on.own, at.authorities)
    if (why !== undefined) throw new Refusal('gone', why)
    const name = freeName(typed, at.authorities)
    const { authority, officer } = at.actor
    return together(one(on, at, 'authority.renamed', { name }), {
      drafts: [nameTaken(name, on.own.id, { authority, officer })],
      expect: [[authorityNameSubject(name), 0]],
    })
  },
})
