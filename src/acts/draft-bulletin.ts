import { z } from 'zod'
import { isSame } from '../authority/authorities.ts'
import { type BulletinSeries, bulletinSubject, bulletinTitle, seriesOf } from '../blacklist/bulletin.ts'
import { mustBeImpersonal } from '../blacklist/procedure.ts'
import { addDays } from '../calendar/dates.ts'
import { idOf } from '../dossier/commands.ts'
import { invalid } from '../dossier/refusal.ts'
import { lines, reference } from '../records/fields.ts'
import { columnsOf } from '../records/kind.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { oneOf, paragraphs, pastDay } from './input.ts'
import type { ActSituation } from './situation.ts'

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
  }),
  form: {
    columns: columnsOf(
      z.strictObject({
        ...period,
        bulletin: oneOf('更正本机关以前的公告').optional(),
        text: paragraphs('更正的内容', 4000).optional(),
      }),
    ),
    inputOf: ({ bulletin, text, ...rest }) => ({
      ...rest,
      corrections: bulletin === undefined ? [] : [{ bulletin, text }],
    }),
  },
  right: 'listings:write',
  whose: 'owner',
  route: { method: 'POST', path: '/bulletins', status: 201, answer: 'bulletin' },
  effect: '公告列出期间内本机关公示的列入和移出；内容在批准发布时固定，编号在发布时取得。',
  begins(_, at) {
    const last = issuedOf(ownSeries(at)).at(-1)
    const from = last && last.to < at.today ? addDays(last.to, 1) : `${at.today.slice(0, 7)}-01`
    return { from, to: at.today }
  },
  choices(_, at) {
    const series = ownSeries(at)
    const title = (own: { issued?: { year: number; no: number } }) =>
      bulletinTitle({ authority: series?.authority ?? '', ...own.issued })
    return { bulletin: issuedOf(series).map((own) => ({ value: own.id, label: title(own) })) }
  },
  decide(_, asked, at) {
    if (asked.from > asked.to) throw invalid('/to', 'before-start', '期间的结束早于开始。')
    const before = ownSeries(at)
    const own = issuedOf(before).map(({ id }) => id)
    for (const [i, { bulletin }] of asked.corrections.entries())
      if (!own.includes(bulletin))
        throw invalid(`/corrections/${i}/bulletin`, 'forbidden', '只能更正本机关发布的公告。')
    mustBeImpersonal(
      asked.corrections.map(({ text }, i) => ({ field: `corrections/${i}/text`, label: '更正', text })),
    )
    const authority = before?.authority ?? at.actor.authority
    const subject = bulletinSubject(before?.id ?? seriesOf(authority))
    const payload = { authority, ...asked, by: idOf(at.actor) }
    return one({ subject, revision: before?.revision ?? 0 }, at, 'bulletin.drafted', payload)
  },
})

/** The series of whoever acts: the one that their authority has begun under any of its names. */
function ownSeries({ outside: { standing }, authorities, actor }: ActSituation): BulletinSeries | undefined {
  return standing
    .allBulletins()
    .find(({ authority }) => isSame(authorities.bodyOf({ authority }), actor.body))
}

function issuedOf(series: BulletinSeries | undefined) {
  return series?.bulletins.filter(({ status }) => status === 'issued') ?? []
}
