import { isBeforeRelease, WatchedClock } from '../calendar/clock.ts'
import { shanghaiTime } from '../calendar/dates.ts'
import { called } from '../command-line.ts'
import { AHEAD_MS, aheadOf, ClockDoubted, timesAccepted } from '../register/clock.ts'
import type { Append, Register } from '../register/register.ts'
import type { Writer } from '../writer/writer.ts'

/** What is doubtful about the clock; undefined when nothing is. */
export interface ClockDoubt {
  /** Set while running, a long time since the last entry at the start, behind the last entry, not the clock of all nodes, or before the program was. */
  kind: 'jumped' | 'gap' | 'behind' | 'apart' | 'early'
  /** In Chinese, for whoever runs the registry. */
  words: string
}

interface Options {
  register: Register
  /** Longer without an entry, before a start, is not taken for a stop without being asked. */
  gapDays: number
  /** Told when the doubt begins, changes or ends. */
  onChange(doubt: ClockDoubt | undefined): void
}

const LOOK_MS = 1_000
const DAY_MS = 24 * 3_600_000
/** In these nothing is recorded; behind the last entry the register itself refuses. */
const REFUSING: ReadonlySet<ClockDoubt['kind']> = new Set(['gap', 'apart', 'early'])
const WAY_OUT = `请核对服务器时钟；确认无误后执行 ${called('clock accept')}，见运行手册“时钟”。`

/**
 * Holds the clock against the register and against the time that passes. While it is doubtful the daily job rests and
 * what the public sees stays as on the last day that was believed; after a gap or ahead of the clock nothing is recorded. Where a
 * server keeps the register for several nodes, its clock is the one that all go by: a node that differs from it records nothing.
 */
