import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import t, { type Test } from 'tap'
import { catalogue } from '../../src/records/catalogue.ts'
import { type Anchored, anchorPath, layAnchor, readAnchor } from '../../src/register/anchor.ts'
import { chained, noChain } from '../../src/register/chain.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { entryDigest, newId, payloadDigest } from '../../src/register/entry.ts'
import { takenUp } from '../../src/register/fit.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { type Finding, Findings, verifyRegister } from '../../src/register/verify.ts'
import { openRegistry } from '../../src/running/open-registry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { verifyDataDir } from '../../src/running/verify.ts'
import { temporaryFolder } from '../support.ts'

const OLD = new URL('../registers/of-2026-11.db', import.meta.url)
const fail = (error: unknown) => {
  throw error
}

/** A data directory with everything that a register of a former version held, opened once and closed. */
async function whole(t: Test): Promise<string> {
  const folder = temporaryFolder(t)
  cpSync(OLD, pathsIn(folder).register)
  const now = () => new Date('2027-01-08T02:00:00Z')
  const parts = await openRegistry({ dataDir: folder, now, onLag: fail, onFailure: fail })
  await parts.close()
  return folder
}

function change(path: string, ...statements: string[]): void {
  const db = new Sqlite(path)
  db.function('sha256', (text) => createHash('sha256').update(String(text)).digest('hex'))
  for (const statement of statements) db.exec(statement)
  db.close()
}

const found = async (folder: string): Promise<Finding[]> => [
  ...(await verifyDataDir(folder, { catalogue })).findings,
]
const positions = (findings: Finding[], area: Finding['area']) =>
  findings.filter((finding) => finding.area === area).map(({ position }) => position)

/** What every file of a folder holds, by name; what SQLite keeps beside a file while it is open does not count. */
function content(folder: string): Record<string, string> {
  const names = readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile())
  return Object.fromEntries(
    names
      .filter(({ name }) => !/-(wal|shm)$/.test(name))
      .map(({ name }) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ]),
  )
}

t.test('a register of a former version, carried over, is in order; looking changes nothing', async (t) => {
  const folder = await whole(t)
  const before = content(folder)
  const verified = await verifyDataDir(folder, { catalogue })
  t.match(verified, { entries: 161, findings: [], count: 0 })
  t.ok(verified.subjects > 30)
  t.ok(verified.documents > 20)
  t.same(content(folder), before)
})

t.test('a payload with both digests made to fit is named', async (t) => {
  const folder = await whole(t)
  const db = new Sqlite(pathsIn(folder).register)
  const row = db.prepare<[], Record<string, string>>(`SELECT * FROM entry WHERE seq = 20`).get()
  const payload = { ...JSON.parse(row?.payload ?? ''), forged: true }
  const { salt = '', id = '', subject = '', kind = '', command = '' } = row ?? {}
  const digests = { payloadDigest: payloadDigest(salt, payload), digest: '' }
  digests.digest = entryDigest({
    ...{ seq: 20, id, subject, revision: Number(row?.revision), kind, command },
    ...{ visibility: 'public', author: { authority: row?.authority ?? '', officer: row?.officer ?? '' } },
    ...{ recordedAt: row?.recorded_at ?? '', payloadDigest: digests.payloadDigest },
  })
  const update = 'UPDATE entry SET payload = ?, payload_digest = ?, digest = ?, visibility = ? WHERE seq = 20'
  db.prepare(update).run(JSON.stringify(payload), digests.payloadDigest, digests.digest, 'public')
  const findings = await found(folder)
  t.same(positions(findings, 'register'), [20])
  t.match(findings[0]?.what, /链值不符/)

  // Who also chains all that follows anew, head row included, is found by the anchor and the views.
  let chain = noChain
  for (const { seq, digest } of db
    .prepare<[], { seq: number; digest: string }>('SELECT seq, digest FROM entry ORDER BY seq')
    .all()) {
    chain = chained(chain, digest)
    db.prepare('UPDATE entry SET chain = unhex(?) WHERE seq = ?').run(chain, seq)
  }
  db.prepare('UPDATE head SET chain = unhex(?)').run(chain)
  db.close()
  t.match(
    (await found(folder)).filter(({ area }) => area === 'anchor'),
    [
      { position: 161, what: /与锚文件不符/ },
      { position: 161, what: /视图（views.db）由另一份登记簿算出/ },
    ],
  )
})

