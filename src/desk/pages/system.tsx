import type { Offered } from '../../acts/offered.ts'
import type { Actor } from '../../authority/acting.ts'
import type { Officer } from '../../authority/officers.ts'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import type { DeadLetter, Webhook } from '../../authority/webhooks.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { StoredJob } from '../../exchange/job.ts'
import type { FollowingConsumer } from '../../registry/consumers.ts'
import { Table } from '../../ui/table.tsx'
import { State } from '../../ui/values.tsx'
import { DeskLayout, PostForm } from '../components/desk-layout.tsx'
import { Entrances } from '../components/entrances.tsx'
import { Lines } from '../components/lines.tsx'
import { IMPORT_WORDS } from '../words.ts'

/** A consumer's webhook, where it has set one, and what could not be delivered to it. */
interface ConsumerWebhook {
  name: string
  webhook: Webhook | undefined
  dead: readonly DeadLetter[]
}

interface Props {
  officer: Officer
  lags: { head: number; views: number; search: number }
  files: number
  jobs: readonly StoredJob[]
  /** What the authority is called now that somebody sent a table for. */
  calledToday(sender: Actor): string
  labels: ReadonlyMap<string, string>
  campaigns: readonly { id: string; what: string; seen: number; total: number }[]
  coveredYears: readonly number[]
  /** Those of consumers that whoever looks sees; undefined where they see none by their rights. */
  consumers: readonly FollowingConsumer[] | undefined
  webhooks: readonly ConsumerWebhook[]
  /** What may be done to a consumer, and what opens another. */
  offeredOn(consumer: FollowingConsumer): readonly Offered[]
  making: readonly Offered[]
  /** What came of sending a message again. */
  told: string | undefined
}

/** How the views, the search and the jobs are, and the rules in force. */
export function SystemPage(props: Props) {
  const mayOpen = holds(scopesOf(props.officer.roles), 'officers:write')
  const { lags, files, jobs, labels, campaigns, coveredYears, consumers, webhooks, told } = props
  const { offeredOn, making, calledToday } = props
  return (
    <DeskLayout title="系统">
      {told !== undefined && (
        <p class="notice" role="status">
          {told}
        </p>
      )}
      <section>
        <h2>登记簿、视图和检索</h2>
        <Lines
          class="held narrow"
          lines={[
            ['登记簿的最后序号', lags.head.toLocaleString('en-US')],
            ['档案', `${files.toLocaleString('en-US')} 份`],
            ['视图落后', lags.views === 0 ? '不落后' : `${lags.views} 条`],
            ['检索落后', lags.search === 0 ? '不落后' : `${lags.search} 条`],
            ['日历中有放假通知的年份', coveredYears.slice(-3).join('、')],
          ]}
        />
      </section>
      <section>
        <h2>正在进行的工作</h2>
        {campaigns.length === 0 && <p class="none">没有正在计算或发布的评价。</p>}
        {campaigns.map(({ id, what, seen, total }) => (
          <p>
            <a href={`/desk/campaigns/${id}`}>{what}</a> {seen} / {total}
          </p>
        ))}
        <h3>最近的导入</h3>
        {jobs.length === 0 ? (
          <p class="none">近 30 天没有导入。</p>
        ) : (
          <Table
            rows={jobs}
            columns={[
              { label: '时间', show: ({ createdAt }) => shanghaiTime(new Date(createdAt)) },
              { label: '内容', show: ({ type }) => labels.get(type) ?? type },
              { label: '机关', show: ({ actor }) => calledToday(actor) },
              { label: '状态', show: ({ status }) => IMPORT_WORDS[status] },
              { label: '行数', show: ({ counts }) => counts.rows },
              { label: '有误', show: ({ counts }) => counts.failed },
            ]}
          />
        )}
      </section>
      {consumers && (
        <section>
          <h2>取用方</h2>
          {consumers.length === 0 ? (
            <p class="none">没有登记取用方。</p>
          ) : (
            <Table
              rows={consumers}
              columns={[
                {
                  label: '名称',
                  show: (own) => (
                    <>
                      {own.name} <Entrances offered={offeredOn(own)} isBrief />
                    </>
                  ),
                },
                {
                  label: '状态',
                  show: ({ closedAt, isSilent, silentDays, lag }) => (
                    <State
                      word={
                        closedAt !== undefined
                          ? '已停用'
                          : isSilent
                            ? `${silentDays} 天没有取用，请联系`
                            : lag === 0
                              ? '不落后'
                              : `落后 ${lag} 条`
                      }
                    />
                  ),
                },
                { label: '最近取用', show: ({ seenAt }) => momentOf(seenAt) },
                { label: '确认的序号', show: ({ acknowledged }) => acknowledged },
                { label: '已收', show: ({ taken }) => taken },
                { label: '未收', show: ({ refused }) => refused },
                {
                  label: '最近被拒的请求',
                  show: ({ error, errorAt }) => (error === '' ? '' : `${momentOf(errorAt)} ${error}`),
                },
                {
                  label: '所报不符',
                  show: ({ findings }) => {
                    const last = findings.at(-1)
                    return last ? `${momentOf(last.at)} ${last.detail}` : ''
                  },
                },
              ]}
            />
          )}
          <Entrances offered={making} isBrief />
        </section>
      )}
      {webhooks.length > 0 && <Pushed webhooks={webhooks} mayOpen={mayOpen} />}
      <section>
        <h2>规则和标准</h2>
        <p class="text">
          规则和标准是数据：提请新的一版，由另一人批准，不在原处修改。见<a href="/desk/rule-sets">列入规则</a>
          、<a href="/desk/standards">评价标准</a>；产品类别和检查间隔见
          <a href="/desk/supervision/scheme">监管方案</a>
          ，随系统的版本发布。
        </p>
      </section>
    </DeskLayout>
  )
}

