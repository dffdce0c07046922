import { shanghaiTime } from '../../calendar/dates.ts'
import type { StoredJob } from '../../exchange/jobs.ts'
import type { Preview } from '../../exchange/preview.ts'
import { Table } from '../../ui/table.tsx'
import { ActForm } from '../components/act-form.tsx'
import { DeskLayout, FormMarks } from '../components/desk-layout.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker, Refused } from '../contract.ts'
import type { ListQuery } from '../lists.ts'
import { IMPORT_WORDS } from '../words.ts'

/** A kind of record that can be imported. */
export interface Importable {
  type: string
  label: string
}

/** Columns of one's imports. */
export function jobColumns(kinds: readonly Importable[]): ShownColumn<StoredJob>[] {
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
    { field: 'rows', label: '行数', value: ({ counts }) => counts.rows },
    { field: 'failed', label: '有误', value: ({ counts }) => counts.failed },
  ]
}

interface ListProps extends Asker {
  kinds: readonly Importable[]
  jobs: readonly StoredJob[]
  query: ListQuery
  most: number
  fault?: string
}

/** Uploading a table, templates, and one's imports. */
export function ImportsPage({ officer, token, kinds, jobs, query, most, fault }: ListProps) {
  return (
    <DeskLayout title="导入" officer={officer} token={token}>
      <h1>导入</h1>
      <section>
        <h2>上传</h2>
        {fault !== undefined && (
          <p class="fault" role="alert">
            {fault}
          </p>
        )}
        <form method="post" action="/desk/imports" enctype="multipart/form-data">
          <FormMarks token={token} />
          <div class="field text">
            <label for="type">内容</label>
            <select id="type" name="type">
              {kinds.map(({ type, label }) => (
                <option value={type}>{label}</option>
              ))}
            </select>
          </div>
          <div class="field text">
            <label for="file">文件</label>
            <input id="file" name="file" type="file" accept=".csv,.xlsx,.txt" aria-describedby="file-hint" />
            <p class="hint" id="file-hint">
              CSV（UTF-8 或 GB18030）或 XLSX，第一行为表头，最大 {most} MB。上传后先核对，确认了才导入。
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
      <section>
        <h2>我的导入</h2>
        <List columns={jobColumns(kinds)} rows={jobs} query={query} none="近 30 天没有导入。" />
      </section>
    </DeskLayout>
  )
}

interface OneProps extends Asker {
  job: StoredJob
  label: string
  preview: Preview | undefined
  /** Cells and headers as they were mended. */
  mendedRows: number
  refused?: Refused
  done?: string | undefined
}

