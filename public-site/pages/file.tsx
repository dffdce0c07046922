import { shanghaiDate } from '../../src/calendar/dates.ts'
import type { PublicFile, PublicRating, PublicRetraction } from '../../src/dossier/face.ts'
import type { Standard } from '../../src/rating/standard.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../../src/records/catalogue.ts'
import { HISTORY, type FilePage as Shown } from '../../src/registry/file-page.ts'
import { Code } from '../../src/ui/code.tsx'
import { Link, pathIn, Registered, useFrame, useSay } from '../../src/ui/frame.tsx'
import { Kept } from '../../src/ui/kept.tsx'
import { dateInWords, State, valueInWords } from '../../src/ui/values.tsx'
import { sectionName } from '../../src/ui/words.ts'
import { History } from '../components/history.tsx'
import { grouped, Layout } from '../components/layout.tsx'
import { Verdict } from '../components/listing.tsx'
import { Ratings } from '../components/ratings.tsx'
import { Records } from '../components/records.tsx'
import { addressOf, type Look, partAddress, recordsNamed } from '../file-parts.ts'
import { organisationOf } from '../structured-data.ts'

interface Props {
  page: Shown
  /** Key and version of the file, where it is the file as it stands. */
  made?: string | undefined
  catalogue: Catalogue
  /** Day of the past that the page shows; undefined for now. */
  asOf?: string | undefined
  look: Look
  today: string
  openedOn: string
  /** The standard that a rating follows, in the version it does. */
  standardOf(rating: PublicRating): Standard
  /** On paper everything stands open, with a code that leads back here. */
  print?: { qr: { size: number; path: string }; address: string }
}

export function FilePage(props: Props) {
  const { page, made, asOf, look, catalogue, today, print } = props
  const { file } = page
  const say = useSay()
  const { base } = useFrame()
  const name = String(file.enterprise.name)
  const { own, alone } = look
  const kind = catalogue.kinds.find(({ section }) => section === alone?.part)
  const part = kind ? sectionName(kind, say) : say('形成过程', 'History')
  const first = grouped((page.parts[alone?.part ?? '']?.skipped ?? 0) + 1)
  return (
    <Layout
      title={alone ? say(`${name}：${part}，第 ${first} 条起`, `${name}: ${part}, from ${first} on`) : name}
      description={say(
        `${name}的质量信用档案：许可认证、监督检查、行政处罚、质量奖励、质量信用等级，是否被列入质量失信黑名单。`,
        `Quality-credit file of ${name}: licences, inspections, penalties, awards, grade, blacklist.`,
      )}
      canonical={own}
      unlisted={asOf !== undefined || alone !== undefined || print !== undefined}
      feed={`${own}/feed`}
      data={organisationOf(file, base)}
    >
      <h1>
        <Registered>{name}</Registered>
      </h1>
      <Verdict listings={file.listings} asOf={asOf} />
      {print && <WayBack {...print} />}
      {asOf !== undefined && (
        <p class="notice" role="note">
          {say(
            `这是 ${dateInWords(asOf)} 的档案，后来的更正已计入，已停止公示的信息不再显示。`,
            `This is the file as of ${dateInWords(asOf, 'en')}, with later corrections, without what is no longer published.`,
          )}{' '}
          <Link to={own}>{say('看现在的档案', 'See it as it is now')}</Link>
        </p>
      )}
      {alone && (
        <p class="notice" role="note">
          {say(`这里只有${part}，自第 ${first} 条起。`, `This is ${part} alone, from number ${first} on.`)}{' '}
          <Link to={partAddress(look, alone.part)}>{say('看整份档案', 'The whole file')}</Link>
        </p>
      )}
      {made === undefined || asOf !== undefined || print ? (
        <Body {...props} />
      ) : (
        <Kept from={addressOf(`${today} ${made}`, look)}>{() => <Body {...props} />}</Kept>
      )}
    </Layout>
  )
}

