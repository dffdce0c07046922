import type { Officer } from '../../access/officers.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { StoredJob } from '../../exchange/jobs.ts'
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
          <table>
            <thead>
              <tr>
                <th scope="col">时间</th>
                <th scope="col">内容</th>
                <th scope="col">机关</th>
                <th scope="col">状态</th>
                <th scope="col">行数</th>
                <th scope="col">有误</th>
              </tr>
            </thead>
            <tbody>
              {jobs.map(({ createdAt, type, status, counts, actor }) => (
                <tr>
                  <td data-label="时间">{shanghaiTime(new Date(createdAt))}</td>
                  <td data-label="内容">{labels.get(type) ?? type}</td>
                  <td data-label="机关">{actor.authority}</td>
                  <td data-label="状态">{IMPORT_WORDS[status]}</td>
                  <td data-label="行数">{counts.rows}</td>
                  <td data-label="有误">{counts.failed}</td>
                </tr>
              ))}
            </tbody>
          </table>
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
