import { z } from 'zod'
import type { Acting } from '../authority/acting.ts'
import { regionContains, region as regionOf, regionsWithin } from '../codes/regions.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { date, text } from '../records/fields.ts'
import { columnsOf } from '../records/kind.ts'
import { type DrawMade, draw, drawSubject } from '../supervision/draw.ts'
import { scheme } from '../supervision/scheme.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { line, oneOf, paragraphs } from './input.ts'

const classes = scheme.modes.map((mode) => mode.class)
const rate = z.number().min(0, '抽取比例应为 0 到 100%。').max(1, '抽取比例应为 0 到 100%。')
const each = z.int().min(1, '应为 1 到 10 的整数。').max(10, '应为 1 到 10 的整数。')

const named = {
  name: line('名称', { hint: '如：2026 年第四季度电线电缆抽查' }),
  seed: line('种子', {
    max: 200,
    hint: '公开产生的号码，如当众开奖的号码；先定下参数再取种子，任何人可据以重算',
  }),
  group: oneOf('产品类别'),
  region: oneOf('地区').optional(),
  level: z
    .enum(['国家', '省', '市', '县'])
    .meta({ label: '抽查层级', hint: '上级在期间内已抽查的企业不再抽取（产品质量法第十五条）' }),
}
const perFirm = each.meta({ label: '每家检查人员数' })

/** Draws enterprises and inspectors by a published seed (双随机抽取), and keeps the draw as an entry. */
export const makeDrawAct = act({
  name: 'make-draw',
  label: '抽取',
  on: 'register',
  input: z.strictObject({
    ...named,
    period: z.strictObject({ from: date(), to: date() }).meta({ label: '期间' }),
    rates: z
      .record(z.string().max(10), rate)
      .meta({ label: '抽取比例', description: '各类企业的抽取比例，如 {"C": 1, "B": 0.2}' }),
    inspectors: z
      .array(text(50))
      .min(1, '至少一名。')
      .max(1000, '最多 1000 名。')
      .meta({ label: '检查人员' }),
    inspectorsEach: perFirm.default(2),
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
      }),
    ),
    inputOf({ from, to, inspectors, ...lines }) {
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
      }
    },
  },
  right: 'supervision:write',
  whose: 'scope',
  route: { method: 'POST', path: '/supervision/draws', status: 201, answer: 'draw' },
  effect: '抽取结果随即公开，不能修改；重新抽取会另成一次，两次都在记录中。',
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
    async after(_, asked, { actor, outside: { survey } }) {
      const region = regionWithin(asked.region, actor)
      mustFit(asked)
      const found = await survey.candidates({ ...asked, region })
      const { candidates, leftOut } = found
      if (candidates.length === 0)
        throw invalid(
          '/group',
          'empty',
          leftOut.length > 0
            ? `范围内持证的 ${leftOut.length} 家都因上级在期间内已抽查、已抽取或者企业不再受检而排除，无可抽取；请核对层级和期间。`
            : '范围内没有持有该类产品许可的企业，无可抽取。',
        )
      const { region: __, ...rest } = asked
      const made: DrawMade = {
        ...rest,
        ...(region !== undefined && { region }),
        ...found,
        drawn: draw(candidates, asked),
      }
      return (_found, ___, at) =>
        one({ subject: drawSubject(at.newId()), revision: 0 }, at, 'draw.made', made, 'public')
    },
  },
})

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
function mustFit({
  period,
  inspectors,
  inspectorsEach,
  rates,
}: Pick<DrawMade, 'period' | 'inspectors' | 'inspectorsEach' | 'rates'>): void {
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