export class ClockWatch {
  readonly #clock = new WatchedClock()
  readonly #options: Options
  /** Counts, for every thread, how often somebody has accepted the clock. */
  readonly accepted = new Int32Array(new SharedArrayBuffer(4))
  /** The time in milliseconds that is believed in the place of the clock's, which is doubtful; else 0; for every thread. */
  readonly #gap = new Float64Array(new SharedArrayBuffer(8))
  #doubt: ClockDoubt | undefined
  /** Time of the last entry, while the gap since then is doubtful. */
  #gapSince: string | undefined
  /** The clock of all nodes as last heard of, and by how much this one is ahead of it; undefined where there is none. */
  #shared: { said: number; ahead: number } | undefined
  #isAsking = false
  #timesAccepted = 0
  #timer: NodeJS.Timeout | undefined
  #onSure: () => void = () => undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** The time that is believed. */
  readonly now = (): Date => (this.#gap[0] ? new Date(this.#gap[0]) : this.#clock.now())

  /** The time that is believed, for threads that show something (`believedClock`). */
  get believed(): BelievedTime {
    return { accepted: this.accepted, gap: this.#gap }
  }

  get doubt(): ClockDoubt | undefined {
    return this.#doubt
  }

  /** Looks for a gap before the start, then keeps looking at the clock; `onSure` is told when a doubt has ended. */
  async start(onSure = this.#onSure): Promise<void> {
    this.#onSure = onSure
    const { register, gapDays } = this.#options
    const { recordedAt } = await register.standing()
    this.#timesAccepted = await timesAccepted(register)
    if (recordedAt !== '' && Date.now() - Date.parse(recordedAt) > gapDays * DAY_MS)
      this.#gapSince = recordedAt
    await this.#ask()
    await this.look()
    this.#timer = setInterval(() => {
      this.#ask().catch(() => undefined)
      this.look().catch(() => undefined)
    }, LOOK_MS)
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Refuses appends while nobody knows what time it is. */
  guarded<W extends Writer>(writer: W): W {
    return {
      ...writer,
      append: (request: Append, options?: { waitForSearch?: boolean }) => {
        if (this.#doubt && REFUSING.has(this.#doubt.kind)) throw new ClockDoubted(this.#doubt.words)
        return writer.append(request, options)
      },
    }
  }

  async look(): Promise<void> {
    const { register } = this.#options
    if (this.#doubt) {
      const times = await timesAccepted(register)
      if (times > this.#timesAccepted) {
        this.#timesAccepted = times
        this.#gapSince = undefined
        this.#follow()
      }
    }
    let doubt = await this.#doubtNow()
    const { kind } = this.#doubt ?? {}
    if ((kind === 'apart' || kind === 'early') && doubt?.kind !== kind) {
      // That it was set right is no leap that anybody need explain.
      this.#follow()
      doubt = await this.#doubtNow()
    }
    this.#gap[0] = this.#believedInstead(doubt)
    if (doubt?.kind === this.#doubt?.kind) return
    this.#doubt = doubt
    this.#options.onChange(doubt)
    if (!doubt) this.#onSure()
  }

  /** Follows the machine's clock again, in all threads. */
  #follow(): void {
    this.#clock.accept()
    Atomics.add(this.accepted, 0, 1)
  }

  #believedInstead(doubt: ClockDoubt | undefined): number {
    // Of two clocks that differ the earlier one is shown: nothing ends before its day.
    if (doubt?.kind === 'apart') return this.#shared && this.#shared.ahead > 0 ? this.#shared.said : 0
    return this.#gapSince === undefined ? 0 : Date.parse(this.#gapSince)
  }

  /** Asks what the clock of all nodes says; while that can't be had, what was last heard counts. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      const before = this.#clock.now().getTime()
      const said = (await this.#options.register.sharedTime())?.getTime()
      this.#shared =
        said === undefined ? undefined : { said, ahead: aheadOf(said, before, this.#clock.now().getTime()) }
    } finally {
      this.#isAsking = false
    }
  }

  async #doubtNow(): Promise<ClockDoubt | undefined> {
    const { recordedAt } = await this.#options.register.standing()
    const wall = new Date()
    if (this.#shared && Math.abs(this.#shared.ahead) > AHEAD_MS)
      return {
        kind: 'apart',
        words: `服务器时钟（${said(wall)}）与数据库服务器的（${said(new Date(this.#shared.said))}）不符，这一台暂不受理登记，到期处理已停。请校正不对的一个（如以 chronyd 对时），一致后自动恢复，见运行手册“时钟”。`,
      }
    if (isBeforeRelease(wall)) return { kind: 'early', words: tooEarly(wall) }
    if (recordedAt !== '' && Date.parse(recordedAt) - wall.getTime() > AHEAD_MS)
      return {
        kind: 'behind',
        words: `登记簿最后一条的时间（${said(recordedAt)}）晚于服务器时钟（${said(wall)}），暂不受理登记，到期处理已停。${WAY_OUT}`,
      }
    if (this.#gapSince !== undefined)
      return {
        kind: 'gap',
        words: `登记簿最后一条（${said(this.#gapSince)}）距服务器时钟（${said(wall)}）过久，暂不受理登记，到期处理已停。${WAY_OUT}`,
      }
    const { jump } = this.#clock
    if (jump === undefined) return undefined
    const minutes = Math.round(jump / 60_000)
    return {
      kind: 'jumped',
      words: `服务器时钟在运行中被拨${minutes > 0 ? '快' : '慢'}了 ${Math.abs(minutes)} 分钟（现为 ${said(wall)}），到期处理已停，登记仍按原来的时间。${WAY_OUT}`,
    }
  }
}

/** That a clock says a time before the program was, which nobody can confirm. */
export function tooEarly(now: Date): string {
  return `服务器时钟为 ${said(now)}，早于本程序发行，一定不对（多半是主板电池没电或没有对时），暂不受理登记，到期处理已停。请校正服务器时钟（如以 chronyd 对时），校正后自动恢复。`
}

/** A thread's own clock, which follows the machine's again when the watch says that it was accepted. */
export function threadClock(accepted: Int32Array): () => Date {
  const clock = new WatchedClock()
  let seen = Atomics.load(accepted, 0)
  return () => {
    const times = Atomics.load(accepted, 0)
    if (times !== seen) clock.accept()
    seen = times
    return clock.now()
  }
}

/** What all threads know of the time that is believed. */
export interface BelievedTime {
  accepted: Int32Array
  gap: Float64Array
}

/** The time that is believed, in another thread: what the public sees is as of the same day whoever answers. */
export function believedClock({ accepted, gap }: BelievedTime): () => Date {
  const clock = threadClock(accepted)
  return () => (gap[0] ? new Date(gap[0]) : clock())
}

function said(time: string | Date): string {
  return shanghaiTime(new Date(time))
}
