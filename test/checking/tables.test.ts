import t from 'tap'
import { askedOf, headingOf, rowOf } from '../../src/checking/asked.ts'
import { check, type Finder } from '../../src/checking/check.ts'
import type { Given } from '../../src/checking/given.ts'
import { organisationCheckCharacter } from '../../src/codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'
import { type PublicFile, publicFace } from '../../src/dossier/face.ts'
import { Refusal } from '../../src/dossier/refusal.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { MatchedBy, SearchHit } from '../../src/search/engine.ts'
import { fileWith } from '../rating/files.ts'

/** What comes of a row, by what its code, its name and its place each lead to. */

const orgCode = (body: string) => body + organisationCheckCharacter(body)
const usccOf = (code: string) => `91130102${code}${unifiedCheckCharacter(`91130102${code}`)}`
interface Firm {
  key: string
  uscc: string
  name: string
  former?: string[]
}
const firm = (body: string, name: string, more: Partial<Firm> = {}): Firm => ({
  key: orgCode(body),
  uscc: usccOf(orgCode(body)),
  name,
  ...more,
})
const steel = firm('CHT00001', '石家庄示例钢铁有限公司', { former: ['石家庄老字号钢铁有限公司'] })
const bearing = firm('CHT00002', '石家庄示例轴承有限公司', { former: ['石家庄旧轴承有限公司'] })
const plain: Firm = firm('CHT00003', '石家庄示例管件有限公司', { uscc: '' })

function faceOf({ key, uscc, name, former = [] }: Firm, more: Partial<PublicFile> = {}): PublicFile {
  const { uscc: _, ...dossier } = fileWith([])
  const file = {
    ...dossier,
    key,
    ...(uscc !== '' && { uscc }),
    enterprise: { ...dossier.enterprise, name },
    formerNames: former,
  }
  const face = publicFace(file, '2026-03-02', catalogue)
  if (!face) throw new Error('no face')
  return { ...face, ...more }
}

function hitOf({ key, uscc, name, former = [] }: Firm, by: MatchedBy, as = name): SearchHit {
  return {
    document: {
      ...{ key, uscc: uscc === '' ? null : uscc, names: [name, ...former], region: '130102', status: '存续' },
      kinds: [],
    },
    matchedBy: by,
    name: as,
    highlights: [],
  }
}

/** A finder over three firms whose search finds what it is told to. */
function finderOf({
  found = [],
  shown = (key) => {
    const known = [steel, bearing, plain].find((one) => one.key === key || one.uscc === key)
    return known && faceOf(known)
  },
}: {
  found?: SearchHit[]
  shown?: Finder['shown']
} = {}): Finder {
  return {
    shown,
    search: {
      applied: async () => 0,
      search: async () => ({
        hits: found,
        total: { count: found.length, exact: true, of: 'asked', similar: 0 },
        position: 0,
      }),
      named: async (name) =>
        [steel, bearing, plain].flatMap((one) =>
          one.name === name
            ? [hitOf(one, 'name')]
            : one.former?.includes(name)
              ? [hitOf(one, 'formerName', name)]
              : [],
        ),
      close: async () => undefined,
    },
  }
}
const asked = (row: Given, finder = finderOf()) => check({ line: 1, cells: [], ...row }, finder)

/** A code with one of its characters changed, so that its check character fails. */
const slipped = (code: string) => `${code.slice(0, -1)}${code.endsWith('1') ? '2' : '1'}`
const unknown = usccOf(orgCode('CHT00009'))

