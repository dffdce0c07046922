import { placeName } from '../../../public-site/components/values.tsx'
import type { Officer } from '../../access/officers.ts'
import type { Deadline } from '../../blacklist/deadlines.ts'
import { DeskLayout } from '../components/desk-layout.tsx'

interface Props {
  officer: Officer
  token: string
  items: readonly (Deadline & { orgCode: string; name: string; region: string; overdue: boolean })[]
  next: number | null
  warnings: readonly string[]
  /** Whether only what falls to the officer's own authority is shown. */
  own: boolean
  daysAhead: number
}

const WHAT: Readonly<Record<Deadline['what'], string>> = {
  statement: '陈述申辩期满，可以决定',
  decision: '作出列入决定',
  publication: '公布列入决定',
  expiry: '列入期限届满',
  repairAcceptance: '决定是否受理信用修复',
  repairDecision: '决定信用修复',
  objection: '处理异议',
  earlyEnd: '决定提前停止公示',
  penaltyPublication: '公示行政处罚',
  penaltyWithdrawal: '撤回行政处罚公示',
}

/** What is due and overdue, the most urgent first. */
export function QueuePage({ officer, token, items, next, warnings, own, daysAhead }: Props) {
  const overdue = items.filter((item) => item.overdue).length
  return (
    <DeskLayout title="待办" officer={officer} token={token}>
      <h1>待办</h1>
      <p>
        {officer.region === undefined ? '全省' : placeName(officer.region)}
        {own ? '、本机关' : ''} {daysAhead} 日内到期和已逾期的事项
        {items.length > 0 && `，本页 ${items.length} 项，其中逾期 ${overdue} 项`}。{' '}
        <a href={own ? '/desk' : '/desk?own=on'}>{own ? '看各机关的' : '只看本机关的'}</a>
      </p>
      {warnings.map((warning) => (
        <p class="notice">{warning}</p>
      ))}
      {items.length === 0 ? (
        <p class="none">没有待办事项。</p>
      ) : (
        <table data-sortable>
          <thead>
            <tr>
              <th scope="col">期限</th>
              <th scope="col">事项</th>
              <th scope="col">企业</th>
              <th scope="col">地区</th>
              <th scope="col">机关</th>
              <th scope="col">逾期后果</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr>
                <td data-label="期限" class="number">
                  {item.dueOn}
                  {item.overdue && <span class="state caution"> 已逾期</span>}
                  {!item.certain && <span class="hint"> 估计</span>}
                </td>
                <td data-label="事项">
                  <a href={`/desk/enterprises/${item.orgCode}#r-${item.about}`}>{WHAT[item.what]}</a>
                </td>
                <td data-label="企业">{item.name}</td>
                <td data-label="地区">{placeName(item.region)}</td>
                <td data-label="机关">{item.authority}</td>
                <td data-label="逾期后果">{item.consequence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {next !== null && (
        <p>
          <a class="next" rel="next" href={`/desk?${own ? 'own=on&' : ''}after=${next}`}>
            下一页
          </a>
        </p>
      )}
    </DeskLayout>
  )
}
