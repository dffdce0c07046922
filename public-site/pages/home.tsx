import type { ListedEnterprise } from '../../src/registry/listings.ts'
import { Layout, type PageFrame, SearchBox, SITE_NAME } from '../components/layout.tsx'

interface Props {
  frame: PageFrame
  count: number
  /** The latest listings. */
  listings: readonly ListedEnterprise[]
}

export function HomePage({ frame, count, listings }: Props) {
  return (
    <Layout frame={frame} title={SITE_NAME} bare>
      <section class="welcome">
        <h1>查一家企业的质量信用</h1>
        <SearchBox query="" large />
        <p class="hint">
          可输入名称的任何一部分、曾用名、18 位统一社会信用代码、9 位组织机构代码、全拼或拼音首字母。
        </p>
      </section>
      <section>
        <h2>这里有什么</h2>
        <p>
          现有 <strong class="number">{count.toLocaleString('en-US')}</strong>{' '}
          家企业的质量信用档案。每份档案收录基本信息、许可认证、监管动态、违法违规和良好信息，每条信息都可追溯到登记的时间和依据。
        </p>
      </section>
      {listings.length > 0 && (
        <section>
          <h2>最近列入质量失信黑名单</h2>
          <ul>
            {listings.map(({ id, name, from, ground }) => (
              <li>
                <a href={`/blacklist/${id}`}>{name}</a> <span class="number">{from}</span>{' '}
                <span class="hint">{ground}</span>
              </li>
            ))}
          </ul>
          <p>
            <a href="/blacklist">全部名单</a>
          </p>
        </section>
      )}
      <section>
        <h2>这里没有什么</h2>
        <p>
          未建档不表示企业不存在，无记录不表示没有问题。简易程序的处罚、仅给予警告的处罚、复检期未满的抽查结果和已过公示期的信息依法不予公示。不收录任何个人信息。
        </p>
      </section>
    </Layout>
  )
}
