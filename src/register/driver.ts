import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

/**
 * The SQLite library as this Node can use it. Up to version 12 a statement that is collected as garbage takes back a hook of
 * Node's environment, upon which Node 24 ends the process from 24.19 on; version 13 speaks Node-API, which no Node before 22
 * has. npm lays version 13 beside where Node can use it (`optionalDependencies`).
 */

/** The first Node that is served by version 13. */
const NODE_API_FROM = 24
const [major = 0] = process.versions.node.split('.').map(Number)

export const Sqlite: typeof BetterSqlite3 = createRequire(import.meta.url)(
  major >= NODE_API_FROM ? 'better-sqlite3-13' : 'better-sqlite3',
)
