import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { called } from '../command-line.ts'
import { isThere } from '../register/fit.ts'
import { StartFault } from './data-dir.ts'
import { pathsIn } from './paths.ts'

/**
 * The moment of a restore (恢复). What it brings is prepared whole in a folder of the data directory, its new epoch and the entry
 * about it included; that the folder takes its name is the restore, and all that is left are renames, which whoever comes
 * next finishes: so an end by force leaves the place as it was, or restored.
 */

/** What is left to do once a restore is decided: names of files in the data directory. */
const plan = z.object({
  /** The backup, by its path, or `AS_IS`: whether a command asks for the same once more. */
  of: z.string(),
  /** Folder in the data directory that what was there before goes to. */
  keptIn: z.string(),
  keeps: z.array(z.string()),
  brings: z.array(z.string()),
  /** All that a person is told of it, the entries that are lost included: whoever finishes says it. */
  words: z.string(),
})
export type Plan = z.output<typeof plan>

/** What a restore is of that goes on with what is there. */
export const AS_IS = 'as-is'
const PLAN = 'plan.json'
/** What a person is told of a restore, beside what was there before it. */
const TOLD = 'restored.txt'

/** Said before the words of a restore that somebody else had decided. */
export const FINISHED = '上次的恢复中途停下，现已做完：'

/** Where a restore prepares what it brings; it counts for nothing until `decide`. */
export function preparedIn(dataDir: string): string {
  return `${pathsIn(dataDir).restoring}.new`
}

/** Makes what is prepared the restore, in one step that is on the disk when this returns. */
export function decide(dataDir: string, made: Plan): void {
  const folder = preparedIn(dataDir)
  const texts = { [TOLD]: made.words, [PLAN]: JSON.stringify(made) }
  for (const [name, text] of Object.entries(texts))
    writeFileSync(join(folder, name), text, { mode: 0o600, flush: true })
  for (const name of made.brings) onDisk(join(folder, name))
  onDisk(folder)
  renameSync(folder, pathsIn(dataDir).restoring)
  onDisk(dataDir)
}

/** A restore that was decided and not finished; undefined where there is none. */
export function unfinished(dataDir: string): Plan | undefined {
  const path = join(pathsIn(dataDir).restoring, PLAN)
  return isThere(path) ? plan.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined
}

/** Throws `StartFault` for a place whose restore is not finished: for whoever only looks. */
export function mustBeRestored(dataDir: string): void {
  if (unfinished(dataDir))
    throw new StartFault(
      `${resolve(dataDir)} 的恢复中途停下，还没有做完；启动服务，或再执行一次 ${called('restore')}，都会把它做完。`,
    )
}

/** Finishes a restore that was decided; gives what it was, undefined where there is none. Others may do the same at once. */
export function finishRestore(dataDir: string): Plan | undefined {
  const made = unfinished(dataDir)
  if (made) for (const step of stepsOf(dataDir, made)) step()
  return made
}

/** What is left to do, one after the other: each can be done again, and goes on from wherever the last attempt ended. */
export function stepsOf(dataDir: string, { keptIn, keeps, brings }: Plan): (() => void)[] {
  const { restoring } = pathsIn(dataDir)
  const kept = join(dataDir, keptIn)
  return [
    () => mkdirSync(kept, { recursive: true }),
    ...keeps.map((name) => () => keep(join(dataDir, name), join(kept, name))),
    ...brings.map((name) => () => move(join(restoring, name), join(dataDir, name))),
    () => {
      if (keeps.length === 0) rmSync(kept, { recursive: true, force: true })
      else move(join(restoring, TOLD), join(kept, TOLD))
    },
    () => onDisk(dataDir),
    () => rmSync(restoring, { recursive: true, force: true }),
  ]
}

/** What was kept already is not written over by what has come in its place. */
function keep(from: string, to: string): void {
  if (lstatSync(from, { throwIfNoEntry: false })?.isSymbolicLink()) {
    // From within another folder it would lead elsewhere.
    if (!existsSync(to)) symlinkSync(realpathSync(from), to)
    rmSync(from)
  } else if (!existsSync(to)) move(from, to)
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    // It was moved before, or by somebody else who finishes the same.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT') || existsSync(from))
      throw error
  }
}

/** Waits until a file, or the names in a folder, are on the disk. */
function onDisk(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
