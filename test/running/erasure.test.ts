import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { acting } from '../acting.ts'
import { penaltyOf, testRegistry, unifiedCode } from '../support.ts'

const uscc = unifiedCode('BAD00001')
const key = uscc.slice(8, 17)
const CANARY = '金丝雀七号的陈述'

t.test('an erased text lingers in no file of the data directory, through a rebuild either', async (t) => {
  const { registry, clock, folder, writer } = await testRegistry(t)
  clock.set('2026-01-05T02:00:00.000Z')
  const by = (officer: string, command: string) => ({
    actor: { authority: '省局', officer, id: `person/${officer}` },
    command,
  })
  await registry.acts.open(
    { codes: { uscc }, data: { name: '示例失信公司', region: '130102' } },
    by('甲', '1'),
  )
  const penalty = penaltyOf('1号', { decidedOn: '2025-12-01', severity: '严重' })
  const { recordId = '' } = await registry.acts.addRecord(
    key,
    'penalty',
    penalty.data,
    undefined,
    by('甲', '2'),
  )
  const { caseId } = await acting(registry).propose(
    key,
    { ruleSet: 'order-44', ground: 'unsafe-product', penalties: [recordId], facts: CANARY, reasons: CANARY },
    by('甲', '3'),
  )
  const step = (body: { step: string } & Record<string, unknown>, who: string) =>
    acting(registry).step(caseId, body, by(who, body.step))
  await step({ step: 'notice', servedOn: '2026-01-05', way: '直接送达' }, '甲')
  await step({ step: 'statement', on: '2026-01-05', statement: CANARY, answer: CANARY }, '甲')
  clock.set('2026-01-13T02:00:00.000Z')
  const decision = { listed: true, decisionNo: '1号', decidedOn: '2026-01-13', reasons: CANARY }
  await step({ step: 'decision', ...decision }, '乙')
  await step({ step: 'publication' }, '乙')
  const holds = () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.db(-wal)?$/.test(name))
      .filter((name) => readFileSync(join(folder, name)).includes(CANARY))
  t.ok(holds().length >= 2, 'register and views held it')
  await writer.rebuild()
  await step({ step: 'revocation', reason: '认定错误' }, '乙')
  t.same(holds(), [])
  await writer.rebuild()
  t.same(holds(), [])
})
