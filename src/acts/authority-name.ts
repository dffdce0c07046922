import type { Authorities } from '../authority/authorities.ts'
import { type Authority, strangerNamed, unrealNamed } from '../authority/authority.ts'
import { comparedName } from '../authority/compared-name.ts'
import { writtenText } from '../codes/characters.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { ActSituation } from './situation.ts'

const LONGEST_NAME = 100

/**
 * A name that no authority bears or ever bore, but `own` before; refuses another, naming whose it is, and one that looks
 * like another than it is: what nobody sees in it, full-width letters, space between ideographs.
 */
export function freeName(typed: string, authorities: Authorities, own?: Authority): string {
  const name = writtenPlainly(typed, '机关名称')
  const stranger = strangerNamed(name)
  if (stranger !== undefined)
    throw invalid('/name', 'stranger', `“${name}”是${stranger}的名称，不能作本省机关的名称；请写机关的全称。`)
  const other = authorities.likeNamed(name)
  if (!other || (other.id === own?.id && other.name !== name)) return name
  throw new Refusal('exists', takenBy(name, other))
}

/** What an office's own name ends with, and hardly a system's. */
const OFFICE = /(?:局|委|委员会|厅|府|法院|检察院)$/u

/**
 * A name for a consumer (取用方) that no authority bears or bore, be it one outside the province, and no consumer that stands;
 * refuses another as `freeName` does.
 */
export function freeConsumerName(
  typed: string,
  { authorities, outside: { standing } }: Pick<ActSituation, 'authorities' | 'outside'>,
): string {
  const name = writtenPlainly(typed, '取用方的名称')
  const isOffice = OFFICE.test(name)
  const office = authorities.likeNamed(name) ?? (isOffice ? authorities.speakingAs(name) : undefined)
  const whose = office?.name ?? unrealNamed(name) ?? (isOffice ? strangerNamed(name) : undefined)
  if (whose !== undefined)
    throw invalid(
      '/name',
      'authority',
      `“${name}”是${whose}的名称，不能作取用方的名称；请写平台或者系统的名称，如 ${name}信用平台。`,
    )
  const other = standing
    .consumers()
    .find((known) => known.closedAt === undefined && comparedName(known.name) === comparedName(name))
  if (!other) return name
  throw new Refusal(
    'exists',
    other.name === name
      ? `已有名为“${name}”的取用方；请换一个名称，或者先停用它。`
      : `“${name}”与取用方“${other.name}”只是写法不同，认作同一名称；请换一个名称。`,
  )
}

/** A name less the space around it; refuses none, one too long, and one that looks like another than it is. */
function writtenPlainly(typed: string, what: string): string {
  const name = typed.trim()
  const plain = plainName(name)
  if (plain === '') throw invalid('/name', 'required', `请填写${what}。`)
  if (name.length > LONGEST_NAME) throw invalid('/name', 'too-big', `${what}最多 ${LONGEST_NAME} 个字符。`)
  if (plain !== name)
    throw invalid(
      '/name',
      'characters',
      `${what}中有看不见的或者不规范的字符（如全角字母、多余的空格）；请写作“${plain}”。`,
    )
  return name
}

/** Whose a name is that can't be given to another, in words. */
function takenBy(name: string, { name: present, formerNames }: Authority): string {
  if (present === name) return `已有名为“${name}”的机关。`
  if (formerNames.includes(name)) return `“${name}”是${present}用过的名称，不能再给别的机关使用。`
  const like = [present, ...formerNames].find((known) => comparedName(known) === comparedName(name))
  const whose = like === present || like === undefined ? present : `${present}用过的名称“${like}”`
  return `“${name}”与${whose}只是写法不同，认作同一名称，不能再给别的机关使用。`
}

/** A name as it is written: nothing that nobody sees, letters and digits in their plain forms, brackets as in Chinese. */
function plainName(name: string): string {
  return writtenText(name)
    .text.replace(/[\p{L}\p{N}]+/gu, (part) => part.normalize('NFKC'))
    .replace(/\(/gu, '（')
    .replace(/\)/gu, '）')
    .replace(/\s+/gu, ' ')
    .replace(/(?<=[\p{Script=Han}（）]) | (?=[\p{Script=Han}（）])/gu, '')
    .trim()
}

/** Why nothing can be done with an authority any more, in words; undefined while it stands. */
export function goneInto({ name, successor }: Authority, authorities: Authorities): string | undefined {
  if (successor === undefined) return undefined
  return `${name}已并入${authorities.one(successor)?.name ?? '其他机关'}，请对其办理。`
}
