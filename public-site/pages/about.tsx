import { publicationRules as rules } from '../../src/records/rules.ts'
import { Link, useFrame, useSay, type Words } from '../../src/ui/frame.tsx'
import { Layout } from '../components/layout.tsx'

/** What an enterprise can do about what is said of it. */
export function RightsPage() {
  const say = useSay()
  const title = say('异议和信用修复', 'Objections and credit repair')
  const parts: { heading: Words; text: Words }[] = [
    {
      heading: ['知道', 'To know'],
      text: [
        '档案里有什么、谁在什么时候登记、依据什么，任何人都能查，不需要登录。登记前的更正、撤回也留有记录。列入黑名单之前必须告知，听取陈述、申辩。',
        'Anyone can see what a file holds, who recorded it when and on what ground, without an account. Corrections and withdrawals leave a trace. Nobody is listed without notice and a chance to state its case.',
      ],
    },
    {
      heading: ['提出异议', 'To object'],
      text: [
        `认为信息有误、公示不当或等级不对的，向登记或作出决定的机关提出。机关在 ${rules.objectionDays.value} 个工作日内处理（${rules.objectionDays.source}）。处理期间，档案上注明“正在处理”。查实有误的，更正或撤回。`,
        `Whoever holds an entry, its publication or a grade to be wrong objects with the authority that recorded it. It is to be dealt with within ${rules.objectionDays.value} working days; meanwhile the file says that it is.`,
      ],
    },
    {
      heading: ['提前停止公示', 'To end the publication of a penalty early'],
      text: [
        `行政处罚公示满 ${rules.earlyEndMonths.value} 个月、已经履行义务、消除危害后果的，可以申请提前停止公示（${rules.earlyEndMonths.source}）。受到${rules.neverEndedEarly.value.join('、')}的除外。`,
        `A penalty published for ${rules.earlyEndMonths.value} months, fulfilled and its harm removed, may on application be taken off early, except after suspension, restriction, revocation and the like.`,
      ],
    },
    {
      heading: ['信用修复，移出黑名单', 'To get off the blacklist'],
      text: [
        '列入满规定时间、符合条件的，可以向作出列入决定的机关申请信用修复，提前移出。条件、材料和办理期限写在每一项列入的页面上。期限届满自动移出。移出后，网站、接口和检索中不再显示。',
        'After a set time and under set conditions, credit repair may be applied for with the authority that decided the listing. Each listing’s page says when and how. At the end of the period removal is automatic. After removal, nothing shows it any more.',
      ],
    },
    {
      heading: ['复议和诉讼', 'Review and litigation'],
      text: [
        '对行政处罚或列入决定不服的，可以依法申请行政复议或者提起行政诉讼。决定被撤销、变更、确认违法或者无效的，有关信息撤回，由此而来的列入和等级随之更正。',
        'Penalties and listings can be taken to administrative review or to court. Where a decision is annulled or changed, what rests on it is withdrawn and corrected.',
      ],
    },
  ]
  return (
    <Layout title={title} canonical="/rights">
      <div class="text">
        <h1>{title}</h1>
        {parts.map(({ heading, text }) => (
          <section>
            <h2>{say(...heading)}</h2>
            <p>{say(...text)}</p>
          </section>
        ))}
        <h2>{say('要带什么', 'What to bring')}</h2>
        <ul>
          <li>
            {say('营业执照复印件、经办人身份证明；', 'a copy of the business licence and proof of identity;')}
          </li>
          <li>{say('有关信息的网址和登记序号；', 'the address of the page and the register position;')}</li>
          <li>
            {say(
              '证明材料：许可证、检验报告、处罚决定书、复议或判决文书、履行完毕和整改到位的证明。',
              'documents: licence, test report, penalty decision, judgment, proof of fulfilment and rectification.',
            )}
          </li>
        </ul>
        <p>
          <Link to="/rules">{say('规则全文和出处', 'The rules and their sources')}</Link>
        </p>
      </div>
    </Layout>
  )
}

/** What is known of whoever reads, and of the persons behind enterprises. */
export function PrivacyPage() {
  const say = useSay()
  const title = say('隐私', 'Privacy')
  const paragraphs: Words[] = [
    [
      '本网站没有账号、没有跟踪、没有第三方内容，不设置 Cookie。日志只记哪一类页面在何时被访问、用了多久，不记网址中的查询内容，也就不知道谁查了哪家企业。',
      'There are no accounts, no tracking, no third parties, no cookies. Logs hold which kind of page was asked for when and how long it took, never what was searched for.',
    ],
    [
      '批量核验的名单和结果只在内存中保留半小时，可以立即删除。',
      'Lists handed in for a batch check are held in memory for half an hour and can be deleted at once.',
    ],
    [
      '档案记的是企业。法定代表人姓名、内部备注等不公开；身份证号码不收录；文书中混入的个人信息在登记时即被拒绝或遮去。个人信息如果误入公开内容，请立即告知，核实后隐去，只留摘要以备核对。',
      'Files are about enterprises. Names of legal representatives and internal notes are not public; identity numbers are not taken at all. Should anything personal have slipped in, tell us: it is erased, and only its digest remains.',
    ],
    [
      '公示期满的信息停止公示；移出黑名单的企业不再显示；误列的，连同文字一并抹除。',
      'What has passed its period is no longer published; who has left the blacklist is not shown; where a listing was wrong its texts are erased.',
    ],
  ]
  return (
    <Layout title={title} canonical="/privacy">
      <div class="text">
        <h1>{title}</h1>
        {paragraphs.map((paragraph) => (
          <p>{say(...paragraph)}</p>
        ))}
      </div>
    </Layout>
  )
}

