import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { Pool } from 'pg'
import { called } from '../command-line.ts'
import { newEpoch } from './chain.ts'
import { isRefusal, serverAt, shownAddress } from './postgres-server.ts'
import { RegisterFault } from './standing.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations/postgres', import.meta.url))
const PREPARE = `${called('database prepare')}（以数据库属主的 DATABASE_URL 执行）`

/** What a role that runs a node has to be let do with a table, and no more. */
const RIGHTS: Readonly<Record<string, readonly string[]>> = {
  entry: ['SELECT', 'INSERT', 'UPDATE (payload, salt)'],
  command: ['SELECT', 'INSERT'],
  head: ['SELECT', 'UPDATE'],
  lease: ['SELECT', 'INSERT', 'UPDATE'],
  // What nodes share beside the register.
  beside_head: ['SELECT', 'INSERT', 'UPDATE'],
  beside_row: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  shared_file: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  shared_part: ['SELECT', 'INSERT', 'DELETE'],
  shared_key: ['SELECT', 'INSERT', 'UPDATE'],
  access: ['SELECT', 'INSERT', 'DELETE'],
  __drizzle_migrations: ['SELECT'],
}

/**
 * Makes the register's tables in a database, or brings them to what this program writes, and lets a role do what running a
 * node takes. A new register has an epoch of its own. Gives how many steps there were. Throws `RegisterFault`, in words, where
 * whoever asks is not the owner, or there is no such role.
 */
export async function prepareTables(url: string, role?: string): Promise<number> {
  const server = serverAt(url, 1)
  try {
    const client = await server.connect().catch((error: unknown) => {
      throw unreachable(url, error)
    })
    try {
      await client.query('BEGIN')
      await client.query(
        'CREATE TABLE IF NOT EXISTS __drizzle_migrations (hash text NOT NULL, created_at bigint PRIMARY KEY)',
      )
      const reached = await lastMigration(client)
      if (reached > latest()) throw newer(shownAddress(url))
      const missing = migrations().filter(({ folderMillis }) => folderMillis > reached)
      for (const { sql, hash, folderMillis } of missing) {
        for (const statement of sql) await client.query(statement)
        await client.query('INSERT INTO __drizzle_migrations (hash, created_at) VALUES ($1, $2)', [
          hash,
          folderMillis,
        ])
      }
      await client.query(
        `INSERT INTO head (one, seq, recorded_at, chain, epoch) VALUES (1, 0, '', decode('', 'hex'), $1)
         ON CONFLICT (one) DO NOTHING`,
        [newEpoch()],
      )
      if (role !== undefined)
        for (const [table, rights] of Object.entries(RIGHTS))
          await client.query(`GRANT ${rights.join(', ')} ON ${table} TO ${client.escapeIdentifier(role)}`)
      await client.query('COMMIT')
      return missing.length
    } catch (error) {
      throw unpreparable(url, role, error)
    } finally {
      client.release(true)
    }
  } finally {
    await server.end()
  }
}

/** As `mustServe`, for the database that an address names. */
export async function mustBeFit(url: string): Promise<void> {
  const server = serverAt(url, 1)
  try {
    await mustServe(server, url)
  } finally {
    await server.end()
  }
}

/** Throws `RegisterFault`, in words, for a database that a register can't be kept in as it is. */
export async function mustServe(server: Pool, url: string): Promise<void> {
  const at = shownAddress(url)
  const one = async (statement: string): Promise<unknown> => {
    const { rows } = await server.query({ text: statement, rowMode: 'array' })
    return rows[0]?.[0]
  }
  const encoding = await one('SHOW server_encoding').catch((error: unknown) => {
    throw unreachable(url, error)
  })
  if (!/^utf-?8$/i.test(String(encoding)))
    throw new RegisterFault(
      `数据库 ${at} 的编码是 ${String(encoding)}；须为 UTF8（CREATE DATABASE … ENCODING 'UTF8'）。`,
    )
  const reached = await lastMigration(server).catch((error: unknown) => {
    if (!isRefusal(error)) throw error
    if (error.code === '42P01')
      throw new RegisterFault(`数据库 ${at} 中没有登记簿的表；请先执行 ${PREPARE}。`)
    if (error.code === '42501') throw new RegisterFault(lacking(at))
    throw error
  })
  if (reached < latest())
    throw new RegisterFault(`数据库 ${at} 中登记簿的表属于较早的版本；请先备份数据库，再执行 ${PREPARE}。`)
  if (reached > latest()) throw newer(at)
  if ((await one('SHOW transaction_read_only')) !== 'off') throw forReadingOnly(at)
  for (const [table, rights] of Object.entries(RIGHTS))
    for (const right of rights) {
      const [privilege = '', columns] = right.split(' (')
      const isGiven =
        columns === undefined
          ? `has_table_privilege('${table}', '${privilege}')`
          : `has_column_privilege('${table}', '${columns.split(',')[0]}', '${privilege}')`
      if ((await one(`SELECT ${isGiven}`)) !== true)
        throw new RegisterFault(lacking(at, `${right} ON ${table}`))
    }
}

