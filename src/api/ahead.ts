import { Problem } from '../http/problem.ts'

/**
 * Refuses (409) a position that the register has not come to: whoever holds it has it from a register that is not there any
 * more. `begin` is what they ask for to have all anew, by the name of its parameter.
 */
export function mustBeReached(
  { epoch, position }: { epoch: string; position: number },
  asked: number,
  begin?: Readonly<Record<string, string | number>>,
): void {
  if (asked <= position) return
  const [from] = Object.keys(begin ?? {})
  throw new Problem(
    409,
    'feed-ahead',
    `登记簿只到序号 ${position}，没有序号 ${asked}：此前取得的内容不属于这份登记簿；请清空已取的内容，${from === undefined ? '' : `从 ${from}=0 `}重新取用。`,
    { related: { epoch, position, ...(begin && { begin }) } },
  )
}
