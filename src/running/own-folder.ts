import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs'
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path'
import { StartFault } from './data-dir.ts'
import { nameOf } from './users.ts'

const [BY_OTHERS, BY_GROUP, STICKY] = [0o002, 0o020, 0o1000]
/** No system follows more links on one way. */
const MOST_LINKS = 40

/**
 * Throws `StartFault` for a folder in which another user than this one and root may give and take names, itself or by a folder or a
 * link on the way to it: whatever is written there by its name could be led elsewhere, or be kept by them. One that all may
 * write into and take nothing of others' from (/tmp) does on the way. One that is not there is no fault of this.
 */
export function mustBeOwnFolder(folder: string): void {
  mustBeOwn(folder, true)
}

/** The same of the way to a file or folder, whatever that itself is like. */
export function mustBeOwnWayTo(path: string): void {
  mustBeOwn(path, false)
}

function mustBeOwn(path: string, isItself: boolean): void {
  const self = process.getuid?.()
  if (self === undefined) return
  // Whoever owns the program can have it do what they like.
  const known = new Set([self, 0, statSync(new URL('.', import.meta.url)).uid])
  for (const { at, found, isLast } of wayTo(path)) {
    if (isLast && !isItself && !found.isSymbolicLink()) return
    // Nothing lies below what is no folder: whoever goes there is told so.
    if (!found.isDirectory() && !found.isSymbolicLink()) return
    const why = whyNotOwn(found, known, !isLast)
    if (why !== undefined)
      throw new StartFault(
        `${at} ${why}，写入 ${resolve(path)} 的内容可能被引到别处或被取走，没有写入。请另用只有用户 ${nameOf(self)} 能改动的目录（如以 root 执行 install -d -o ${nameOf(self)} -m 0700 <目录>）。`,
      )
  }
}

interface Step {
  at: string
  found: Stats
  isLast: boolean
}

/** Each folder and each link that the system passes on the way to a path, from the root on, as far as anything is there and can be seen. */
function* wayTo(path: string): Generator<Step> {
  const { root } = parse(resolve(path))
  let at = root
  const left = ['', ...resolve(path).slice(root.length).split(sep)]
  for (let links = 0; links <= MOST_LINKS; ) {
    const name = left.shift()
    if (name === undefined) return
    if (name === '..') at = dirname(at)
    const next = join(at, name)
    const found = name === '..' ? undefined : seen(next)
    if (found) yield { at: next, found, isLast: left.length === 0 }
    else if (name !== '..') return
    if (found?.isSymbolicLink() !== true) {
      at = name === '..' ? at : next
      continue
    }
    links += 1
    const to = readlinkSync(next)
    if (isAbsolute(to)) at = parse(to).root
    left.unshift(...to.split(sep).filter((part) => part !== '' && part !== '.'))
  }
}

function seen(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    // Whoever goes there is told why they can't.
    return undefined
  }
}

function whyNotOwn(found: Stats, known: ReadonlySet<number>, isOnTheWay: boolean): string | undefined {
  if (found.isSymbolicLink())
    return known.has(found.uid) ? undefined : `是符号链接，由用户 ${nameOf(found.uid)} 建立`
  if (!known.has(found.uid)) return `属于用户 ${nameOf(found.uid)}`
  const mayBeOpen = isOnTheWay && (found.mode & STICKY) !== 0
  return isOpenToWriting(found) && !mayBeOpen ? '可供其他用户写入' : undefined
}

/** Whether others than its owner may give and take names in a folder; a group of one's own is how many systems set users up, and root's is root's. */
export function isOpenToWriting({ gid, mode }: Stats): boolean {
  const isOthersGroup = gid !== process.getgid?.() && gid !== 0
  return (mode & BY_OTHERS) !== 0 || ((mode & BY_GROUP) !== 0 && isOthersGroup)
}