t.test('a payload that is gone without an erasure, and one that should be gone, are named', async (t) => {
  const folder = await whole(t)
  const { register } = pathsIn(folder)
  change(register, 'UPDATE entry SET payload = NULL, salt = NULL WHERE seq = 30')
  t.same(positions(await found(folder), 'erasure'), [30])
  const erased = new Sqlite(register)
  const [gone] = erased
    .prepare<[], number>('SELECT seq FROM entry WHERE payload IS NULL AND seq <> 30')
    .pluck()
    .all()
  erased.prepare(`UPDATE entry SET payload = '{}', salt = 'ab' WHERE seq = ?`).run(gone)
  erased.close()
  const findings = await found(folder)
  t.same(positions(findings, 'erasure'), [30, gone])
  t.ok(positions(findings, 'register').includes(gone), 'and its digest does not fit')
})

t.test('a payload or a salt that is gone alone is named, before a rebuild and after it', async (t) => {
  for (const [column, seq] of [
    ['payload', 2],
    ['payload', 30],
    ['salt', 30],
    ['payload', 161],
    ['salt', 161],
  ] as const) {
    const folder = await whole(t)
    change(pathsIn(folder).register, `UPDATE entry SET ${column} = NULL WHERE seq = ${seq}`)
    t.same(positions(await found(folder), 'register'), [seq], `${column} of ${seq}`)
    const told: string[] = []
    const now = () => new Date('2027-01-08T02:00:00Z')
    const tell = (words: string) => told.push(words)
    const parts = await openRegistry({ dataDir: folder, now, onLag: fail, onFailure: fail, tell })
    await parts.writer.rebuild()
    await parts.close()
    t.same(positions(await found(folder), 'register'), [seq], `${column} of ${seq}, after a rebuild`)
    if (column === 'payload') t.match(told.join(), new RegExp(`第 ${seq} 条`), 'and it is said by then')
  }
})

t.test(
  'what was changed in the register’s file is shown to nobody once the views are computed anew',
  async (t) => {
    const folder = await whole(t)
    const { register, views } = pathsIn(folder)
    const db = new Sqlite(register, { readonly: true })
    const first = db.prepare<[], { seq: number; subject: string; name: string }>(
      `SELECT seq, subject, payload ->> '$.data.name' AS name FROM entry
     WHERE kind = 'enterprise.opened' AND payload ->> '$.data.name' IS NOT NULL LIMIT 1`,
    )
    const { seq = 0, subject = '', name = '' } = first.get() ?? {}
    db.close()
    t.ok(name)
    change(
      register,
      `UPDATE entry SET payload = replace(payload, '${name}', '示例伪造公司') WHERE seq = ${seq}`,
    )
    const told: string[] = []
    const parts = await openRegistry({
      ...{ dataDir: folder, now: () => new Date('2027-01-08T02:00:00Z'), onLag: fail, onFailure: fail },
      tell: (words) => told.push(words),
    })
    await parts.writer.rebuild()
    t.notMatch(JSON.stringify(parts.views.dossier(subject) ?? ''), /示例伪造公司/)
    await parts.close()
    t.notOk(readFileSync(views).includes('示例伪造公司'), 'nor does it lie in the views')
    t.match(told, [new RegExp(`^登记簿第 ${seq} 条（${subject}，.*已搁置.*请执行 verify`)])
    const findings = await found(folder)
    t.same(positions(findings, 'register'), [seq])
    t.same(positions(findings, 'views'), [seq], 'and the rest of the views fits')
  },
)

t.test('a well-formed row that was put in at the end is named, however well it is chained', async (t) => {
  const folder = await whole(t)
  const { register } = pathsIn(folder)
  change(
    register,
    `INSERT INTO entry SELECT 162, id, 'FORGED', 1, kind, payload, salt, payload_digest, visibility, authority, officer,
      command, recorded_at, digest, chain FROM entry WHERE seq = 161`,
  )
  t.same(positions(await found(folder), 'register'), [162])
  const db = new Sqlite(register)
  const { chain, digest } = db
    .prepare<[], { chain: string; digest: string }>(
      'SELECT lower(hex(chain)) AS chain, digest FROM entry WHERE seq = 161',
    )
    .get() ?? { chain: noChain, digest: '' }
  const next = chained(chain, digest)
  db.prepare('UPDATE entry SET chain = unhex(?) WHERE seq = 162').run(next)
  db.prepare('UPDATE head SET seq = 162, chain = unhex(?)').run(next)
  db.close()
  const findings = await found(folder)
  t.same(positions(findings, 'ahead'), [162], 'no anchor tells of it')
  t.same(positions(findings, 'anchor'), [], 'and nothing is to be looked for')
})

