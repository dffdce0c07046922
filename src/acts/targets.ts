import type { Body } from '../authority/authorities.ts'
import { caseOf } from '../blacklist/procedure.ts'
import type { Case, Objection } from '../dossier/case.ts'
import { fileByCode } from '../dossier/codes.ts'
import { ownerOf, recordOf, type Situation } from '../dossier/commands.ts'
import type { Dossier, FileRating, FileRecord, Query } from '../dossier/dossier.ts'
import type { Address } from '../dossier/proposal.ts'
import { Refusal } from '../dossier/refusal.ts'
import { enterprise } from '../records/enterprise.ts'

/** What every thing that an act touches has: its file, whose it is, where, and by which id its entries name it. */
interface Thing {
  dossier: Dossier
  /** Id of the part of the file; undefined for the file as a whole. */
  part?: string | undefined
  owner?: Body | undefined
  place?: string | undefined
}

/** What an act may be upon. */
export interface Targets {
  file: Thing
  record: Thing & { record: FileRecord }
  case: Thing & { own: Case }
  objection: Thing & { objection: Objection }
  query: Thing & { query: Query }
  rating: Thing & { rating: FileRating }
}
export type TargetName = keyof Targets

/** Finds what an act is asked of; refuses what is not there, naming what was looked for. */
export const targets: { readonly [K in TargetName]: (address: Address, at: Situation) => Targets[K] } = {
  file: ({ code }, at) => fileOf(code, at),
  record({ code, id }, at) {
    const file = fileOf(code, at)
    const record = recordOf(file.dossier, id ?? '')
    return { ...file, part: record.id, owner: ownerOf(record, at), record }
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
}

function fileOf(code: string | undefined, at: Situation): Thing {
  const dossier = fileByCode(code ?? '', at.file)
  if (dossier.withdrawn) throw new Refusal('gone', `档案 ${dossier.key} 已撤回，不能再修改。`)
  const { region } = enterprise.partsOf(dossier.enterprise)
  return { dossier, ...(region !== undefined && { place: region }) }
}

/** Whose a case is: the authority that proposed it. */
export function ownerOfCase({ proposed }: Case, { authorities }: Situation): Body {
  const { author, by, region } = proposed
  return authorities.bodyOf({ authority: author.authority, account: by, region })
}

/** Whose the thing is that an objection is about. */
function ownerOfObjected(dossier: Dossier, { about }: Objection, at: Situation): Body | undefined {
  const record = dossier.records.find(({ id }) => id === about.id)
  if (record) return ownerOf(record, at)
  const own = dossier.cases.find(({ id }) => id === about.id)
  if (own) return ownerOfCase(own, at)
  const rating = dossier.ratings.find(({ id }) => id === about.id)
  return rating && at.authorities.bodyOf({ authority: rating.authority })
}
