import t, { type Test } from 'tap'
import { Refusal } from '../../src/dossier/refusal.ts'
import { acting } from '../acting.ts'
import { licenceOf, penaltyOf, shownBy, testRegistry, unifiedCode } from '../support.ts'

const actor = { authority: '省局', officer: '张三' }
const request = { actor, command: 'test' }
const uscc = unifiedCode('DEM00001')
const orgCode = uscc.slice(8, 17)

function refusal(reason: Refusal['reason']) {
  return (error: unknown) => error instanceof Refusal && error.reason === reason
}

async function refused(
  t: Test,
  act: Promise<unknown>,
  reason: Refusal['reason'],
): Promise<Refusal | undefined> {
  try {
    await act
  } catch (error) {
    t.ok(refusal(reason)(error), reason)
    return error instanceof Refusal ? error : undefined
  }
  t.fail(`not refused: ${reason}`)
  return undefined
}

t.test('a name change keeps the former name, a correction does not', async (t) => {
  const { registry } = await testRegistry(t)
  const { acts } = registry
  await acts.open({ codes: { uscc }, data: { name: '示例甲公司' } }, request)
  await acting(registry).change(uscc, { name: '示例乙公司' }, 1, request)
  await acting(registry).correct(uscc, { name: '示例丙公司' }, '录入错误', 2, request)
  const file = shownBy(registry, orgCode)
  t.equal(file.enterprise.name, '示例丙公司')
  t.same(file.enterprise.formerNames, ['示例甲公司'])
  t.equal(file.enterprise.region, '130102', 'the region of the registering office stands in')
})

t.test('codes that two enterprises share', async (t) => {
  const { registry } = await testRegistry(t)
  const { acts, files } = registry
  const second = unifiedCode('DEM00001', '130202')
  await acts.open({ codes: { uscc }, data: { name: '示例甲公司' } }, request)
  await refused(t, acts.open({ codes: { uscc }, data: { name: '示例甲公司' } }, request), 'exists')
  const conflict = await refused(
    t,
    acts.open({ codes: { uscc: second }, data: { name: '示例乙公司' } }, request),
    'exists',
  )
  t.match(conflict?.related, { enterprises: [{ name: '示例甲公司' }, { name: '示例乙公司' }] }, 'names both')
  await acts.open({ codes: { uscc: second }, data: { name: '示例乙公司' }, underUnifiedCode: true }, request)
  t.equal(files.byCode(second).enterprise.name, '示例乙公司')
  t.equal(files.byCode(uscc).enterprise.name, '示例甲公司')
  t.match(shownBy(registry, second).warnings, [{ code: 'shared-organisation-code' }])
})

t.test('a valid unified code that embeds an invalid organisation code is taken with a warning', async (t) => {
  const { registry } = await testRegistry(t)
  const { unifiedCheckCharacter } = await import('../../src/codes/unified-code.ts')
  const within = '91130102DEM000017'
  const odd = within + unifiedCheckCharacter(within)
  await registry.acts.open({ codes: { uscc: odd }, data: { name: '示例公司' } }, request)
  t.match(shownBy(registry, odd).warnings, [{ code: 'embedded-code' }])
  t.equal(registry.files.byCode('DEM000017').uscc, odd, 'found by the nine characters too')
})

t.test('a licence of an enterprise that has no file opens it', async (t) => {
  const { registry, register } = await testRegistry(t)
  const { type, data } = licenceOf('XK-1')
  await refused(t, registry.acts.addRecord(uscc, type, data, undefined, request), 'unknown')
  const { dossier, recordId } = await registry.acts.addRecord(uscc, type, data, { name: '示例公司' }, request)
  t.equal(dossier.key, orgCode)
  t.ok(recordId)
  t.same(
    (await register.history(orgCode)).map(({ kind }) => kind),
    ['enterprise.opened', 'record.added'],
  )
  const penalty = penaltyOf('1号')
  const other = unifiedCode('DEM00002')
  await refused(
    t,
    registry.acts.addRecord(other, penalty.type, penalty.data, { name: '示例' }, request),
    'unknown',
  )
})