t.test('a start that takes up what no anchor tells of says which', async (t) => {
  const now = () => new Date('2027-01-08T02:00:00Z')
  const folder = await whole(t)
  const { register } = pathsIn(folder)
  const file = anchorPath(register)
  const last = readAnchor(file)
  if (!last || last === 'broken') throw new Error('no anchor')
  const toldWith = async (position: number) => {
    const db = new Sqlite(register, { readonly: true })
    const chain = db.prepare<[number], string>('SELECT lower(hex(chain)) FROM entry WHERE seq = ?').pluck()
    layAnchor(file, { ...last, position, chain: chain.get(position) ?? noChain })
    db.close()
    const told: string[] = []
    const tell = (words: string) => told.push(words)
    const parts = await openRegistry({ dataDir: folder, now, onLag: fail, onFailure: fail, tell })
    await parts.close()
    return told.join()
  }
  t.equal(await toldWith(161), '', 'an anchor at the head')
  t.match(await toldWith(160), /比锚多出序号 161（1 条）/)
  t.match(await toldWith(149), /比锚多出序号 150 至 161（共 12 条）/)
  t.same(await found(folder), [], 'it is taken up by then')

  const current = readFileSync(file, 'utf8')
  layAnchor(file, { ...last, position: 0, chain: noChain })
  t.match(takenUp(register), /序号 1 至 161/)
  const writing = `const { workerData: { file, text, go }, parentPort } = require('worker_threads')
    parentPort.postMessage('ready')
    Atomics.wait(go, 0, 0)
    Atomics.wait(go, 1, 0, 150)
    require('fs').writeFileSync(file, text)`
  const go = new Int32Array(new SharedArrayBuffer(8))
  const other = new Worker(writing, { eval: true, workerData: { file, text: current, go } })
  const ended = once(other, 'exit')
  await once(other, 'message')
  Atomics.store(go, 0, 1)
  Atomics.notify(go, 0)
  t.equal(takenUp(register), undefined, 'another that has just appended is waited for')
  await ended
})

t.test('a table of commands that was changed is named', async (t) => {
  const [first, second] = [107, 110]
  const changes: [statement: string, positions: number[]][] = [
    [`UPDATE command SET first_seq = ${second} WHERE first_seq = ${first}`, [second, first]],
    [`DELETE FROM command WHERE first_seq = ${first}`, [first]],
    ['DELETE FROM command', [107, 108, 109, 110, 111]],
    [`UPDATE command SET count = 2 WHERE first_seq = ${first}`, [first]],
    [`UPDATE command SET count = 0 WHERE first_seq = ${first}`, [first]],
    [`UPDATE command SET key = 'officer/lisi/form/other' WHERE first_seq = ${first}`, [first, first]],
    [`UPDATE command SET first_seq = 500 WHERE first_seq = ${first}`, [500, first]],
    [`INSERT INTO command VALUES ('daily/2026-07-01', 'x', 1, 1)`, [1]],
  ]
  for (const [statement, expected] of changes) {
    const folder = await whole(t)
    change(pathsIn(folder).register, statement)
    const own = positions(await found(folder), 'register')
    t.same(own.slice(0, expected.length), expected, statement)
  }
  const folder = await whole(t)
  const gone = 'DELETE FROM command WHERE first_seq = 107'
  change(pathsIn(folder).register, gone, `UPDATE head SET moved_to = 'postgres://elsewhere'`)
  t.same(positions(await found(folder), 'register'), [], 'a copy has no rows for what came later')
})

