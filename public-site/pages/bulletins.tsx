import { bulletinTitle } from '../../src/api/blacklist.ts'
import { shanghaiDate } from '../../src/calendar/dates.ts'
import type { ShownBulletin } from '../../src/registry/bulletins.ts'
import { Layout, type PageFrame } from '../components/layout.tsx'
import { dateInWords } from '../components/values.tsx'
import { ListingTable } from './blacklist.tsx'

const CAUSES: Readonly<Record<string, string>> = {
  expired: '期限届满',
  repaired: '信用修复',
  revoked: '撤销列入',
  annulled: '处罚被撤销',
  dissolved: '企业注销',
}

/** All bulletins, the latest first. */
export function BulletinsPage({
  frame,
  bulletins,
}: {
  frame: PageFrame
  bulletins: readonly ShownBulletin[]
}) {
  return (
    <Layout frame={frame} title="名单公告">
      <h1>质量失信黑名单公告</h1>
      {bulletins.length === 0 ? (
        <p class="none">尚未发布公告。</p>
      ) : (
        <ul>
          {bulletins.map((own) => (
            <li>
              <a href={`/bulletins/${own.id}`}>{bulletinTitle(own)}</a>{' '}
              <span class="hint">{own.issuedAt !== undefined && shanghaiDate(new Date(own.issuedAt))}</span>
            </li>
          ))}
        </ul>
      )}
      <p class="hint">
        订阅：<a href="/bulletins/feed.atom">Atom</a>、<a href="/bulletins/feed.json">JSON Feed</a>。
      </p>
    </Layout>
  )
}

/** One bulletin as it reads today: who has left the list since is not named any more. */
export function BulletinPage({ frame, bulletin }: { frame: PageFrame; bulletin: ShownBulletin }) {
  const { id, from, to, listed, ended, removed, corrections, correctedBy, previous, next, issuedAt } =
    bulletin
  const left = Object.entries(removed)
  return (
    <Layout frame={frame} title={bulletinTitle(bulletin)}>
      <h1>{bulletinTitle(bulletin)}</h1>
      <p>
        {bulletin.authority}
        {issuedAt !== undefined && `，${dateInWords(shanghaiDate(new Date(issuedAt)))}发布`}。期间：
        {dateInWords(from)}至{dateInWords(to)}。
      </p>
      {correctedBy.map((later) => (
        <p class="notice">
          ▲ 本期公告的内容有更正，见<a href={`/bulletins/${later}`}>后一期公告</a>。
        </p>
      ))}
      <h2>本期列入</h2>
      {listed.length === 0 ? <p class="none">无</p> : <ListingTable listings={listed} />}
      {ended > 0 && <p class="hint">另有 {ended} 家已移出，不再显示。</p>}
      <h2>本期移出</h2>
      <p>
        {left.length === 0
          ? '无'
          : left.map(([cause, count]) => `${CAUSES[cause] ?? cause} ${count} 家`).join('，')}
      </p>
      {corrections.length > 0 && (
        <section>
          <h2>更正</h2>
          {corrections.map(({ bulletin: earlier, text }) => (
            <p>
              {text}（<a href={`/bulletins/${earlier}`}>原公告</a>）
            </p>
          ))}
        </section>
      )}
      <p>
        {previous !== null && <a href={`/bulletins/${previous}`}>上一期</a>}{' '}
        {next !== null && <a href={`/bulletins/${next}`}>下一期</a>} <a href="/bulletins">全部公告</a>
      </p>
      <p class="hint">
        下载：<a href={`/api/v1/bulletins/${id}?format=csv`}>CSV</a>、
        <a href={`/api/v1/bulletins/${id}?format=xlsx`}>XLSX</a>、<a href={`/api/v1/bulletins/${id}`}>JSON</a>
        。
      </p>
    </Layout>
  )
}
