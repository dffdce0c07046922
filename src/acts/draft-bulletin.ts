import { z } from 'zod'
import { bulletinSubject, bulletinTitle, issuedIn, seriesFor, seriesOf } from '../blacklist/bulletin.ts'
import { mustBeImpersonal } from '../blacklist/procedure.ts'
import { addDays } from '../calendar/dates.ts'
import { idOf } from '../dossier/commands.ts'
import { invalid } from '../dossier/refusal.ts'
import { lines, reference } from '../records/fields.ts'
import { columnsOf } from '../records/kind.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { notPersonal, oneOf, paragraphs, pastDay } from './input.ts'
import type { ActSituation } from './situation.ts'

// The form's one text is the act's one correction.
const saidOfText = z
  .object({ text: z.string() })
  .transform(({ text }) => ({ corrections: text }))
  .optional()
  .catch(undefined)

const period = { from: pastDay('期间自'), to: pastDay('期间至') }

/** Drafts a bulletin (公告) over a period; what it holds is fixed when it is issued. */
export const draftBulletinAct = act({
  name: 'draft-bulletin',
  label: '起草公告',
  on: 'register',
  input: z.strictObject({
    ...period,
    corrections: z
      .array(z.strictObject({ bulletin: reference(40), text: lines(4000) }))
      .max(50, '最多 50 处。')
      .default([])
      .meta({ label: '更正', description: '对本机关以往公告的更正' }),
    notPersonal: notPersonal().optional(),
  }),
  form: {
    columns: columnsOf(
      z.strictObject({
        ...period,
        bulletin: oneOf('更正本机关以前的公告').optional(),
        text: paragraphs('更正的内容', 4000).optional(),
        notPersonal: notPersonal().optional(),
      }),
    ),
    inputOf: ({ bulletin, text, notPersonal, ...rest }) => ({
      ...rest,
      corrections: bulletin === undefined ? [] : [{ bulletin, text }],
      notPersonal: saidOfText.parse(notPersonal),
    }),
  },
  right: 'listings:write',
  whose: 'owner',
  route: { method: 'POST', path: '/bulletins', status: 201, answer: 'bulletin' },
  effect: '公告列出期间内本机关公示的列入和移出；内容在批准发布时固定，编号在发布时取得。',
  begins(_, at) {
    const { own } = seriesOfActor(at)
    const last = own && issuedIn([own]).at(-1)
    const from = last && last.to < at.today ? addDays(last.to, 1) : `${at.today.slice(0, 7)}-01`
    return { from, to: at.today }
  },
  choices(_, at) {
    const issued = issuedIn(seriesOfActor(at).theirs)
    return {
      bulletin: issued.map((one) => ({
        value: one.id,
        label: bulletinTitle({ authority: one.authority, ...one.issued }),
      })),
    }
  },
  decide(_, asked, at) {
    if (asked.from > asked.to) throw invalid('/to', 'before-start', '期间的结束早于开始。')
    const { own: before, theirs } = seriesOfActor(at)
    const mendable = issuedIn(theirs).map(({ id }) => id)
    for (const [i, { bulletin }] of asked.corrections.entries())
      if (!mendable.includes(bulletin))
        throw invalid(`/corrections/${i}/bulletin`, 'forbidden', '只能更正本机关发布的公告。')
    mustBeImpersonal(
      asked.corrections.map(({ text }, i) => ({ field: `corrections/${i}/text`, label: '更正', text })),
      asked.notPersonal,
    )
    const authority = at.actor.body.name
    const subject = bulletinSubject(before?.id ?? seriesOf(authority))
    const payload = { authority, ...asked, by: idOf(at.actor) }
    return one({ subject, revision: before?.revision ?? 0 }, at, 'bulletin.drafted', payload)
  },
})

function seriesOfActor({ outside: { standing }, authorities, actor }: ActSituation) {
  return seriesFor(actor.body, standing.allBulletins(), authorities)
}
