import { createHmac, createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { type PersonHash, personHash } from '../authority/persons.ts'
import { publicKeysIn } from '../checking/published-keys.ts'
import { hasEntries, isThere, lookInto } from '../register/fit.ts'
import { KEY_BYTES, keyIn } from '../register/key-file.ts'
import { StartFault } from './data-dir.ts'
import type { Paths } from './paths.ts'

/** What is wrong with a key. */
export interface KeyFault {
  path: string
  /** What is wrong with which, in Chinese. */
  words: string
  /** What becomes of it at a start, or what a person has to do about it. */
  advice: string
  /** Whether another may take its place: nothing rests on it, or what rests on it goes on without it. */
  isReplaceable: boolean
}

/**
 * What is wrong with the keys of a data directory. One on which something rests that can't be made anew is never
 * replaced by the program itself: the hashes of persons, and the records that were signed.
 */
export function keyFaults(paths: Paths): KeyFault[] {
  return [personFault(paths), ...stampFaults(paths), sessionFault(paths)].filter(
    (fault) => fault !== undefined,
  )
}

/**
 * Throws `StartFault` where a key is missing or broken that nothing can take the place of; only where one is broken, if those that
 * are missing may come from other nodes.
 */
export function mustHaveKeys(paths: Paths, mayLack = false): void {
  const grave = keyFaults(paths).filter(
    ({ isReplaceable, path }) => !isReplaceable && !(mayLack && !existsSync(path)),
  )
  if (grave.length > 0)
    throw new StartFault(grave.map(({ words, advice }) => `${words}：${advice}`).join('\n'))
}

/** Why a file can't be the key of 32 random bytes that it should be. */
function sizeFault(path: string): string | undefined {
  if (!existsSync(path)) return '不见了'
  const { size } = statSync(path)
  return size === KEY_BYTES ? undefined : `已损坏（${size} 字节，应为 ${KEY_BYTES} 字节）`
}

/**
 * Hashes persons under the key that lies there, made where there is none, and puts a value beside it by which another in its place is
 * found. Throws for a file that holds no such key.
 */
export function hashOfPersons(paths: Paths): PersonHash {
  const key = keyIn(paths.personKey)
  const hash = personHash(key)
  let isKept = keepCheck(paths, key)
  return (number) => {
    // A register that had no entry yet had no check either.
    if (!isKept) isKept = keepCheck(paths, key)
    return hash(number)
  }
}

/** Whether the check of a key lies there now. */
function keepCheck({ personCheck, register }: Paths, key: Buffer): boolean {
  const check = checkOf(key, register)
  if (check !== undefined && checkIn(personCheck) !== check)
    writeFileSync(personCheck, `${check}\n`, { mode: 0o600, flush: true })
  return check !== undefined
}

/** What tells the key of a register's persons from every other, and nothing of it; undefined for a register without entries. */
function checkOf(key: Buffer, register: string): string | undefined {
  if (!isThere(register)) return undefined
  const first = lookInto(register, (connection) =>
    hasEntries(connection)
      ? connection.prepare<[], string>('SELECT id FROM entry WHERE seq = 1').pluck().get()
      : undefined,
  )
  return (
    first && createHmac('sha256', key).update(`person.key of the register begun by ${first}`).digest('hex')
  )
}

/** A check that can be read: one that is damaged tells as little as one that is missing. */
function checkIn(path: string): string | undefined {
  const text = existsSync(path) ? readFileSync(path, 'latin1').trim() : ''
  return /^[0-9a-f]{64}$/.test(text) ? text : undefined
}

/** Why a key of the right size is not the register's. */
function otherFault({ personKey, personCheck, register }: Paths): string | undefined {
  const known = checkIn(personCheck)
  const own = known && checkOf(readFileSync(personKey), register)
  return own === undefined || own === known ? undefined : '不是这份登记簿的那一把（与 person.check 不符）'
}

function personFault(paths: Paths): KeyFault | undefined {
  const { personKey: path, personCheck, register } = paths
  const size = sizeFault(path)
  const fault = size ?? otherFault(paths)
  if (fault === undefined) return undefined
  const isOther = size === undefined
  if (isOther && namesPersons(register))
    return {
      path,
      words: `person.key ${fault}`,
      advice: `以它对工号作摘要，同一个人前后的登记不再对得上，“须由两人办理”就会判断错。请放回原来的 person.key（备份中有）再启动；确实就是这一把的（如 person.check 才是别处的），把 ${personCheck} 移走再启动。`,
      isReplaceable: false,
    }
  // Nothing rests on either: the one that is there is taken.
  if (isOther) return undefined
  if (isThere(register) && namesPersons(register))
    return {
      path,
      words: `person.key ${fault}`,
      advice: `账号的工号和单位目录中的身份以它成为摘要，换了新的，同一个人前后的登记不再对得上，“须由两人办理”就会判断错。请从备份放回 person.key 再启动；确实找不回的，把坏的移走，执行 head -c ${KEY_BYTES} /dev/urandom > ${path}，再在“账号”中为每个人重新登记工号；登记了动态码、用单位目录登录的，用 officer reset 重设。`,
      isReplaceable: false,
    }
  return existsSync(path)
    ? { path, words: `person.key ${fault}`, advice: '还没有账号登记过工号，现在换新。', isReplaceable: true }
    : undefined
}

/**
 * Whether an account was ever given the hash of a person, by a staff number or by the directory, or a secret sealed under
 * the key. Looks through the register; asked only where the key is not in order.
 */
function namesPersons(register: string): boolean {
  return lookInto(register, (connection) => {
    const naming = `SELECT 1 FROM entry WHERE kind IN ('officer.bound', 'officer.factor-set')
      OR (kind IN ('officer.created', 'officer.changed') AND (payload LIKE '%"person":"%' OR payload LIKE '%"directory":"%'))
      LIMIT 1`
    return hasEntries(connection) && connection.prepare(naming).get() !== undefined
  })
}

function stampFaults({ stampKey, stampKeys }: Paths): KeyFault[] {
  const published = publicKeysIn(stampKeys)
  if (published === 'broken' || (published === undefined && existsSync(stampKey)))
    return [
      {
        path: stampKeys,
        words: `stamp-keys.json ${published === 'broken' ? '已损坏' : '不见了'}`,
        advice: `少了它，以前的密钥出具的核验记录不再能验证。请从备份放回 stamp-keys.json 再启动；确实找不回的，把 stamp.key 和它一并移走。`,
        isReplaceable: false,
      },
    ]
  const former = `${stampKey}.former`
  const unable = existsSync(stampKey) || !existsSync(former) ? undefined : stampFault(former)
  if (unable !== undefined)
    return [
      {
        path: former,
        words: `stamp.key.former ${unable}`,
        advice:
          '它应是停机后改名的 stamp.key，用来担保新的密钥。请放回原来的再启动；没有的移走，新的密钥即无担保，各镜像须另行核对。',
        isReplaceable: false,
      },
    ]
  if (published === undefined) return []
  const fault = existsSync(stampKey) ? stampFault(stampKey) : '不见了'
  if (fault === undefined) return []
  const advice = '下次核验时换新；以前出具的核验记录照常验证。'
  return [{ path: stampKey, words: `stamp.key ${fault}`, advice, isReplaceable: true }]
}

function stampFault(path: string): string | undefined {
  try {
    return createPrivateKey(readFileSync(path)).asymmetricKeyType === 'ed25519' ? undefined : '不是签章密钥'
  } catch {
    return '已损坏'
  }
}

function sessionFault({ sessionKey: path }: Paths): KeyFault | undefined {
  const fault = existsSync(path) ? sizeFault(path) : undefined
  return fault === undefined
    ? undefined
    : { path, words: `session.key ${fault}`, advice: '现在换新；所有人须重新登录。', isReplaceable: true }
}
