import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Maker, makerOf } from '../authority/maker.ts'
import type { CalendarDate } from '../calendar/dates.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { inspection, samplingKinds } from '../records/inspection.ts'
import { isOneOf } from '../records/stored.ts'
import type { Entry } from '../register/entry.ts'
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
const leftOut = z.array(z.object({ orgCode: z.string(), reason: z.string() }))

/** What a draw is to be, before anything of its outcome is known. */
const plan = z.object({
  name: z.string(),
  region: z.string().optional(),
  group: z.string(),
  level: z.enum(LEVELS),
  /** Period in which a higher level's sampling leaves an enterprise out. */
  period: z.object({ from: z.string(), to: z.string() }),
  rates: z.record(z.string(), z.number()),
  inspectors: z.array(z.string()),
  inspectorsEach: z.number(),
})

/** That somebody has settled on their part of the seed: its SHA-256, which tells nothing of it. */
const committed = z.object({ commitment: z.string(), by: z.string() })

/** Payload of each step of a draw: its plan with the first part's hash, the second's, the first part opened, the outcome. */
const steps = {
  'draw.begun': plan.extend({
    ...committed.shape,
    /** Earlier draws of the same, and why there is another. */
    again: z.object({ of: z.array(z.string()), reason: z.string() }).optional(),
  }),
  'draw.joined': committed,
  'draw.opened': z.object({ part: z.string(), candidates: z.array(candidate), leftOut, by: z.string() }),
  'draw.made': plan.extend({
    seed: z.string(),
    /** The parts of the seed in their order. */
    parts: z.array(z.string()).optional(),
    candidates: z.array(candidate),
    leftOut,
    drawn: z.array(candidate.extend({ hash: z.string(), inspectors: z.array(z.string()) })),
  }),
} as const
export type DrawPlan = z.output<typeof plan>
export type DrawMade = z.output<(typeof steps)['draw.made']>
export type DrawPayload<K extends keyof typeof steps> = z.output<(typeof steps)[K]>

/** Somebody's part of a seed: its hash, and the part itself once it was opened. */
export interface Commitment {
  hash: string
  by: string
  author: Maker
  at: string
  position: number
  part?: string
}

/** A draw (双随机抽取): everything that is needed to make it again, and how far it is. */
export interface Draw extends DrawMade {
  id: string
  revision: number
  status: 'begun' | 'joined' | 'opened' | 'made'
  madeAt: string
  position: number
  author: Maker
  /** The parts of its seed in their order; none where it was made by a seed that somebody gave. */
  commitments: Commitment[]
  again?: { of: string[]; reason: string }
}

/** Subject of the entries about a draw. */
export function drawSubject(id: string): string {
  return `draw/${id}`
}

/** The draw after one more entry. */
export function foldDraw(before: Draw | undefined, entry: Entry): Draw | undefined {
  const { kind, payload, revision, recordedAt: at, seq: position, subject } = entry
  const author = makerOf(entry)
  if (payload === null) return before && { ...before, revision }
  const id = subject.slice(drawSubject('').length)
  const promised = ({ commitment: hash, by }: z.output<typeof committed>): Commitment => ({
    ...{ hash, by, author, at, position },
  })
  switch (kind) {
    case 'draw.begun': {
      const { commitment, by, again, ...planned } = steps[kind].parse(payload)
      const head = { id, revision, status: 'begun' as const, madeAt: at, position, author }
      const outcome = { seed: '', candidates: [], leftOut: [], drawn: [] }
      const commitments = [promised({ commitment, by })]
      return { ...head, ...planned, ...outcome, commitments, ...(again && { again }) }
    }
    case 'draw.joined': {
      if (!before) return undefined
      const commitments = [...before.commitments, promised(steps[kind].parse(payload))]
      return { ...before, revision, status: 'joined', commitments }
    }
    case 'draw.opened': {
      if (!before) return undefined
      const { part, candidates, leftOut: out } = steps[kind].parse(payload)
      const commitments = opened(before.commitments, [part])
      return { ...before, revision, status: 'opened', commitments, candidates, leftOut: out }
    }
    case 'draw.made': {
      const made = steps[kind].parse(payload)
      const head = { id, revision, status: 'made' as const, madeAt: at, position, author }
      if (!before) return { ...head, ...made, commitments: [] }
      const commitments = opened(before.commitments, made.parts ?? [])
      return { ...before, ...head, author: before.author, ...made, commitments }
    }
    default:
      return before && { ...before, revision }
  }
}
/** What was settled on with the parts that have been shown since. */
function opened(commitments: readonly Commitment[], parts: readonly string[]): Commitment[] {
  return commitments.map((own) => {
    const part = parts.find((known) => commitmentOf(known) === own.hash)
    return part === undefined ? own : { ...own, part }
  })
}

/** Whether a draw comes out the same from what it published: its seed from the parts that were settled on, the drawn from both. */
export function redrawn(made: Draw): { agrees: boolean; drawn: Drawn[] } {
  const drawn = made.status === 'made' ? draw(made.candidates, made) : []
  const parts = made.commitments.flatMap(({ part }) => part ?? [])
  const isSeeded =
    made.commitments.length === 0 || (parts.length === made.commitments.length && seedOf(parts) === made.seed)
  const agrees = made.status === 'made' && isSeeded && JSON.stringify(drawn) === JSON.stringify(made.drawn)
  return { agrees, drawn }
}

/** The shortest part of a seed: a shorter one could be found from its hash by trying. */
export const SHORTEST_PART = 16

/** The hash (SHA-256, hex) by which somebody settles on a part of the seed before they show it. */
export function commitmentOf(part: string): string {
  return sha256(part)
}

/** The seed that its parts make, in the order in which they were settled on. */
export function seedOf(parts: readonly string[]): string {
  return parts.join('/')
}

/** Earlier draws of the same: one group, one level, one region, periods that overlap. */
export function drawnBefore(draws: readonly Draw[], asked: DrawPlan): Draw[] {
  return draws.filter(
    ({ group, level, region, period }) =>
      group === asked.group &&
      level === asked.level &&
      region === asked.region &&
      period.from <= asked.period.to &&
      asked.period.from <= period.to,
  )
}

/** The levels at which an authority may draw: its own and those below. */
export function levelsOf(authority: 'province' | 'city' | 'county'): readonly DrawMade['level'][] {
  return LEVELS.slice({ province: 0, city: 2, county: 3 }[authority])
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
        inspection.isCounted(data) &&
        data.inspectedOn >= from &&
        data.inspectedOn <= to &&
        groupOf(data.product, scheme).id === group.id,
    )
  return found && `${found.data.inspectedOn} 已由${found.data.kind}抽查`
}

/**
 * Whom a draw left out, as anyone may read it: without those that were sampled above, for of a test that failed and is not public
 * yet nobody is to learn (`sampledAbove`).
 */
export function publicLeftOut({ leftOut }: Pick<DrawMade, 'leftOut'>): DrawMade['leftOut'] {
  return leftOut.filter(({ reason }) => !SAMPLED.test(reason))
}

const SAMPLED = /^\d{4}-\d{2}-\d{2} 已由/

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
