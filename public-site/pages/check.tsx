import { shanghaiTime } from '../../src/calendar/dates.ts'
import { type CheckedEnterprise, certainties } from '../../src/checking/check.ts'
import type { CheckState, VerifiedStamp } from '../../src/checking/checks.ts'
import { LONGEST_PART, quoted } from '../../src/checking/given.ts'
import type { StampedRow } from '../../src/checking/paper.ts'
import type { RecordContent, Verification } from '../../src/checking/record.ts'
import { MOST_ROWS, type RowOrder } from '../../src/checking/request.ts'
import {
  beforeInWords,
  byGravity,
  type ComparedRow,
  certaintyWords,
  isOf,
  type RowsOf,
  rowChoices,
  verdictOf,
} from '../../src/checking/verdict.ts'
import { cursorOf } from '../../src/http/list-parameters.ts'
import type { Place, Stretch } from '../../src/registry/places.ts'
import { Code } from '../../src/ui/code.tsx'
import { Link, pathIn, type Say, useFrame, useSay, type Words } from '../../src/ui/frame.tsx'
import { Grade } from '../../src/ui/grade.tsx'
import { grouped, Layout } from '../components/layout.tsx'

interface FormProps {
  /** What was wrong with what was handed in, and what was typed. */
  fault?: string
  list?: string
  maxMegabytes: number
}

/** Where a batch check begins. */
export function CheckPage({ fault, list = '', maxMegabytes }: FormProps) {
  const { language } = useFrame()
  const say = useSay()
  return (
    <Layout
      title={say('批量核验', 'Batch check')}
      description={say(
        '一次核验最多十万家企业：是否被列入质量失信黑名单、质量信用等级，可下载结果和盖章的核验记录。',
        'Check up to 100,000 enterprises at once, with a stamped record to keep.',
      )}
      canonical="/check"
    >
      <div class="text">
        <h1>{say('批量核验', 'Batch check')}</h1>
        <p>
          {say(
            `一次核验最多 ${grouped(MOST_ROWS)} 家企业：是否被列入质量失信黑名单、质量信用等级是什么。每行一家，写统一社会信用代码、组织机构代码或企业名称，也可以两样都写。`,
            `Check up to ${grouped(MOST_ROWS)} enterprises at once: one a line, by code, by name, or both.`,
          )}
        </p>
        {fault !== undefined && (
          <p class="fault" role="alert" id="fault" lang="zh-CN">
            {fault}
          </p>
        )}
        <form method="post" action={pathIn(language, '/check')} enctype="multipart/form-data">
          <div class="field">
            <label for="list">{say('粘贴名单', 'Paste a list')}</label>
            <textarea
              id="list"
              name="list"
              rows={10}
              maxLength={2_000_000}
              {...(fault !== undefined && { 'aria-describedby': 'fault' })}
            >
              {list}
            </textarea>
          </div>
          <div class="field">
            <label for="file">{say('或者选一个文件', 'or choose a file')}</label>
            <input
              id="file"
              name="file"
              type="file"
              accept=".csv,.txt,.xlsx,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
              aria-describedby="file-hint"
            />
            <p class="hint" id="file-hint">
              {say(
                `CSV 或 XLSX，不超过 ${maxMegabytes} MB。第一行可以是表头，如“统一社会信用代码”“企业名称”。选了文件时，以文件为准。`,
                `CSV or XLSX of at most ${maxMegabytes} MB; headings such as 统一社会信用代码 and 企业名称 are understood. A file goes before the list.`,
              )}
            </p>
          </div>
          <button type="submit">{say('开始核验', 'Check')}</button>
        </form>
        <h2>{say('怎样处理您的名单', 'What becomes of your list')}</h2>
        <p>
          {say(
            '名单和结果只放在内存中，半小时后或您选择“立即删除”时消失，不存入任何数据库，不记入日志，谁核验了谁不留痕迹。上传的内容读完即删。',
            'List and results are held in memory only and vanish after half an hour, or at once if you say so. Nothing is stored or logged; what was uploaded is removed as soon as it has been read.',
          )}
        </p>
        <p>
          {say(
            '结果可以下载成 CSV、XLSX，或下载核验记录：记录写明时间、登记序号、逐家结论，并加盖电子签章，可以证明您核验过；PDF 可以存档、打印，扫描上面的码即可验证。',
            'Results can be had as CSV or XLSX, or as a stamped record with time, register position and every result, to show that you checked; as a PDF it can be printed, and is verified by scanning its code.',
          )}{' '}
          <Link to="/check/record">{say('验证一份核验记录', 'Verify a record')}</Link>
        </p>
      </div>
    </Layout>
  )
}

