import { z } from 'zod'
import type { ActAnswer } from '../../acts/act.ts'
import { objectionable } from '../../acts/file-objection.ts'
import { lastText } from '../../dossier/case.ts'
import { type Dossier, nameOf } from '../../dossier/dossier.ts'
import { Problem } from '../../http/problem.ts'
import { penalty } from '../../records/penalty.ts'
import type { Asker, Desk } from '../contract.ts'
import { DecisionTextPage, EarlyEndPage, ObjectionPage } from '../pages/objection.tsx'

/** Objections of enterprises, the early end of a penalty's publication, the text of its decision. */
export function deskObjections({ app, registry, asker, offers, page }: Desk): void {
  const schema = { hide: true }
  const ofPart = z.object({ code: z.string().max(100), id: z.string().max(100) })
  const done = z.string().max(40).optional()

  app.get(
    '/enterprises/:code/objections/:id',
    { schema: { ...schema, params: ofPart, querystring: z.object({ done }) } },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const shown = objectionOf(request.params, who)
      const said = request.query.done === undefined ? undefined : '已保存。'
      return page(request, reply, () => <ObjectionPage {...who} {...shown} done={said} />)
    },
  )

  app.get(
    '/enterprises/:code/records/:id/early-end',
    { schema: { ...schema, params: ofPart, querystring: z.object({ done }) } },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const shown = earlyEndOf(request.params, who)
      const said = request.query.done === undefined ? undefined : '已保存。'
      return page(request, reply, () => <EarlyEndPage {...who} {...shown} done={said} />)
    },
  )

  app.get(
    '/enterprises/:code/records/:id/decision',
    { schema: { ...schema, params: ofPart, querystring: z.object({ done }) } },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const { code, id } = request.params
      const dossier = registry.files.byCode(code)
      const record = penalty.in(dossier).find((known) => known.id === id)
      if (!record) throw new Problem(404, 'unknown', '档案中没有这一处罚记录；请核对地址。')
      const said = request.query.done === undefined ? undefined : '已保存。'
      return page(request, reply, () => (
        <DecisionTextPage
          {...who}
          {...headOf(dossier)}
          record={{ id, documentNo: record.data.documentNo, decidedOn: record.data.decidedOn }}
          last={lastText(dossier, id)}
          offers={onRecord(who, dossier.key, id, 'decisionText')}
          done={said}
        />
      ))
    },
  )

  function headOf(dossier: Dossier) {
    return { code: dossier.key, name: nameOf(dossier) }
  }

  /** The acts upon a record that are answered with what a page shows of it. */
  function onRecord(who: Asker, code: string, id: string, answer: ActAnswer) {
    return offers(who, 'record', { code, id }).filter(({ act }) => act.route.answer === answer)
  }

  function objectionOf({ code, id }: { code: string; id: string }, who: Asker) {
    const dossier = registry.files.byCode(code)
    const objection = dossier.objections.find((known) => known.id === id)
    if (!objection) throw new Problem(404, 'unknown', '档案中没有这一异议；请核对地址。')
    const { kind, id: about } = objection.about
    const label = objectionable(dossier, registry).find(({ value }) => value === `${kind}:${about}`)?.label
    return {
      ...headOf(dossier),
      objection,
      about: label ?? '已撤回或删除的内容',
      offers: offers(who, 'objection', { code, id }),
    }
  }

  function earlyEndOf({ code, id }: { code: string; id: string }, who: Asker) {
    const dossier = registry.files.byCode(code)
    const record = penalty.in(dossier).find((known) => known.id === id)
    if (!record) throw new Problem(404, 'unknown', '档案中没有这一处罚记录；请核对地址。')
    return {
      ...headOf(dossier),
      record: {
        id,
        documentNo: record.data.documentNo,
        decidedOn: record.data.decidedOn,
      },
      last: dossier.earlyEnds.findLast((known) => known.record === id),
      offers: onRecord(who, dossier.key, id, 'earlyEnd'),
    }
  }
}
