import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type ImportCounts, noCounts, runImport } from '../../src/exchange/import.ts'
import { undoImport } from '../../src/exchange/undo.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'
import { newId } from '../../src/register/entry.ts'
import { Conflict } from '../../src/register/register.ts'
import type { Writer } from '../../src/writer/writer.ts'
import { testRegistry, unifiedCode } from '../support.ts'

/** A batch whose files others changed meanwhile, and one that an earlier run had appended. */

const actor = { authority: '省局', officer: '导入' }
const [a = '', b = '', c = ''] = ['AGA00001', 'AGA00002', 'AGA00003'].map((body) => unifiedCode(body))

/** A writer before which somebody else is quicker so many times. */
function overtaken(writer: Writer, times: number, error: Error = new Conflict('x', 1, 2)) {
  const tried = { count: 0 }
  const append: Writer['append'] = async (...asked) => {
    tried.count += 1
    if (tried.count <= times) throw error
    return writer.append(...asked)
  }
  return { tried, writer: { ...writer, append } }
}

async function importer(t: Test) {
  const parts = await testRegistry(t)
  const run = async (content: string, type: string, writer: Writer = parts.writer, command = 'import/1') => {
    const path = join(parts.folder, `upload-${newId()}`)
    writeFileSync(path, content)
    const kind = kindOf(catalogue, type)
    if (!kind) throw new Error(`no kind ${type}`)
    let done: ImportCounts = noCounts()
    let positions = { first: 0, last: 0 }
    await runImport({
      ...{ path, kind, actor, command, since: newId(), writer, views: parts.views, catalogue },
      outcome: (...asked) => parts.register.outcome(...asked),
      now: parts.clock.now,
      newId,
      consequences: () => [],
      onProgress: async ({ counts, appended }) => {
        done = counts
        if (appended) positions = appended
      },
    })
    await parts.writer.catchUp()
    return { counts: done, positions }
  }
  return { ...parts, run }
}

const FIRMS = `统一社会信用代码,企业名称,行政区划\n${a},示例甲公司,石家庄市\n${b},示例乙公司,石家庄市`

t.test('a batch that others overtake is decided anew, ten times at most', async (t) => {
  const parts = await importer(t)
  for (const [times, tries] of [
    [10, 10],
    [9, 10],
  ] as const) {
    const { tried, writer } = overtaken(parts.writer, times)
    const work = parts.run(FIRMS, 'enterprise', writer, `import/${times}`)
    if (times === 10) await t.rejects(work, { name: 'Conflict' })
    else t.match((await work).counts, { opened: 2 })
    t.equal(tried.count, tries, `${times} times`)
  }
  const { tried, writer } = overtaken(parts.writer, 1, new Error('disk full'))
  await t.rejects(parts.run(FIRMS.replace('甲公司', '甲新公司'), 'enterprise', writer), {
    message: 'disk full',
  })
  t.equal(tried.count, 1, 'what is no conflict is not tried again')
})

t.test('a batch that an earlier run appended is told as that run told it', async (t) => {
  const parts = await importer(t)
  const opened = await parts.run(FIRMS, 'enterprise', undefined, 'import/0')
  t.match(opened.counts, { rows: 2, opened: 2, added: 0, updated: 0, unchanged: 0, failed: 0 })
  const licence = (code: string, number: string, name = '示例丙公司', product = '电缆') =>
    `${code},${name},全国工业产品生产许可证,${number},${product},省局,2026-01-10`
  const head = '统一社会信用代码,企业名称,许可类别,许可证编号,产品名称,许可机关,发证日期'
  await parts.run([head, licence(a, '一', '示例甲公司')].join('\n'), 'licence', undefined, 'import/1')
  const mixed = [
    head,
    licence(c, '二'),
    licence(a, '三', '示例甲公司'),
    licence(a, '一', '示例甲公司', '电线'),
    licence(b, '四', '示例乙公司'),
    licence('不是代码', '五'),
    licence(a, '三', '示例甲公司'),
  ].join('\n')
  const first = await parts.run(mixed, 'licence', undefined, 'import/2')
  t.match(first.counts, { rows: 6, opened: 1, added: 2, proposed: 1, unchanged: 1, failed: 1 })
  const again = await parts.run(mixed, 'licence', undefined, 'import/2')
  t.same(again, first)
  const anew = await parts.run(mixed, 'licence', undefined, 'import/3')
  t.match(anew.counts, { rows: 6, opened: 0, added: 0, proposed: 0, unchanged: 5, failed: 1 })
})