function momentOf(at: string): string {
  return at === '' ? '没有' : shanghaiTime(new Date(at))
}

/** How messages to consumers fare, and those that nobody took. */
function Pushed({ webhooks, mayOpen }: { webhooks: readonly ConsumerWebhook[]; mayOpen: boolean }) {
  const letters = webhooks.flatMap(({ name, dead }) => dead.map((letter) => ({ name, ...letter })))
  return (
    <section>
      <h2>推送</h2>
      <Table
        rows={webhooks}
        columns={[
          { label: '取用方', show: ({ name }) => name },
          { label: '地址', show: ({ webhook }) => (webhook ? new URL(webhook.url).host : '已取消') },
          { label: '状态', show: ({ webhook }) => (webhook ? stateOf(webhook) : '') },
          { label: '送到的序号', show: ({ webhook }) => webhook?.position ?? '' },
          {
            label: '最近一件',
            show: ({ webhook }) =>
              webhook && webhook.outcome !== '' ? `${momentOf(webhook.outcomeAt)} ${webhook.outcome}` : '',
          },
        ]}
      />
      {letters.length > 0 && (
        <>
          <h3>未送达的消息</h3>
          <Table
            rows={letters}
            columns={[
              { label: '取用方', show: ({ name }) => name },
              { label: '序号', show: ({ after, upTo }) => `${after + 1} 至 ${upTo}` },
              { label: '放弃的时间', show: ({ at }) => momentOf(at) },
              { label: '原因', show: ({ why }) => why },
              {
                label: '',
                show: ({ consumer, n, takenAt }) =>
                  takenAt !== '' ? (
                    `${momentOf(takenAt)} 重发送达`
                  ) : mayOpen ? (
                    <PostForm to="/desk/system/dead-letters" button="重发" quiet>
                      <input type="hidden" name="consumer" value={consumer} />
                      <input type="hidden" name="n" value={n} />
                    </PostForm>
                  ) : (
                    ''
                  ),
              },
            ]}
          />
        </>
      )}
    </section>
  )
}

function stateOf({ stopped, attempts, dueAt }: Webhook): string {
  if (stopped !== '') return `已停止：${stopped}`
  return attempts === 0 ? '照常' : `已失败 ${attempts} 次，${momentOf(dueAt)} 再发`
}
