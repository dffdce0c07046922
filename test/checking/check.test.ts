import { createHash, sign } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import { flattenedVerify, importJWK } from 'jose'
import t from 'tap'
import { extractText } from 'unpdf'
import { askedOf, headingOf, titlesAbove } from '../../src/checking/asked.ts'
import { type CheckedRow, check, type Finder } from '../../src/checking/check.ts'
import { Checks } from '../../src/checking/checks.ts'
import { differencesOf, likenessOf, parentOf } from '../../src/checking/compare.ts'
import type { Given } from '../../src/checking/given.ts'
import { openStampKeys } from '../../src/checking/keys.ts'
import { paperOf, stampedRows, stampOf, stampVerified } from '../../src/checking/paper.ts'
import { recordOf, verified } from '../../src/checking/record.ts'
import { ChecksBusy, type Source } from '../../src/checking/request.ts'
import { type ComparedRow, verdictOf } from '../../src/checking/verdict.ts'
import { withVouched } from '../../src/checking/voucher.ts'
import { tidyCode } from '../../src/codes/typed.ts'
import { Faces } from '../../src/views/faces.ts'
import { acting } from '../acting.ts'
import { workbookOf } from '../sheets/workbooks.ts'
import { temporaryFolder, testRegistry, unifiedCode } from '../support.ts'

const request = { actor: { authority: '省局', officer: '张三' }, command: 'check' }
const one = unifiedCode('CHK00001')
const two = unifiedCode('CHK00002', '130602')

async function finder(t: Parameters<typeof testRegistry>[0]) {
  const parts = await testRegistry(t)
  const { acts } = parts.registry
  const open = (uscc: string, name: string, region: string) =>
    acts.open({ codes: { uscc }, data: { name, region } }, { ...request, command: `open ${uscc}` })
  await open(one, '石家庄示例钢铁有限公司', '130102')
  await acting(parts.registry).change(one, { name: '石家庄示例特钢有限公司' }, 'any', {
    ...request,
    command: 'renamed',
  })
  await open(two, '保定示例轴承厂', '130602')
  await open(unifiedCode('CHK00003'), '示例同名商行', '130102')
  await open(unifiedCode('CHK00004'), '示例同名商行', '130602')
  await open(unifiedCode('CHK00005'), '石家庄示例特钢有限公司保定分公司', '130602')
  await open(unifiedCode('CHK00006'), '河北昇辉机械有限公司', '130102')
  await open(unifiedCode('CHK00007'), '唐山长城管件有限公司', '130203')
  await open(unifiedCode('CHK00008'), '藁城市鑫达五金有限公司', '130109')
  await open(unifiedCode('CHK00009'), '石家庄市鹿泉区宏泰建材有限公司', '130110')
  const faces = new Faces({ views: parts.views, catalogue: parts.registry.catalogue, now: parts.clock.now })
  const found: Finder = { search: parts.search, shown: (key) => faces.file(key)?.file }
  return { ...parts, faces, finder: found }
}

