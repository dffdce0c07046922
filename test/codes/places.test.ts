import t from 'tap'
import {
  elsewhereAtStart,
  leadingPlaces,
  parseRegion,
  placeOfCode,
  readPlace,
  regionsNamed,
} from '../../src/codes/places.ts'
import { regionHistory } from '../../src/codes/region-history.ts'
import {
  presentRegions,
  region,
  regionContains,
  regionNamesInHebei,
  regionPrefix,
  regionsWithin,
} from '../../src/codes/regions.ts'
import { sameAsIn } from '../bounds.ts'

/** Code of the place that words mean, with the note's code where there is one: `130110 former-name`. */
function read(typed: string, context = {}): string {
  const place = readPlace(typed, context)
  if (!place.ok) return place.fault.code
  return place.note ? `${place.region.code} ${place.note.code}` : place.region.code
}

t.test('regions by code and name, both ways', async (t) => {
  t.equal(parseRegion('130100')?.path, '河北省石家庄市')
  t.equal(parseRegion('石家庄')?.code, '130100')
  t.equal(parseRegion('河北省石家庄市长安区')?.code, '130102')
  t.equal(parseRegion('1310')?.name, '廊坊市')
  t.equal(parseRegion('月球'), undefined)
  t.ok(regionsNamed('长安区').length > 1, 'a shared name means several regions')
  t.same(
    regionsNamed('河北').map(({ code }) => code),
    ['130000', '120105'],
    'in Hebei first, whatever its code',
  )
  t.ok(regionContains('130000', '130102'))
  t.notOk(regionContains('130200', '130102'))
})

t.test('what has ended leads to its successor, and says so', async (t) => {
  const cases: [string, string][] = [
    ['鹿泉市', '130110'],
    ['获鹿县', '130110'],
    ['获鹿', '130110'],
    ['藁城市', '130109'],
    ['藁城县', '130109'],
    ['130182', '130109'],
    ['栾城县', '130111'],
    ['晋县', '130183'],
    ['新乐县', '130184'],
    ['徐水县', '130609'],
    ['132423', '130609'],
    ['清苑县', '130608'],
    ['满城县', '130607'],
    ['完县', '130636'],
    ['涿县', '130681'],
    ['安国县', '130683'],
    ['新城县', '130684'],
    ['万全县', '130708'],
    ['崇礼县', '130709'],
    ['滦县', '130284'],
    ['丰润县', '130208'],
    ['丰南市', '130207'],
    ['丰南县', '130207'],
    ['唐海县', '130209'],
    ['迁安县', '130283'],
    ['遵化县', '130281'],
    ['东矿区', '130204'],
    ['冀州市', '131103'],
    ['冀县', '131103'],
    ['深县', '131182'],
    ['任县', '130505'],
    ['南和县', '130506'],
    ['沙河县', '130582'],
    ['南宫县', '130581'],
    ['肥乡县', '130407'],
    ['武安县', '130481'],
    ['丘县', '130430'],
    ['平泉县', '130881'],
    ['青龙县', '130321'],
    ['霸县', '131081'],
    ['三河县', '131082'],
    ['安次县', '131002'],
    ['任丘县', '130982'],
    ['黄骅县', '130983'],
    ['河间县', '130984'],
    ['束鹿', '139002'],
    ['定县', '139001'],
    ['石家庄地区束鹿县', '139002'],
    ['石家庄市束鹿县', '139002'],
    ['保定市北市区', '130606'],
    ['保定市南市区', '130606'],
    ['保定市新市区', '130602'],
    ['邢台市桥东区', '130502'],
    ['邢台市桥西区', '130503'],
    ['沧州地区', '130900'],
    ['唐山地区', '130200'],
    ['襄樊市', '420600'],
    ['上海市南市区', '310101'],
    ['杭州市下城区', '330105'],
  ]
  for (const [typed, code] of cases) t.equal(read(typed), `${code} former-name`, typed)
  const luquan = readPlace('鹿泉市')
  t.match(luquan, { note: { detail: '“鹿泉市”是 2014 年以前的行政区划，现为河北省石家庄市鹿泉区。' } })
})

