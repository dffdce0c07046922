import { z } from 'zod'
import { text } from '../records/fields.ts'
import { commitmentOf, SHORTEST_PART } from '../supervision/draw.ts'

const HASH = /^[0-9a-f]{64}$/

/** A part of a seed as it is shown. */
export const part = text(200)
  .min(SHORTEST_PART, `至少 ${SHORTEST_PART} 个字符，否则可以由摘要试出。`)
  .meta({ label: '您的一份种子', hint: '与提交摘要时所填的一字不差' })

/** The hash of a part of a seed, by which somebody settles on it. */
export const commitment = z
  .string()
  .regex(
    HASH,
    `应为种子的 SHA-256 摘要（64 位小写十六进制）；在页面上直接填写种子的，至少 ${SHORTEST_PART} 个字符。`,
  )
  .meta({ label: '种子的摘要', description: 'SHA-256（UTF-8，小写十六进制），开启之前种子本身不提交' })

/** What the desk asks for instead: the part, of which the hash alone is kept. */
export const partLine = text(200).meta({
  label: '您的一份种子',
  hint: `随手写的字句，至少 ${SHORTEST_PART} 个字符；系统只留摘要，开启时要一字不差地再填一次。也可以填自己算好的 SHA-256 摘要`,
})

/** The hash that a line of a form comes to; what is no part is left for the input to judge. */
export function commitmentIn(typed: unknown): { commitment?: unknown } {
  if (typed === undefined) return {}
  const own = part.safeParse(typed)
  return { commitment: own.success && !HASH.test(own.data) ? commitmentOf(own.data) : typed }
}
