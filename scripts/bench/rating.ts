import { fold } from '../../src/dossier/dossier.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Draft, Entry } from '../../src/register/entry.ts'
import { inventedFirms, randomNumbers } from './firms.ts'
import { elapsed, type Measurement } from './measurement.ts'

const FILES = 100_000
const ON = '2026-11-24'

/** rate() over many files, against reading their entries as JSON and folding them. */
export async function measureRating(): Promise<Measurement> {
  const texts = Array.from(entriesOfFiles(FILES))
  const [standard] = shippedStandards
  if (!standard) throw new Error('no standard')
  const dossiers: NonNullable<ReturnType<typeof fold>>[] = []
  const reading = await elapsed(() => {
    for (const text of texts) {
      const entries: Entry[] = JSON.parse(text)
      const dossier = fold(undefined, entries)
      if (dossier) dossiers.push(dossier)
    }
  })
  let rated = 0
  const rating = await elapsed(() => {
    for (const dossier of dossiers) if (rate(dossier, standard, ON, catalogue).grade !== null) rated += 1
  })
  return {
    name: 'rate(), files per second',
    ratio: reading / rating,
    target: { atLeast: 0.5 },
    detail: `${rated} of ${FILES} files rated in ${rating.toFixed(0)} ms, reading and folding ${reading.toFixed(0)} ms`,
  }
}

/** Each file's entries as JSON: an opening, a licence, inspections, now and then a penalty. */
function* entriesOfFiles(count: number): Generator<string> {
  const random = randomNumbers(3)
  for (const { uscc, name } of inventedFirms(count)) {
    const subject = uscc.slice(8, 17)
    const draft = (kind: string, payload: unknown): Draft => ({
      subject,
      kind,
      payload,
      visibility: 'public',
      author: { authority: '省局', officer: '张三' },
    })
    const record = (id: string, type: string, data: object) => draft('record.added', { id, type, data })
    const drafts = [
      draft('enterprise.opened', { uscc, data: { name, region: '130102', status: '存续' } }),
      record('l', 'licence', {
        kind: '全国工业产品生产许可证',
        number: 'l',
        authority: '省局',
        issuedOn: '2024-03-01',
        validTo: '2029-02-28',
        status: '有效',
      }),
    ]
    for (let i = 0; i < 3; i += 1) {
      const outcome = random() < 0.9 ? '合格' : '不合格'
      const inspectedOn = `2026-0${1 + i}-1${i}`
      drafts.push(
        record(`i${i}`, 'inspection', {
          kind: '省级监督抽查',
          inspectedOn,
          deliveredOn: inspectedOn,
          authority: '省局',
          product: '电缆',
          outcome,
        }),
      )
    }
    if (random() < 0.1)
      drafts.push(
        record('p', 'penalty', {
          documentNo: 'p',
          procedure: '普通程序',
          conduct: '生产不合格产品',
          types: ['罚款'],
          fine: 80_000,
          decidedOn: '2026-02-01',
          authority: '市局',
        }),
      )
    yield JSON.stringify(
      drafts.map((own, i) => ({
        ...own,
        seq: i + 1,
        id: '',
        revision: i + 1,
        recordedAt: '2026-05-01T00:00:00.000Z',
      })),
    )
  }
}