/** Everything below the verdict: it changes with the file and the day only. */
function Body(props: Props) {
  const { page, catalogue, asOf, look, today, openedOn, standardOf } = props
  const { file, parts } = page
  const { own, alone, isPrint } = look
  const say = useSay()
  const { language } = useFrame()
  const placed = recordsNamed(page, catalogue)
  const kinds = catalogue.kinds.filter(({ section }) => !alone || alone.part === section)
  return (
    <>
      {!alone && <AboutFile {...props} />}
      <nav class="sections" aria-label={say('本页各部分', 'Parts of this page')}>
        <a href={partOf('ratings')}>{say('质量信用评价', 'Rating')}</a>
        {catalogue.kinds.map((kind) => (
          <a href={partOf(kind.section)}>
            {sectionName(kind, say)} <span class="number">{grouped(parts[kind.section]?.total ?? 0)}</span>
          </a>
        ))}
        <a href={partOf(HISTORY)}>{say('形成过程', 'History')}</a>
        <a href="#wrong">{say('报告错误', 'Report an error')}</a>
      </nav>
      {!alone && (
        <Ratings
          ratings={file.ratings.map((rating) => ({ rating, standard: standardOf(rating) }))}
          placed={placed}
          look={look}
        />
      )}
      {kinds.map((kind) => (
        <Records kind={kind} openedOn={openedOn} page={page} look={look} />
      ))}
      {(!alone || alone.part === HISTORY) && <History page={page} placed={placed} look={look} />}
      {!isPrint && (
        <>
          <form class="past" method="get" action={pathIn(language, own)}>
            <label for="asOf">{say('看过去某一天的档案', 'The file on a past day')}</label>
            <input
              id="asOf"
              name="asOf"
              type="date"
              min={openedOn}
              max={today}
              value={asOf ?? today}
              required
            />
            <button type="submit">{say('查看', 'Show')}</button>
          </form>
          <p>
            <Link to={addressOf(`${own}/print`, look)}>
              {say('打印版（带二维码）', 'Version for printing, with a QR code')}
            </Link>
          </p>
          <p>
            {say('订阅本档案的变动：', 'Follow this file: ')}
            <a href={`${own}/feed.atom`}>Atom</a>
            {say('、', ', ')}
            <a href={`${own}/feed.json`}>JSON Feed</a>
            {say('；机器可读：', '; for machines: ')}
            <a href={`/api/v1/enterprises/${file.orgCode}`}>JSON</a>
          </p>
        </>
      )}
      <ReportError />
    </>
  )

  /** Address of a part, on this page where that holds all of them. */
  function partOf(part: string): string {
    return alone && alone.part !== part ? pathIn(language, partAddress(look, part)) : `#${part}`
  }
}

/** What concerns the file as a whole. */
function AboutFile({ page: { file } }: Props) {
  const { language } = useFrame()
  const say = useSay()
  return (
    <>
      <Basics file={file} />
      {alikeIn(file.retractions).map(({ on, label, reason, count }) => (
        <p class="hint">
          {say(
            `${dateInWords(on)}撤回${count === 1 ? '一' : ` ${grouped(count)} `}条${label}的公示：${reason}。`,
            count === 1
              ? `On ${dateInWords(on, language)} a publication (${label}) was taken back: ${reason}.`
              : `On ${dateInWords(on, language)} ${grouped(count)} publications (${label}) were taken back: ${reason}.`,
          )}
        </p>
      ))}
      {file.objections.length > 0 && (
        <p class="notice">
          {say(
            `企业对本档案中的 ${file.objections.length} 项内容提出了异议，正在处理。`,
            `The enterprise has objected to ${file.objections.length} item(s) of this file; this is being dealt with.`,
          )}
        </p>
      )}
      {file.warnings.map(({ detail }) => (
        <p class="notice" lang="zh-CN">
          {detail}
        </p>
      ))}
    </>
  )
}

/** Publications that were taken back, those of one day, kind and reason told as one: an import may have brought thousands. */
function alikeIn(retractions: readonly PublicRetraction[]): (PublicRetraction & { count: number })[] {
  const alike = new Map<string, PublicRetraction & { count: number }>()
  for (const one of retractions) {
    const like = JSON.stringify([one.on, one.type, one.reason])
    alike.set(like, { ...one, count: (alike.get(like)?.count ?? 0) + 1 })
  }
  return Array.from(alike.values())
}

