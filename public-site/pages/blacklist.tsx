import { shanghaiDate } from '../../src/calendar/dates.ts'
import { regionsWithin } from '../../src/codes/regions.ts'
import type { Report } from '../../src/computing/reports.ts'
import type { ListedEnterprise } from '../../src/registry/listings.ts'
import { Code } from '../../src/ui/code.tsx'
import { type Filter, Filters } from '../../src/ui/filters.tsx'
import { Link, Registered, useFrame, useSay } from '../../src/ui/frame.tsx'
import { Table } from '../../src/ui/table.tsx'
import { dateInWords, placeName } from '../../src/ui/values.tsx'
import { grouped, Layout } from '../components/layout.tsx'
import { ListedSince } from '../components/listing.tsx'
import { ListingTable } from '../components/listings.tsx'
import { listDataset } from '../datasets.ts'

interface Props {
  /** Listings as the JSON that they are stored as. */
  listings: readonly string[]
  parameters: URLSearchParams
  /** How many are on the list now, by ground and by authority; undefined while they can't be counted. */
  grounds: Report | undefined
  authorities: Report | undefined
  /** And by city; with the first page of the whole list. */
  byCity?: Report | undefined
  /** Cursor of the next page. */
  next?: string | undefined
  asOf?: string | undefined
  today: string
}

/** The blacklist as a published notice. */
export function BlacklistPage(props: Props) {
  const { listings, parameters, grounds, authorities, byCity, next, asOf, today } = props
  const { time, base } = useFrame()
  const say = useSay()
  const more = new URLSearchParams(parameters)
  if (next !== undefined) more.set('cursor', next)
  const download = new URLSearchParams(parameters)
  download.delete('cursor')
  const value = (name: string) => parameters.get(name) ?? ''
  /** A filter by what is on the list, to be typed while that can't be counted. */
  const filterBy = (name: 'ground' | 'authority', label: string, report: Report | undefined): Filter => {
    const asked = { name, label, value: value(name) }
    if (!report) return { ...asked, type: 'text' }
    const choices = report.rows.map((row) => ({ value: String(row[name]), label: String(row[name]) }))
    return { ...asked, type: 'choice', choices }
  }
  const isPast = asOf !== undefined && asOf !== today
  return (
    <Layout
      title={say('质量失信黑名单', 'Blacklist for seriously dishonest conduct in quality')}
      description={say(
        '河北省质量失信黑名单：在列企业、列入情形、列入机关和期限，可按地区、情形、产品和日期筛选。',
        'The blacklist of Hebei: enterprises, grounds, authorities, periods.',
      )}
      feed="/blacklist/feed"
      canonical="/blacklist"
      unlisted={parameters.size > 0}
      data={listDataset(base)}
    >
      <h1>{say('质量失信黑名单', 'Blacklist')}</h1>
      <p class="text">
        {isPast
          ? say(
              `${dateInWords(asOf)} 在列、现仍在列的企业。`,
              `On the list on ${dateInWords(asOf, 'en')} and still on it. `,
            )
          : say(`截至 ${time} 在列的企业，最近列入的在前。`, `On the list as of ${time}, the latest first. `)}
        {say(
          '列入经告知、陈述申辩和另一人决定；已移出的不再显示。',
          'Listing takes a notice, time for a statement and a decision by a second person; who has left the list is not shown.',
        )}
      </p>
      <Filters
        action="/blacklist"
        filters={[
          { name: 'q', label: say('企业名称', 'Name'), type: 'text', value: value('q') },
          {
            name: 'region',
            label: say('地区', 'Region'),
            type: 'choice',
            value: value('region'),
            choices: regionsWithin('130000').map(({ code, name }) => ({ value: code, label: name })),
          },
          filterBy('ground', say('列入情形', 'Ground'), grounds),
          filterBy('authority', say('列入机关', 'Authority'), authorities),
          { name: 'product', label: say('产品', 'Product'), type: 'text', value: value('product') },
          { name: 'from', label: say('列入日期自', 'Listed from'), type: 'date', value: value('from') },
          { name: 'to', label: say('列入日期至', 'Listed to'), type: 'date', value: value('to') },
          {
            name: 'asOf',
            label: say('哪一天的名单', 'List as of'),
            type: 'date',
            value: asOf ?? today,
            max: today,
          },
        ]}
      />
      {listings.length === 0 ? (
        <p class="none">{say('没有符合条件的企业。', 'No such enterprise is on the list.')}</p>
      ) : (
        <ListingTable listings={listings} />
      )}
      {next !== undefined && (
        <p>
          <Link class="next" rel="next" to={`/blacklist?${more}`}>
            {say('下一页', 'Next page')}
          </Link>
        </p>
      )}
      {byCity && byCity.rows.length > 0 && <Cities byCity={byCity} />}
      <p class="hint">
        {say('下载：', 'Download: ')}
        <a href={`/api/v1/blacklist?${download}&format=csv`}>CSV</a>
        {say('、', ', ')}
        <a href={`/api/v1/blacklist?${download}&format=xlsx`}>XLSX</a>
        {say('。订阅：', '. Follow: ')}
        <a href="/blacklist/feed.atom">Atom</a>
        {say('、', ', ')}
        <a href="/blacklist/feed.json">JSON Feed</a>
        {say('。', '. ')}
        <Link to="/bulletins">{say('历期公告', 'All bulletins')}</Link>
        {say('；', '; ')}
        <Link to="/rules">{say('列入规则', 'Rules')}</Link>
        {say('。', '.')}
      </p>
    </Layout>
  )
}

