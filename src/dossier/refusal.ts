/** Why something is refused: what kind of error it is to whoever asked. */
export type RefusalReason =
  | 'invalid'
  | 'unknown'
  | 'gone'
  | 'exists'
  | 'stale'
  | 'forbidden'
  | 'busy'
  | 'unreadable'
  | 'never-sent'
  | 'feed-ahead'
  | 'position-backwards'

/** One thing wrong with a request: where it lies (a JSON pointer), a stable key, and a Chinese sentence. */
export interface Fault {
  pointer: string
  code: string
  detail: string
}

/** Why an act is refused; the words are Chinese and say what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly reason: RefusalReason,
    readonly title: string,
    readonly faults: readonly Fault[] = [],
    /** Keys of the files or ids of the records that stand in the way. */
    readonly related: Readonly<Record<string, unknown>> = {},
  ) {
    super(title)
  }
}

/** Refuses for a single fault. */
export function invalid(pointer: string, code: string, detail: string): Refusal {
  return new Refusal('invalid', detail, [{ pointer, code, detail }])
}