t.test('an area that was divided: its namesake, the code, else the city', async (t) => {
  for (const [typed, code] of [
    ['永年县', '130408'],
    ['宣化县', '130705'],
    ['抚宁县', '130306'],
    ['邯郸县', '130400'],
    ['邢台县', '130500'],
    ['石家庄市桥东区', '130100'],
    ['130103', '130100'],
    ['石家庄市郊区', '130100'],
    // Their successors have four digits in common, and no fifth.
    ['140104', '140100'],
    ['222102', '220400'],
    ['沧州市郊区', '130900'],
  ] as const)
    t.equal(read(typed), `${code} divided`, typed)
  t.equal(read('邢台县', { registeredIn: '130503' }), '130503 divided')
})

t.test('every place of Hebei that has ended since 1981 leads to one that exists', async (t) => {
  const ended = regionHistory().filter(({ code, until }) => code.startsWith('13') && until !== undefined)
  t.ok(ended.length > 170)
  for (const { code, name, within } of ended) {
    const place = readPlace(within + name, { registeredIn: code })
    t.ok(place.ok && place.region.code.startsWith('13'), `${code} ${within}${name}`)
    t.ok(placeOfCode(code), code)
  }
})

t.test('successors exist throughout the country', async (t) => {
  const lost = regionHistory().filter(({ code, until }) => until !== undefined && !placeOfCode(code))
  t.same(lost, [])
})

t.test('names as people shorten them, paths with and without what is above', async (t) => {
  for (const [typed, code] of [
    ['湘西', '433100'],
    ['湘西州', '433100'],
    ['湘西土家族苗族自治州', '433100'],
    ['黔东南', '522600'],
    ['黔南', '522700'],
    ['恩施', '422800'],
    ['伊犁', '654000'],
    ['内蒙古', '150000'],
    ['河北石家庄', '130100'],
    ['河北省长安区', '130102'],
    ['石家庄市桥西区', '130104'],
    ['石家庄桥西区', '130104'],
    ['河北省-石家庄市-桥西区', '130104'],
    ['河北省 / 石家庄市 / 桥西区', '130104'],
    ['张家口市桥西区', '130703'],
    ['大名', '130425'],
    ['赵县', '130133'],
    ['北京市市辖区朝阳区', '110105'],
    ['130121000000', '130121'],
    ['131002001', '131002'],
    ['石家莊市', '130100'],
    ['北京', '110000'],
    ['仙桃', '429004'],
    ['雄安', '133100'],
    ['河北雄安新区', '133100'],
    ['雄安新区容城县', '130629'],
    ['保定市容城县', '130629'],
    ['定州', '139001'],
    ['保定市定州市', '139001'],
    ['130682', '139001'],
    ['辛集市', '139002'],
    ['石家庄市辛集市', '139002'],
    ['130181', '139002'],
    ['石家庄高新区', '130171'],
    ['石家庄高新技术开发区', '130171'],
    ['石家庄高新开发区', '130171'],
    ['廊坊经开区', '131071'],
    ['廊坊开发区', '131071'],
    ['廊坊经济开发区', '131071'],
    ['河北沧州经济开发区', '130971'],
    ['沧州经济技术开发区', '130971'],
    ['沧州经开区', '130971'],
    ['沧州开发区', '130971'],
    ['白沟新城', '130672'],
    ['１３０１０４', '130104'],
  ] as const)
    t.equal(read(typed), code, typed)
  t.equal(read('河北省石家庄市桥西区裕华西路1号'), '130104 from-address')
  t.equal(region('429004')?.path, '湖北省仙桃市')
})

