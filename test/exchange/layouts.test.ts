import t from 'tap'
import { inspection } from '../../src/records/inspection.ts'
import { text, workbookOf } from '../sheets/workbooks.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { effectsOf, importing, openFirms, previewing } from './importing.ts'

/** Tables as bureaus lay them out: items in columns of their own, cells that repeat the one above. */

const USCC = unifiedCode('DEM00001')
const NAME = '示例甲食品有限公司'
const COMMON = '抽样编号,统一社会信用代码,食品名称,检查类别,检查日期,检查机关'
const own = (number: string) => `${number},${USCC},糕,省抽,2026-09-01,河北省市场监督管理局`

async function opened(t: Parameters<typeof testRegistry>[0]) {
  const parts = await testRegistry(t)
  await openFirms(parts, [[USCC, NAME]])
  const items = (number: string) =>
    inspection
      .in(parts.registry.files.byCode(USCC))
      .filter(({ data }) => data.sampleNo === number)
      .flatMap(({ data }) => data.items ?? [])
      .map(({ name, measured = '', verdict = '' }) => `${name}|${measured}|${verdict}`)
  return { parts, items }
}

t.test('items across: a column each, under a heading of all or named by the officer', async (t) => {
  const { parts, items } = await opened(t)
  const sheet = (rows: string[]) =>
    rows
      .map(
        (row) =>
          `<row>${row
            .split(',')
            .map((cell) => text(cell))
            .join('')}</row>`,
      )
      .join('')
  const book = await workbookOf({
    sheets: [
      {
        xml: sheet([
          `${COMMON},检验项目（mg/kg）,,,检验结论,不合格项目`,
          ',,,,,,铅,镉,总砷,,',
          `${own('PT260001')},0.1,0.05,未检出,合格,`,
          `${own('PT260002')},0.9,0.05,/,不合格,铅`,
          `${own('PT260003')},0.9,0.05,,不合格,`,
        ]),
        after: '<mergeCells><mergeCell ref="G1:I1"/></mergeCells>',
      },
    ],
  })
  t.match((await importing(parts, book, 'inspection')).counts, { added: 3, failed: 0 })
  t.same(items('PT260001'), ['铅|0.1mg/kg|合格', '镉|0.05mg/kg|合格', '总砷|未检出|合格'])
  t.same(items('PT260002'), ['铅|0.9mg/kg|不合格', '镉|0.05mg/kg|'])
  t.same(items('PT260003'), ['铅|0.9mg/kg|', '镉|0.05mg/kg|'], 'which one failed is not made up')
  const plain = `${COMMON},氧化钙,检验结论\n${own('PT260004')},3%,合格`
  const asked = await previewing(parts, plain, 'inspection')
  t.match(asked.columns[6], { header: '氧化钙', meaning: null })
  await importing(parts, plain, 'inspection', { columns: { 氧化钙: '检验项目：氧化钙' } })
  t.same(items('PT260004'), ['氧化钙|3%|合格'])
})

t.test('同上 is what stands above, told beside the row', async (t) => {
  const { parts } = await opened(t)
  const table = (first: string) =>
    `抽样编号,统一社会信用代码,标称生产企业,食品名称,检查类别,检查日期,检查机关,检验结论\nPT260001,${USCC},${NAME},${first},省抽,2026-09-01,河北省市场监督管理局,合格\nPT260002,同上,〃,糕,同上,同上,同上,合格\nPT260003,〃,同上,饼,〃,″,同前,合格`
  const effects = await effectsOf(parts, table('面'), 'inspection')
  t.same(
    effects.map(({ outcome }) => outcome),
    ['added', 'added', 'added'],
  )
  t.match(effects[2]?.notes.join(), /“同上”照上一行读作：统一社会信用代码“9.*检查日期“2026-09-01”/)
  t.notMatch(effects[0]?.notes.join(), /同上/)
  const { bad } = await importing(parts, table('同上'), 'inspection')
  t.match(bad, [{ line: 2, faults: [{ detail: /上面的一行却没有内容可以照读/ }] }])
  t.same(
    inspection.in(parts.registry.files.byCode(USCC)).map(({ data }) => data.product),
    ['糕', '饼'],
    'nothing is above the first row',
  )
})
