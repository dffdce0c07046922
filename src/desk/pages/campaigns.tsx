import { shanghaiTime } from '../../calendar/dates.ts'
import type { Campaign } from '../../rating/campaign.ts'
import type { RatingDraft } from '../../rating/drafts.ts'
import type { Standard } from '../../rating/standard.ts'
import type { CampaignState } from '../../registry/campaigns.ts'
import type { MakerWords } from '../../registry/person-words.ts'
import { Table } from '../../ui/table.tsx'
import { placeName } from '../../ui/values.tsx'
import { type Offer, OfferedAct, OfferedActs } from '../components/act-offer.tsx'
import { ChartPicture, type DrawnChart } from '../components/chart.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { Downloads, List, type ShownColumn } from '../components/list.tsx'
import { MigrationTable } from '../components/migration.tsx'
import type { Asker, Form } from '../contract.ts'
import { addressWith, type ListQuery } from '../lists.ts'
import { gradesOf, UNRATED } from '../migration.ts'

export const CAMPAIGN_WORDS: Readonly<Record<Campaign['status'], string>> = {
  drafting: '草稿',
  issuing: '已批准，正在发布',
  issued: '已发布',
  cancelled: '已取消',
}

export const campaignColumns = (maker: MakerWords): readonly ShownColumn<Campaign>[] => [
  {
    field: 'startedAt',
    label: '开展时间',
    value: ({ startedAt }) => shanghaiTime(new Date(startedAt)),
    show: ({ id, startedAt }) => <a href={`/desk/campaigns/${id}`}>{shanghaiTime(new Date(startedAt))}</a>,
  },
  { field: 'standard', label: '标准', value: ({ standard: { id, version } }) => `${id} 第 ${version} 版` },
  { field: 'on', label: '评价日期', value: ({ on }) => on },
  { field: 'scope', label: '范围', value: ({ scope }) => scopeInWords(scope) },
  {
    field: 'status',
    label: '状态',
    value: ({ status, returned }) => (returned ? '已退回' : CAMPAIGN_WORDS[status]),
  },
  { field: 'by', label: '开展人', value: ({ author }) => maker(author) },
  { field: 'ratings', label: '发布等级', value: ({ ratings }) => ratings ?? null },
]

export function scopeInWords({ region, product, enterprises }: Campaign['scope']): string {
  const parts = [
    region === undefined ? '全省' : placeName(region),
    ...(product === undefined ? [] : [`产品含“${product}”`]),
    ...(enterprises === undefined ? [] : [`名单 ${enterprises.length} 家`]),
  ]
  return parts.join('，')
}

interface ListProps extends Asker {
  rows: readonly Campaign[]
  /** Whether any standard was adopted that one could rate by. */
  hasStandard: boolean
  /** Beginning one. */
  offers: readonly Offer[]
  typed: Form
  query: ListQuery
}

/** All campaigns, and beginning one. */
export function CampaignsPage(props: ListProps) {
  const { rows, hasStandard, offers, typed, query } = props
  return (
    <DeskLayout title="评价" heading="集中评价">
      <p class="buttons">
        <a href="/desk/standards">评价标准和试算</a>
      </p>
      <List
        columns={campaignColumns(props.maker)}
        rows={rows}
        place={({ id }) => [id]}
        newestFirst
        query={query}
        none="还没有开展过评价。"
      />
      {hasStandard ? (
        <OfferedActs offers={offers} typed={typed} />
      ) : (
        <p class="notice">
          尚未采用任何标准；请先在<a href="/desk/standards">评价标准</a>中提请采用。
        </p>
      )}
    </DeskLayout>
  )
}

/** A draft with the adjustment that stands beside it. */
export interface ShownDraft {
  draft: RatingDraft
  adjusted: { grade: string; reason: string } | undefined
}

interface OneProps extends Asker {
  state: CampaignState
  standard: Standard
  drafts: readonly ShownDraft[]
  next: string | null
  query: { changed: string; after: string; code: string }
  chart: DrawnChart | undefined
  mayDraft: boolean
  /** What may be done with it. */
  offers: readonly Offer[]
  done?: string | undefined
}

