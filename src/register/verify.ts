import type { Anchored } from './anchor.ts'
import { chained, noChain } from './chain.ts'
import { CLOCK_ACCEPTED } from './clock.ts'
import { digestFault, type Entry } from './entry.ts'
import type { Register } from './register.ts'

/** Something that is not as it should be, in Chinese; `position` where it lies at one entry. */
export interface Finding {
  area:
    | 'register'
    | 'database'
    | 'anchor'
    | 'ahead'
    | 'erasure'
    | 'views'
    | 'search'
    | 'accesses'
    | 'beside'
    | 'keys'
  what: string
  position?: number
}

/** Takes findings up to a number, and counts the rest. */
export class Findings {
  readonly all: Finding[] = []
  count = 0
  readonly #most: number

  constructor(most = 100) {
    this.#most = most
  }

  add(area: Finding['area'], what: string, position?: number): void {
    this.count += 1
    if (this.all.length < this.#most)
      this.all.push({ area, what, ...(position !== undefined && { position }) })
  }
}

const CHUNK = 2000
/** An anchor is written a moment after what it tells of. */
const ANCHOR_LAG_MS = 500

/**
 * Checks a register from its first entry to its head: positions, times, digests, the chain, the head row, the anchor,
 * and that a payload is gone exactly where an entry says that it was erased. `kept` is an anchor of some earlier day that
 * was kept elsewhere: the register has to hold what it tells of, however far it has come since. One in a database has no anchor
 * of its own. Writes nothing. Resolves with the position up to which it has looked.
 */
export async function verifyRegister(
  register: Register,
  readAnchor: (() => Anchored | 'broken' | undefined) | undefined,
  findings: Findings,
  kept?: Anchored,
): Promise<number> {
  const anchor = readAnchor?.()
  const { position: head, chain: headChain, recordedAt, epoch } = await register.standing()
  const anchors = [
    ...(anchor && anchor !== 'broken' ? [{ ...anchor, name: '锚文件' }] : []),
    ...(kept ? [{ ...kept, name: `另存的锚（${kept.at}）` }] : []),
  ]
  const walk = new Walk(findings, anchors)
  for (let after = 0; after < head; ) {
    const chunk = await register.read(after, CHUNK)
    for (const entry of chunk) if (entry.seq <= head) walk.take(entry)
    const last = chunk.at(-1)
    if (!last) break
    after = last.seq
  }
  walk.end()
  if (walk.seq < head)
    findings.add('register', `缺少末尾：头记录到序号 ${head}，条目只到 ${walk.seq}。`, walk.seq + 1)
  else if (walk.stored !== headChain)
    findings.add('register', '末尾条目的链值与头记录不符：条目或头记录被改动过。', head)
  else if (walk.time !== recordedAt)
    findings.add(
      'register',
      `头记录的登记时间（${recordedAt}）与末尾条目的（${walk.time}）不符：头记录被改动过。`,
      head,
    )
  await beyondHead(register, findings)
  if (readAnchor) await verifyAnchor(register, { anchor, readAnchor, head, epoch }, findings)
  if (kept && kept.position > head)
    findings.add(
      'anchor',
      kept.epoch === epoch
        ? `缺少末尾：另存的锚记到序号 ${kept.position}（${kept.at}），登记簿只到 ${head}，缺 ${kept.position - head} 条。`
        : `另存的锚（${kept.at}）属于另一纪元（${kept.epoch}），记到序号 ${kept.position}，登记簿只到 ${head}：此后恢复过备份的，这些条目即恢复时所缺；没有恢复过的，登记簿被换过。`,
      head + 1,
    )
  return head
}

/** Holds a register against its anchor, as it was before the head was looked up: what is appended meanwhile moves both on. */
async function verifyAnchor(
  register: Register,
  {
    anchor,
    readAnchor,
    head,
    epoch,
  }: {
    anchor: Anchored | 'broken' | undefined
    readAnchor: () => Anchored | 'broken' | undefined
    head: number
    epoch: string
  },
  findings: Findings,
): Promise<void> {
  if (anchor === 'broken') findings.add('anchor', '锚文件无法读取：末尾是否缺失无从核对，启动会被拒绝。')
  else if (!anchor && head > 0) findings.add('anchor', '没有锚文件：末尾是否缺失无从核对，启动会被拒绝。')
  else if (!anchor) findings.add('anchor', '没有锚文件；登记簿还没有条目，下次启动时写入。')
  else if (anchor.epoch !== epoch)
    findings.add('anchor', `锚文件属于另一纪元（${anchor.epoch}），登记簿为 ${epoch}：登记簿被换过。`)
  else if (anchor.position > head)
    findings.add(
      'anchor',
      `缺少末尾：锚文件记到序号 ${anchor.position}（${anchor.at}），登记簿只到 ${head}，缺 ${anchor.position - head} 条。`,
      head + 1,
    )
  else await aheadOfAnchor(register, readAnchor, epoch, findings)
}

/** Entries that were put in behind the head row's back. */
async function beyondHead(register: Register, findings: Findings): Promise<void> {
  // What is appended meanwhile moves the head row with it.
  const { position } = await register.standing()
  const [beyond] = await register.read(position, 1)
  if (!beyond || (await register.standing()).position >= beyond.seq) return
  for (const { seq } of await register.read(position, CHUNK))
    findings.add('register', '不是由本系统登记的：在头记录之外。', seq)
}

/** Entries that no anchor tells of, though one is written after each append. */
async function aheadOfAnchor(
  register: Register,
  readAnchor: () => Anchored | 'broken' | undefined,
  epoch: string,
  findings: Findings,
): Promise<void> {
  const behind = async () => {
    const { position } = await register.standing()
    const anchor = readAnchor()
    return anchor && anchor !== 'broken' && anchor.epoch === epoch && anchor.position < position
      ? { from: anchor.position + 1, to: position }
      : undefined
  }
  if (!(await behind())) return
  await new Promise((resolve) => setTimeout(resolve, ANCHOR_LAG_MS))
  const still = await behind()
  if (!still) return
  for (let seq = still.from; seq <= still.to; seq += 1)
    findings.add(
      'ahead',
      '在锚文件之后，没有锚：或是进程在写锚之前被强行终止，或是有人在系统之外添加的。',
      seq,
    )
}

type NamedAnchor = Pick<Anchored, 'position' | 'chain'> & { name: string }

/** What entries in order must keep to. */
class Walk {
  seq = 0
  /** The chain as it is stored with the last entry. */
  stored = noChain
  /** When the last entry was recorded. */
  time = ''
  readonly #findings: Findings
  readonly #anchors: readonly NamedAnchor[]
  /** Positions without a payload, and those that an entry says were erased, each with its subject. */
  readonly #gone = new Map<number, string>()
  readonly #erased = new Map<number, string>()
  readonly #notErased: number[] = []

