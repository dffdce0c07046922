import type { Effect } from '../../exchange/effects.ts'
import { checksOf, reasonKey } from '../../exchange/effects.ts'
import type { StoredJob } from '../../exchange/job.ts'
import type { FirmMatch } from '../../exchange/matching.ts'
import type { Preview } from '../../exchange/preview.ts'
import { Table } from '../../ui/table.tsx'
import { DeskLayout, FormMarks, PostForm } from '../components/desk-layout.tsx'
import type { Asker, Refused } from '../contract.ts'

interface Props {
  job: StoredJob
  preview: Preview
  /** Rows whose cells were mended on the page. */
  mendedRows: number
  refused?: Refused
}

/** An upload that was looked at: what it would do, and what is to be said or mended first. */
export function CheckedUpload(props: Props) {
  const { job, preview, mendedRows, refused } = props
  const own = `/desk/imports/${job.id}`
  const { problem, columns, counts, bad, isWhole, noted, notes } = preview
  const takes = counts.rows - counts.failed
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
      {problem !== undefined && <Discard own={own} />}
      <OfferedTemplates {...props} />
      <Sheets {...props} />
      <Constants {...props} />
      {problem === undefined && (
        <section>
          <h2>导入会怎样</h2>
          <Counts counts={counts} own={own} />
          {noted > 0 && (
            <p class="notice">
              有 {noted} 行照此导入，但请核对：<a href={`${own}/rows?outcome=noted`}>看这些行</a>。
            </p>
          )}
          {notes.map(({ detail, count }) => (
            <p class="notice">
              有 {count} 行照此导入，同一件事请核对：{detail}
            </p>
          ))}
          {!isWhole && (
            <p class="notice">文件很长，只核对了前面的行；其余各行在导入时核对，有误的写入报告。</p>
          )}
          {mendedRows > 0 && <p class="hint">已在页面上改正 {mendedRows} 行。</p>}
          <div class="buttons">
            {takes > 0 && (
              <form method="post" action={`${own}/start`}>
                <FormMarks />
                <button type="submit">
                  导入 {takes.toLocaleString('en-US')} 行
                  {counts.failed > 0 && `，跳过有误的 ${counts.failed} 行`}
                </button>
              </form>
            )}
            {counts.failed > 0 && <a href={`${own}/faults.csv`}>下载有误的行（CSV）</a>}
            <Discard own={own} />
          </div>
        </section>
      )}
      <Firms {...props} />
      <Words {...props} />
      <Reasons {...props} />
      {columns.length > 0 && <Columns {...props} />}
      {columns.length > 0 && <SaveTemplate {...props} />}
      <PassedOver preview={preview} />
      {bad.length > 0 && <BadRows own={own} preview={preview} />}
    </>
  )
}