/** How far the site can be used by everyone. */
export function AccessibilityPage() {
  const { contact } = useFrame()
  const say = useSay()
  const title = say('无障碍', 'Accessibility')
  return (
    <Layout title={title} canonical="/accessibility">
      <div class="text">
        <h1>{title}</h1>
        <p>
          {say(
            '本网站按《网页内容无障碍指南》（WCAG）2.2 AA 级制作，每类页面在每次发布前以工具自动检查：浅色和深色、手机和电脑宽度。',
            'The site is made to WCAG 2.2 AA. Before each release every kind of page is checked by tools, in light and dark, at the widths of phones and desktops.',
          )}
        </p>
        <ul>
          <li>
            {say(
              '不用脚本也能完成一切；脚本只添方便。',
              'Everything works without scripts; they only add convenience.',
            )}
          </li>
          <li>
            {say(
              '可以只用键盘；跳转链接通向正文。',
              'The keyboard is enough; a skip link leads to the content.',
            )}
          </li>
          <li>
            {say(
              '状态用文字和形状表示，不单靠颜色；正文对比度不低于 7:1。',
              'States are told by words and shapes, never by colour alone; text has a contrast of at least 7:1.',
            )}
          </li>
          <li>
            {say(
              '文字放大到 200% 不丢内容；窄屏上表格改为逐项排列。',
              'At 200 % text nothing is lost; on narrow screens tables become lists.',
            )}
          </li>
          <li>{say('图表下都有同样内容的表。', 'Each chart has its figures in a table.')}</li>
        </ul>
        <p>
          {say(
            '尚未由使用读屏软件的人逐页试用。接口文档（/docs）由第三方组件生成，可改读 OpenAPI 文件。',
            'Not yet tried page by page by users of screen readers. The API reference (/docs) is made by a third-party component; the OpenAPI file can be read instead.',
          )}
        </p>
        <p>
          {say('使用中有困难，请告诉我们。', 'Please tell us of any difficulty.')} {contact}
        </p>
      </div>
    </Layout>
  )
}

/** What changed for readers, the latest first. */
const CHANGES: readonly { on: string; text: Words }[] = [
  {
    on: '2026-11',
    text: [
      '接口中不同于以前的：登记簿条目 /entries 只供监察，平台请用 /events；看不到全部登记的机关密钥，所得的版次和 ETag 是登记序号，条目不带摘要；期限列表的 cursor 是文字；核验的逐行结论、导入的各行、待建档的列表、导入的列表以 cursor 和 next 翻页，不再以 from、after 计数，翻页之间有增减也不漏不重；抽取的公开内容只写机关；撤回一次导入答 202；过大的名单一律答 413。',
      'Different from before in the API: /entries is for audit only, platforms use /events; keys that do not see all get register positions as revisions and ETags, and entries without digests; cursors of deadlines are text; results of a check, rows of an import and waiting rows page by cursor and next, no more by the numbers from and after, so that nothing is missed or doubled; public draws name authorities only; taking back an import answers 202; lists that are too large answer 413.',
    ],
  },
  {
    on: '2026-11',
    text: [
      '增加批量核验和核验记录、质量状况统计、规则页面、开放数据目录、英文框架、打印版和单个企业的订阅；检索可按行业、许可、黑名单筛选和排序，可导出全部结果。',
      'Batch check with stamped records, statistics, rules, catalogue of open data, English frame, print version, feeds of single enterprises; search by industry, licence and listing, in several orders, with full export.',
    ],
  },
  {
    on: '2026-10',
    text: [
      '公布质量失信黑名单、守信激励名单、公告，档案中说明等级的由来。',
      'Blacklist, honour list, bulletins; files explain how a grade came about.',
    ],
  },
  {
    on: '2026-09',
    text: ['企业质量信用档案开放查询。', 'Quality-credit files can be looked up.'],
  },
]

export function ChangesPage() {
  const say = useSay()
  const title = say('网站变更', 'Changes of the site')
  return (
    <Layout title={title} canonical="/changes">
      <div class="text">
        <h1>{title}</h1>
        <p>
          {say(
            '网站和接口的变更记在这里。接口在同一版本（/api/v1）内只增不减；为正确和保密不得不改的，写明在此。',
            'Changes of the site and its interfaces. Within a version (/api/v1) interfaces only grow; what had to change for correctness or privacy is said here.',
          )}
        </p>
        <ul class="plain">
          {CHANGES.map(({ on, text }) => (
            <li>
              <span class="number">{on}</span> {say(...text)}
            </li>
          ))}
        </ul>
      </div>
    </Layout>
  )
}
