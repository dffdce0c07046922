import { z } from 'zod'
import type { Acting } from '../authority/acting.ts'
import { regionContains, region as regionOf, regionsWithin } from '../codes/regions.ts'
import { keyTyped } from '../dossier/codes.ts'
import { idOf } from '../dossier/commands.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { adoptedVersion } from '../rating/adopted.ts'
import { campaignSubject, type Scope, scopeSchema } from '../rating/campaign.ts'
import { reference } from '../records/fields.ts'
import { columnsOf } from '../records/kind.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { line, oneOf, paragraphs, pastDay } from './input.ts'

/** What a form asks of the enterprises that are rated, or tried. */
export const scopeFields = {
  region: oneOf('地区').optional(),
  product: line('产品', { hint: '许可或检查的产品名称中含有的文字' }).optional(),
  enterprises: paragraphs(
    '名单',
    200_000,
    '只评其中的企业：每行一个统一社会信用代码或组织机构代码',
  ).optional(),
}

/** Begins a campaign (集中评价) and its drafting. Refuses a scope that holds no file. */
export const startCampaignAct = act({
  name: 'start-campaign',
  label: '开展评价',
  on: 'register',
  input: z.strictObject({
    standard: z
      .strictObject({ id: reference(60), version: z.int().min(1).optional() })
      .meta({ label: '标准' }),
    on: pastDay('评价日期').optional(),
    scope: scopeSchema.default({}).meta({ label: '范围' }),
  }),
  form: {
    columns: columnsOf(
      z.strictObject({ standard: oneOf('标准'), on: pastDay('评价日期').optional(), ...scopeFields }),
    ),
    inputOf: ({ standard, on, ...scope }) => ({
      ...(standard !== undefined && { standard: { id: standard } }),
      on,
      scope: scopeIn(scope),
    }),
  },
  right: 'ratings:write',
  whose: 'scope',
  route: { method: 'POST', path: '/campaigns', status: 202, answer: 'campaign', operation: 'startCampaign' },
  effect: '算出的是草稿，不对外公开；由另一人批准后才发布。',
  begins: (_, { today }) => ({ on: today }),
  choices: (_, { outside: { standing }, actor }) => ({
    standard: standing.standards().flatMap(({ id, versions }) => {
      const last = versions.at(-1)?.document
      return last ? [{ value: id, label: `${last.name}（第 ${last.version} 版）` }] : []
    }),
    region: regionsWithin(actor.region ?? '130000').map(({ code, name }) => ({ value: code, label: name })),
  }),
  decide: {
    async after(_, { standard: asked, scope: typed }, { actor, file, outside: { standing, survey } }) {
      const { document } = adoptedVersion(standing.standards(), asked.id, asked.version)
      const enterprises = typed.enterprises?.map((code) => keyTyped(code, file))
      const scope = scopeWithin({ ...typed, ...(enterprises && { enterprises }) }, actor)
      if (await survey.isEmpty(scope))
        throw invalid('/scope', 'empty', '范围内没有任何档案，无可评价；请检查地区、产品或名单。')
      return (_found, { on }, at) => {
        const id = at.newId()
        const standard = { id: document.id, version: document.version }
        const payload = { standard, on: on ?? at.today, scope, by: idOf(at.actor) }
        const started = one({ subject: campaignSubject(id), revision: 0 }, at, 'campaign.started', payload)
        return { ...started, work: { campaign: id, what: 'draft' } }
      }
    },
  },
})

/** The scope that the lines of a form come to; enterprises by their codes as they were typed. */
export function scopeIn({ region, product, enterprises }: Readonly<Record<string, unknown>>) {
  const codes = (typeof enterprises === 'string' ? enterprises : '')
    .split(/[\s,，;；、]+/u)
    .filter((code) => code !== '')
  return {
    ...(region !== undefined && { region }),
    ...(product !== undefined && { product }),
    ...(codes.length > 0 && { enterprises: codes }),
  }
}

/** The scope, of the actor's region where it names none; refuses one outside the actor's region. */
function scopeWithin(scope: Scope, actor: Acting): Scope {
  const code = scope.region ?? actor.region
  if (actor.region !== undefined && code !== undefined && !regionContains(actor.region, code))
    throw new Refusal(
      'forbidden',
      `只能评价${regionOf(actor.region)?.path}的企业，不能评价${regionOf(code)?.path}。`,
    )
  return code === undefined ? scope : { ...scope, region: code }
}
