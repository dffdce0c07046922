import { buffer } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { platformFace } from '../../src/dossier/platform-face.ts'
import { sentTable } from '../../src/exchange/before-sending.ts'
import {
  type Edition,
  editions,
  type FormName,
  formColumns,
  formNames,
  formOf,
  rowsOf,
} from '../../src/exchange/double-publicity.ts'
import { csvStream, type LongTable, xlsxStream, xmlStream } from '../../src/exchange/export.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import { validate } from '../../src/records/validate.ts'
import { bounded, fc } from '../properties.ts'
import { fileWith } from '../rating/files.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { effectsOf, importing } from './importing.ts'
import { licences, penalties } from './whole.ts'

const all = { penalties, licences } as const
const PERIOD = { from: '2000-01-01', to: '2026-12-31' }
const forms = editions.flatMap((edition) => formNames.map((name) => ({ edition, name })))

/** The row of a form that stands for a record on a day, before or after it is public. */
function rowOn(name: FormName, edition: Edition, data: RecordData, on: string) {
  const form = formOf(name, edition)
  const dossier = fileWith([{ id: 'r', type: form.kind.type, data }])
  const things = platformFace(dossier, on, catalogue)?.things ?? []
  const held = things.map(({ type, body }) => ({ type, json: JSON.stringify(body) }))
  return rowsOf(form, { key: dossier.key, things: held }, { ...PERIOD, names: undefined })[0]
}

t.test('what a table says of a penalty it says from the day of its entry on', async (t) => {
  const fields = new Set<string>()
  fc.assert(
    fc.property(penalties, (made) => {
      const data = { documentNo: '1号', ...made, publishedOn: '2026-11-20' }
      for (const field of Object.keys(data)) fields.add(field)
      for (const { edition, name } of forms.filter((form) => form.name === 'penalties')) {
        const before = rowOn(name, edition, data, '2026-11-19')
        const after = rowOn(name, edition, data, '2026-11-20')
        if (after === undefined) throw new Error('none is given')
        t.strictSame(before, after)
      }
    }),
    bounded(60),
  )
  const known = catalogue.kinds.find(({ type }) => type === 'penalty')?.columns ?? []
  const unused = known.filter(({ field }) => !fields.has(field)).map(({ field }) => field)
  t.same(unused, ['total', 'forwardedOn', 'reviewOutcome', 'reviewedOn'], 'nothing else is left out')
})

t.test('each sum of what was confiscated is told in 万元, before publication too', async (t) => {
  for (const [sums, told] of [
    [{ confiscatedIncome: 5000, confiscatedGoods: 20_000 }, '2.5'],
    [{ confiscatedIncome: 5000.55 }, '0.500055'],
    [{ confiscatedGoods: 0.01 }, '0.000001'],
    [{ confiscatedTotal: 7000 }, '0.7'],
    [{ confiscatedIncome: 0.1, confiscatedGoods: 0.2 }, '0.00003'],
    [{ confiscatedIncome: 0 }, '0'],
    [{}, undefined],
  ] as const) {
    const data = {
      documentNo: '1号',
      procedure: '普通程序',
      conduct: '无证生产',
      types: ['没收违法所得', '没收非法财物'],
      decidedOn: '2026-11-02',
      authority: '市局',
      ...sums,
    }
    // 20 working days after Monday 2026-11-02: Monday 2026-11-30, for three years.
    for (const on of ['2026-11-02', '2026-11-29', '2026-11-30'])
      t.match(
        rowOn('penalties', '2018', data, on),
        { CF_NR_WFFF: told, CF_GSJZQ: '2029-11-30' },
        `${JSON.stringify(sums)} on ${on}`,
      )
    t.match(rowOn('penalties', '2018', { ...data, publicationEndsOn: '2027-06-01' }, '2026-11-02'), {
      CF_GSJZQ: '2027-06-01',
    })
  }
})

const writers = { csv: (table: LongTable) => csvStream(table, 'program'), xlsx: xlsxStream, xml: xmlStream }

/** A registry with a firm that has these records. */
async function holding(t: Test, name: FormName, records: readonly RecordData[]) {
  const parts = await testRegistry(t)
  const uscc = unifiedCode('DEM00001')
  const author = { authority: '省局', officer: '张三' }
  const add = (command: string, kind: string, payload: object) =>
    parts.writer.append({
      drafts: [{ subject: uscc.slice(8, 17), kind, payload, visibility: 'platform' as const, author }],
      command,
    })
  const data = { name: '示例公司', region: '130102', status: '存续', legalRepresentative: '李四' }
  await add('open', 'enterprise.opened', { uscc, data })
  const { kind } = formOf(name, '2018')
  for (const [i, own] of records.entries()) {
    const numbers =
      name === 'penalties' ? { documentNo: `${i}号` } : { number: `证${i}`, documentNo: `许${i}号` }
    const valid = validate(kind, { ...numbers, ...own }, '2026-11-24')
    if (!valid.ok) throw new Error(JSON.stringify(valid.faults))
    await add(`r${i}`, 'record.added', { id: `0${i}`, type: kind.type, data: valid.data })
  }
  await parts.writer.catchUp()
  const table = (edition: Edition) => {
    const { form, parts: rows } = sentTable(parts.registry, name, edition, PERIOD)
    return { title: form.title, columns: formColumns(form), parts: rows }
  }
  return { ...parts, table }
}

