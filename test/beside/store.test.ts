import { join } from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { type Store, storeOf } from '../../src/beside/store.ts'
import { openBeside } from '../../src/register/beside.ts'
import { RegisterUnavailable } from '../../src/register/register.ts'
import { preparedIn, startCluster, withoutPostgres } from '../cluster.ts'
import { proxyTo } from '../proxy.ts'
import { temporaryFolder } from '../support.ts'

const TABLES = `
  CREATE TABLE IF NOT EXISTS thing (kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT UNIQUE, count INTEGER, PRIMARY KEY (kind, id)) STRICT;
  CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS own (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
`

/** A copy of a store in memory, with what a test does with it. */
function opened(database: string) {
  const db = openBeside(':memory:')
  db.exec(TABLES)
  const store = storeOf(db, { store: 'test', tables: ['thing', 'note'] }, database)
  return {
    db,
    store,
    run: (...statements: string[]) =>
      store.change(() => {
        for (const statement of statements) db.exec(statement)
      }),
    all: () => ({
      things: db.prepare('SELECT kind, id, name, count FROM thing ORDER BY kind, id').raw().all(),
      notes: db.prepare('SELECT id, text FROM note ORDER BY id').raw().all(),
    }),
    async close() {
      await store.close()
      db.close()
    },
  }
}

t.test('a store of one node: all or nothing, and its version tells of every change', async (t) => {
  const one = opened('')
  t.teardown(() => one.close())
  const before = one.store.version
  await one.run(`INSERT INTO thing VALUES ('a', '1', 'x', 1)`)
  t.not(one.store.version, before)
  await t.rejects(one.run(`INSERT INTO note VALUES (1, 'n')`, `INSERT INTO thing VALUES ('a', '1', 'y', 1)`))
  await one.store.follow()
  t.same(one.all(), { things: [['a', '1', 'x', 1]], notes: [] })
})

t.test(
  'a store is tried without being changed; whichever of its tables is out of order, it says so',
  async (t) => {
    const one = opened('')
    t.teardown(() => one.close())
    const before = one.store.version
    await one.store.probe()
    t.equal(one.store.version, before, 'what others keep of it stays')
    for (const table of ['thing', 'note']) {
      one.db.exec(`ALTER TABLE ${table} RENAME TO lost`)
      await t.rejects(one.store.probe(), new RegExp(`no such table: ${table}`))
      one.db.exec(`ALTER TABLE lost RENAME TO ${table}`)
    }
    await one.store.probe()
  },
)