/** An upload on its way: looked at, mended, imported, or taken back. */
export function ImportPage(props: OneProps) {
  const { officer, token, job, label, preview, done } = props
  const { id, status, createdAt, fileName, withdrawal } = job
  return (
    <DeskLayout title={`导入${label}`} officer={officer} token={token} done={done}>
      <h1>导入{label}</h1>
      <p>
        {fileName ?? '文件'}，{shanghaiTime(new Date(createdAt))} 上传
      </p>
      {withdrawal?.status !== 'done' && <p class="verdict">{IMPORT_WORDS[status]}</p>}
      {status === 'preview' && preview && <Checked {...props} preview={preview} />}
      {(status === 'waiting' || status === 'running') && (
        <Going id={id} what="已导入" progress={job.progress} count={job.counts.rows} />
      )}
      {job.problem !== undefined && <p class="fault">{job.problem}</p>}
      {(status === 'done' || status === 'failed') && <Outcome {...props} />}
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

function Counts({ counts }: { counts: Preview['counts'] }) {
  const parts = [
    ['共', counts.rows],
    ['新建档案', counts.opened],
    ['新增记录', counts.added],
    ['更新', counts.updated],
    ['没有变化', counts.unchanged],
    ['有误', counts.failed],
  ] as const
  return (
    <dl class="held narrow">
      {parts.map(([label, count]) => (
        <div>
          <dt>{label}</dt>
          <dd>{count.toLocaleString('en-US')} 行</dd>
        </div>
      ))}
    </dl>
  )
}

function Discard({ own, token }: { own: string; token: string }) {
  return (
    <form method="post" action={`${own}/discard`}>
      <FormMarks token={token} />
      <button type="submit" class="quiet">
        不导入，删去上传的文件
      </button>
    </form>
  )
}

function Checked({ token, job, preview, mendedRows, refused }: OneProps & { preview: Preview }) {
  const own = `/desk/imports/${job.id}`
  const { problem, columns, counts, bad, isWhole, meanings } = preview
  const takes = counts.rows - counts.failed
  const unknown = columns.filter(({ meaning }) => meaning === null).length
  return (
    <>
      {refused && (
        <p class="fault" role="alert">
          {refused.title}
        </p>
      )}
      {problem !== undefined && (
        <p class="fault" role="alert">
          {problem}
        </p>
      )}
      {problem !== undefined && <Discard own={own} token={token} />}
      {problem === undefined && (
        <section>
          <h2>导入会怎样</h2>
          <Counts counts={counts} />
          {!isWhole && (
            <p class="notice">文件很长，只核对了前面的行；其余各行在导入时核对，有误的写入报告。</p>
          )}
          {mendedRows > 0 && <p class="hint">已在页面上改正 {mendedRows} 行。</p>}
          <div class="buttons">
            {takes > 0 && (
              <form method="post" action={`${own}/start`}>
                <FormMarks token={token} />
                <button type="submit">
                  导入 {takes.toLocaleString('en-US')} 行
                  {counts.failed > 0 && `，跳过有误的 ${counts.failed} 行`}
                </button>
              </form>
            )}
            {counts.failed > 0 && <a href={`${own}/faults.csv`}>下载有误的行（CSV）</a>}
            <Discard own={own} token={token} />
          </div>
        </section>
      )}
      {columns.length > 0 && (
        <section>
          <h2>各栏的含义</h2>
          {unknown > 0 && (
            <p class="hint">有 {unknown} 栏没有对应的栏目，不导入；可以在下面指定其含义后重新核对。</p>
          )}
          <form method="post" action={`${own}/mending`}>
            <FormMarks token={token} />
            <Table
              rows={columns}
              columns={[
                { label: '表头', show: ({ header }) => header },
                {
                  label: '含义',
                  show: ({ header, meaning }, i) => (
                    <select name={`header.${i}`} aria-label={`“${header}”栏的含义`}>
                      <option value="">{meaning === null ? '不导入' : `${meaning}（按表头）`}</option>
                      {meanings.map((one) => (
                        <option value={one}>{one}</option>
                      ))}
                    </select>
                  ),
                },
                { label: '示例', show: ({ sample }) => sample },
              ]}
            />
            <button type="submit" class="quiet">
              按指定的含义重新核对
            </button>
          </form>
        </section>
      )}
      {bad.length > 0 && <BadRows own={own} token={token} preview={preview} />}
    </>
  )
}

function BadRows({ own, token, preview }: { own: string; token: string; preview: Preview }) {
  const { columns, bad, counts } = preview
  return (
    <section id="bad">
      <h2>有误的行</h2>
      <p class="hint">
        {counts.failed > bad.length
          ? `共 ${counts.failed} 行有误，下面是前 ${bad.length} 行；改正后出现其余的。也可以下载有误的行，改正后另行上传。`
          : '在原处改正，保存后重新核对；不改的在导入时跳过。'}
      </p>
      <form method="post" action={`${own}/mending`} data-save>
        <FormMarks token={token} />
        {bad.map(({ line, cells, faults }) => (
          <fieldset class="bad">
            <legend>第 {line} 行</legend>
            {faults.map(({ header, detail }) => (
              <p class="fault">
                {header !== undefined && !detail.startsWith(header) && `${header}：`}
                {detail}
              </p>
            ))}
            <div class="fields">
              {columns.map(({ header, meaning }, i) => {
                const isWrong = faults.some((fault) => fault.header === header)
                // Cells without a fault stay as they are unless they are opened; all of them go with the row.
                return (
                  <label class={meaning === null && !isWrong ? 'field hint' : 'field'}>
                    {header}
                    <input
                      name={`cell.${line}.${i}`}
                      type="text"
                      maxLength={10_000}
                      value={cells[i] ?? ''}
                      {...(isWrong && { 'aria-invalid': true })}
                    />
                  </label>
                )
              })}
            </div>
          </fieldset>
        ))}
        <button type="submit">保存改正，重新核对</button>
      </form>
    </section>
  )
}

function Outcome({ token, job, refused }: OneProps) {
  const { id, counts, withdrawal } = job
  const own = `/desk/imports/${id}`
  const changed = counts.opened + counts.added + counts.updated
  return (
    <>
      <Counts counts={counts} />
      {counts.failed > 0 && (
        <p>
          <a href={`${own}/errors.csv`}>下载未导入的行和原因（CSV）</a>，改正后可以直接再次上传。
        </p>
      )}
      {withdrawal === undefined && changed > 0 && (
        <details open={refused !== undefined}>
          <summary>整批撤回</summary>
          <ActForm
            id="withdrawal"
            action={`${own}/withdrawal`}
            token={token}
            fields={[{ name: 'reason', label: '原因', type: 'text', longest: 500 }]}
            effect="这次导入是错的。由它登记的记录全部撤回，由它作的修改全部恢复，由它新建的档案撤回；后来另有修改、评价或立案的保留并列出。撤回不能再恢复，只能重新导入。"
            button="整批撤回这次导入"
            refused={refused}
          />
        </details>
      )}
      {withdrawal && (
        <section>
          <h2>整批撤回</h2>
          <p>
            {withdrawal.actor.authority} {withdrawal.actor.officer} 于{' '}
            {shanghaiTime(new Date(withdrawal.askedAt))} 撤回：{withdrawal.reason}
          </p>
          {withdrawal.status === 'done' || withdrawal.status === 'failed' ? (
            <p class={withdrawal.status === 'failed' ? 'fault' : ''}>
              {withdrawal.status === 'failed' && '意外中止；已撤回的部分有效，请联系系统管理员。'}
              撤回 {withdrawal.counts.withdrawn} 项，恢复 {withdrawal.counts.restored} 处，保留{' '}
              {withdrawal.counts.kept} 项。
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
