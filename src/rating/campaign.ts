import { z } from 'zod'
import { type Maker, makerOf } from '../authority/maker.ts'
import { regionContains } from '../codes/regions.ts'
import { type Dossier, type FileRecord, regionOf } from '../dossier/dossier.ts'
import { reference, regionCode } from '../records/fields.ts'
import { inspection } from '../records/inspection.ts'
import { licence } from '../records/licence.ts'
import type { Entry } from '../register/entry.ts'

/** Which enterprises a campaign rates; all that is written must hold. */
export const scopeSchema = z.strictObject({
  region: regionCode().optional().meta({ description: '行政区划的代码或名称，含下级' }),
  product: reference(100).min(1).optional().meta({ description: '许可或检查的产品名称中含有的文字' }),
  enterprises: z
    .array(reference(18))
    .min(1, '名单是空的')
    .max(10_000, '名单最多 10000 家')
    .optional()
    .meta({ description: '档案编号的名单' }),
})
export type Scope = z.output<typeof scopeSchema>

const started = z.object({
  standard: z.object({ id: z.string(), version: z.number() }),
  on: z.string(),
  scope: z.looseObject({
    region: z.string().optional(),
    product: z.string().optional(),
    enterprises: z.array(z.string()).optional(),
  }),
  /** Who began it, by the key or account: they may not approve it. */
  by: z.string(),
})
const adjusted = z.object({ enterprise: z.string(), grade: z.string(), reason: z.string(), by: z.string() })
const approved = z.object({ by: z.string(), drafts: z.number() })
const issued = z.object({
  ratings: z.number(),
  /** How many enterprises went from which grade to which; null for 未评定 or never rated. */
  moves: z
    .array(z.object({ from: z.string().nullable(), to: z.string().nullable(), count: z.number() }))
    .default([]),
})
const cancelled = z.object({ reason: z.string() })
const returned = z.object({ reason: z.string() })

export interface Adjustment {
  grade: string
  reason: string
  at: string
  author: Maker
  /** Account or key that adjusted. */
  by?: string
}

/** A rating campaign (集中评价): begun, drafted, adjusted, approved by somebody else, issued. */
export interface Campaign extends z.output<typeof started> {
  id: string
  status: 'drafting' | 'issuing' | 'issued' | 'cancelled'
  startedAt: string
  author: Maker
  revision: number
  adjustments: Record<string, Adjustment>
  approved?: { at: string; author: Maker; by: string; drafts: number }
  issuedAt?: string
  ratings?: number
  moves?: z.output<typeof issued>['moves']
  /** Why it was last sent back to be mended; gone once it is adjusted or drafted anew. */
  returned?: { at: string; reason: string; author: Maker }
  cancelled?: { at: string; reason: string }
}

/** Subject of the entries about a campaign. */
export function campaignSubject(id: string): string {
  return `campaign/${id}`
}

/** The campaign after one more entry. */
export function foldCampaign(before: Campaign | undefined, entry: Entry): Campaign | undefined {
  const { kind, payload, recordedAt: at, revision } = entry
  const author = makerOf(entry)
  if (payload === null) return before && { ...before, revision }
  if (kind === 'campaign.started')
    return {
      id: entry.subject.slice('campaign/'.length),
      status: 'drafting',
      startedAt: at,
      author,
      revision,
      adjustments: {},
      ...started.parse(payload),
    }
  if (!before) return undefined
  const { returned: sentBack, ...rest } = before
  const campaign: Campaign = { ...rest, revision }
  switch (kind) {
    case 'campaign.adjusted': {
      const { enterprise, grade, reason, by } = adjusted.parse(payload)
      return {
        ...campaign,
        adjustments: { ...before.adjustments, [enterprise]: { grade, reason, at, author, by } },
      }
    }
    case 'campaign.returned':
      return { ...campaign, returned: { at, reason: returned.parse(payload).reason, author } }
    case 'campaign.approved':
      return { ...campaign, status: 'issuing', approved: { at, author, ...approved.parse(payload) } }
    case 'campaign.issued':
      return { ...campaign, status: 'issued', issuedAt: at, ...issued.parse(payload) }
    case 'campaign.cancelled':
      return { ...campaign, status: 'cancelled', cancelled: { at, reason: cancelled.parse(payload).reason } }
    default:
      return sentBack ? { ...campaign, returned: sentBack } : campaign
  }
}

/** Tells whether a file is in the scope. */
export function scopeTest({ region, product, enterprises }: Scope): (dossier: Dossier) => boolean {
  const listed = enterprises && new Set(enterprises)
  return (dossier) => {
    if (listed && !listed.has(dossier.key)) return false
    if (region !== undefined && !regionContains(region, regionOf(dossier))) return false
    return product === undefined || dossier.records.some((record) => isAbout(record, product))
  }
}

/** Whether a licence or an inspection is about a product. */
function isAbout(record: FileRecord, product: string): boolean {
  const own = licence.of(record) ?? inspection.of(record)
  return own?.data.product?.includes(product) ?? false
}

/** Why a campaign can't be touched any more, in words; undefined while it is drafted. */
export function whyPast({ status }: Campaign): string | undefined {
  if (status === 'drafting') return undefined
  const words = { issuing: '已批准，正在发布', issued: '已发布', cancelled: '已取消' }[status]
  return `该次评价${words}，不能再改动；如需调整，请另行开展评价。`
}