const CHOICES: Readonly<Record<RowsOf, Words>> = {
  all: ['全部', 'all'],
  listed: ['确定在列', 'certainly on the blacklist'],
  maybeListed: ['可能在列', 'perhaps on the blacklist'],
  changed: ['与上次不同', 'changed'],
  certain: ['确定', 'certain'],
  conflict: ['相互矛盾', 'contradictory'],
  likely: ['很可能', 'likely'],
  unsure: ['不确定', 'unsure'],
  none: ['没有找到', 'not found'],
  fault: ['无法核验', 'faulty'],
}

interface Props {
  id: string
  state: CheckState
  /** The rows that are shown; undefined until all are checked. */
  found: Stretch<ComparedRow> | undefined
  of: RowsOf
  order: RowOrder
}

/** How a check comes along, then what came of it. */
export function CheckedPage(props: Props) {
  const { id, state } = props
  const say = useSay()
  const title = state.done ? say('核验结果', 'Results of the check') : say('正在核验', 'Checking')
  return (
    <Layout title={title} unlisted canonical="/check" ongoing={!state.done}>
      <h1>{title}</h1>
      {state.problem !== undefined ? (
        <>
          <p class="fault" lang="zh-CN">
            {state.problem}
          </p>
          <p>
            <Link to="/check">{say('重新提交', 'Try again')}</Link>
          </p>
        </>
      ) : state.done ? (
        <Results {...props} />
      ) : (
        <Progress id={id} state={state} />
      )}
    </Layout>
  )
}

function Progress({ id, state }: Pick<Props, 'id' | 'state'>) {
  const say = useSay()
  const { checked, total } = state
  return (
    <div data-progress={`/check/${id}/progress.json`}>
      <p id="progress-label">
        {say('已核验 ', 'Checked: ')}
        <span class="number" data-count>
          {grouped(checked)}
        </span>
        {say(' 家', '')}
        {total !== null && say(`，共 ${grouped(total)} 家`, ` of ${grouped(total)}`)}
      </p>
      <progress
        aria-labelledby="progress-label"
        {...(total !== null && total > 0 && { max: total, value: checked })}
      />
      <p>
        <Link to={`/check/${id}`}>{say('刷新', 'Refresh')}</Link>
      </p>
    </div>
  )
}

