/** A text without these marks and gaps at its start and its end. */
export function trimmed(text: string, { start = '', end = '' }: { start?: string; end?: string }): string {
  const isMark = (marks: string, character: string) => marks.includes(character) || character.trim() === ''
  let [from, to] = [0, text.length]
  while (from < to && isMark(start, text.charAt(from))) from += 1
  while (to > from && isMark(end, text.charAt(to - 1))) to -= 1
  return text.slice(from, to)
}
