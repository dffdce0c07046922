import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { called } from '../command-line.ts'
import { endOf, isThere, lookInto, mustFit, takenUp } from '../register/fit.ts'
import { mustBeInShape } from '../register/verify-shape.ts'
import { mustBeWhole } from '../register/whole.ts'
import { type Broken, brokenIn, holdAgainstViews, markOwn, StartFault, setAside } from './data-dir.ts'
import { keyFaults, mustHaveKeys } from './keys.ts'
import { leavingNothingRefused } from './leaving-nothing.ts'
import { isOpenToWriting, mustBeOwnFolder, mustBeOwnWayTo } from './own-folder.ts'
import { isOwnName, type Paths, pathsIn } from './paths.ts'
import { FINISHED, finishRestore, mustBeRestored } from './restoring.ts'
import { nameOf } from './users.ts'

/** Nobody but the user of the program reads what it keeps. */
const OTHERS = 0o077
const [FOLDER_MODE, FILE_MODE] = [0o700, 0o600]

/** What lies in a data directory, by names and owners alone. */
export interface Place {
  dataDir: string
  /** A register; what one has left behind, which is missing itself; nothing yet; or only what is somebody else's. */
  holds: 'register' | 'traces' | 'nothing' | 'others'
  /** The folder itself where it is there, and each file and folder in it that is ours by its name. */
  own: readonly string[]
  /** Names in it that are not ours. */
  others: readonly string[]
}

/** What a start would do to a place that is in order: found out by looking, done by `settle`. */
export interface Inspected extends Place {
  /** Own files that others may read. */
  open: readonly string[]
  broken: readonly Broken[]
  /** What is told besides, in words. */
  words: readonly string[]
}

/**
 * Looks what lies in a data directory; writes nothing and opens no file. Throws `StartFault` where that can't be told:
 * it is no folder, or another user's, whose files could not be written, or what is made now could not be by their owner.
 */
export function placeOf(dataDir: string): Place {
  const at = resolve(dataDir)
  mustBeOwnWayTo(at)
  if (!existsSync(at)) {
    mustBeReachable(at)
    return { dataDir, holds: 'nothing', own: [], others: [] }
  }
  if (!statSync(at).isDirectory()) throw new StartFault(`数据目录 ${at} 不是目录；请核对 DATA_DIR。`)
  mustBeOwn(at, statSync(at).uid, at)
  const names = readdirSync(at)
  const ours = names.filter(isOwnName)
  const files = ours.flatMap((name) => within(join(at, name)))
  for (const path of files) {
    const file = lstatSync(path, { throwIfNoEntry: false })
    if (file) mustBeOwn(path, file.uid, at)
  }
  for (const name of ours) mustBeUsable(join(at, name))
  // What a file system and a user's shell put into a folder is in nobody's way.
  const others = names.filter((name) => !isOwnName(name) && name !== 'lost+found' && !name.startsWith('.'))
  return { dataDir, holds: heldBy(at, ours, others), own: [at, ...files], others }
}

/** A register that was begun and never written to, and nothing beside it but a restore that was broken off, is none yet. */
function heldBy(at: string, ours: readonly string[], others: readonly string[]): Place['holds'] {
  if (isThere(pathsIn(at).register)) return 'register'
  if (ours.some((name) => !/^(register\.db(-wal|-shm|-journal)?|restoring\.new)$/.test(name))) return 'traces'
  return others.length > 0 ? 'others' : 'nothing'
}

/** A file, or a folder with all that lies in it; what vanishes meanwhile is none; links are left out: what they lead to is closed to others by whoever led there. */
function within(path: string): string[] {
  const file = lstatSync(path, { throwIfNoEntry: false })
  if (!file) return []
  if (file.isFile()) return [path]
  if (file.isDirectory()) return [path, ...namesIn(path).flatMap((name) => within(join(path, name)))]
  if (!file.isSymbolicLink())
    throw new StartFault(`${path} 不是普通文件，未作任何改动；请查明是谁建立的，移走它再启动。`)
  mustBeOwnLink(path, file)
  return []
}

/** What lies in a folder; nothing where it is gone: a running node makes its copies in folders that it moves away. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** Throws `StartFault` for a link that another user made, that leads nowhere, or to where another user may put what they like. */
function mustBeOwnLink(path: string, { uid }: Stats): void {
  const self = process.getuid?.()
  const refused = (why: string) =>
    new StartFault(
      `${path} 是符号链接，${why}，本系统的内容会写到那里去，未作任何改动；请查明是谁建立的，移走它再启动。要把数据放在别的磁盘上的，请挂载到数据目录。`,
    )
  if (self !== undefined && uid !== self && uid !== 0) throw refused(`由用户 ${nameOf(uid)} 建立`)
  if (!existsSync(path)) throw refused('指向的文件不存在')
  const to = realpathSync(path)
  if (self !== undefined && statSync(to).uid !== self)
    throw refused(`指向的 ${to} 属于用户 ${nameOf(statSync(to).uid)}`)
  mustBeOwnWayTo(path)
  mustBeOwnFolder(dirname(to))
}

