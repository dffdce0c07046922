import { parseEnterpriseCode, readCodes } from '../codes/enterprise-code.ts'
import { elsewhereAtStart, leadingPlaces, placesAtStart, readPlace } from '../codes/places.ts'
import { PROVINCE, type Region, regionContains, region as regionOf } from '../codes/regions.ts'
import { tidyCode } from '../codes/typed.ts'
import { fileOfCode } from '../dossier/codes.ts'
import { standing, type TypedCodes } from '../dossier/commands.ts'
import { type Dossier, nameOf } from '../dossier/dossier.ts'
import { invalid } from '../dossier/refusal.ts'
import { type InspectionData, inspection } from '../records/inspection.ts'
import type { RecordData } from '../records/kind.ts'
import type { sampleRoles } from '../records/sample.ts'
import { foldedText } from '../search/normalise.ts'

/** A role in which a sampling result names a firm. */
export type Role = 'producer' | 'sampled' | 'other'

/** What is said of such a firm. */
export type PartyPart = 'name' | 'code' | 'address' | 'nature'

/** The fields of a sample that hold what is said of each party. */
export const partyFields: Readonly<Record<Role, Readonly<Partial<Record<PartyPart, keyof InspectionData>>>>> =
  {
    producer: { name: 'producer', code: 'producerCode', address: 'producerAddress' },
    sampled: { name: 'sampledUnit', code: 'sampledUnitCode', address: 'sampledUnitAddress' },
    other: { name: 'thirdParty', nature: 'thirdPartyNature', address: 'thirdPartyAddress' },
  }

/** A party as it is told which it is. */
export const roleWords: Readonly<Record<Role, string>> = {
  producer: '标称生产企业',
  sampled: '被抽样单位',
  other: '第三方企业',
}

/** Firms that a sample can name beside the one in whose file it stands. */
export const OTHER_PARTIES = ['producer', 'sampled'] as const

interface Party {
  name?: string | undefined
  code?: string | undefined
}

/** What a sample says of the party of a role. */
export function partyIn(record: RecordData, role: Role): Party {
  const { name, code } = partyFields[role]
  const said = (field: string | undefined) => {
    const value = field === undefined ? undefined : record[field]
    return typeof value === 'string' ? value : undefined
  }
  return { name: said(name), code: said(code) }
}

/** Whether a file is that of a party: by its code where one is given, else by one of its names. */
export function bears(dossier: Dossier, { name, code }: Party): boolean {
  if (code !== undefined) {
    const read = readCodes(codesOf(code))
    // A file may lack its unified code, and so may the party: of two that are not there neither is the other.
    if (read.ok)
      return [read.orgCode, read.uscc].some(
        (said) => said !== undefined && (said === dossier.key || said === dossier.uscc),
      )
  }
  return name !== undefined && hasName(dossier, name)
}

/** A typed code as one of the two that it is. */
export function codesOf(code: string): TypedCodes {
  const parsed = parseEnterpriseCode(code)
  return parsed.ok && parsed.value.kind === 'organisation' ? { orgCode: code } : { uscc: code }
}

/** Whether a file has, or once had, a name, however it is written. */
export function hasName({ enterprise: { name }, formerNames }: Dossier, named: string): boolean {
  const folded = foldedText(named)
  return [name, ...formerNames].some((own) => typeof own === 'string' && foldedText(own) === folded)
}

/** What a file is called in a role that it has in a sample. */
export function roleIn(role: Role, { producer }: RecordData): (typeof sampleRoles)[number] {
  if (role === 'sampled') return producer === undefined ? '被抽样单位（无标称生产者）' : '被抽样单位'
  return role === 'producer' ? '标称生产者' : '第三方'
}

/** A sample in one of the files that it goes into. */
export interface InFile {
  key: string
  name: string
  role: Role | undefined
  data: RecordData
}

/** A firm that a sample names whose file it does not reach, and why: it has none under its code, or only its name is given. */
export interface Unreached {
  role: Role
  name: string
  why: 'no-code' | 'not-on-file'
}

