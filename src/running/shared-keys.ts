import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { z } from 'zod'
import { openStampKeys } from '../checking/keys.ts'
import { publicKey, publicKeysIn } from '../checking/published-keys.ts'
import { KEY_BYTES, keyIn } from '../register/key-file.ts'
import { serverAt } from '../register/postgres-server.ts'
import { StartFault } from './data-dir.ts'
import { mustHaveKeys } from './keys.ts'
import type { Paths } from './paths.ts'

type StampPaths = Pick<Paths, 'stampKey' | 'stampKeys'>

interface Nodes {
  /** Address of the nodes' database. */
  database: string
  /** What the keys are sealed by there; all nodes have it, and their database does not. */
  secret: string
}

/** Periods of keys go by the machine's clock: the register's is watched only once the register is open. */
const now = () => new Date()

const CIPHER = 'aes-256-gcm'
const [IV_BYTES, TAG_BYTES] = [12, 16]
const SALT = 'hqc nodes'
const STAMP = 'stamp'

const stamp = z.object({ key: z.string(), published: z.array(publicKey) })
type Stamp = z.output<typeof stamp>

/**
 * Gives a node the keys that all nodes share, and them those that they lack: persons' and sessions' keys, the stamp's with all
 * public keys that ever were. They lie in the nodes' database sealed under a secret that only the nodes have, and in files here. Throws
 * `StartFault` in words where this node has another persons' key, the secret is another, or a key is missing that nothing can take the
 * place of.
 */
export async function shareKeys(paths: Paths, nodes: Nodes): Promise<void> {
  await withKept(nodes, async (kept) => {
    const [person, session, common] = [
      await kept.get('person'),
      await kept.get('session'),
      await kept.get(STAMP),
    ]
    if (person !== undefined) mustBeSame(paths.personKey, person)
    if (person !== undefined) write(paths.personKey, Buffer.from(person, 'base64'))
    if (session !== undefined) write(paths.sessionKey, Buffer.from(session, 'base64'))
    if (common !== undefined) await takeStamp(paths, stamp.parse(JSON.parse(common)), kept)
    mustHaveKeys(paths)
    if (person === undefined) await share('person', paths.personKey)
    if (session === undefined) await share('session', paths.sessionKey)
    if (common === undefined) {
      await openStampKeys(paths, now)
      const won = await kept.put(STAMP, JSON.stringify(stampIn(paths)))
      await takeStamp(paths, stamp.parse(JSON.parse(won)), kept)
    }

    /** Nothing was done with it yet: where another node was first, its key is taken. */
    async function share(name: string, path: string): Promise<void> {
      const won = await kept.put(name, keyIn(path).toString('base64'))
      write(path, Buffer.from(won, 'base64'))
    }
  })
}

/**
 * Makes a new stamp key for all nodes, which take it with their next start; all that ever were stay published. The key before vouches
 * for it, unless it is told not to: who has stolen a key must have no say in the next one.
 */