t.test('taking back an import goes on where others were quicker, and not for ever', async (t) => {
  const parts = await importer(t)
  const { positions } = await parts.run(FIRMS, 'enterprise')
  const undo = async (writer: Writer) => {
    let counts = { withdrawn: 0, restored: 0, waiting: 0 }
    await undoImport({
      ...{ command: 'import/1', positions, after: 0, reason: '误', isConfirmed: true, actor, writer },
      register: parts.register,
      ...{ views: parts.views, catalogue, now: parts.clock.now, newId, consequences: () => [] },
      onProgress: async (progress) => {
        counts = progress.counts
      },
      signal: new AbortController().signal,
    })
    return counts
  }
  const never = overtaken(parts.writer, 10)
  await t.rejects(undo(never.writer), { name: 'Conflict' })
  t.equal(never.tried.count, 10)
  const broken = overtaken(parts.writer, 1, new Error('disk full'))
  await t.rejects(undo(broken.writer), { message: 'disk full' })
  t.equal(broken.tried.count, 1)
  const late = overtaken(parts.writer, 9)
  t.same(await undo(late.writer), { withdrawn: 2, restored: 0, waiting: 0 })
  t.equal(late.tried.count, 10)
  await parts.writer.catchUp()
  t.same(
    await undo(parts.writer),
    { withdrawn: 0, restored: 0, waiting: 0 },
    'once taken back, nothing is left',
  )
})

t.test(
  'taking back goes step by step, from where an earlier run stopped, no further than the import',
  async (t) => {
    const parts = await importer(t)
    const firms = Array.from({ length: 205 }, (_, i) => unifiedCode(`TEP00${String(i).padStart(3, '0')}`))
    const table = (codes: readonly string[]) =>
      ['统一社会信用代码,企业名称,行政区划', ...codes.map((code, i) => `${code},示例${i}公司,石家庄市`)].join(
        '\n',
      )
    const { positions } = await parts.run(table(firms.slice(0, 202)), 'enterprise')
    await parts.run(table(firms.slice(202)), 'enterprise', undefined, 'import/2')
    const { first, last } = positions
    t.equal(last - first, 201)
    const undo = async (after: number, given: AbortSignal = new AbortController().signal, upTo = last) => {
      const steps: [number, number][] = []
      await undoImport({
        ...{
          command: 'import/1',
          positions: { first, last: upTo },
          after,
          reason: '误',
          isConfirmed: true,
          actor,
        },
        ...{ register: parts.register, writer: parts.writer, views: parts.views, catalogue, newId },
        ...{ now: parts.clock.now, consequences: () => [] },
        onProgress: async (progress) => {
          steps.push([progress.after, progress.counts.withdrawn])
        },
        signal: given,
      })
      await parts.writer.catchUp()
      return steps
    }
    t.same(await undo(0, AbortSignal.abort()), [], 'told to stop before it began')
    t.same(await undo(0, undefined, first), [[first, 1]], 'the first alone')
    t.same(
      await undo(first),
      [
        [first + 200, 200],
        [last, 1],
      ],
      'the others, two hundred at a time',
    )
    t.same(await undo(last), [], 'nothing is left')
    const gone = (code: string) => parts.views.dossier(code.slice(8, 17))?.withdrawn !== undefined
    t.ok(firms.slice(0, 202).every(gone))
    t.notOk(firms.slice(202).some(gone), 'another import stays')
  },
)
