import t from 'tap'
import {
  isIdentityNumber,
  looksLikeIdentityNumber,
  looksLikeOldIdentityNumber,
} from '../../src/codes/identity-number.ts'
import {
  isPlaceholder,
  isTaxNumber,
  mistypedIdentityNumber,
  otherThanCode,
} from '../../src/codes/not-a-code.ts'
import { organisationCheckCharacter, printedOrganisationCode } from '../../src/codes/organisation-code.ts'
import { leadingPlaces, placesAtStart } from '../../src/codes/places.ts'
import { shortName } from '../../src/codes/regions.ts'
import { tidyCode, wrongCharacter } from '../../src/codes/typed.ts'
import { parseUnifiedCode, unifiedCheckCharacter } from '../../src/codes/unified-code.ts'

/** What people write where a code belongs: told one by one, and on either side of what makes each. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** An identity number of a province and a day of birth, with its check character. */
function identity(province: string, birth: string): string {
  const body = `${province.padEnd(6, '1')}${birth}001`
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(body.charAt(i)), 0)
  return body + '10X98765432'.charAt(sum % 11)
}

t.test('identity numbers: each province, the first and the last birth', async (t) => {
  const provinces = new Set([
    ...['11', '12', '13', '14', '15', '21', '22', '23', '31', '32', '33', '34', '35', '36', '37', '41', '42'],
    ...['43', '44', '45', '46', '50', '51', '52', '53', '54', '61', '62', '63', '64', '65', '71', '81', '82'],
    '83',
  ])
  for (let n = 0; n < 100; n += 1) {
    const province = String(n).padStart(2, '0')
    const is = provinces.has(province)
    t.equal(isIdentityNumber(identity(province, '19850307')), is, province)
    t.equal(looksLikeOldIdentityNumber(`${province}0101850307001`), is, `${province}, of fifteen digits`)
  }
  for (const [birth, is] of [
    ['18991231', false],
    ['19000101', true],
    ['19840229', true],
    ['19850229', false],
    ['19851301', false],
    ['19850300', false],
    ['20491231', true],
    ['20500101', false],
  ] as const)
    t.equal(isIdentityNumber(identity('13', birth)), is, birth)
  const own = identity('13', '19850307')
  for (let place = 0; place < 17; place += 1) {
    const digit = (Number(own.charAt(place)) + 1) % 10
    t.notOk(
      isIdentityNumber(own.slice(0, place) + digit + own.slice(place + 1)),
      `digit ${place + 1} changed`,
    )
  }
  for (const text of [
    own.slice(1),
    `${own}1`,
    own.slice(0, 17),
    `${own.slice(0, 17)}x`,
    `${own.slice(0, 16)}X1`,
  ])
    t.notOk(looksLikeIdentityNumber(text), text)
  for (const [text, is] of [
    ['130101850307001', true],
    ['130101850229001', false],
    ['130101840229001', true],
    ['13010185030700', false],
    ['1301018503070011', false],
    ['13010185030700X', false],
  ] as const)
    t.equal(looksLikeOldIdentityNumber(text), is, text)
})

t.test('what fills a field, and what only begins so', async (t) => {
  for (const word of [
    ...[
      '无',
      '暂无',
      '没有',
      '未知',
      '不详',
      '待补',
      '待补充',
      '待定',
      '待查',
      '空',
      '未办',
      '未办理',
      '无代码',
    ],
    ...[
      '无统一社会信用代码',
      'NULL',
      'NONE',
      'NIL',
      'NA',
      'N/A',
      '/',
      '//',
      '.',
      '...',
      '*',
      '***',
      '?',
      '??',
    ],
    ...[
      'TEST',
      '测试',
      '0',
      '000000000',
      '111111111111111111',
      '123456789',
      '12345678X',
      '987654321',
      'ABCDEFGHI',
    ],
    ...[
      '1234567890',
      '0123456789',
      '123456789012345678',
      '91130102000000000X',
      '911301021234567890',
      '0123456789012345',
    ],
  ])
    t.ok(isPlaceholder(word), word)
  for (const word of [
    ...['无锡', '未知数', 'TESTS', '', '12', '12345678', '123456798', '0123456798', 'A1', '1234567'],
    ...['91130102MA00000077', '01234567890123457', '无码'],
  ])
    t.notOk(isPlaceholder(word), word)
})

