import type { Problem } from '../../src/http/problem.ts'
import type { SearchHit } from '../../src/search/engine.ts'
import { Link, useSay } from '../../src/ui/frame.tsx'
import { Hits } from '../components/hits.tsx'
import { Layout } from '../components/layout.tsx'

interface Props {
  problem: Problem
  /** What was searched or asked for, to search again. */
  query: string
  /** What that finds. */
  hits?: readonly SearchHit[]
  /** Seconds after which to come back. */
  wait?: number | undefined
}

const HEADINGS: Readonly<Record<number, readonly [string, string]>> = {
  400: ['请核对后再查', 'Please check'],
  404: ['没有找到', 'Not found'],
  405: ['此地址只供读取', 'This address is for reading'],
  410: ['内容不再提供', 'No longer provided'],
  413: ['内容过大', 'Too large'],
  414: ['网址过长', 'Address too long'],
  422: ['请核对后再查', 'Please check'],
  429: ['请稍后再试', 'Please come back later'],
  503: ['请稍后再试', 'Please come back later'],
}

export function ProblemPage({ problem, query, hits = [], wait }: Props) {
  const say = useSay()
  const { status, title, more } = problem
  const heading = say(...(HEADINGS[status] ?? (['无法显示', 'This page cannot be shown'] as const)))
  const faults = (more.errors ?? []).map(({ detail }) => detail).filter((detail) => !title.includes(detail))
  return (
    <Layout title={heading} query={query} unlisted canonical="/">
      <div class="text">
        <h1>{heading}</h1>
        <p class="fault" lang="zh-CN">
          {title}
        </p>
        {faults.length > 0 && (
          <ul lang="zh-CN">
            {faults.map((fault) => (
              <li>{fault}</li>
            ))}
          </ul>
        )}
        {wait !== undefined && (
          <p>{say(`请在 ${wait} 秒后重新打开本页。`, `Please open this page again in ${wait} seconds.`)}</p>
        )}
        <p>
          {say('可以在页首重新查询，或回到', 'You can search again at the top, or go to the ')}
          <Link to="/">{say('首页', 'front page')}</Link>
          {say('。', '.')}
        </p>
      </div>
      {hits.length > 0 && (
        <section>
          <h2>{say(`也许要找的是“${query}”`, `Perhaps you are looking for “${query}”`)}</h2>
          <Hits hits={hits} />
        </section>
      )}
    </Layout>
  )
}
