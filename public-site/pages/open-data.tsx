import { Link, useFrame, useSay } from '../../src/ui/frame.tsx'
import { Layout } from '../components/layout.tsx'
import { type Dataset, datasetOf } from '../datasets.ts'

/** What can be had as data, how, and on what terms; where developers begin. */
export function OpenDataPage({ datasets }: { datasets: readonly Dataset[] }) {
  const { base } = useFrame()
  const say = useSay()
  const title = say('开放数据和接口', 'Open data and interfaces')
  return (
    <Layout
      title={title}
      description={say(
        '企业质量信用档案、黑名单、公告、统计和规则的数据：内容、格式、取得方法和使用条款。',
        'Files, blacklist, bulletins, statistics and rules as data: contents, formats, how to get them, terms.',
      )}
      canonical="/open-data"
      data={datasets.map((dataset) => datasetOf(dataset, base))}
    >
      <h1>{title}</h1>
      <p class="text">
        {say(
          '网站上能看到的，都能作为数据取得，不需要申请、注册或密钥。',
          'Whatever the site shows can be had as data, without application, account or key.',
        )}
      </p>
      <h2>{say('有哪些数据', 'What there is')}</h2>
      <ul class="plain">
        {datasets.map(({ id, title: zh, titleEn, description, descriptionEn, page, files }) => (
          <li id={id}>
            <strong>
              {page === undefined ? say(zh, titleEn) : <Link to={page}>{say(zh, titleEn)}</Link>}
            </strong>
            <p>{say(description, descriptionEn)}</p>
            <p class="buttons">
              {files.map(({ path, label }) => (
                <a href={path} rel="nofollow">
                  {label}
                </a>
              ))}
            </p>
          </li>
        ))}
      </ul>
      <h2>{say('第一个请求', 'A first request')}</h2>
      <p>{say('按名称找企业：', 'Find an enterprise by name:')}</p>
      <pre>
        <code>{`curl '${base}/api/v1/enterprises?q=shili&limit=3'`}</code>
      </pre>
      <p>
        {say(
          '取得全部公开档案，此后只取变动（每次以返回的 next 作为下一次的 since；position 严格递增，不漏不重）：',
          'Get every public file, then only what changes (give the returned next as since; positions grow strictly, nothing is missed or doubled):',
        )}
      </p>
      <pre>
        <code>{`curl '${base}/api/v1/changes?since=0&limit=1000'`}</code>
      </pre>
      <p class="buttons">
        <a href="/docs">{say('接口文档', 'API reference')}</a>
        <a href="/openapi.json">OpenAPI</a>
        <a href="/.well-known/api-catalog">api-catalog</a>
        <a href="/open-data/catalog.jsonld">DCAT</a>
        <a href="/sitemap.xml">{say('网站地图', 'sitemap')}</a>
      </p>
      <section class="text" id="terms">
        <h2>{say('使用条款', 'Terms')}</h2>
        <ul>
          <li>
            {say(
              '可以自由使用、加工、再发布，请注明出处和取得时间。',
              'Use, process and publish freely; name the source and the time.',
            )}
          </li>
          <li>
            {say(
              '信息会更正、到期、撤回。再发布的，请至少每日按变更接口更新；收到 deleted 的，即行删除。',
              'Entries are corrected, expire, are withdrawn: whoever publishes them again follows the change feed at least daily and deletes what is marked deleted.',
            )}
          </li>
          <li>
            {say(
              '不得用已经停止公示的信息对企业作出不利评价，不得与个人信息拼合。',
              'What is no longer published must not be held against an enterprise, nor joined with personal data.',
            )}
          </li>
          <li>
            {say(
              '每个地址每分钟的请求数有上限，超过时答复 429 并写明何时再来；需要更多的，可申请密钥。',
              'Requests per minute are bounded; beyond, the answer is 429 and says when to come back. A key allows more.',
            )}
          </li>
          <li>
            {say('以登记机关出具的文书为准。', 'In case of doubt the documents of the authorities hold.')}
          </li>
        </ul>
      </section>
    </Layout>
  )
}