t.test('what stands in the place of a code, told for what it is', async (t) => {
  const [own, tax] = [identity('13', '19850307'), `130102DEM00001${organisationCheckCharacter('DEM00001')}`]
  for (const [said, typed, code, isPrivate] of [
    ['an identity number', own, 'identity-number', true],
    ['with two digits behind, as a trader’s tax number', `${own}01`, 'identity-number', true],
    ['with one', `${own}0`, undefined, false],
    ['with three', `${own}012`, undefined, false],
    ['an old one', '130101850307001', 'identity-number', true],
    ['a mobile number', '13812345678', 'mobile-number', true],
    ['with its country', '8613812345678', 'mobile-number', true],
    ['with its country and a mark', '+8613812345678', 'mobile-number', true],
    ['of no carrier', '12812345678', undefined, false],
    ['a digit too many', '138123456789', undefined, false],
    ['a word for nothing', '暂无', 'placeholder', false],
    ['zeros', '000000000', 'placeholder', false],
    ['a number as spreadsheets write it', '9.11309E+17', 'digits-lost', false],
    ['without its fraction', '9E+17', 'digits-lost', false],
    ['without a sign', '9.1E17', 'digits-lost', false],
    ['with neither, which may be a code', '9E17', undefined, false],
    ['a registration number', '110108000000016', 'registration-number', false],
    ['of thirteen digits', '1301002000123', 'registration-number', false],
    ['of fifteen that fit nothing', '991399999999999', 'registration-number', false],
    ['of fourteen', '13010020001234', undefined, false],
    ['a tax number', tax, 'tax-number', false],
    ['a name', '示例公司', 'name', false],
    ['one character', '示123', undefined, false],
    ['an organisation code', 'D2143569X', undefined, false],
    ['a unified code', '91350100M000100Y43', undefined, false],
  ] as const) {
    const fault = otherThanCode(typed)
    t.equal(fault?.code, code, `${said}: ${typed}`)
    t.equal(fault?.private ?? false, isPrivate, `${said}: private`)
    if (isPrivate) t.notMatch(fault?.detail, typed, `${said}: is not repeated`)
  }
  t.match(otherThanCode('110108000000016')?.detail, '这是 15 位工商注册号')
  t.match(otherThanCode('1301002000123')?.detail, '这是 13 位工商注册号')
  t.match(otherThanCode(tax)?.detail, `“${tax.slice(6)}”是组织机构代码`)
  t.match(otherThanCode('示例'.repeat(11))?.detail, `“${'示例'.repeat(10)}”是文字`)
  t.equal(isTaxNumber(tax), true)
  t.equal(
    isTaxNumber(`${tax.slice(0, 14)}${tax.endsWith('1') ? '2' : '1'}`),
    false,
    'its check character fails',
  )
  t.equal(isTaxNumber(`A${tax.slice(1)}`), false)
  const slip = `${own.slice(0, 17)}${own.endsWith('1') ? '2' : '1'}`
  t.match(mistypedIdentityNumber(slip), { code: 'identity-number', private: true })
  t.equal(mistypedIdentityNumber('991301021985030700'), undefined)
})

t.test('a code as it is typed, and its first wrong character', async (t) => {
  const code = '91350100M000100Y43'
  for (const typed of [
    ...[
      code,
      code.toLowerCase(),
      '９１３５０１００Ｍ０００１００Ｙ４３',
      '9135 0100 M000 100Y 43',
      '91350100-M000100Y4-3',
    ],
    ...[
      `="${code}"`,
      `'${code}`,
      `统一社会信用代码：${code}`,
      `信用代码${code}`,
      `税号:${code}`,
      `${code}（副本）`,
    ],
    ...[
      `${code}（1-1）`,
      `${code}副本1-1`,
      `（${code}）`,
      `${code}。`,
      `${code}；`,
      `\u200b${code}`,
      `${code}_`,
    ],
  ])
    t.equal(tidyCode(typed), code, typed)
  t.equal(tidyCode('X'.repeat(300)).length, 200, 'no more is looked at')
  for (const [text, place] of [
    ['AB', undefined],
    ['Ac', 2],
    ['cA', 1],
    ['AB𠀀c', 3],
    ['', undefined],
  ] as const) {
    const fault = wrongCharacter(text, 'AB', '字母')
    t.equal(fault?.place, place, text)
    if (place !== undefined)
      t.equal(fault?.detail, `第 ${place} 位应为字母，现为“${Array.from(text)[place - 1]}”。`)
  }
})

t.test('the part of a unified code that is wrong though its check character fits', async (t) => {
  /** The same characters with the check character that they ask for. */
  const fitting = (body: string) => body + unifiedCheckCharacter(body)
  for (const [said, typed, code, place] of [
    ['right', fitting('91130102M000100Y4'), undefined, undefined],
    ['no department', fitting('01130102M000100Y4'), 'department', 1],
    ['no category of it', fitting('9Y130102M000100Y4'), 'category', 2],
    ['no province', fitting('91780102M000100Y4'), 'region', 3],
    ['letters for a region', fitting('91A30102M000100Y4'), 'region', 3],
    ['an office of the state', fitting('91100000M000100Y4'), undefined, undefined],
    ['a district that has ended', fitting('91130103M000100Y4'), undefined, undefined],
  ] as const) {
    const read = parseUnifiedCode(typed)
    t.equal(read.ok ? undefined : read.fault.code, code, `${said}: ${typed}`)
    t.equal(read.ok ? undefined : read.fault.place, place, `${said}: place`)
  }
  for (const [typed, printed] of [
    ['M000100Y4', 'M000100Y-4'],
    ['M000100Y', 'M000100Y'],
    ['M000100Y45', 'M000100Y45'],
    ['91350100M000100Y43', '91350100M000100Y43'],
  ] as const)
    t.equal(printedOrganisationCode(typed), printed)
})

t.test('names of places as people shorten them, and what begins a text', async (t) => {
  for (const [name, short] of [
    ['石家庄市', '石家庄'],
    ['河北省', '河北'],
    ['赵县', '赵县'],
    ['长安区', '长安'],
    ['郊区', '郊区'],
    ['沧州地区', '沧州'],
    ['内蒙古自治区', '内蒙古'],
    ['新疆维吾尔自治区', '新疆'],
    ['广西壮族自治区', '广西'],
    ['宁夏回族自治区', '宁夏'],
    ['香港特别行政区', '香港'],
    ['雄安新区', '雄安新'],
  ] as const)
    t.equal(shortName(name), short, name)
  for (const [text, codes] of [
    ['石家庄市长安区市场监督管理局', ['130102']],
    ['石家庄市市场监督管理局', ['130100']],
    ['正定县市场监督管理局', ['130123']],
    ['桥西区市场监督管理局', []],
    ['北京市市场监督管理局', []],
    ['市场监督管理局', []],
  ] as const)
    t.same(Array.from(new Set(leadingPlaces(text).map(({ code }) => code))), codes, text)
  t.ok(placesAtStart('桥西区市场监督管理局').length > 1, 'a name that several bear')
})
