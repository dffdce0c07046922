import { z } from 'zod'
import { scopesOf } from '../../access/roles.ts'
import { filtersOf, searchParameters } from '../../api/search.ts'
import type { Desk } from '../desk.tsx'
import { DeskFilePage, FindPage } from '../pages/file.tsx'

const FOUND = 20

/** Finding an enterprise, and its file with everything that officers may see. */
export function deskFiles({ app, registry, asker, page }: Desk): void {
  app.get(
    '/find',
    { schema: { hide: true, querystring: searchParameters.extend({ for: z.string().max(50).default('') }) } },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const { q, for: type } = request.query
      const filters = filtersOf(request.query, registry)
      const { hits } = await registry.search({ text: q, filters, limit: FOUND })
      return page(request, reply, () => (
        <FindPage {...who} query={q} hits={hits} kind={registry.catalogue.kind(type)} />
      ))
    },
  )

  app.get(
    '/enterprises/:code',
    {
      schema: {
        hide: true,
        params: z.object({ code: z.string().max(100) }),
        querystring: z.object({ done: z.string().max(100).optional() }),
      },
    },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const dossier = registry.files.byCode(request.params.code)
      if (dossier.key !== request.params.code) return reply.redirect(`/desk/enterprises/${dossier.key}`, 308)
      const entries = await registry.files.history(dossier)
      return page(request, reply, () => (
        <DeskFilePage
          {...who}
          file={registry.files.officerFile(dossier)}
          entries={entries}
          catalogue={registry.catalogue}
          mayWrite={scopesOf(who.officer.roles).includes('records:write')}
          done={request.query.done === undefined ? undefined : '已保存。'}
        />
      ))
    },
  )
}