t.test('a name that places share: the column beside, then the code', async (t) => {
  t.equal(read('桥西区'), 'ambiguous-place')
  t.match(readPlace('桥西区'), {
    fault: { candidates: [{ code: '130104' }, { code: '130703' }], detail: /河北省石家庄市桥西区（130104）/ },
  })
  t.equal(read('桥西区', { registeredIn: '130104' }), '130104')
  t.equal(read('桥西区', { registeredIn: '130108' }), '130104', 'registered in another district of the city')
  t.equal(read('桥西区', { registeredIn: '130701' }), '130703')
  t.equal(read('桥西区', { registeredIn: '130500' }), '130503 former-name')
  t.equal(read('桥西区', { within: '张家口', registeredIn: '130104' }), '130703')
  t.equal(read('新华区', { registeredIn: '130900' }), '130902')
  t.equal(read('长安区', { registeredIn: '610116' }), '610116')
  t.equal(read('长安区'), '130102', 'in Hebei first')
  t.equal(read('新市区', { registeredIn: '650104' }), '650104')
  t.equal(read('高新区', { registeredIn: '130601' }), '130671')
  t.equal(
    read('张家口市桥西区', { registeredIn: '130104' }),
    '130703',
    'a firm may sit elsewhere than it registered',
  )
})

t.test('where the words tell no place, the code does, and both are said', async (t) => {
  for (const [typed, registeredIn, code] of [
    ['月球', '130104', '130104'],
    ['某某镇', '522601', '522601'],
    ['桥西区', '130000', '130000'],
    ['月球', '130293', '130200'],
    ['月球', '130182', '130109'],
  ] as const) {
    t.equal(read(typed, { registeredIn }), `${code} from-code`)
    const place = readPlace(typed, { registeredIn })
    const detail = place.ok ? (place.note?.detail ?? '') : ''
    t.ok(detail.includes(typed) && detail.includes(registeredIn), detail)
  }
  t.equal(read('月球'), 'unknown-place')
  t.equal(read('月球', { registeredIn: '999999' }), 'unknown-place')
  t.equal(read(''), 'unknown-place')
  t.equal(read('河北'.repeat(100_000)), 'unknown-place')
})

t.test('lists hold what exists', async (t) => {
  const codes = presentRegions().map(({ code }) => code)
  t.equal(new Set(codes).size, codes.length)
  t.notOk(regionsWithin('330100').some(({ name }) => name === '下城区'))
  t.ok(regionsWithin('130100').some(({ name }) => name === '藁城区'))
  t.equal(region('330103')?.name, '下城区', 'an old file can still show its place')
})

t.test('two, four or six digits stand for one place; a list holds what lies directly below', async (t) => {
  for (const [digits, code, below] of [
    ['13', '130000', '130100'],
    ['130000', '130000', '139002'],
    ['1301', '130100', '130109'],
    ['130100', '130100', '130109'],
  ] as const) {
    t.equal(region(digits)?.code, code, digits)
    const within = regionsWithin(digits).map((one) => one.code)
    t.ok(within.includes(below), `${below} in ${digits}`)
    t.ok(
      within.every((one) => one !== code && regionContains(code, one)),
      digits,
    )
  }
  t.equal(regionsWithin().length, 34)
  t.same(regionsWithin('130102'), [])
})

t.test('names that begin with a place elsewhere, in full', async (t) => {
  for (const [text, code] of [
    ['北京市示例有限公司', '110000'],
    ['济南市示例厂', '370100'],
    ['北京示例有限公司', undefined],
    ['济南示例厂', undefined],
    ['山东济南市', undefined],
    ['历城区示例厂', undefined],
    ['石家庄市示例厂', undefined],
    ['长安区示例厂', undefined],
    ['示例厂', undefined],
    ['', undefined],
  ] as const)
    t.equal(elsewhereAtStart(text)?.code, code, text)
})

t.test('names of places that enterprises in Hebei bear, in full and short', async (t) => {
  const names = regionNamesInHebei()
  for (const [name, isOne] of [
    ['石家庄市', true],
    ['石家庄', true],
    ['藁城市', true],
    ['长安区', true],
    ['河北省', true],
    ['北京', true],
    ['山东', true],
    ['济南市', false],
    ['郊区', false],
    ['新区', false],
    ['东矿区', true],
  ] as const)
    t.equal(names.includes(name), isOne, name)
})

