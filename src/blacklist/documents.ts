import { SYSTEM } from '../authority/authority.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { region } from '../codes/regions.ts'
import { dateOfDocument, type OfficialDocument, OPEN_NUMBER } from '../documents/document.ts'
import { type Case, dayOf } from '../dossier/case.ts'
import { type Dossier, nameOf } from '../dossier/dossier.ts'
import { enterprise } from '../records/enterprise.ts'
import { penaltiesOf } from './basis.ts'
import { measuresOf, type RuleSet, rulesOf } from './rule-set.ts'

/** The documents of a case, by name: notices to serve, decisions to sign. */
export const caseDocuments = [
  'notice',
  'decision',
  'rebasing',
  'repair-acceptance',
  'repair-decision',
  'removal',
] as const
export type CaseDocument = (typeof caseDocuments)[number]

/** A document of a case in words, from what its steps recorded; undefined where the case has not come to it. */
export function documentOf(name: CaseDocument, dossier: Dossier, own: Case): OfficialDocument | undefined {
  const rules = rulesOf(own)
  const head = headOf(dossier)
  switch (name) {
    case 'notice':
      return { ...head, ...noticeOf(dossier, own, rules) }
    case 'decision':
      return own.decided && { ...head, ...decisionOf(dossier, own, own.decided, rules) }
    case 'rebasing':
      // One that was given its new basis before it was decided has told of it in its notice.
      return own.rebased && own.decided && own.rebased.at > own.decided.at
        ? { ...head, ...rebasingOf(dossier, own, own.decided, own.rebased) }
        : undefined
    case 'repair-acceptance':
      return (
        own.repair?.accepted && {
          ...head,
          title: own.repair.accepted.accepted ? '信用修复受理通知书' : '信用修复不予受理通知书',
          paragraphs: [
            `你单位于${dateOfDocument(own.repair.applied.on)}对${own.decided?.decisionNo ?? ''}决定提出信用修复申请。依据${actOf(rules)}的有关规定，经审查，决定${own.repair.accepted.accepted ? '予以受理' : '不予受理'}。`,
            `理由：${ended(own.repair.accepted.reasons)}`,
            ...(own.repair.accepted.accepted
              ? [`本机关将在受理之日起${rules.repair.decide.workingDays}个工作日内作出决定。`]
              : [remedyOf(own)]),
          ],
          authority: own.repair.accepted.author.authority,
          date: dayOf(own.repair.accepted),
        }
      )
    case 'repair-decision':
      return (
        own.repair?.decided && {
          ...head,
          title: own.repair.decided.granted ? '准予信用修复决定书' : '不予信用修复决定书',
          paragraphs: [
            `你单位于${dateOfDocument(own.repair.applied.on)}对${own.decided?.decisionNo ?? ''}决定提出信用修复申请。经核查：${ended(own.repair.inspected?.findings ?? '')}`,
            `依据${actOf(rules)}的有关规定，本机关决定${own.repair.decided.granted ? `准予信用修复，自即日起将你单位移出${rules.name}，停止公示` : '不予信用修复'}。`,
            `理由：${ended(own.repair.decided.reasons)}`,
            ...(own.repair.decided.granted ? [] : [remedyOf(own)]),
          ],
          authority: own.repair.decided.author.authority,
          date: shanghaiDate(new Date(own.repair.decided.at)),
        }
      )
    case 'removal':
      return own.removed && { ...head, ...removalOf(own, own.removed, rules) }
  }
}

function removalOf(
  { decided, proposed, published }: Case,
  { on, reason, author }: NonNullable<Case['removed']>,
  rules: RuleSet,
): Omit<OfficialDocument, Exclude<Head, 'number'>> {
  // What the day or an event brings about by itself is done in the name of whoever listed.
  const authority = author.authority === SYSTEM ? (decided ?? proposed).author.authority : author.authority
  const listed =
    decided &&
    `${decided.author.authority}于${dateOfDocument(decided.decidedOn)}作出${decided.decisionNo}决定，将你单位列入${rules.name}。`
  return {
    title: '移出决定书',
    paragraphs: [
      `${listed ?? ''}依据${actOf(rules)}的有关规定，你单位自${dateOfDocument(on)}起移出${rules.name}${published ? '，停止公示相关信息' : ''}。`,
      `原因：${ended(reason)}`,
    ],
    authority,
    date: on,
  }
}

