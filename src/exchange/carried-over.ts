import { createHash } from 'node:crypto'
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type StoredJob, storedJob } from './job.ts'

/** Takes what is carried over. */
interface Into {
  job(job: StoredJob, own: { upload: string | null; mending: string | null; preview: string | null }): void
  /** What an authority said of a kind's words, as it stands. */
  answers(authority: string, type: string, said: string): void
  uploadPath(digest: string): string
}

const OLD_ANSWERS = 'answers.json'
const answers = z.record(z.string(), z.record(z.string(), z.looseObject({})))

/**
 * Takes over the jobs of a folder as they were kept before there was a database: a folder each, with a file for the state.
 * A job whose state can't be read stays where it is. Nothing is taken away: that is for `clearCarriedOver`.
 */
export function carryOver(folder: string, into: Into): void {
  for (const name of namesIn(folder)) {
    const own = join(folder, name)
    const state = textIn(join(own, 'job.json'))
    const job = state === undefined ? undefined : storedJob.safeParse(parsed(state))
    if (!job?.success || job.data.id !== name) continue
    const upload = linkedUpload(join(own, 'upload'), into)
    const kept = (file: string) => textIn(join(own, file)) ?? null
    into.job(job.data, { upload, mending: kept('mending.json'), preview: kept('preview.json') })
  }
  const said = answers.safeParse(parsed(textIn(join(folder, OLD_ANSWERS)) ?? '{}'))
  for (const [authority, kinds] of Object.entries(said.data ?? {}))
    for (const [type, own] of Object.entries(kinds)) into.answers(authority, type, JSON.stringify(own))
}

/** Takes away the files that `carryOver` has taken over, once their rows are durable. */
export function clearCarriedOver(folder: string, isKnown: (id: string) => boolean): void {
  for (const name of namesIn(folder).filter(isKnown))
    for (const file of ['job.json', 'job.json.new', 'mending.json', 'preview.json', 'upload'])
      rmSync(join(folder, name, file), { force: true })
  rmSync(join(folder, OLD_ANSWERS), { force: true })
}

/** Puts an upload in its place by its digest as well; null where there is none. */
function linkedUpload(path: string, { uploadPath }: Into): string | null {
  const content = orMissing(() => readFileSync(path))
  if (content === undefined) return null
  const digest = createHash('sha256').update(content).digest('hex')
  const to = uploadPath(digest)
  mkdirSync(dirname(to), { recursive: true })
  try {
    linkSync(path, to)
  } catch {
    // It is there already, or the disk knows no links.
    copyFileSync(path, to)
  }
  return digest
}

function namesIn(folder: string): string[] {
  return orMissing(() => readdirSync(folder)) ?? []
}

function textIn(path: string): string | undefined {
  return orMissing(() => readFileSync(path, 'utf8'))
}

/** What another process has cleared meanwhile is not there any more. */
function orMissing<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
