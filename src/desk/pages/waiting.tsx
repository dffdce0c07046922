import { shanghaiTime } from '../../calendar/dates.ts'
import type { Awaited } from '../../exchange/import-service.ts'
import { CLOSING_REASONS, type ClosedWaiting, type WaitingFirm } from '../../exchange/waiting.ts'
import { Table } from '../../ui/table.tsx'
import { DeskLayout, PostForm } from '../components/desk-layout.tsx'
import type { Asker } from '../contract.ts'

interface Props extends Asker {
  firms: readonly Awaited[]
  total: number
  /** What was closed without being imported, the last first. */
  closed: readonly ClosedWaiting[]
  /** Address of the firms that come after these; undefined where there are none. */
  next: string | null
  labelOf(type: string): string
  done?: string | undefined
}

/** What an authority's imported rows wait for: a firm a line, with the file that may be its own by now. */
export function WaitingPage({ maker, firms, total, next, labelOf, closed, done }: Props) {
  return (
    <DeskLayout title="待建档" done={done}>
      <p class="text">
        本机关导入的各行中，企业还没有建档的列在这里，共 {total}{' '}
        家；建档后由此导入，先核对再确认。到期未导入的删去，整批撤回的随之删去。
      </p>
      <p>
        <a href="/desk/new-file">新建企业档案</a> <a href="/desk/imports">导入</a>
      </p>
      {firms.length === 0 ? (
        <p class="none">没有等待建档的行。</p>
      ) : (
        <Table
          rows={firms}
          columns={[
            { label: '企业', show: (own) => firmInWords(own) },
            { label: '内容', show: ({ type, sample }) => `${labelOf(type)}：${sample}` },
            { label: '行数', isNumber: true, show: ({ count }) => count },
            { label: '保留至', show: ({ until }) => until.slice(0, 10) },
            { label: '档案', show: (firm) => <Files firm={firm} /> },
          ]}
        />
      )}
      <datalist id="closing-reasons">
        {CLOSING_REASONS.map((reason) => (
          <option value={reason} />
        ))}
      </datalist>
      {next !== null && (
        <p>
          <a href={next} rel="next">
            后面的企业
          </a>
        </p>
      )}
      {closed.length > 0 && (
        <section>
          <h2>不再等待的</h2>
          <Table
            rows={closed}
            columns={[
              { label: '企业', show: (own) => firmInWords(own) },
              { label: '内容', show: ({ type, count }) => `${labelOf(type)} ${count} 行` },
              { label: '原因', show: ({ reason }) => reason },
              { label: '办理', show: ({ author, at }) => `${shanghaiTime(new Date(at))} ${maker(author)}` },
            ]}
          />
        </section>
      )}
    </DeskLayout>
  )
}

function firmInWords({ code = '', name = '', place = '' }: WaitingFirm): string {
  return [name, place, code].filter(Boolean).join(' ')
}

function Files({ firm: { id, code, match } }: { firm: Awaited }) {
  const own = `/desk/imports/waiting/${encodeURIComponent(id)}`
  const { candidates, why } = match
  return (
    <>
      {candidates.length === 0 && <p class="hint">{why}</p>}
      {candidates.map(({ key, name, region = '' }) => (
        <PostForm to={`${own}/import`} button="导入这些行" called={`导入${name}的各行`} quiet>
          {code === undefined && <input type="hidden" name="key" value={key} />}
          <a href={`/desk/enterprises/${key}`}>{name}</a> {region}
        </PostForm>
      ))}
      <PostForm to={`${own}/close`} button="不再等待" quiet>
        <label class="hint" for={`reason-${id}`}>
          不再等待的原因
        </label>
        <input
          id={`reason-${id}`}
          name="reason"
          type="text"
          required
          maxLength={200}
          list="closing-reasons"
          autocomplete="off"
        />
      </PostForm>
    </>
  )
}
