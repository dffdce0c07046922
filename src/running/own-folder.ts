import { realpathSync, type Stats, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StartFault } from './data-dir.ts'
import { nameOf } from './users.ts'

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

function whyNotOwn(found: Stats, self: number, mayBeShared: boolean): string | undefined {
  if (found.uid !== self && found.uid !== 0) return `属于用户 ${nameOf(found.uid)}`
  return isOpenToWriting(found) && !(mayBeShared && (found.mode & STICKY) !== 0)
    ? '可供其他用户写入'
    : undefined
}

/** Whether others than its owner may give and take names in a folder; a group of one's own is how many systems set users up. */
export function isOpenToWriting({ gid, mode }: Stats): boolean {
  return (mode & BY_OTHERS) !== 0 || ((mode & BY_GROUP) !== 0 && gid !== process.getgid?.())
}
