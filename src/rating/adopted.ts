import { type Adopted, type Adoption, everAdopted, foldAdoption, versionOf } from '../adoption/adoption.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Standard, standardSchema } from './standard.ts'

export type AdoptedStandard = Adopted<Standard>
export type StandardHistory = Adoption<Standard>

/** Subject of the entries about a standard. */
export function standardSubject(id: string): string {
  return `standard/${id}`
}

/** A version of an adopted standard, the one in force by default; refuses an unknown one, naming those there are. */
export function adoptedVersion(
  all: readonly StandardHistory[],
  id: string,
  version?: number,
): AdoptedStandard {
  // What is only put forward is nobody's business yet.
  const adopted = everAdopted(all)
  const history = adopted.find((known) => known.id === id)
  const found = history && versionOf(history, version)
  if (found) return found
  const known = adopted.map((standard) => standard.id)
  throw new Refusal(
    'unknown',
    history
      ? `标准 ${id} 没有第 ${version} 版；已采用的版本：${history.versions.map(({ document }) => document.version).join('、')}。`
      : `没有采用标准“${id.slice(0, 60)}”；${known.length > 0 ? `已采用的有 ${known.join('、')}。` : '尚未采用任何标准，请先采用。'}`,
  )
}

/** The standard's versions after one more entry. */
export const foldStandard = foldAdoption('standard', standardSchema)
