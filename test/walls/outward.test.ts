import { createServer } from 'node:http'
import t, { type Test } from 'tap'
import { openIdDirectory } from '../../src/authority/directory.ts'
import { openMeilisearch } from '../../src/search/meilisearch.ts'

/** A server that answers everything in one way; its address, and what it was asked. */
async function answering(t: Test, location?: string) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (location !== undefined) response.writeHead(307, { location: `${location}${request.url}` })
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close().closeAllConnections())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, asked }
}

t.test('what lies outside leads this server on to no other address', async (t) => {
  const other = await answering(t)
  const leading = await answering(t, other.url)
  const directory = openIdDirectory({
    ...{ issuer: leading.url, clientId: 'c', clientSecret: 's', claim: 'preferred_username' },
  })
  await t.rejects(directory.begin('http://localhost:8080/desk/directory/callback'))
  t.ok(leading.asked.length > 0)
  const before = leading.asked.length
  const index = openMeilisearch({ url: leading.url, key: 'secret', onRefused: () => undefined })
  await t.rejects(index.applied())
  t.ok(leading.asked.length > before)
  t.same(other.asked, [])
})
