import { trustedAlone } from '../authority/acting.ts'
import { openingOf } from '../authority/authority.ts'
import { bulletinSubject, seriesOf } from '../blacklist/bulletin.ts'
import { propose, takeStep } from '../blacklist/procedure.ts'
import { ruleSets } from '../blacklist/rule-set.ts'
import type { Step } from '../blacklist/step.ts'
import { addDays, shanghaiDate } from '../calendar/dates.ts'
import { organisationCheckCharacter } from '../codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../codes/unified-code.ts'
import { anticipated } from '../dossier/anticipate.ts'
import { addRecord, openFile, type Situation } from '../dossier/commands.ts'
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
  const at = { file: () => undefined, today, catalogue, newId, ...trustedAlone(DEMO_AUTHOR) }
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
  const listed = demoListing(drafts, { ...at, ...trustedAlone({ ...DEMO_AUTHOR, id: 'demo/1' }) })
  const files = [...drafts, ...listed.drafts]
  // What the demo set made belongs to an authority as anything else does.
  const authority = openingOf(
    { name: DEMO_AUTHOR.authority, level: 'province', isInvented: true },
    { id: newId(), author: DEMO_AUTHOR },
  )
  const all = [...authority, ...files, ...demoRatings(files, catalogue, today), ...listed.bulletin]
  const expect = new Map(all.map(({ subject }) => [subject, 0]))
  await writer.append({ drafts: all, expect, command: 'demo' })
}

/** Takes the demo firm with the gravest penalty through the whole procedure onto the list, and into a bulletin. */
function demoListing(drafts: readonly Draft[], at: Situation): { drafts: Draft[]; bulletin: Draft[] } {
  const grave = drafts.find(
    ({ payload }) =>
      JSON.stringify(payload).includes('无证生产') && JSON.stringify(payload).includes('penalty'),
  )
  if (!grave) throw new Error('no demo firm has a grave penalty')
  const key = grave.subject
  const taken: Draft[] = []
  const file = () => {
    const dossier = anticipated(undefined, [...drafts.filter(({ subject }) => subject === key), ...taken])
    if (!dossier) throw new Error(`the demo firm ${key} has no file`)
    return dossier
  }
  const penalty = file().records.find(({ type }) => type === 'penalty')?.id ?? ''
  const begun = propose(
    file(),
    {
      ruleSet: 'order-44',
      ground: 'unlicensed',
      penalties: [penalty],
      facts: '生产许可证有效期届满后仍生产建筑扣件（演示）。',
      reasons: '受到较重行政处罚（演示）。',
    },
    ruleSets,
    at,
  )
  taken.push(...begun.drafts)
  const another = { ...at, ...trustedAlone({ ...DEMO_APPROVER, id: 'demo/2' }) }
  const decidedOn = addDays(at.today, -30)
  const steps: [Step, Situation][] = [
    [{ step: 'notice', servedOn: addDays(at.today, -60), way: '直接送达' }, at],
    [
      { step: 'decision', listed: true, decisionNo: '演示市监列〔2026〕1号', decidedOn, reasons: '演示' },
      another,
    ],
    [{ step: 'publication' }, another],
  ]
  for (const [step, by] of steps) taken.push(...takeStep(file(), begun.caseId, step, by).drafts)
  const series = seriesOf(DEMO_AUTHOR.authority)
  const period = { from: `${at.today.slice(0, 7)}-01`, to: at.today }
  const about = (kind: string, payload: unknown, author: Draft['author']): Draft => ({
    subject: bulletinSubject(series),
    kind,
    payload,
    visibility: 'public',
    author,
  })
  const { authority } = DEMO_AUTHOR
  return {
    drafts: taken,
    bulletin: [
      about('bulletin.drafted', { authority, ...period, corrections: [], by: 'demo/1' }, DEMO_AUTHOR),
      about(
        'bulletin.issued',
        {
          n: 1,
          year: Number(at.today.slice(0, 4)),
          no: 1,
          listed: [begun.caseId],
          removed: {},
          by: 'demo/2',
        },
        DEMO_APPROVER,
      ),
    ],
  }
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
      about(subject, 'campaign.issued', { ratings: ratings.length, moves: [] }, DEMO_APPROVER),
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
