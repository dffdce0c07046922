import t, { type Test } from 'tap'
import { fold } from '../../src/dossier/dossier.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Draft } from '../../src/register/entry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { verifyDataDir } from '../../src/running/verify.ts'
import { rebuildViews } from '../../src/views/rebuild.ts'
import { openViews } from '../../src/views/schema.ts'
import { Views } from '../../src/views/views.ts'
import { importing } from '../exchange/importing.ts'
import { fc } from '../properties.ts'
import { licenceOf, penaltyOf, type TestRegistry, testRegistry, unifiedCode } from '../support.ts'

const uscc = unifiedCode('BGA00001')
const key = uscc.slice(8, 17)
const author = { authority: '省局', officer: '张三' }

function draft(kind: string, payload: unknown, visibility: Draft['visibility'] = 'public'): Draft {
  return { subject: key, kind, payload, visibility, author }
}

/** A record of any of the kinds that a firm gathers most of. */
function recordOf(n: number): Draft {
  const day = `2026-0${1 + (n % 9)}-1${n % 10}`
  const inspection = {
    kind: '日常巡查',
    product: '电线电缆',
    inspectedOn: day,
    authority: '石家庄市市场监督管理局',
    outcome: n % 7 === 0 ? '不合格' : '合格',
  }
  const [type, data] =
    n % 5 === 4
      ? (['penalty', penaltyOf(`罚${n}`, { decidedOn: day }).data] as const)
      : n % 5 === 3
        ? ([
            'licence',
            licenceOf(`XK${n}`, { validTo: n % 2 === 0 ? '2026-11-30' : '2029-02-28' }).data,
          ] as const)
        : (['inspection', inspection] as const)
  return draft('record.added', { id: `r${n}`, type, data })
}

async function filled(
  t: Test,
  records: number,
): Promise<TestRegistry & { write(...drafts: Draft[]): Promise<void> }> {
  const parts = await testRegistry(t)
  let command = 0
  const write = async (...drafts: Draft[]) => {
    command += 1
    await parts.writer.append({ drafts, command: `write/${command}` })
  }
  await write(draft('enterprise.opened', { uscc, data: { name: '示例大公司', region: '130102' } }))
  for (let n = 0; n < records; n += 100)
    await write(...Array.from({ length: Math.min(100, records - n) }, (_, i) => recordOf(n + i)))
  return { ...parts, write }
}

const PRESENT = 60
const step = fc.record({
  kind: fc.constantFrom(
    ...(['add', 'update', 'correct', 'withdraw', 'note', 'rename', 'move', 'rate', 'tomorrow'] as const),
  ),
  n: fc.nat(PRESENT + 5),
})

t.test('a large file that its entries are laid beside is the file that they all come to', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      await t.test('', async (t) => {
        const { write, views, register, clock, folder } = await filled(t, PRESENT)
        const elsewhere = new Views(pathsIn(folder).views)
        t.teardown(() => elsewhere.close())
        const rating = {
          ...{ id: 'a', standard: { id: 's', version: 1, name: 's', shownAs: 'grade' }, on: '2026-11-24' },
          ...{ grade: 'A', points: 1, items: [], limits: [] },
        }
        const drafts = (kind: (typeof steps)[number]['kind'], n: number, i: number): Draft[] => {
          const changes = { note: `改${i}`, authority: `第${i}局` }
          if (kind === 'add') return [recordOf(1000 + i * 100 + n)]
          if (kind === 'update') return [draft('record.updated', { id: `r${n}`, changes })]
          if (kind === 'correct') return [draft('record.corrected', { id: `r${n}`, changes, reason: '误' })]
          if (kind === 'withdraw') return [draft('record.withdrawn', { id: `r${n}`, reason: '误' })]
          if (kind === 'note') return [draft('note.added', { id: `n${i}`, text: '备注' }, 'internal')]
          if (kind === 'rename') return [draft('enterprise.changed', { changes: { name: `示例第${i}公司` } })]
          if (kind === 'move') return [draft('enterprise.changed', { changes: { region: '130202' } })]
          return kind === 'rate' ? [draft('rating.issued', { ...rating, id: `g${i}` })] : []
        }
        for (const [i, { kind, n }] of steps.entries()) {
          if (kind === 'tomorrow') clock.set(new Date(clock.now().getTime() + 5 * 86_400_000).toISOString())
          else await write(...drafts(kind, n, i))
          const whole = fold(undefined, await register.history(key))
          t.same(views.dossier(key), whole, 'read again and again')
          if (i % 3 === 0) t.same(elsewhere.dossier(key), whole, 'and by who reads it seldom')
        }
        const face = views.face(key)?.json
        t.equal(elsewhere.face(key)?.json, face)
        const found = await verifyDataDir(folder, { catalogue })
        t.same(found.findings, [], 'row by row what a fold of the whole register gives')
        const connection = openViews(pathsIn(folder).views, 'write')
        await rebuildViews(connection, register, catalogue, async () => {})
        connection.close()
        await new Promise(setImmediate)
        t.equal(views.face(key)?.json, face, 'and what a rebuild does')
      })
    }),
    { numRuns: 8 },
  )
})

