import { readSettings } from '../config.ts'
import { carryOver } from '../register/carry.ts'
import { openPostgresRegister } from '../register/postgres.ts'
import { prepareTables } from '../register/postgres-tables.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { bringBesideHome, clearBeside } from '../running/carry-beside.ts'
import { nodesKnown } from '../running/nodes.ts'
import { pathsIn } from '../running/paths.ts'
import { enter } from '../running/place.ts'
import { renewStamp } from '../running/shared-keys.ts'
import { failed, note, said } from './output.ts'

const NO_DATABASE = '没有写明 DATABASE_URL；请写明 PostgreSQL 数据库的地址，见运行手册“PostgreSQL”。'

/** Makes or updates the register's tables on PostgreSQL, and lets a role do what running a node takes. */
export async function prepareDatabase({ for: role }: { for?: string }): Promise<number> {
  const { DATABASE_URL } = readSettings(process.env)
  if (DATABASE_URL === '') return failed(NO_DATABASE)
  const steps = await prepareTables(DATABASE_URL, role)
  const done = steps === 0 ? '登记簿的表已是本版本的，未作改动' : `已建立或升级登记簿的表（${steps} 步）`
  return said(role === undefined ? `${done}。` : `${done}；已授予角色 ${role} 运行所需的权限。`)
}

/** Makes a new key that batch checks are signed with, for all nodes. */
export async function renewSharedStamp({ leaked = false }: { leaked?: boolean }): Promise<number> {
  const { DATA_DIR, DATABASE_URL, NODES_SECRET } = readSettings(process.env)
  if (DATABASE_URL === '') return failed(NO_DATABASE)
  if (NODES_SECRET === '')
    return failed(
      '没有写明 NODES_SECRET，签章密钥只在数据目录中：停机后把 stamp.key 改名为 stamp.key.former（已泄露的移走），启动即换新。',
    )
  enter(DATA_DIR, note, { isCopied: true })
  const running = await nodesRunning(DATABASE_URL)
  if (running.length > 0)
    return failed(
      `还有运行中的节点：${running.join('、')}。它们仍会以旧的密钥出具记录；请先停止全部服务（突然停止的，等 20 秒），再执行一次。没有换。`,
    )
  await renewStamp(pathsIn(DATA_DIR), { database: DATABASE_URL, secret: NODES_SECRET }, !leaked)
  return said('已换新签章密钥；请启动各节点，它们启动时取得。以前的密钥出具的记录照常可以验证。')
}

/** Names of the nodes that run on a database. */
async function nodesRunning(database: string): Promise<string[]> {
  const register = await openPostgresRegister(database, () => new Date())
  try {
    return nodesKnown(await register.leases(), []).nodes.map(({ name }) => name)
  } finally {
    await register.close()
  }
}

/** Carries the register over from the data directory to PostgreSQL, or back. */
export async function copyRegister({ to }: { to: 'postgresql' | 'sqlite' }): Promise<number> {
  const { DATA_DIR, DATABASE_URL } = readSettings(process.env)
  if (DATABASE_URL === '') return failed(NO_DATABASE)
  enter(DATA_DIR, note)
  const now = () => new Date()
  const file = openSqliteRegister(pathsIn(DATA_DIR).register, now)
  try {
    const database = await openPostgresRegister(DATABASE_URL, now)
    try {
      const [source, target] = to === 'postgresql' ? [file, database] : [database, file]
      const { position, epoch } = await carryOver(source, target, { tell: note })
      if (to === 'postgresql') await clearBeside(DATABASE_URL)
      else await bringBesideHome(pathsIn(DATA_DIR), DATABASE_URL)
      const next =
        to === 'postgresql'
          ? '请以同一 DATABASE_URL 重新启动服务；数据目录中的 register.db 从此是它的副本。'
          : '请去掉 DATABASE_URL 重新启动服务；其余节点不再能登记。'
      return said(`登记簿已迁到 ${target.address}：序号 ${position}，纪元 ${epoch}，逐条核对无误。${next}`)
    } finally {
      await database.close()
    }
  } finally {
    await file.close()
  }
}
