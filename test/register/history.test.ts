import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fold } from '../../src/dossier/dossier.ts'
import { fileEntryPayloads, isFileSubject } from '../../src/dossier/entries.ts'
import { officerFile, publicFace } from '../../src/dossier/face.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Draft, Entry } from '../../src/register/entry.ts'
import { openRegistry } from '../../src/running/open-registry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { verifyDataDir } from '../../src/running/verify.ts'
import { openViews } from '../../src/views/schema.ts'
import { foldSubject } from '../../src/views/subjects.ts'
import { temporaryFolder } from '../support.ts'

const ENTRIES = new URL('../entries/', import.meta.url).pathname
const OLD = new URL('../registers/of-2026-11.db', import.meta.url)
const author = { authority: '省局', officer: '后来的人' }
const fail = (error: unknown) => {
  throw error
}

/** Every entry that was ever written, an example for each shape of each kind. */
const examples: Entry[] = readdirSync(ENTRIES)
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(join(ENTRIES, name), 'utf8')))

/** A registry over the register of a former version. */
async function registry(t: Test) {
  const folder = temporaryFolder(t)
  cpSync(OLD, pathsIn(folder).register)
  const now = () => new Date('2027-01-08T02:00:00Z')
  const parts = await openRegistry({ dataDir: folder, now, onLag: fail, onFailure: fail })
  return { folder, ...parts }
}

t.test('there is an example of every kind that a fold knows', async (t) => {
  const kinds = new Set(examples.map(({ kind }) => kind))
  for (const kind of Object.keys(fileEntryPayloads)) t.ok(kinds.has(kind), kind)
  t.ok(kinds.size >= 56)
})

t.test('every fold reads every entry that was ever written, and its payload erased', async (t) => {
  const opened = examples.find(({ kind }) => kind === 'enterprise.opened')
  const file = opened && fold(undefined, [opened])
  const on = '2026-11-24'
  for (const example of examples)
    for (const entry of [example, { ...example, payload: null, salt: null }])
      if (isFileSubject(entry.subject)) {
        const after = fold(file, [entry])
        if (!after) throw new Error(`${entry.kind} left no file`)
        t.ok(officerFile(after, on, catalogue), entry.kind)
        publicFace(after, on, catalogue)
      } else {
        const begun = examples.find(({ subject }) => subject.split('/')[0] === entry.subject.split('/')[0])
        t.doesNotThrow(() => foldSubject(begun && foldSubject(undefined, begun), entry), entry.kind)
      }
})

t.test('what another version wrote is kept and shown as such, and stops nothing', async (t) => {
  const { registry: own, register, writer, views, folder, close } = await registry(t)
  const key = 'BAD000019'
  const draft = (subject: string, kind: string, payload: unknown): Draft => ({
    ...{ subject, kind, payload, author, visibility: 'internal' },
  })
  const before = views.face(key)?.json ?? ''
  const record = { id: 'r-new', type: 'commitment', data: { text: '信用承诺', madeOn: '2027-01-01' } }
  const strange = [
    draft(key, 'enterprise.relocated', { to: '雄安新区' }),
    draft(key, 'record.added', record),
    draft(key, 'record.added', {
      id: 'r-term',
      type: 'penalty',
      data: { documentNo: '新类罚1号', types: ['从业限制'], procedure: '数字程序', decidedOn: '2026-12-01' },
    }),
    draft('key/0123456789ab', 'key.created', {
      ...{ name: '新系统', authority: '省局', scopes: ['records:read', 'commitments:write'], hash: 'ab' },
    }),
    draft('officer/newcomer', 'officer.created', {
      ...{ name: '新人', authority: '省局', roles: ['auditor', 'inspector-general'], hash: 'ab' },
    }),
    draft('standard/four-grades', 'standard.adopted', { id: 'four-grades', version: 9, weights: {} }),
    draft('rules/order-99', 'rules.adopted', { id: 'order-99', version: 1, clauses: [] }),
    draft('sandbox/1', 'sandbox.opened', { any: 1 }),
  ]
  const broken = [
    draft(key, 'record.added', 'no object'),
    draft(key, 'record.added', { type: 'penalty', data: {} }),
    draft('campaign/x', 'campaign.started', { standard: 7 }),
    draft('bulletins/x', 'bulletin.drafted', []),
  ]
  const { entries } = await writer.append({ drafts: [...strange, ...broken], command: 'later' })
  t.equal(views.applied(), await register.head(), 'nothing is held up')
  const after = await writer.append({
    drafts: [draft(key, 'note.added', { id: 'n', text: '照常' })],
    command: 'x',
  })
  t.equal(views.applied(), after.entries[0]?.seq)

  const file = own.files.officerFile(own.files.byCode(key), author)
  t.match(file.unknown, {
    entries: [{ kind: 'enterprise.relocated', position: 162, author }],
    records: [{ id: 'r-new', type: 'commitment', data: record.data }],
  })
  t.match(file.sections.penalties, [{ id: 'r-term', data: { types: ['从业限制'] } }])
  const shown = views.face(key)?.json ?? ''
  t.notMatch(shown, /relocated|雄安|信用承诺/, 'the public sees nothing that nobody has judged')
  t.ok(before.length > 0)
  t.match(
    own.keys.all().find(({ id }) => id === '0123456789ab'),
    {
      scopes: ['records:read'],
      unknownScopes: ['commitments:write'],
    },
  )
  t.match(own.officers.one('newcomer'), { roles: ['auditor'], unknownRoles: ['inspector-general'] })
  t.equal(views.standard('four-grades')?.versions.at(-1)?.document.version, 2, 'the last that can be read')
  t.match(views.standard('four-grades')?.unreadable, [{ document: { version: 9 } }])

  const connection = openViews(pathsIn(folder).views, 'read')
  const setAside = connection.prepare('SELECT position, kind FROM aside_1 ORDER BY position').all()
  connection.close()
  const last = entries.at(-1)?.seq ?? 0
  t.match(setAside, [
    { position: last - 3, kind: 'record.added' },
    { position: last - 2, kind: 'record.added' },
    { position: last - 1, kind: 'campaign.started' },
    { position: last, kind: 'bulletin.drafted' },
  ])
  await writer.rebuild()
  await close()
  const { findings } = await verifyDataDir(folder, { catalogue })
  t.match(
    findings.map(({ area, position }) => [area, position]),
    [last - 3, last - 2, last - 1, last].map((position) => ['views', position]),
    'each is named, and nothing else is wrong',
  )
})

t.test('a register of a former version opens, verifies, and shows the same after a rebuild', async (t) => {
  const { registry: own, views, writer, folder, close } = await registry(t)
  const answers = () => ({
    changes: views.changes(0, 1000),
    keys: own.keys.all(),
    officers: own.officers.all(),
  })
  const before = answers()
  t.ok(before.changes.length > 20)
  t.match(views.dossier('BAD000019')?.cases, [{ status: 'removed', removed: { cause: 'repaired' } }])
  t.notMatch(JSON.stringify(views.dossier('BAD000027')), /CANARY/, 'what was erased stays so')
  t.match(
    before.officers.map(({ login }) => login),
    ['lisi', 'wangwu', 'zhangsan'],
  )
  await writer.rebuild()
  t.same(answers(), before)
  await close()
  t.same((await verifyDataDir(folder, { catalogue })).findings, [])
})
