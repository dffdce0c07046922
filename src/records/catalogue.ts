import { award } from './award.ts'
import { enterprise } from './enterprise.ts'
import { inspection } from './inspection.ts'
import { interview } from './interview.ts'
import type { RecordKind } from './kind.ts'
import { licence } from './licence.ts'
import { penalty } from './penalty.ts'

/** The kinds of record that a registry keeps, in the order that a file shows them. */
export interface Catalogue {
  readonly kinds: readonly RecordKind[]
  kind(type: string): RecordKind | undefined
  /** The type of the records that stand in a file's section. */
  readonly sections: ReadonlyMap<string, string>
}

/** A catalogue of kinds; throws when two share a type or a section. */
export function catalogueOf(kinds: readonly RecordKind[]): Catalogue {
  const byType = new Map(kinds.map((kind) => [kind.type, kind]))
  const sections = new Map(kinds.map((kind) => [kind.section, kind.type]))
  if (byType.size !== kinds.length || sections.size !== kinds.length)
    throw new Error('two record kinds share a type or a section')
  return { kinds, kind: (type) => byType.get(type), sections }
}

/** The kinds that stand in every registry. To add one, write its definition file and name it here. */
export const catalogue = catalogueOf([licence, inspection, interview, penalty, award])

/** The kind of record that a type names, the basic information included. */
export function kindOf({ kind }: Catalogue, type: string): RecordKind | undefined {
  return type === enterprise.type ? enterprise : kind(type)
}

export { enterprise }
