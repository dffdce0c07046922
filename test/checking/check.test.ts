import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { askedOf, headingOf } from '../../src/checking/asked.ts'
import { check, type Finder } from '../../src/checking/check.ts'
import { Checks, ChecksBusy } from '../../src/checking/checks.ts'
import { stamped, stampKey, verified } from '../../src/checking/record.ts'
import { Faces } from '../../src/views/faces.ts'
import { acting } from '../acting.ts'
import { temporaryFolder, testRegistry, unifiedCode } from '../support.ts'

const request = { actor: { authority: '省局', officer: '张三' }, command: 'check' }
const one = unifiedCode('CHK00001')
const two = unifiedCode('CHK00002', '130602')

async function finder(t: Parameters<typeof testRegistry>[0]) {
  const parts = await testRegistry(t)
  const { acts } = parts.registry
  const open = (uscc: string, name: string, region: string, n: number) =>
    acts.open({ codes: { uscc }, data: { name, region } }, { ...request, command: `open ${n}` })
  await open(one, '石家庄示例钢铁有限公司', '130102', 1)
  await acting(parts.registry).change(one, { name: '石家庄示例特钢有限公司' }, 'any', {
    ...request,
    command: 'renamed',
  })
  await open(two, '保定示例轴承厂', '130602', 2)
  await open(unifiedCode('CHK00003'), '示例同名商行', '130102', 3)
  await open(unifiedCode('CHK00004'), '示例同名商行', '130602', 4)
  const faces = new Faces({ views: parts.views, catalogue: parts.registry.catalogue, now: parts.clock.now })
  const found: Finder = { search: parts.search, shown: (key) => faces.shown(key) }
  return { ...parts, finder: found }
}

t.test('each row gets its enterprise, and how sure that is', async (t) => {
  const { finder: by, registry } = await finder(t)
  const asked = async (row: { code?: string; name?: string }) => check({ line: 1, ...row }, by)
  const name = '石家庄示例特钢有限公司'
  for (const [row, certainty, why, found] of [
    [{ code: one }, 'certain', /代码一致/, name],
    [{ code: one.toLowerCase() }, 'certain', /代码一致/, name],
    [{ code: one.slice(8, 17) }, 'certain', /代码一致/, name],
    [{ code: one, name }, 'certain', /代码和名称都一致/, name],
    [{ code: one, name: '石家庄示例钢铁有限公司' }, 'certain', /曾用名/, name],
    [{ code: one, name: '别的公司' }, 'likely', /名称不同：登记的名称是石家庄示例特钢/, name],
    [{ name }, 'certain', /名称完全一致/, name],
    [{ name: '石家庄示例特鋼有限公司' }, 'certain', /繁简/, name],
    [{ name: '石家庄示例钢铁有限公司' }, 'likely', /曾用名，现名石家庄示例特钢/, name],
    [{ name: '石家庄市示例特钢有限责任公司' }, 'likely', /写法不同/, name],
    [{ name: '示例轴承' }, 'unsure', /含有所填文字/, '保定示例轴承厂'],
    [{ name: '保定示例轴成厂' }, 'unsure', /一字之差/, '保定示例轴承厂'],
    [{ name: '示例同名商行' }, 'unsure', /有 2 家企业/, '示例同名商行'],
  ] as const) {
    const checked = await asked(row)
    t.match(checked, { certainty, why, enterprise: { name: found } }, JSON.stringify(row))
    t.equal(checked.enterprise?.listed, undefined)
  }
  const wrong = `${one.slice(0, 17)}${one.endsWith('A') ? 'B' : 'A'}`
  t.match(await asked({ code: wrong }), {
    certainty: 'fault',
    why: /第 18 位校验码应为/,
    enterprise: undefined,
  })
  t.match(await asked({ code: unifiedCode('CHK00009') }), { certainty: 'none', why: /代码有效/ })
  t.match(await asked({ name: '没有这样的企业' }), { certainty: 'none' })
  await acting(registry).withdraw(two, '误建', 'any', { ...request, command: 'withdraw' })
  t.match(
    await asked({ code: two }),
    { certainty: 'none', enterprise: undefined },
    'a withdrawn file is none',
  )
})

