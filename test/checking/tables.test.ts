import t from 'tap'
import { askedOf, headingOf, LOOKED_AT, rowOf, titlesAbove } from '../../src/checking/asked.ts'
import { certainties, check, checkAmong, type Finder } from '../../src/checking/check.ts'
import type { Given } from '../../src/checking/given.ts'
import { organisationCheckCharacter } from '../../src/codes/organisation-code.ts'
import { region } from '../../src/codes/regions.ts'
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
  bearers,
  shown = (key) => {
    const known = [steel, bearing, plain].find((one) => one.key === key || one.uscc === key)
    return known && faceOf(known)
  },
}: {
  found?: SearchHit[]
  /** Who bears any name that is asked for. */
  bearers?: SearchHit[]
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
        bearers ??
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
    [
      { code: slipped(steel.uscc) },
      undefined,
      'unsure',
      /校验码应为.*像是石家庄示例钢铁有限公司的/,
      steel.name,
    ],
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
      'conflict',
      /代码栏所填像是石家庄示例钢铁有限公司的，按其余各栏找到的是石家庄示例轴承有限公司/,
      bearing.name,
    ],
    [
      { code: slipped(steel.uscc), name: '没有的公司' },
      undefined,
      'unsure',
      /^第 18 位校验码应为.*像是石家庄示例钢铁有限公司的/,
      steel.name,
    ],
    [
      { code: '91130102CHT999999Z', name: bearing.name },
      undefined,
      'unsure',
      /所填代码有误.*只按名称查找/,
      bearing.name,
    ],
    [{ code: '91130102CHT999999Z', name: '没有的公司' }, undefined, 'none', /没有找到/, undefined],
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

const LISTING: PublicFile['listings'][number] = {
  ...{ id: 'l', ground: '示例', basis: '示例', penalties: [], decisionNo: '1号', decidedOn: '2026-01-01' },
  ...{ authority: '省局', from: '2026-01-02', until: null, publishedAt: '2026-01-02T02:00:00.000Z' },
  ...{ measures: [], repair: { from: '2027-01-02', how: '', conditions: [] }, objectionOpen: false },
}

/** The same three, of which the bearings are on the list. */
const withListed = (found: SearchHit[] = []) =>
  finderOf({
    found,
    shown: (key) => {
      const known = [steel, bearing, plain].find((one) => one.key === key || one.uscc === key)
      return known && faceOf(known, known === bearing ? { listings: [LISTING] } : {})
    },
  })

