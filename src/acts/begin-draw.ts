import { z } from 'zod'
import type { Acting } from '../authority/acting.ts'
import { shanghaiTime } from '../calendar/dates.ts'
import { regionContains, region as regionOf, regionsWithin } from '../codes/regions.ts'
import { idOf } from '../dossier/commands.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { date, reference, text } from '../records/fields.ts'
import { columnsOf } from '../records/kind.ts'
import { type DrawPayload, type DrawPlan, drawnBefore, drawSubject, levelsOf } from '../supervision/draw.ts'
import { scheme } from '../supervision/scheme.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { commitment, commitmentIn, partLine } from './draw-seed.ts'
import { line, oneOf, paragraphs } from './input.ts'
import type { Survey } from './situation.ts'

const classes = scheme.modes.map((mode) => mode.class)
const rate = z.number().min(0, '抽取比例应为 0 到 100%。').max(1, '抽取比例应为 0 到 100%。')
const each = z.int().min(1, '应为 1 到 10 的整数。').max(10, '应为 1 到 10 的整数。')

const named = {
  name: line('名称', { hint: '如：2026 年第四季度电线电缆抽查' }),
  group: oneOf('产品类别'),
  region: oneOf('地区').optional(),
  level: z
    .enum(['国家', '省', '市', '县'])
    .meta({ label: '抽查层级', hint: '上级在期间内已抽查或者抽取的企业不再抽取（产品质量法第十五条）' }),
}
const again = paragraphs(
  '重新抽取的理由',
  1000,
  '同一产品类别、层级、地区和期间已经抽取过的，须写明',
).optional()
const perFirm = each.meta({ label: '每家检查人员数' })

/**
 * Begins a draw (双随机抽取): its plan is published with the hash of one person's part of the seed, before anybody knows
 * who is among the candidates.
 */
export const beginDrawAct = act({
  name: 'begin-draw',
  label: '公布抽取方案',
  on: 'register',
  input: z.strictObject({
    ...named,
    commitment,
    period: z.strictObject({ from: date(), to: date() }).meta({ label: '期间' }),
    rates: z
      .record(reference(10), rate)
      .meta({ label: '抽取比例', description: '各类企业的抽取比例，如 {"C": 1, "B": 0.2}' }),
    inspectors: z
      .array(text(50))
      .min(1, '至少一名。')
      .max(1000, '最多 1000 名。')
      .meta({ label: '检查人员' }),
    inspectorsEach: perFirm.default(2),
    reason: again,
  }),
  form: {
    columns: columnsOf(
      z.strictObject({
        ...named,
        from: date().meta({ label: '期间自' }),
        to: date().meta({ label: '期间至' }),
        ...Object.fromEntries(
          scheme.modes.map(({ class: name, mode }) => [
            name,
            z
              .number()
              .optional()
              .meta({ label: `${name} 类（${mode}）抽取比例`, unit: '%', hint: '不填为不抽' }),
          ]),
        ),
        inspectors: paragraphs(
          '检查人员名单',
          50_000,
          '每行一名；姓名与账号相同的，抽中后出现在本人的待办中',
        ),
        inspectorsEach: perFirm,
        commitment: partLine,
        reason: again,
      }),
    ),
    inputOf({ from, to, inspectors, commitment: typed, ...lines }) {
      const rates = classes.flatMap((name) => {
        const percent = lines[name]
        return typeof percent === 'number' ? [[name, percent / 100] as const] : []
      })
      const rest = Object.entries(lines).filter(([field]) => !classes.some((name) => name === field))
      const people = (typeof inspectors === 'string' ? inspectors : '')
        .split(/[\n、,，;；]/u)
        .filter((person) => person.trim() !== '')
      return {
        ...Object.fromEntries(rest),
        period: { from, to },
        ...(rates.length > 0 && { rates: Object.fromEntries(rates) }),
        inspectors: people,
        ...commitmentIn(typed),
      }
    },
  },
  right: 'supervision:write',
  whose: 'scope',
  route: { method: 'POST', path: '/supervision/draws', status: 201, answer: 'draw' },
  effect:
    '方案和您那一份种子的摘要随即公开，种子本身不保存，请记牢；再由另一人提交一份，然后两人先后开启，当场抽取。方案不能修改，重新抽取须说明理由，各次都公开。',
  begins: (_, { today }) => ({
    from: `${today.slice(0, 4)}-01-01`,
    to: `${today.slice(0, 4)}-12-31`,
    inspectorsEach: '2',
  }),
  choices: (_, { actor }) => ({
    group: scheme.groups.map(({ id, name }) => ({ value: id, label: name })),
    region: regionsWithin(actor.region ?? '130000').map(({ code, name }) => ({ value: code, label: name })),
  }),
  decide: {
    async after(_, { commitment: hash, reason, ...asked }, { actor, outside: { survey } }) {
      const region = regionWithin(asked.region, actor)
      mustFit(asked, actor)
      const { region: __, ...rest } = asked
      const plan: DrawPlan = { ...rest, ...(region !== undefined && { region }) }
      await mustHaveCandidates(survey, plan)
      return (_found, ___, at) => {
        const before = drawnBefore(at.outside.standing.draws(), plan)
        const [last] = before
        if (last && reason === undefined)
          throw invalid(
            '/reason',
            'required',
            `同一产品类别、层级、地区在重叠的期间已有“${last.name}”（${shanghaiTime(new Date(last.madeAt))}）；重新抽取须写明理由，各次一并公开。`,
          )
        const payload: DrawPayload<'draw.begun'> = {
          ...plan,
          commitment: hash,
          by: idOf(at.actor),
          ...(last && reason !== undefined && { again: { of: before.map(({ id }) => id), reason } }),
        }
        return one({ subject: drawSubject(at.newId()), revision: 0 }, at, 'draw.begun', payload, 'public')
      }
    },
  },
})

