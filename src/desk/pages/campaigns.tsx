import type { Officer } from '../../authority/officers.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import { regionsWithin } from '../../codes/regions.ts'
import type { Campaign } from '../../rating/campaign.ts'
import type { RatingDraft } from '../../rating/drafts.ts'
import type { Standard } from '../../rating/standard.ts'
import type { CampaignState } from '../../registry/campaigns.ts'
import { Table } from '../../ui/table.tsx'
import { placeName } from '../../ui/values.tsx'
import { ActForm, Bygone } from '../components/act-form.tsx'
import { ChartPicture, type DrawnChart } from '../components/chart.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { Downloads, List, type ShownColumn } from '../components/list.tsx'
import { MigrationTable } from '../components/migration.tsx'
import type { Asker, Form, Refused } from '../contract.ts'
import { addressWith, type ListQuery } from '../lists.ts'
import { gradesOf, UNRATED } from '../migration.ts'

export const CAMPAIGN_WORDS: Readonly<Record<Campaign['status'], string>> = {
  drafting: '草稿',
  issuing: '已批准，正在发布',
  issued: '已发布',
  cancelled: '已取消',
}

export const CAMPAIGN_COLUMNS: readonly ShownColumn<Campaign>[] = [
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
  { field: 'by', label: '开展人', value: ({ author }) => `${author.authority} ${author.officer}` },
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
  standards: readonly Standard[]
  query: ListQuery
  mayStart: boolean
  today: string
  refused?: Refused
  typed?: Form
}

/** All campaigns, and beginning one. */
export function CampaignsPage(props: ListProps) {
  const { officer, token, rows, standards, query, mayStart, today, refused, typed = {} } = props
  return (
    <DeskLayout title="评价" officer={officer} token={token}>
      <h1>集中评价</h1>
      <p class="buttons">
        <a href="/desk/standards">评价标准和试算</a>
      </p>
      <List columns={CAMPAIGN_COLUMNS} rows={rows} query={query} none="还没有开展过评价。" />
      {mayStart && (
        <section>
          <h2>开展一次评价</h2>
          {standards.length === 0 ? (
            <p class="notice">
              尚未采用任何标准；请先在<a href="/desk/standards">评价标准</a>中提请采用。
            </p>
          ) : (
            <ActForm
              id="campaign"
              action="/desk/campaigns"
              token={token}
              fields={[
                {
                  name: 'standard',
                  label: '标准',
                  type: 'choice',
                  choices: standards.map(({ id, name, version }) => ({
                    value: id,
                    label: `${name}（第 ${version} 版）`,
                  })),
                },
                { name: 'on', label: '评价日期', type: 'date', value: today, max: today },
                ...scopeFields(officer),
              ]}
              effect="算出的是草稿，不对外公开；由另一人批准后才发布。"
              button="开展评价"
              refused={refused}
              typed={typed}
            />
          )}
        </section>
      )}
    </DeskLayout>
  )
}

/** What a campaign or a trial looks at. */
export function scopeFields({ region }: Officer) {
  return [
    {
      name: 'region',
      label: '地区',
      type: 'choice' as const,
      optional: true,
      hint: region === undefined ? '不选为全省' : `不选为${placeName(region)}`,
      choices: regionsWithin(region ?? '130000').map(({ code, name }) => ({ value: code, label: name })),
    },
    {
      name: 'product',
      label: '产品',
      type: 'text' as const,
      optional: true,
      longest: 100,
      hint: '许可或检查的产品名称中含有的文字',
    },
    {
      name: 'enterprises',
      label: '名单',
      type: 'long' as const,
      optional: true,
      longest: 200_000,
      hint: '只评其中的企业：每行一个统一社会信用代码或组织机构代码',
    },
  ]
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
  /** Why this officer may not approve; undefined when they may. */
  hindrance: string | undefined
  refused?: { act: string; refused: Refused } | undefined
  done?: string | undefined
}