t.test('what does not show makes nothing anew that the public sees', async (t) => {
  const { write, views, folder } = await filled(t, PRESENT)
  const connection = openViews(pathsIn(folder).views, 'write')
  t.teardown(() => connection.close())
  const note = (i: number) => draft('note.added', { id: `n${i}`, text: '备注' }, 'internal')
  const row = () => connection.prepare('SELECT id FROM current').pluck().get()
  const snapshot = `snapshot_${row()}`
  const stored = () =>
    connection
      .prepare<[string], { position: number; face: string }>(
        `SELECT position, face FROM ${snapshot} WHERE key = ?`,
      )
      .get(key)
  // Of its last entry, as each file is that was written anew just now.
  for (let n = 0; stored()?.position !== views.dossier(key)?.position; n += 1) await write(recordOf(2000 + n))
  const before = stored()
  const marked = before?.face.replace('示例大公司', '示例记号公司') ?? ''
  connection.prepare(`UPDATE ${snapshot} SET face = ? WHERE key = ?`).run(marked, key)
  await write(note(1))
  await write(note(2))
  t.equal(stored()?.position, before?.position, 'they are laid beside it')
  t.equal(views.face(key)?.json, marked, 'what stands ready goes on being shown')
  t.match(views.shown(key)?.file?.enterprise, { name: '示例记号公司' })
  await write(recordOf(3000))
  t.equal(stored()?.position, before?.position)
  const anew = views.shown(key)
  t.match(anew?.file?.enterprise, { name: '示例大公司' }, 'until something shows')
  await write(note(3))
  const after = views.shown(key)
  t.equal(after?.file?.sections, anew?.file?.sections, 'and what was cut then is, too')
  t.equal(after?.position, anew?.position)
  await write(recordOf(3001))
  t.not(views.shown(key)?.file?.sections, anew?.file?.sections)
})

t.test('a write costs what it changes, not what the file holds', async (t) => {
  const spent = async (records: number): Promise<number> => {
    const { write, registry } = await filled(t, records)
    const once = async (n: number) => {
      const from = process.cpuUsage()
      const { type, data } = licenceOf(`N${n}`)
      await registry.acts.addRecord(key, type, data, undefined, { actor: author, command: `add ${n}` })
      const { user, system } = process.cpuUsage(from)
      return user + system
    }
    for (let n = 0; n < 20; n += 1) await once(n)
    const costs: number[] = []
    for (let n = 20; n < 60; n += 1) costs.push(await once(n))
    await write(recordOf(9999))
    return costs.sort((a, b) => a - b)[costs.length / 2] ?? Number.NaN
  }
  const [few, many] = [await spent(10), await spent(1500)]
  t.comment(`10 records: ${(few / 1000).toFixed(2)} ms of processor; 1,500: ${(many / 1000).toFixed(2)} ms`)
  // A write that wrote the file anew took twenty times as much; one that looked through all clocks of the file five times.
  t.ok(many < 3 * few, `${(many / few).toFixed(1)} times as much`)
})

t.test('so does a row of an import into it', async (t) => {
  const spent = async (records: number): Promise<number> => {
    const parts = await filled(t, records)
    const rows = (batch: number) => {
      const own = Array.from(
        { length: 50 },
        (_, i) =>
          `${uscc},示例大公司,日常巡查,产品${batch}之${i},2026-02-1${i % 9},石家庄市市场监督管理局,不合格,2026-12-20`,
      )
      return `统一社会信用代码,企业名称,检查类别,产品,检查日期,检查机关,检查结果,整改期限\n${own.join('\n')}\n`
    }
    const once = async (batch: number) => {
      const from = process.cpuUsage()
      t.match((await importing(parts, rows(batch), 'inspection')).counts, { added: 50 })
      const { user, system } = process.cpuUsage(from)
      return user + system
    }
    await once(1)
    return Math.min(await once(2), await once(3), await once(4), await once(5))
  }
  const [few, many] = [await spent(10), await spent(2000)]
  t.comment(
    `10 records: ${(few / 5e4).toFixed(2)} ms of processor a row; 2,000: ${(many / 5e4).toFixed(2)} ms`,
  )
  // Each row was looked for among all that there are, in words that were compared anew: ten times as much. Their clocks
  // were all told apart anew: four times.
  t.ok(many < 3 * few, `${(many / few).toFixed(1)} times as much`)
})