t.test('codes and names are told apart, with a heading or without', async (t) => {
  const row = (...cells: string[]) => ({ line: 2, cells })
  const columns = headingOf(['序号', '企业名称', '统一社会信用代码'])
  t.same(columns, { name: 1, code: 2 })
  t.same(askedOf(row('1', '示例公司', one), columns), { line: 2, code: one, name: '示例公司' })
  t.equal(headingOf(['示例公司', one]), undefined)
  for (const cells of [[one, '示例公司'], ['示例公司', one], [`${one} 示例公司`], [`示例公司 ${one}`]])
    t.same(askedOf(row(...cells), undefined), { line: 2, code: one, name: '示例公司' }, cells.join('|'))
  t.same(askedOf(row('1', '示例 ABC 公司'), undefined), { line: 2, name: '示例 ABC 公司' })
  t.equal(askedOf(row('', ' '), undefined), undefined, 'empty lines are none')
  t.match(askedOf(row('12', ''), undefined), { fault: /没有代码/ })
  t.match(askedOf(row('长'.repeat(201)), undefined), { fault: /超过 200/ })
  t.match(askedOf({ line: 3, cells: [], fault: '引号没有结束' }, undefined), { fault: '引号没有结束' })
})

t.test('a check holds what it found until it is forgotten, and leaves no file', async (t) => {
  const { finder: by, folder, clock } = await finder(t)
  const checks = new Checks({
    finder: by,
    registry: '测试',
    key: stampKey(join(folder, 'stamp.key')),
    position: () => 9,
    now: clock.now,
    mostHeld: 150_000,
  })
  t.teardown(() => checks.stop())
  const handIn = async (text: string) => {
    const path = join(folder, 'list')
    writeFileSync(path, text)
    const id = await checks.begin(path)
    for (;;) {
      const state = await checks.state(id)
      if (state?.done) return { id, state, path }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const { id, state, path } = await handIn(`名称\n石家庄示例特钢有限公司\n没有这家\n保定示例轴承厂\n`)
  t.match(state, { checked: 3, total: 3, left: 0, counts: { certain: 2, none: 1, listed: 0 } })
  await t.rejects(readFile(path), { code: 'ENOENT' }, 'what was handed in is gone')
  t.match(await checks.rows(id, 'none', 0, 10), [{ line: 3, asked: '没有这家' }])
  t.match(await checks.rows(id, 'all', 1, 1), [{ line: 3 }])
  t.match(String(await checks.file(id, 'csv')), /3,没有这家,,没有找到/)
  const record = String(await checks.file(id, 'record'))
  t.match(await checks.verify(record), { ok: true, registry: '测试', rows: 3, to: { position: 9 } })
  await checks.forget(id)
  t.equal(await checks.state(id), undefined)
  t.equal(await checks.file(id, 'csv'), undefined)
  t.match((await handIn('\n \n')).state, { problem: /没有要核验的企业/ })
  t.match((await handIn('PK not really a workbook')).state, { problem: /XLSX/ })
  const many = await handIn(Array.from({ length: 100_050 }, (_, i) => `${1_000_000_000 + i}`).join('\n'))
  t.match(many.state, { total: 100_000, left: 50, checked: 100_000, counts: { fault: 100_000 } })
  await t.rejects(handIn(one), ChecksBusy, 'no more is held than may be')
  await t.rejects(readFile(path), { code: 'ENOENT' }, 'nor kept on the disk')
  await checks.forget(many.id)
  t.match((await handIn(one)).state, { counts: { certain: 1 } })
})

t.test('a record that was changed, or stamped elsewhere, is not believed', async (t) => {
  const folder = temporaryFolder(t)
  const key = stampKey(join(folder, 'stamp.key'))
  const moment = { time: '2026-11-24T02:00:00.000Z', position: 7 }
  const rows = [{ line: 1, asked: '示例公司', certainty: 'none' as const, why: '没有找到' }]
  const text = stamped('测试', { from: moment, to: moment }, rows, key)
  t.match(verified(text, stampKey(join(folder, 'stamp.key'))), { ok: true }, 'the key is kept')
  t.match(verified(text.replace('示例公司', '示例某司'), key), { ok: false, why: /改动/ })
  t.match(verified(text.replace('"position":7', '"position":8'), key), { ok: false, why: /改动/ })
  t.match(verified(text, stampKey(join(folder, 'other.key'))), { ok: false, why: /不是本系统出具/ })
  for (const other of ['', '{}', '[]', 'x', text.slice(0, -2)])
    t.match(verified(other, key), { ok: false, why: /不是本系统的核验记录/ })
})
