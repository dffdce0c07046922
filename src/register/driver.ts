import { createRequire } from 'node:module'
import type BetterSqlite3 from 'better-sqlite3'

/**
 * The SQLite library as this Node can use it. Up to version 12 a statement that is collected as garbage takes back a hook of
 * Node's environment, upon which Node 24 ends the process from 24.19 on; version 13 speaks Node-API, which no Node before 22
 * has. npm lays version 13 beside where Node can use it (`optionalDependencies`).
 */

/** The first Node that is served by version 13. */
const NODE_API_FROM = 24

/** The name of the package that serves a version of Node, such as `24.21.0`. */
export function libraryFor(node: string): 'better-sqlite3' | 'better-sqlite3-13' {
  const [major = 0] = node.split('.').map(Number)
  return major < NODE_API_FROM ? 'better-sqlite3' : 'better-sqlite3-13'
}

export const Sqlite: typeof BetterSqlite3 = createRequire(import.meta.url)(libraryFor(process.versions.node))
