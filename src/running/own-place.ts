import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartFault } from './data-dir.ts'
import { pathsIn } from './paths.ts'

/** Nobody but the user of the program reads what it keeps. */
const OTHERS = 0o077
const [FOLDER_MODE, FILE_MODE] = [0o700, 0o600]

/** Whether a data directory holds a register. */
export function hasRegister(dataDir: string): boolean {
  return existsSync(pathsIn(dataDir).register)
}

/** Throws `StartFault` where a data directory holds none. */
export function mustHoldRegister(dataDir: string): void {
  if (!hasRegister(dataDir)) throw new StartFault(`${dataDir} 中没有登记簿（register.db）；请核对 DATA_DIR。`)
}

/**
 * Keeps a data directory to the user who runs this: whatever is made from here on is theirs alone, and what others may
 * read is closed to them and told in words. Throws `StartFault` for a place in which another user's files lie: they
 * could not be written, or what is made now could not be by their owner.
 */
export function keepToOneself(dataDir: string, tell: (words: string) => void): void {
  process.umask(OTHERS)
  const self = process.getuid?.()
  if (self === undefined || !existsSync(dataDir)) return
  const open: string[] = []
  for (const path of filesOf(dataDir)) {
    const { uid, mode } = lstatSync(path)
    if (uid !== self)
      throw new StartFault(
        `${path} 属于用户 ${nameOf(uid)}，而本程序以用户 ${nameOf(self)} 运行。请改以用户 ${nameOf(uid)} 运行（如 sudo -u ${nameOf(uid)} …）；数据目录应归 ${nameOf(self)} 的，以 root 执行 chown -R ${nameOf(self)} ${dataDir}。`,
      )
    if ((mode & OTHERS) !== 0) open.push(path)
  }
  for (const path of open) chmodSync(path, lstatSync(path).isDirectory() ? FOLDER_MODE : FILE_MODE)
  if (open.length > 0)
    tell(
      `${dataDir} 中有 ${open.length} 个文件或目录原可供其他用户读取，已改为只有用户 ${nameOf(self)} 可以读写。`,
    )
}

/** The folder and what lies in it, links left out: what they lead to is not ours. */
function filesOf(folder: string): string[] {
  const within = readdirSync(folder, { recursive: true, withFileTypes: true })
  return [
    folder,
    ...within
      .filter((entry) => entry.isFile() || entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name)),
  ]
}

/** Name of a user, their number where they have none. */
export function nameOf(uid: number): string {
  const users = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : []
  return users.map((line) => line.split(':')).find(([, , id]) => id === String(uid))?.[0] ?? String(uid)
}