t.test('tables that were changed themselves are named', async (t) => {
  const folder = await whole(t)
  t.same(await found(folder), [])
  const path = pathsIn(folder).register
  for (const [act, undo, words, isRefused] of [
    [
      'DROP INDEX entry_subject_revision',
      'CREATE UNIQUE INDEX `entry_subject_revision` ON `entry` (`subject`,`revision`)',
      /^缺少索引 entry_subject_revision/,
      true,
    ],
    [
      'DROP INDEX entry_subject_revision; CREATE INDEX entry_subject_revision ON entry (subject, revision)',
      'DROP INDEX entry_subject_revision; CREATE UNIQUE INDEX `entry_subject_revision` ON `entry` (`subject`,`revision`)',
      /^索引 entry_subject_revision 的结构/,
      true,
    ],
    [
      `CREATE TRIGGER blanks AFTER INSERT ON entry BEGIN UPDATE entry SET payload = NULL WHERE seq = new.seq - 1; END`,
      'DROP TRIGGER blanks',
      /^多出触发器 blanks/,
      true,
    ],
    ['CREATE UNIQUE INDEX more ON entry (chain)', 'DROP INDEX more', /^多出索引 more/, true],
    ['CREATE INDEX more ON entry (kind)', 'DROP INDEX more', /^多出索引 more/, false],
    ['CREATE VIEW shown AS SELECT * FROM entry', 'DROP VIEW shown', /^多出数据库视图 shown/, false],
    [
      'ALTER TABLE lease ADD COLUMN more TEXT',
      'ALTER TABLE lease DROP COLUMN more',
      /^表 lease 的结构/,
      true,
    ],
  ] as const) {
    change(path, act)
    const findings = (await found(folder)).filter(({ area }) => area === 'register')
    t.match(
      findings.map(({ what }) => what),
      [words],
      act,
    )
    const open = () => openSqliteRegister(path, () => new Date())
    if (isRefused)
      t.throws(
        open,
        { name: 'RegisterFault', message: new RegExp(words.source.slice(1)) },
        'nothing is appended to it',
      )
    else await open().close()
    change(path, undo)
    await open().close()
    t.same(await found(folder), [], undo)
  }
  change(path, 'CREATE TABLE of_the_next_version (id TEXT)')
  t.same(await found(folder), [], 'a table beside them changes nothing')
})

t.test('a head row of another time is named', async (t) => {
  const folder = await whole(t)
  change(pathsIn(folder).register, `UPDATE head SET recorded_at = '2020-01-01T00:00:00.000Z'`)
  t.match(
    (await found(folder)).filter(({ area }) => area === 'register'),
    [{ position: 161, what: /头记录的登记时间/ }],
  )
})

t.test('a lost tail, a gap and an unreadable row are named', async (t) => {
  const folder = await whole(t)
  const { register } = pathsIn(folder)
  change(register, `UPDATE entry SET payload = '{"a":' WHERE seq = 12`, 'DELETE FROM entry WHERE seq = 40')
  const findings = await found(folder)
  t.match(
    findings.filter(({ area }) => area === 'register'),
    [
      { position: 12, what: /内容无法读取/ },
      { position: 41, what: /前一条是序号 39/ },
      { position: 41, what: /链值不符/ },
    ],
  )
  change(register, 'DELETE FROM entry WHERE seq > 150')
  t.match(
    (await found(folder)).filter(({ position }) => position === 151),
    [{ what: /头记录到序号 161，条目只到 150/ }],
  )
  change(register, 'UPDATE head SET seq = 150, chain = (SELECT chain FROM entry WHERE seq = 150)')
  t.match(
    (await found(folder)).filter(({ area }) => area === 'anchor'),
    [{ position: 151, what: /锚文件记到序号 161.*缺 11 条/ }],
  )
})

t.test('an anchor that was kept elsewhere', async (t) => {
  const folder = await whole(t)
  const { register, views, search } = pathsIn(folder)
  const path = join(temporaryFolder(t), 'kept.anchor')
  const last = readAnchor(anchorPath(register))
  if (!last || last === 'broken') throw new Error('no anchor')
  const db = new Sqlite(register, { readonly: true })
  const chainAt = db.prepare<[number], string>('SELECT lower(hex(chain)) FROM entry WHERE seq = ?').pluck()
  const keptAt = (position: number, change: Partial<Anchored> = {}) => {
    layAnchor(path, { ...last, position, chain: chainAt.get(position) ?? noChain, ...change })
    return verifyDataDir(folder, { catalogue, anchor: path })
  }
  for (const position of [0, 1, 80, 160, 161])
    t.same((await keptAt(position)).findings, [], `of ${position} entries fits a register that went on`)
  t.same((await keptAt(80, { epoch: newId() })).findings, [], 'and one that was restored since')
  for (const position of [1, 80, 161])
    t.match(
      (await keptAt(position, { chain: 'ab'.repeat(32) })).findings,
      [{ area: 'anchor', position, what: /另存的锚.*不符/ }],
      `of ${position} entries tells of another history`,
    )
  const { chain } = last
  t.match((await keptAt(162, { chain })).findings, [{ position: 162, what: /缺 1 条/ }])
  t.match((await keptAt(162, { chain, epoch: newId() })).findings, [
    { position: 162, what: /另一纪元.*恢复过备份/ },
  ])
  db.close()

  layAnchor(path, last)
  for (const computed of [views, search]) rmSync(computed)
  change(
    register,
    'DELETE FROM entry WHERE seq > 150',
    'UPDATE head SET seq = 150, chain = (SELECT chain FROM entry WHERE seq = 150)',
  )
  const chain150 = new Sqlite(register, { readonly: true })
  const cut = chain150.prepare<[], string>('SELECT lower(hex(chain)) FROM head').pluck().get() ?? ''
  chain150.close()
  layAnchor(anchorPath(register), { ...last, position: 150, chain: cut })
  t.same(positions(await found(folder), 'anchor'), [], 'the one beside was made to fit')
  const { findings } = await verifyDataDir(folder, { catalogue, anchor: path })
  t.same(positions([...findings], 'anchor'), [151], 'and the kept one tells')
})

