import type { Adoption, Versioned } from '../adoption/adoption.ts'
import type { Actor } from '../authority/acting.ts'
import type { Authorities, Body } from '../authority/authorities.ts'
import { type Authority, authoritySubject } from '../authority/authority.ts'
import { type Consumer, consumerSubject } from '../authority/consumers.ts'
import { type ApiKey, keySubject } from '../authority/keys.ts'
import { type Officer, officerSubject, personOf } from '../authority/officers.ts'
import type { Address, Proposal } from '../authority/proposal.ts'
import { importSubject } from '../authority/proposal.ts'
import { ruleSetSubject } from '../blacklist/adopted.ts'
import { type Bulletin, type BulletinSeries, bulletinSubject, bulletinTitle } from '../blacklist/bulletin.ts'
import { caseOf } from '../blacklist/procedure.ts'
import type { RuleSet } from '../blacklist/rule-set.ts'
import { type Case, caseMadeBy, type Objection } from '../dossier/case.ts'
import { fileByCode } from '../dossier/codes.ts'
import { ownerOf, recordOf, type Situation } from '../dossier/commands.ts'
import type { Dossier, FileRating, FileRecord, Query } from '../dossier/dossier.ts'
import { Refusal } from '../dossier/refusal.ts'
import { standardSubject } from '../rating/adopted.ts'
import { type Campaign, campaignSubject } from '../rating/campaign.ts'
import type { Standard } from '../rating/standard.ts'
import { enterprise } from '../records/enterprise.ts'
import { once } from '../records/once.ts'
import { type Draw, drawSubject } from '../supervision/draw.ts'
import type { ActSituation, Imported } from './situation.ts'

/** What every thing that an act touches has: its subject, whose it is, where. */
interface Thing {
  /** Whose entries tell of it. */
  subject: string
  revision: number
  proposals: readonly Proposal[]
  owner?: Body | undefined
  place?: string | undefined
  /** Who made what stands in a file. */
  makers?: (() => readonly Body[]) | undefined
}

/** What a thing in a file has beside: its file, and by which id the file's entries name it. */
interface InFile extends Thing {
  dossier: Dossier
  /** Undefined for the file as a whole. */
  part?: string | undefined
}

/** What a thing outside files has beside: what it is called. */
interface Outside extends Thing {
  title: string
  /** The account or key that it is. */
  account?: string
  /** The person whose account it is. */
  person?: string
}

/** What an act may be upon. */
export interface Targets {
  file: InFile
  record: InFile & { record: FileRecord; isDoubtable: true }
  case: InFile & { own: Case }
  objection: InFile & { objection: Objection }
  query: InFile & { query: Query }
  rating: InFile & { rating: FileRating }
  /** Nothing that is there yet: the act makes it. */
  register: Outside
  authority: Outside & { own: Authority }
  key: Outside & { own: ApiKey }
  consumer: Outside & { own: Consumer }
  officer: Outside & { own: Officer }
  standard: Outside & { own: Adoption<Standard> | undefined; id: string }
  rules: Outside & { own: Adoption<RuleSet> | undefined; id: string }
  campaign: Outside & { own: Campaign }
  bulletin: Outside & { series: BulletinSeries; own: Bulletin }
  draw: Outside & { own: Draw }
  import: Outside & { own: Imported }
}
export type TargetName = keyof Targets

