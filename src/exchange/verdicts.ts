import { comparedNumber } from '../records/document-number.ts'
import { inspection } from '../records/inspection.ts'
import type { RecordData, RecordKind } from '../records/kind.ts'
import type { AnswersByField } from './columns.ts'
import type { RowFault, RowReading, UnknownWord } from './row-reading.ts'
import { answerTo } from './words.ts'

/** What rows of one sample may say of it that can't both be so (检查结果). */
const VERDICTS = ['合格', '不合格'] as const
type Verdict = (typeof VERDICTS)[number]

function verdictOf({ outcome }: RecordData): Verdict | undefined {
  return VERDICTS.find((verdict) => verdict === outcome)
}

/** Asks which verdict on a sample holds, of which its rows give both; undefined where no number tells the sample. */
export function askedVerdict({ sampleNo, reportNo }: RecordData): UnknownWord | undefined {
  const number = sampleNo ?? reportNo
  if (typeof number !== 'string') return undefined
  const word = `编号 ${comparedNumber(number).toUpperCase()}：${VERDICTS.join('、')}两种`
  return {
    field: 'outcome',
    label: inspection.columns.find(({ field }) => field === 'outcome')?.label ?? '',
    word,
    candidates: VERDICTS,
  }
}

/** Why a row is not taken whose verdict on its sample an officer has decided against; undefined for every other. */
export function overruled(
  { record }: RowReading,
  { type }: RecordKind,
  answers: AnswersByField,
): RowFault | undefined {
  const asked = type === inspection.type && answers.outcome ? askedVerdict(record) : undefined
  const [answer] = (asked && answerTo(asked.word, answers.outcome)) ?? []
  const own = verdictOf(record)
  if (!asked || own === undefined || own === answer || !VERDICTS.some((verdict) => verdict === answer))
    return undefined
  return {
    code: 'overruled',
    header: asked.label,
    value: own,
    detail: `同一编号的${asked.label}有两种，已指明以“${answer}”为准；本行写作“${own}”，按此未予导入。`,
  }
}

/** What to say where a row gives a sample the verdict opposite to the one on file; a second person decides on that. */
export function reversal(stood: RecordData, said: RecordData, { type }: RecordKind): string | undefined {
  const [before, after] = [verdictOf(stood), verdictOf(said)]
  return type !== inspection.type || !before || !after || before === after
    ? undefined
    : `与档案中同一样品的检查结果相反（档案为“${before}”，本行为“${after}”）`
}

/** Headings of the first of two tests, and of what holds after both. */
const FIRST = /^(?:初检|首次|初次)/u
const FINAL = /^最终/u

/** Whether a heading is of the first test of a sample, beside which another may say what holds. */
export function isOfFirstTest(heading: string): boolean {
  return FIRST.test(heading)
}

/** Whether a heading is of the verdict that holds after a second test (复检). */
export function isFinal(heading: string): boolean {
  return FINAL.test(heading)
}

/**
 * What the verdict of a second test (复检结论) made of the first one. Asked for of what failed, it changed the verdict where it
 * passed; undefined where what the row says of the sample does not fit: whose verdict that is has to be asked.
 */
export function retestOf(
  verdict: unknown,
  outcome: unknown,
  isOutcomeFinal: boolean,
): '改变原结论' | '维持原结论' | undefined {
  if (outcome !== '不合格' && !(isOutcomeFinal && outcome === '合格')) return undefined
  if (isOutcomeFinal && outcome !== verdict) return undefined
  return verdict === '合格' ? '改变原结论' : verdict === '不合格' ? '维持原结论' : undefined
}
