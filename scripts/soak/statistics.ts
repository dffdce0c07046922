import type { Counted, Ledger, Span } from './ledger.ts'

/** What `/statistics` says in words, computed here from what was acknowledged by the moment that its figures name. */
const SENTENCES: readonly {
  what: string
  says: RegExp
  /** Figures in the sentence, each with what it may be. */
  may(span: (of: Counted) => Span): (Span | undefined)[]
}[] = [
  {
    what: 'sampling tests',
    says: /共抽查 (\d+) 批次，合格率 ([\d.]+)%/,
    may: (span) => [span('tested'), percent(span('passed'), span('tested'))],
  },
  { what: 'listings', says: /在列企业共 (\d+) 家|目前(没)有企业在列/, may: (span) => [span('listed')] },
  {
    what: 'coverage',
    says: /计 (\d+) 家次）中，档案完整的占 ([\d.]+)%/,
    may: (span) => [span('holders'), percent(span('complete'), span('holders'))],
  },
]

/** A share in per cent with one decimal, of a part and a whole that may lie between these. */
function percent(part: Span, whole: Span): Span | undefined {
  if (whole.least === 0) return undefined
  const share = (one: number, of: number) => Math.round((Math.min(one, of) / of) * 1000) / 10
  return { least: share(part.least, whole.most), most: share(part.most, whole.least) }
}

export interface HeldFigure {
  what: string
  /** What was wrong with it, if anything. */
  fault: string | undefined
}

/** Holds each figure of the page against what it may have been from that moment until it was seen. */
export function statisticsHeld(
  body: string,
  ledger: Ledger,
  { moment, seen }: { moment: number; seen: number },
): HeldFigure[] {
  const text = body.replaceAll(/<[^>]*>/g, '')
  return SENTENCES.flatMap(({ what, says, may }) => {
    const spans = may((of) => ledger.span(of, moment, seen))
    const found = says.exec(text)
    // Before there is anything to count the page says so in other words.
    if (!found) return spans[0]?.least === 0 ? [] : { what, fault: `/statistics tells nothing of ${what}` }
    return spans.flatMap((span, i) => {
      const said = found[i + 1]
      if (!span || (said === undefined && span.least === 0)) return []
      const figure = Number(said ?? 0)
      const isRight = figure >= span.least && figure <= span.most
      const of = `${what}, figure ${i + 1}`
      const fault = `/statistics: ${of} is ${said}, where ${span.least} to ${span.most} were acknowledged`
      return { what: of, fault: isRight ? undefined : fault }
    })
  })
}