export async function renewStamp(paths: StampPaths, nodes: Nodes, isVouched = true): Promise<void> {
  await withKept(nodes, async (kept) => {
    const before = await kept.get(STAMP)
    const former = before === undefined ? undefined : stamp.parse(JSON.parse(before))
    const folder = mkdtempSync(join(tmpdir(), 'stamp-'))
    const fresh = { stampKey: join(folder, 'stamp.key'), stampKeys: join(folder, 'stamp-keys.json') }
    try {
      if (former) {
        writeFileSync(fresh.stampKeys, JSON.stringify(former.published))
        if (isVouched) writeFileSync(`${fresh.stampKey}.former`, former.key, { mode: 0o600 })
      }
      await openStampKeys(fresh, now)
      await kept.replace(STAMP, before, JSON.stringify(stampIn(fresh)))
      writeStamp(paths, stampIn(fresh))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

/** Takes the stamp that all share; the public keys of one that this node had for itself are published on. */
async function takeStamp(paths: StampPaths, common: Stamp, kept: Kept): Promise<void> {
  const known = publicKeysIn(paths.stampKeys)
  if (known === 'broken')
    throw new StartFault(
      `${paths.stampKeys} 已损坏：其中可能有只在本机用过的签章公钥。请从备份放回再启动；确认没有的，移走即可，程序会从数据库取得。`,
    )
  const own = (known ?? []).filter(({ kid }) => common.published.every((one) => one.kid !== kid))
  const until = now().toISOString()
  const all = {
    ...common,
    published: [...own.map((one) => ({ ...one, until: one.until ?? until })), ...common.published],
  }
  if (own.length > 0) await kept.replace(STAMP, JSON.stringify(common), JSON.stringify(all))
  writeStamp(paths, all)
}

function stampIn({ stampKey, stampKeys }: StampPaths): Stamp {
  return stamp.parse({
    key: readFileSync(stampKey, 'utf8'),
    published: JSON.parse(readFileSync(stampKeys, 'utf8')),
  })
}

function writeStamp({ stampKey, stampKeys }: StampPaths, { key, published }: Stamp): void {
  // Published first: a key that signs is never without its public half.
  write(stampKeys, Buffer.from(`${JSON.stringify(published, null, 1)}\n`))
  write(stampKey, Buffer.from(key))
}

/** Refuses a key under which this node may have hashed persons otherwise than the others do. */
function mustBeSame(path: string, common: string): void {
  const own = existsSync(path) ? readFileSync(path) : undefined
  if (own === undefined || own.length !== KEY_BYTES || own.toString('base64') === common) return
  throw new StartFault(
    `${path} 与各节点共用的不同：以它登记过的工号，别的节点对不上。请核对 DATA_DIR 和 DATABASE_URL；确认本机没有以它登记过的，移走再启动，程序会从数据库取得共用的。`,
  )
}

function write(path: string, content: Buffer): void {
  if (existsSync(path) && readFileSync(path).equals(content)) return
  writeFileSync(`${path}.new`, content, { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
}

/** Keys as they are kept for all nodes, opened. */
interface Kept {
  get(name: string): Promise<string | undefined>
  /** Keeps one where there is none, and gives the one that stands. */
  put(name: string, value: string): Promise<string>
  /** Puts one in the place of another; somebody who was quicker stays. */
  replace(name: string, before: string | undefined, after: string): Promise<void>
}

async function withKept(nodes: Nodes, work: (kept: Kept) => Promise<void>): Promise<void> {
  const server = serverAt(nodes.database, 1)
  try {
    await work(keptIn(server, scryptSync(nodes.secret, SALT, 32)))
  } finally {
    await server.end()
  }
}

function keptIn(server: Pool, key: Buffer): Kept {
  const sealedOf = async (name: string) => {
    const { rows } = await server.query<{ sealed: string }>('SELECT sealed FROM shared_key WHERE name = $1', [
      name,
    ])
    return rows[0]?.sealed
  }
  const get = async (name: string) => {
    const sealed = await sealedOf(name)
    return sealed === undefined ? undefined : opened(name, sealed, key)
  }
  return {
    get,
    async put(name, value) {
      await server.query(
        'INSERT INTO shared_key (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING',
        [...[name, sealed(name, value, key)]],
      )
      return (await get(name)) ?? value
    },
    async replace(name, before, after) {
      const standing = await sealedOf(name)
      if (standing === undefined) {
        await this.put(name, after)
        return
      }
      if (opened(name, standing, key) !== before) return
      await server.query('UPDATE shared_key SET sealed = $3 WHERE name = $1 AND sealed = $2', [
        ...[name, standing, sealed(name, after, key)],
      ])
    },
  }
}

function sealed(name: string, value: string, key: Buffer): string {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(name))
  const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
}

function opened(name: string, text: string, key: Buffer): string {
  const bytes = Buffer.from(text, 'base64')
  const cipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
  try {
    return Buffer.concat([cipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), cipher.final()]).toString(
      'utf8',
    )
  } catch (error) {
    throw new StartFault(
      'NODES_SECRET 与建立各节点共用的密钥时所用的不同，打不开数据库中的密钥；请改为与其余节点相同的。',
      { cause: error },
    )
  }
}