function Results({ id, state, found, of, order }: Props) {
  const { language } = useFrame()
  const say = useSay()
  const { counts, total, left, span, since } = state
  const page = (side: 'below' | 'above', place: Place) =>
    `/check/${id}?of=${of}&order=${order}&${side}=${cursorOf(...place)}`
  const other = order === 'grave' ? 'given' : 'grave'
  return (
    <>
      <p>
        {say(
          `共 ${grouped(total ?? 0)} 家，能够确定的 ${grouped(counts.certain)} 家，其中在质量失信黑名单上的 ${grouped(counts.listed)} 家；另有 ${grouped(counts.maybeListed)} 家可能在列，须核对。核验于 ${shanghaiTime(new Date(span.to.time))}，登记序号 ${grouped(span.to.position)}。`,
          `${grouped(total ?? 0)} rows, ${grouped(counts.certain)} certain, ${grouped(counts.listed)} of these on the blacklist; ${grouped(counts.maybeListed)} more may be on it and need a look. Checked at ${shanghaiTime(new Date(span.to.time))}, register position ${grouped(span.to.position)}.`,
        )}
      </p>
      {since !== undefined && (
        <p class="notice">
          {say(
            `与 ${shanghaiTime(new Date(since))} 的核验记录相比，${grouped(counts.changed)} 家的结论有变化。`,
            `Compared with the record of ${shanghaiTime(new Date(since))}, ${grouped(counts.changed)} results are others.`,
          )}
        </p>
      )}
      {left > 0 && (
        <p class="fault">
          {say(
            `名单超过 ${grouped(MOST_ROWS)} 行，其余 ${grouped(left)} 行没有核验，请分次提交。`,
            `The list is longer than ${grouped(MOST_ROWS)} rows; ${grouped(left)} were not checked.`,
          )}
        </p>
      )}
      <div class="buttons">
        <a href={`/check/${id}/result.csv?order=${order}`}>CSV</a>
        <a href={`/check/${id}/result.xlsx?order=${order}`}>XLSX</a>
        <a href={`/check/${id}/record.pdf`}>{say('核验记录（PDF）', 'record on paper (PDF)')}</a>
        <a href={`/check/${id}/record.json`}>{say('核验记录（JSON，带签章）', 'signed record (JSON)')}</a>
        <form method="post" action={pathIn(language, `/check/${id}/removal`)}>
          <button type="submit" class="quiet">
            {say('立即删除', 'Delete now')}
          </button>
        </form>
      </div>
      <nav class="sections" aria-label={say('按结果查看', 'Show by result')}>
        {rowChoices
          .filter((choice) => choice === 'all' || choice === of || counts[choice] > 0)
          .map((choice) => (
            <Link to={`/check/${id}?of=${choice}&order=${order}`} current={choice === of}>
              {say(...CHOICES[choice])}{' '}
              <span class="number">{grouped(choice === 'all' ? (total ?? 0) : counts[choice])}</span>
            </Link>
          ))}
      </nav>
      <p>
        <Link to={`/check/${id}?of=${of}&order=${other}`}>
          {other === 'grave'
            ? say('严重的在前', 'grave ones first')
            : say('按名单的次序', 'in the order of the list')}
        </Link>
      </p>
      <RowTable rows={found?.rows ?? []} say={say} />
      <p class="buttons">
        {found?.previous && (
          <Link to={page('above', found.previous)} rel="prev">
            {say('上一页', 'Previous page')}
          </Link>
        )}
        {found?.next && (
          <Link to={page('below', found.next)} rel="next">
            {say('下一页', 'Next page')}
          </Link>
        )}
      </p>
    </>
  )
}

/** A code, a name and a place with a gap between each. */
const MOST_ASKED = 3 * LONGEST_PART + 2