t.test('code, name and place are held against each other', async (t) => {
  const { finder: by, registry } = await finder(t)
  const asked = async (row: Given) => check({ line: 1, cells: [], ...row }, by)
  const name = '石家庄示例特钢有限公司'
  for (const [row, certainty, why, found] of [
    [{ code: one }, 'certain', /代码一致/, name],
    [{ code: one.toLowerCase() }, 'certain', /代码一致/, name],
    [{ code: one.slice(8, 17) }, 'certain', /代码一致/, name],
    [{ code: one, name }, 'certain', /代码和名称都一致/, name],
    [{ code: one, name: '石家庄示例钢铁有限公司' }, 'certain', /曾用名/, name],
    [{ code: one, name: '石家庄示例特鋼有限公司' }, 'likely', /字形不同（“鋼”与“钢”）/, name],
    [
      { code: one, name: '石家庄市示例特钢有限责任公司' },
      'likely',
      /写法不同：登记的名称是石家庄示例特钢/,
      name,
    ],
    [{ code: one, name: '别的公司' }, 'conflict', /与所填名称不符/, name],
    [{ code: one, name, place: '石家庄市' }, 'certain', /都一致/, name],
    [{ code: one, name, place: '河北省石家庄市长安区某路 1 号' }, 'certain', /都一致/, name],
    [{ code: one, name, place: '保定市' }, 'likely', /地区“保定市”与登记的不同/, name],
    [{ name }, 'certain', /名称完全一致/, name],
    [{ name: ' 石家庄 示例特钢有限公司。' }, 'certain', /名称完全一致/, name],
    [{ name, place: '保定' }, 'unsure', /地区“保定”与登记的不同/, name],
    [{ name: '石家庄示例特鋼有限公司' }, 'likely', /字形不同（“鋼”与“钢”）/, name],
    [{ name: '石家庄示例钢铁有限公司' }, 'likely', /曾用名，现名石家庄示例特钢/, name],
    [{ name: '石家庄市示例特钢有限责任公司' }, 'likely', /写法不同/, name],
    [{ name: '唐山示例特钢有限公司' }, 'unsure', /地区不同：登记的名称是石家庄示例特钢/, name],
    [{ name: '示例轴承' }, 'unsure', /含有所填文字/, '保定示例轴承厂'],
    [{ name: '保定示例轴成厂' }, 'unsure', /一两字之差/, '保定示例轴承厂'],
    [{ name: '保定示例轴承有限公司' }, 'unsure', /登记的名称是/, '保定示例轴承厂'],
    [{ name: '示例同名商行' }, 'unsure', /有 2 家企业/, '示例同名商行'],
    [{ name: '河北升辉机械有限公司' }, 'likely', /“升”与“昇”/, '河北昇辉机械有限公司'],
    [{ name: '唐山⻓城管件有限公司' }, 'likely', /“⻓”与“长”/, '唐山长城管件有限公司'],
    [{ name: '唐山\ue000城管件有限公司' }, 'unsure', /造字|一两字之差|登记的名称/, '唐山长城管件有限公司'],
    [{ name: '石家庄市藁城区鑫达五金有限公司' }, 'likely', /写法不同/, '藁城市鑫达五金有限公司'],
    [{ name: '鹿泉市宏泰建材有限公司' }, 'likely', /写法不同/, '石家庄市鹿泉区宏泰建材有限公司'],
    [{ code: '-', name }, 'certain', /只按名称查找.*名称完全一致/, name],
    [{ code: '无', name }, 'certain', /只按名称查找/, name],
    [{ code: '9.11309E+17', name }, 'certain', /只按名称查找/, name],
    [{ code: '911301021234560000', name: '没有这样的企业' }, 'none', /没有/, undefined],
    [{ code: '911301021234561000', name }, 'certain', /后几位已经丢失/, name],
  ] as const) {
    const checked = await asked(row)
    t.match(checked, { certainty, why }, JSON.stringify(row))
    t.equal(checked.enterprise?.name, found, JSON.stringify(row))
    t.equal(checked.enterprise?.listed, undefined)
  }
  const shifted = await asked({ code: one, name: '保定示例轴承厂' })
  t.match(shifted, {
    certainty: 'conflict',
    why: /代码是石家庄示例特钢有限公司的，名称是保定示例轴承厂的/,
    enterprise: { name },
    other: { name: '保定示例轴承厂' },
  })
  t.match(verdictOf(shifted), /如为石家庄示例特钢有限公司：未被列入.*；如为保定示例轴承厂：未被列入/)
  t.match(
    await asked({ code: unifiedCode('CHK00077'), name }),
    { certainty: 'conflict', why: /代码没有建档，名称却是另一家的/ },
    'a good code of somebody else',
  )
  t.match(
    await asked({ code: unifiedCode('CHK00077'), name: '保定示例轴成厂' }),
    {
      certainty: 'unsure',
      why: /代码有效，但没有建档；只按名称查找：/,
      enterprise: { name: '保定示例轴承厂' },
    },
    'a name that is only alike is nobody else’s',
  )
  const slip = one.replace('CHK00001', 'CHK0000I')
  t.match(await asked({ code: slip, name }), { certainty: 'likely', why: /代码与登记的有一字之差/ })
  t.match(await asked({ name: '石家庄示例特钢有限公司保定分公司' }), {
    certainty: 'certain',
    enterprise: { name: '石家庄示例特钢有限公司保定分公司' },
    parent: { name },
  })
  for (const branch of ['北京分公司', '门市部', '驻京办事处', '唐山经营部', '销售分公司'])
    for (const written of [`石家庄示例特钢有限公司${branch}`, `石家庄示例特钢有限公司（${branch}）`]) {
      const row = await asked({ name: written })
      t.match(
        row,
        {
          certainty: 'none',
          why: /^这个分支机构没有建档；它所属的石家庄示例特钢有限公司已建档。$/,
          parent: { name },
        },
        written,
      )
      t.equal(row.enterprise, undefined, `${written}: nobody else stands for it`)
      t.match(verdictOf(row), /^所属企业石家庄示例特钢有限公司：未被列入/, written)
    }
  t.match(
    await asked({ code: unifiedCode('CHK00077'), name: '石家庄示例特钢有限公司门市部' }),
    { certainty: 'none', why: /^代码有效，但没有建档。这个分支机构没有建档/, parent: { name } },
    'with a code that nobody has',
  )
  t.equal((await asked({ name: '没有这样的有限公司门市部' })).parent, undefined)
  t.match(
    await asked({ name: '石家庄示例特钢有限公司保安分公司' }),
    { certainty: 'unsure', enterprise: { name: '石家庄示例特钢有限公司保定分公司' }, parent: { name } },
    'a branch on file of which one character was mistaken',
  )
  for (const written of [`供应商：${name}`, `${name}（原名略）`, `中标人: ${name}(联合体)`])
    t.match(
      await asked({ name: written }),
      { certainty: 'unsure', why: /所填文字中含有石家庄示例特钢有限公司的名称/, enterprise: { name } },
      written,
    )
  const wrong = `${one.slice(0, 17)}${one.endsWith('A') ? 'B' : 'A'}`
  t.match(await asked({ code: wrong }), {
    certainty: 'unsure',
    why: /第 18 位校验码应为.*代码栏所填像是/,
    enterprise: { uscc: one },
  })
  t.match(await asked({ code: '无' }), { certainty: 'fault', enterprise: undefined })
  t.match(await asked({ code: unifiedCode('CHK00078') }), { certainty: 'none', why: /代码有效/ })
  t.match(await asked({ name: '没有这样的企业' }), { certainty: 'none' })
  await acting(registry).withdraw(two, '误建', 'any', { ...request, command: 'withdraw' })
  t.match(
    await asked({ code: two }),
    { certainty: 'none', enterprise: undefined },
    'a withdrawn file is none',
  )
})

