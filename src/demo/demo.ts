import { shanghaiDate } from '../calendar/dates.ts'
import { organisationCheckCharacter } from '../codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../codes/unified-code.ts'
import { anticipated } from '../dossier/anticipate.ts'
import { addRecord, openFile } from '../dossier/commands.ts'
import { standardSubject } from '../rating/adopted.ts'
import { campaignSubject } from '../rating/campaign.ts'
import { ratingDraft } from '../rating/events.ts'
import { rate } from '../rating/rate.ts'
import { shippedStandards } from '../rating/shipped.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { type Draft, newId } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import type { Writer } from '../writer/writer.ts'
import { type DemoFirm, demoFirms } from './firms.ts'

const DEMO_AUTHOR = { authority: '演示数据', officer: '演示' }
const DEMO_APPROVER = { authority: '演示数据', officer: '演示批准人' }

/** Fills an empty register with the demo set, all of it or nothing; does nothing to one that holds anything. */
export async function loadDemo(
  register: Register,
  writer: Writer,
  catalogue: Catalogue,
  now: Date,
): Promise<void> {
  if ((await register.head()) > 0) return
  const today = shanghaiDate(now)
  const at = { file: () => undefined, today, catalogue, actor: DEMO_AUTHOR, newId }
  const drafts = demoFirms(today).flatMap((firm): Draft[] => {
    const { key, drafts } = openFile(
      { codes: { uscc: usccOf(firm) }, data: { ...firm.enterprise, region: firm.region } },
      at,
    )
    for (const { type, data } of firm.records) {
      const dossier = anticipated(undefined, drafts)
      if (!dossier) throw new Error(`the demo firm ${key} has no file`)
      drafts.push(...addRecord(dossier, type, data, at).drafts)
    }
    return drafts
  })
  const all = [...drafts, ...demoRatings(drafts, catalogue, today)]
  const expect = new Map(all.map(({ subject }) => [subject, 0]))
  await writer.append({ drafts: all, expect, command: 'demo' })
}

/** Rates the demo firms by the standards that come with the registry, as a campaign would have. */
function demoRatings(drafts: readonly Draft[], catalogue: Catalogue, on: string): Draft[] {
  const keys = new Set(drafts.map(({ subject }) => subject))
  return shippedStandards.flatMap((standard): Draft[] => {
    const campaign = newId()
    const about = (subject: string, kind: string, payload: unknown, author = DEMO_AUTHOR): Draft => ({
      subject,
      kind,
      payload,
      visibility: subject.startsWith('standard/') ? 'public' : 'internal',
      author,
    })
    const ratings = Array.from(keys).flatMap((key) => {
      const own = drafts.filter(({ subject }) => subject === key)
      const dossier = anticipated(undefined, own)
      const rating = dossier && rate(dossier, standard, on, catalogue)
      if (!rating || rating.grade === null) return []
      return [ratingDraft(key, newId(), standard, on, rating, { campaign }, DEMO_APPROVER)]
    })
    const subject = campaignSubject(campaign)
    const named = { standard: { id: standard.id, version: standard.version }, on, scope: {}, by: 'demo/1' }
    return [
      about(standardSubject(standard.id), 'standard.adopted', standard),
      about(subject, 'campaign.started', named),
      about(subject, 'campaign.approved', { by: 'demo/2', drafts: keys.size }, DEMO_APPROVER),
      ...ratings,
      about(subject, 'campaign.issued', { ratings: ratings.length }, DEMO_APPROVER),
    ]
  })
}

/** Whether a register began with the demo set. */
export async function isDemo(register: Register): Promise<boolean> {
  const [first] = await register.read(0, 1)
  return first?.command === 'demo'
}

function usccOf({ body, region }: DemoFirm): string {
  const within = `91${region}${body}${organisationCheckCharacter(body)}`
  return within + unifiedCheckCharacter(within)
}