function RowTable({ rows, say }: { rows: readonly ComparedRow[]; say: Say }) {
  const labels = [
    say('行', 'Row'),
    say('所填', 'Asked for'),
    say('匹配', 'Match'),
    say('匹配的企业', 'Enterprise'),
    say('结论', 'Verdict'),
    say('等级', 'Grade'),
  ] as const
  return (
    <table data-sortable>
      <thead>
        <tr>
          {labels.map((label) => (
            <th scope="col">{label}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <td data-label={labels[0]} class="number">
              {row.line}
            </td>
            <td data-label={labels[1]}>{row.asked !== '' && `“${quoted(row.asked, MOST_ASKED)}”`}</td>
            <td data-label={labels[2]}>
              <strong class={`sure-${row.certainty}`}>
                {say(certaintyWords[row.certainty], CHOICES[row.certainty][1])}
              </strong>{' '}
              <span class="hint" lang="zh-CN">
                {row.why}
              </span>
            </td>
            <td data-label={labels[3]}>
              {[row.enterprise, row.other].map((one) => one && <Found enterprise={one} />)}
            </td>
            <td data-label={labels[4]} lang="zh-CN">
              {isOf(row, 'listed') || isOf(row, 'maybeListed') ? (
                <strong class="on-list">{verdictOf(row)}</strong>
              ) : (
                verdictOf(row)
              )}
              {row.before && <p class="hint">上次：{beforeInWords(row)}</p>}
            </td>
            <td data-label={labels[5]}>
              {row.enterprise && <Grade grade={row.enterprise.grade ?? null} size={20} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Found({ enterprise: { orgCode, uscc, name } }: { enterprise: CheckedEnterprise }) {
  return (
    <p>
      <Link to={`/enterprises/${orgCode}`}>{name}</Link>
      <br />
      <Code value={uscc ?? orgCode} />
    </p>
  )
}

/** Where somebody who is shown a record finds out what it is worth. */
export function RecordPage({
  verification,
  verified,
  maxMegabytes,
}: {
  verification?: Verification
  /** What the stamp of a paper says; null for one that was not given here. */
  verified?: VerifiedStamp | null
  maxMegabytes: number
}) {
  const { language } = useFrame()
  const say = useSay()
  return (
    <Layout title={say('验证核验记录', 'Verify a record of a check')} canonical="/check/record">
      <div class="text">
        <h1>{say('验证核验记录', 'Verify a record of a check')}</h1>
        <p>
          {say(
            '别人出示批量核验的记录时，在这里验证它是否由本系统出具、是否被改动过。验证后文件即丢弃。',
            'When somebody shows you the record of a batch check, find out here whether it was stamped by this registry and has not been changed. The file is dropped at once.',
          )}
        </p>
        {verification && <Verified verification={verification} />}
        {verified !== undefined && <Stamped verified={verified} />}
      </div>
      {verified?.rows && <RowTable rows={verified.rows} say={say} />}
      {verification?.ok && <Signed content={verification.content} />}
      <div class="text">
        <form method="post" action={pathIn(language, '/check/record')} enctype="multipart/form-data">
          <div class="field">
            <label for="record">
              {say(
                `核验记录（JSON 文件，不超过 ${maxMegabytes} MB）`,
                `The record (JSON, at most ${maxMegabytes} MB)`,
              )}
            </label>
            <input id="record" name="record" type="file" accept=".json,application/json" required />
          </div>
          <p class="buttons">
            <button type="submit">{say('验证', 'Verify')}</button>
            <button type="submit" class="quiet" formaction={pathIn(language, '/check/again')}>
              {say('再核验一次，看有无变化', 'Check the same again and see what changed')}
            </button>
          </p>
        </form>
        <p class="hint">
          {say('签章所用的公钥及其使用期间见', 'The public keys and their periods are at ')}
          <a href="/check/keys.json">/check/keys.json</a>
          {say('。', '.')}
        </p>
      </div>
    </Layout>
  )
}

function Verified({ verification }: { verification: Verification }) {
  const say = useSay()
  if (!verification.ok)
    return (
      <p class="fault" role="alert">
        {say('不可信：', 'Not to be trusted: ')}
        <span lang="zh-CN">{verification.why}</span>
      </p>
    )
  const { sha256, content } = verification
  const { registry, to, rows } = content
  return (
    <p class="notice" role="status">
      {say('可信：', 'Genuine: ')}
      {say(
        `${registry}的系统于 ${shanghaiTime(new Date(to.time))}（登记序号 ${to.position}）出具，核验 ${grouped(rows.length)} 行，此后未被改动。`,
        `stamped at ${shanghaiTime(new Date(to.time))}, register position ${to.position}, ${grouped(rows.length)} rows, unchanged since.`,
      )}
      {sha256 !== undefined && <Digest sha256={sha256} />}
    </p>
  )
}

function Digest({ sha256 }: { sha256: string }) {
  const say = useSay()
  return (
    <>
      <br />
      {say('内容摘要（SHA-256）：', 'Digest (SHA-256): ')}
      <Code value={sha256} />
    </>
  )
}

/** What the code on a paper says, for whoever holds the paper to compare. */
function Stamped({ verified }: { verified: VerifiedStamp | null }) {
  const say = useSay()
  if (!verified)
    return (
      <p class="fault" role="alert">
        {say(
          '不可信：纸面上的码不是本系统出具的，或者没有扫全。',
          'Not to be trusted: the code on the paper was not given by this registry, or was not read whole.',
        )}
      </p>
    )
  const { each, time, position, rows, certain, listed, maybeListed, sha256 } = verified.stamp
  return (
    <>
      <p class="notice" role="status">
        {say(
          `码是真的：本系统于 ${shanghaiTime(new Date(time))}（登记序号 ${position}）出具过一份核验记录，共 ${grouped(rows)} 行，能够确定的 ${grouped(certain)} 行，其中在质量失信黑名单上的 ${grouped(listed)} 行，另有 ${grouped(maybeListed)} 行可能在列。`,
          `The code is genuine: this registry gave a record at ${shanghaiTime(new Date(time))}, register position ${position}, ${grouped(rows)} rows, ${grouped(certain)} certain, ${grouped(listed)} of these on the blacklist, ${grouped(maybeListed)} more perhaps.`,
        )}
        <Digest sha256={sha256} />
      </p>
      {each ? <StampedRows each={each} /> : <Unnamed isHeld={verified.rows !== undefined} />}
    </>
  )
}

/** A code that names nobody can be put on any paper. */
function Unnamed({ isHeld }: { isHeld: boolean }) {
  const say = useSay()
  return (
    <div class="fault" role="alert">
      <h2>{say('纸面上的企业名称和结论没有验证', 'The names and verdicts on the paper are not verified')}</h2>
      <p>
        {isHeld
          ? say(
              '这份记录的行数多，码中没有各行的企业；别的纸面也可以印上这个码。本系统还保留着这次核验，严重的在前列在下面，请逐行与纸面核对。',
              'The record is long and its code names no enterprise; any other paper could bear this code. The check is still held here: its rows are shown below, grave ones first. Compare each with the paper.',
            )
          : say(
              '这份记录的行数多，码中没有各行的企业；别的纸面也可以印上这个码。请向出示的人索取摘要与上面相同的核验记录（JSON 文件），在下面验证，逐行与纸面核对；或者自己再核验一次。',
              'The record is long and its code names no enterprise; any other paper could bear this code. Ask for the JSON record with the digest above, verify it below and compare each row; or check again yourself.',
            )}
      </p>
    </div>
  )
}

function StampedRows({ each }: { each: readonly StampedRow[] }) {
  const say = useSay()
  return (
    <>
      <h2>{say('本系统出具的各行结论', 'What this registry said of each row')}</h2>
      <p>
        {say(
          '请逐行与纸面核对：企业或结论与下面不同的，纸面不可信。所载为当时的情况。',
          'Compare each row with the paper: where an enterprise or verdict is another, do not trust the paper. As it was at that time.',
        )}
      </p>
      <ol>
        {each.map(({ as, firms = [], asked }) => (
          <li>
            <strong class={`sure-${as}`}>{say(certaintyWords[as], CHOICES[as][1])}</strong>
            {asked !== undefined &&
              say(`；所填（未经核实）：“${asked}”`, `; asked for (not verified): “${asked}”`)}
            {firms.map(([code, name, isListed, grade]) => (
              <p>
                {name} <Code value={code} />{' '}
                {isListed === 1 ? (
                  <strong class="on-list">{say('在质量失信黑名单上', 'on the blacklist')}</strong>
                ) : (
                  say('未被列入质量失信黑名单', 'not on the blacklist')
                )}
                {grade !== '' && say(`；质量信用等级 ${grade}`, `; quality credit grade ${grade}`)}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </>
  )
}

/** Rows of a record that are shown when it is verified. */
const SIGNED_ROWS = 200

/** What was signed: it, and nothing else that a file may have held. */
function Signed({ content: { rows } }: { content: RecordContent }) {
  const say = useSay()
  const counted = certainties
    .map((certainty) => ({ certainty, count: rows.filter((row) => row.certainty === certainty).length }))
    .filter(({ count }) => count > 0)
  const listed = rows.filter((row) => isOf(asRow(row), 'listed')).length
  const shown = byGravity(rows.map(asRow)).slice(0, SIGNED_ROWS)
  return (
    <>
      <p>
        {say(
          `记录中的结论：确定在列 ${grouped(listed)} 家；${counted.map(({ certainty, count }) => `${certaintyWords[certainty]} ${grouped(count)} 家`).join('，')}。严重的在前，最多显示 ${SIGNED_ROWS} 行；所载为出具时的情况。`,
          `What the record says: ${grouped(listed)} certainly on the blacklist; ${counted.map(({ certainty, count }) => `${CHOICES[certainty][1]} ${grouped(count)}`).join(', ')}. Grave ones first, at most ${SIGNED_ROWS} rows, as it was at that time.`,
        )}
      </p>
      <RowTable rows={shown} say={say} />
    </>
  )
}

/** A row of a record as a row of a check. */
function asRow(row: RecordContent['rows'][number]): ComparedRow {
  return { ...row, given: row.given ?? {} }
}
