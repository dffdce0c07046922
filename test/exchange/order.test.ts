import t from 'tap'
import { candidatesOf } from '../../src/blacklist/candidates.ts'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import { publicFace } from '../../src/dossier/face.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { followUpsOf } from '../../src/supervision/follow-up.ts'
import { planOf } from '../../src/supervision/plan.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { fc } from '../properties.ts'
import { type TestRegistry, testRegistry, unifiedCode } from '../support.ts'
import { importing } from './importing.ts'

/**
 * What several tables say without contradiction comes to one file, in whatever order they and their rows come in: what is
 * known of firms and records is dealt out to rows that each say a part of it, and rows to tables.
 */

const firms = ['TDER0001', 'TDER0002'].map((body, i) => ({
  uscc: unifiedCode(body),
  name: `示例次序${'甲乙'[i]}制品有限公司`,
}))

/** What is so: of each kind what every row says, and what a row may leave out. */
const truth: readonly { type: string; always: RecordData; perhaps: RecordData }[] = firms.flatMap(
  ({ uscc, name }, i) => [
    {
      type: 'enterprise',
      always: { uscc, name },
      perhaps: { establishedOn: '2001-02-03', legalForm: '有限责任公司', region: '130102' },
    },
    ...['1', '2'].map((no) => ({
      type: 'penalty',
      always: {
        ...{ uscc, documentNo: `冀市监罚〔2026〕${no}${i}号`, procedure: '普通程序' },
        ...{ conduct: '生产不合格产品', types: '罚款', fine: '20000', content: '罚款二万元。' },
        ...{ decidedOn: `2026-0${no}-10`, authority: '省局' },
      },
      perhaps: { caseNo: `案${no}`, facts: '事实', fulfilledOn: '2026-06-01' },
    })),
    {
      type: 'licence',
      always: {
        ...{ uscc, kind: '全国工业产品生产许可证', number: `冀XK06-00${i}-00001`, product: '电线电缆' },
        ...{ authority: '省局', issuedOn: '2024-03-01', validTo: '2029-02-28' },
      },
      perhaps: { applicationBasis: '材料', remark: '备注' },
    },
    ...['1', '2'].map((no) => ({
      type: 'inspection',
      always: {
        ...{ uscc, kind: '省级监督抽查', reportNo: `报告${no}${i}`, inspectedOn: `2026-05-0${no}` },
        ...{ authority: '省局', product: '电线电缆', outcome: no === '1' ? '合格' : '不合格' },
      },
      perhaps: { findings: '情况', remark: '备注' },
    })),
  ],
)

/** A row that says what it must and some of the rest; blank cells say nothing. */
const row = fc.constantFrom(...truth.keys()).chain((n) => {
  const { type, perhaps } = truth[n] ?? { type: '', perhaps: {} }
  return fc.record({ type: fc.constant(type), n: fc.constant(n), says: fc.subarray(Object.keys(perhaps)) })
})
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never

/** Each firm is told of at least once. */
const firmRows = [...truth.keys()]
  .filter((n) => truth[n]?.type === 'enterprise')
  .map((n): Row => ({ type: 'enterprise', n, says: ['region'] }))

/** Tables of one kind each, in an order. */
function tablesOf(rows: readonly Row[]): { type: string; text: string }[] {
  const tables: { type: string; rows: Row[] }[] = []
  for (const one of rows) {
    const last = tables.at(-1)
    if (last?.type === one.type) last.rows.push(one)
    else tables.push({ type: one.type, rows: [one] })
  }
  return tables.map(({ type, rows: own }) => {
    const fields = ['always', 'perhaps'] as const
    const [of] = own.map(({ n }) => truth[n])
    const headers = fields.flatMap((part) => Object.keys(of?.[part] ?? {}))
    const lines = own.map(({ n, says }) => {
      const { always = {}, perhaps = {} } = truth[n] ?? {}
      const said: RecordData = {
        ...always,
        ...Object.fromEntries(says.map((field) => [field, perhaps[field]])),
      }
      return headers.map((header) => said[header] ?? '').join(',')
    })
    return { type, text: [headers.join(','), ...lines].join('\n') }
  })
}

const TODAY = '2026-11-24'

/** What a file says, what the public sees and what follows, without the ids that tell one way in from another. */
function saysOf({ registry }: TestRegistry, uscc: string): unknown {
  const dossier = registry.files.byCode(uscc)
  const { enterprise, records } = dossier
  const told = records.map(({ type, data }) => JSON.stringify([type, inOrder(data)])).sort()
  const shown = publicFace(dossier, TODAY, catalogue)
  return [inOrder(enterprise), told, shown?.sections, ...meantBy(dossier)].map(withoutIds)
}

/** What follows from a file: grades, the plan, failed tests, penalties that may list. */
function meantBy(dossier: Dossier): unknown[] {
  const ratings = shippedStandards.map((standard) => rate(dossier, standard, TODAY, catalogue))
  const plan = planOf(dossier, { from: '2026-01-01', to: '2026-12-31' }, TODAY, scheme)
  return [ratings, plan, followUpsOf(dossier, TODAY, scheme), candidatesOf(dossier, TODAY, ruleSets)]
}

function withoutIds(told: unknown): string {
  return (JSON.stringify(told) ?? '').replace(/"[0-9a-f-]{36}"/gu, '""')
}

function inOrder(data: object): [string, unknown][] {
  return Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))
}

t.test('the order of import makes no difference', async (t) => {
  const all = fc
    .array(row, { minLength: 6, maxLength: 14 })
    .map((rows) => [...firmRows, ...rows])
    .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })))
  await fc.assert(
    fc.asyncProperty(all, async ([rows, shuffled]) => {
      const came = []
      for (const order of [rows, shuffled]) {
        const parts = await testRegistry(t)
        const tables = tablesOf(order)
        for (const { type, text } of tables) await importing(parts, text, type)
        // What had no file yet is taken the second time.
        for (const { type, text } of tables) {
          const { bad, counts } = await importing(parts, text, type)
          if (counts.failed + counts.proposed > 0) throw new Error(JSON.stringify(bad))
        }
        came.push(firms.map(({ uscc }) => saysOf(parts, uscc)))
      }
      return JSON.stringify(came[1]) === JSON.stringify(came[0])
    }),
    { numRuns: 10 },
  )
})
