import { z } from 'zod'
import { readers } from '../../authority/readers.ts'
import { bulletinDocument } from '../../ui/bulletin-document.ts'
import { type Asker, actorOf, type Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import { BULLETIN_COLUMNS, DeskBulletinPage, DeskBulletinsPage } from '../pages/bulletins.tsx'
import { sentDocument } from '../send-document.ts'
import { sentList } from '../send-list.ts'

/** Bulletins: drafted, compared with the one before, approved by another or sent back. */
export function deskBulletins({ app, registry, asker, offers, making, typed, page }: Desk): void {
  const schema = { hide: true }
  const { bulletins } = registry
  const done = z.string().max(40).optional()

  app.get(
    '/bulletins',
    { schema: { ...schema, querystring: z.object(listQuery) } },
    async (request, reply) => {
      const who = asker(request, ...readers.bulletin)
      const { query } = request
      const issued = bulletins.issued()
      const file = sentList(reply, '名单公告', BULLETIN_COLUMNS, issued, query)
      if (file) return file
      return page(request, reply, () => (
        <DeskBulletinsPage
          {...who}
          issued={issued}
          drafts={bulletins.drafts(actorOf(who.officer))}
          offers={making(who, 'bulletin')}
          typed={typed(request)}
          query={query}
        />
      ))
    },
  )

  const byId = z.object({ id: z.string().max(40) })
  app.get(
    '/bulletins/:id',
    { schema: { ...schema, params: byId, querystring: z.object({ done }) } },
    async (request, reply) => {
      const who = asker(request, ...readers.bulletin)
      const props = oneProps(who, request.params.id)
      const said = request.query.done === undefined ? undefined : '已办理。'
      return page(request, reply, () => <DeskBulletinPage {...who} {...props} done={said} />)
    },
  )

  app.get(
    '/bulletins/:id/document.docx',
    { schema: { ...schema, params: z.object({ id: z.string().max(40) }) } },
    async (request, reply) => {
      asker(request, ...readers.bulletin)
      return sentDocument(reply, bulletinDocument(bulletins.one(request.params.id, true)))
    },
  )

  function oneProps(who: Asker, id: string) {
    const bulletin = bulletins.one(id, true)
    return {
      bulletin,
      draft: bulletins.drafts(actorOf(who.officer)).find((known) => known.id === id),
      before: bulletins.issued().find(({ authority }) => authority === bulletin.authority),
      offers: offers(who, 'bulletin', { id }),
    }
  }
}
