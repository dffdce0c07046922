import { bulletinTitle } from '../../src/blacklist/bulletin.ts'
import { shanghaiDate } from '../../src/calendar/dates.ts'
import { type Dated, type Holdings, REMOVED_DAYS } from '../../src/computing/reports.ts'
import type { Catalogue } from '../../src/records/catalogue.ts'
import type { ShownBulletin } from '../../src/registry/bulletins.ts'
import type { ListedEnterprise } from '../../src/registry/listings.ts'
import { Link, Registered, useSay } from '../../src/ui/frame.tsx'
import { removalsInWords, sectionName } from '../../src/ui/words.ts'
import { FiguresAsOf } from '../components/as-of.tsx'
import { grouped, Layout, SearchBox, SITE_NAME } from '../components/layout.tsx'

interface Props {
  /** Undefined while they can't be counted. */
  holdings: Dated<Holdings> | undefined
  catalogue: Catalogue
  /** The latest listings, and the latest bulletin. */
  listings: readonly ListedEnterprise[]
  bulletin: ShownBulletin | undefined
}

export function HomePage({ holdings, catalogue, listings, bulletin }: Props) {
  const say = useSay()
  return (
    <Layout
      title={say(SITE_NAME, 'Hebei Enterprise Quality-Credit Registry')}
      description={say(
        '查河北省任何一家企业的质量信用：许可认证、监督检查、行政处罚、质量奖励、质量信用等级和质量失信黑名单。',
        'Look up the quality credit of any enterprise in Hebei: licences, inspections, penalties, awards, grade, blacklist.',
      )}
      bare
    >
      <section class="welcome">
        <h1>{say('查一家企业的质量信用', 'Look up the quality credit of an enterprise')}</h1>
        <SearchBox query="" large />
        <p class="hint">
          {say(
            '可输入名称的任何一部分、曾用名、18 位统一社会信用代码、9 位组织机构代码、全拼或拼音首字母。',
            'Any part of a present or former name, the 18-character unified code, the 9-character organisation code, pinyin or initials.',
          )}{' '}
          <Link to="/check">{say('一次查很多家', 'Check many at once')}</Link>
        </p>
      </section>
      <div class="columns">
        <Held holdings={holdings} catalogue={catalogue} />
        <section>
          <h2>{say('最近列入质量失信黑名单', 'Lately put on the blacklist')}</h2>
          {listings.length === 0 ? (
            <p class="none">{say('目前没有企业在列。', 'No enterprise is on the list.')}</p>
          ) : (
            <ul class="plain">
              {listings.map(({ id, name, from, ground }) => (
                <li>
                  <span class="number">{from}</span> <Link to={`/blacklist/${id}`}>{name}</Link>
                  <p class="hint">
                    <Registered>{ground}</Registered>
                  </p>
                </li>
              ))}
            </ul>
          )}
          {holdings && (
            <p>
              {say(`近 ${REMOVED_DAYS} 日移出：`, `Removed in the last ${REMOVED_DAYS} days: `)}
              {removalsInWords(holdings.removed, say)}
            </p>
          )}
          <p>
            <Link to="/blacklist">{say('全部名单', 'The whole list')}</Link>
          </p>
          {bulletin && (
            <>
              <h2>{say('最新公告', 'Newest bulletin')}</h2>
              <p>
                <Link to={`/bulletins/${bulletin.id}`}>
                  <Registered>{bulletinTitle(bulletin)}</Registered>
                </Link>{' '}
                <span class="hint">
                  {bulletin.issuedAt !== undefined && shanghaiDate(new Date(bulletin.issuedAt))}
                </span>
              </p>
            </>
          )}
        </section>
      </div>
      <About />
    </Layout>
  )
}

function Held({ holdings, catalogue }: Pick<Props, 'holdings' | 'catalogue'>) {
  const say = useSay()
  const lines = [
    [say('质量信用档案', 'quality-credit files'), holdings?.files, '/search'],
    ...catalogue.kinds.map(
      (kind) =>
        [
          sectionName(kind, say),
          holdings && (holdings.records[kind.type] ?? 0),
          `/search?kind=${kind.type}`,
        ] as const,
    ),
    [say('质量失信黑名单在列企业', 'enterprises on the blacklist'), holdings?.listed, '/blacklist'],
  ] as const
  return (
    <section>
      <h2>{say('这里有什么', 'What is here')}</h2>
      <dl class="held">
        {lines.map(([label, count, to]) => (
          <div>
            <dt>
              <Link to={to}>{label}</Link>
            </dt>
            <dd class="number">{count === undefined ? say('未知', 'unknown') : grouped(count)}</dd>
          </div>
        ))}
      </dl>
      {holdings ? (
        <FiguresAsOf asOf={[holdings.asOf]} />
      ) : (
        <p class="hint">
          {say(
            '数字暂时不能计算，正在自动恢复。',
            'The figures can not be computed at present; they come back by themselves.',
          )}
        </p>
      )}
      <p>
        {say(
          '每份档案都可追溯：每条信息何时登记、由哪个机关登记、依据什么文书，过去某一天的档案是什么样子。',
          'Every file can be traced: what was recorded when, by which authority, on what document, and how the file read on any past day.',
        )}{' '}
        <Link to="/statistics">{say('质量状况统计', 'Statistics')}</Link>
      </p>
    </section>
  )
}

function About() {
  const say = useSay()
  return (
    <section class="text">
      <h2>{say('这里没有什么', 'What is not here')}</h2>
      <p>
        {say(
          '未建档不表示企业不存在，无记录不表示没有问题。简易程序的处罚、仅给予警告的处罚、复检期未满的抽查结果和已过公示期的信息依法不予公示。不收录任何个人信息。',
          'No file does not mean that an enterprise does not exist; no record does not mean that nothing is wrong. Minor penalties, results that may still be re-tested and whatever has passed its period are not published by law. Nothing personal is held.',
        )}
      </p>
      <p>
        {say(
          '查询不需要注册、登录或验证码，也不记录谁查了什么。等级怎样评定、名单怎样列入和移出，见',
          'No account, no login, no puzzle; nobody records who looked up whom. How grades are given and how enterprises get on and off the list: ',
        )}
        <Link to="/rules">{say('规则', 'rules')}</Link>
        {say('；信息有误的，见', '; if something is wrong: ')}
        <Link to="/rights">{say('异议和信用修复', 'objections and credit repair')}</Link>
        {say('。', '.')}
      </p>
    </section>
  )
}
