import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { CalendarDate } from '../calendar/dates.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { inspection, samplingKinds } from '../records/inspection.ts'
import { isOneOf } from '../records/stored.ts'
import type { Author, Entry } from '../register/entry.ts'
import { groupOf, type ProductGroup, type Scheme } from './scheme.ts'

/** Levels of sampling, the highest first. */
const LEVELS = ['国家', '省', '市', '县'] as const

/** Who may be drawn, with the class that sets their rate. */
export interface Candidate {
  orgCode: string
  class: string
}

export interface Drawn extends Candidate {
  /** SHA-256 in hex of the seed, a slash and the code: the candidates of a class are taken in its order. */
  hash: string
  inspectors: string[]
}

const candidate = z.object({ orgCode: z.string(), class: z.string() })

const drawMade = z.object({
  name: z.string(),
  seed: z.string(),
  region: z.string().optional(),
  group: z.string(),
  level: z.enum(LEVELS),
  /** Period in which a higher level's sampling leaves an enterprise out. */
  period: z.object({ from: z.string(), to: z.string() }),
  rates: z.record(z.string(), z.number()),
  inspectors: z.array(z.string()),
  inspectorsEach: z.number(),
  candidates: z.array(candidate),
  leftOut: z.array(z.object({ orgCode: z.string(), reason: z.string() })),
  drawn: z.array(candidate.extend({ hash: z.string(), inspectors: z.array(z.string()) })),
})
export type DrawMade = z.output<typeof drawMade>

/** A draw (双随机抽取) as it was made: everything that is needed to make it again. */
export interface Draw extends DrawMade {
  id: string
  madeAt: string
  position: number
  author: Author
}

/** Subject of the entry about a draw. */
export function drawSubject(id: string): string {
  return `draw/${id}`
}

export function foldDraw(before: Draw | undefined, entry: Entry): Draw | undefined {
  if (entry.kind !== 'draw.made' || entry.payload === null) return before
  return {
    id: entry.subject.slice(drawSubject('').length),
    madeAt: entry.recordedAt,
    position: entry.seq,
    author: entry.author,
    ...drawMade.parse(entry.payload),
  }
}

/**
 * Draws enterprises and their inspectors. Of each class the candidates are put in the order of SHA-256(seed/code), and
 * of n candidates the first ⌈rate × n⌉ are taken; inspectors likewise by SHA-256(seed/code/inspector). Nothing else
 * has a say, so anyone can draw again.
 */
export function draw(
  candidates: readonly Candidate[],
  {
    seed,
    rates,
    inspectors,
    inspectorsEach,
  }: Pick<DrawMade, 'seed' | 'rates' | 'inspectors' | 'inspectorsEach'>,
): Drawn[] {
  const classes = new Map<string, Drawn[]>()
  for (const { orgCode, class: name } of candidates) {
    const drawn = { orgCode, class: name, hash: sha256(`${seed}/${orgCode}`), inspectors: [] }
    const known = classes.get(name)
    if (known) known.push(drawn)
    else classes.set(name, [drawn])
  }
  return Array.from(classes, ([name, all]) => {
    const sorted = all.sort((a, b) => (a.hash < b.hash ? -1 : 1))
    return sorted.slice(0, howMany(rates[name] ?? 0, sorted.length))
  })
    .flat()
    .sort((a, b) => (a.orgCode < b.orgCode ? -1 : 1))
    .map((drawn) => ({
      ...drawn,
      inspectors: inspectorsFor(drawn.orgCode, seed, inspectors, inspectorsEach),
    }))
}

/** ⌈rate × n⌉, with the rate taken in whole ten-thousandths, so that 0.1 × 30 is 3 and not 4. */
function howMany(rate: number, count: number): number {
  return Math.ceil((Math.round(rate * 10_000) * count) / 10_000)
}

function inspectorsFor(code: string, seed: string, inspectors: readonly string[], each: number): string[] {
  return inspectors
    .map((inspector) => ({ inspector, hash: sha256(`${seed}/${code}/${inspector}`) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, each)
    .map(({ inspector }) => inspector)
}

/**
 * The sampling of a product by a higher level that leaves an enterprise out of a draw in the same period
 * (产品质量法 art. 15: what a higher level has sampled a lower one doesn't sample again); undefined when there is none.
 */
export function sampledAbove(
  dossier: Dossier,
  group: ProductGroup,
  level: DrawMade['level'],
  { from, to }: { from: CalendarDate; to: CalendarDate },
  scheme: Scheme,
): string | undefined {
  const higher = samplingKinds.slice(0, LEVELS.indexOf(level))
  const found = inspection
    .in(dossier)
    .find(
      ({ data }) =>
        isOneOf(data.kind, higher) &&
        data.inspectedOn >= from &&
        data.inspectedOn <= to &&
        groupOf(data.product, scheme).id === group.id,
    )
  return found && `${found.data.inspectedOn} 已由${found.data.kind}抽查`
}

/**
 * Enterprises that higher levels have drawn for a product in an overlapping period, by code, with what drew them: what
 * is drawn above isn't drawn again below, whether its sampling is on record yet or not.
 */
export function drawnAbove(
  draws: readonly Draw[],
  group: string,
  level: DrawMade['level'],
  { from, to }: { from: CalendarDate; to: CalendarDate },
): Map<string, string> {
  const found = new Map<string, string>()
  for (const { level: above, group: own, period, drawn, name } of draws) {
    const isHigher = LEVELS.indexOf(above) < LEVELS.indexOf(level)
    if (!isHigher || own !== group || period.to < from || period.from > to) continue
    for (const { orgCode } of drawn) found.set(orgCode, `已由${above}级抽取（${name}）`)
  }
  return found
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
