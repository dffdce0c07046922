import { bulletinTitle } from '../../src/blacklist/bulletin.ts'
import { shanghaiDate } from '../../src/calendar/dates.ts'
import { signingDate } from '../../src/documents/document.ts'
import type { ShownBulletin } from '../../src/registry/bulletins.ts'
import { BULLETIN_BASIS } from '../../src/ui/bulletin-document.ts'
import { Filters } from '../../src/ui/filters.tsx'
import { Link, Registered, useSay } from '../../src/ui/frame.tsx'
import { dateInWords } from '../../src/ui/values.tsx'
import { removalsInWords } from '../../src/ui/words.ts'
import { Layout } from '../components/layout.tsx'
import { ListingTable } from '../components/listings.tsx'

interface Props {
  bulletins: readonly ShownBulletin[]
  asOf?: string | undefined
  today: string
}

/** All bulletins, the latest first. */
export function BulletinsPage({ bulletins, asOf, today }: Props) {
  const say = useSay()
  return (
    <Layout
      title={say('质量失信黑名单公告', 'Blacklist bulletins')}
      feed="/bulletins/feed"
      canonical="/bulletins"
      unlisted={asOf !== undefined}
    >
      <h1>{say('质量失信黑名单公告', 'Blacklist bulletins')}</h1>
      <Filters
        action="/bulletins"
        filters={[
          {
            name: 'asOf',
            label: say('到哪一天为止', 'Issued by'),
            type: 'date',
            value: asOf ?? today,
            max: today,
          },
        ]}
      />
      {bulletins.length === 0 ? (
        <p class="none">{say('尚未发布公告。', 'No bulletin had been issued.')}</p>
      ) : (
        <ul class="plain">
          {bulletins.map((own) => (
            <li>
              <span class="number">{own.issuedAt !== undefined && shanghaiDate(new Date(own.issuedAt))}</span>{' '}
              <Link to={`/bulletins/${own.id}`}>
                <Registered>{bulletinTitle(own)}</Registered>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <p class="hint">
        {say('订阅：', 'Follow: ')}
        <a href="/bulletins/feed.atom">Atom</a>
        {say('、', ', ')}
        <a href="/bulletins/feed.json">JSON Feed</a>
        {say('。', '.')}
      </p>
    </Layout>
  )
}

/** One bulletin as it reads today: who has left the list since is not named any more. */
export function BulletinPage({ bulletin }: { bulletin: ShownBulletin }) {
  const { id, from, to, listed, ended, removed, corrections, correctedBy, previous, next, issuedAt } =
    bulletin
  const say = useSay()
  return (
    <Layout title={bulletinTitle(bulletin)} canonical={`/bulletins/${id}`}>
      <h1>
        <Registered>{bulletinTitle(bulletin)}</Registered>
      </h1>
      <p lang="zh-CN">
        {bulletin.authority}
        {issuedAt !== undefined && `，${dateInWords(shanghaiDate(new Date(issuedAt)))}发布`}。期间：
        {dateInWords(from)}至{dateInWords(to)}。
      </p>
      {correctedBy.map((later) => (
        <p class="notice" lang="zh-CN">
          本期公告的内容有更正，见<Link to={`/bulletins/${later}`}>后一期公告</Link>。
        </p>
      ))}
      <h2>{say('本期列入', 'Listed in this period')}</h2>
      {listed.length === 0 ? (
        <p class="none">{say('无', 'None')}</p>
      ) : (
        <ListingTable listings={listed.map((one) => JSON.stringify(one))} />
      )}
      {ended > 0 && (
        <p class="hint">
          {say(`另有 ${ended} 家已移出，不再显示。`, `${ended} more have left the list and are not shown.`)}
        </p>
      )}
      <h2>{say('本期移出', 'Removed in this period')}</h2>
      <p>{removalsInWords(removed, say)}</p>
      {corrections.length > 0 && (
        <section>
          <h2>{say('更正', 'Corrections')}</h2>
          {corrections.map(({ bulletin: earlier, text }) => (
            <p lang="zh-CN">
              {text}（<Link to={`/bulletins/${earlier}`}>原公告</Link>）
            </p>
          ))}
        </section>
      )}
      {issuedAt !== undefined && (
        <section lang="zh-CN">
          <p>{BULLETIN_BASIS}</p>
          <div class="signature">
            <p>{bulletin.authority}</p>
            <p>{signingDate(shanghaiDate(new Date(issuedAt)))}</p>
          </div>
        </section>
      )}
      <nav class="sections" aria-label={say('其他公告', 'Other bulletins')}>
        {previous !== null && (
          <Link to={`/bulletins/${previous}`} rel="prev">
            {say('上一期', 'Previous')}
          </Link>
        )}
        {next !== null && (
          <Link to={`/bulletins/${next}`} rel="next">
            {say('下一期', 'Next')}
          </Link>
        )}
        <Link to="/bulletins">{say('全部公告', 'All bulletins')}</Link>
      </nav>
      <p class="hint">
        {say('下载：', 'Download: ')}
        <a href={`/api/v1/bulletins/${id}?format=csv`}>CSV</a>
        {say('、', ', ')}
        <a href={`/api/v1/bulletins/${id}?format=xlsx`}>XLSX</a>
        {say('、', ', ')}
        <a href={`/api/v1/bulletins/${id}`}>JSON</a>
      </p>
    </Layout>
  )
}
