import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { authoritySubject } from '../../src/authority/authority.ts'
import { keySubject } from '../../src/authority/keys.ts'
import { isFileSubject } from '../../src/dossier/entries.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { type Draft, type Entry, unread } from '../../src/register/entry.ts'
import { verifyDataDir } from '../../src/running/verify.ts'
import { foldSubject } from '../../src/views/subjects.ts'
import { openAuthority, testServer, unifiedCode } from '../support.ts'

const author = { authority: '河北省市场监督管理局', officer: '后来的人' }
const ENTRIES = new URL('../entries/', import.meta.url).pathname
const examples: Entry[] = readdirSync(ENTRIES)
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(`${ENTRIES}${name}`, 'utf8')))

/** An entry as another version might have written it. */
const strange = (subject: string, kind: string, payload: unknown): Draft => ({
  ...{ subject, kind, payload, author, visibility: 'internal' },
})

t.test('whatever an entry says, every kind of subject has its revision afterwards', async (t) => {
  const others = examples.filter(({ subject }) => !isFileSubject(subject))
  const kinds = new Set(others.map(({ subject }) => subject.split('/')[0] ?? ''))
  for (const kind of kinds) {
    const first = others.find((one) => one.subject.startsWith(`${kind}/`) && foldSubject(undefined, one))
    const begun = first && foldSubject(undefined, first)
    if (!first || begun === undefined) continue
    const known = new Set(
      others.filter(({ subject }) => subject.startsWith(`${kind}/`)).map((one) => one.kind),
    )
    for (const other of [...known, `${kind}.coloured`])
      for (const payload of [['future'], { future: 1 }, 'text', 7]) {
        const entry = { ...first, kind: other, payload, revision: 7, seq: 900 }
        let after: string | undefined
        try {
          after = foldSubject(begun, entry)
        } catch {
          after = foldSubject(begun, unread(entry))
        }
        t.match(JSON.parse(after ?? '{}'), { revision: 7 }, `${other} ${JSON.stringify(payload)}`)
      }
  }
  t.ok(kinds.size >= 8)
})

t.test('a row that can not be read stops no other write: on a file, a key, an authority', async (t) => {
  const { app, authorization, writer, views, registry, register, folder } = await testServer(t)
  const headers = await authorization(['records:write', 'records:read'])
  const { orgCode: code } = (await open('MA000001', '甲厂')).json()
  await openAuthority({ registry }, author.authority)

  function open(body: string, name: string) {
    const payload = { uscc: unifiedCode(body), enterprise: { name, region: '130102' } }
    return app.inject({ method: 'POST', url: '/api/v1/enterprises', headers, payload })
  }

  const [{ id: key } = { id: '' }] = registry.keys.all()
  const authority = registry.authorities.find(author.authority).id
  const rows = [
    strange(authoritySubject(authority), 'authority.renamed', { v: 3 }),
    strange(authoritySubject(authority), 'authority.painted', {}),
    strange(keySubject(key), 'key.coloured', { x: 1 }),
    strange(keySubject(key), 'key.changed', ['future']),
    strange(code, 'enterprise.changed', ['future']),
    strange(code, 'record.added', { type: 'spaceflight', id: 'f', data: { a: 1 } }),
    strange(code, 'record.corrected', 'text'),
    // A file whose first entry can't be read.
    strange('MA0000103', 'enterprise.opened', 'text'),
  ]
  const { entries } = await writer.append({ drafts: rows, command: 'later' })
  const at = (kind: string) => entries.find((entry) => entry.kind === kind)?.seq ?? 0

  t.equal((await open('MA000002', '乙厂')).statusCode, 201, 'another file')
  const file = await app.inject({ url: `/api/v1/enterprises/${code}`, headers })
  const change = { enterprise: { products: '电缆' } }
  const changed = await app.inject({
    ...{ method: 'PATCH', url: `/api/v1/enterprises/${code}`, payload: change },
    headers: { ...headers, 'if-match': String(file.headers.etag) },
  })
  t.equal(changed.statusCode, 200, changed.body)
  t.match(views.dossier(code)?.unknown, [
    { kind: 'enterprise.changed', position: at('enterprise.changed'), fault: '内容无法读取' },
    { kind: 'record.corrected', position: at('record.corrected'), fault: '内容无法读取' },
  ])
  t.equal(registry.authorities.find(author.authority).revision, 3)

  const refused = await open('MA000010', '丙厂')
  t.equal(refused.statusCode, 409)
  t.match(refused.json().title, /^MA0000103 在登记簿中有本版本的程序读不出的条目/)

  // What is set aside outlives an erasure, which folds the file anew, and a rebuild; the past is still there.
  const first = (await register.history(code)).findLast(({ kind }) => kind === 'enterprise.changed')
  await writer.append({
    drafts: [strange(code, 'payload.erased', { positions: [first?.seq], reason: '依法' })],
    erases: [first?.seq ?? 0],
    command: 'erase',
  })
  t.notMatch(views.dossier(code)?.enterprise, { products: '电缆' })
  t.match(views.dossier(code)?.unknown, { length: 2 })
  await writer.rebuild()
  const { findings } = await verifyDataDir(folder, { catalogue })
  t.match(
    findings.map(({ area, position }) => `${area} ${position}`).sort(),
    ['authority.renamed', 'key.changed', 'enterprise.changed', 'record.corrected', 'enterprise.opened']
      .map((kind) => `views ${at(kind)}`)
      .sort(),
    'each is named by its position',
  )
})
