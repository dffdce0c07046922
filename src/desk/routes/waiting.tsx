import { z } from 'zod'
import { makerActing } from '../../authority/maker.ts'
import { officerSubject } from '../../authority/officers.ts'
import { invalid } from '../../dossier/refusal.ts'
import { awaited, importWaiting } from '../../exchange/import-service.ts'
import { cursorOf, placeIn } from '../../http/list-parameters.ts'
import { Problem } from '../../http/problem.ts'
import { enterprise } from '../../records/catalogue.ts'
import { text } from '../../records/fields.ts'
import { actorOf, type Desk } from '../contract.ts'
import { cursor } from '../lists.ts'
import { WaitingPage } from '../pages/waiting.tsx'

const FIRMS_SHOWN = 50
const closingReason = text(200)

/** Rows of imports whose firms have no file yet (待建档): the list, importing them once there is one, closing them. */
export function deskWaiting(desk: Desk): void {
  const { app, registry, imports, asker, formOf, page } = desk
  const schema = { hide: true }
  const right = 'records:write'
  const { waiting } = imports.jobs
  const kinds = [enterprise, ...registry.catalogue.kinds]
  const labelOf = (type: string) => kinds.find((kind) => kind.type === type)?.label ?? type

  app.get(
    '/imports/waiting',
    {
      schema: {
        ...schema,
        querystring: z.object({
          below: cursor,
          done: z.string().max(20).optional(),
        }),
      },
    },
    async (request, reply) => {
      const who = asker(request, right)
      const { authority } = who.officer
      const { below, done } = request.query
      const { items: firms, next } = await awaited(imports, authority, placeIn(below), FIRMS_SHOWN)
      const total = waiting.count(authority)
      const closed = waiting.closed(authority, FIRMS_SHOWN)
      const more = next && `/desk/imports/waiting?below=${cursorOf(...next)}`
      const props = { firms, total, next: more, labelOf, closed, done: done && '已不再等待。' }
      return page(request, reply, () => <WaitingPage {...who} {...props} />)
    },
  )

  const byId = z.object({ id: z.string().max(100) })
  const found = (authority: string, id: string) => {
    const firm = waiting.one(authority, id)
    if (!firm) throw new Problem(404, 'unknown', '待建档的列表中没有这一家；可能已经导入，或者不再保留。')
    return firm
  }

  app.post('/imports/waiting/:id/import', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const actor = actorOf(who.officer)
    const sent = {
      keyId: officerSubject(who.officer.login),
      actor,
      createdAt: registry.now().toISOString(),
    }
    const { key = '' } = form
    const firm = found(actor.authority, request.params.id)
    const job = await importWaiting(imports, sent, firm, key === '' ? undefined : key)
    return reply.redirect(`/desk/imports/${job.id}`, 303)
  })

  app.post('/imports/waiting/:id/close', { schema: { ...schema, params: byId } }, async (request, reply) => {
    const { asker: who, form } = formOf(request, right)
    const { authority } = who.officer
    const reason = closingReason.safeParse(form.reason)
    if (!reason.success)
      throw invalid(
        '/reason',
        'required',
        '请写明不再等待的原因（如外省企业已转送、个体工商户不建档），至多 200 字。',
      )
    await waiting.close(authority, found(authority, request.params.id), {
      reason: reason.data,
      by: makerActing(actorOf(who.officer)),
      at: registry.now(),
    })
    return reply.redirect('/desk/imports/waiting?done=closed', 303)
  })
}