/** `former-places.txt`: where each ended place of Hebei leads, by its name and by its code. */
t.test('each place of Hebei that has ended leads to where its line says', async (t) => {
  const ended = regionHistory().filter(({ code, until }) => code.startsWith('13') && until !== undefined)
  const lines = ended.map(({ code, name, within, from, until }) => {
    const place = readPlace(within + name)
    const byName = place.ok ? place.region.path : place.fault.code
    return `${code} ${within}${name} ${from}–${until}：${byName}；代码 ${placeOfCode(code)?.path}`
  })
  sameAsIn(t, new URL('former-places.txt', import.meta.url), lines)
})

t.test('paths: what lies in what, and words that name no place', async (t) => {
  for (const [typed, expected] of [
    ['石家庄市市辖区长安区', '130102'],
    ['石家庄市市辖区', 'unknown-place'],
    ['市辖区', 'unknown-place'],
    ['市辖区长安区', 'unknown-place'],
    ['河北省省直辖县级行政区划定州市', '139001'],
    ['河北省省直辖县级行政区划', 'unknown-place'],
    ['河南省省直辖县级行政区划济源市', '419001'],
    ['新疆维吾尔自治区自治区直辖县级行政区划石河子市', '659001'],
    ['定州市', '139001'],
    ['保定市定州市', '139001'],
    ['石家庄市定州市', 'unknown-place'],
    ['石家庄市辛集市', '139002'],
    ['保定市辛集市', 'unknown-place'],
    ['保定市容城县', '130629'],
    ['雄安新区容城县', '130629'],
    ['雄安新区安新县', '130632'],
    ['雄安新区雄县', '130638'],
    ['雄安新区高阳县', 'unknown-place'],
    ['唐山市长安区', 'unknown-place'],
    ['长安区石家庄市', 'unknown-place'],
    ['石家庄市唐山市', 'unknown-place'],
    ['石家庄市石家庄市', 'unknown-place'],
    ['长安区长安区', 'unknown-place'],
    ['河北石家庄长安', '130102'],
    ['北京东城', '110101'],
  ] as const)
    t.equal(read(typed), expected, typed)
})

t.test('what people shorten a name to', async (t) => {
  for (const [typed, expected] of [
    ['丰宁', '130826'],
    ['丰宁自治县', '130826'],
    ['围场', '130828'],
    ['宽城', '130827'],
    ['宽城县', '130827'],
    ['大厂', '131028'],
    ['大厂县', '131028'],
    ['孟村', '130930'],
    ['青龙', '130321'],
    ['湘西', '433100'],
    ['湘西州', '433100'],
    ['湘西自治州', '433100'],
    ['恩施', '422800'],
    ['石家庄高新技术产业开发区', '130171'],
    ['石家庄高新区', '130171'],
    ['石家庄高新技术开发区', '130171'],
    ['石家庄高新开发区', '130171'],
    ['廊坊经济技术开发区', '131071'],
    ['廊坊经开区', '131071'],
    ['廊坊开发区', '131071'],
    ['廊坊经济开发区', '131071'],
    ['唐山芦台经开区', '130271'],
    ['芦台开发区', '130271'],
    ['芦台经济技术开发区', '130271'],
    ['海港经开区', '130274'],
    ['沧州高新区', '130972'],
    ['衡水高新开发区', '131171'],
    ['渤海新区', '130973'],
    ['沧州渤海新区', '130973'],
    ['曹妃甸', '130209'],
  ] as const)
    t.equal(read(typed).split(' ')[0], expected, typed)
})

