import { consequences, type Rules } from '../../src/consequences/consequences.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import { ratingDraft } from '../../src/rating/events.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Draft } from '../../src/register/entry.ts'
import { type Measurement, median } from './measurement.ts'

const RECORDS = 500
const TIMES = 200
const ON = '2026-11-20'
const author = { authority: '测量', officer: '测量' }
const FILE = 'M000100Y4'

/**
 * What follows at once from an event of a file of 500 records that is listed and rated by both standards, in milliseconds:
 * a penalty of its listing is annulled, a failing that its grades name is put right.
 */
export function measureConsequences(): Measurement {
  const file = rated(listed(filled()))
  const events = [
    about('record.updated', { id: 'r0', changes: { reviewOutcome: '撤销', reviewedOn: ON } }),
    about('record.updated', { id: 'r1', changes: { rectifiedOn: ON } }),
  ]
  const times: number[] = []
  for (let i = 0; i < TIMES; i += 1)
    for (const event of events) {
      const after = mustBe(anticipated(file, [event]))
      const start = performance.now()
      const followed = consequences(file, after, ON, rules)
      times.push(performance.now() - start)
      if (followed.length === 0) throw new Error(`nothing follows from ${JSON.stringify(event.payload)}`)
    }
  const own = median(times)
  return {
    name: 'what follows from an event of a file of 500 records, in ms',
    ratio: own,
    target: { atMost: 5 },
    detail: `median of ${times.length}, the longest ${Math.max(...times).toFixed(1)} ms`,
  }
}

const rules: Rules = {
  catalogue,
  standards: shippedStandards.map((document) => ({
    id: document.id,
    revision: 1,
    versions: [{ document, adoptedAt: '', position: 1, author }],
  })),
  newId: () => 'new',
}

function about(kind: string, payload: unknown): Draft {
  return { subject: FILE, kind, payload, visibility: 'public', author }
}

function mustBe(dossier: Dossier | undefined): Dossier {
  if (!dossier) throw new Error('no file')
  return dossier
}

/** Penalties, failings and licences by turns, over three years. */
function filled(): Dossier {
  const records = Array.from({ length: RECORDS }, (_, i) => {
    const day = `202${4 + (i % 3)}-0${1 + (i % 9)}-1${i % 10}`
    const kinds = [
      {
        type: 'penalty',
        data: {
          ...{ documentNo: `罚〔${i}〕号`, procedure: '普通程序', conduct: '生产不合格产品' },
          ...{ category: '生产、销售不符合健康安全标准的产品', types: ['罚款'], fine: 60_000 },
          ...{ decidedOn: day, authority: '测量', severity: '严重' },
        },
      },
      {
        type: 'inspection',
        data: {
          ...{
            kind: '省级监督抽查',
            sampleNo: `样${i}`,
            inspectedOn: day,
            authority: '测量',
            product: '电缆',
          },
          ...{ outcome: '不合格', deliveredOn: day, rectificationDueOn: '2026-10-01' },
        },
      },
      {
        type: 'licence',
        data: {
          ...{ kind: '全国工业产品生产许可证', number: `证${i}`, product: '电线电缆', authority: '测量' },
          ...{ issuedOn: day, validTo: '2028-12-31', status: '有效' },
        },
      },
    ]
    return about('record.added', { id: `r${i}`, ...kinds[i % kinds.length] })
  })
  const opened = about('enterprise.opened', {
    data: { name: '示例公司', region: '130102', status: '存续' },
  })
  return mustBe(anticipated(undefined, [opened, ...records]))
}

/** Listed on a penalty and on another. */
function listed(file: Dossier): Dossier {
  const proposed = {
    ...{ case: 'c', ruleSet: { id: 'order-44', version: 3 }, ground: 'unsafe-product' },
    ...{ penalties: ['r0', 'r3'], facts: '', reasons: '', by: 'x' },
  }
  const published = { case: 'c', from: '2026-01-10', until: '2029-01-10' }
  return mustBe(
    anticipated(file, [about('listing.proposed', proposed), about('listing.published', published)]),
  )
}

function rated(file: Dossier): Dossier {
  const issued = shippedStandards.map((standard) =>
    ratingDraft(FILE, standard.id, standard, ON, rate(file, standard, ON, catalogue), {}, author),
  )
  return mustBe(anticipated(file, issued))
}
