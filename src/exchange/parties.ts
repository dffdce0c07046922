import type { InspectionData } from '../records/inspection.ts'

/** A role in which a sampling result names a firm. */
export type Role = 'producer' | 'sampled' | 'other'

/** What a column says of such a firm. */
export type PartyPart = 'name' | 'code' | 'address' | 'nature'

/** The fields of a sample that hold what is said of each party. */
export const partyFields: Readonly<Record<Role, Readonly<Partial<Record<PartyPart, keyof InspectionData>>>>> =
  {
    producer: { name: 'producer', code: 'producerCode', address: 'producerAddress' },
    sampled: { name: 'sampledUnit', code: 'sampledUnitCode', address: 'sampledUnitAddress' },
    other: { name: 'thirdParty', nature: 'thirdPartyNature', address: 'thirdPartyAddress' },
  }

/** A party as columns are said to mean it. */
export const roleWords: Readonly<Record<Role, string>> = {
  producer: '标称生产企业',
  sampled: '被抽样单位',
  other: '第三方企业',
}

/** A part of a party, after its role. */
export const partWords: Readonly<Record<PartyPart, string>> = {
  name: '',
  code: '代码',
  address: '地址',
  nature: '性质',
}
