import { makerActing } from '../../authority/maker.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { StoredJob } from '../../exchange/job.ts'
import type { Preview } from '../../exchange/preview.ts'
import type { ImportTemplate } from '../../exchange/templates.ts'
import type { MakerWords } from '../../registry/person-words.ts'
import { Table } from '../../ui/table.tsx'
import { type Offer, OfferedActs } from '../components/act-offer.tsx'
import { DeskLayout, FormMarks } from '../components/desk-layout.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker } from '../contract.ts'
import type { ListQuery } from '../lists.ts'
import { IMPORT_WORDS } from '../words.ts'
import { CheckedUpload, Counts } from './import-check.tsx'

/** A kind of record that can be imported. */
export interface Importable {
  type: string
  label: string
}

/** Whose imports are listed. */
const WHOSE_WORDS = { own: '我的导入', authority: '本机关的导入', '': '本机关和下级机关的导入' } as const

/** Columns of imports. */
export function jobColumns(kinds: readonly Importable[], maker: MakerWords): ShownColumn<StoredJob>[] {
  const label = ({ type }: StoredJob) => kinds.find((kind) => kind.type === type)?.label ?? type
  return [
    {
      field: 'createdAt',
      label: '上传时间',
      value: ({ createdAt }) => shanghaiTime(new Date(createdAt)),
      show: ({ id, createdAt }) => <a href={`/desk/imports/${id}`}>{shanghaiTime(new Date(createdAt))}</a>,
    },
    { field: 'file', label: '文件', value: ({ fileName }) => fileName ?? '' },
    { field: 'type', label: '内容', value: label },
    {
      field: 'status',
      label: '状态',
      value: ({ status, withdrawal }) =>
        withdrawal?.status === 'done' ? '已整批撤回' : IMPORT_WORDS[status],
    },
    {
      field: 'sender',
      label: '上传',
      value: ({ actor }) => maker(makerActing(actor)),
    },
    { field: 'rows', label: '行数', value: ({ counts }) => counts.rows },
    { field: 'failed', label: '有误', value: ({ counts }) => counts.failed },
  ]
}

interface ListProps extends Asker {
  kinds: readonly Importable[]
  jobs: readonly StoredJob[]
  /** After which the next part of them begins; null where there is none. */
  next: string | null
  query: ListQuery
  whose: keyof typeof WHOSE_WORDS
  most: number
  /** Firms without a file that rows of the authority's imports wait for. */
  waiting: number
  templates: readonly ImportTemplate[]
  /** Whether whoever looks may upload, and mend what was uploaded. */
  mayUpload: boolean
  fault?: string
}

/** Uploading a table, templates, and the imports of one's authority. */
export function ImportsPage(props: ListProps) {
  const { kinds, jobs, next, query, whose, waiting, templates, mayUpload } = props
  return (
    <DeskLayout title="导入">
      {mayUpload && waiting > 0 && (
        <p class="notice">
          有 {waiting} 家企业没有建档，它们的行<a href="/desk/imports/waiting">待建档</a>。
        </p>
      )}
      {mayUpload && <Upload {...props} />}
      {mayUpload && templates.length > 0 && (
        <section id="templates">
          <h2>本机关的模板</h2>
          <Table
            rows={templates}
            columns={[
              { label: '名称', show: ({ name }) => name },
              {
                label: '内容',
                show: ({ type }) => kinds.find((kind) => kind.type === type)?.label ?? type,
              },
              {
                label: '保存',
                show: ({ author, savedAt }) => `${props.maker(author)}，${savedAt.slice(0, 10)}`,
              },
              { label: '', show: (template) => <TemplateForm template={template} /> },
            ]}
          />
        </section>
      )}
      <section>
        <h2>{WHOSE_WORDS[whose]}</h2>
        <p>
          {(['own', 'authority', ''] as const)
            .filter((other) => other !== whose)
            .map((other) => (
              <>
                <a href={`/desk/imports?whose=${other}`}>{WHOSE_WORDS[other]}</a>{' '}
              </>
            ))}
        </p>
        <List
          columns={jobColumns(kinds, props.maker)}
          rows={jobs}
          place={({ createdAt, id }) => [createdAt, id]}
          newestFirst
          query={query}
          next={next}
          none="近 30 天没有导入。"
        />
      </section>
    </DeskLayout>
  )
}

/** Uploading a table, as a file or pasted, and the empty tables to fill in. */
function Upload({ kinds, most, fault }: ListProps) {
  return (
    <section>
      <h2>上传</h2>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
      <form method="post" action="/desk/imports" enctype="multipart/form-data">
        <FormMarks />
        <div class="field text">
          <label for="type">内容</label>
          <select id="type" name="type">
            {kinds.map(({ type, label }) => (
              <option value={type}>{label}</option>
            ))}
          </select>
        </div>
        <details>
          <summary>粘贴表格</summary>
          <div class="field text">
            <label for="pasted">从网页、Word 或表格软件复制的表格</label>
            <textarea id="pasted" name="pasted" rows={6} data-paste-table aria-describedby="pasted-hint" />
            <p class="hint" id="pasted-hint">
              连同表头一起复制；粘贴了表格就不必选择文件。
            </p>
          </div>
        </details>
        <div class="field text">
          <label for="file">文件</label>
          <input
            id="file"
            name="file"
            type="file"
            accept=".csv,.xlsx,.xls,.et,.htm,.html,.xml,.txt"
            aria-describedby="file-hint"
          />
          <p class="hint" id="file-hint">
            CSV、XLSX、XLS 或网页形式的表格，最大 {most}{' '}
            MB；表头上方的标题和表下的附注会自动略过。上传后先核对，确认了才导入。
          </p>
        </div>
        <button type="submit">上传并核对</button>
      </form>
      <p>
        模板：
        {kinds.map(({ type, label }) => (
          <span>
            {label}（<a href={`/desk/imports/templates/${type}.csv`}>CSV</a>、
            <a href={`/desk/imports/templates/${type}.xlsx`}>XLSX</a>）{' '}
          </span>
        ))}
      </p>
    </section>
  )
}

