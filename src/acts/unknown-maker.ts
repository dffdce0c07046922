import type { Authorities, Body } from '../authority/authorities.ts'
import { comparedName } from '../authority/compared-name.ts'
import type { RecordData, RecordKind } from '../records/kind.ts'

/**
 * What is said, in words, where a record names an authority as its maker that nobody has opened: it is then `owner`'s, which is
 * who recorded it. Undefined where it names none, or one that is known.
 */
export function unknownMaker(
  kind: RecordKind,
  data: RecordData,
  owner: Pick<Body, 'name'>,
  authorities: Authorities,
): string | undefined {
  const named = kind.madeBy(data)
  if (named === undefined || authorities.speakingAs(named)) return undefined
  if (comparedName(named) === comparedName(owner.name)) return undefined
  return `没有已开立的机关“${named.slice(0, 60)}”，该记录属登记的${owner.name}；名称有误的请改正，确是其他机关的，可请管理员先开立。`
}
