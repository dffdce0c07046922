import { z } from 'zod'
import { chained } from './chain.ts'
import type { Entry } from './entry.ts'
import type { Head } from './fit.ts'
import { RegisterFault } from './standing.ts'

/** What a copy of a register keeps to, wherever it is kept. */

/** The kind of entry that says which payloads of its subject were erased. */
export const ERASED = 'payload.erased'
const erasure = z.object({ positions: z.array(z.int()) })

/** Positions whose payloads an entry says were erased. */
export function erasedBy({ kind, payload }: Entry): readonly number[] {
  if (kind !== ERASED) return []
  return erasure.safeParse(payload).data?.positions ?? []
}

/** Throws `RegisterFault` for a register that is nobody's copy, where a copy is to take something. */
export function mustBeCopy({ movedTo }: Head, address: string): void {
  if (movedTo === null) throw new RegisterFault(`${address} 自成一份登记簿，不是副本。`)
}

/** Throws `RegisterFault` where a head has come to entries of another epoch. */
export function mustBeOf({ seq, epoch: own }: Head, epoch: string, address: string): void {
  if (seq > 0 && own !== epoch)
    throw new RegisterFault(`${address} 是另一份登记簿：纪元为 ${own}，不是 ${epoch}。`)
}

/** Moves a copy's head on to an entry that follows upon it; throws `RegisterFault` for one that does not. */
export function mustFollow({ seq, digest, chain, recordedAt }: Entry, head: Head, address: string): void {
  if (seq !== head.seq + 1 || chained(head.chain, digest) !== chain) throw notFollowing(address, head)
  head.seq = seq
  head.chain = chain
  head.recordedAt = recordedAt
}

/** The register elsewhere has other entries than its copy. */
export function notFollowing(address: string, { seq, movedTo }: Head): RegisterFault {
  return new RegisterFault(
    `登记簿的副本（${address}）到序号 ${seq}，${movedTo ?? '原处'} 中的条目接不上它：两者不是同一份登记簿，或其中一处的条目被改动过。`,
  )
}
