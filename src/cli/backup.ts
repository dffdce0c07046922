import { shanghaiTime } from '../calendar/dates.ts'
import { called } from '../command-line.ts'
import { readSettings } from '../config.ts'
import { missingInWords } from '../register/whole.ts'
import { backUp } from '../running/backup.ts'
import { keyFaults } from '../running/keys.ts'
import type { LogBeside, Lost } from '../running/lost.ts'
import { pathsIn } from '../running/paths.ts'
import { type Restored, restore as restoreFiles } from '../running/restore.ts'
import { FINISHED } from '../running/restoring.ts'
import { takeSnapshot } from '../running/snapshot.ts'
import { onRegistry } from './open.ts'
import { failed, note } from './output.ts'

/** Writes the views of this node into a new folder, from which another node begins. */
export async function snapshot(folder: string): Promise<number> {
  const { DATA_DIR, DATABASE_URL } = readSettings(process.env)
  if (DATABASE_URL === '')
    return failed(
      '没有写明 DATABASE_URL：登记簿只在这一数据目录中，另一台不能由快照启动（那会成为两份登记簿）。要备份，用 backup。',
    )
  const { position, bytes } = await takeSnapshot(DATA_DIR, folder)
  process.stdout.write(
    `已把视图和检索索引写入 ${folder}：到序号 ${position}，共 ${Math.ceil(bytes / 1e6)} MB。把它作为新的一台的 DATA_DIR（归运行服务的用户），以同一 DATABASE_URL 和 NODES_SECRET 启动。\n`,
  )
  return 0
}

/** Writes a backup into a new folder while the registry runs. */
export async function backup(folder: string): Promise<number> {
  const { DATA_DIR } = readSettings(process.env)
  const { position, epoch, files } = await backUp(DATA_DIR, folder, new Date())
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  process.stdout.write(
    `已备份到 ${folder}：登记簿至序号 ${position}（纪元 ${epoch}），共 ${files.length} 个文件、${Math.ceil(bytes / 1e6)} MB，摘要见 manifest.json。\n`,
  )
  const amiss = keyFaults(pathsIn(DATA_DIR)).filter(({ isReplaceable }) => !isReplaceable)
  for (const { words, advice } of amiss) process.stderr.write(`备份中缺少密钥：${words}：${advice}\n`)
  return amiss.length > 0 ? 1 : 0
}

/** Said where a reason is required and only blanks were given. */
export const REASON_EMPTY = '--reason 之后是空的；请写明原因，它记入登记簿。'

interface RestoreOptions {
  reason: string
  /** Today, as it was looked up elsewhere: where the clock is far from what the backup knows. */
  today?: string
  asIs?: boolean
}

/** Restores a backup, or goes on as it stands; either is a new epoch and an entry that says so. */
export async function restore(
  folder: string | undefined,
  { reason, asIs, today }: RestoreOptions,
): Promise<number> {
  if (reason.trim() === '') return failed(REASON_EMPTY)
  if ((folder === undefined) !== (asIs === true))
    return failed('请指定备份目录，或以 --as-is 照现状继续，二者择一。')
  const { DATA_DIR, DATABASE_URL, CLOCK_GAP_DAYS: gapDays } = readSettings(process.env)
  if (DATABASE_URL !== '')
    return failed(
      '登记簿在 PostgreSQL 中，须用数据库自己的备份恢复；要以数据目录中的副本或备份为准的，去掉 DATABASE_URL 再执行，见运行手册“PostgreSQL”。',
    )
  const outcome = await restoreFiles(DATA_DIR, new Date(), {
    ...{ folder, reason, clock: { gapDays, today } },
    inWords: ({ restored, lost, log }) => restoredInWords(restored, lost, log),
  })
  const isFormer = !('words' in outcome)
  // Said before all that may yet be broken off.
  process.stdout.write(isFormer ? `${FINISHED}${outcome.former.words}` : outcome.words)
  // Views and index are computed anew here, so that all can be verified.
  const code = await onRegistry(async () => 0, { anyClock: true })
  process.stdout.write(`请以 ${called('verify')} 核对后启动服务。\n`)
  if (!isFormer || outcome.isSame) return code
  note('这一次所写的没有恢复；仍要恢复的，再执行一次。')
  return 1
}

function restoredInWords(
  { position, epoch, keptIn, missing }: Restored,
  lost: Lost,
  log: LogBeside | undefined,
): string {
  const holes = missing ? `${missingInWords(missing)}缺的已记入登记簿，不再拒绝启动。\n` : ''
  const kept = keptIn === undefined ? '' : `；原来的文件在 ${keptIn}/，确认无误后可删除`
  return `${holes}登记簿恢复到序号 ${position}，进入新纪元 ${epoch}${kept}。\n${lostInWords(lost, keptIn)}${logInWords(log, keptIn)}`
}

/** What the restored register lacks of what was there, entry by entry as far as that is few. */
function lostInWords({ range, entries, unknown }: Lost, keptIn = ''): string {
  const lines: string[] = []
  if (range)
    lines.push(
      `缺少序号 ${range.from} 至 ${range.to}（共 ${range.to - range.from + 1} 条）：这些内容曾经答复，须由各机关补登。`,
      ...entries.map(
        ({ seq, recordedAt, authority, subject, kind }) =>
          `  序号 ${seq}  ${shanghaiTime(new Date(recordedAt))}  ${authority}  ${subject}  ${kind}`,
      ),
    )
  const last = entries.at(-1)?.seq
  if (range && last !== undefined && last < range.to)
    lines.push(`  以后的未逐一列出；原来的登记簿在 ${keptIn}/。`)
  if (unknown !== undefined)
    lines.push(`${unknown}：缺少哪些内容无从知道，请向各机关核对备份以后登记的事项。`)
  return lines.map((line) => `${line}\n`).join('')
}

/** What became of the log of accesses. */
function logInWords(log: LogBeside | undefined, keptIn = ''): string {
  if (!log) return ''
  return log.goesOn
    ? `查阅记录沿用原来的（比备份多 ${log.more} 条）。\n`
    : `原来的查阅记录（access.db）${log.why}，已换成备份中的；备份以后的查阅记录只在 ${keptIn}/access.db 中，删除前请另行保存。\n`
}