t.test('a code that leads to no file, beside a name', async (t) => {
  const similar = finderOf({ found: [hitOf(bearing, 'similar')] })
  for (const [row, finder, certainty, why, name] of [
    [{ code: unknown }, undefined, 'none', /代码有效，但没有建档/, undefined],
    [
      { code: unknown, name: steel.name },
      undefined,
      'conflict',
      /名称却是另一家的：石家庄示例钢铁/,
      steel.name,
    ],
    [{ code: unknown, name: steel.former?.[0] ?? '' }, undefined, 'conflict', /另一家/, steel.name],
    [{ code: unknown, name: '没有的公司' }, undefined, 'none', /代码有效，但没有建档。没有找到/, undefined],
    [{ code: unknown, name: '示例轴' }, similar, 'unsure', /只按名称查找：名称相近/, bearing.name],
    [{ code: slipped(steel.uscc) }, undefined, 'fault', /./, undefined],
    [{ code: slipped(steel.uscc), name: steel.name }, undefined, 'likely', /一字之差，名称相符/, steel.name],
    [{ code: slipped(plain.key), name: plain.name }, undefined, 'likely', /一字之差，名称相符/, plain.name],
    [
      { code: slipped(steel.uscc), name: steel.former?.[0] ?? '' },
      undefined,
      'unsure',
      /一字之差/,
      steel.name,
    ],
    [
      { code: slipped(steel.uscc), name: bearing.name },
      undefined,
      'unsure',
      /所填代码有误.*只按名称查找/,
      bearing.name,
    ],
    [{ code: slipped(steel.uscc), name: '没有的公司' }, undefined, 'none', /没有找到/, undefined],
  ] as const) {
    const checked = await asked(row, finder)
    t.match(checked, { certainty, why }, JSON.stringify(row))
    t.equal(checked.enterprise?.name, name, JSON.stringify(row))
  }
  const named = await asked({ code: unknown, name: plain.name })
  t.match(named.why, `登记的代码是 ${plain.key}`, 'one without a unified code by its organisation code')
  const own = await asked({ code: unknown, name: steel.name })
  t.match(own.why, `登记的代码是 ${steel.uscc}`)
})

t.test('a code of one firm beside the name of another', async (t) => {
  const similar = finderOf({ found: [hitOf(bearing, 'similar')] })
  for (const [name, finder, certainty, other] of [
    [steel.name, undefined, 'certain', undefined],
    [steel.former?.[0], undefined, 'certain', undefined],
    [bearing.name, undefined, 'conflict', bearing.name],
    [bearing.former?.[0], undefined, 'conflict', bearing.name],
    ['没有的公司', undefined, 'conflict', undefined],
    ['示例轴', similar, 'conflict', undefined],
  ] as const) {
    const checked = await asked({ code: steel.uscc, name: name ?? '' }, finder)
    t.match(checked, { certainty, enterprise: { name: steel.name } }, `${name}`)
    t.equal(checked.other?.name, other, `${name}`)
    if (certainty === 'conflict')
      t.match(checked.why, other === undefined ? /与所填名称不符/ : /名称是石家庄示例轴承有限公司的/)
  }
})

t.test('a place that is another makes what was found less sure', async (t) => {
  const similar = finderOf({ found: [hitOf(bearing, 'similar')] })
  for (const [row, finder, here, there] of [
    [{ code: steel.uscc }, undefined, 'certain', 'likely'],
    [{ code: steel.uscc, name: steel.name }, undefined, 'certain', 'likely'],
    [{ name: steel.name }, undefined, 'certain', 'unsure'],
    [{ name: steel.former?.[0] ?? '' }, undefined, 'likely', 'unsure'],
    [{ name: '示例轴' }, similar, 'unsure', 'unsure'],
    [{ code: steel.uscc, name: bearing.name }, undefined, 'conflict', 'conflict'],
    [{ name: '没有的公司' }, undefined, 'none', 'none'],
  ] as const)
    for (const [place, certainty] of [
      ['', here],
      ['石家庄市', here],
      ['长安区', here],
      ['保定市', there],
    ] as const) {
      const checked = await asked({ ...row, place }, finder)
      t.equal(checked.certainty, certainty, `${JSON.stringify(row)} ${place}`)
      t.equal(/与登记的不同/.test(checked.why), place === '保定市' && here !== there, checked.why)
    }
})

t.test('of its ratings an enterprise is shown those in force that gave a grade', async (t) => {
  const rating = (shownAs: 'grade' | 'class', grade: string | null, inForce: boolean) => ({
    ...{
      id: `${shownAs}${grade}`,
      standard: { id: 's', version: 1, shownAs },
      on: '2026-01-01',
      grade,
      inForce,
    },
    ...{ points: 0, items: [], limits: [], authority: '省局', issuedAt: '', position: 1 },
  })
  for (const [ratings, grade, ofClass] of [
    [[], undefined, undefined],
    [[rating('grade', 'B', true)], 'B', undefined],
    [[rating('class', 'A', true)], undefined, 'A'],
    [[rating('grade', 'B', true), rating('class', 'A', true)], 'B', 'A'],
    [[rating('grade', 'B', true), rating('grade', 'D', false)], 'B', undefined],
    [[rating('grade', 'D', false)], undefined, undefined],
    [[rating('grade', null, true)], undefined, undefined],
  ] as const) {
    const shown = () => faceOf(steel, { ratings: [...ratings] })
    const { enterprise } = await asked({ code: steel.uscc }, finderOf({ shown }))
    t.equal(enterprise?.grade, grade)
    t.equal(enterprise?.class, ofClass)
  }
})