/** Renaming and removing a template; who may is judged when it is sent. */
function TemplateForm({ template: { id, name } }: { template: ImportTemplate }) {
  return (
    <form method="post" action={`/desk/imports/templates/${id}`}>
      <FormMarks />
      <input name="name" type="text" maxLength={60} value={name} aria-label={`“${name}”的新名称`} />{' '}
      <button type="submit" class="quiet">
        改名
      </button>{' '}
      <button type="submit" class="quiet" name="remove" value="yes">
        删去
      </button>
    </form>
  )
}

export interface OneProps extends Asker {
  job: StoredJob
  label: string
  preview: Preview | undefined
  /** Cells and headers as they were mended. */
  mendedRows: number
  /** Taking it back whole. */
  offers: readonly Offer[]
  /** Why whoever looks may not go on with the upload, in words. */
  hindrance: string | undefined
  done?: string | undefined
  /** Why it does not come on, in words. */
  standstill: string | undefined
}

const HAND_WORDS = { mended: '改正', started: '开始导入' } as const

/** An upload on its way: looked at, mended, imported, or taken back. */
export function ImportPage(props: OneProps) {
  const { job, label, preview, maker, done, standstill, hindrance } = props
  const { id, status, createdAt, fileName, withdrawal } = job
  const isUnreadable = status === 'preview' && preview?.problem !== undefined && preview.columns.length === 0
  return (
    <DeskLayout title={`导入${label}`} done={done}>
      <p>
        {fileName ?? '文件'}，{maker(makerActing(job.actor))} {shanghaiTime(new Date(createdAt))} 上传
        {(job.hands ?? []).map(({ did, by, at }) => (
          <>
            ；{maker(makerActing(by))} {shanghaiTime(new Date(at))} {HAND_WORDS[did]}
          </>
        ))}
      </p>
      {withdrawal?.status !== 'done' && (
        <p class="verdict">{isUnreadable ? '不能导入' : IMPORT_WORDS[status]}</p>
      )}
      {status === 'preview' && preview && hindrance === undefined && (
        <CheckedUpload {...props} preview={preview} />
      )}
      {status === 'preview' && preview && hindrance !== undefined && (
        <>
          <Counts counts={preview.counts} own={`/desk/imports/${id}`} />
          <p class="none">{hindrance}</p>
        </>
      )}
      {standstill !== undefined && (
        <p class="fault" role="status">
          {standstill}
        </p>
      )}
      {(status === 'waiting' || status === 'running') && (
        <Going id={id} what="已导入" progress={job.progress} count={job.counts.rows} />
      )}
      {job.problem !== undefined && <p class="fault">{job.problem}</p>}
      {(status === 'done' || status === 'failed') && <Outcome {...props} />}
      <OfferedActs offers={props.offers} />
    </DeskLayout>
  )
}

function Going({ id, what, progress, count }: { id: string; what: string; progress: number; count: number }) {
  return (
    <div data-progress={`/desk/imports/${id}/progress`}>
      <label>
        进度{' '}
        <progress max={1} value={progress}>
          {Math.round(progress * 100)}%
        </progress>
      </label>
      <p>
        {what} <span data-count>{count}</span> 行；可以离开此页，照常进行。
        <a href={`/desk/imports/${id}`}>刷新</a>
      </p>
    </div>
  )
}

function Outcome({ job, maker }: OneProps) {
  const { id, counts, withdrawal } = job
  const own = `/desk/imports/${id}`
  return (
    <>
      <Counts counts={counts} />
      {counts.proposed > 0 && (
        <p>
          {counts.proposed} 项须由另一人确认，见<a href={`/desk/proposals?import=${id}`}>这次导入的提请</a>
          ：可以逐项，也可以一并确认。
        </p>
      )}
      {counts.failed > 0 && (
        <p>
          <a href={`${own}/errors.csv`}>下载未导入的行和原因（CSV）</a>，改正后可以直接再次上传。
        </p>
      )}
      {withdrawal && (
        <section>
          <h2>整批撤回</h2>
          <p>
            {maker(makerActing(withdrawal.actor))} 于 {shanghaiTime(new Date(withdrawal.askedAt))} 撤回：
            {withdrawal.reason}
          </p>
          {withdrawal.status === 'done' || withdrawal.status === 'failed' ? (
            <p class={withdrawal.status === 'failed' ? 'fault' : ''}>
              {withdrawal.status === 'failed' &&
                (withdrawal.problem ?? '意外中止；已撤回的部分有效，请联系系统管理员。')}
              撤回 {withdrawal.counts.withdrawn} 项，恢复 {withdrawal.counts.restored} 处，保留{' '}
              {withdrawal.counts.kept} 项
              {withdrawal.counts.waiting > 0 && (
                <>
                  ，其中 {withdrawal.counts.waiting} 项已<a href="/desk/proposals">提请另一人确认</a>
                </>
              )}
              。
            </p>
          ) : (
            <Going
              id={id}
              what="已撤回"
              progress={0}
              count={withdrawal.counts.withdrawn + withdrawal.counts.restored}
            />
          )}
          {withdrawal.kept.length > 0 && (
            <ul class="plain">
              {withdrawal.kept.map(({ key, name, why }) => (
                <li>
                  <a href={`/desk/enterprises/${key}`}>{name}</a>：{why}
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
    </>
  )
}
