import type { Authorities } from '../authority/authorities.ts'
import type { Authority } from '../authority/authority.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'

const LONGEST_NAME = 100

/** A name that no authority bears or ever bore; refuses another, naming whose it is. */
export function freeName(typed: string, authorities: Authorities): string {
  const name = typed.trim()
  if (name === '') throw invalid('/name', 'required', '请填写机关名称。')
  if (name.length > LONGEST_NAME) throw invalid('/name', 'too-big', `机关名称最多 ${LONGEST_NAME} 个字符。`)
  const other = authorities.named(name)
  if (!other) return name
  throw new Refusal(
    'exists',
    other.name === name
      ? `已有名为“${name}”的机关。`
      : `“${name}”是${other.name}用过的名称，不能再给别的机关使用。`,
  )
}

/** Why nothing can be done with an authority any more, in words; undefined while it stands. */
export function goneInto({ name, successor }: Authority, authorities: Authorities): string | undefined {
  if (successor === undefined) return undefined
  return `${name}已并入${authorities.one(successor)?.name ?? '其他机关'}，请对其办理。`
}
