import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { matchFirms } from '../../src/checking/matching.ts'
import { runImport } from '../../src/exchange/import.ts'
import { previewImport } from '../../src/exchange/preview.ts'
import { type Mending, nothingMended } from '../../src/exchange/upload.ts'
import { catalogue, enterprise } from '../../src/records/catalogue.ts'
import type { RecordKind } from '../../src/records/kind.ts'
import { newId } from '../../src/register/entry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { searchOver } from '../../src/search/answering.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import { Faces } from '../../src/views/faces.ts'
import { importEnterprises, openData } from './filled.ts'
import { inventedFirms } from './firms.ts'
import { elapsed, type Measurement } from './measurement.ts'

const INVENTED = 39_638
const SAMPLES = 7_241
const LONG = 100_000
const actor = { authority: '河北省市场监督管理局', officer: '测量' }

/** Tables as bureaus write them: samples by name until they are looked at and taken, and a long table looked at. */
export async function measureTables(folder: string, csv: string): Promise<Measurement[]> {
  const dataDir = join(folder, 'tables')
  const data = await openData(dataDir)
  await importEnterprises(data, csv)
  const { views, writer } = data
  const search = searchOver(openEmbeddedIndex(pathsIn(dataDir).search, 'read'))
  const now = () => new Date()
  const faces = new Faces({ views, catalogue, now })
  const finder = { search, shown: (key: string) => faces.file(key)?.file }
  const kind = catalogue.kind('inspection')
  if (!kind) throw new Error('no inspections')
  const samples = join(folder, 'samples.csv')
  await writeFile(samples, sampleTable())
  const long = join(folder, 'long.csv')
  await writeFile(long, longTable())
  const look = (path: string, of: RecordKind, mending: Mending) =>
    previewImport({ path, kind: of, actor, mending, views, catalogue, now, newId })

  let firms: Record<string, string> = {}
  const looked = await elapsed(async () => {
    const found = await look(samples, kind, nothingMended)
    const matches = await matchFirms(found.firms, finder)
    firms = Object.fromEntries(
      found.firms.flatMap(({ id }, i) => {
        const key = matches[i]?.certainty === 'certain' ? matches[i]?.candidates[0]?.key : undefined
        return key === undefined ? [] : [[id, key]]
      }),
    )
  })
  let added = 0
  const mending = { ...nothingMended, firms }
  const taken = await elapsed(async () => {
    await runImport({
      path: samples,
      kind,
      actor,
      since: newId(),
      command: `import/${newId()}`,
      mending,
      writer,
      views,
      catalogue,
      now,
      newId,
      consequences: () => [],
      onProgress: async ({ counts }) => {
        added = counts.added
      },
    })
    await writer.catchUp()
  })
  let rows = 0
  const lookedLong = await elapsed(async () => {
    rows = (await look(long, enterprise, nothingMended)).counts.rows
  })
  await search.close()
  await data.close()
  return [
    {
      name: `preview of ${SAMPLES} samples by name, seconds`,
      ratio: looked / 1000,
      target: { atMost: 6 },
      detail: `${Object.keys(firms).length} names certain`,
    },
    {
      name: `taking ${SAMPLES} samples, seconds`,
      ratio: taken / 1000,
      target: { atMost: 3 },
      detail: `${added} added`,
    },
    {
      name: `preview of ${LONG} rows, seconds`,
      ratio: lookedLong / 1000,
      target: { atMost: 10 },
      detail: `${rows} rows`,
    },
  ]
}

function sampleTable(): string {
  const firms = Array.from(inventedFirms(INVENTED))
  const rows = Array.from({ length: SAMPLES }, (_, i) => {
    const name = firms[(i * 7919) % firms.length]?.name ?? ''
    const failing = i % 20 === 0
    return [
      i + 1,
      `S${i}`,
      i % 50 === 7 ? `${name}分公司` : name,
      '示例超市',
      `示例食品${i % 300}`,
      '500g/袋',
      '2026-01-10',
      '2026-03-10',
      '省抽',
      '河北省市场监督管理局',
      failing ? '不合格' : '合格',
      failing ? '霉菌║220CFU/g║≤25CFU/g' : '',
    ].join(',')
  })
  const head =
    '序号,抽样编号,标称生产企业名称,被抽样单位名称,食品名称,规格型号,生产日期/批号,抽样日期,任务来源,检查机关,检验结论,不合格项目║检验结果║标准值'
  return `2026年第4号监督抽检信息\n${head}\n${rows.join('\n')}\n`
}

function longTable(): string {
  const rows = Array.from(
    inventedFirms(LONG),
    ({ uscc, name, establishedOn, legalForm, city }) =>
      `${name},${uscc},${establishedOn},${legalForm},${city},在营（开业）企业`,
  )
  return `企业名称,统一社会信用代码,成立日期,企业类型,所在地市,登记状态\n${rows.join('\n')}\n`
}
