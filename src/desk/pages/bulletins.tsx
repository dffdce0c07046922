import { bulletinTitle } from '../../blacklist/bulletin.ts'
import { shanghaiDate } from '../../calendar/dates.ts'
import type { DraftBulletin, ShownBulletin } from '../../registry/bulletins.ts'
import type { ListedEnterprise } from '../../registry/listings.ts'
import { dateInWords } from '../../ui/values.tsx'
import { removalsInWords } from '../../ui/words.ts'
import { ActForm, Bygone } from '../components/act-form.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker, Form, Refused } from '../contract.ts'
import type { ListQuery } from '../lists.ts'

export const BULLETIN_COLUMNS: readonly ShownColumn<ShownBulletin>[] = [
  {
    field: 'title',
    label: '公告',
    value: bulletinTitle,
    show: (own) => <a href={`/desk/bulletins/${own.id}`}>{bulletinTitle(own)}</a>,
  },
  { field: 'authority', label: '机关', value: ({ authority }) => authority, fileOnly: true },
  { field: 'period', label: '期间', value: ({ from, to }) => `${from} 至 ${to}` },
  { field: 'listed', label: '列入', value: ({ listed, ended }) => listed.length + ended },
  {
    field: 'issuedOn',
    label: '发布日期',
    value: ({ issuedAt }) => (issuedAt === undefined ? '' : shanghaiDate(new Date(issuedAt))),
  },
]

interface ListProps extends Asker {
  issued: readonly ShownBulletin[]
  drafts: readonly DraftBulletin[]
  query: ListQuery
  mayDraft: boolean
  today: string
  /** First day that no bulletin of the authority has covered yet. */
  from: string
  refused?: Refused
  typed?: Form
}

