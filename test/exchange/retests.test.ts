import t from 'tap'
import { inspection } from '../../src/records/inspection.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing, openFirms, previewing } from './importing.ts'

/** What tables say of two tests of one sample, each with a verdict of its own (初检、复检、最终结论). */

const A = unifiedCode('RET00001')
const ASKED = ['改变原结论', '维持原结论']

for (const [headings, cells, outcome, retest] of [
  ['检验结论,复检结论', '不合格,合格', '不合格', '改变原结论'],
  ['检验结论,复检结论', '不合格,不合格', '不合格', '维持原结论'],
  ['检验结论,复检结论', '不合格,/', '不合格', undefined],
  ['检验结论,复检结论', '不合格,维持原结论', '不合格', '维持原结论'],
  ['初检结论,复检结论', '不合格,合格', '不合格', '改变原结论'],
  ['首次检验结果,复检结果', '不合格,不合格', '不合格', '维持原结论'],
  ['初检结论,复检结论,最终结论', '不合格,合格,合格', '合格', '改变原结论'],
  ['初检结论,复检结论,最终结论', '不合格,不合格,不合格', '不合格', '维持原结论'],
  ['复检结论,最终检验结论', '合格,合格', '合格', '改变原结论'],
  ['初检结论,最终结论', '不合格,合格', '合格', undefined],
  ['检验结论,初检结论', '不合格,合格', '不合格', undefined],
  // Whose verdict is meant can't be told: a second test is asked for of what failed.
  ['检验结论,复检结论', '合格,合格', undefined, '合格（合格）'],
  ['检验结论,复检结论', '合格,不合格', undefined, '不合格（合格）'],
  ['初检结论,复检结论', '合格,不合格', undefined, '不合格（合格）'],
  ['复检结论,最终结论', '不合格,合格', undefined, '不合格（合格）'],
  ['复检结论,最终结论', '合格,不合格', undefined, '合格（不合格）'],
] as const)
  t.test(`${headings}: ${cells}`, async (t) => {
    const parts = await testRegistry(t)
    await openFirms(parts, [[A, '示例复检厂']])
    const head = `统一社会信用代码,产品名称,检查类别,检查日期,检查机关,检验项目,${headings}`
    const table = `${head}\n${A},肥,省抽,2026-03-01,省局,铅,${cells}`
    /** What the file has, and what waits for a second person: that a second test overturned the first. */
    const kept = () => {
      const dossier = parts.registry.files.byCode(A)
      const waiting = (dossier?.proposals ?? []).map(({ input }) => JSON.stringify(input))
      return [
        ...inspection.in(dossier).map(({ data }) => [data.outcome, data.retest]),
        ...waiting.map((text) => [
          /"outcome":"([^"]+)"/.exec(text)?.[1],
          /"retest":"([^"]+)"/.exec(text)?.[1],
        ]),
      ]
    }
    const { words } = await previewing(parts, table, 'inspection')
    const { bad } = await importing(parts, table, 'inspection')
    if (outcome !== undefined) {
      t.same([bad, words, kept()], [[], [], [[outcome, retest]]])
      return
    }
    t.match(words, [{ field: 'retest', word: retest, candidates: ASKED }])
    t.same(kept(), [])
    const answered = await importing(parts, table, 'inspection', {
      words: { retest: { [retest]: ['维持原结论'] } },
    })
    t.same(answered.bad, [])
    t.match(kept(), [[String, '维持原结论']])
  })