function mustBeOwn(path: string, uid: number, dataDir: string): void {
  const self = process.getuid?.()
  if (self === undefined || uid === self) return
  const [owner, own] = [nameOf(uid), nameOf(self)]
  const whose = `${path} 属于用户 ${owner}，而本程序以用户 ${own} 运行。`
  if (!isThere(pathsIn(dataDir).register))
    throw new StartFault(`${whose}${advisedOnNoRegister(dataDir, own)}`)
  const taking = `以 root 执行 chown -R ${own}: ${dataDir}`
  // What a careless shell left in a folder that is this user's becomes this user's; nobody is told to run as root.
  if (statSync(dataDir).uid === self)
    throw new StartFault(
      `${whose}数据目录属于 ${own}，多半是以 ${owner} 执行过命令：请${taking}，以后只以用户 ${own} 执行。`,
    )
  if (uid === 0) throw new StartFault(`${whose}数据目录应归 ${own} 的，请${taking}。`)
  throw new StartFault(
    `${whose}请改以用户 ${owner} 运行（如 sudo -u ${owner} …）；数据目录应归 ${own} 的，${taking}。`,
  )
}

/** What to do about another's folder: nobody is told to take one, or to work as its owner, because its name was mistyped. */
function advisedOnNoRegister(dataDir: string, own: string): string {
  if (!may(dataDir, constants.R_OK | constants.X_OK))
    return `看不到其中有没有登记簿，请核对 DATA_DIR；无误的，请以运行服务的用户执行（sudo -u … ）。`
  return readdirSync(dataDir).length === 0
    ? `这是一个空的目录，请核对 DATA_DIR；无误的，以 root 执行 chown ${own}: ${dataDir}。`
    : `其中没有登记簿，请核对 DATA_DIR，不要改动这个目录的归属；新建登记簿请另用一个目录。`
}

/** Folders among what is ours by its name; all else is files. */
const FOLDERS = /^(imports|bulk|checking|restoring(\.new)?|before-restore-.*)$/
const DATABASES = /\.(db|anchor)(-wal|-shm)?$/

/** Throws `StartFault` for what is not what its name says, or can't be read, or written where it has to be. */
function mustBeUsable(path: string): void {
  if (!existsSync(path)) return
  const found = statSync(path)
  const isFolder = FOLDERS.test(basename(path))
  if (found.isDirectory() !== isFolder)
    throw new StartFault(
      isFolder
        ? `${path} 不是目录，这里应是本系统的目录；请查明它是什么，移到别处再启动。`
        : `${path} 是目录，这里应是文件；请查明是谁建立的，移到别处再启动。`,
    )
  const isWritten = isFolder || DATABASES.test(path)
  for (const [what, right] of [
    ['读取', constants.R_OK],
    ['写入', constants.W_OK],
  ] as const)
    if (right === constants.R_OK || isWritten) {
      const hindrance = hindranceTo(path, right)
      if (hindrance === undefined) continue
      const mode = (found.mode & 0o777).toString(8).padStart(4, '0')
      // Its owner may by its mode, so that what hinders lies elsewhere.
      const isOfMount = hindrance === 'EROFS' || (found.mode & (right << 6)) !== 0
      throw new StartFault(
        `用户 ${nameOf(process.getuid?.() ?? -1)} 不能${what} ${path}（${isOfMount ? hindrance : `权限为 ${mode}`}）；${
          isOfMount
            ? '它所在的磁盘是只读的，或安全策略不许：请检查挂载方式（findmnt）和服务文件中的 ReadOnlyPaths、ProtectSystem'
            : `请执行 chmod ${isFolder ? '0700' : '0600'} ${path}，仍不行的检查挂载方式`
        }。`,
      )
    }
}

/** Whether this user may do something with a file or folder. */
export function may(path: string, right: number): boolean {
  return hindranceTo(path, right) === undefined
}

/** The system's code for why this user may not do something with a file or folder; undefined where they may. */
export function hindranceTo(path: string, right: number): string | undefined {
  try {
    accessSync(path, right)
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : ''
  }
}

