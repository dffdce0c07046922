import { NUMERALS } from '../codes/numerals.ts'

const UNITS = new Map([
  ['十', 10],
  ['拾', 10],
  ['百', 100],
  ['佰', 100],
])

/** A text with its Chinese numerals in digits: 第一 → 第1, 六零二厂 → 602厂, 二十三 → 23. */
export function withArabicNumerals(text: string): string {
  return text.replace(/[零一二三四五六七八九〇壹贰叁肆伍陆柒捌玖两十拾百佰]+/g, (run) =>
    /[十拾百佰]/.test(run) ? String(counted(run)) : Array.from(run, (c) => NUMERALS.get(c)).join(''),
  )
}

function counted(run: string): number {
  let sum = 0
  let digit: number | undefined
  for (const character of run) {
    const unit = UNITS.get(character)
    if (unit === undefined) digit = NUMERALS.get(character) ?? 0
    else {
      sum += (digit ?? 1) * unit
      digit = undefined
    }
  }
  return sum + (digit ?? 0)
}