/** Finds what an act is asked of; refuses what is not there, naming what was looked for. */
export const targets: { readonly [K in TargetName]: (address: Address, at: ActSituation) => Targets[K] } = {
  file: ({ code }, at) => fileOf(code, at),
  record({ code, id }, at) {
    const file = fileOf(code, at)
    const record = recordOf(file.dossier, id ?? '')
    return { ...file, part: record.id, owner: ownerOf(record, at), isDoubtable: true, record }
  },
  case({ code, id }, at) {
    const file = fileOf(code, at)
    const own = caseOf(file.dossier, id ?? '')
    return { ...file, part: own.id, owner: ownerOfCase(own, at), own }
  },
  objection({ code, id }, at) {
    const file = fileOf(code, at)
    const objection = file.dossier.objections.find((known) => known.id === id)
    if (!objection) throw new Refusal('unknown', '档案中没有这一异议；请核对编号。')
    const owner = ownerOfObjected(file.dossier, objection, at)
    return { ...file, part: objection.id, ...(owner && { owner }), objection }
  },
  query({ code, id }, at) {
    const file = fileOf(code, at)
    const query = file.dossier.queries?.find((known) => known.id === id)
    if (!query) throw new Refusal('unknown', '档案中没有这一疑义；请核对编号。')
    const record = file.dossier.records.find((known) => known.id === query.record)
    return { ...file, part: query.id, ...(record && { owner: ownerOf(record, at) }), query }
  },
  rating({ code, id }, at) {
    const file = fileOf(code, at)
    const rating = file.dossier.ratings.find((known) => known.id === id)
    if (!rating) throw new Refusal('unknown', '没有这次等级评定；请核对编号。')
    return { ...file, part: rating.id, owner: at.authorities.bodyOf({ authority: rating.authority }), rating }
  },
  register: (_, { actor: { region } }) => ({
    ...thing('', { revision: 0 }),
    title: '',
    place: region,
  }),
  authority({ id = '' }, { authorities }) {
    const own = authorities.one(id)
    if (!own) throw new Refusal('unknown', `没有编号为 ${id.slice(0, 40)} 的机关；请核对。`)
    const owner = authorities.bodyOf({ owner: id, authority: own.name })
    return { ...thing(authoritySubject(id), own), title: own.name, owner, place: owner.region, own }
  },
  consumer({ id = '' }, { outside: { standing }, authorities }) {
    const own = standing.consumer(id)
    if (!own) throw new Refusal('unknown', '没有这个取用方；请核对编号。')
    const account = consumerSubject(id)
    const owner = authorities.bodyOf({ authority: own.author.authority })
    return { ...thing(account, own), title: own.name, account, owner, place: owner.region, own }
  },
  key({ id = '' }, { outside: { standing }, authorities }) {
    const own = standing.apiKey(id)
    if (!own) throw new Refusal('unknown', '没有这个密钥；请核对编号。')
    const account = keySubject(id)
    const owner = authorities.bodyOf({ authority: own.authority, account, region: own.region })
    const title = `密钥 ${id}（${own.name}）`
    const person =
      own.actsFor === undefined ? undefined : personOf(own.actsFor, standing.officer(own.actsFor))
    const place = own.region ?? authorities.placeOf({ authority: own.authority, account })
    return {
      ...{ ...thing(account, own), title, account, owner, place, own },
      ...(person !== undefined && { person }),
    }
  },
  officer({ id = '' }, { outside: { standing }, authorities }) {
    const own = standing.officer(id)
    if (!own) throw new Refusal('unknown', `没有账号 ${id.slice(0, 40)}。`)
    const account = officerSubject(id)
    const owner = authorities.bodyOf({ authority: own.authority, account, region: own.region })
    const title = `账号 ${id}（${own.name}）`
    const person = personOf(id, own)
    const place = own.region ?? authorities.placeOf({ authority: own.authority, account })
    return { ...thing(account, own), title, account, person, owner, place, own }
  },
  standard: ({ id = '' }, { outside: { standing } }) =>
    adopted(standardSubject(id), id, standing.standard(id)),
  rules: ({ id = '' }, { outside: { standing } }) => adopted(ruleSetSubject(id), id, standing.ruleSet(id)),
  campaign({ id = '' }, { outside: { standing } }) {
    const own = standing.campaign(id)
    if (!own) throw new Refusal('unknown', '没有这次评价；请核对编号。')
    const { standard, on, scope } = own
    const title = `${standard.id} 第 ${standard.version} 版，${on}`
    return { ...thing(campaignSubject(id), own), title, place: scope.region, own }
  },
  bulletin({ id = '' }, { outside: { standing }, authorities }) {
    const series = standing.bulletins(id.split('.')[0] ?? '')
    const own = series?.bulletins.find((known) => known.id === id)
    if (!series || !own) throw new Refusal('unknown', '没有这一期公告；请核对编号。')
    const owner = authorities.bodyOf({ authority: series.authority })
    const title = bulletinTitle({ authority: own.authority, ...own.issued })
    return { ...thing(bulletinSubject(series.id), series), title, owner, place: owner.region, series, own }
  },
  draw({ id = '' }, { outside: { standing }, authorities }) {
    const own = standing.draw(id)
    if (!own) throw new Refusal('unknown', '没有这次抽取；请核对编号。')
    const owner = authorities.bodyOf({ authority: own.author.authority })
    return { ...thing(drawSubject(id), own), title: own.name, owner, place: own.region, own }
  },
  import({ id = '' }, { outside, authorities }) {
    const own = outside.imported(id)
    if (!own) throw new Refusal('unknown', '没有这次导入；结束 30 天后删除。')
    const subject = importSubject(id)
    const title = `导入${own.fileName === undefined ? '' : `“${own.fileName}”`}`
    return { ...thing(subject, outside.besides(subject)), title, ...importedBy(own.actor, authorities), own }
  },
}

