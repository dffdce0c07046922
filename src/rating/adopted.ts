import { type Adopted, type Adoption, foldAdoption } from '../adoption/adoption.ts'
import { type Standard, standardSchema } from './standard.ts'

export type AdoptedStandard = Adopted<Standard>
export type StandardHistory = Adoption<Standard>

/** Subject of the entries about a standard. */
export function standardSubject(id: string): string {
  return `standard/${id}`
}

/** The standard's versions after one more entry. */
export const foldStandard = foldAdoption('standard', standardSchema)
