import { region } from '../../src/codes/regions.ts'
import type { ListedEnterprise } from '../../src/registry/listings.ts'
import { Code } from '../components/code.tsx'
import { Layout, type PageFrame } from '../components/layout.tsx'
import { dateInWords } from '../components/values.tsx'

interface Props {
  frame: PageFrame
  listings: readonly ListedEnterprise[]
  parameters: URLSearchParams
  /** Cursor of the next page. */
  next?: string | undefined
  asOf?: string | undefined
  today: string
}

const FIELDS = [
  { name: 'q', label: '企业名称', type: 'text' },
  { name: 'region', label: '地区', type: 'text' },
  { name: 'product', label: '产品', type: 'text' },
  { name: 'from', label: '列入日期自', type: 'date' },
  { name: 'to', label: '至', type: 'date' },
] as const

/** The blacklist as a published notice. */
export function BlacklistPage({ frame, listings, parameters, next, asOf, today }: Props) {
  const more = new URLSearchParams(parameters)
  if (next !== undefined) more.set('cursor', next)
  const download = new URLSearchParams(parameters)
  download.delete('cursor')
  return (
    <Layout frame={frame} title="质量失信黑名单">
      <h1>质量失信黑名单</h1>
      <p class="text">
        {asOf === undefined || asOf === today
          ? `截至 ${frame.time} 在列的企业，最近列入的在前。`
          : `${dateInWords(asOf)} 在列、现仍在列的企业。`}
        列入经告知、陈述申辩和另一人决定；已移出的不再显示。
      </p>
      <form class="filters" method="get" action="/blacklist">
        {FIELDS.map(({ name, label, type }) => (
          <div class="filter">
            <label for={`filter-${name}`}>{label}</label>
            {type === 'date' ? (
              <input
                id={`filter-${name}`}
                class="filter-field"
                name={name}
                type="date"
                value={parameters.get(name) ?? ''}
              />
            ) : (
              <input
                id={`filter-${name}`}
                class="filter-field"
                name={name}
                value={parameters.get(name) ?? ''}
                maxLength={100}
              />
            )}
          </div>
        ))}
        <div class="filter">
          <label for="filter-asOf">哪一天的名单</label>
          <input
            id="filter-asOf"
            class="filter-field"
            name="asOf"
            type="date"
            value={asOf ?? today}
            max={today}
          />
        </div>
        <button type="submit">筛选</button>
      </form>
      {listings.length === 0 ? (
        <p class="none">没有符合条件的企业。</p>
      ) : (
        <ListingTable listings={listings} />
      )}
      {next !== undefined && (
        <p>
          <a class="next" rel="next" href={`/blacklist?${more}`}>
            下一页
          </a>
        </p>
      )}
      <p class="hint">
        下载：<a href={`/api/v1/blacklist?${download}&format=csv`}>CSV</a>、
        <a href={`/api/v1/blacklist?${download}&format=xlsx`}>XLSX</a>。订阅：
        <a href="/blacklist/feed.atom">Atom</a>、<a href="/blacklist/feed.json">JSON Feed</a>。
        <a href="/bulletins">历期公告</a>；<a href="/honours">守信激励名单</a>；
        <a href="/api/v1/rule-sets">列入规则</a>。
      </p>
    </Layout>
  )
}

/** Listings as a table that reads like a notice. */
export function ListingTable({ listings }: { listings: readonly ListedEnterprise[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">企业名称</th>
          <th scope="col">统一社会信用代码</th>
          <th scope="col">行政区划</th>
          <th scope="col">列入情形</th>
          <th scope="col">列入日期</th>
          <th scope="col">期限至</th>
          <th scope="col">列入机关</th>
        </tr>
      </thead>
      <tbody>
        {listings.map((listing) => (
          <tr>
            <td data-label="企业名称">
              <a href={`/blacklist/${listing.id}`}>{listing.name}</a>
            </td>
            <td data-label="统一社会信用代码">
              <Code value={listing.uscc ?? listing.orgCode} />
            </td>
            <td data-label="行政区划">{region(listing.region)?.path.replace(/^河北省/, '') ?? ''}</td>
            <td data-label="列入情形">{listing.ground}</td>
            <td data-label="列入日期" class="number">
              {listing.from}
            </td>
            <td data-label="期限至" class="number">
              {listing.until ?? '长期'}
            </td>
            <td data-label="列入机关">{listing.authority}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** One listing: the public part of its case and the way off the list. */
export function ListingPage({ frame, listing }: { frame: PageFrame; listing: ListedEnterprise }) {
  const {
    name,
    orgCode,
    uscc,
    ground,
    basis,
    penalties,
    decisionNo,
    decidedOn,
    authority,
    measures,
    repair,
  } = listing
  return (
    <Layout frame={frame} title={`${name}：列入质量失信黑名单`}>
      <h1>{name}</h1>
      <div class="listed">
        <p class="verdict">
          <strong>自 {dateInWords(listing.from)}起被列入</strong>质量失信黑名单
          {listing.until !== null && `，期限至 ${dateInWords(listing.until)}`}。
        </p>
      </div>
      {listing.objectionOpen && <p class="notice">▲ 企业已对列入提出异议，正在处理。</p>}
      <dl class="lines">
        <div>
          <dt>代码</dt>
          <dd>
            <Code value={uscc ?? orgCode} />
          </dd>
        </div>
        <div>
          <dt>行政区划</dt>
          <dd>{region(listing.region)?.path ?? ''}</dd>
        </div>
        <div>
          <dt>列入机关</dt>
          <dd>{authority}</dd>
        </div>
        <div>
          <dt>列入决定</dt>
          <dd>
            {decisionNo}，{dateInWords(decidedOn)}
          </dd>
        </div>
        <div>
          <dt>列入情形</dt>
          <dd>{ground}</dd>
        </div>
        <div>
          <dt>列入依据</dt>
          <dd>{basis}</dd>
        </div>
        <div>
          <dt>作为依据的行政处罚</dt>
          <dd>
            {penalties.map((penalty) => (
              <span class="line">
                {penalty.documentNo}（{penalty.authority}，{penalty.decidedOn}）
              </span>
            ))}
          </dd>
        </div>
      </dl>
      <section>
        <h2>管理措施</h2>
        <ul>
          {measures.map((measure) => (
            <li>{measure}</li>
          ))}
        </ul>
      </section>
      <section>
        <h2>怎样移出</h2>
        <p>期限届满自动移出。{dateInWords(repair.from)}起，符合下列条件的可以申请信用修复，提前移出：</p>
        <ul>
          {repair.conditions.map((condition) => (
            <li>{condition}</li>
          ))}
        </ul>
        <p>{repair.how}。认为列入有误的，可向列入机关提出异议。</p>
      </section>
      <p>
        <a href={`/enterprises/${orgCode}`}>该企业的质量信用档案</a>；<a href="/blacklist">全部名单</a>
      </p>
    </Layout>
  )
}
