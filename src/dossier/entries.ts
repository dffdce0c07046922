import { z } from 'zod'
import { type ProposalFact, proposalPayloads } from '../authority/proposal.ts'
import type { Entry } from '../register/entry.ts'
import { type CaseFact, caseEntryPayloads } from './case-entries.ts'

const data = z.record(z.string(), z.unknown())
const id = z.string()
const reason = z.string()
const on = z.string()
/** Hash of the imported row that an entry was made from, so that the same row is never taken twice. */
const row = z.string().optional()

const part = z.object({ id, rule: z.string(), records: z.array(z.string()) })

/** A rating (质量信用等级评价) as it was issued: its outcome, what it rests on, and what it can be computed again from. */
const issuedRating = z.object({
  id,
  standard: z.object({ id, version: z.number(), shownAs: z.enum(['grade', 'class']) }),
  /** Day as on which it rates, and position up to which it knew the file: all before itself where left out. */
  on,
  position: z.number().optional(),
  /** Null for 未评定. */
  grade: z.string().nullable(),
  points: z.number(),
  items: z.array(part.extend({ points: z.number() })),
  limits: z.array(part.extend({ grade: z.string() })),
  next: z
    .object({ grade: z.string(), missing: z.number(), limits: z.array(id), items: z.array(id) })
    .optional(),
  /** The day from which a limit holds no more by the passing of time: it is rated anew then. */
  limitedUntil: on.optional(),
  /** Records that were not counted as only their year or month was known. */
  unclear: z.array(id).optional(),
  /** Why there is no grade, or what happened between two campaigns. */
  reason: z.string().optional(),
  campaign: id.optional(),
  /** The grade that was computed, where an officer adjusted it, and why. */
  adjusted: z.object({ from: z.string().nullable(), reason }).optional(),
  /** An officer's adjustment of the rating before, which rested on what has changed since: to be looked at again. */
  adjustmentLapsed: z.object({ grade: z.string().nullable(), reason }).optional(),
  /** How `rate` read the file; 1 where it is left out. */
  reading: z.number().optional(),
})
export type IssuedRating = z.output<typeof issuedRating>

/** Payload of each kind of entry about an enterprise's file. */
export const fileEntryPayloads = {
  /** A file is opened from registration data or, with its first licence, from the applicant's information. */
  'enterprise.opened': z.object({ uscc: z.string().optional(), data, row }),
  /** The enterprise changed: a new name, another address. `changes` is a merge patch; null takes a field away. */
  'enterprise.changed': z.object({
    uscc: z.string().optional(),
    changes: data,
    row,
  }),
  /** What had been recorded about the enterprise was wrong. */
  'enterprise.corrected': z.object({ changes: data, reason }),
  /** The whole file was opened by mistake. */
  'enterprise.withdrawn': z.object({ reason }),
  /** `owner` is the authority that made it, by its id: the one that the data names, where that one is known. */
  'record.added': z.object({ id, type: z.string(), data, row, owner: id.optional() }),
  /** The world changed: a licence was suspended, a fine paid. */
  'record.updated': z.object({ id, changes: data, row, owner: id.optional() }),
  /** What had been recorded was wrong. */
  'record.corrected': z.object({ id, changes: data, reason, owner: id.optional() }),
  'record.withdrawn': z.object({ id, reason }),
  /** Why the change right before it was made: for officers, not for the platform that learns of the change. */
  'change.explained': z.object({ reason }),
  /** An internal note (内部备注) of officers on the file. */
  'note.added': z.object({ id, text: z.string() }),
  /** An officer looked into a warning of the file, and what came of it. */
  'warning.settled': z.object({ code: z.string(), reason }),
  /** The day came on which a record's publication begins (公示), ends (停止公示), or its validity does. */
  'record.published': z.object({ id, on }),
  'record.unpublished': z.object({
    id,
    on,
    /** Why a penalty's publication was taken back before its time (撤回公示), in words that tell nothing of it. */
    reason: reason.optional(),
  }),
  'record.expired': z.object({ id, on }),
  /** Another authority doubts a record (疑义), and what its owner answers. */
  'query.raised': z.object({ id, record: id, text: z.string() }),
  'query.answered': z.object({ id, record: id, answer: z.string() }),
  ...caseEntryPayloads,
  ...proposalPayloads,
  'rating.issued': issuedRating,
  /** A rating was issued wrongly; the one before it is in force again. */
  'rating.revoked': z.object({ id, reason }),
  /**
   * Payloads at these positions were erased by order; the fold passes over them. What of it had been on the list is named by its
   * id alone, so that whoever holds it deletes it.
   */
  'payload.erased': z.object({
    positions: z.array(z.number()),
    reason,
    listings: z.array(z.object({ id, on })).optional(),
  }),
} as const

export type FileEntryKind = keyof typeof fileEntryPayloads
export type FilePayload<K extends FileEntryKind> = z.output<(typeof fileEntryPayloads)[K]>

/** An entry's kind with its payload, typed: one of the kinds above. */
export type FileFact = { [K in FileEntryKind]: { kind: K; payload: FilePayload<K> } }[FileEntryKind]

/** The kind and payload of an entry about a file; undefined for other kinds, and for payloads that are erased or no object. */
export function factOf(entry: Pick<Entry, 'kind' | 'payload'>): FileFact | undefined {
  const { payload } = entry
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined
  if (!isKnownKind(entry.kind)) return undefined
  return typed(entry.kind, entry.payload)
}

/** Whether a subject is an enterprise's file and not a key, a standard or a bulletin. */
export function isFileSubject(subject: string): boolean {
  return !subject.includes('/')
}

/** Whether an entry is a step of a case, an objection or an early end of publication. */
export function isCaseFact(fact: FileFact): fact is CaseFact {
  return fact.kind in caseEntryPayloads
}

/** Whether an entry is a step of a proposal. */
export function isProposalFact(fact: FileFact): fact is ProposalFact {
  return fact.kind in proposalPayloads
}

/** Whether this program knows what an entry of a kind does to a file. */
export function isKnownKind(kind: string): kind is FileEntryKind {
  return kind in fileEntryPayloads
}

function typed(kind: FileEntryKind, payload: unknown): FileFact {
  // Whoever appended the entry drafted it by this kind's payload, and the chain tells that it is still the same. Parsing
  // each of a million again would only make a rebuild slower.
  return { kind, payload } as FileFact
}