/** How many rows do what; each number leads to its rows where they are known. */
export function Counts({ counts, own }: { counts: Preview['counts']; own?: string }) {
  const parts = [
    ['共', counts.rows, ''],
    ['新建档案', counts.opened, 'opened'],
    ['新增记录', counts.added, 'added'],
    ['更新', counts.updated, 'updated'],
    ['待另一人确认', counts.proposed, 'proposed'],
    ['没有变化', counts.unchanged, 'unchanged'],
    ['有误', counts.failed, 'failed'],
  ] as const
  return (
    <dl class="held narrow">
      {parts.map(([label, count, outcome]) => (
        <div>
          <dt>{label}</dt>
          <dd>
            {count.toLocaleString('en-US')} 行
            {own !== undefined && outcome !== '' && count > 0 && (
              <>
                {' '}
                <a href={`${own}/rows?outcome=${outcome}`} aria-label={`查看${label}的行`}>
                  查看
                </a>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Discard({ own }: { own: string }) {
  return <PostForm to={`${own}/discard`} button="不导入，删去上传的文件" quiet />
}

/** The choice between sheets, and where the headings stand. */
function Sheets({ job, preview }: Props) {
  const { sheets, chosen } = preview
  if (sheets.length === 0) return null
  const headerRow = sheets.find(({ name }) => chosen.includes(name))?.headerRow
  return (
    <section>
      <h2>工作表和表头</h2>
      <PostForm to={`/desk/imports/${job.id}/mending`} button="按此读取，重新核对" quiet>
        {sheets.length > 1 && (
          <fieldset>
            <legend>读取哪些工作表</legend>
            {sheets.map(({ name, hidden, isTable, headerRow: row }, i) => (
              <label class="choice">
                <input type="checkbox" name={`sheet.${i}`} value={name} checked={chosen.includes(name)} />{' '}
                {name}
                {hidden && '（隐藏）'}
                <span class="hint">{isTable ? `第 ${row} 行为表头` : '没有可以识别的数据'}</span>
              </label>
            ))}
          </fieldset>
        )}
        <label class="field">
          表头所在的行
          <input name="headerRow" type="number" min={0} max={10_000} value={headerRow ?? ''} />
          <span class="hint">没有表头的填 0，再指定各栏的含义</span>
        </label>
      </PostForm>
    </section>
  )
}

/** Templates of the authority whose headings stand in the table. */
function OfferedTemplates({ job, preview: { templates = [] } }: Props) {
  if (templates.length === 0) return null
  return (
    <section id="templates">
      <h2>模板</h2>
      <form method="post" action={`/desk/imports/${job.id}/mending`}>
        <FormMarks />
        <p>本机关保存过表头与此相符的模板：</p>
        <div class="buttons">
          {templates.map(({ id, name }) => (
            <button type="submit" name="template" value={id} class="quiet">
              照“{name}”理解
            </button>
          ))}
        </div>
      </form>
    </section>
  )
}

/** Keeping what was said about the upload under a name. */
function SaveTemplate({ job }: Props) {
  return (
    <details>
      <summary>把指明的含义保存为模板</summary>
      <PostForm to={`/desk/imports/${job.id}/template`} button="保存为模板" quiet>
        <label class="field">
          模板名称
          <input name="name" type="text" maxLength={60} required />
          <span class="hint">各栏和用语的含义、整个文件相同的内容，供本机关导入同样的表格时选用</span>
        </label>
      </PostForm>
    </details>
  )
}

/** What rows need and the table does not have, to be said once for all of them. */
function Constants({ job, preview }: Props) {
  const { missing, incomplete } = preview
  if (missing.length === 0 && incomplete.length === 0) return null
  return (
    <section id="constants">
      <h2>整个文件相同的内容</h2>
      <PostForm to={`/desk/imports/${job.id}/mending`} button="各行都照此填写，重新核对">
        <div class="fields">
          {missing.map((label) => (
            <label class="field">
              {label}
              <input name={`constant.${label}`} type="text" maxLength={500} />
            </label>
          ))}
          {incomplete.map(({ label, count, terms }) => (
            <label class="field">
              {label}
              <select name={`constant.${label}`}>
                <option value="">各不相同，导入后逐条补填</option>
                {terms.map((term) => (
                  <option value={term}>{term}</option>
                ))}
              </select>
              <span class="hint">有 {count} 行没有写明，不指定的记为不完整；已写明的各行不变</span>
            </label>
          ))}
        </div>
      </PostForm>
    </section>
  )
}

/** Names of firms that no code stands beside: the certain ones taken together, the others one by one. */
function Firms({ job, preview }: Props) {
  const certain = preview.firms.filter(({ certainty }) => certainty === 'certain')
  const others = preview.firms.filter(({ certainty }) => certainty !== 'certain')
  const action = `/desk/imports/${job.id}/mending`
  return (
    <>
      {certain.length > 0 && (
        <section id="certain">
          <h2>按名称确定的企业</h2>
          <Table
            rows={certain.slice(0, FIRMS_SHOWN)}
            columns={[
              {
                label: '表中的名称',
                show: ({ name, place = '', role }) =>
                  `${name} ${place}${role === undefined ? '' : `（${role}）`}`,
              },
              { label: '行数', isNumber: true, show: ({ count }) => count },
              { label: '档案', show: ({ candidates: [first] }) => first && <Candidate file={first} /> },
              { label: '依据', show: ({ why }) => why },
            ]}
          />
          <form method="post" action={action}>
            <FormMarks />
            <button type="submit" name="accept" value="certain">
              全部确认（{certain.length} 家）
            </button>
          </form>
        </section>
      )}
      {others.length > 0 && (
        <section id="firms">
          <h2>须逐个确认的企业</h2>
          <p class="hint">
            每个名称确认一次。没有建档的各行暂不导入，列入待建档；建档后由此导入。
            {others.length > FIRMS_SHOWN && `共 ${others.length} 个，下面是前 ${FIRMS_SHOWN} 个。`}
          </p>
          <PostForm to={action} button="按确认的重新核对">
            {others
              .slice(0, FIRMS_SHOWN)
              .map(({ id, name, place, role, count, why, candidates, offered }, i) => (
                <fieldset class="question">
                  <legend>
                    “{name}”（{place !== undefined && `${place}，`}
                    {count} 行）是哪一家？
                  </legend>
                  <p class="hint">
                    {role !== undefined &&
                      `样品的另一方（${role}）：确认后同时记入其档案，不确认也不影响各行。`}
                    {why}
                  </p>
                  <input type="hidden" name={`firmName.${i}`} value={id} />
                  {candidates.map((one) => (
                    <label class="choice">
                      <input type="radio" name={`firm.${i}`} value={one.key} checked={offered === one.key} />{' '}
                      <Candidate file={one} />
                      {offered === one.key && '（上次选定）'}
                    </label>
                  ))}
                  <label class="choice">
                    <input type="radio" name={`firm.${i}`} value="none" checked={offered === ''} /> 没有建档
                    {offered === '' && '（上次选定）'}
                  </label>
                  <label class="field">
                    其他企业的代码
                    <input name={`firmCode.${i}`} type="text" maxLength={30} />
                  </label>
                </fieldset>
              ))}
          </PostForm>
        </section>
      )}
    </>
  )
}

const FIRMS_SHOWN = 40

function Candidate({ file }: { file: FirmMatch['candidates'][number] }) {
  const { key, name, uscc, region = '', status, differs } = file
  return (
    <>
      <a href={`/desk/enterprises/${key}`}>{name}</a> {uscc ?? key} {region} {status}
      {differs !== undefined && `（字不同：${differs}）`}
    </>
  )
}

/** Words whose meaning is open, each asked once for all rows that have it. */
function Words({ job, preview }: Props) {
  const { words } = preview
  if (words.length === 0) return null
  return (
    <section id="words">
      <h2>含义待定的用语</h2>
      <p class="hint">每种写法指明一次，同样写法的各行都照此处理；回答随这次上传保存。</p>
      <PostForm to={`/desk/imports/${job.id}/mending`} button="按回答重新核对">
        {words.map(({ field, label, word, count, candidates, terms, offered = [], several }, i) => (
          <fieldset class="question">
            <legend>
              这 {count} 行的{label}写作“{word}”，是哪一种？
            </legend>
            <input type="hidden" name={`word.${i}`} value={JSON.stringify([field, word])} />
            {[...candidates, ...terms.filter((term) => !candidates.includes(term))].map((term, j) => (
              <label class="choice">
                <input
                  type={several ? 'checkbox' : 'radio'}
                  name={several ? `term.${i}.${j}` : `term.${i}.0`}
                  value={term}
                  checked={offered.includes(term)}
                />{' '}
                {term}
              </label>
            ))}
            <label class="choice">
              <input
                type={several ? 'checkbox' : 'radio'}
                name={several ? `term.${i}.none` : `term.${i}.0`}
                value=""
              />{' '}
              不填这一栏
            </label>
          </fieldset>
        ))}
      </PostForm>
    </section>
  )
}

/** Why rows are not taken, each reason once, with its rows behind it. */
function Reasons({ job, preview }: Props) {
  const { reasons } = preview
  if (reasons.length === 0) return null
  const own = `/desk/imports/${job.id}`
  const hidden = reasons.find(({ code }) => code === 'hidden-row')
  return (
    <section>
      <h2>未能导入的原因</h2>
      <Table
        rows={reasons}
        columns={[
          { label: '栏', show: ({ header }) => header },
          { label: '原因', show: ({ detail }) => detail },
          {
            label: '行数',
            isNumber: true,
            show: ({ code, header, count }) => (
              <a href={`${own}/rows?reason=${encodeURIComponent(reasonKey({ code, header }))}`}>{count}</a>
            ),
          },
        ]}
      />
      {hidden && (
        <form method="post" action={`${own}/mending`}>
          <FormMarks />
          <p>隐藏（或被筛选掉）的 {hidden.count} 行：</p>
          <div class="buttons">
            <button type="submit" name="hiddenRows" value="take" class="quiet">
              一并导入
            </button>
            <button type="submit" name="hiddenRows" value="leave" class="quiet">
              不导入
            </button>
          </div>
        </form>
      )}
    </section>
  )
}

function Columns({ job, preview }: Props) {
  const { columns, meanings } = preview
  const unknown = columns.filter(({ meaning, header }) => meaning === null && header !== '').length
  return (
    <section>
      <h2>各栏的含义</h2>
      {unknown > 0 && (
        <p class="hint">有 {unknown} 栏没有对应的栏目，不导入；可以在下面指定其含义后重新核对。</p>
      )}
      <PostForm to={`/desk/imports/${job.id}/mending`} button="按指定的含义重新核对" quiet>
        <Table
          rows={columns}
          columns={[
            {
              label: '表头',
              show: ({ written, header, hidden }) => (
                <>
                  {written === '' ? header : written}
                  {hidden && <span class="hint">（隐藏的栏）</span>}
                </>
              ),
            },
            {
              label: '含义',
              show: ({ header, meaning, offered }, i) => (
                <input
                  name={`header.${i}`}
                  type="text"
                  list="meanings"
                  maxLength={100}
                  aria-label={`“${header}”栏的含义`}
                  placeholder={meaning === null ? '不导入' : `${meaning}（按表头）`}
                  value={offered ?? ''}
                />
              ),
            },
            { label: '示例', show: ({ sample }) => sample },
          ]}
        />
        <datalist id="meanings">
          {meanings.map((one) => (
            <option value={one} />
          ))}
        </datalist>
      </PostForm>
    </section>
  )
}

const PASSED_WORDS = {
  title: '表头上方',
  note: '附注',
  'headings-again': '重复的表头',
  sum: '合计',
} as const

function PassedOver({ preview: { passed } }: { preview: Preview }) {
  if (passed.count === 0) return null
  return (
    <details>
      <summary>略过了 {passed.count} 行，不是数据</summary>
      <Table
        rows={passed.first}
        columns={[
          { label: '位置', show: ({ line, at }) => at ?? `第 ${line} 行` },
          { label: '认作', show: ({ why }) => PASSED_WORDS[why] },
          { label: '内容', show: ({ text }) => text },
        ]}
      />
    </details>
  )
}

/** Cells that are shown to be mended at a time, so that the page stays small; some rows always. */
const CELLS_SHOWN = 200
const FEWEST_ROWS = 3

function BadRows({ own, preview }: { own: string; preview: Preview }) {
  const { columns, counts } = preview
  const bad = preview.bad.slice(0, Math.max(FEWEST_ROWS, Math.floor(CELLS_SHOWN / columns.length)))
  return (
    <section id="bad">
      <h2>有误的行</h2>
      <p class="hint">
        {counts.failed > bad.length
          ? `共 ${counts.failed} 行有误，下面是前 ${bad.length} 行；改正后出现其余的。也可以下载有误的行，改正后另行上传。`
          : '在原处改正，保存后重新核对；不改的在导入时跳过。'}
      </p>
      <form method="post" action={`${own}/mending`} data-save>
        <FormMarks />
        {bad.map(({ line, at, cells, faults }) => (
          <fieldset class="bad">
            <legend>{at ?? `第 ${line} 行`}</legend>
            {faults.map(({ header, detail, renames }) => (
              <p class="fault">
                {header !== undefined && !detail.startsWith(header) && `${header}：`}
                {detail}
                {renames !== undefined && (
                  <label class="choice">
                    <input type="checkbox" name={`rename.${renames}`} value="yes" /> 确系更名
                  </label>
                )}
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

const OUTCOME_WORDS: Readonly<Record<Effect['outcome'], string>> = {
  opened: '新建档案',
  added: '新增记录',
  updated: '更新',
  proposed: '待另一人确认',
  unchanged: '没有变化',
  failed: '未能导入',
}

interface RowsProps extends Asker {
  job: StoredJob
  label: string
  rows: readonly Effect[]
  /** Address of the rows that come after these; undefined where there are none. */
  next: string | null
}

/** Rows of an upload, each with what it does or why it does nothing. */
export function ImportRowsPage({ job, label, rows, next }: RowsProps) {
  return (
    <DeskLayout title={`导入${label}：各行`}>
      <p>
        <a href={`/desk/imports/${job.id}`}>回到核对的结果</a>
      </p>
      {rows.length === 0 ? (
        <p class="none">没有这样的行。</p>
      ) : (
        <Table
          rows={rows}
          columns={[
            { label: '位置', show: ({ line, at }) => at ?? `第 ${line} 行` },
            {
              label: '内容',
              show: ({ cells }) =>
                cells
                  .filter((cell) => cell !== '')
                  .join('，')
                  .slice(0, 200),
            },
            { label: '会怎样', show: ({ outcome }) => OUTCOME_WORDS[outcome] },
            {
              label: '档案',
              show: ({ key, name }) =>
                name === undefined ? key : <a href={`/desk/enterprises/${key}`}>{name}</a>,
            },
            { label: '说明', show: (row) => <Told {...row} /> },
          ]}
        />
      )}
      {next !== null && (
        <p>
          <a href={next} rel="next">
            后面的行
          </a>
        </p>
      )}
    </DeskLayout>
  )
}

function Told(row: Effect) {
  const { outcome, changes, notes, faults } = row
  const checks = checksOf(row)
  return (
    <ul class="plain">
      {(outcome === 'updated' || outcome === 'proposed') &&
        changes.map(({ label, before, after }) => (
          <li>
            {label}：{before === '' ? '（空）' : before} → {after === '' ? '（空）' : after}
          </li>
        ))}
      {notes.map((note, i) => (
        <li>
          {i < checks && '请核对：'}
          {note}
        </li>
      ))}
      {faults.map((fault) => (
        <li class="fault">{fault}</li>
      ))}
    </ul>
  )
}
