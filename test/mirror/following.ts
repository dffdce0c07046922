import { join } from 'node:path'
import type { Test } from 'tap'
import { keepUp } from '../../src/bulk/copies.ts'
import { openStampKeys } from '../../src/checking/keys.ts'
import { mirror, type Progress } from '../../src/mirror/mirror.ts'
import { Source } from '../../src/mirror/source.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { openAuthority, testServer, unifiedCode } from '../support.ts'

const author = { authority: '省局', officer: '张三' }
export const KEYS = ['DEM00001', 'DEM00002', 'DEM00003'].map((body) => unifiedCode(body).slice(8, 17))

/** A registry that listens, with a consumer, facts entered by hand, copies on demand, and a mirror of it. */
export async function following(t: Test) {
  const server = await testServer(t)
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  await openAuthority(server, '测试局')
  const opened = await server.app.inject({
    method: 'POST',
    url: '/api/v1/consumers',
    headers: await server.authorization(['officers:write']),
    payload: { name: '省信用平台' },
  })
  const consumer: string = opened.json().id
  const asked = { name: '平台', authority: '测试局', scopes: ['platform:read' as const], consumer }
  const { text: key } = await server.registry.keys.create(asked, author)
  const paths = pathsIn(server.folder)
  const stamps = await openStampKeys(paths, server.clock.now)
  let n = 0
  const fact = async (subject: string, kind: string, payload: object, erases: readonly number[] = []) => {
    n += 1
    const draft = { subject, kind, payload, visibility: 'platform' as const, author }
    return (await server.writer.append({ drafts: [draft], command: `t/${n}`, erases })).entries[0]?.seq ?? 0
  }
  const copy = async () => {
    const { epoch } = await server.register.standing()
    const parts = { folder: paths.bulk, views: paths.views, catalogue, keys: stamps, epoch, days: 35 }
    return keepUp({ ...parts, now: server.clock.now }, true)
  }
  const path = join(server.folder, 'mirror.db')
  const told: Progress[] = []
  const signal = new AbortController().signal
  const source = new Source(url, key, signal)
  const tell = (one: Progress) => {
    told.push(one)
  }
  const run = () => mirror(source, path, { follow: false, acknowledges: true, signal, tell })
  const stands = () =>
    KEYS.flatMap((key) =>
      server.views.things(key).map(({ id, type, json }) => `${key} ${type} ${id} ${json}`),
    ).sort()
  return { server, url, key, consumer, fact, copy, path, source, run, told, tell, stands, stamps }
}

/** What a mirror holds, in the words of `stands`. */
export function held(path: string): string[] {
  const connection = new Sqlite(path, { readonly: true })
  const rows = connection
    .prepare<[], { orgCode: string; type: string; id: string; state: string }>(
      'SELECT org_code AS orgCode, type, id, state FROM thing WHERE state IS NOT NULL',
    )
    .all()
  connection.close()
  return rows.map(({ orgCode, type, id, state }) => `${orgCode} ${type} ${id} ${state}`).sort()
}