/**
 * The files that a sample goes into, each in its role: the one that it is recorded in, and those of the other parties by the
 * codes that are given for them. A name alone reaches nobody: which firm it is a person says by its code. Refuses a code
 * under which another firm's file stands.
 */
export function filesOfSample(
  own: Dossier,
  data: RecordData,
  file: (key: string) => Dossier | undefined,
): { files: InFile[]; unreached: Unreached[] } {
  const files: InFile[] = []
  const unreached: Unreached[] = []
  const put = (dossier: Dossier, role: Role | undefined) => {
    const inRole = role === undefined ? data : { ...data, role: roleIn(role, data) }
    files.push({ key: dossier.key, name: nameOf(dossier), role, data: inRole })
  }
  const ownRole = OTHER_PARTIES.find((role) => bears(own, partyIn(data, role)))
  put(own, data.role === undefined ? ownRole : undefined)
  for (const role of OTHER_PARTIES) {
    const party = partyIn(data, role)
    const { name, code } = party
    if (role === ownRole || name === undefined || bears(own, party)) continue
    const found = code === undefined ? undefined : standing(fileOfCode(tidyCode(code), file))
    if (!found) unreached.push({ role, name, why: code === undefined ? 'no-code' : 'not-on-file' })
    else if (hasName(found, name)) put(found, role)
    else
      throw invalid(
        `/data/${partyFields[role].code}`,
        'name-differs',
        `代码 ${code} 对应的企业是“${nameOf(found)}”，与${roleWords[role]}“${name}”不符；请核对代码或名称。`,
      )
  }
  return { files, unreached }
}

/** Whether a kind of record is of samples, which several files may hold. */
export function isOfSamples(type: string): boolean {
  return type === inspection.type
}

/** A name on file, and where its enterprise is. */
export interface OnFile {
  name: string
  region?: string | undefined
}

/** Whether an enterprise is in a place, or at an address, that was written beside it; undefined where that can't be told. */
export function isInPlace(written: string, { region, name }: OnFile): boolean | undefined {
  const places = placesWritten(written)
  if (places.length === 0 || region === undefined) return undefined
  // A county's enterprise may be on file under its city, and the other way round.
  return places.some(
    ({ code, name: own }) =>
      regionContains(code, region) ||
      regionContains(region, code) ||
      foldedText(name).includes(foldedText(own)),
  )
}

/** Roads are named after places: 唐山路8号 is in any city. */
const ROAD = /^[^省市县区]{2,5}(?:路|街|道|巷)/u

/** The regions that a text may mean, or that an address may begin with; several where they bear one name. */
function placesWritten(written: string): readonly Region[] {
  const read = readPlace(written)
  if (read.ok) return [read.region]
  if (ROAD.test(written)) return []
  const inHebei = placesAtStart(written)
  if (inHebei.length > 0) return inHebei
  const elsewhere = elsewhereAtStart(written)
  return elsewhere ? [elsewhere] : []
}

/**
 * The city that an address begins with, as 石家庄市 or 山东省济南市: where a name's bearer is, told roughly enough to be the same
 * however the address goes on. Undefined for one that names none.
 */
export function cityOfAddress(address: string): string | undefined {
  const read = readPlace(address)
  const found = read.ok ? read.region : (elsewhereAtStart(address) ?? namedAtStart(address))
  if (!found || found.code === PROVINCE) return undefined
  const parent = found.level === 'county' ? regionOf(found.parent ?? '') : undefined
  const city = parent && parent.code !== PROVINCE ? parent : found
  return city.path.replace(/^河北省(?=.)/u, '')
}

/** A place in Hebei whose whole name an address begins with (正定县恒州街). */
function namedAtStart(address: string): Region | undefined {
  const [first] = leadingPlaces(address)
  const found = first && regionOf(first.code)
  return found && address.startsWith(found.name) ? found : undefined
}
