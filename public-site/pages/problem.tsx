import { Layout, type PageFrame } from '../components/layout.tsx'

interface Props {
  frame: PageFrame
  status: number
  title: string
  /** What was searched or asked for, to search again. */
  query?: string
}

const HEADINGS: Readonly<Record<number, string>> = {
  404: '没有找到',
  410: '已经撤回',
  422: '代码有误',
  429: '请稍后再试',
  503: '请稍后再试',
}

export function ProblemPage({ frame, status, title, query = '' }: Props) {
  return (
    <Layout frame={frame} title={HEADINGS[status] ?? '无法显示'} query={query}>
      <div class="text">
        <h1>{HEADINGS[status] ?? '无法显示'}</h1>
        <p>{title}</p>
        <p>
          可以在页首按名称重新查询，或回到<a href="/">首页</a>。
        </p>
      </div>
    </Layout>
  )
}