/** A campaign: how far it is, what it comes to, what it changes, its drafts, and what may be done with it. */
export function CampaignPage(props: OneProps) {
  const { state, standard, chart, offers, maker, done } = props
  const { campaign, progress, moves, issued } = state
  const { id, status, on, scope, author, returned, approved, cancelled } = campaign
  const grades = gradesOf(standard)
  const isGoing = (status === 'drafting' && progress?.done !== true) || status === 'issuing'
  const [seen, total] =
    status === 'issuing' ? [issued, approved?.drafts ?? 0] : [progress?.seen ?? 0, progress?.total ?? 0]
  return (
    <DeskLayout title="评价" done={done} heading={standard.name}>
      <p>
        第 {standard.version} 版，评价日期 {on}，{scopeInWords(scope)}；{maker(author)} 于{' '}
        {shanghaiTime(new Date(campaign.startedAt))} 开展
      </p>
      <p class="verdict">{CAMPAIGN_WORDS[status]}</p>
      {returned && (
        <p class="notice">
          已退回：{returned.reason}（{maker(returned.author)}）
        </p>
      )}
      {cancelled && <p class="notice">取消的理由：{cancelled.reason}</p>}
      {approved && (
        <p>
          {maker(approved.author)} 于 {shanghaiTime(new Date(approved.at))} 批准
        </p>
      )}
      {isGoing && (
        <div data-progress={`/desk/campaigns/${id}/progress`}>
          <label>
            {status === 'issuing' ? '发布' : '计算草稿'}{' '}
            <progress max={Math.max(total, 1)} value={seen}>
              {seen}
            </progress>
          </label>
          <p>
            已完成 <span data-count>{seen}</span> / {total} 家；可以离开此页，计算照常进行。
          </p>
        </div>
      )}
      {progress && (
        <p>
          范围内 {progress.inScope} 家，其中无可评定的 {progress.unrated} 家。
        </p>
      )}
      {moves.length > 0 && (
        <>
          <section>
            <h2>等级分布</h2>
            {chart && <ChartPicture chart={chart} />}
          </section>
          <section>
            <h2>与现行等级相比的变动</h2>
            <MigrationTable moves={moves} grades={grades} />
          </section>
        </>
      )}
      {offers.map((own) => (
        <OfferedAct {...own} {...(own.act.name === 'adjust-campaign' && adjusted(props.query.code))} />
      ))}
      {status === 'drafting' && <DraftList {...props} />}
    </DeskLayout>
  )
}

/** The form of an adjustment, unfolded for an enterprise that was chosen in the list. */
function adjusted(code: string) {
  return code === '' ? {} : { typed: { enterprise: code }, open: true }
}

function DraftList({ state, drafts, next, query, mayDraft }: OneProps) {
  const own = `/desk/campaigns/${state.campaign.id}`
  const isChanged = query.changed === 'on'
  return (
    <section id="drafts">
      <h2>草稿</h2>
      <p class="about">
        <a href={isChanged ? own : `${own}?changed=on#drafts`}>{isChanged ? '看全部' : '只看变动的'}</a>
        <Downloads path={addressWith(own, { changed: query.changed })} />
      </p>
      {drafts.length === 0 ? (
        <p class="none">没有草稿。</p>
      ) : (
        <Table
          rows={drafts}
          columns={[
            {
              label: '企业',
              show: ({ draft: { key, name } }) => <a href={`/desk/enterprises/${key}`}>{name}</a>,
            },
            { label: '现行', show: ({ draft }) => draft.previous ?? UNRATED },
            {
              label: '草稿',
              show: ({ draft: { rating }, adjusted }) =>
                adjusted ? (
                  <>
                    {adjusted.grade}{' '}
                    <span class="hint">
                      （算出 {rating.grade ?? UNRATED}，{adjusted.reason}）
                    </span>
                  </>
                ) : (
                  (rating.grade ?? UNRATED)
                ),
            },
            { label: '分数', isNumber: true, show: ({ draft }) => draft.rating.points },
            {
              label: '依据',
              show: ({ draft: { rating } }) => (
                <details>
                  <summary>{rating.limits.length + rating.items.length} 条</summary>
                  <ul class="plain tight">
                    {[...rating.limits, ...rating.items].map(({ rule }) => (
                      <li>{rule}</li>
                    ))}
                    {rating.unclear && (
                      <li>
                        {rating.unclear.length}{' '}
                        条记录只知年份或年月，是否在期限内不能确定，未计入；补登完整日期后重新计算
                      </li>
                    )}
                  </ul>
                </details>
              ),
            },
            {
              label: '办理',
              show: ({ draft }) => mayDraft && <a href={`${own}?code=${draft.key}#adjust-campaign`}>调整</a>,
            },
          ]}
        />
      )}
      {next !== null && (
        <p>
          <a
            class="next"
            rel="next"
            href={`${addressWith(own, { changed: query.changed, after: next })}#drafts`}
          >
            下一页
          </a>
        </p>
      )}
    </section>
  )
}
