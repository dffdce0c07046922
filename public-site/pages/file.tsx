import { shanghaiDate, shanghaiTime } from '../../src/calendar/dates.ts'
import type { PublicFile, PublicRating, PublicRecord } from '../../src/dossier/face.ts'
import type { Standard } from '../../src/rating/standard.ts'
import { type Catalogue, enterprise as enterpriseKind } from '../../src/records/catalogue.ts'
import type { RecordKind } from '../../src/records/kind.ts'
import { Code } from '../../src/ui/code.tsx'
import { Link, pathIn, Registered, useFrame, useSay } from '../../src/ui/frame.tsx'
import { Kept } from '../../src/ui/kept.tsx'
import { dateInWords, State, valueInWords } from '../../src/ui/values.tsx'
import { sectionName } from '../../src/ui/words.ts'
import { History } from '../components/history.tsx'
import { Layout } from '../components/layout.tsx'
import { Verdict } from '../components/listing.tsx'
import { Ratings } from '../components/ratings.tsx'
import { RecordLines } from '../components/record-lines.tsx'
import { organisationOf } from '../structured-data.ts'

interface Props {
  file: PublicFile
  /** Key and version of the file, where it is the file as it stands. */
  made?: string | undefined
  catalogue: Catalogue
  /** Day of the past that the page shows; undefined for now. */
  asOf?: string | undefined
  today: string
  openedOn: string
  /** The standard that a rating follows, in the version it does. */
  standardOf(rating: PublicRating): Standard
  /** On paper everything stands open, with a code that leads back here. */
  print?: { qr: { size: number; path: string }; address: string }
}

export function FilePage(props: Props) {
  const { file, made, asOf, today, print } = props
  const say = useSay()
  const { base } = useFrame()
  const name = String(file.enterprise.name)
  const own = `/enterprises/${file.orgCode}`
  return (
    <Layout
      title={name}
      description={say(
        `${name}的质量信用档案：许可认证、监督检查、行政处罚、质量奖励、质量信用等级，是否被列入质量失信黑名单。`,
        `Quality-credit file of ${name}: licences, inspections, penalties, awards, grade, blacklist.`,
      )}
      canonical={own}
      unlisted={asOf !== undefined || print !== undefined}
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
      {made === undefined || asOf !== undefined || print ? (
        <Body {...props} />
      ) : (
        <Kept from={`${today} ${made}`}>{() => <Body {...props} />}</Kept>
      )}
    </Layout>
  )
}

/** Everything below the verdict: it changes with the file and the day only. */
function Body({ file, catalogue, asOf, today, openedOn, standardOf, print }: Props) {
  const say = useSay()
  const { language } = useFrame()
  const own = `/enterprises/${file.orgCode}`
  const open = print !== undefined
  return (
    <>
      <Basics file={file} />
      {file.retractions.map(({ on, label, reason }) => (
        <p class="hint">
          {say(
            `${dateInWords(on)}撤回一条${label}的公示：${reason}。`,
            `On ${dateInWords(on, language)} a publication (${label}) was taken back: ${reason}.`,
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
      <nav class="sections" aria-label={say('本页各部分', 'Parts of this page')}>
        <a href="#ratings">{say('质量信用评价', 'Rating')}</a>
        {catalogue.kinds.map((kind) => (
          <a href={`#${kind.section}`}>
            {sectionName(kind, say)} <span class="number">{file.sections[kind.section]?.length ?? 0}</span>
          </a>
        ))}
        <a href="#history">{say('形成过程', 'History')}</a>
        <a href="#wrong">{say('报告错误', 'Report an error')}</a>
      </nav>
      <Ratings
        file={file}
        ratings={file.ratings.map((rating) => ({ rating, standard: standardOf(rating) }))}
        catalogue={catalogue}
        open={open}
      />
      {catalogue.kinds.map((kind) => (
        <Section
          kind={kind}
          records={file.sections[kind.section] ?? []}
          openedOn={openedOn}
          file={file}
          open={open}
        />
      ))}
      <History file={file} catalogue={catalogue} />
      {!open && (
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
            <Link to={`${own}/print${asOf === undefined ? '' : `?asOf=${asOf}`}`}>
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

interface SectionProps {
  kind: RecordKind
  records: readonly PublicRecord[]
  openedOn: string
  file: PublicFile
  open: boolean
}

function Section({ kind, records, openedOn, file, open }: SectionProps) {
  const say = useSay()
  const dated = kind.columns.find(({ field }) => field === kind.datedBy)
  const columns = kind.summary.flatMap((field) => kind.columns.find((column) => column.field === field) ?? [])
  return (
    <section id={kind.section}>
      <h2>
        {sectionName(kind, say)} <span class="number">{records.length}</span>
      </h2>
      {records.length === 0 ? (
        <p class="none">
          {say(
            `无记录（自 ${dateInWords(openedOn)} 建档以来）`,
            `None recorded since the file was opened on ${dateInWords(openedOn, 'en')}`,
          )}
        </p>
      ) : (
        <table lang="zh-CN">
          <thead>
            <tr>
              <th scope="col">{dated?.label}</th>
              {columns.map(({ label }) => (
                <th scope="col">{label}</th>
              ))}
            </tr>
          </thead>
          {records.map((record) => (
            <tbody id={`r-${record.id}`}>
              <tr>
                <td data-label={dated?.label} class="number">
                  {String(record.data[kind.datedBy] ?? '')}
                </td>
                {columns.map((column) => (
                  <td data-label={column.label}>
                    {record.data[column.field] !== undefined && (
                      <State word={valueInWords(record.data[column.field], column)} />
                    )}
                  </td>
                ))}
              </tr>
              <tr class="more">
                <td colSpan={columns.length + 1}>
                  <Details record={record} kind={kind} file={file} open={open} />
                </td>
              </tr>
            </tbody>
          ))}
        </table>
      )}
    </section>
  )
}

function Details({
  record,
  kind,
  file,
  open,
}: {
  record: PublicRecord
  kind: RecordKind
  file: PublicFile
  open: boolean
}) {
  const { from, until, rule } = record.publication
  const objection = file.objections.find(({ about }) => about.id === record.id)
  return (
    <>
      {objection && <p class="notice">企业已于 {dateInWords(objection.on)}对这条信息提出异议，正在处理。</p>}
      {record.hasText && (
        <p>
          <Link to={`/enterprises/${file.orgCode}/decisions/${record.id}`}>行政处罚决定书全文</Link>
        </p>
      )}
      <details open={open}>
        <summary>全部内容</summary>
        <dl class="lines">
          <RecordLines record={record} kind={kind} />
          <div>
            <dt>公示</dt>
            <dd>
              自 {dateInWords(from)}
              {until === undefined ? '起' : `，${dateInWords(until)} 停止公示`}
              <br />
              <span class="hint">{rule}</span>
            </dd>
          </div>
          <div>
            <dt>登记</dt>
            <dd>
              {shanghaiTime(new Date(record.recordedAt))}
              {record.correctedAt !== undefined && `，${shanghaiTime(new Date(record.correctedAt))} 更正`}
            </dd>
          </div>
        </dl>
      </details>
    </>
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
export function openedOn({ history }: PublicFile, asked: string): string {
  const [first] = history
  return first ? shanghaiDate(new Date(first.at)) : asked
}