/** A campaign: how far it is, what it comes to, what it changes, its drafts, and what may be done with it. */
export function CampaignPage(props: OneProps) {
  const { officer, token, state, standard, chart, done } = props
  const { campaign, progress, moves, issued } = state
  const { id, status, on, scope, author, returned, approved, cancelled } = campaign
  const grades = gradesOf(standard)
  const isGoing = (status === 'drafting' && progress?.done !== true) || status === 'issuing'
  const [seen, total] =
    status === 'issuing' ? [issued, approved?.drafts ?? 0] : [progress?.seen ?? 0, progress?.total ?? 0]
  return (
    <DeskLayout title="评价" officer={officer} token={token} done={done}>
      <h1>{standard.name}</h1>
      <p>
        第 {standard.version} 版，评价日期 {on}，{scopeInWords(scope)}；{author.authority} {author.officer} 于{' '}
        {shanghaiTime(new Date(campaign.startedAt))} 开展
      </p>
      <p class="verdict">{CAMPAIGN_WORDS[status]}</p>
      {props.refused && !isOffered(props, props.refused.act) && <Bygone refused={props.refused.refused} />}
      {returned && (
        <p class="notice">
          已退回：{returned.reason}（{returned.author.officer}）
        </p>
      )}
      {cancelled && <p class="notice">取消的理由：{cancelled.reason}</p>}
      {approved && (
        <p>
          {approved.author.authority} {approved.author.officer} 于 {shanghaiTime(new Date(approved.at))} 批准
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
      {status === 'drafting' && progress?.done && <Acts {...props} grades={grades} />}
      {status === 'drafting' && <DraftList {...props} />}
      {status === 'drafting' && props.mayDraft && (
        <details open={props.refused?.act === 'cancellation'}>
          <summary>取消这次评价</summary>
          <ActForm
            id="cancellation"
            action={`/desk/campaigns/${id}/cancellation`}
            token={token}
            fields={[{ name: 'reason', label: '理由', type: 'text', longest: 500 }]}
            effect="草稿随即删去，已作的调整不再有用；可以另行开展。"
            button="取消评价"
            refused={refusedOf(props, 'cancellation')}
            quiet
          />
        </details>
      )}
    </DeskLayout>
  )
}

/** Whether the page has the form of an act. */
function isOffered({ state, hindrance, mayDraft }: OneProps, act: string): boolean {
  const { campaign, progress } = state
  if (campaign.status !== 'drafting') return false
  if (act === 'cancellation') return mayDraft
  if (progress?.done !== true) return false
  return act === 'approval' || act === 'return' ? hindrance === undefined : mayDraft
}

function refusedOf({ refused }: OneProps, act: string): Refused | undefined {
  return refused?.act === act ? refused.refused : undefined
}

function Acts(props: OneProps & { grades: readonly string[] }) {
  const { token, state, hindrance, mayDraft, standard, query } = props
  const { id } = state.campaign
  const own = `/desk/campaigns/${id}`
  return (
    <>
      <section>
        <h2>批准发布</h2>
        {hindrance === undefined ? (
          <>
            <ActForm
              id="approval"
              action={`${own}/approval`}
              token={token}
              effect="批准后逐家发布，任何人都能看到新的等级；评错的可以逐个撤销，不能整体收回。"
              button="批准并发布"
              refused={refusedOf(props, 'approval')}
            />
            <details open={props.refused?.act === 'return'}>
              <summary>退回</summary>
              <ActForm
                id="return"
                action={`${own}/return`}
                token={token}
                fields={[{ name: 'reason', label: '退回的理由', type: 'text', longest: 500 }]}
                button="退回开展人"
                refused={refusedOf(props, 'return')}
                quiet
              />
            </details>
          </>
        ) : (
          <p class="notice">{hindrance}</p>
        )}
      </section>
      {mayDraft && (
        <details open={query.code !== '' || props.refused?.act === 'adjustments'}>
          <summary>调整一家的草稿</summary>
          <ActForm
            id="adjustments"
            action={`${own}/adjustments`}
            token={token}
            fields={[
              { name: 'enterprise', label: '企业代码', type: 'text', longest: 30, value: query.code },
              {
                name: 'grade',
                label: '调整为',
                type: 'choice',
                choices: standard.grades.map(({ grade, name }) => ({
                  value: grade,
                  label: `${grade} ${name}`,
                })),
              },
              { name: 'reason', label: '理由', type: 'text', longest: 500 },
            ]}
            effect="计算结果与调整一并保留并公开；调整过的人不能批准。"
            button="调整"
            refused={refusedOf(props, 'adjustments')}
          />
        </details>
      )}
      {mayDraft && (
        <details open={props.refused?.act === 'redrafts'}>
          <summary>按档案现状重算</summary>
          <ActForm
            id="redrafts"
            action={`${own}/redrafts`}
            token={token}
            effect="全部草稿重算，已作的调整保留。"
            button="重算全部草稿"
            refused={refusedOf(props, 'redrafts')}
            quiet
          />
        </details>
      )}
    </>
  )
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
                  </ul>
                </details>
              ),
            },
            {
              label: '办理',
              show: ({ draft }) => mayDraft && <a href={`${own}?code=${draft.key}#adjustments`}>调整</a>,
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