if (withoutPostgres !== undefined) t.test('shared', { skip: withoutPostgres }, async () => undefined)
else {
  const cluster = await startCluster()
  t.teardown(() => cluster.remove())
  const prepared = () => preparedIn(cluster)

  /** A store that is reached over a proxy. */
  async function overProxy(t: Test) {
    const url = await prepared()
    const proxy = await proxyTo(cluster.port)
    t.teardown(() => proxy.close())
    const one = opened(url.replace(`:${cluster.port}/`, `:${proxy.port}/`))
    t.teardown(() => one.close())
    return { proxy, one }
  }

  t.test('what one node changes the others have: put in, changed, renamed, taken out', async (t) => {
    const url = await prepared()
    const [one, two] = [opened(url), opened(url)]
    t.teardown(() => Promise.all([one.close(), two.close()]))
    const same = async (words: string, store: Store = two.store) => {
      const before = store.version
      await store.follow()
      t.not(store.version, before, `${words}: told`)
      t.same(two.all(), one.all(), words)
    }
    await two.store.follow()
    await one.run(
      `INSERT INTO thing VALUES ('a', '1', '“名”', NULL), ('a', '2', NULL, -5), ('b', '1', 'z', 9007199254740991)`,
    )
    await same('put in')
    await one.run(`UPDATE thing SET count = 7 WHERE id = '1'`, `INSERT INTO note VALUES (3, 'n')`)
    await same('changed')
    await one.run(`UPDATE thing SET id = '9' WHERE kind = 'a' AND id = '2'`)
    await same('another key')
    await one.run(`INSERT OR REPLACE INTO thing VALUES ('c', '1', 'z', 0)`)
    t.equal(one.all().things.length, 3, 'it took the place of another by a second key')
    await same('replaced')
    await one.run('DELETE FROM thing', 'DELETE FROM note')
    t.same(one.all(), { things: [], notes: [] })
    await same('taken out')
    await one.run(`INSERT INTO note VALUES (3, 'again')`)
    await same('and in again')
  })

  t.test('a change is decided on what all nodes have, each once, whoever comes when', async (t) => {
    const url = await prepared()
    const nodes = [opened(url), opened(url), opened(url)]
    t.teardown(() => Promise.all(nodes.map((node) => node.close())))
    await nodes[0]?.run(`INSERT INTO thing VALUES ('a', '1', NULL, 0)`)
    const counted = (node: (typeof nodes)[number]) =>
      node.store.change(() => {
        const { count } = node.db.prepare<[], { count: number }>('SELECT count FROM thing').get() ?? {
          count: -1,
        }
        node.db.exec(`UPDATE thing SET count = ${count + 1}`)
        return count
      })
    const seen = await Promise.all(Array.from({ length: 30 }, () => nodes.map(counted)).flat())
    t.same(
      seen.sort((a, b) => a - b),
      Array.from({ length: 90 }, (_, i) => i),
    )
    for (const node of nodes) {
      await node.store.follow()
      t.same(node.all().things, [['a', '1', null, 90]])
    }
  })

  t.test('what comes to nothing changes nothing anywhere', async (t) => {
    const url = await prepared()
    const one = opened(url)
    t.teardown(() => one.close())
    await one.run(`INSERT INTO note VALUES (1, 'n')`)
    await t.rejects(one.run(`DELETE FROM note`, `INSERT INTO note VALUES (2, NULL)`), /NOT NULL/)
    await one.run(`INSERT INTO own VALUES ('not shared')`)
    t.same(one.all().notes, [[1, 'n']])
    t.same(await cluster.run('SELECT place, row FROM beside_row', url), [
      { place: 'note', row: '{"id":1,"text":"n"}' },
    ])
    t.same(await cluster.run('SELECT seq FROM beside_head', url), [{ seq: '1' }], 'nothing was told')
  })

  t.test('a copy that is ahead of its database, which was restored, begins anew from that', async (t) => {
    const url = await prepared()
    const node = opened(url)
    t.teardown(() => node.close())
    await node.run(`INSERT INTO note VALUES (1, 'kept')`)
    const client = new pg.Client(url)
    await client.connect()
    t.teardown(() => client.end())
    await client.query('CREATE TABLE saved AS TABLE beside_row; CREATE TABLE saved_head AS TABLE beside_head')
    await node.run(`INSERT INTO note VALUES (2, 'lost')`, `UPDATE note SET text = 'changed' WHERE id = 1`)
    await node.run(`INSERT INTO note VALUES (3, 'lost')`)
    await client.query(`DELETE FROM beside_row; INSERT INTO beside_row TABLE saved;
      DELETE FROM beside_head; INSERT INTO beside_head TABLE saved_head`)
    await node.store.follow()
    t.same(node.all().notes, [[1, 'kept']])
    await node.run(`INSERT INTO note VALUES (4, 'since')`)
    const other = opened(url)
    t.teardown(() => other.close())
    await other.store.follow()
    t.same(other.all(), node.all(), 'and goes on with all others')
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        [node, other][n % 2]?.run(`INSERT INTO note VALUES (${n + 10}, 'n')`),
      ),
    )
    await Promise.all([node.store.follow(), other.store.follow()])
    t.same(
      [node.all().notes.length, other.all().notes.length],
      [42, 42],
      'looks that cross changes take nothing back',
    )
  })

  t.test('what a node had alone is given to all; what all have stands', async (t) => {
    const url = await prepared()
    const [one, two] = [opened(url), opened(url)]
    t.teardown(() => Promise.all([one.close(), two.close()]))
    one.db.exec(`INSERT INTO note VALUES (1, 'one'), (2, 'one')`)
    two.db.exec(`INSERT INTO note VALUES (2, 'two'), (3, 'two')`)
    await one.store.follow()
    await two.store.follow()
    await one.store.follow()
    const all = [
      [1, 'one'],
      [2, 'one'],
      [3, 'two'],
    ]
    t.same([one.all().notes, two.all().notes], [all, all])
  })

  t.test('who was away while what is gone was forgotten begins anew', async (t) => {
    const url = await prepared()
    const [one, two] = [opened(url), opened(url)]
    t.teardown(() => Promise.all([one.close(), two.close()]))
    await one.run(`INSERT INTO note VALUES (1, 'goes'), (2, 'stays')`)
    await two.store.follow()
    await one.run('DELETE FROM note WHERE id = 1')
    const DAY = 24 * 3_600_000
    const later = (ms: number) => cluster.run(`UPDATE beside_row SET at = at - ${ms} WHERE row IS NULL`, url)
    const known = async () => (await cluster.run('SELECT 1 FROM beside_row WHERE row IS NULL', url)).length
    const changed = async () => {
      for (let i = 0; i < 500; i += 1) await one.run(`UPDATE note SET text = '${i}' WHERE id = 2`)
      return known()
    }
    await later(29 * DAY)
    t.equal(await changed(), 1, 'the day before')
    await later(DAY)
    t.equal(await changed(), 0, 'thirty days')
    await two.store.follow()
    t.same(two.all().notes, one.all().notes)
    t.equal(two.all().notes.length, 1)
  })

  t.test(
    'a node of another version: what it knows nothing of it leaves out, and has once it knows of it',
    async (t) => {
      const url = await prepared()
      const shared = { store: 'test', tables: ['thing', 'note'] }
      const newer = openBeside(':memory:')
      newer.exec(TABLES)
      newer.exec(`ALTER TABLE note ADD COLUMN language TEXT NOT NULL DEFAULT 'zh';
      CREATE TABLE later (id TEXT PRIMARY KEY, text TEXT) STRICT`)
      const next = storeOf(newer, { ...shared, tables: [...shared.tables, 'later'] }, url)
      const path = join(temporaryFolder(t), 'copy.db')
      let older = openBeside(path)
      older.exec(TABLES)
      const last = storeOf(older, shared, url)
      await next.change(() =>
        newer.exec(`INSERT INTO note VALUES (1, 'new', 'en'); INSERT INTO later VALUES ('a', 'x')`),
      )
      await last.follow()
      await last.change(() => older.exec(`INSERT INTO note VALUES (2, 'old')`))
      await next.follow()
      const notes = (db: typeof newer) => db.prepare('SELECT * FROM note ORDER BY id').raw().all()
      t.same(notes(older), [
        [1, 'new'],
        [2, 'old'],
      ])
      t.same(
        notes(newer),
        [
          [1, 'new', 'en'],
          [2, 'old', 'zh'],
        ],
        'what the older one can’t say is as it is by default',
      )
      /** The node starts anew as the next version. */
      const started = () => {
        older.close()
        older = openBeside(path)
        return storeOf(older, { ...shared, tables: [...shared.tables, 'later'] }, url)
      }
      await last.close()
      older.exec(`ALTER TABLE note ADD COLUMN language TEXT NOT NULL DEFAULT 'zh';
      CREATE TABLE later (id TEXT PRIMARY KEY, text TEXT) STRICT`)
      const upgraded = started()
      await upgraded.follow()
      t.same(notes(older), notes(newer), 'upgraded, it has what was written while it knew nothing of it')
      t.same(older.prepare('SELECT * FROM later').raw().all(), [['a', 'x']])
      await upgraded.close()
      const again = started()
      t.same(
        older.prepare('SELECT seq FROM copy_head').raw().all(),
        [[2]],
        'and is not filled anew by the next start',
      )
      await again.close()
      older.close()
      await next.close()
      newer.close()
    },
  )

  t.test('thousands of rows come whole', async (t) => {
    const url = await prepared()
    const [one, two] = [opened(url), opened(url)]
    t.teardown(() => Promise.all([one.close(), two.close()]))
    await one.run(
      `INSERT INTO note WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5001) SELECT i, 'n' FROM n`,
    )
    await two.store.follow()
    t.equal(two.all().notes.length, 5001)
    await two.run('DELETE FROM note')
    await one.store.follow()
    t.same(one.all().notes, [])
  })

  t.test(
    'while the database is away what there is can be read; a change is refused, and nothing of it stays',
    async (t) => {
      const { proxy, one } = await overProxy(t)
      await one.run(`INSERT INTO note VALUES (1, 'n')`)
      proxy.shut(true)
      proxy.cutAll()
      await t.rejects(one.store.probe(), RegisterUnavailable)
      await t.rejects(one.run('DELETE FROM note'), RegisterUnavailable)
      await t.rejects(one.store.follow(), RegisterUnavailable)
      t.same(one.all().notes, [[1, 'n']])
      proxy.shut(false)
      await one.run('DELETE FROM note')
      t.same(one.all().notes, [])
    },
  )

  t.test(
    'a change whose connection is cut is made once, and one that comes while the server is away waits for it',
    async (t) => {
      const { proxy, one } = await overProxy(t)
      await one.run(`INSERT INTO note VALUES (1, 'before')`)
      let cuts = 0
      proxy.judge((said) => {
        if (!said.includes('beside_row')) return 'pass'
        cuts += 1
        return cuts <= 2 ? 'cut' : 'pass'
      })
      await one.run(`INSERT INTO note VALUES (2, 'cut twice')`)
      t.ok(cuts > 2)
      proxy.shut(true)
      proxy.cutAll()
      setTimeout(() => proxy.shut(false), 1_500)
      await one.run(`INSERT INTO note VALUES (3, 'waited')`)
      t.same(one.all().notes, [
        [1, 'before'],
        [2, 'cut twice'],
        [3, 'waited'],
      ])
    },
  )

  t.test('a change whose COMMIT was not answered is told to be in doubt, and not made again', async (t) => {
    const { proxy, one } = await overProxy(t)
    await one.run(`INSERT INTO note VALUES (1, 'n')`)
    for (const [what, left] of [
      ['cut', [[1, 'n']]],
      ['cut-answer', []],
    ] as const) {
      proxy.judge((said) => (said.includes('COMMIT\0') ? what : 'pass'))
      const told = await one.run('DELETE FROM note').catch((error: unknown) => error)
      t.ok(told instanceof RegisterUnavailable && told.inDoubt, what)
      proxy.judge(() => 'pass')
      await one.store.follow()
      t.same(one.all().notes, left, what)
    }
  })
}