/** The act that rules come from by its title (《…》), without what is said of it beside. */
function actOf({ source }: RuleSet): string {
  const end = source.indexOf('》')
  return end < 0 ? (source.split(/[（；]/u)[0] ?? source) : source.slice(0, end + 1)
}

/** What every document of a case has, whichever it is. */
type Head = 'number' | 'addressee' | 'party' | 'contact'

/** Whom a document is for, and how its authority is reached; its number, until it says its own. */
function headOf(dossier: Dossier): Pick<OfficialDocument, Head> {
  const { key, uscc } = dossier
  const code = uscc === undefined ? `组织机构代码：${key}` : `统一社会信用代码：${uscc}`
  const { name = key, address } = enterprise.partsOf(dossier.enterprise)
  return {
    number: OPEN_NUMBER,
    addressee: name,
    party: [code, ...(address === undefined ? [] : [`住所：${address}`])],
    contact: '联系人：　　　　　　联系电话：　　　　　　联系地址：　　　　　　　　　　',
  }
}

/** How the party may contest a decision: by review at the government that the authority belongs to, or in court. */
function remedyOf({ proposed }: Case): string {
  const place = proposed.region === undefined ? '河北省' : (region(proposed.region)?.path ?? '')
  return `如不服本决定，可以自收到本决定书之日起六十日内依法向${place}人民政府申请行政复议，或者在六个月内依法向人民法院提起行政诉讼。`
}

function noticeOf(
  dossier: Dossier,
  own: Case,
  rules: RuleSet,
): Omit<OfficialDocument, Exclude<Head, 'number'>> {
  const { noticed } = own
  return {
    title: '列入告知书',
    // Once served it reads as it was served, whatever has become of the records since.
    paragraphs: noticed
      ? noticed.content.split('\n').filter((line) => line !== `${nameOf(dossier)}：`)
      : noticeParagraphs(dossier, own, rules),
    authority: own.proposed.author.authority,
    ...(noticed && { date: noticed.servedOn }),
    ...(noticed?.noticeNo !== undefined && { number: noticed.noticeNo }),
  }
}

/**
 * What the party is told before it may be listed: facts, reasons, basis, consequences, rights (行政处罚法 art. 44). `until`,
 * as notices print a deadline, is known once it is served.
 */
export function noticeParagraphs(dossier: Dossier, own: Case, rules: RuleSet, until?: string): string[] {
  const ground = rules.grounds.find(({ id }) => id === own.proposed.ground)
  return [
    `本机关拟将你单位列入${rules.name}，现将有关事项告知如下：`,
    `一、事实。${ended(own.proposed.facts)}${evidenceInWords(dossier, own)}`,
    `二、理由。${ended(own.proposed.reasons)}`,
    `三、依据。${ground?.source ?? rules.source}（${ground?.name ?? own.proposed.ground}）。`,
    `四、后果。列入后将向社会公示，期限${rules.duration.months}个月，并适用下列管理措施：${measuresOf(own, rules).join('；')}。`,
    `五、权利。你单位有权自收到本告知书之日起${rules.statement.workingDays}个工作日内${until === undefined ? '' : `（截止日期：${until}，含当日）`}向本机关陈述、申辩；逾期未提出的，视为放弃。本机关不会因陈述、申辩而加重处理。`,
  ]
}

function decisionOf(
  dossier: Dossier,
  own: Case,
  decided: NonNullable<Case['decided']>,
  rules: RuleSet,
): Omit<OfficialDocument, Exclude<Head, 'number'>> {
  return {
    title: decided.listed ? '列入决定书' : '不予列入决定书',
    number: decided.decisionNo,
    // As it was taken, whatever has become of the records since.
    paragraphs: decided.content?.split('\n') ?? decisionParagraphs(dossier, own, decided, rules),
    authority: decided.author.authority,
    date: decided.decidedOn,
  }
}

