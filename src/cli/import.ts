import { createHash } from 'node:crypto'
import { constants, createReadStream, statSync } from 'node:fs'
import { SingleBar } from 'cli-progress'
import { z } from 'zod'
import { Refusal } from '../dossier/refusal.ts'
import { type ImportCounts, noCounts, runImport } from '../exchange/import.ts'
import { type Preview, previewImport } from '../exchange/preview.ts'
import { reportText } from '../exchange/report.ts'
import { withTemplate } from '../exchange/templates.ts'
import { faultsOfMending, type Mending, mending } from '../exchange/upload.ts'
import { catalogue, kindOf } from '../records/catalogue.ts'
import type { RecordKind } from '../records/kind.ts'
import { newId } from '../register/entry.ts'
import { consequencesOf } from '../registry/consequences.ts'
import { hindranceTo } from '../running/place.ts'
import { nameOf } from '../running/users.ts'
import { COMMAND_LINE } from './authorities.ts'
import { onInterruption } from './interruption.ts'
import { jsonIn } from './json-file.ts'
import { type Opened, onRegistry } from './open.ts'
import { failed, note, say } from './output.ts'
import { ReportFile } from './report-file.ts'
import { PartlyDone, wordsOf } from './words.ts'

export interface ImportOptions {
  authority: string
  officer: string
  errors?: string
  preview?: boolean
  sheet?: string[]
  headerRow?: string
  hiddenRows?: string
  mapping?: string
  template?: string
  saveTemplate?: string
}

/** Imports a file with a progress bar; the rows that could not be taken go into a report beside it. */
export async function importFile(type: string, path: string, options: ImportOptions): Promise<number> {
  const kind = kindOf(catalogue, type)
  const types = ['enterprise', ...catalogue.kinds.map((known) => known.type)].join('、')
  if (!kind) return failed(`没有“${type}”这种记录；可用：${types}。`)
  const hindrance = hindranceTo(path, constants.R_OK)
  if (hindrance === 'ENOENT' || hindrance === 'ENOTDIR') return failed(`没有这个文件：${path}`)
  if (hindrance !== undefined) {
    const own = nameOf(process.getuid?.() ?? -1)
    return failed(
      `用户 ${own} 不能读取 ${path}（${hindrance}）；请把文件放到这个用户可以读取的目录，或改它和所在目录的权限。`,
    )
  }
  if (!statSync(path).isFile()) return failed(`${path} 不是文件；请指明要导入的表格文件。`)
  const made = await mendingOf(options)
  const [fault] = faultsOfMending(made, kind)
  if (fault) return failed(fault.detail)
  const { authority, officer, template, saveTemplate } = options
  const asked = { kind, path, actor: { authority, officer } }
  return onRegistry(
    async (opened) => {
      const { templates } = opened.jobs
      const mending =
        template === undefined ? made : withTemplate(made, templates.named(authority, type, template))
      const whole = { ...asked, mending }
      if (saveTemplate !== undefined) await keepTemplate(whole, saveTemplate, opened)
      return options.preview
        ? previewed(whole, opened)
        : imported(whole, options.errors ?? `${path}.errors.csv`, opened)
    },
    { search: 'thread' },
  )
}

/** Keeps what was said of a file as a template of its authority, for tables with these headings. */
async function keepTemplate(asked: Asked, name: string, { jobs, views, registry }: Opened): Promise<void> {
  const { kind, mending: made, actor } = asked
  const look = await previewImport({ ...asked, isGlance: true, views, catalogue, now: registry.now, newId })
  const headings = look.columns.map(({ written }) => written)
  const by = { ...actor, id: COMMAND_LINE.officer, isAdministrator: true }
  const { name: kept } = await jobs.templates.save(
    { type: kind.type, headings, made, name },
    by,
    registry.now(),
  )
  say(`已存为${actor.authority}的模板“${kept}”。`)
}

/** What is to be imported, how it is to be read, and in whose name. */
export interface Asked {
  /** Whether its rows wait already. */
  isOfWaiting?: boolean
  kind: RecordKind
  path: string
  mending: Mending
  actor: { authority: string; officer: string }
}

async function previewed(asked: Asked, { views, registry }: Opened): Promise<number> {
  const found = await previewImport({ ...asked, views, catalogue, now: registry.now, newId })
  process.stdout.write(previewText(found))
  return found.problem === undefined && found.counts.failed === 0 ? 0 : 1
}