t.test('whoever is on the list is named whichever cell names it, and however it stands there', async (t) => {
  const [clean, grave, old] = [steel.name, bearing.name, bearing.former?.[0] ?? '']
  for (const [row, certainty] of [
    // In a cell that is not for it.
    [{ code: grave, name: clean }, 'conflict'],
    [{ code: old, name: clean }, 'conflict'],
    [{ code: slipped(bearing.uscc), name: clean }, 'conflict'],
    [{ code: `${steel.uscc}${bearing.uscc}`, name: clean }, 'conflict'],
    [{ code: `${steel.uscc} ${bearing.uscc}` }, 'conflict'],
    [{ name: clean, place: bearing.uscc }, 'conflict'],
    [{ name: clean, place: grave }, 'conflict'],
    [{ code: steel.uscc, place: grave }, 'conflict'],
    [{ name: '没有的公司', place: grave }, 'unsure'],
    [{ code: slipped(bearing.uscc) }, 'unsure'],
    // Beside another in its cell.
    ...['、', '；', ';', '/', '|', ' ', '和', '与', '，', '\n', ''].flatMap((mark) => [
      [{ name: `${clean}${mark}${grave}` }, 'conflict'] as const,
      [{ name: `${grave}${mark}${clean}` }, 'conflict'] as const,
    ]),
    [{ name: `${clean}、${plain.name}、${grave}` }, 'conflict'],
    [{ name: `${clean} ${bearing.uscc}` }, 'conflict'],
    [{ name: `${clean}（原名：${old}）` }, 'conflict'],
    [{ name: `${clean}（${bearing.uscc}）` }, 'conflict'],
    // Among other words.
    [{ name: `${grave}等3家企业` }, 'unsure'],
    [{ name: `${grave}河北省石家庄市长安区示例路8号` }, 'unsure'],
    [{ name: `长安区示例路8号 ${grave}` }, 'unsure'],
    [{ name: `${bearing.uscc}${grave}` }, 'unsure'],
    [{ name: `${bearing.uscc.toLowerCase()}${grave}` }, 'unsure'],
    [{ name: `供应商：${grave}` }, 'unsure'],
    [{ name: `${grave}（原名：${old}）` }, 'unsure'],
    [{ name: `（原）${grave}` }, 'unsure'],
    // A branch that has no file.
    [{ name: `${grave}第一分公司` }, 'none'],
    [{ name: `${grave}（保定）分公司` }, 'none'],
    [{ name: `${old}保定分公司` }, 'none'],
  ] as const) {
    const checked = await asked(row, withListed())
    const words = `${JSON.stringify(row)} ${checked.why}`
    t.equal(checked.certainty, certainty, words)
    const named = [checked.enterprise, checked.other, checked.parent].some((one) => one?.listed !== undefined)
    t.ok(named, words)
  }
  // Behind as much else as a cell takes.
  for (const [filling, certainty] of [
    ['甲、'.repeat(60), 'unsure'],
    ['甲 '.repeat(60), 'unsure'],
    ['示例店、'.repeat(30), 'unsure'],
    ['厂'.repeat(150), 'fault'],
    ['ß'.repeat(60), 'none'],
    [`${'ß'.repeat(60)}、`, 'unsure'],
  ] as const)
    t.equal((await asked({ name: `${filling}${grave}` }, withListed())).certainty, certainty, filling)
  const { why } = await asked({ name: `${clean}、${plain.name}、${grave}` }, withListed())
  t.match(why, /有 3 家企业的名称或者代码（石家庄示例轴承有限公司、.*请一行填写一家/)
})

t.test('what stands beside a name and tells nothing takes nothing from it, and is told', async (t) => {
  for (const [row, certainty, why] of [
    [{ name: steel.name, place: '火星' }, 'certain', /“火星”不能识别，没有用来核对/],
    [{ code: steel.uscc, place: '火星' }, 'certain', /不能识别/],
    [{ name: steel.name, place: steel.name }, 'certain', /^名称完全一致。$/],
    [{ name: steel.name, place: steel.uscc }, 'certain', /^名称完全一致。$/],
    [{ name: steel.name, place: '保定路8号' }, 'certain', /不能识别/],
    [{ name: steel.name, place: '河北省石家庄市长安区示例路8号' }, 'certain', /^名称完全一致。$/],
    [{ name: steel.name, place: '河北省保定市示例路8号' }, 'unsure', /与登记的不同/],
    [{ name: steel.name, place: '山东省济南市示例路8号' }, 'unsure', /与登记的不同/],
    [{ code: steel.name, name: steel.name }, 'certain', /只按名称查找/],
    [{ code: '——', name: steel.name }, 'certain', /“——”不是代码/],
    [{ code: '911302830000000000', name: steel.name }, 'certain', /已经丢失/],
    [{ code: '000000000000000000', name: steel.name }, 'certain', /只是占位/],
  ] as const)
    t.match(await asked(row), { certainty, why }, JSON.stringify(row))
})