/** A folder that can't be looked into is not one that is missing. */
function mustBeReachable(folder: string): void {
  try {
    lstatSync(folder)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOENT' || code === 'ENOTDIR') return
    if (code !== 'EACCES' && code !== 'EPERM') throw error
    const own = nameOf(process.getuid?.() ?? -1)
    throw new StartFault(`用户 ${own} 打不开 ${folder}（${code}）；请以运行服务的用户执行（sudo -u … ）。`)
  }
}

/** Throws `StartFault` for a place without a register, in words about what lies there instead. */
export function mustHoldRegister(dataDir: string): Place {
  const place = placeOf(dataDir)
  mustBeRestored(dataDir)
  if (place.holds === 'register') return place
  if (place.holds === 'traces') throw lostRegister(place)
  throw new StartFault(
    `${resolve(dataDir)} 中没有登记簿（register.db）；请核对 DATA_DIR，数据盘没有挂载的先挂载它；新建登记簿：${called('init')}。`,
  )
}

/** An empty mount point looks as a new place does: whoever makes a register there says so. */
function noRegisterYet(dataDir: string): StartFault {
  return new StartFault(
    `${resolve(dataDir)} 中没有登记簿，未作任何改动：设置中的 NEW_REGISTER=false，启动不自行新建，以免数据盘没有挂载时以空的登记簿对外。
办法：一、原有登记簿的：核对 DATA_DIR，数据盘没有挂载的挂载它（findmnt），目录被移走的放回原处，再启动；
　　　二、登记簿丢失的：用备份恢复，${called('restore <备份目录> --reason <原因>')}；
　　　三、新装的：先执行 ${called('init')} 新建登记簿，再启动。`,
  )
}

/** Throws `StartFault` for a place in which no register may be made or put: somebody else's, or one whose folder's folder is missing. */
export function mustBeFree(place: Place): void {
  const at = resolve(place.dataDir)
  if (place.holds === 'others')
    throw new StartFault(
      `${at} 中没有登记簿，却有别的内容（${listed(place.others)}），不像本系统的数据目录，未作任何改动。请核对 DATA_DIR；新建登记簿请用空的目录。`,
    )
  if (place.own.length > 0) {
    mustBeClosed(at)
    return
  }
  if (!existsSync(dirname(at)))
    throw new StartFault(`没有 ${dirname(at)} 这个目录，${at} 无从建立；请核对 DATA_DIR，或先建立上级目录。`)
  if (!statSync(dirname(at)).isDirectory()) throw new StartFault(`${dirname(at)} 不是目录；请核对 DATA_DIR。`)
}

/** Into a folder that others may write, they may put whatever they like between the look and the first file: it counts as no empty one. */
function mustBeClosed(at: string): void {
  if (isOpenToWriting(statSync(at)))
    throw new StartFault(
      `${at} 可供其他用户写入，不能在其中新建登记簿，未作任何改动。请核对 DATA_DIR；无误的，执行 chmod 0700 ${at}，看清其中没有别人放入的文件（ls -la），再启动。`,
    )
}

/** What is as new as this may be another process's, which is making a register at this moment. */
const JUST_MADE_MS = 10_000

/** What there is to do where a register is missing. */
function lostRegister({ dataDir, own }: Place): StartFault {
  const at = resolve(dataDir)
  const files = own.filter((path) => dirname(path) === at)
  const traces = files.map((path) => path.slice(at.length + 1))
  const ages = files.map((path) => Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0))
  const isJustMade = ages.every((age) => Math.abs(age) < JUST_MADE_MS)
  return new StartFault(
    `${at} 中没有登记簿（register.db 不存在或是空的），却有它留下的文件：${listed(traces)}。未作任何改动；新建登记簿会毁去锚，使其余文件作废。
办法：${isJustMade ? '〇、这些文件都是刚刚写下的：若另有进程正在首次启动，稍候再试；否则\n　　　' : ''}一、把原来的 register.db、register.db-wal 放回原处再启动；
　　　二、用备份恢复：${called('restore <备份目录> --reason <原因>')}；
　　　三、这里本应是新的登记簿：请核对 DATA_DIR，或把上述文件移到别处再启动。`,
  )
}

const MOST_LISTED = 8

function listed(names: readonly string[]): string {
  const some = names.slice(0, MOST_LISTED).join('、')
  return names.length > MOST_LISTED ? `${some} 等 ${names.length} 个` : some
}

