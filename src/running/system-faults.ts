import { existsSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { called } from '../command-line.ts'
import { RegisterFull } from '../register/register.ts'
import { RegisterFault } from '../register/standing.ts'
import { StartFault } from './data-dir.ts'
import { unloadable } from './loading.ts'
import { lacksFiles, noMoreFiles, roomAt } from './room.ts'

/** Settings that the words name. */
interface Settings {
  HOST: string
  PORT: number
  DATA_DIR: string
}

/** What goes wrong between the program and the network as it begins to listen. */
const NETWORK: Readonly<Record<string, (settings: Settings) => string>> = {
  EADDRINUSE: ({ PORT }) =>
    `端口 ${PORT} 已被占用：可能本系统已在运行。请停止占用它的程序（ss -ltnp 可查），或把 PORT 设为别的端口。`,
  EADDRNOTAVAIL: ({ HOST }) => `HOST=${HOST} 不是本机的地址；请改为本机的地址，或 0.0.0.0。`,
  EACCES: ({ PORT }) =>
    `运行本系统的用户不能使用端口 ${PORT}：小于 1024 的端口须另行授权。请把 PORT 设为 1024 以上，或在服务文件中写 AmbientCapabilities=CAP_NET_BIND_SERVICE。`,
  EPERM: ({ PORT }) => `系统不允许使用端口 ${PORT}；请检查安全策略（SELinux、容器），或换一个端口。`,
  ENOTFOUND: ({ HOST }) => `HOST=${HOST} 查不到地址；请核对名称，或改为本机的地址，如 127.0.0.1、0.0.0.0。`,
  EAI_AGAIN: ({ HOST }) =>
    `HOST=${HOST} 暂时查不到地址（域名服务没有答复）；请改为本机的地址，如 127.0.0.1、0.0.0.0。`,
  EAFNOSUPPORT: ({ HOST }) => `本机没有启用 HOST=${HOST} 所用的 IPv6；请改为 IPv4 的地址，如 0.0.0.0。`,
  EINVAL: ({ HOST }) => `HOST=${HOST} 不能用于监听；请改为本机的地址，如 0.0.0.0。`,
}

const FULL = (what: string) => `${what}所在的磁盘已满，或已到限额；请腾出空间。`
const NO_PERMISSION = (what: string) =>
  `没有权限读写${what}；请检查它属于哪个用户、权限是什么（ls -ld），并以运行本系统的用户执行。`
const UNREADABLE = (what: string) => `磁盘读写${what}出错；请检查磁盘和挂载（dmesg），不要再写入，先作备份。`
const LOCKED = (what: string) => `${what}被别的程序长时间占用；请等它结束后再来。`

/** What goes wrong with a file, or with a database in one: `what` is its path or what it belongs to. */
const FILES: Readonly<Record<string, (what: string) => string>> = {
  ENOENT: (what) => `没有${what}，或其中的目录还不存在；请核对路径。`,
  EISDIR: (what) => `${what}是目录，这里需要文件；请核对路径。`,
  ENOTDIR: (what) => `${what}不是目录，或其中有一段不是目录；请核对路径。`,
  EEXIST: (what) => `${what}已经存在，或不是目录；请核对路径。`,
  ENOTEMPTY: (what) => `${what}已有内容；请另指定一个目录。`,
  EACCES: NO_PERMISSION,
  EPERM: NO_PERMISSION,
  EROFS: (what) => `${what}所在的磁盘是只读的；请检查挂载方式。`,
  ENOSPC: FULL,
  EDQUOT: FULL,
  EFBIG: (what) => `${what}超过了允许的文件大小；请检查磁盘格式和限额（ulimit -f）。`,
  EIO: UNREADABLE,
  ENXIO: UNREADABLE,
  ENODEV: UNREADABLE,
  ESTALE: (what) => `${what}所在的网络磁盘已断开；请重新挂载。`,
  ETIMEDOUT: (what) => `${what}所在的网络磁盘没有答复；请检查网络和挂载。`,
  ELOOP: (what) => `${what}的符号链接绕成一圈；请改正链接。`,
  ENAMETOOLONG: (what) => `${what}的名称过长；请换一个短的路径。`,
  EBUSY: LOCKED,
  EXDEV: (what) => `${what}与目标不在同一个磁盘上，不能改名；请放在同一个磁盘上。`,
  ENOMEM: () => '内存不足；请停止别的程序，或增加内存。',
  SQLITE_FULL: FULL,
  SQLITE_READONLY: (what) => `${what}不可写；请检查权限和挂载方式。`,
  SQLITE_PERM: NO_PERMISSION,
  SQLITE_CANTOPEN: (what) => `打不开${what}；请检查权限、磁盘空间、可打开的文件数和挂载方式。`,
  SQLITE_BUSY: LOCKED,
  SQLITE_LOCKED: LOCKED,
  SQLITE_PROTOCOL: (what) => `不能锁定${what}：它所在的磁盘不支持文件锁；请把数据目录放在本机的磁盘上。`,
  SQLITE_IOERR: UNREADABLE,
  SQLITE_NOMEM: () => '内存不足；请停止别的程序，或增加内存。',
  SQLITE_CORRUPT: (what) =>
    `${what}已损坏；请执行 ${called('verify')} 查明是哪一个，见运行手册“备份和恢复”。`,
  SQLITE_NOTADB: (what) => `${what}不是数据库文件，或已损坏；请核对 DATA_DIR，见运行手册“备份和恢复”。`,
}

/** What a database says of a disk on which its log, or the index of that, finds no room. */
const OUT_OF_ROOM = /^SQLITE_IOERR_(WRITE|SHMSIZE|TRUNCATE)$/
const NETWORK_CALLS = /^(listen|bind|getaddrinfo)$/
/** So many causes are looked through. */
const DEEPEST = 5

/** What had its words already; classes don't survive the way out of a thread, names do. */
const IN_WORDS: ReadonlySet<string> = new Set([StartFault.name, RegisterFault.name])

/**
 * What the operating system or a database's file refused, in Chinese, with what a person does about it; undefined for
 * an error that tells of neither. What was refused in words keeps its own. Where an error names no file, the data directory is meant.
 */
export function faultInWords(error: unknown, settings: Settings): string | undefined {
  let cause = error
  for (let depth = 0; depth < DEEPEST && cause instanceof Error; depth += 1) {
    const words = wordsOf(cause, settings)
    if (words !== undefined) return words
    cause = cause.cause
  }
  return undefined
}

/** Whether an error says that the disk has no room left, or the quota on it. */
export function isOutOfRoom(error: unknown): boolean {
  let cause = error
  for (let depth = 0; depth < DEEPEST && cause instanceof Error; depth += 1) {
    // Classes don't survive the way out of a thread, names do.
    if (cause.name === RegisterFull.name || FILES[codeOf(cause)] === FULL) return true
    cause = cause.cause
  }
  return false
}

function codeOf(error: Error): string {
  return text(error, 'code')
    .replace(OUT_OF_ROOM, 'SQLITE_FULL')
    .replace(/^(SQLITE_[A-Z]+)_.*$/, '$1')
}

function wordsOf(error: Error, settings: Settings): string | undefined {
  if (IN_WORDS.has(error.name)) return error.message
  if (text(error, 'syscall') === 'uv_cwd')
    return '现在所在的目录已被删去、改名，或不许进入；请先换到别的目录（如 cd /），再执行。'
  const code = codeOf(error)
  const socket = socketOf(error)
  const isOfNetwork = NETWORK_CALLS.test(text(error, 'syscall')) || /^EADDR/.test(code)
  if (isOfNetwork && socket === '') return NETWORK[code]?.(settings) ?? unloadable(error)
  const path = socket || placeOf(error, code)
  if (FILES[code] === FULL || code === 'SQLITE_CANTOPEN') {
    const folder = [dirname(path || '/none/none'), settings.DATA_DIR].find(existsSync)
    if (folder !== undefined && lacksFiles(roomAt(folder))) return noMoreFiles(folder)
  }
  // Names of files stand apart from Chinese characters, not from its punctuation.
  return FILES[code]?.(placeIn(settings, path)).replace(/^ | (?=[，。；：])/g, '') ?? unloadable(error)
}

/** Codes that tell of where something is written; where it comes from has nothing to do with them. */
const OF_WRITING = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EFBIG', 'EEXIST', 'ENOTEMPTY'])

/** The file that an error is about: of a copy, the one that can't be written, or the one that can't be read. */
function placeOf(error: Error, code: string): string {
  return (OF_WRITING.has(code) && text(error, 'dest')) || text(error, 'path')
}

/** The file by which the processes of a node listen to each other; empty for what is about a port. */
function socketOf(error: Error): string {
  const address = text(error, 'address')
  return address.startsWith('/') ? address : ''
}

/** How a file is named to a person. */
function placeIn({ DATA_DIR }: Settings, path: string): string {
  const folder = resolve(DATA_DIR)
  if (path === '' || resolve(path) === folder) return `数据目录 ${DATA_DIR} `
  const isWithin = resolve(path).startsWith(`${folder}${sep}`)
  return isWithin ? `数据目录 ${DATA_DIR} 中的 ${relative(folder, resolve(path))} ` : ` ${path} `
}

function text(error: Error, name: 'code' | 'path' | 'dest' | 'syscall' | 'address'): string {
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' ? value : ''
}

/** For what is told of no file: the same error, of the file that was written. */
export function namingFile(path: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof Error && text(error, 'path') === '' ? Object.assign(error, { path }) : error
  }
}
