/** Chinese numerals of one digit (数字), in every form, with their values. */
export const NUMERALS: ReadonlyMap<string, number> = new Map(
  ['零〇○', '一壹', '二贰貳两', '三叁參叄', '四肆', '五伍', '六陆陸', '七柒', '八捌', '九玖'].flatMap(
    (ways, value) => Array.from(ways, (numeral): [string, number] => [numeral, value]),
  ),
)
