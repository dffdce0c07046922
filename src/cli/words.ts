import { resolve, sep } from 'node:path'
import { parseRegion } from '../codes/places.ts'
import { BadSettings, readSettings } from '../config.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { startFaultOf } from '../running/data-dir.ts'

const FILE_FAULTS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `没有 ${path}，或其中的目录还不存在。`,
  EISDIR: (path) => `${path} 是目录，这里需要文件。`,
  ENOTDIR: (path) => `${path} 中有一段不是目录。`,
  EACCES: (path) => `没有权限读写 ${path}。`,
  EPERM: (path) => `没有权限读写 ${path}。`,
  EROFS: (path) => `${path} 所在的磁盘是只读的。`,
  ENOSPC: (path) => `${path} 所在的磁盘已满。`,
}

/** What went wrong with a command, in words; undefined for what nobody foresaw. */
export function wordsOf(error: unknown): string | undefined {
  if (error instanceof BadSettings) return error.message
  if (error instanceof Refusal) return refusalInWords(error)
  const settings = readSettings(process.env)
  const { code, path } = fileOf(error)
  const place = resolve(settings.DATA_DIR)
  const isOutside = path !== undefined && !`${resolve(path)}${sep}`.startsWith(`${place}${sep}`)
  const ofFile = path === undefined ? undefined : FILE_FAULTS[code]?.(path)
  return (isOutside ? ofFile : undefined) ?? startFaultOf(error, settings) ?? ofFile
}

/** Why something was refused, with every fault that its title does not tell. */
function refusalInWords({ title, faults }: Refusal): string {
  return [title, ...faults.map(({ detail }) => detail).filter((detail) => detail !== title)].join('\n')
}

/** What the system says went wrong with which file. */
function fileOf(error: unknown): { code: string; path?: string } {
  if (!(error instanceof Error) || !('code' in error)) return { code: '' }
  const path = 'path' in error && typeof error.path === 'string' ? { path: error.path } : {}
  return { code: String(error.code), ...path }
}

/** Code of the region that an option names; undefined where the option isn't given. Refuses what is no region. */
export function regionNamed(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined
  const place = parseRegion(typed)
  if (!place) throw invalid('/region', 'region', `没有行政区划“${typed.slice(0, 40)}”；请用 6 位代码或全称。`)
  return place.code
}

/** Says what a command has done; gives its exit code. */
export function said(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

/** Says why a command has not been done; gives its exit code. */
export function failed(message: string): number {
  process.stderr.write(`${message}\n`)
  return 2
}