/** Bulletins of all authorities, the drafts of one's own, and a new draft. */
export function DeskBulletinsPage(props: ListProps) {
  const { officer, token, issued, drafts, query, mayDraft, today, from, refused, typed = {} } = props
  return (
    <DeskLayout title="公告" officer={officer} token={token}>
      <h1>名单公告</h1>
      {drafts.length > 0 && (
        <section>
          <h2>本机关的草稿</h2>
          <ul class="plain">
            {drafts.map(({ id, from: begins, to, draftedBy, returned }) => (
              <li>
                <a href={`/desk/bulletins/${id}`}>
                  {begins} 至 {to}
                </a>{' '}
                <span class="hint">{draftedBy} 起草</span>
                {returned && <span class="state caution"> 已退回：{returned.reason}</span>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>已发布</h2>
        <List columns={BULLETIN_COLUMNS} rows={issued} query={query} none="尚未发布公告。" />
      </section>
      {mayDraft && (
        <section>
          <h2>起草一期</h2>
          <ActForm
            id="bulletin"
            action="/desk/bulletins"
            token={token}
            fields={[
              { name: 'from', label: '自', type: 'date', value: from, max: today },
              { name: 'to', label: '至', type: 'date', value: today, max: today },
              {
                name: 'corrected',
                label: '更正本机关以前的公告',
                type: 'choice',
                optional: true,
                choices: issued
                  .filter(({ authority }) => authority === officer.authority)
                  .map((own) => ({ value: own.id, label: bulletinTitle(own) })),
              },
              { name: 'correction', label: '更正的内容', type: 'long', optional: true, longest: 4000 },
            ]}
            effect="公告列出期间内本机关公示的列入和移出；内容在批准发布时固定，编号在发布时取得。"
            button="起草"
            refused={refused}
            typed={typed}
          />
        </section>
      )}
    </DeskLayout>
  )
}

interface OneProps extends Asker {
  bulletin: ShownBulletin
  draft: DraftBulletin | undefined
  /** The last issued bulletin of the same authority, to compare with. */
  before: ShownBulletin | undefined
  /** Why this officer may not approve the draft; undefined when they may. */
  hindrance: string | undefined
  isAuthor: boolean
  refused?: Refused
  done?: string | undefined
}

/** A bulletin, or a draft with what it would say, compared with the one before, to be approved or sent back. */
export function DeskBulletinPage(props: OneProps) {
  const { officer, token, bulletin, draft, before, hindrance, isAuthor, refused, done } = props
  const { id, from, to, listed, ended, removed, corrections, issuedAt } = bulletin
  const say = <T,>(zh: T): T => zh
  return (
    <DeskLayout title={bulletinTitle(bulletin)} officer={officer} token={token} done={done}>
      <h1>{bulletinTitle(bulletin)}</h1>
      <p>
        期间：{dateInWords(from)}至{dateInWords(to)}
        {issuedAt !== undefined && `；${dateInWords(shanghaiDate(new Date(issuedAt)))}发布`}
        {draft && `；${draft.draftedBy} 起草`}
        {issuedAt !== undefined && (
          <>
            {' '}
            <a href={`/bulletins/${id}`}>公众所见</a>
          </>
        )}
      </p>
      {refused && (!draft || draft.returned || hindrance !== undefined) && <Bygone refused={refused} />}
      {draft?.returned && <p class="notice">已退回：{draft.returned.reason}。请另行起草，并作废这份草稿。</p>}
      <div class="columns">
        <section>
          <h2>
            {draft ? '本期（草稿）' : '本期'}列入 <span class="number">{listed.length}</span>
          </h2>
          <Listed listed={listed} others={before?.listed ?? []} isCompared={draft !== undefined} />
          {ended > 0 && <p class="hint">另有 {ended} 家已移出，不再显示。</p>}
          <h2>本期移出</h2>
          <p>{removalsInWords(removed, say)}</p>
          {corrections.map(({ bulletin: earlier, text }) => (
            <p class="notice">
              更正<a href={`/desk/bulletins/${earlier}`}>以前的公告</a>：{text}
            </p>
          ))}
        </section>
        {draft && (
          <section>
            <h2>
              上一期{before ? `：${bulletinTitle(before)}` : ''}{' '}
              <span class="number">{before?.listed.length ?? 0}</span>
            </h2>
            {before ? (
              <>
                <p class="hint">
                  期间：{before.from} 至 {before.to}
                  {before.to >= from && <span class="state caution"> 与本期重叠</span>}
                </p>
                <Listed listed={before.listed} others={[]} isCompared={false} />
                <h2>上一期移出</h2>
                <p>{removalsInWords(before.removed, say)}</p>
              </>
            ) : (
              <p class="none">本机关以前没有发布过公告。</p>
            )}
          </section>
        )}
      </div>
      {draft && !draft.returned && (
        <section>
          <h2>批准发布</h2>
          {hindrance === undefined ? (
            <>
              <ActForm
                id="approval"
                action={`/desk/bulletins/${id}/approval`}
                token={token}
                effect={`发布后取得编号，任何人都能看到；公告不能撤回，有误时以后一期更正。`}
                button="批准并发布"
                refused={refused?.form.reason === undefined ? refused : undefined}
              />
              <details open={refused?.form.reason !== undefined}>
                <summary>退回</summary>
                <ActForm
                  id="return"
                  action={`/desk/bulletins/${id}/return`}
                  token={token}
                  fields={[{ name: 'reason', label: '退回的理由', type: 'text', longest: 500 }]}
                  button="退回起草人"
                  refused={refused?.form.reason === undefined ? undefined : refused}
                  quiet
                />
              </details>
            </>
          ) : (
            <p class="notice">{hindrance}</p>
          )}
        </section>
      )}
      {draft && isAuthor && (
        <details>
          <summary>作废草稿</summary>
          <ActForm
            id="discard"
            action={`/desk/bulletins/${id}/discard`}
            token={token}
            effect="作废后不能恢复，只能另行起草；已发布的公告不受影响。"
            button="作废这份草稿"
            quiet
          />
        </details>
      )}
    </DeskLayout>
  )
}

function Listed({
  listed,
  others,
  isCompared,
}: {
  listed: readonly ListedEnterprise[]
  others: readonly ListedEnterprise[]
  isCompared: boolean
}) {
  const known = new Set(others.map(({ id }) => id))
  if (listed.length === 0) return <p class="none">无</p>
  return (
    <ul class="plain">
      {listed.map(({ id, name, orgCode, ground, decisionNo, from }) => (
        <li>
          <a href={`/desk/enterprises/${orgCode}`}>{name}</a>
          {isCompared && known.has(id) && <span class="state caution"> 上一期已公告</span>}
          <p class="hint">
            {ground}，{decisionNo}，自 {from}
          </p>
        </li>
      ))}
    </ul>
  )
}
