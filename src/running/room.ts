import { type StatsFs, statfsSync } from 'node:fs'

/** What a disk has left. */
export interface Room {
  bytes: number
  /** Files that can yet be made (inodes); undefined where the file system knows no such limit. */
  files: number | undefined
}

/** With fewer files left to be made, logs of databases, uploads and copies fail at any moment. */
export const LEAST_FILES = 16

/** What the disk of a folder has left for this user. Throws what the system has against asking. */
export function roomAt(folder: string): Room {
  return roomIn(statfsSync(folder))
}

/** The same of what the system said. */
export function roomIn({ bavail, bsize, files, ffree }: StatsFs): Room {
  return { bytes: bavail * bsize, files: files === 0 ? undefined : ffree }
}

/** Whether what a disk lacks is not room but files that can be made. */
export function lacksFiles({ files = LEAST_FILES }: Room): boolean {
  return files < LEAST_FILES
}

/** That no more files can be made where a folder lies, with what to do. */
export function noMoreFiles(folder: string): string {
  return `${folder} 所在的磁盘可以建立的文件数（inode）已用完，空间却还有：请查明哪个目录中小文件过多（df -i、du --inodes），删去不用的。`
}
