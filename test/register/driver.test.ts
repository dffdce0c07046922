import { readFileSync } from 'node:fs'
import t from 'tap'
import { libraryFor, Sqlite } from '../../src/register/driver.ts'

t.test('each Node has the library that it can use', async (t) => {
  for (const [node, name] of [
    ['20.19.0', 'better-sqlite3'],
    ['22.23.2', 'better-sqlite3'],
    ['23.11.0', 'better-sqlite3'],
    ['24.0.0', 'better-sqlite3-13'],
    ['24.21.0', 'better-sqlite3-13'],
    ['26.0.0', 'better-sqlite3-13'],
  ] as const)
    t.equal(libraryFor(node), name, node)
})

t.test('both are asked of npm, the newer one where it can be had', async (t) => {
  const stated = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  t.match(stated.dependencies['better-sqlite3'], /^\^12\./)
  t.match(stated.optionalDependencies['better-sqlite3-13'], /^npm:better-sqlite3@\^13\./)
})

t.test('statements that are no more needed end nothing', async (t) => {
  const db = new Sqlite(':memory:')
  for (let i = 0; i < 20_000; i += 1) db.prepare('SELECT 1').get()
  t.equal(db.prepare('SELECT 2 AS two').pluck().get(), 2)
  db.close()
})
