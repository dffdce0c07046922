import type { Problem } from '../../http/problem.ts'
import { DeskLayout } from '../components/desk-layout.tsx'

interface Props {
  problem: Problem
  /** Whether it came of a form that was sent. */
  wasSent: boolean
}

const HEADINGS: Readonly<Record<number, string>> = {
  403: '不能办理',
  404: '没有这一页',
  410: '已经撤回',
  429: '请稍候',
  503: '暂时不可用',
}

/** What went wrong at the desk and what to do about it. */
export function DeskProblemPage({ problem, wasSent }: Props) {
  const heading = HEADINGS[problem.status] ?? '未能办理'
  return (
    <DeskLayout title={heading}>
      <p class="fault" role="alert">
        {problem.title}
      </p>
      {(problem.more.errors ?? [])
        .filter(({ detail }) => detail !== problem.title)
        .map(({ detail }) => (
          <p>{detail}</p>
        ))}
      <p>
        {wasSent ? '填写的内容都还在上一页，可以用浏览器的“后退”回去；或' : '请'}回到<a href="/desk">待办</a>
        。
      </p>
    </DeskLayout>
  )
}
