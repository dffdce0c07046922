import { z } from 'zod'
import { sightHindrance, whoseHindrance } from '../authority/acting.ts'
import { fileObjection } from '../blacklist/objections.ts'
import { STATUS_WORDS } from '../blacklist/words.ts'
import { type Case, caseMadeBy, type Objection } from '../dossier/case.ts'
import type { Situation } from '../dossier/commands.ts'
import { titleOf } from '../dossier/differences.ts'
import { type Dossier, regionOf } from '../dossier/dossier.ts'
import { Refusal } from '../dossier/refusal.ts'
import { reference } from '../records/fields.ts'
import { act, type Choice } from './act.ts'
import { line, paragraphs, pastDay } from './input.ts'
import { ownerOfObjected } from './targets.ts'

const about = z
  .preprocess(
    (typed) => (typeof typed === 'string' ? partsOf(typed) : typed),
    z.strictObject(
      { kind: z.enum(['record', 'rating', 'case']), id: reference(100) },
      '请选择对什么提出异议。',
    ),
  )
  .meta({ label: '对什么提出异议', isOffered: true })

/** Files an enterprise's objection to a record, a rating or a listing (异议); the clock runs from its day. */
export const fileObjectionAct = act({
  name: 'file-objection',
  label: '登记异议',
  on: 'file',
  input: z.strictObject({
    about,
    on: pastDay('提出日期'),
    grounds: paragraphs('异议的理由', 10_000),
    assistedBy: line('协助核查的单位', {
      hint: '需要其他单位协助核查的才填写：处理期限为七个工作日，不填的为三个工作日',
    }).optional(),
  }),
  right: 'listings:write',
  whose: 'placeOrMaker',
  route: {
    method: 'POST',
    path: '/enterprises/:code/objections',
    status: 201,
    answer: 'objection',
    operation: 'fileObjection',
  },
  effect: '登记后，公开页面随即注明“异议处理中”；处理期限自提出之日起算。',
  choices: ({ dossier }, at) => ({
    about: objectionable(seenBy(dossier, at), at).filter(
      ({ value }) => theirsHindrance(dossier, about.parse(value), at) === undefined,
    ),
  }),
  begins: (_, { today }) => ({ on: today }),
  // The firm, which was served, may name a case that the office at its place knows nothing of.
  decide({ dossier }, input, at) {
    const why = theirsHindrance(dossier, input.about, at)
    if (why !== undefined) throw new Refusal('forbidden', why)
    return fileObjection(dossier, input, at)
  },
})

/** Why an objection to a thing is not theirs to file: the firm is elsewhere, and they did not make the thing. */
function theirsHindrance(dossier: Dossier, about: Objection['about'], at: Situation): string | undefined {
  const makers = () => [ownerOfObjected(dossier, { about }, at)].flatMap((owner) => owner ?? [])
  return whoseHindrance('placeOrMaker', { makers, place: regionOf(dossier) }, at.actor, at.authorities)
}

/** A file without the cases that nobody outside knows of and that whoever asks may not see: they are not offered. */
function seenBy(dossier: Dossier, { actor, authorities }: Situation): Dossier {
  const isSeen = (own: Case) =>
    own.published !== undefined ||
    sightHindrance(
      { owner: authorities.bodyOf(caseMadeBy(own)), place: regionOf(dossier) },
      actor,
      authorities,
    ) === undefined
  return { ...dossier, cases: dossier.cases.filter(isSeen) }
}

function partsOf(typed: string) {
  const [kind, id] = typed.split(':')
  return { kind, id }
}

/** What in a file one may object to, the latest first. */
export function objectionable(
  { records, ratings, cases }: Dossier,
  { catalogue }: Pick<Situation, 'catalogue'>,
): Choice[] {
  return [
    ...cases
      .filter(({ status }) => status === 'inForce' || status === 'decided')
      .map(({ id, status }) => ({
        value: `case:${id}`,
        label: `列入案件（${STATUS_WORDS[status]}）`,
        part: id,
      })),
    ...ratings
      .filter(({ revoked }) => !revoked)
      .map(({ id, on, grade }) => ({
        value: `rating:${id}`,
        label: `${on} 评定的等级 ${grade ?? '未评定'}`,
        part: id,
      })),
    ...records
      .filter(({ withdrawn }) => !withdrawn)
      .flatMap(({ id, type, data }) => {
        const kind = catalogue.kind(type)
        if (!kind) return []
        return [{ value: `record:${id}`, label: `${kind.label} ${titleOf(kind, data)}`, part: id }]
      }),
  ].reverse()
}
