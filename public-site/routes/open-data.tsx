import { datasets } from '../datasets.ts'
import { OpenDataPage } from '../pages/open-data.tsx'
import type { Site } from '../site.tsx'

/** Where people learn what data there is. */
export function openDataPages({ app, page }: Site): void {
  app.get('/open-data', { schema: { hide: true } }, async (request, reply) =>
    page(request, reply, () => <OpenDataPage datasets={datasets} />),
  )
}
