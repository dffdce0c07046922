import { z } from 'zod'
import { isTrusted, whoseHindrance } from '../authority/acting.ts'
import { type Authority, authoritySubject } from '../authority/authority.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { Draft } from '../register/entry.ts'
import { act } from './act.ts'
import { one, together } from './appended.ts'
import { goneInto } from './authority-name.ts'
import { oneOf, yesOrNo } from './input.ts'
import { territoryTaken } from './jurisdiction.ts'
import { settling } from './proposing.ts'
import type { ActSituation } from './situation.ts'
import { targets } from './targets.ts'

/**
 * Merges an authority into another (合并), which takes over all that it made: by whoever is above both, into one of no lower
 * level whose place holds its own, or that takes that over outright.
 */
export const mergeAuthorityAct = act({
  name: 'merge-authority',
  label: '机关合并',
  on: 'authority',
  input: z.strictObject({
    into: oneOf('并入'),
    takesOver: yesOrNo('承接机关的区划之外的辖区', '由承接机关接管', '不接管').optional(),
  }),
  right: 'officers:write',
  whose: 'administered',
  route: { method: 'POST', path: '/authorities/:id/merger', answer: 'authority' },
  effect:
    '该机关此前办理的事项全部由承接机关接手，账号和密钥改属承接机关，范围仍是原来的，须扩大的逐个调整；不再以该机关新开账号和密钥。承接机关的层级不能更低；其区划不包含该机关辖区的，须写明接管，此后该辖区也由其办理。不能恢复。',
  isGrave: true,
  second: {
    when: '',
    why: (_, __, { actor }) => (isTrusted(actor) ? undefined : '合并使一个机关的全部事项由另一机关接手'),
  },
  secondRight: 'officers:write',
  secondOf: ({ own }, { into }, { authorities }) =>
    [own, authorities.one(into)].flatMap((known) => (known ? [[authorities.bodyFor(known)]] : [])),
  closed: ({ own }, { authorities }) => goneInto(own, authorities),
  choices: ({ own }, { authorities }) => ({
    into: authorities
      .standing()
      .filter(({ id }) => id !== own.id)
      .map(({ id, name }) => ({ value: id, label: name })),
  }),
  decide(on, { into, takesOver = false }, at) {
    const heir = targets.authority({ id: into }, at)
    if (on.own.id === into) throw invalid('/into', 'same', '机关不能并入自己。')
    for (const { own } of [on, heir]) {
      const why = goneInto(own, at.authorities)
      if (why !== undefined) throw new Refusal('gone', why)
    }
    const why = whoseHindrance('administered', heir, at.actor, at.authorities)
    if (why !== undefined) throw new Refusal('forbidden', why)
    const isTaken = territoryTaken(
      at.authorities.bodyFor(on.own),
      at.authorities.bodyFor(heir.own),
      takesOver,
    )
    const merged = one(on, at, 'authority.merged', { into, ...(isTaken && { takesOver: true }) })
    const naming = proposalsNaming(on.own, at)
    return together(merged, {
      drafts: naming.flatMap(({ drafts }) => drafts),
      expect: [
        [authoritySubject(into), heir.revision],
        ...naming.map(({ subject, revision }) => [subject, revision] as const),
      ],
    })
  },
})

/** What waits upon other authorities and names one that is gone then: it lapses with it. */
function proposalsNaming(
  { id, name }: Authority,
  at: ActSituation,
): { subject: string; revision: number; drafts: Draft[] }[] {
  const reason = `所写的${name}已经合并`
  return at.authorities
    .standing()
    .filter((other) => other.id !== id)
    .flatMap((other) => {
      const subject = authoritySubject(other.id)
      const drafts = (other.proposals ?? [])
        .filter(({ status, input }) => status === 'open' && [input.into, input.above].includes(id))
        .map((own) => settling(subject, 'act.lapsed', { id: own.id, reason }, at))
      return drafts.length === 0 ? [] : [{ subject, revision: other.revision, drafts }]
    })
}
