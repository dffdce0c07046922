import { realpathSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StartFault } from './data-dir.ts'
import { nameOf } from './place.ts'

const [BY_OTHERS, BY_GROUP, STICKY] = [0o002, 0o020, 0o1000]

/**
 * Throws `StartFault` for a folder in which another user than this one and root may give and take names, itself or by one
 * above it: whatever is written there by its name could be led elsewhere, or be kept by them. One that all may write into
 * and take nothing of others' from (/tmp) does as one above, and for what is made there as a new folder (`mayBeShared`).
 * One that is not there is no fault of this.
 */
export function mustBeOwnFolder(folder: string, { mayBeShared = false } = {}): void {
  const self = process.getuid?.()
  if (self === undefined) return
  let at: string
  try {
    at = realpathSync(resolve(folder))
  } catch {
    return
  }
  for (let isFirst = true; ; isFirst = false) {
    const why = whyNotOwn(statSync(at), self, !isFirst || mayBeShared)
    if (why !== undefined)
      throw new StartFault(
        `${at} ${why}，写入 ${resolve(folder)} 的内容可能被引到别处或被取走，没有写入。请另用只有用户 ${nameOf(self)} 能改动的目录（如以 root 执行 install -d -o ${nameOf(self)} -m 0700 <目录>）。`,
      )
    if (dirname(at) === at) return
    at = dirname(at)
  }
}

function whyNotOwn({ uid, gid, mode }: Stats, self: number, mayBeShared: boolean): string | undefined {
  if (uid !== self && uid !== 0) return `属于用户 ${nameOf(uid)}`
  // A group of one's own is how many systems set users up.
  const isOpen = (mode & BY_OTHERS) !== 0 || ((mode & BY_GROUP) !== 0 && gid !== process.getgid?.())
  return isOpen && !(mayBeShared && (mode & STICKY) !== 0) ? '可供其他用户写入' : undefined
}