t.test(
  'what is known beside a name that several bear: the city, else the province, else Hebei',
  async (t) => {
    for (const [typed, registeredIn, expected] of [
      ['长安区', undefined, '130102'],
      ['长安区', '130100', '130102'],
      ['长安区', '130104', '130102'],
      ['长安区', '130200', '130102'],
      ['长安区', '130000', '130102'],
      ['长安区', '610100', '610116'],
      ['长安区', '610300', '610116'],
      ['长安区', '610000', '610116'],
      ['长安区', '440000', '130102'],
      ['桥西区', undefined, 'ambiguous-place'],
      ['桥西区', '130100', '130104'],
      ['桥西区', '130700', '130703'],
      ['桥西区', '130500', '130503 former-name'],
      ['鼓楼区', '320100', '320106'],
      ['鼓楼区', '320300', '320302'],
      ['鼓楼区', '350100', '350102'],
      ['鼓楼区', '320000', '320000 from-code'],
    ] as const)
      t.equal(
        read(typed, registeredIn === undefined ? {} : { registeredIn }),
        expected,
        `${typed}, registered in ${registeredIn}`,
      )
    for (const [within, expected] of [
      ['石家庄市', '130102'],
      ['西安', '610116'],
      ['610100', '610116'],
      ['月球', '130102'],
    ] as const)
      t.equal(read('长安区', { within }), expected, `within ${within}`)
    t.equal(
      read('长安区', { within: '西安', registeredIn: '130100' }),
      '610116',
      'the column beside before the code',
    )
  },
)

t.test('digits that stand for a place, for one that has ended, for none', async (t) => {
  for (const [typed, expected] of [
    ['13', '130000'],
    ['1301', '130100'],
    ['130102', '130102'],
    ['130102001', '130102'],
    ['130102001002', '130102'],
    ['13010', 'unknown-place'],
    ['1301020', 'unknown-place'],
    ['999999', 'unknown-place'],
    ['99', 'unknown-place'],
    ['139000', 'unknown-place'],
    ['130181', '139002'],
    ['130682', '139001'],
    ['130182', '130109 former-name'],
    ['132423', '130609 former-name'],
    ['132201', '130581 former-name'],
    ['132426', '130636 former-name'],
  ] as const)
    t.equal(read(typed), expected, typed)
})

t.test('the digits that begin the codes of a place and of all within it', async (t) => {
  for (const [code, digits] of [
    ['13', '13'],
    ['130000', '13'],
    ['1301', '1301'],
    ['130100', '1301'],
    ['130102', '130102'],
    ['139001', '139001'],
  ] as const)
    t.equal(regionPrefix(code), digits, code)
})

t.test('a place at the start of a text, with what follows it', async (t) => {
  for (const [text, expected] of [
    ['唐山市场监督管理局', ['130200 场监督管理局', '130200 市场监督管理局']],
    ['石家庄市长安区局', ['130102 区局', '130102 局']],
    ['石家庄市桥西区局', ['130104 区局', '130104 局']],
    ['河北省局', ['130000 局', '130000 省局']],
    ['定州市局', ['139001 市局', '139001 局']],
    ['保定市定州市局', ['139001 市局', '139001 局']],
    ['北京市局', []],
    ['桥西区局', []],
    ['局', []],
  ] as const) {
    const found = new Set(leadingPlaces(text).map(({ code, rest }) => `${code} ${rest}`))
    t.same([...found].sort(), [...expected].sort(), text)
  }
})

t.test('levels of regions, and what is left of those that were renamed', async (t) => {
  for (const [code, level] of [
    ['110000', 'province'],
    ['110101', 'county'],
    ['130000', 'province'],
    ['130100', 'city'],
    ['130102', 'county'],
    ['139001', 'city'],
    ['139002', 'city'],
    ['429004', 'county'],
    ['500101', 'county'],
  ] as const)
    t.equal(region(code)?.level, level, code)
  const [ended, stands] = [regionHistory().filter(({ until }) => until !== undefined), regionHistory()]
  t.ok(ended.every(({ until = 0, from }) => Number.isInteger(until) && until >= from))
  t.equal(stands.length - ended.length, 7, 'those that have not ended have no year of it')
})