function WayBack({ qr, address }: NonNullable<Props['print']>) {
  const { position, time } = useFrame()
  const say = useSay()
  return (
    <div class="way-back">
      <svg
        viewBox={`-4 -4 ${qr.size + 8} ${qr.size + 8}`}
        width="132"
        height="132"
        role="img"
        aria-label={say('本档案网址的二维码', 'QR code of this file’s address')}
      >
        <rect x="-4" y="-4" width={qr.size + 8} height={qr.size + 8} fill="#fff" />
        <path d={qr.path} fill="#000" />
      </svg>
      <p>
        {say(
          `打印于 ${time}，登记序号 ${position}。档案会变动，请扫码或打开网址核对现状：`,
          `Made at ${time}, register position ${position}. Files change: check the present state at `,
        )}
        <br />
        <a href={address}>{address}</a>
      </p>
      <button type="button" data-print hidden>
        {say('打印', 'Print')}
      </button>
    </div>
  )
}

function Basics({ file }: { file: PublicFile }) {
  const say = useSay()
  const { formerNames, regionName: _, name: __, ...data } = file.enterprise
  const lines = enterpriseKind.columns.filter(({ field }) => data[field] !== undefined)
  return (
    <dl class="lines">
      {file.uscc !== null && (
        <div>
          <dt>{say('统一社会信用代码', 'Unified social credit code')}</dt>
          <dd>
            <Code value={file.uscc} />
          </dd>
        </div>
      )}
      {file.orgCode.length === 9 && (
        <div>
          <dt>{say('组织机构代码', 'Organisation code')}</dt>
          <dd>
            <Code value={file.orgCode} />
          </dd>
        </div>
      )}
      {formerNames.length > 0 && (
        <div>
          <dt>{say('曾用名', 'Former names')}</dt>
          <dd lang="zh-CN">{formerNames.join('；')}</dd>
        </div>
      )}
      {lines.map((column) => (
        <div lang="zh-CN">
          <dt>{column.label}</dt>
          <dd>
            <State word={valueInWords(data[column.field], column)} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** What to do about a wrong entry, and what to bring. */
function ReportError() {
  const { contact } = useFrame()
  const say = useSay()
  return (
    <section id="wrong" class="text">
      <h2>{say('报告错误、提出异议', 'Report an error, file an objection')}</h2>
      <p>
        {say(
          '向登记该信息的机关提出，机关名称见各条记录的“全部内容”。请带上：',
          'Go to the authority that recorded the information; its name stands in each record. Bring:',
        )}
      </p>
      <ul>
        <li>
          {say(
            '营业执照复印件和经办人身份证明；',
            'a copy of the business licence and your proof of identity;',
          )}
        </li>
        <li>
          {say(
            '有误的是哪一条：本页网址和登记序号；',
            'which entry is wrong: the address of this page and the register position of the entry;',
          )}
        </li>
        <li>
          {say(
            '能说明正确情况的文书，如许可证、检验报告、处罚决定书、复议或判决文书、履行完毕的证明。',
            'documents that show what is right: licence, test report, penalty decision, review or judgment, proof of fulfilment.',
          )}
        </li>
      </ul>
      <p>
        {say(
          '异议处理期间，该条信息旁注明“正在处理”。查实有误的予以更正或撤回，并保留更正的记录。',
          'While the objection is being dealt with, the entry says so. What proves wrong is corrected or withdrawn, and the correction stays on record.',
        )}{' '}
        <Link to="/rights">{say('企业的权利和办理期限', 'Rights and time limits')}</Link>
        {contact !== '' && `　${contact}`}
      </p>
    </section>
  )
}

/** Day on which a file was opened. */
export function openedOn({ openedAt }: Shown, asked: string): string {
  return openedAt === undefined ? asked : shanghaiDate(new Date(openedAt))
}
