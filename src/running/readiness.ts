import type { Readiness } from '../api/operations.ts'
import { nameOf } from '../dossier/dossier.ts'
import { type Standstill, standstillInWords } from '../exchange/import-service.ts'
import { isBroken } from '../register/broken.ts'
import { isLocked } from '../register/patient.ts'
import { RegisterFull, RegisterGone, RegisterMoved, RegisterUnavailable } from '../register/register.ts'
import { within } from '../register/within.ts'
import { type SearchEngine, SearchUnavailable } from '../search/engine.ts'
import type { Views } from '../views/views.ts'
import type { ClockDoubt } from './clock-watch.ts'
import { brokenFileOf, suspect } from './data-dir.ts'
import { FilesNotThere, NoMoreFiles } from './files-there.ts'
import { databaseBytes } from './logs.ts'
import { differingRules } from './nodes.ts'

interface Parts {
  dataDir: string
  views: Views
  search: SearchEngine
  /** The search's index is a service outside: where it does not answer, this node can still show all but searches. */
  isSearchOutside?: boolean
  /** Writes into the register what changes nothing. */
  probe(): Promise<void>
  /** The same for the log of accesses. */
  probeLog?(): Promise<void>
  /** Tries the files that the desk works with beside the register. */
  probeDesk?(): Promise<void>
  /** Looks whether the databases lie where they were opened. */
  filesThere?(): Promise<void>
  clock: { doubt: ClockDoubt | undefined }
  /** Whether reading and searching have been tried a moment ago, by a start. */
  isBegun?: boolean
  /** Why imports that wait don't come on. */
  standstill?(): Standstill | undefined
  /** What is known of the other nodes, where there may be any. */
  nodes?(): Promise<NonNullable<Readiness['known']>>
}

interface Outcome {
  /** By the clock that no hand sets: a fault must not hide for as long as the machine's time was wrong. */
  at: number
  fault: unknown
}

/** Nothing that is asked holds an answer up for longer. */
const BOUND_MS = 2_000
/** What was found out so short a time ago is not tried again. */
const FRESH_MS = 1_000
/** What was last known counts for as long. */
const KNOWN_MS = 30_000

const WORDS = {
  read: '档案读取出错',
  search: '检索出错',
  write: '不能写入',
  log: '查阅记录不能写入，工作台和持密钥的查阅得到 503，公众查询照常',
  files: '数据目录看不到',
  desk: '登录、导入、评价草稿或取用进度的文件不能读写，工作台的这些办理得到 503，查阅和以接口登记照常',
} as const
/** What the public needs; the rest is for those who record or are let see more. */
const READING: ReadonlySet<keyof typeof WORDS> = new Set(['read', 'search'])

/**
 * Whether the node is fit to serve, found out by doing: it reads a file, looks for its name, and writes. Each is tried
 * within a bound; what has not answered by then is told as it was last known, with its age.
 */
