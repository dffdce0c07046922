import type { Officer } from '../../authority/officers.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { StoredJob } from '../../exchange/job.ts'
import { Table } from '../../ui/table.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { IMPORT_WORDS } from '../words.ts'

interface Props {
  officer: Officer
  token: string
  lags: { head: number; views: number; search: number }
  files: number
  jobs: readonly StoredJob[]
  labels: ReadonlyMap<string, string>
  campaigns: readonly { id: string; what: string; seen: number; total: number }[]
  coveredYears: readonly number[]
}

/** How the views, the search and the jobs are, and the rules in force. */
export function SystemPage(props: Props) {
  const { officer, token, lags, files, jobs, labels, campaigns, coveredYears } = props
  return (
    <DeskLayout title="系统" officer={officer} token={token}>
      <h1>系统</h1>
      <section>
        <h2>登记簿、视图和检索</h2>
        <dl class="held narrow">
          <div>
            <dt>登记簿的最后序号</dt>
            <dd>{lags.head.toLocaleString('en-US')}</dd>
          </div>
          <div>
            <dt>档案</dt>
            <dd>{files.toLocaleString('en-US')} 份</dd>
          </div>
          <div>
            <dt>视图落后</dt>
            <dd>{lags.views === 0 ? '不落后' : `${lags.views} 条`}</dd>
          </div>
          <div>
            <dt>检索落后</dt>
            <dd>{lags.search === 0 ? '不落后' : `${lags.search} 条`}</dd>
          </div>
          <div>
            <dt>日历中有放假通知的年份</dt>
            <dd>{coveredYears.slice(-3).join('、')}</dd>
          </div>
        </dl>
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
              { label: '机关', show: ({ actor }) => actor.authority },
              { label: '状态', show: ({ status }) => IMPORT_WORDS[status] },
              { label: '行数', show: ({ counts }) => counts.rows },
              { label: '有误', show: ({ counts }) => counts.failed },
            ]}
          />
        )}
      </section>
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