/**
 * Looks whether the registry can be opened in a place, and what would have to be done to it first; writes nothing.
 * Throws `StartFault` or `RegisterFault` where it can't be: the place is another's, the register is missing or does not
 * fit its anchor or the views, or a file is broken that can't be made again. Where the register lives elsewhere and only a copy
 * of it is made here, keys alone are no traces, and those that are missing are looked for among the other nodes' when it is opened.
 */
export function inspected(dataDir: string, isCopied = false): Inspected {
  const place = placeOf(dataDir)
  mustBeRestored(dataDir)
  if (place.holds === 'traces' && !(isCopied && holdsKeysAlone(place))) throw lostRegister(place)
  if (place.holds !== 'register') {
    mustBeFree(place)
    return { ...place, open: openTo(place), broken: [], words: [] }
  }
  return leavingNothingRefused(dataDir, () => {
    const paths = pathsIn(dataDir)
    const broken = brokenIn(dataDir)
    mustFit(paths.register)
    mustBeWhole(paths.register)
    lookInto(paths.register, mustBeInShape)
    holdAgainstViews(dataDir)
    mustHaveKeys(paths, isCopied)
    const keys = keyFaults(paths)
    const gone = keys.filter(({ path }) => !existsSync(path))
    const spoilt = keys.filter(({ path }) => existsSync(path))
    return {
      ...place,
      open: openTo(place),
      broken: [
        ...broken,
        ...spoilt.map(({ path, words, advice }): Broken => ({ path, words: [words, advice] })),
      ],
      words: isCopied
        ? []
        : [
            ...gone.map(({ words, advice }) => `${words}：${advice}`),
            ...noAccesses(paths),
            ...[takenUp(paths.register)].flatMap((said) => said ?? []),
          ],
    }
  })
}

/** A new node is given the keys of the others before it has anything else. */
function holdsKeysAlone({ dataDir, own }: Place): boolean {
  const { personKey, personCheck, sessionKey, stampKey, stampKeys } = pathsIn(resolve(dataDir))
  const known = new Set([resolve(dataDir), personKey, personCheck, sessionKey, stampKey, stampKeys])
  return own.every((path) => known.has(path))
}

/** The log of accesses comes with the first start: where there are entries and no log, it was taken away. */
function noAccesses({ accesses, register }: Paths): string[] {
  return isThere(accesses) || endOf(register, 0).head === 0
    ? []
    : ['access.db 不见了：以前的查阅记录缺失，现在重新开始。有备份的，请停机后从备份放回。']
}

function openTo({ own }: Place): string[] {
  return own.filter((path) => ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & OTHERS) !== 0)
}

/**
 * Makes a place that was found in order ready to be opened: the folder, where it is missing; closed to everybody but the
 * user who runs this, as whatever is made from here on; what is broken set aside. Tells in words of whatever it changes.
 */
export function settle({ dataDir, open, broken, words }: Inspected, tell: (words: string) => void): void {
  keepToOneself()
  for (const said of words) tell(said)
  // The folder above is there; asked for all at once, Node never comes to an end where the system takes none (/proc).
  if (!existsSync(dataDir)) mkdirSync(dataDir)
  // In a folder that all may write into, somebody else may have made it in between.
  mustBeOwn(resolve(dataDir), statSync(dataDir).uid, dataDir)
  for (const path of open) chmodSync(path, statSync(path).isDirectory() ? FOLDER_MODE : FILE_MODE)
  if (open.length > 0)
    tell(
      `${dataDir} 中有 ${open.length} 个文件或目录原可供其他用户读取，已改为只有用户 ${nameOf(process.getuid?.() ?? -1)} 可以读写。`,
    )
  setAside(broken, tell)
  markOwn(dataDir)
}

/** Whatever this process makes from here on is readable to its user alone. */
export function keepToOneself(): void {
  process.umask(OTHERS)
}

/** What is made of a place that holds no register: nothing where one can't be told from a disk that isn't there. */
export interface Entering {
  /** The register lives elsewhere, and only a copy of it is made here. */
  isCopied?: boolean
  /** A place without a register gets one. */
  mayBegin?: boolean
}

/**
 * Looks at a data directory and makes it ready to be opened; throws, having changed nothing, where it can't be. A restore that was
 * ended half-way is finished first.
 */
export function enter(
  dataDir: string,
  tell: (words: string) => void,
  { isCopied = false, mayBegin = true }: Entering = {},
): Place {
  placeOf(dataDir)
  const former = finishRestore(dataDir)
  if (former) tell(`${FINISHED}${former.words}`)
  const place = inspected(dataDir, isCopied)
  if (place.holds !== 'register' && !isCopied && !mayBegin) throw noRegisterYet(dataDir)
  settle(place, tell)
  return place
}