t.test('names are alike in stated ways', async (t) => {
  for (const [written, onFile, region, likeness] of [
    ['示例（集团）有限公司', '示例(集团)有限公司', undefined, 'same'],
    ['示例ＡＢ有限公司', '示例AB有限公司', undefined, 'same'],
    ['示例ab有限公司', '示例AB有限公司', undefined, 'variant'],
    ['示例鋼鐵有限公司', '示例钢铁有限公司', undefined, 'variant'],
    ['示例钢铁有限责任公司', '示例钢铁有限公司', undefined, 'form'],
    ['石家庄示例钢铁有限公司', '示例钢铁有限公司', '130102', 'form'],
    ['石家庄示例钢铁有限公司', '示例钢铁有限公司', '130602', 'elsewhere'],
    ['石家庄示例钢铁有限公司', '保定示例钢铁有限公司', '130602', 'elsewhere'],
    ['示例钢铁有限公司', '示例钢铁厂', undefined, 'other'],
    ['示例钢铁有限公司', '示例钢铁有限公司保定分公司', undefined, 'other'],
    ['示例钢铁第一分公司', '示例钢铁第二分公司', undefined, 'other'],
  ] as const)
    t.equal(likenessOf(written, { name: onFile, region }), likeness, `${written} ${onFile}`)
  t.equal(differencesOf('升辉泛海', '昇辉汎海'), '“升”与“昇”、“泛”与“汎”')
  t.equal(parentOf('示例银行股份有限公司石家庄分行'), '示例银行股份有限公司')
  t.equal(parentOf('示例钢铁集团有限公司门市部'), '示例钢铁集团有限公司')
  t.equal(parentOf('示例钢铁有限公司'), undefined)
  for (const [name, parent] of [
    ['示例建筑扣件铸造厂门市部', '示例建筑扣件铸造厂'],
    ['示例建筑扣件铸造厂（销售部）', '示例建筑扣件铸造厂'],
    ['示例建筑扣件铸造厂', undefined],
    ['示例商店门市部', undefined],
    ['示例商行有限公司经营部', '示例商行有限公司'],
  ] as const)
    t.equal(parentOf(name), parent, name)
})

t.test('codes, names and places are told apart, with a heading or without', async (t) => {
  const row = (...cells: string[]) => ({ line: 2, cells })
  const columns = headingOf(['序号', '供应商名称', '统一社会信用代码', '注册地址'])
  t.same(columns, { name: 1, code: 2, place: 3 })
  t.match(askedOf(row('1', '示例公司', one, '石家庄'), columns), {
    code: one,
    name: '示例公司',
    place: '石家庄',
  })
  t.equal(headingOf(['示例公司', one]), undefined)
  for (const cells of [[one, '示例公司'], ['示例公司', one], [`${one} 示例公司`], [`示例公司 ${one}`]])
    t.match(askedOf(row(...cells), undefined), { code: one, name: '示例公司' }, cells.join('|'))
  const groups = [one.slice(0, 8), one.slice(8, 17), one.slice(17)]
  for (const code of [
    groups.join(' '),
    `${one.slice(0, 8)} ${one.slice(8)}`,
    `${one.slice(0, 14)}\u3000${one.slice(14)}`,
    [one.slice(0, 2), one.slice(2, 8), ...groups.slice(1)].join(' ').toLowerCase(),
  ]) {
    const alone = askedOf(row(code), undefined)
    t.equal(tidyCode(alone?.code ?? ''), one, code)
    t.equal(alone?.name, undefined)
    for (const cell of [`${code} 示例 甲 公司`, `示例 甲 公司 ${code}`]) {
      const both = askedOf(row(cell), undefined)
      t.equal(tidyCode(both?.code ?? ''), one, cell)
      t.equal(both?.name, '示例 甲 公司', cell)
    }
  }
  t.match(askedOf(row('1', '示例 ABC 公司'), undefined), { name: '示例 ABC 公司' })
  t.equal(askedOf(row('', ' '), undefined), undefined, 'empty lines are none')
  t.match(askedOf(row('12', ''), undefined), { fault: /没有代码/ })
  t.match(askedOf(row('长'.repeat(201)), undefined), { fault: /超过 200/ })
  t.match(askedOf({ line: 3, cells: [], fault: '引号没有结束' }, undefined), { fault: '引号没有结束' })
  const title = { line: 1, cells: ['2026 年度供应商名单', ''] }
  const data = { line: 3, cells: ['示例公司', one] }
  t.equal(titlesAbove([title, data, data]), 1, 'a title is no firm')
  t.equal(titlesAbove([data, data]), 0)
  t.equal(titlesAbove([{ line: 1, cells: ['示例公司'] }]), 0)
  const alone = (text: string) => ({ line: 1, cells: [text] })
  t.equal(
    titlesAbove([alone('示例建筑扣件铸造厂'), data]),
    0,
    'a firm alone above one with its code is no title',
  )
  t.equal(titlesAbove([alone(one), data]), 0)
  t.equal(titlesAbove([title, alone('示例建筑扣件铸造厂'), data]), 1)
  t.equal(titlesAbove([alone('附件1'), alone('投标人一览表（2026年）'), data]), 2)
})