/** What a decision says (决定书): facts, what the party stated, what is decided, on what basis, how long, and the ways out. */
export function decisionParagraphs(
  dossier: Dossier,
  own: Case,
  {
    listed,
    listing,
    measures,
    reasons,
    decidedOn,
  }: Pick<NonNullable<Case['decided']>, 'listed' | 'listing' | 'measures' | 'reasons' | 'decidedOn'>,
  rules: RuleSet,
): string[] {
  const ground = rules.grounds.find(({ id }) => id === own.proposed.ground)
  const statements = own.statements ?? []
  const heard =
    statements.length === 0
      ? '你单位在规定期限内未提出陈述、申辩。'
      : statements
          .map(
            ({ on, statement, answer }) =>
              `你单位于${dateOfDocument(on)}提出陈述、申辩：${ended(statement)}本机关认为：${ended(answer)}`,
          )
          .join('')
  return [
    `一、事实。${ended(own.proposed.facts)}${evidenceInWords(dossier, own)}`,
    `二、陈述、申辩。${heard}`,
    `三、决定。本机关决定${listed ? `将你单位列入${rules.name}` : `不将你单位列入${rules.name}`}。理由：${ended(reasons)}`,
    ...(listed && listing
      ? [
          `四、依据。${ground?.source ?? rules.source}（${listing.ground}）。`,
          `五、期限。自${dateOfDocument(decidedOn)}起至${dateOfDocument(listing.until)}止，并向社会公示。`,
          `六、管理措施。${measures.join('；')}。`,
          `七、信用修复。自${dateOfDocument(listing.repair.from)}起可以申请信用修复。办法：${ended(listing.repair.how)}条件：${listing.repair.conditions.join('；')}。`,
          remedyOf(own),
        ]
      : [`四、依据。${actOf(rules)}的有关规定。`]),
  ]
}

/** That a decision to list goes on upon what review made of the penalty; its dates stay. */
function rebasingOf(
  dossier: Dossier,
  own: Case,
  decided: NonNullable<Case['decided']>,
  { facts, reasons, decisionNo, author, at }: NonNullable<Case['rebased']>,
): Omit<OfficialDocument, Exclude<Head, 'number'>> {
  return {
    title: '变更列入依据决定书',
    ...(decisionNo !== undefined && { number: decisionNo }),
    paragraphs: [
      `本机关于${dateOfDocument(decided.decidedOn)}作出${decided.decisionNo}决定，将你单位列入${rulesOf(own).name}。该决定所依据的行政处罚经行政复议或者行政诉讼变更。`,
      `一、变更后的事实。${ended(facts)}${evidenceInWords(dossier, own)}`,
      `二、决定。本机关决定按变更后的行政处罚决定继续列入。理由：${ended(reasons)}`,
      ...(decided.listing
        ? [`三、期限。仍至${dateOfDocument(decided.listing.until)}止，自原决定之日起计算。`]
        : []),
      remedyOf(own),
    ],
    authority: author.authority,
    date: shanghaiDate(new Date(at)),
  }
}

/** A text that ends as a sentence does, once. */
function ended(text: string): string {
  const plain = text.trim()
  let end = plain.length
  while (end > 0 && '。；;.'.includes(plain.charAt(end - 1))) end -= 1
  return `${plain.slice(0, end)}。`
}

/** The penalties that a case rests on, as a document names them. */
function evidenceInWords(dossier: Dossier, own: Case): string {
  const named = penaltiesOf(dossier, own).map(
    ({ data }) => `${data.authority}于${dateOfDocument(data.decidedOn)}作出的${data.documentNo}行政处罚决定`,
  )
  return named.length === 0 ? '' : `以上事实有${named.join('、')}为证。`
}
