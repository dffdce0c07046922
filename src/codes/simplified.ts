import traditional from 'opencc-js/dict/TSCharacters'

/** Simplified characters by the traditional ones that they stand for. */
export const simplified: ReadonlyMap<string, string> = new Map(
  traditional.split('|').map((pair) => {
    const [from = '', to = ''] = pair.split(' ')
    return [from, to] as const
  }),
)

/** A text with the traditional characters in it simplified, one by one. */
export function simplifiedText(text: string): string {
  return text.replace(/\p{Script=Han}/gu, (character) => simplified.get(character) ?? character)
}