/** What hinders the tables, where a person can mend it; the error itself elsewhere. */
function unpreparable(url: string, role: string | undefined, error: unknown): unknown {
  const at = shownAddress(url)
  const code = isRefusal(error) ? error.code : undefined
  if (code === '25006') return forReadingOnly(at)
  if (code === '42501')
    return new RegisterFault(`这一角色不能在数据库 ${at} 中建表或授权；请以数据库属主的 DATABASE_URL 执行。`)
  if (code === '42704' && role !== undefined)
    return new RegisterFault(`数据库 ${at} 中没有角色 ${role}；请先建立（CREATE ROLE ${role} LOGIN …）。`)
  return error
}

function lacking(at: string, what?: string): string {
  return `DATABASE_URL 的角色在数据库 ${at} 中权限不足${what === undefined ? '' : `（缺 ${what}）`}；请执行 ${called('database prepare --for <角色>')}（以数据库属主的 DATABASE_URL）。`
}

function newer(at: string): RegisterFault {
  return new RegisterFault(`数据库 ${at} 中登记簿的表属于较新的版本，本程序不能使用；请改用新版程序。`)
}

function forReadingOnly(at: string): RegisterFault {
  return new RegisterFault(
    `数据库 ${at} 只供读取（尚未提升的备库，或设了 default_transaction_read_only）；请把 DATABASE_URL 指向主库，或改正设置。`,
  )
}

/** When the last of this program's steps was written. */
function latest(): number {
  return migrations().at(-1)?.folderMillis ?? 0
}

function migrations() {
  return readMigrationFiles({ migrationsFolder: MIGRATIONS })
}

async function lastMigration(on: Pick<Pool, 'query'>): Promise<number> {
  const { rows } = await on.query<{ last: number | null }>(
    'SELECT max(created_at) AS last FROM __drizzle_migrations',
  )
  return rows[0]?.last ?? 0
}

function unreachable(url: string, error: unknown): RegisterFault {
  return new RegisterFault(`连接不上数据库 ${shownAddress(url)}：${reason(error)}`, { cause: error })
}

const NO_ANSWER = '没有答复，或连接随即断开；请核对地址、网络、防火墙和中间的代理。'

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: '没有服务在这一地址监听；请核对主机和端口，以及 PostgreSQL 是否已启动。',
    ENOTFOUND: '没有这个主机名；请核对 DATABASE_URL。',
    EAI_AGAIN: '主机名暂时无法解析；请核对 DNS。',
    '28P01': '用户名或密码不对；请核对 DATABASE_URL。',
    '28000': '不允许这一用户从本机登录；请核对 pg_hba.conf。',
    '3D000': '没有这个数据库；请先建立（CREATE DATABASE）。',
    '53300': '连接数已满；请调大 max_connections，或减少节点。',
    '57P03': '数据库正在启动或停止；请稍后再试。',
    ENOENT: 'DATABASE_URL 中写明的证书文件不存在；请核对 sslrootcert、sslcert、sslkey。',
    ETIMEDOUT: NO_ANSWER,
    EHOSTUNREACH: NO_ANSWER,
    ENETUNREACH: NO_ANSWER,
  }
  const said = error instanceof Error ? error.message : String(error)
  // The client gives these no code.
  if (/does not support SSL/i.test(said))
    return '数据库没有启用 TLS；请在数据库一侧启用，只在本机连接的可以去掉 sslmode。'
  if (/terminated|timeout/i.test(said)) return NO_ANSWER
  return words[code] ?? `${said}。`
}