t.test('records: the same one twice, update, correction, withdrawal', async (t) => {
  const { registry } = await testRegistry(t)
  const { acts } = registry
  await acts.open({ codes: { uscc }, data: { name: '示例公司' } }, request)
  const { type, data } = penaltyOf('1号', { publishedOn: '2026-10-20' })
  const { recordId = '' } = await acts.addRecord(uscc, type, data, undefined, request)
  const again = await refused(t, acts.addRecord(uscc, type, data, undefined, request), 'exists')
  t.equal(again?.related.recordId, recordId)
  await acting(registry).updateRecord(uscc, recordId, { fulfilledOn: '2026-11-01' }, 2, request)
  await refused(t, acting(registry).updateRecord(uscc, recordId, { fine: 1 }, 2, request), 'stale')
  await acting(registry).correctRecord(uscc, recordId, { fine: 60_000 }, '金额录入错误', 3, request)
  await refused(
    t,
    acting(registry).correctRecord(uscc, recordId, { fine: 60_000 }, '同上', 'any', request),
    'invalid',
  )
  const [shown] = shownBy(registry, uscc).sections.penalties ?? []
  t.match(shown, { data: { fine: 60_000, fulfilledOn: '2026-11-01' } })
  await acting(registry).withdrawRecord(uscc, recordId, '误录他企业的处罚', 'any', request)
  t.same(shownBy(registry, uscc).sections.penalties, [])
  await refused(t, acting(registry).updateRecord(uscc, recordId, { fine: 1 }, 'any', request), 'gone')
})

t.test('a withdrawn file is gone, its past too, and its codes are free again', async (t) => {
  const { registry, clock } = await testRegistry(t)
  const { acts, files } = registry
  await acts.open({ codes: { uscc }, data: { name: '示例公司' } }, request)
  const opened = files.headOf(uscc)
  clock.set('2026-11-25T02:00:00Z')
  await acting(registry).withdraw(uscc, '误建', 1, request)
  await refused(t, (async () => files.byCode(uscc))(), 'gone')
  await refused(t, files.publicPast(opened, { time: '2026-11-24T15:59:59.999Z' }), 'unknown')
  await acts.open({ codes: { uscc }, data: { name: '示例新公司' } }, request)
  t.equal(
    (await files.page(files.headOf(orgCode), { isPrint: false })).page.file.enterprise.name,
    '示例新公司',
  )
})

t.test('an author bound to a region writes there only', async (t) => {
  const { registry } = await testRegistry(t)
  const bound = { ...request, actor: { ...actor, region: '130200' } }
  await refused(t, registry.acts.open({ codes: { uscc }, data: { name: '示例公司' } }, bound), 'forbidden')
  await registry.acts.open({ codes: { uscc }, data: { name: '示例公司', region: '130203' } }, bound)
  await refused(t, acting(registry).change(uscc, { region: '130102' }, 1, bound), 'forbidden')
})

t.test('the day changes what the public sees, with or without the daily job', async (t) => {
  const { registry, clock, views, register } = await testRegistry(t)
  const { acts, files } = registry
  await acts.open({ codes: { uscc }, data: { name: '示例公司' } }, request)
  const { type, data } = penaltyOf('1号', { decidedOn: '2026-11-20', publishedOn: '2026-11-24' })
  await acts.addRecord(uscc, type, { ...data, publishedOn: undefined }, undefined, request)
  const licence = licenceOf('XK-1', { issuedOn: '2021-12-01', validTo: '2026-11-30' })
  await acts.addRecord(uscc, licence.type, licence.data, undefined, request)
  const answer = () => files.answer(orgCode)
  const now = async () => JSON.parse(Buffer.from((await answer())?.bytes ?? '{}').toString())
  t.equal((await now()).penalties.length, 0)
  t.equal((await now()).licences[0].data.status, '有效')
  const before = (await answer())?.etag
  clock.set('2026-12-18T02:00:00Z')
  t.equal((await now()).penalties.length, 1, 'twenty working days have passed')
  t.equal((await now()).licences[0].data.status, '过期')
  t.not((await answer())?.etag, before)
  const position = views.changes(0, 10).at(-1)?.position
  t.equal(await registry.runDaily(), 2)
  t.equal(await registry.runDaily(), 0, 'once only')
  t.not(views.changes(0, 10).at(-1)?.position, position, 'the feed tells of it')
  t.same(
    (await register.history(orgCode))
      .slice(-2)
      .map(({ kind }) => kind)
      .sort(),
    ['record.expired', 'record.published'],
  )
  t.equal((await now()).penalties.length, 1)
})

t.test('a repeated request is answered with its first outcome', async (t) => {
  const { registry, register } = await testRegistry(t)
  const once = { ...request, command: 'key/1/idempotent/a', fingerprint: 'f' }
  const open = () => registry.acts.open({ codes: { uscc }, data: { name: '示例公司' } }, once)
  const first = await open()
  await acting(registry).change(uscc, { name: '示例改名公司' }, 1, request)
  const again = await open()
  t.ok(again.repeated)
  t.same(again.dossier, first.dossier)
  t.equal(await register.head(), 2)
})
