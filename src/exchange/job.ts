import { z } from 'zod'
import type { Actor } from '../authority/acting.ts'
import { Refusal } from '../dossier/refusal.ts'
import { importCounts } from './import.ts'

/** An import as it is kept and shown. */
export const importJob = z.object({
  id: z.uuid(),
  type: z.string().meta({ description: 'enterprise 或记录类型' }),
  status: z.enum(['preview', 'waiting', 'running', 'done', 'failed']),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  /** Share of the file that has been read, 0 to 1. */
  progress: z.number(),
  counts: importCounts,
  ignoredColumns: z.array(z.string()),
  /** Why the file as a whole was refused. */
  problem: z.string().optional(),
})

const actor = z.object({
  authority: z.string(),
  officer: z.string(),
  region: z.string().optional(),
  id: z.string().optional(),
})

/** What a colleague of whoever sent an upload did with it (经手): each keeps its own name. */
const hand = z.object({ did: z.enum(['mended', 'started']), by: actor, at: z.string() })
export type Hand = z.output<typeof hand>

/** Taking back a whole import as one act. */
const withdrawal = z.object({
  status: z.enum(['waiting', 'running', 'done', 'failed']),
  reason: z.string(),
  keyId: z.string(),
  actor,
  askedAt: z.string(),
  /** Position up to which the import's entries have been undone. */
  after: z.int(),
  counts: z.object({
    withdrawn: z.int(),
    restored: z.int(),
    kept: z.int(),
    /** What others rely on: it waits for a second person. */
    waiting: z.int().default(0),
  }),
  /** Whether a second person has confirmed it. */
  isConfirmed: z.boolean().default(false),
  /** What was left as it is, and why; the first of them. */
  kept: z.array(z.object({ key: z.string(), name: z.string(), why: z.string() })),
  finishedAt: z.string().optional(),
  /** Why it was not taken back to the end. */
  problem: z.string().optional(),
})
export type Withdrawal = z.output<typeof withdrawal>

/** What only the runner needs to know: who asked, and how far the durable part goes. */
export const storedJob = importJob.extend({
  keyId: z.string(),
  actor,
  /** Those who went on with it beside whoever sent it, the last of each who did the same. */
  hands: z.array(hand).optional(),
  line: z.int(),
  /** How often it was begun since it last came on: what ends the process each time is not tried for ever. */
  attempts: z.int().default(0),
  /** Names the run that goes on with it: what an earlier one still writes, after a standstill of its process, counts for nothing. */
  run: z.string().default(''),
  /** An id made with the job: records with later ones are its own. */
  since: z.string().default(''),
  reportBytes: z.int(),
  /** Name of the file as it was sent. */
  fileName: z.string().optional(),
  /** SHA-256 of the file as it was sent. */
  digest: z.string().optional(),
  /** The register's last position when it was first begun. */
  begunAfter: z.int().optional(),
  /** Stretch of the register in which the import's entries stand. */
  positions: z.object({ first: z.int(), last: z.int() }).optional(),
  withdrawal: withdrawal.optional(),
})
export type StoredJob = z.output<typeof storedJob>

/** An upload before it is one: what it is to bring, and who sent it. */
export type NewJob = Pick<StoredJob, 'type' | 'keyId' | 'actor' | 'createdAt' | 'fileName'>

/** Whose act the import is: of who began it, whoever sent the upload. */
export function importerOf({ actor: sender, hands = [] }: Pick<StoredJob, 'actor' | 'hands'>): Actor {
  return hands.findLast(({ did }) => did === 'started')?.by ?? sender
}

/** An upload after somebody went on with it; the same where that is who sent it. */
export function handedOn(job: StoredJob, { did, by, at }: Hand): StoredJob {
  if (by.id !== undefined && by.id === job.actor.id) return job
  const others = (job.hands ?? []).filter((hand) => hand.did !== did || hand.by.id !== by.id)
  return { ...job, hands: [...others, { did, by, at }] }
}

/** Whether something is still to be done. */
export function isUnfinished(status: StoredJob['status'] | Withdrawal['status']): boolean {
  return status === 'waiting' || status === 'running'
}

/** Refuses an upload that was begun with, or is no more. */
export function mustBePreview(job: Pick<StoredJob, 'status'> | undefined): void {
  if (job?.status !== 'preview') throw new Refusal('exists', '这次导入已经开始、结束或者删去，不能再改动。')
}

/** Names an import in the register's commands. */
export function importCommand(id: string): string {
  return `import/${id}`
}

/** So often a job may be begun without coming on. */
export const MOST_ATTEMPTS = 3

/** Why a job is given up that has ended its process more than once. */
export const ENDED_PROCESS =
  '办理这份文件时程序几次异常终止，已不再重试；已导入的内容都已保存，可以撤回。是停电或服务被强行停止的，重新导入同一文件即可补齐；否则请检查文件是否过大或损坏，另存为 CSV 后重新导入。'