export function readiness({
  dataDir,
  views,
  search,
  isSearchOutside = false,
  probe,
  probeLog = async () => undefined,
  probeDesk = async () => undefined,
  filesThere = async () => undefined,
  clock,
  isBegun = false,
  standstill,
  nodes,
}: Parts) {
  const known: Partial<Record<keyof typeof WORDS, Outcome>> = {}
  const trying: Partial<Record<keyof typeof WORDS, Promise<void>>> = {}
  let broken: { isRead: boolean; words: string } | undefined
  const begunAt = isBegun ? performance.now() : Number.NEGATIVE_INFINITY

  async function tried(name: keyof typeof WORDS, act: () => Promise<unknown>): Promise<void> {
    const last = known[name]
    if (last && performance.now() - last.at < FRESH_MS) return
    trying[name] ??= act()
      .then(
        () => ({ at: performance.now(), fault: undefined }),
        (fault: unknown) => ({ at: performance.now(), fault }),
      )
      .then((outcome) => {
        known[name] = outcome
        delete trying[name]
        saw(outcome.fault)
      })
    await within(BOUND_MS, trying[name])
  }

  /** Takes note of an error that says that a file is broken. */
  function saw(error: unknown): void {
    if (broken !== undefined || !isBroken(error)) return
    const { file, isRead, words } = brokenFileOf(dataDir, error)
    suspect(dataDir, file === undefined ? error : Object.assign(error, { path: file }))
    broken = { isRead, words }
  }

  /** Whether the search is only in the way of itself: a service outside that says nothing. */
  function isOutside(outcome: Outcome | undefined, isSlow: boolean): boolean {
    return isSlow ? isSearchOutside : outcome?.fault instanceof SearchUnavailable
  }

  let sizes: Awaited<ReturnType<typeof databaseBytes>> = {}
  let sizing: Promise<void> | undefined

  /** On a disk that does not answer, each look would hold one more of the few threads that look at files. */
  async function bytesAsKnown() {
    sizing ??= databaseBytes(dataDir)
      .then((found) => {
        sizes = found
      })
      .finally(() => {
        sizing = undefined
      })
    await within(BOUND_MS, sizing)
    return sizes
  }

  const someName = (): string => {
    // Another file each time, so that a damaged part is come upon.
    const from = Math.random().toString(36).slice(2, 11).toUpperCase()
    const [dossier] = [...views.dossiers(from, 1), ...views.dossiers('', 1)]
    return dossier ? nameOf(dossier) : ''
  }

  return {
    saw,
    databaseBytes: bytesAsKnown,
    async look(): Promise<Readiness> {
      let name = ''
      await Promise.all([
        tried('read', async () => {
          name = someName()
        }),
        tried('write', probe),
        tried('log', probeLog),
        tried('desk', probeDesk),
        tried('files', filesThere),
      ])
      const others = nodes && (await inTime(nodes()))
      await tried('search', () => search.search({ text: name, filters: {}, limit: 1 }))
      const reasons: string[] = []
      const checks = Object.keys(WORDS).map((key) => {
        const check = key as keyof typeof WORDS
        const outcome = known[check]
        const age = outcome ? Math.round(performance.now() - outcome.at) : undefined
        // A start has tried what the public needs: until it first answers anew that counts for as long as any answer.
        const since = age ?? (READING.has(check) ? performance.now() - begunAt : Number.POSITIVE_INFINITY)
        const isSlow = since > KNOWN_MS
        const ok = outcome?.fault === undefined && !isSlow
        if (check === 'search' && isOutside(outcome, isSlow))
          reasons.push('检索服务没有答复：检索得到 503，档案、名单和登记照常；恢复后自动继续。')
        else if (isSlow) reasons.push(`${WORDS[check]}：没有答复。`)
        else if (outcome?.fault instanceof RegisterGone)
          reasons.push(
            '登记簿的文件（register.db）不在原处：运行中被移走、删去或换成了别的，登记得到 503，以免存到找不回的地方。请放回原来的文件；换成别的是有意的，请重新启动。',
          )
        else if (outcome?.fault instanceof RegisterMoved)
          reasons.push('登记簿已迁往别处，此处不再受理登记，得到 503；请把请求引到新的地址，停下这里的服务。')
        else if (outcome?.fault instanceof FilesNotThere || outcome?.fault instanceof NoMoreFiles)
          reasons.push(outcome.fault.words)
        else if (check !== 'write' && isLockedAlone(outcome?.fault))
          reasons.push(`${WORDS[check]}：它的数据库被别的程序占用；放开后自动恢复。`)
        else if (outcome?.fault instanceof RegisterUnavailable)
          reasons.push('登记簿的数据库连接不上，或正被别的程序占用：登记得到 503，查阅照常；恢复后自动继续。')
        else if (!ok && !(outcome?.fault instanceof RegisterFull)) reasons.push(`${WORDS[check]}。`)
        const cannotRead = !ok && READING.has(check) && !(check === 'search' && isOutside(outcome, isSlow))
        return { check, ok, ageMs: age ?? null, cannotRead }
      })
      const isFull = known.write?.fault instanceof RegisterFull
      if (isFull) reasons.push('磁盘已满：登记得到 507，等候的导入待腾出空间后自动继续。')
      const differing = others && differingRules(others)
      if (differing !== undefined) reasons.push(differing)
      const stands = standstill?.()
      if (stands) reasons.push(standstillInWords(stands))
      if (broken !== undefined) reasons.push(broken.words)
      if (clock.doubt) reasons.push(clock.doubt.words)
      const isFit = broken === undefined && checks.every(({ ok }) => ok)
      const cannotRead = broken?.isRead === true || checks.some((one) => one.cannotRead)
      return {
        status: cannotRead
          ? 'broken'
          : isFull
            ? 'full'
            : !isFit
              ? 'degraded'
              : clock.doubt
                ? 'clock'
                : 'ready',
        // Several checks may have come to one cause.
        reasons: [...new Set(reasons)],
        checks: Object.fromEntries(checks.map(({ check, ok, ageMs }) => [check, { ok, ageMs }])),
        ...(others && { known: others }),
      }
    },
  }
}

/** Whether another program holds the lock of one file beside the register: what the register is in is not hindered by that. */
function isLockedAlone(fault: unknown): boolean {
  return fault instanceof RegisterUnavailable && isLocked(fault.cause)
}

/** What came within the bound; undefined where nothing did. */
async function inTime<T>(asked: Promise<T>): Promise<T | undefined> {
  let found: T | undefined
  await within(
    BOUND_MS,
    asked.then((came) => {
      found = came
    }),
  ).catch(() => undefined)
  return found
}