  constructor(findings: Findings, anchors: readonly NamedAnchor[]) {
    this.#findings = findings
    this.#anchors = anchors
  }

  take(entry: Entry): void {
    const { seq, recordedAt, subject } = entry
    const fault = (what: string) => this.#findings.add('register', what, seq)
    if (seq !== this.seq + 1) fault(`前一条是序号 ${this.seq}，中间缺了条目。`)
    if (recordedAt < this.time && entry.kind !== CLOCK_ACCEPTED) fault('登记时间早于前一条。')
    const wrong = digestFault(entry)
    if (wrong !== undefined) fault(`${wrong}。`)
    if (chained(this.stored, entry.digest) !== entry.chain)
      fault('链值不符：此条登记以后被改动过，或在它之前抽去、插入了条目。')
    for (const { name, position, chain } of this.#anchors)
      if (seq === position && entry.chain !== chain)
        this.#findings.add('anchor', `链值与${name}不符：此条或其以前的条目被改动过。`, seq)
    if (entry.payload === null && entry.salt === null) this.#gone.set(seq, subject)
    if (entry.kind === 'payload.erased') this.#takeErasure(entry)
    this.seq = seq
    this.time = recordedAt
    this.stored = entry.chain
  }

  #takeErasure({ payload, subject }: Entry): void {
    if (typeof payload !== 'object' || payload === null || !('positions' in payload)) return
    for (const position of [payload.positions].flat())
      if (typeof position === 'number') {
        this.#erased.set(position, subject)
        if (!this.#gone.has(position)) this.#notErased.push(position)
      }
  }

  end(): void {
    for (const [seq, subject] of this.#gone)
      if (this.#erased.get(seq) !== subject)
        this.#findings.add('erasure', '内容不见了，但没有哪一条记载它被依法删除（payload.erased）。', seq)
    for (const seq of this.#notErased) this.#findings.add('erasure', '已登记依法删除，内容却还在。', seq)
  }
}
