import { z } from 'zod'
import type { Entry } from '../register/entry.ts'
import { comparedName } from './compared-name.ts'
import { type Maker, makerOf } from './maker.ts'

/** Payload of `consumer.opened`: what a platform or system that pulls is called, and whom to ask. */
const consumerOpened = z.object({ name: z.string(), contacts: z.string().optional() })

/** What a consumer said that can't be so. */
export const findingKinds = ['position-backwards', 'never-sent'] as const
const consumerFinding = z.object({ what: z.string(), detail: z.string() })

/** Something that a consumer said and that can't be so (不符): refused, and kept. */
export interface ConsumerFinding extends z.output<typeof consumerFinding> {
  at: string
}

/** A platform or system that pulls (取用方) as the register knows it. */
export interface Consumer extends z.output<typeof consumerOpened> {
  id: string
  /** The authority that opened it. */
  author: Maker
  openedAt: string
  closedAt?: string
  /** The latest last. */
  findings: readonly ConsumerFinding[]
  revision: number
}

/** Subject of the entries about a consumer. */
export function consumerSubject(id: string): string {
  return `consumer/${id}`
}

/**
 * A consumer as the author of an entry (取用方“省信用平台”): no authority bears such a name, so what a consumer says is taken for
 * nobody else's. One that is written so already stays.
 */
export function consumerAuthor(name: string): string {
  return isConsumerAuthor(name) ? name : `${CONSUMER}“${name}”`
}

/** Whether a name is written as a consumer's, or read as one: no authority may be called so. */
export function isConsumerAuthor(name: string): boolean {
  return comparedName(name).startsWith(CONSUMER)
}

const CONSUMER = '取用方'

/** The command under which a consumer answers. */
export function receiptCommand(id: string, answer: string): string {
  return `${consumerSubject(id)}/receipts/${answer}`
}

/** The consumer, by its id, that an entry's command came from; undefined for any other's. */
export function consumerOf(command: string): string | undefined {
  return /^consumer\/([^/]+)\/receipts?\//.exec(command)?.[1]
}

const FINDINGS_KEPT = 50

/** The consumer after one more entry about it. */
export function foldConsumer(before: Consumer | undefined, entry: Entry): Consumer | undefined {
  const { kind, payload, recordedAt: at, revision } = entry
  const author = makerOf(entry)
  if (kind === 'consumer.opened' && payload !== null) {
    const id = entry.subject.slice(consumerSubject('').length)
    return { id, ...consumerOpened.parse(payload), author, openedAt: at, findings: [], revision }
  }
  if (!before) return undefined
  if (kind === 'consumer.closed') return { ...before, closedAt: at, revision }
  if (kind === 'consumer.finding' && payload !== null) {
    const finding = { ...consumerFinding.parse(payload), at }
    return { ...before, findings: [...before.findings, finding].slice(-FINDINGS_KEPT), revision }
  }
  return { ...before, revision }
}