t.test('a file that was withdrawn counts as none; any other fault is told', async (t) => {
  const refusing = (error: Error) =>
    finderOf({
      shown: () => {
        throw error
      },
    })
  t.match(await asked({ code: steel.uscc }, refusing(new Refusal('gone', '撤回'))), { certainty: 'none' })
  await t.rejects(asked({ code: steel.uscc }, refusing(new Refusal('busy', '忙'))), { message: '忙' })
  await t.rejects(asked({ code: steel.uscc }, refusing(new Error('disk'))), { message: 'disk' })
})

t.test('a code that a spreadsheet took for a number is read with all its digits', async (t) => {
  const columns = { code: 0, name: 1 }
  for (const [cell, code] of [
    [{ is: 'number' as const, digits: '123456789' }, '123456789'],
    [{ is: 'number' as const, digits: '1234567', places: 9 }, '001234567'],
    [{ is: 'number' as const, digits: '12.50' }, '12.5'],
    [' 12345 ', '12345'],
    [{ is: 'boolean' as const, value: true }, 'TRUE'],
  ] as const)
    t.match(askedOf({ line: 1, cells: [cell, '示例公司'] }, columns), { code, name: '示例公司' })
})

t.test('each heading that tables have for a code, a name and a place is known', async (t) => {
  const words = (text: string) => text.split(/\s+/u).filter((word) => word !== '')
  const codes = words(
    '统一社会信用代码 组织机构代码 统一信用代码 社会信用代码 信用代码 税号 纳税人识别号 机构代码',
  )
  const names =
    words(`企业名称 名称 name 单位名称 公司名称 供应商名称 供应商 客户名称 投标人 投标人名称 主体名称
    经营者名称 商户名称 生产企业 生产企业名称 生产单位 销方名称 纳税人名称 受检单位 被抽样单位名称`)
  const places = words('地区 所在地 所在地市 所在地区 所属地区 行政区划 地址 住所 注册地址 企业地址 市 城市')
  for (const code of codes) t.same(headingOf([code, '备注']), { code: 0 }, code)
  for (const name of names) t.same(headingOf(['序号', name]), { name: 1 }, name)
  for (const place of places) t.same(headingOf([place, '企业名称']), { place: 0, name: 1 }, place)
  for (const place of places) t.equal(headingOf([place]), undefined, `${place} alone is no heading`)
  t.same(headingOf([' 企业 名称：*']), { name: 0 }, 'with marks and gaps')
  for (const code of words(
    '行政相对人代码_1(统一社会信用代码) 行政相对人代码_3（组织机构代码） 统一社会信用代码/纳税人识别号 企业统一社会信用代码（必填）',
  ))
    t.same(headingOf([code, '备注']), { code: 0 }, code)
  for (const name of words('供应商全称 投标单位 中标单位名称 客户全称 单位 企业名称（全称） 供货单位名称'))
    t.same(headingOf(['序号', name]), { name: 1 }, name)
  t.same(headingOf(['单位', '企业名称']), { name: 1 }, 'a name that is surely one goes before')
  for (const other of words(
    '处罚机关统一社会信用代码 行政相对人代码_2(工商注册号) 单位地址 企业规模 供应商代码',
  ))
    t.equal(headingOf([other, '备注']), undefined, other)
})

t.test('a code, a name or a place may be so long and no longer', async (t) => {
  for (const field of ['code', 'name', 'place'] as const)
    for (const [length, isTaken] of [
      [199, true],
      [200, true],
      [201, false],
    ] as const) {
      const given = { name: '甲公司', [field]: '甲'.repeat(length) }
      t.equal(rowOf(1, [], given)?.fault === undefined, isTaken, `${field} of ${length}`)
    }
})

t.test('five of those that answer are looked at', async (t) => {
  const limits: (number | undefined)[] = []
  const finder = finderOf()
  const search: Finder['search'] = {
    ...finder.search,
    search: async (query) => {
      limits.push(query.limit)
      return finder.search.search(query)
    },
  }
  await asked({ name: '没有的公司' }, { ...finder, search })
  t.same(limits, [5])
})

t.test('a code with a fault beside a name that is only similar', async (t) => {
  const similar = finderOf({ found: [hitOf(bearing, 'similar')] })
  const checked = await asked({ code: slipped(steel.uscc), name: '示例轴' }, similar)
  t.match(checked, { certainty: 'unsure', why: /^所填代码有误/, enterprise: { name: bearing.name } })
})
