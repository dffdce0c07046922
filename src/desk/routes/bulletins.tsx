import { z } from 'zod'
import { holds, lackingInWords } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { addDays, shanghaiDate } from '../../calendar/dates.ts'
import { type Asker, actorOf, type Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import { BULLETIN_COLUMNS, DeskBulletinPage, DeskBulletinsPage } from '../pages/bulletins.tsx'
import { sentList } from '../send-list.ts'

/** Bulletins: drafted, compared with the one before, approved by another or sent back. */
export function deskBulletins({ app, registry, asker, formOf, requestOf, typed, attempt, page }: Desk): void {
  const schema = { hide: true }
  const { bulletins } = registry
  const today = () => shanghaiDate(registry.now())
  const readers = ['records:read', 'listings:write', 'listings:decide'] as const
  const done = z.string().max(40).optional()

  app.get(
    '/bulletins',
    { schema: { ...schema, querystring: z.object(listQuery) } },
    async (request, reply) => {
      const who = asker(request, ...readers)
      const { query } = request
      const issued = bulletins.issued()
      const file = sentList(reply, '名单公告', BULLETIN_COLUMNS, issued, query)
      if (file) return file
      return page(request, reply, () => (
        <DeskBulletinsPage {...who} {...listProps(who)} query={query} typed={typed(request)} />
      ))
    },
  )

  app.post('/bulletins', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request, 'listings:write')
    return attempt(
      request,
      reply,
      form,
      async () => {
        const { from = '', to = '', corrected = '', correction = '' } = form
        const corrections = corrected === '' ? [] : [{ bulletin: corrected, text: correction }]
        const { id } = await bulletins.draft({ from, to, corrections }, requestOf(who, form))
        return `/desk/bulletins/${id}?done=drafted`
      },
      (refused) => (
        <DeskBulletinsPage
          {...who}
          {...listProps(who)}
          query={z.object(listQuery).parse({})}
          refused={refused}
        />
      ),
    )
  })

  const byId = z.object({ id: z.string().max(40) })
  app.get(
    '/bulletins/:id',
    { schema: { ...schema, params: byId, querystring: z.object({ done }) } },
    async (request, reply) => {
      const who = asker(request, ...readers)
      const props = oneProps(who, request.params.id)
      const said = request.query.done === undefined ? undefined : '已办理。'
      return page(request, reply, () => <DeskBulletinPage {...who} {...props} done={said} />)
    },
  )

  for (const [act, right] of [
    ['approval', 'listings:decide'],
    ['return', 'listings:decide'],
    ['discard', 'listings:write'],
  ] as const)
    app.post(`/bulletins/:id/${act}`, { schema: { ...schema, params: byId } }, async (request, reply) => {
      const { asker: who, form } = formOf(request, right)
      const { id } = request.params
      return attempt(
        request,
        reply,
        form,
        async () => {
          const asked = requestOf(who, form)
          if (act === 'approval') await bulletins.issue(id, asked)
          else
            await bulletins.sendBack(
              id,
              act === 'return' ? 'returned' : 'discarded',
              form.reason ?? '',
              asked,
            )
          return act === 'discard' ? '/desk/bulletins' : `/desk/bulletins/${id}?done=${act}`
        },
        (refused) => <DeskBulletinPage {...who} {...oneProps(who, id)} refused={refused} />,
      )
    })

  function listProps({ officer }: Asker) {
    const issued = bulletins.issued()
    const last = issued.find(({ authority }) => authority === officer.authority)
    return {
      issued,
      drafts: bulletins.drafts(actorOf(officer)),
      mayDraft: holds(scopesOf(officer.roles), 'listings:write'),
      today: today(),
      from: last && last.to < today() ? addDays(last.to, 1) : `${today().slice(0, 7)}-01`,
    }
  }

  function oneProps({ officer }: Asker, id: string) {
    const bulletin = bulletins.one(id, true)
    const draft = bulletins.drafts(actorOf(officer)).find((known) => known.id === id)
    const { id: me } = actorOf(officer)
    const held = scopesOf(officer.roles)
    const isAuthor = draft?.by === me
    return {
      bulletin,
      draft,
      before: bulletins.issued().find(({ authority }) => authority === bulletin.authority),
      isAuthor,
      hindrance: !holds(held, 'listings:decide')
        ? `批准需要的权限：${lackingInWords(['listings:decide'])}。`
        : isAuthor
          ? '自己起草的公告由另一人批准。'
          : officer.authority === bulletin.authority
            ? undefined
            : `只有${bulletin.authority}可以批准。`,
    }
  }
}
