import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** One kind of change that was made to a text before it was stored, and where it is seen. */
export interface CharacterChange {
  kind: 'invisible' | 'radical' | 'compatibility' | 'private-use' | 'unknown-private-use'
  /** The character as it was given. */
  from: string
  /** What stands for it: nothing for an invisible one, itself for one that is in no table. */
  to: string
  /** Its place in the text as given, counted in characters from 1. */
  place: number
}

export interface WrittenText {
  text: string
  /** What was changed, in the order of the text; empty for nearly every text. */
  changes: CharacterChange[]
}

/**
 * Radicals (康熙部首, 中日韩汉字部首补充) by the ideograph that each stands for, by Unicode's own table. Input methods and
 * files made from PDF have them in place of characters: ⻓ for 长.
 */
const radicals: ReadonlyMap<string, string> = new Map(
  Object.entries(
    z
      .object({ characters: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(new URL('./radicals.json', import.meta.url), 'utf8'))).characters,
  ).map(([from, to]) => [character(from), character(to)]),
)

function character(hex: string): string {
  return String.fromCodePoint(Number.parseInt(hex, 16))
}

const PRIVATE = /^\p{Co}$/u

/**
 * Characters that GB 18030 had in Unicode's private use area before Unicode had them; old systems still write them. The
 * platform's decoder knows where all but six of them are today.
 */
const privateUse: ReadonlyMap<string, string> = new Map([
  ...formerlyPrivate(0xe815, 0xfe50, 0xfea0),
  ...formerlyPrivate(0xe7c7, 0xa8bc, 0xa8bc),
  ...formerlyPrivate(0xe7c8, 0xa8bf, 0xa8bf),
  ...[
    [0xe816, 0x20087],
    [0xe817, 0x20089],
    [0xe818, 0x200cc],
    [0xe831, 0x215d7],
    [0xe83b, 0x2298f],
    [0xe855, 0x241fe],
  ].map(([from = 0, to = 0]) => [String.fromCodePoint(from), String.fromCodePoint(to)] as const),
])

/** Two-byte characters of GB 18030 in a row, each with the private code point that it had, counted from `first`. */
function formerlyPrivate(first: number, from: number, to: number): [string, string][] {
  const decoder = new TextDecoder('gb18030')
  const pairs: [string, string][] = []
  let privately = first
  for (let bytes = from; bytes <= to; bytes += 1) {
    if ((bytes & 0xff) === 0x7f) continue
    const now = decoder.decode(Uint8Array.of(bytes >> 8, bytes & 0xff))
    if (!PRIVATE.test(now)) pairs.push([String.fromCodePoint(privately), radicals.get(now) ?? now])
    privately += 1
  }
  return pairs
}

/** What nobody sees: bidi marks, zero widths, BOM, soft hyphen, variation selectors, fillers, tags. */
const INVISIBLE = /^(?:\p{Cf}|\p{Variation_Selector}|\u115f|\u1160|\u3164|\uffa0|\u034f|\u17b4|\u17b5)$/u

/** Characters that a text may hold without being looked at one by one. */
const PLAIN =
  /^[\u0020-\u00ac\u00ae-\u034e\u2010-\u2027\u2030-\u205e\u3000-\u3163\u3165-\ud7ff\uff00-\uff9f]*$/u

/**
 * A text as it is stored: as given, less what nobody sees, with radicals, compatibility ideographs and private-use
 * characters in the place of ideographs changed to these by Unicode's and GB 18030's tables. Every change is
 * returned, so that a preview can show it. Linear in the text.
 */
export function writtenText(given: string): WrittenText {
  if (PLAIN.test(given)) return { text: given, changes: [] }
  const changes: CharacterChange[] = []
  let text = ''
  let place = 0
  for (const from of given) {
    place += 1
    const change = changeOf(from)
    text += change?.to ?? from
    if (change) changes.push({ ...change, from, place })
  }
  return { text, changes }
}

/** Whether nobody sees a character. */
export function isInvisible(character: string): boolean {
  return INVISIBLE.test(character)
}

/** A text less what nobody sees: what turns its direction, too. Linear in the text. */
export function withoutInvisible(given: string): string {
  if (PLAIN.test(given)) return given
  return Array.from(given)
    .filter((character) => !isInvisible(character))
    .join('')
}

function changeOf(from: string): Pick<CharacterChange, 'kind' | 'to'> | undefined {
  if (isInvisible(from)) return { kind: 'invisible', to: '' }
  const radical = radicals.get(from)
  if (radical !== undefined) return { kind: 'radical', to: radical }
  const known = privateUse.get(from)
  if (known !== undefined) return { kind: 'private-use', to: known }
  if (PRIVATE.test(from)) return { kind: 'unknown-private-use', to: from }
  const composed = /^[\uf900-\ufaff\u{2f800}-\u{2fa1f}]$/u.test(from) ? from.normalize('NFC') : from
  return composed === from ? undefined : { kind: 'compatibility', to: composed }
}

const KINDS: Readonly<Record<CharacterChange['kind'], string>> = {
  invisible: '不可见字符',
  radical: '部首字符',
  compatibility: '兼容汉字',
  'private-use': '自造字区字符',
  'unknown-private-use': '自造字区字符',
}

/** What was changed, in a Chinese sentence for previews and reports; empty where nothing was. */
export function describeChanges(changes: readonly CharacterChange[]): string {
  const parts = changes.slice(0, 5).map(({ kind, from, to, place }) => {
    const what = `第 ${place} 个字符是${KINDS[kind]}（${codePoint(from)}）`
    if (kind === 'invisible') return `${what}，已删去`
    return kind === 'unknown-private-use'
      ? `${what}，查不到对应的汉字，原样保留，请核对`
      : `${what}，已改为“${to}”`
  })
  if (parts.length === 0) return ''
  return `${parts.join('；')}${changes.length > parts.length ? `；另有 ${changes.length - parts.length} 处` : ''}。`
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** What XML 1.0 can't hold, and so no feed, workbook or document: an old register may have it in a name. */
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu

/** A text as every medium can hold it: U+FFFD stands for each character that some can't. */
export function writable(text: string): string {
  return text.toWellFormed().replace(UNWRITABLE, '\ufffd')
}