/** Imports what is asked for, with the report of its bad rows at a place; rows whose firms have no file wait for them. */
export async function imported(
  asked: Asked,
  place: string,
  { writer, views, registry, jobs }: Opened,
): Promise<number> {
  const waits = {
    job: `file-${await digestOf(asked.path)}`,
    type: asked.kind.type,
    authority: asked.actor.authority,
    at: registry.now(),
  }
  let waiting = 0
  const report = await ReportFile.open(place, asked.path)
  const bar = new SingleBar({
    format: '{bar} {percentage}% · {rows} 行',
    clearOnComplete: false,
    hideCursor: true,
  })
  let counts = noCounts()
  let unknown: readonly string[] = []
  const interrupted = new AbortController()
  const end = onInterruption(() => interrupted.abort())
  try {
    await registry.authorities.openFor({ name: asked.actor.authority }, asked.actor)
    bar.start(100, 0, { rows: 0 })
    await runImport({
      ...asked,
      command: `import/${newId()}`,
      since: newId(),
      writer,
      views,
      catalogue,
      now: registry.now,
      newId,
      consequences: (before, drafts) =>
        consequencesOf(before, drafts, { views, catalogue, now: registry.now }),
      async onProgress({ counts: reached, read, headers, ignored, bad }) {
        if (!asked.isOfWaiting) waiting += await jobs.waiting.keep(bad, headers, waits)
        if (bad.length > 0) await report.add(reportText(headers, bad, counts.failed === 0))
        counts = reached
        unknown = ignored
        bar.update(read * 100, { rows: counts.rows })
      },
      signal: interrupted.signal,
    })
    if (interrupted.signal.aborted) throw new Refusal('busy', '命令被中断。')
    await writer.catchUp()
  } catch (error) {
    if (counts.rows === 0) throw error
    throw new PartlyDone(
      `在此之前至少已导入：${countsText(counts)}其余没有导入；排除原因后再次导入同一文件即可补齐，已导入的不会重复。`,
      { cause: error },
    )
  } finally {
    end()
    bar.stop()
    await report.close()
  }
  say(countsText(counts))
  if (waiting > 0)
    say(`其中 ${waiting} 行的企业没有建档，列入待建档；建档后以 waiting list、waiting import 导入。`)
  if (unknown.length > 0) say(`未识别的栏（已略过）：${unknown.join('、')}。`)
  if (report.fault !== undefined)
    note(
      `以上已经导入，但报告没有写完：${wordsOf(report.fault) ?? String(report.fault)}\n排除原因后再次导入同一文件（可以 --errors 另指定报告），即重新得到报告，已导入的不会重复。`,
    )
  else if (counts.failed > 0) say(`有误的行及原因：${report.path}；改正后可直接再次导入。`)
  return counts.failed > 0 || report.fault !== undefined ? 1 : 0
}

/** SHA-256 of a file: rows of the same file wait once, however often it is imported. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** What is said of the table by options and by a file; refuses what can't be meant, with its place. */
async function mendingOf({ sheet, headerRow, hiddenRows, mapping }: ImportOptions): Promise<Mending> {
  const written = mapping === undefined ? {} : await jsonIn(mapping)
  const said = z.record(z.string(), z.unknown()).safeParse(written)
  if (!said.success)
    throw new Refusal('invalid', `${mapping} 应为一个 JSON 对象（{ … }），写法见 docs/api.md。`)
  const made = mending.safeParse({
    ...said.data,
    ...(sheet && { sheets: sheet }),
    ...(headerRow !== undefined && { headerRow: Number(headerRow) }),
    ...(hiddenRows !== undefined && { hiddenRows }),
  })
  if (made.success) return made.data
  const [fault] = made.error.issues
  const place = fault?.path.join('.') ?? ''
  const option = OPTIONS[place]
  throw new Refusal(
    'invalid',
    option !== undefined && !(place in said.data)
      ? option
      : `${mapping} 中 ${place} 的写法不对：${fault?.message ?? ''}；写法见 docs/api.md。`,
  )
}

/** What an option may be, said where it is something else. */
const OPTIONS: Readonly<Record<string, string>> = {
  headerRow: '--header-row 之后应为表头所在的行，即 0 到 10000 的整数；0 表示没有表头。',
  hiddenRows: '--hidden-rows 之后应为 take（一并导入）或 leave（不导入）。',
}

function countsText({
  rows,
  opened,
  added,
  updated,
  proposed,
  unchanged,
  failed: bad,
}: ImportCounts): string {
  return `共 ${rows} 行：新建档案 ${opened}，新增记录 ${added}，更新 ${updated}，${proposed > 0 ? `待另一人确认 ${proposed}，` : ''}无变化 ${unchanged}，有误 ${bad}。`
}

/** What an import would do, in lines for a terminal. */
function previewText({
  problem,
  sheets,
  chosen,
  columns,
  counts,
  noted,
  notes,
  words,
  reasons,
  passed,
}: Preview): string {
  const lines = [
    ...(problem === undefined ? [] : [problem]),
    ...sheets.map(
      ({ name, hidden, headerRow }) =>
        `工作表“${name}”${hidden ? '（隐藏）' : ''}：${headerRow === undefined ? '没有可以识别的表头' : `第 ${headerRow} 行为表头`}${chosen.includes(name) ? '，读取' : ''}`,
    ),
    ...columns.map(({ header, meaning }) => `栏“${header}”：${meaning ?? '未识别，不导入'}`),
    ...(passed.count > 0 ? [`略过 ${passed.count} 行标题、附注或合计。`] : []),
    countsText(counts),
    ...(noted > 0 ? [`其中 ${noted} 行照此导入，但请核对。`] : []),
    ...notes.map(({ detail, count }) => `其中 ${count} 行：${detail}`),
    ...words.map(
      ({ field, label, word, count, terms }) =>
        `这 ${count} 行的${label}写作“${word}”，是哪一种？（mapping：words.${field}，可选：${terms.join('、')}）`,
    ),
    ...reasons.map(
      ({ header, detail, count, lines: at }) =>
        `${count} 行：${header === '' || detail.startsWith(header) ? '' : `${header}：`}${detail}（第 ${at.slice(0, 5).join('、')} 行${count > 5 ? '等' : ''}）`,
    ),
  ]
  return `${lines.join('\n')}\n`
}