/** Who may be drawn by a plan; refuses one that there is nobody for. */
export async function mustHaveCandidates(survey: Survey, plan: DrawPlan) {
  const found = await survey.candidates(plan)
  if (found.candidates.length > 0) return found
  throw invalid(
    '/group',
    'empty',
    found.leftOut.length > 0
      ? `范围内持证的 ${found.leftOut.length} 家都因上级在期间内已抽查、已抽取或者企业不再受检而排除，无可抽取；请核对层级和期间。`
      : '范围内没有持有该类产品许可的企业，无可抽取。',
  )
}

/** The region that is drawn over; refuses one that the actor is not responsible for. */
function regionWithin(asked: string | undefined, actor: Acting): string | undefined {
  const region = asked ?? actor.region
  if (region !== undefined && !regionOf(region))
    throw invalid('/region', 'region', `没有行政区划 ${region}。`)
  if (actor.region !== undefined && region !== undefined && !regionContains(actor.region, region))
    throw new Refusal('forbidden', `只能在${regionOf(actor.region)?.path}抽取。`)
  return region
}

/** Refuses a draw whose parts do not fit together. */
function mustFit(
  {
    level,
    period,
    inspectors,
    inspectorsEach,
    rates,
  }: Pick<DrawPlan, 'level' | 'period' | 'inspectors' | 'inspectorsEach' | 'rates'>,
  { body }: Acting,
): void {
  const own = levelsOf(body.level)
  if (!own.includes(level))
    throw invalid('/level', 'choice', `${body.name}不能以${level}级的名义抽取；可选：${own.join('、')}。`)
  if (period.from > period.to) throw invalid('/period/to', 'before-start', '期间的结束早于开始。')
  if (inspectorsEach > inspectors.length)
    throw invalid(
      '/inspectorsEach',
      'too-big',
      `检查人员只有 ${inspectors.length} 名，每家不能派 ${inspectorsEach} 名。`,
    )
  if (new Set(inspectors).size < inspectors.length)
    throw invalid('/inspectors', 'repeated', '检查人员名单有重复。')
  for (const name of Object.keys(rates))
    if (!classes.some((known) => known === name))
      throw invalid(`/rates/${name}`, 'choice', `没有类别“${name}”；可用：${classes.join('、')}。`)
}