export const targetNames = Object.keys(targets).filter((name): name is TargetName => name in targets)

/** Whose an import is: the authority of whoever sent it, within the bounds that they had. */
export function importedBy({ authority, region, id: account }: Actor, authorities: Authorities) {
  const owner = authorities.bodyOf({ authority, account, region })
  return { owner, place: region ?? owner.region }
}

function thing(
  subject: string,
  { revision, proposals = [] }: { revision: number; proposals?: readonly Proposal[] },
): Thing {
  return { subject, revision, proposals }
}

function adopted<D extends Versioned & { name: string }>(
  subject: string,
  id: string,
  own: Adoption<D> | undefined,
): Outside & { own: Adoption<D> | undefined; id: string } {
  const last = own?.proposed?.document ?? own?.versions.at(-1)?.document
  return { ...thing(subject, own ?? { revision: 0 }), title: last?.name ?? id, own, id }
}

function fileOf(code: string | undefined, at: Situation): InFile {
  const dossier = fileByCode(code ?? '', at.file)
  if (dossier.withdrawn) throw new Refusal('gone', `档案 ${dossier.key} 已撤回，不能再修改。`)
  const { region } = enterprise.partsOf(dossier.enterprise)
  const makers = () => makersIn(dossier, at)
  return { ...thing(dossier.key, dossier), dossier, makers, ...(region !== undefined && { place: region }) }
}

/** Who made the records, cases and ratings that stand in a file. */
function makersIn({ records, cases, ratings }: Dossier, at: Situation): Body[] {
  return [
    ...cases.map((own) => ownerOfCase(own, at)),
    ...records.filter(({ withdrawn }) => !withdrawn).map((record) => ownerOf(record, at)),
    ...ratings.map(({ authority }) => at.authorities.bodyOf({ authority })),
  ]
}

/** Whose a case is: the authority that proposed it. */
export function ownerOfCase(own: Case, { authorities }: Situation): Body {
  return authorities.bodyOf(caseMadeBy(own))
}

const recordsById = once(
  (records: readonly FileRecord[]) => new Map(records.map((record) => [record.id, record])),
)

/** Whose the thing is that an objection is about. */
export function ownerOfObjected(
  dossier: Dossier,
  { about }: Pick<Objection, 'about'>,
  at: Situation,
): Body | undefined {
  const record = recordsById(dossier.records).get(about.id)
  if (record) return ownerOf(record, at)
  const own = dossier.cases.find(({ id }) => id === about.id)
  if (own) return ownerOfCase(own, at)
  const rating = dossier.ratings.find(({ id }) => id === about.id)
  return rating && at.authorities.bodyOf({ authority: rating.authority })
}