const KIND_OF_VIOLATION = '生产不合格产品'

for (const { edition, name } of forms)
  t.test(`our own table of ${name} of ${edition} changes nothing where it comes from`, async (t) => {
    const made: fc.Arbitrary<RecordData> = all[name]
    const { seed = 1 } = fc.readConfigureGlobal()
    const records = fc.sample(made, { seed, numRuns: 40 })
    // What stands in no column of the edition is said once for the file.
    const isUnsaid = name === 'penalties' && edition === '2016'
    const own = isUnsaid ? records.map((data) => ({ ...data, conduct: KIND_OF_VIOLATION })) : records
    const constants: Record<string, string> = {
      ...(name === 'penalties' && { procedure: '普通程序' }),
      ...(isUnsaid && { conduct: KIND_OF_VIOLATION }),
    }
    const from = await holding(t, name, own)
    const { type } = formOf(name, edition).kind
    for (const [format, written] of Object.entries(writers)) {
      const file = await buffer(written(from.table(edition)))
      const before = await from.registry.feed.end()
      const { counts, bad } = await importing(from, file, type, { constants })
      t.same(Array.from(new Set(bad.flatMap(({ faults }) => faults.map(({ detail }) => detail)))), [], format)
      t.match(counts, { unchanged: records.length, updated: 0, added: 0, failed: 0 }, format)
      t.equal(await from.registry.feed.end(), before, `${format}: nothing was entered`)
    }
  })

const granted = (number: string, more: RecordData = {}): RecordData => ({
  kind: '食品生产许可证',
  number,
  documentNo: '许1号',
  authority: '省局',
  issuedOn: '2024-03-01',
  status: '有效',
  ...more,
})

for (const [said, records, row, told] of [
  ['the only one of its decision', [granted('A')], { XK_ZT: '注销' }, { proposed: 1, failed: 0 }],
  [
    'one of two, in the words on file',
    [granted('A'), granted('B', { scope: '乙' })],
    { XK_NR: '乙' },
    { unchanged: 1, failed: 0 },
  ],
  [
    'neither of two as on file',
    [granted('A'), granted('B', { scope: '乙' })],
    { XK_NR: '丙' },
    { updated: 0, failed: 1 },
  ],
  ['another kind by that decision', [granted('A', { kind: '其他许可' })], {}, { added: 1, failed: 0 }],
  [
    'none, as it is of another decision',
    [granted('A', { documentNo: '许2号' })],
    {},
    { added: 1, failed: 0 },
  ],
] as const)
  t.test(`a licence that a table names by its decision alone is ${said}`, async (t) => {
    const own = await holding(t, 'licences', records)
    const cells: Record<string, string> = {
      XK_XDR_SHXYM: unifiedCode('DEM00001'),
      XK_WSH: '许1号',
      XK_SPLB: '其他-食品生产许可证',
      XK_JDRQ: '2024-03-01',
      XK_XZJG: '省局',
      ...row,
    }
    const csv = `${Object.keys(cells).join()}\n${Object.values(cells).join()}\n`
    const { counts, bad } = await importing(own, csv, 'licence')
    t.match(counts, told, JSON.stringify(bad))
    if (counts.failed > 0)
      t.match(bad[0]?.faults[0]?.detail, /档案中有 2 件许可（A、B），.*补上“许可证编号”一栏/)
  })

t.test('a table that ends publication otherwise than the rules is told so, row by row', async (t) => {
  const decided = { procedure: '普通程序', conduct: '无证生产', types: ['罚款'], fine: 200_000 }
  const stood = { ...decided, decidedOn: '2026-11-02', authority: '市局' }
  const own = await holding(t, 'penalties', [stood])
  const row = (documentNo: string, ends: string) =>
    `${unifiedCode('DEM00001')},${documentNo},无证生产,罚款,20,2026-11-02,${ends},市局,普通程序`
  const head = 'CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_CFLB,CF_NR_FK,CF_JDRQ,CF_GSJZQ,CF_CFJG,处罚程序'
  // 20 working days after Monday 2026-11-02: Monday 2026-11-30, for three years.
  const told = async (documentNo: string, ends: string) => {
    const effects = await effectsOf(own, `${head}\n${row(documentNo, ends)}\n`, 'penalty')
    return effects.map(({ outcome, notes }) => [
      outcome,
      notes.filter((note) => note.includes('未导入')).length,
    ])
  }
  t.same(await told('0号', '2029-11-30'), [['unchanged', 0]])
  t.same(await told('0号', '2028/11/02'), [['unchanged', 1]])
  t.same(await told('9号', '2029-11-30'), [['added', 0]])
  t.same(await told('9号', '2028/11/02'), [['added', 1]])
})
