import { bulletinTitle } from '../../blacklist/bulletin.ts'
import { shanghaiDate } from '../../calendar/dates.ts'
import type { DraftBulletin, ShownBulletin } from '../../registry/bulletins.ts'
import type { ListedEnterprise } from '../../registry/listings.ts'
import { dateInWords } from '../../ui/values.tsx'
import { removalsInWords } from '../../ui/words.ts'
import { type Offer, OfferedActs } from '../components/act-offer.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker, Form } from '../contract.ts'
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
  /** A new draft. */
  offers: readonly Offer[]
  typed: Form
}

/** Bulletins of all authorities, the drafts of one's own, and a new draft. */
export function DeskBulletinsPage(props: ListProps) {
  const { issued, drafts, query, offers, typed } = props
  return (
    <DeskLayout title="公告" heading="名单公告">
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
        <List
          columns={BULLETIN_COLUMNS}
          rows={issued}
          place={({ issuedAt = '', authority, no = 0, id }) => [issuedAt, authority, no, id]}
          newestFirst
          query={query}
          none="尚未发布公告。"
        />
      </section>
      <OfferedActs offers={offers} typed={typed} />
    </DeskLayout>
  )
}

interface OneProps extends Asker {
  bulletin: ShownBulletin
  draft: DraftBulletin | undefined
  /** The last issued bulletin of the same authority, to compare with. */
  before: ShownBulletin | undefined
  /** Issuing it, sending it back, discarding it. */
  offers: readonly Offer[]
  done?: string | undefined
}

/** A bulletin, or a draft with what it would say, compared with the one before, to be approved or sent back. */
export function DeskBulletinPage(props: OneProps) {
  const { bulletin, draft, before, offers, done } = props
  const { id, from, to, listed, ended, removed, corrections, issuedAt } = bulletin
  const say = <T,>(zh: T): T => zh
  return (
    <DeskLayout title={bulletinTitle(bulletin)} done={done}>
      <p>
        期间：{dateInWords(from)}至{dateInWords(to)}
        {issuedAt !== undefined && `；${dateInWords(shanghaiDate(new Date(issuedAt)))}发布`}
        {draft && `；${draft.draftedBy} 起草`}
        {issuedAt !== undefined && (
          <>
            {' '}
            <a href={`/bulletins/${id}`}>公众所见</a>
          </>
        )}{' '}
        <a href={`/desk/bulletins/${id}/document.docx`}>DOCX</a>
      </p>
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
          {draft?.notPersonal !== undefined && (
            <p class="hint">更正中看似个人信息的，起草人写明：{draft.notPersonal}</p>
          )}
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
      <OfferedActs offers={offers} />
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