t.test(
  'views and an index that know more than the register are named, whatever else is missing',
  async (t) => {
    const older = async (...missing: ('views' | 'search')[]) => {
      const folder = await whole(t)
      const paths = pathsIn(folder)
      const last = readAnchor(anchorPath(paths.register))
      if (!last || last === 'broken') throw new Error('no anchor')
      change(
        paths.register,
        'DELETE FROM entry WHERE seq > 150',
        `UPDATE head SET (seq, chain, recorded_at) = (SELECT 150, chain, recorded_at FROM entry WHERE seq = 150)`,
        'DELETE FROM command WHERE first_seq > 150',
      )
      const db = new Sqlite(paths.register, { readonly: true })
      const chain = db.prepare<[], string>('SELECT lower(hex(chain)) FROM head').pluck().get() ?? ''
      db.close()
      layAnchor(anchorPath(paths.register), { ...last, position: 150, chain })
      for (const name of missing) rmSync(paths[name])
      const before = content(folder)
      const own = (await found(folder)).filter(({ area }) => area === 'anchor')
      t.same(content(folder), before, 'nothing is written')
      return own
    }
    const [views, search] = [
      /视图（views.db）已到序号 161，登记簿只到 150/,
      /检索索引（search.db）已到序号 161/,
    ]
    t.match(await older('views'), [{ position: 151, what: search }])
    t.match(await older('search'), [{ position: 151, what: views }])
    const both = await older()
    t.match(both, [
      { position: 151, what: views },
      { position: 151, what: search },
    ])
    t.equal(both.length, 2)
    t.same(await older('views', 'search'), [], 'nobody can know')
  },
)

t.test('views and index that do not fit the register are named', async (t) => {
  const folder = await whole(t)
  const { views, search } = pathsIn(folder)
  change(
    views,
    `UPDATE snapshot_1 SET face = replace(face, '示例失信线缆公司', '坏') WHERE key = 'BAD000019'`,
    `DELETE FROM file_1 WHERE key = 'BAD000027'`,
    `UPDATE record_1 SET dated = '1999-01-01' WHERE key = 'DMP000003' OR rowid IN (SELECT 1 WHERE 0)`.replace(
      / OR rowid.*/,
      '',
    ),
    `INSERT INTO subject_1 VALUES ('key/unknown', '{}')`,
  )
  change(search, `DELETE FROM document_1 WHERE key = 'BAD000019'`)
  const findings = await found(folder)
  const words = findings.map(({ area, what }) => `${area} ${what}`)
  for (const said of [
    'views 视图中的 BAD000019（全文）与登记簿不符。',
    'views 视图中缺少 BAD000027的档案。',
    'views 视图中多出 key/unknown。',
    'search 检索索引中缺少 BAD000019。',
  ])
    t.ok(words.includes(said), `${said}\n${words.join('\n')}`)
})

t.test('what is appended while a register is looked at moves its anchor on, and is no finding', async (t) => {
  const folder = await whole(t)
  const { register: path } = pathsIn(folder)
  const register = openSqliteRegister(path, () => new Date('2027-01-08T03:00:00Z'))
  t.teardown(() => register.close())
  let appended = 0
  const beside = {
    ...register,
    async read(after: number, limit: number) {
      const entries = await register.read(after, limit)
      if (appended === 0) {
        const author = { authority: '省局', officer: '张三' }
        const draft = {
          subject: 'note/1',
          kind: 'noted',
          payload: {},
          visibility: 'internal' as const,
          author,
        }
        appended = (await register.append({ drafts: [draft], command: 'beside/1' })).entries[0]?.seq ?? 0
      }
      return entries
    },
  }
  const findings = new Findings()
  await verifyRegister(beside, () => readAnchor(anchorPath(path)), findings)
  const anchor = readAnchor(anchorPath(path))
  t.equal(anchor !== 'broken' && anchor?.position, appended, 'the anchor has moved on')
  t.same(findings.all, [])
})
