import { z } from 'zod'
import { isTrusted, whoseHindrance } from '../authority/acting.ts'
import { authoritySubject } from '../authority/authority.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { act } from './act.ts'
import { one, together } from './appended.ts'
import { goneInto } from './authority-name.ts'
import { oneOf } from './input.ts'
import { targets } from './targets.ts'

/** Merges an authority into another (合并), which takes over all that it made: by whoever is above both. */
export const mergeAuthorityAct = act({
  name: 'merge-authority',
  label: '机关合并',
  on: 'authority',
  input: z.strictObject({ into: oneOf('并入') }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/authorities/:id/merger', answer: 'authority' },
  effect: '该机关此前办理的事项、账号和密钥全部由承接机关接手，不能恢复。',
  isGrave: true,
  second: (_, __, { actor }) => (isTrusted(actor) ? undefined : '合并使一个机关的全部事项由另一机关接手'),
  secondRight: 'officers:write',
  closed: ({ own }, { authorities }) => goneInto(own, authorities),
  choices: ({ own }, { authorities }) => ({
    into: authorities
      .standing()
      .filter(({ id }) => id !== own.id)
      .map(({ id, name }) => ({ value: id, label: name })),
  }),
  decide(on, { into }, at) {
    const heir = targets.authority({ id: into }, at)
    if (on.own.id === into) throw invalid('/into', 'same', '机关不能并入自己。')
    for (const { own } of [on, heir]) {
      const why = goneInto(own, at.authorities)
      if (why !== undefined) throw new Refusal('gone', why)
    }
    const why = whoseHindrance('administered', heir, at.actor, at.authorities)
    if (why !== undefined) throw new Refusal('forbidden', why)
    const merged = one(on, at, 'authority.merged', { into })
    return together(merged, { expect: [[authoritySubject(into), heir.revision]] })
  },
})