async function checksWith(t: Parameters<typeof testRegistry>[0], mostHeld = 250_000) {
  const parts = await finder(t)
  const { folder, clock } = parts
  const paths = { stampKey: join(folder, 'stamp.key'), stampKeys: join(folder, 'stamp-keys.json') }
  const checks = new Checks({
    finder: parts.finder,
    faces: parts.faces,
    lists: folder,
    registry: '测试',
    keys: await openStampKeys(paths, clock.now),
    position: () => 9,
    now: clock.now,
    mostHeld,
  })
  t.teardown(() => checks.stop())
  const settled = async (source: Source, asker = 'one') => {
    const id = await checks.begin(source, asker)
    for (;;) {
      const state = await checks.state(id)
      if (state?.done) return { id, state }
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
  const path = join(folder, 'list')
  const handIn = (text: string) => {
    writeFileSync(path, text)
    return settled({ path })
  }
  return { ...parts, checks, settled, handIn, path, paths }
}

t.test('a check holds what it found until it is forgotten, and leaves no file', async (t) => {
  const { checks, handIn, path } = await checksWith(t)
  const list = '核对名单\n备注,名称\n甲,石家庄示例特钢有限公司\n乙,没有这家\n丙,示例同名商行\n'
  const { id, state } = await handIn(list)
  t.match(state, { checked: 3, total: 3, left: 0, counts: { certain: 1, none: 1, unsure: 1, listed: 0 } })
  await t.rejects(readFile(path), { code: 'ENOENT' }, 'what was handed in is gone')
  t.match((await checks.rows(id, 'none', {}, 10)).rows, [{ line: 4, asked: '没有这家' }])
  t.match(await checks.rows(id, 'all', { after: [0] }, 1), { rows: [{ line: 4 }], previous: [1], next: [1] })
  t.match(await checks.rows(id, 'all', { after: [2] }, 1), { rows: [{ line: 5 }] })
  t.same(
    (await checks.rows(id, 'all', { after: [2], strictly: true }, 1)).rows,
    [],
    'a program is told the end',
  )
  t.same(
    (await checks.rows(id, 'all', {}, 9, 'grave')).rows.map(({ certainty }) => certainty),
    ['unsure', 'none', 'certain'],
    'the grave ones first',
  )
  const csv = String(await checks.file(id, 'csv'))
  t.match(csv, /^\ufeff行,备注,名称,核验结论,匹配程度/, 'own columns first')
  t.match(csv, /4,乙,没有这家,,没有找到/)
  t.match(String(await checks.file(id, 'csv', 'grave')), /\r?\n5,丙.*\r?\n4,乙/)
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

t.test(
  'a list that shows one long text in many cells is refused with the reason, and one as long as lists are is not',
  async (t) => {
    const { settled, path } = await checksWith(t)
    const listed = async (rows: number, length: number) => {
      const row = '<row><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>'
      const texts = ['名称', '没有这家', '注'.repeat(length)].map((text) => `<si><t>${text}</t></si>`)
      const heading = '<row><c t="s"><v>0</v></c></row>'
      const xml = heading + row.repeat(rows)
      await writeFile(path, await workbookOf({ sheets: [{ xml }], shared: texts.join('') }))
      return (await settled({ path })).state
    }
    t.match(await listed(10, 32_000), { checked: 10, counts: { none: 10 } })
    t.match(await listed(1_100, 32_000), { checked: 0, problem: /^工作表中的文字合计超过 \d+ 个字符/ })
  },
)

t.test('one asker alone never holds all', async (t) => {
  const { checks, folder } = await checksWith(t)
  const list = (name: string) => {
    const path = join(folder, name)
    writeFileSync(path, '名称\n没有这家\n')
    return { path }
  }
  const begun = [
    checks.begin(list('a'), 'one'),
    checks.begin(list('b'), 'one'),
    checks.begin({ rows: [{ code: '1' }] }, 'one'),
    checks.begin(list('c'), 'two'),
  ]
  const outcomes = await Promise.allSettled(begun)
  t.match(outcomes, [
    { status: 'fulfilled' },
    { status: 'rejected', reason: ChecksBusy },
    { status: 'fulfilled' },
    { status: 'fulfilled' },
  ])
})

t.test(
  'several askers do not keep another out: who holds the most gives way, once it has had its time',
  async (t) => {
    const { checks, settled, clock } = await checksWith(t, 2_500)
    const list = (rows: number) => ({ rows: Array.from({ length: rows }, () => ({ code: '1' })) })
    const held = async (...ids: string[]) => {
      const states = await Promise.all(ids.map((id) => checks.state(id)))
      return states.map((state) => state !== undefined)
    }
    const first = await settled(list(600), 'one')
    const second = await settled(list(600), 'one')
    const third = await settled(list(1_000), 'two')
    const small = await settled(list(100), 'three')
    const ids = [first.id, second.id, third.id, small.id]
    await t.rejects(settled(list(201), 'four'), ChecksBusy, 'nobody has had their time')
    t.match(
      await settled(list(200), 'four'),
      { state: { checked: 200 } },
      'the last row that there is room for',
    )
    const begun = clock.now().getTime()
    const later = (ms: number) => clock.set(new Date(begun + ms).toISOString())
    later(2 * 60_000 - 1)
    await t.rejects(settled(list(1), 'five'), ChecksBusy, 'a moment before')
    t.same(await held(...ids), [true, true, true, true])
    later(2 * 60_000)
    t.match((await settled(list(1), 'five')).state, { checked: 1 })
    t.same(await held(...ids), [false, true, true, true], 'the oldest of whoever holds the most')
    await settled(list(900), 'six')
    t.same(await held(...ids), [false, true, false, true], 'who holds the most by now')
    await t.rejects(settled(list(1_000), 'three'), ChecksBusy, 'not to whoever would hold as much')
  },
)

t.test('whoever leafs through a check sees each row once, whatever is entered meanwhile', async (t) => {
  const list = `名称,代码\n石家庄示例特钢有限公司,\n没有这家,\n保定示例轴承厂,${two}\n`
  for (const order of ['given', 'grave'] as const) {
    const { checks, handIn, registry } = await checksWith(t)
    const { id } = await handIn(list)
    const first = await checks.rows(id, 'all', {}, 2, order)
    // The row of a firm that is withdrawn becomes another thing, and in the order of gravity stands elsewhere.
    await acting(registry).withdraw(two, '误建', 'any', { ...request, command: 'withdraw' })
    const beside = { after: first.next, strictly: true }
    const rest = await checks.rows(id, 'all', beside, 2, order)
    const lines = [...first.rows, ...rest.rows].map(({ line }) => line)
    t.equal(new Set(lines).size, lines.length, `${order}: none twice`)
    if (order === 'given') t.same(lines, [2, 3, 4])
    else
      t.ok(
        [2, 3].every((line) => lines.includes(line)),
        'none that stayed is missed',
      )
  }
})

t.test('the same asked again says what changed since', async (t) => {
  const { checks, settled, handIn, registry } = await checksWith(t)
  const { id } = await handIn(`名称,代码\n石家庄示例特钢有限公司,\n保定示例轴承厂,${two}\n`)
  const record = String(await checks.file(id, 'record'))
  const unchanged = await settled({ record })
  t.match(unchanged.state, { total: 2, counts: { changed: 0, certain: 2 } })
  await acting(registry).withdraw(two, '误建', 'any', { ...request, command: 'withdraw' })
  const again = await settled({ record })
  t.match(again.state, { total: 2, counts: { changed: 1 }, since: /^2026/ })
  t.match((await checks.rows(again.id, 'changed', {}, 9)).rows, [
    { given: { code: two }, before: { certainty: 'certain', verdict: '未被列入质量失信黑名单' } },
  ])
  t.match(String(await checks.file(again.id, 'csv')), /上次的结论/)
  t.match((await settled({ record: '{}' })).state, { problem: /不是本系统的核验记录/ })
  t.match((await settled({ rows: [{ name: '石家庄示例特钢有限公司' }, {}] })).state, {
    counts: { certain: 1, fault: 1 },
  })
})

const moment = { time: '2026-11-24T02:00:00.000Z', position: 7 }
const span = { from: moment, to: moment }
const rows = [
  { line: 1, asked: '示例公司', given: { name: '示例公司' }, certainty: 'none' as const, why: '没有找到' },
]
const now = () => new Date(moment.time)

t.test('a record that was changed, or signed elsewhere, is not believed', async (t) => {
  const folder = temporaryFolder(t)
  const paths = { stampKey: join(folder, 'stamp.key'), stampKeys: join(folder, 'stamp-keys.json') }
  const keys = await openStampKeys(paths, now)
  const text = await recordOf('测试', span, rows, keys)
  const again = await openStampKeys(paths, now)
  t.match(await verified(text, again), { ok: true, content: { registry: '测试', rows } }, 'the key is kept')
  const { payload, protected: header, signature } = JSON.parse(text)
  const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('没有找到', '完全一致'))
  for (const [what, other] of [
    [
      'another payload',
      JSON.stringify({ payload: forged.toString('base64url'), protected: header, signature }),
    ],
    [
      'another signature',
      JSON.stringify({
        payload,
        protected: header,
        signature: `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      }),
    ],
  ] as const)
    t.match(await verified(other, keys), { ok: false, why: /签章不符/ }, what)
  const said: object = JSON.parse(Buffer.from(header, 'base64url').toString())
  for (const more of [
    { alg: 'none' },
    { alg: 'HS256' },
    { alg: 'RS256' },
    { alg: 'ES256' },
    { alg: 'Ed25519' },
    { alg: 'eddsa' },
    { alg: '' },
    { alg: 'x'.repeat(1000) },
  ]) {
    const claimed = Buffer.from(JSON.stringify({ ...said, ...more })).toString('base64url')
    t.match(
      await verified(JSON.stringify({ payload, protected: claimed, signature }), keys),
      { ok: false, why: more.alg === '' ? /签章不符/ : /不认识的签名算法/ },
      more.alg.slice(0, 20),
    )
  }
  for (const more of [
    { alg: 5 },
    { alg: undefined },
    { alg: ['EdDSA'] },
    { crit: ['x'], x: 1 },
    { b64: false, crit: ['b64'] },
    { kid: ['x'] },
    { kid: '../stamp' },
    { typ: 'JWT' },
    { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } },
    { jku: 'http://127.0.0.1:1/keys' },
  ]) {
    const claimed = Buffer.from(JSON.stringify({ ...said, ...more })).toString('base64url')
    const { ok } = await verified(JSON.stringify({ payload, protected: claimed, signature }), keys)
    t.notOk(ok, JSON.stringify(more))
  }
  for (const broken of [
    '',
    '!',
    'bnVsbA',
    Buffer.from('[]').toString('base64url'),
    'AAAA',
    header.slice(0, -3),
  ]) {
    t.notOk((await verified(JSON.stringify({ payload, protected: broken, signature }), keys)).ok, broken)
    t.notOk(
      (await verified(JSON.stringify({ payload: broken, protected: header, signature }), keys)).ok,
      broken,
    )
    t.notOk(
      (await verified(JSON.stringify({ payload, protected: header, signature: broken }), keys)).ok,
      broken,
    )
  }
  for (const [what, other] of [
    ['a member twice', text.replace('{', `{"payload":"${forged.toString('base64url')}",`)],
    ['a member that nobody knows', text.replace('{', '{"rows":[],')],
    ['a member of the prototype', text.replace('{', '{"__proto__":{},')],
    ['half of it', text.slice(0, -2)],
    ['nothing', ''],
    ['something else', '[]'],
  ] as const)
    t.match(await verified(other, keys), { ok: false, why: /不是本系统的核验记录/ }, what)
  const pretty = `\ufeff${JSON.stringify(JSON.parse(text), null, 2)}\r\n`
  t.match(await verified(pretty, keys), { ok: true }, 'a byte order mark and another layout do no harm')
  const elsewhere = { stampKey: join(folder, 'other.key'), stampKeys: join(folder, 'other.json') }
  t.match(await verified(text, await openStampKeys(elsewhere, now)), { ok: false, why: /签章不符/ })
})

t.test('public keys are published with their periods, and old ones go on serving', async (t) => {
  const folder = temporaryFolder(t)
  const paths = { stampKey: join(folder, 'stamp.key'), stampKeys: join(folder, 'stamp-keys.json') }
  const first = await openStampKeys(paths, now)
  const text = await recordOf('测试', span, rows, first)
  await rm(paths.stampKey)
  const later = () => new Date('2026-12-01T00:00:00.000Z')
  const second = await openStampKeys(paths, later)
  t.match(second.all, [
    { kid: first.kid, from: moment.time, until: '2026-12-01T00:00:00.000Z' },
    { kid: second.kid, from: '2026-12-01T00:00:00.000Z', until: null },
  ])
  t.match(await verified(text, second), { ok: true }, 'a record of the former key')
  t.equal(second.all.at(-1)?.voucher, undefined, 'what was taken away says nothing of the next')
  const signing = readFileSync(paths.stampKey)
  await rename(paths.stampKey, `${paths.stampKey}.former`)
  const third = await openStampKeys(paths, later)
  t.same(await withVouched(second.all.slice(-1), third.all), [
    { ...second.all.at(-1), until: third.all.at(-1)?.from },
    third.all.at(-1),
  ])
  await rm(paths.stampKey)
  writeFileSync(`${paths.stampKey}.former`, signing)
  t.equal((await openStampKeys(paths, later)).all.at(-1)?.voucher, undefined, 'nor does one before the last')
  const backdated = await recordOf('测试', { from: moment, to: moment }, rows, second)
  t.match(await verified(backdated, second), { ok: false, why: /使用期间/ })
  const [key] = second.all
  const jws = JSON.parse(text)
  const { payload } = await flattenedVerify(jws, await importJWK({ ...key, kty: 'OKP' }, 'EdDSA'))
  t.match(
    JSON.parse(Buffer.from(payload).toString()),
    { rows },
    'anybody can verify it with a library of their own',
  )
})

t.test('a check on paper can be read, and its stamp tells of which record it is', async (t) => {
  const { checks, handIn } = await checksWith(t)
  const { id } = await handIn(`名称,代码\n石家庄示例特钢有限公司,\n保定示例轴承厂,${two}\n没有这家公司,\n`)
  const pdf = await checks.paper(id, 'https://example.test/check/record?stamp=')
  const { text, totalPages } = await extractText(new Uint8Array(pdf ?? []), { mergePages: true })
  t.equal(totalPages, 1)
  for (const words of [
    '核验 3 行：能够确定的 2 行，其中在质量失信黑名单上的 0 行',
    '石家庄示例特钢有限公司',
    two,
    '未被列入质量失信黑名单',
    '没有这家公司',
    '第 1 页，共 1 页',
  ])
    t.ok(text.replace(/\s/g, '').includes(words.replace(/\s/g, '')), words)
  const record = await checks.verify(String(await checks.file(id, 'record')))
  t.match(record, { ok: true, sha256: /^[\w-]{43}$/ })
  t.ok(
    record.ok && text.replace(/\s/g, '').includes(record.sha256 ?? '-'),
    'paper and record bear one digest',
  )
  t.equal(await checks.paper('other', ''), undefined)
})

t.test('a long check is printed with the grave ones first, and says what it leaves out', async (t) => {
  const firm = { orgCode: 'X', uscc: null, name: '黑名单示例厂', status: '存续' }
  const listed = { id: 'case', from: '2026-01-01', until: null, ground: '示例情形' }
  const long = [
    ...Array.from({ length: 2_000 }, (_, i) => ({
      ...{ line: i + 1, asked: `某公司${i + 1}`, given: {} },
      certainty: 'none' as const,
      why: '没有找到',
    })),
    {
      ...{ line: 2_001, asked: '黑名单示例厂', given: {} },
      certainty: 'certain' as const,
      why: '代码一致。',
      enterprise: { ...firm, listed },
    },
  ]
  const pdf = await paperOf({ registry: '测试', span, rows: long }, 'https://example.test/')
  const { text } = await extractText(new Uint8Array(pdf), { mergePages: true })
  const plain = text.replace(/\s/g, '')
  t.match(plain, /打印2000行；其余1行没有打印/)
  t.ok(plain.includes('黑名单示例厂'))
  t.ok(plain.includes('某公司1999') && !plain.includes('某公司2000'))
  t.ok(plain.indexOf('黑名单示例厂') < plain.indexOf('某公司1”没'), 'the grave ones come first')
})

t.test('a stamp is believed as it was given, in the period of its key, and for nothing else', async (t) => {
  const folder = temporaryFolder(t)
  const paths = { stampKey: join(folder, 'stamp.key'), stampKeys: join(folder, 'stamp-keys.json') }
  const keys = await openStampKeys(paths, now)
  const own = await stampOf({ registry: '测试', span, rows }, keys)
  t.match(await stampVerified(own, keys), {
    ...{ rows: 1, certain: 0, listed: 0, time: moment.time, position: 7 },
    each: [{ as: 'none', asked: '示例公司' }],
  })
  const [header = '', payload = '', signature = ''] = own.split('.')
  const more = Buffer.from(payload, 'base64url').toString().replace('"listed":0', '"listed":1')
  const elsewhere = { stampKey: join(folder, 'other.key'), stampKeys: join(folder, 'other.json') }
  const record = JSON.parse(await recordOf('测试', span, rows, keys))
  for (const [what, text] of [
    ['another content', [header, Buffer.from(more).toString('base64url'), signature].join('.')],
    ['half of it', own.slice(0, -4)],
    ['nothing', ''],
    ['a record', `${record.protected}.${record.payload}.${record.signature}`],
    ['of another key', await stampOf({ registry: '测试', span, rows }, await openStampKeys(elsewhere, now))],
  ] as const)
    t.equal(await stampVerified(text, keys), undefined, what)
  const said: object = JSON.parse(Buffer.from(header, 'base64url').toString())
  for (const alg of ['none', 'HS256', 'RS256', 'ES256', 'Ed25519', 5, '']) {
    const claimed = Buffer.from(JSON.stringify({ ...said, alg })).toString('base64url')
    t.equal(await stampVerified([claimed, payload, signature].join('.'), keys), undefined, `${alg}`)
  }
  const asRecord = JSON.stringify({ payload, protected: header, signature })
  t.match(await verified(asRecord, keys), { ok: false, why: /不是本系统的核验记录/ }, 'no record is a stamp')
  for (const [day, isBelieved] of [
    ['2026-11-24T01:59:59.999Z', false],
    [moment.time, true],
    ['2026-11-24T02:00:00.001Z', true],
  ] as const) {
    const at = { time: day, position: 7 }
    const stamp = await stampOf({ registry: '测试', span: { from: at, to: at }, rows }, keys)
    t.equal((await stampVerified(stamp, keys)) !== undefined, isBelieved, day)
  }
})

t.test('the stamp of a short paper says each row, that of a long one none', async (t) => {
  const folder = temporaryFolder(t)
  const paths = { stampKey: join(folder, 'stamp.key'), stampKeys: join(folder, 'stamp-keys.json') }
  const keys = await openStampKeys(paths, now)
  const stamped = async (rows: readonly ComparedRow[]) =>
    stampVerified(await stampOf({ registry: '测试', span, rows }, keys), keys)
  const firm = (n: number) => ({ orgCode: `X${n}`, uscc: null, name: `石家庄示例${n}厂`, status: '存续' })
  const row = (n: number): ComparedRow => ({
    ...{ line: n, asked: '所填', given: { name: '所填' }, certainty: 'certain', why: '' },
    enterprise: firm(n),
  })
  const listed = { id: 'case', from: '2026-01-01', until: null, ground: '示例情形' }
  const rows: ComparedRow[] = [
    row(1),
    { ...row(2), enterprise: { ...firm(2), listed, grade: 'D', uscc: two } },
    { ...row(3), certainty: 'conflict', other: firm(4) },
    { ...row(5), parent: { ...firm(6), listed } },
  ]
  t.same((await stamped(rows))?.each, [
    { as: 'certain', firms: [['X1', '石家庄示例1厂', 0, '']] },
    { as: 'certain', firms: [[two, '石家庄示例2厂', 1, 'D']] },
    {
      as: 'conflict',
      firms: [
        ['X3', '石家庄示例3厂', 0, ''],
        ['X4', '石家庄示例4厂', 0, ''],
      ],
    },
    {
      as: 'certain',
      firms: [
        ['X5', '石家庄示例5厂', 0, ''],
        ['X6', '石家庄示例6厂', 1, ''],
      ],
    },
  ])
  const many = (count: number) => Array.from({ length: count }, (_, i) => row(i))
  const most = [...many(30).keys()].findLast((count) => stampedRows(many(count)) !== undefined) ?? 0
  t.ok(most >= 5, `${most} rows of a paper are stamped`)
  t.equal((await stamped(many(most)))?.each?.length, most)
  t.equal((await stamped(many(most + 1)))?.each, undefined, 'all or none')
  const long = { ...row(1), asked: '字'.repeat(200) }
  const { enterprise: _, ...nobody } = long
  t.match((await stamped([{ ...nobody, certainty: 'none' }]))?.each, [{ asked: `${'字'.repeat(80)}……` }])
})

t.test(
  'what somebody typed is signed by the one rule for text, as the words of whoever typed it',
  async (t) => {
    const { checks, settled, handIn } = await checksWith(t)
    const firm = '石家庄示例特钢有限公司'
    const identity = '11010519491231002X'
    const typed: [Given, Pick<CheckedRow, 'given' | 'certainty'>, RegExp][] = [
      [{ name: `${firm}\u0000` }, { given: {}, certainty: 'fault' }, /名称含有不可见的控制字符/],
      [{ name: `损坏\ud800公司` }, { given: {}, certainty: 'fault' }, /名称含有损坏的字符/],
      [{ name: '转义_x202E_公司' }, { given: {}, certainty: 'fault' }, /名称含有“_x202E_”/],
      [{ code: '\u0085', name: firm }, { given: { name: firm }, certainty: 'fault' }, /代码含有不可见/],
      [{ name: firm, place: '石\u0007家庄' }, { given: { name: firm }, certainty: 'fault' }, /地区含有/],
      [
        { name: `\u202e${firm}\u2067` },
        { given: { name: firm }, certainty: 'certain' },
        /看不见的字符，已删去/,
      ],
      [{ name: `张三 ${identity}` }, { given: { name: '张三 ××××' }, certainty: 'none' }, /个人信息.*已隐去/],
      [
        { code: identity, name: firm },
        { given: { code: '××××', name: firm }, certainty: 'certain' },
        /已隐去/,
      ],
      [{ code: identity }, { given: { code: '××××' }, certainty: 'fault' }, /已隐去/],
      [{ code: '13812345678', name: firm }, { given: { code: '××××' }, certainty: 'certain' }, /已隐去/],
      [
        { name: firm, place: `石家庄 ${identity}` },
        { given: { place: '石家庄 ××××' }, certainty: 'certain' },
        /已隐去/,
      ],
      [
        { name: `${firm}\r\n第二行` },
        { given: { name: `${firm}第二行` }, certainty: 'unsure' },
        /所填文字中含有/,
      ],
    ]
    const { id } = await settled({ rows: typed.map(([given]) => given) })
    const { rows } = await checks.rows(id, 'all', {}, 99)
    for (const [i, [given, row, why]] of typed.entries()) {
      const { given: now, certainty, why: said } = rows[i] ?? {}
      t.match({ given: now, certainty, why: said }, { ...row, why }, JSON.stringify(given))
      if (Object.keys(row.given).length === 0) t.same(now, {}, 'what breaks the rule is not repeated')
    }
    const forbidden = /[\u0000-\u0008\u0085\u202e\u2067]|\p{Surrogate}|11010519491231002|13812345678/u
    const verified = await checks.verify(String(await checks.file(id, 'record')))
    t.notMatch(
      verified.ok &&
        JSON.stringify(
          verified.content.rows
            .flatMap(({ asked, why, given }) => [asked, why, ...Object.values(given ?? {})])
            .join(''),
        ),
      forbidden,
    )
    const csv = `备注\u0000\u202e,名称\n甲\u0000\u202e乙,张三 ${identity}\n`
    const listed = await handIn(csv)
    t.notMatch(String(await checks.file(listed.id, 'csv')).replace(/[\r\n]/g, ''), forbidden)
    const sentence = '经核验，该企业质量信用等级A”（石家庄市市场监督管理局 盖章）“'
    const paper = await settled({ rows: [{ name: sentence.repeat(6) }] })
    const pdf = await checks.paper(paper.id, 'https://example.test/check/record?stamp=')
    const { text } = await extractText(new Uint8Array(pdf ?? []), { mergePages: true })
    const plain = text.replace(/\s/g, '')
    t.ok(plain.includes('“所填”是提交核验的人所写的原文，未经核实，不是本系统的结论'))
    t.ok(
      plain.includes(`“${sentence.replace(/[“”]/g, '’').replace(/\s/g, '')}`),
      'within quotation marks that it can not end',
    )
    t.ok(plain.includes('……”'), 'and cut')
  },
)

t.test('a record of the former kind is still believed, and only as it was', async (t) => {
  const folder = temporaryFolder(t)
  const keys = await openStampKeys({ stampKey: join(folder, 'k'), stampKeys: join(folder, 'ks') }, now)
  const said = {
    kind: '质量信用批量核验记录',
    registry: '测试',
    ...span,
    rows: rows.map(({ given: _, ...row }) => row),
  }
  const digest = createHash('sha256')
    .update(canonicalize(said) ?? '')
    .digest('hex')
  const stamp = sign(null, Buffer.from(digest, 'hex'), keys.sign).toString('base64')
  const text = JSON.stringify({ ...said, digest, stamp })
  t.match(await verified(text, keys), { ok: true, content: { rows: said.rows } })
  t.match(await verified(text.replace('示例公司', '示例某司'), keys), { ok: false, why: /改动/ })
  const other = JSON.stringify(said.rows).replace('none', 'certain')
  for (const forged of [
    text.replace('{', `{"rows":${other},`),
    text.replace('"registry"', '"registry":"别处","registry"'),
    text.replace('{', `{"__proto__":{"rows":${other}},`),
    text.replace(stamp, respelt(stamp)),
    text.replace(stamp, stamp.replace(/=+$/, '')),
  ])
    t.match(await verified(forged, keys), { ok: false, why: /不是本系统的核验记录/ })
  const listed = '{"enterprise":{"orgCode":"X","uscc":null,"name":"伪","status":"存续"}}'
  for (const [at, put] of [
    ['"why":', `"__proto__":${listed},"why":`],
    ['"why":', `"constructor":${listed},"why":`],
    ['"why":', `"other":${listed.slice('{"enterprise":'.length, -1)},"why":`],
    ['"position":', '"__proto__":{"a":1},"position":'],
  ] as const) {
    const forged = text.replace(at, put)
    t.not(forged, text)
    t.match(await verified(forged, keys), { ok: false }, put)
  }
})

t.test('a record that nests or holds more than any is none, whatever else it says', async (t) => {
  const folder = temporaryFolder(t)
  const keys = await openStampKeys({ stampKey: join(folder, 'k'), stampKeys: join(folder, 'ks') }, now)
  const former = (beside: string) =>
    JSON.stringify({
      kind: '质量信用批量核验记录',
      registry: '测试',
      ...span,
      rows,
      digest: '',
      stamp: '',
    }).replace('"line"', `"beside":${beside},"line"`)
  t.match(
    await verified(former('1'), keys),
    { ok: false, why: /内容与摘要不符/ },
    'read, and held against its digest',
  )
  for (const beside of [
    '['.repeat(100_000) + ']'.repeat(100_000),
    `[${'[],'.repeat(5_000_000)}1]`,
    '"\\ud800"',
  ])
    t.match(
      await verified(former(beside), keys),
      { ok: false, why: /不是本系统的核验记录/ },
      beside.slice(0, 9),
    )
})

/** A text in base64, or its kind for addresses, with the bits changed that its last character bears beyond the bytes. */
function respelt(text: string): string {
  const at = text.replace(/=+$/, '').length - 1
  const last = text.charAt(at)
  for (const other of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_') {
    const changed = text.slice(0, at) + other + text.slice(at + 1)
    if (other !== last && Buffer.from(changed, 'base64').equals(Buffer.from(text, 'base64'))) return changed
  }
  throw new Error('there are no bits beyond the bytes')
}

t.test('a record and a stamp have one spelling', async (t) => {
  const folder = temporaryFolder(t)
  const keys = await openStampKeys({ stampKey: join(folder, 'k'), stampKeys: join(folder, 'ks') }, now)
  const record: Record<string, string> = JSON.parse(await recordOf('测试', span, rows, keys))
  t.match(await verified(JSON.stringify(record), keys), { ok: true })
  const { signature = '', payload = '', protected: header = '' } = record
  for (const [part, spelling] of [
    ['signature', respelt(signature)],
    ['signature', `${signature}==`],
    ['signature', `${signature.slice(0, 10)}\n${signature.slice(10)}`],
    ['payload', `${payload}=`],
    ['protected', `${header}=`],
    ['payload', ''],
  ] as const)
    t.match(await verified(JSON.stringify({ ...record, [part]: spelling }), keys), { ok: false }, spelling)
  const stamp = await stampOf({ registry: '测试', span, rows }, keys)
  t.ok(await stampVerified(stamp, keys))
  const end = stamp.lastIndexOf('.') + 1
  const another = stamp.slice(0, end) + respelt(stamp.slice(end))
  for (const spelling of [another, `${stamp}==`, `${stamp}.`, `.${stamp}`, ` ${stamp}`])
    t.equal(await stampVerified(spelling, keys), undefined, spelling)
})