t.test('a place is held against whatever region a file may stand in', async (t) => {
  for (const [code, there, elsewhere] of [
    ['130901', '沧州市', '石家庄市'],
    ['130501', '河北省邢台市', '北京'],
    ['130100', '石家庄', '天津市'],
    ['130102', '石家庄市', '山东省济南市'],
    ['130000', '河北省', '山东省'],
  ] as const) {
    const shown = () => {
      const face = faceOf(steel)
      return { ...face, enterprise: { ...face.enterprise, regionName: region(code)?.path ?? '' } }
    }
    const by = finderOf({ shown })
    t.equal((await asked({ name: steel.name, place: there }, by)).certainty, 'certain', `${code} ${there}`)
    t.equal(
      (await asked({ name: steel.name, place: elsewhere }, by)).certainty,
      'unsure',
      `${code} ${elsewhere}`,
    )
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
  for (const code of codes) {
    t.same(headingOf([code, '备注']), { code: 0 }, code)
    t.same(headingOf(['供应商社会信用代码', code]), { code: 1 }, `${code} goes before what is only like one`)
  }
  for (const name of names) {
    t.same(headingOf(['序号', name]), { name: 1 }, name)
    t.same(headingOf(['合作方', name]), { name: 1 }, `${name} goes before what is only like one`)
  }
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
  t.match(checked, {
    certainty: 'conflict',
    why: /像是石家庄示例钢铁有限公司的，按其余各栏找到的是石家庄示例轴承有限公司/,
    enterprise: { name: bearing.name },
    other: { name: steel.name },
  })
})

t.test('how sure an answer can be', async (t) => {
  t.same(certainties, ['certain', 'conflict', 'likely', 'unsure', 'none', 'fault'])
})

t.test('of several that bear a name: the only one in the place, or all of them to choose from', async (t) => {
  const name = '示例同名商行'
  const [here, there, former] = [
    firm('CHT00011', name),
    firm('CHT00012', name),
    firm('CHT00013', '示例改名商行', { former: [name] }),
  ]
  const regions: Readonly<Record<string, string>> = { [here.key]: '130102', [there.key]: '130602' }
  const shown = (key: string) => {
    const known = [here, there, former].find((one) => one.key === key)
    if (!known) return undefined
    const face = faceOf(known)
    const place = region(regions[key] ?? '130102')
    return { ...face, enterprise: { ...face.enterprise, region: place?.code, regionName: place?.path ?? '' } }
  }
  const [both, twice, one] = [
    [hitOf(here, 'name'), hitOf(there, 'name')],
    [hitOf(here, 'name'), hitOf({ ...there, key: here.key }, 'name')],
    [hitOf(here, 'name'), hitOf(former, 'formerName', name)],
  ]
  const formers = [
    hitOf(former, 'formerName', name),
    hitOf({ ...former, key: there.key }, 'formerName', name),
  ]
  for (const [said, bearers, place, certainty, why, key, among] of [
    ['two', both, '', 'unsure', /^有 2 家企业用过这个名称/, here.key, 2],
    ['two, one here', both, '石家庄市', 'certain', /同名的 2 家中，在“石家庄市”的只有这一家/, here.key, 0],
    ['two, the other there', both, '保定市', 'certain', /在“保定市”的只有这一家/, there.key, 0],
    ['two, none there', both, '唐山市', 'unsure', /^有 2 家/, here.key, 2],
    ['two, of both', both, '河北省', 'unsure', /^有 2 家/, here.key, 2],
    ['two in one place', twice, '石家庄市', 'unsure', /^有 2 家/, here.key, 2],
    ['one, and another that bore it', one, '', 'certain', /^名称完全一致；另有 1 家曾用此名。$/, here.key, 0],
    [
      'one, behind another that bore it',
      one.toReversed(),
      '',
      'certain',
      /另有 1 家曾用此名。$/,
      here.key,
      0,
    ],
    ['two, and another that bore it', [...both, ...one.slice(1)], '', 'unsure', /^有 3 家/, here.key, 2],
    [
      'two, behind another that bore it',
      [...one.slice(1), ...both],
      ...(['', 'unsure', /^有 3 家/, here.key, 2] as const),
    ],
    ['one alone', one.slice(0, 1), '', 'certain', /^名称完全一致。$/, here.key, 0],
    ['two that bore it', formers, '', 'unsure', /^有 2 家/, former.key, 2],
    ['one that bore it', formers.slice(0, 1), '', 'likely', /所填为曾用名/, former.key, 0],
    ['two, of whom one is withdrawn', [...both, hitOf(plain, 'name')], '', 'unsure', /^有 3 家/, here.key, 2],
    ['none that stands', [hitOf(plain, 'name')], '', 'none', /没有找到/, undefined, 0],
  ] as [string, SearchHit[], string, string, RegExp, string | undefined, number][]) {
    const found = await checkAmong({ line: 1, cells: [], name, place }, finderOf({ bearers, shown }))
    t.match(found, { certainty, why }, said)
    t.same([found.enterprise?.orgCode, found.among?.length ?? 0], [key, among], said)
  }
})

t.test('a name that nobody bears: what is nearest, and how near', async (t) => {
  const bao = firm('CHT00021', '保定示例钢铁有限公司')
  const shown = (key: string) => {
    const known = [steel, bearing, bao].find((one) => one.key === key)
    return known && faceOf(known)
  }
  const asked = (name: string, found: SearchHit[]) =>
    checkAmong({ line: 1, cells: [], name }, finderOf({ found, bearers: [], shown }))
  const form = '石家庄示例钢铁股份公司'
  for (const [said, name, found, certainty, why, among] of [
    ['none', form, [], 'none', /没有找到/, 0],
    ['of another form', form, [hitOf(steel, 'similar')], 'likely', /地名或组织形式的写法不同/, 0],
    [
      'behind one that is not',
      form,
      [hitOf(bearing, 'similar'), hitOf(steel, 'similar')],
      'likely',
      /钢铁/,
      0,
    ],
    [
      'two of another form',
      form,
      [hitOf(steel, 'similar'), hitOf(steel, 'similar')],
      'unsure',
      /不止一家/,
      2,
    ],
    [
      'of another form of what one was called',
      '石家庄老字号钢铁股份公司',
      [hitOf(steel, 'formerName', steel.former?.[0])],
      'unsure',
      /与曾用名相近/,
      0,
    ],
    ['elsewhere', '唐山示例钢铁有限公司', [hitOf(bao, 'similar')], 'unsure', /地区不同/, 1],
    ['like one', '示例轴', [hitOf(bearing, 'name')], 'unsure', /名称中含有所填文字，不一定/, 1],
    ...(
      [
        ['code', /代码的一部分/],
        ['variant', /字形不同/],
        ['formerName', /曾用名中含有/],
        ['pinyin', /按拼音/],
        ['similar', /名称相近/],
        ['all', /^请核对/],
      ] as const
    ).map(([by, why]) => [by, '示例轴', [hitOf(bearing, by)], 'unsure', why, 1] as const),
  ] as [string, string, SearchHit[], string, RegExp, number][]) {
    const answer = await asked(name, found)
    t.match(answer, { certainty, why }, said)
    t.equal(answer.among?.length ?? 0, among, said)
  }
})

t.test('a name is looked for by its first two hundred characters', async (t) => {
  const texts: string[] = []
  const finder = finderOf()
  const search: Finder['search'] = {
    ...finder.search,
    search: async (query) => {
      texts.push(query.text)
      return finder.search.search(query)
    },
  }
  for (const length of [199, 200, 201]) await asked({ name: '甲'.repeat(length) }, { ...finder, search })
  t.same(
    texts.map((text) => text.length),
    [199, 200, 200],
  )
})

t.test('what stands in the place of a code and can be none', async (t) => {
  for (const [code, name, certainty, why] of [
    ['', '', 'fault', /没有代码，也没有名称/],
    ['-', '', 'fault', /代码栏所填“-”不是代码/],
    ['911301021234560000', '', 'fault', /./],
    ['123456789012345000', '', 'fault', /后几位已经丢失/],
    ['12345678901234500', '', 'fault', /^(?!.*丢失)/],
    ['123456789012345001', '', 'fault', /^(?!.*丢失)/],
    ['-', steel.name, 'certain', /只按名称查找.*名称完全一致/],
  ] as const)
    t.match(await asked({ code, name }), { certainty, why }, `${code} ${name}`)
})

t.test('a code and a name in one cell, either first, the code in groups', async (t) => {
  const { uscc, key, name } = steel
  const groups = (code: string, ...lengths: number[]) =>
    lengths
      .map((length, i) => {
        const from = lengths.slice(0, i).reduce((sum, one) => sum + one, 0)
        return code.slice(from, from + length)
      })
      .join(' ')
  for (const [cell, code, own] of [
    [`${uscc} ${name}`, uscc, name],
    [`${name} ${uscc}`, uscc, name],
    [`${name} ${groups(uscc, 6, 6, 6)}`, uscc, name],
    [`${groups(uscc, 3, 3, 3, 3, 3, 3)} ${name}`, uscc, name],
    [`${groups(uscc, 3, 3, 3, 3, 3, 2, 1)} ${name}`, undefined, /./],
    [`${groups(key, 8, 1)} ${name}`, key, name],
    [`${slipped(uscc)} ${name}`, slipped(uscc), name],
    [`${groups(slipped(uscc), 9, 9)} ${name}`, slipped(uscc), name],
    [`${slipped(key)} ${name}`, slipped(key), name],
    ['1234567890 某某公司', '1234567890', '某某公司'],
    ['某某公司 1234567890', '1234567890', '某某公司'],
    [uscc, uscc, undefined],
    [name, undefined, name],
    ['石家庄 示例公司', undefined, '石家庄 示例公司'],
    ['1234567 某某公司', undefined, '1234567 某某公司'],
    ['12345678 某某公司', '12345678', '某某公司'],
    ['ABCDEFGH 某某公司', undefined, 'ABCDEFGH 某某公司'],
  ] as const) {
    const row = askedOf({ line: 1, cells: [cell] }, undefined)
    if (code !== undefined || typeof own !== 'object') {
      t.equal(row?.code?.replace(/\s/g, ''), code, cell)
      t.equal(row?.name, own, cell)
    } else t.not(row?.code, uscc, cell)
  }
  t.match(askedOf({ line: 1, cells: ['1', name, uscc] }, undefined), { code: uscc, name }, 'each in its cell')
  t.match(askedOf({ line: 1, cells: ['', '9.11E+17', name] }, undefined), { code: '9.11E+17', name })
  t.equal(askedOf({ line: 1, cells: ['', ' '] }, undefined), undefined, 'an empty row')
  t.match(askedOf({ line: 1, cells: ['12'] }, undefined), { fault: /没有代码，也没有名称/ })
  t.match(askedOf({ line: 1, cells: ['x'], fault: '坏' }, undefined), { fault: '坏', cells: ['x'] })
})

t.test('how many titles stand above rows without a heading', async (t) => {
  const rows = (...all: string[][]) => all.map((cells, i) => ({ line: i + 1, cells }))
  const firms = ['甲公司', '910000000000000001']
  for (const [said, table, count] of [
    ['none', [firms], 0],
    ['one', [['供应商名单'], firms], 1],
    ['two', [['附件1'], ['供应商名录（第一批）'], firms], 2],
    ['what may be a firm', [['甲公司'], firms], 0],
    ['a title behind what may be a firm', [['甲公司'], ['供应商名单'], firms], 0],
    ['a list of single cells', [['供应商名单'], ['甲公司'], ['乙公司']], 0],
    ['titles alone', [['供应商名单']], 0],
    ['an empty row', [['供应商名单'], [''], firms], 1],
    ['a title of several cells', [['供应商名单', '2026'], firms], 0],
    ['beyond what is looked at', [...Array.from({ length: LOOKED_AT }, () => ['供应商名单']), firms], 0],
    [
      'the last that is looked at',
      [...Array.from({ length: LOOKED_AT - 1 }, () => ['供应商名单']), firms],
      LOOKED_AT - 1,
    ],
    ...['名单', '名录', '清单', '目录', '台账', '表'].map(
      (end) => [end, [[`供应商${end}`], firms], 1] as const,
    ),
  ] as [string, string[][], number][])
    t.equal(titlesAbove(rows(...table)), count, said)
  t.equal(LOOKED_AT, 20)
})