function Cities({ byCity: { rows } }: { byCity: Report }) {
  const say = useSay()
  return (
    <section>
      <h2>{say('各地区在列企业', 'On the list, by region')}</h2>
      <Table
        isSortable
        class="narrow"
        rows={rows}
        columns={[
          {
            label: say('地区', 'Region'),
            show: ({ region, regionCode }) =>
              regionCode === '' ? (
                String(region)
              ) : (
                <Link to={`/blacklist?region=${regionCode}`}>{placeName(String(regionCode))}</Link>
              ),
          },
          {
            label: say('在列企业数', 'Enterprises'),
            isNumber: true,
            show: ({ enterprises }) => grouped(Number(enterprises)),
          },
        ]}
      />
    </section>
  )
}

/** One listing: the public part of its case and the way off the list. */
export function ListingPage({ listing }: { listing: ListedEnterprise }) {
  const { name, orgCode, uscc, ground, basis, penalties, authority, measures, repair } = listing
  const say = useSay()
  return (
    <Layout
      title={say(`${name}：列入质量失信黑名单`, `${name} on the blacklist`)}
      canonical={`/blacklist/${listing.id}`}
    >
      <h1>
        <Registered>{name}</Registered>
      </h1>
      <div class="listed">
        <ListedSince {...listing} />
      </div>
      {listing.objectionOpen && (
        <p class="notice">
          {say(
            '企业已对列入提出异议，正在处理。',
            'The enterprise has objected to the listing; this is being dealt with.',
          )}
        </p>
      )}
      <dl class="lines">
        <div>
          <dt>{say('代码', 'Code')}</dt>
          <dd>
            <Code value={uscc ?? orgCode} />
          </dd>
        </div>
        <div>
          <dt>{say('行政区划', 'Region')}</dt>
          <dd>{placeName(listing.region)}</dd>
        </div>
        <div>
          <dt>{say('列入机关', 'Listed by')}</dt>
          <dd>{authority}</dd>
        </div>
        <div>
          <dt>{say('列入情形', 'Ground')}</dt>
          <dd>{ground}</dd>
        </div>
        <div>
          <dt>{say('列入依据', 'Basis')}</dt>
          <dd>{basis}</dd>
        </div>
        <div>
          <dt>{say('作为依据的行政处罚', 'Penalties it rests on')}</dt>
          <dd>
            {penalties.map((penalty) => (
              <span class="line">
                {penalty.documentNo}（{penalty.authority}，{penalty.decidedOn}）
              </span>
            ))}
          </dd>
        </div>
      </dl>
      <Steps listing={listing} />
      <section>
        <h2>{say('管理措施', 'Measures')}</h2>
        <ul lang="zh-CN">
          {measures.map((measure) => (
            <li>{measure}</li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{say('怎样移出', 'How to get off the list')}</h2>
        <p>
          {say(
            `期限届满自动移出。${dateInWords(repair.from)}起，符合下列条件的可以申请信用修复，提前移出：`,
            `Removal is automatic at the end of the period. From ${dateInWords(repair.from, 'en')} credit repair, and with it earlier removal, may be applied for if:`,
          )}
        </p>
        <ul lang="zh-CN">
          {repair.conditions.map((condition) => (
            <li>{condition}</li>
          ))}
        </ul>
        <p lang="zh-CN">{repair.how}。认为列入有误的，可向列入机关提出异议。</p>
        <p>
          <Link to="/rights">{say('异议和信用修复怎样办理', 'How objections and credit repair work')}</Link>
        </p>
      </section>
      <p>
        <Link to={`/enterprises/${orgCode}`}>
          {say('该企业的质量信用档案', 'Quality-credit file of this enterprise')}
        </Link>
        {say('；', '; ')}
        <Link to="/blacklist">{say('全部名单', 'the whole list')}</Link>
      </p>
    </Layout>
  )
}

/** The public steps of the procedure, done and to come. */
function Steps({ listing }: { listing: ListedEnterprise }) {
  const say = useSay()
  const { decisionNo, decidedOn, publishedAt, from, until, repair } = listing
  const steps = [
    {
      on: undefined,
      text: say(
        '告知拟列入的事实、理由和依据，听取陈述申辩（内容不公开）',
        'Notice of facts, reasons and basis; the enterprise may state its case (not public)',
      ),
    },
    { on: decidedOn, text: `${say('作出列入决定', 'Decision')}：${decisionNo}` },
    { on: from, text: say('列入，期限自此起算', 'Listed; the period begins') },
    { on: shanghaiDate(new Date(publishedAt)), text: say('公布', 'Published') },
    { on: repair.from, text: say('可以申请信用修复', 'Credit repair may be applied for') },
    ...(until === null ? [] : [{ on: until, text: say('期限届满，移出', 'Period ends, removal') }]),
  ]
  return (
    <section>
      <h2>{say('办理经过', 'Steps')}</h2>
      <ol class="history">
        {steps.map(({ on, text }) => (
          <li>
            {on === undefined ? <span class="day" /> : <time dateTime={on}>{on}</time>}
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
