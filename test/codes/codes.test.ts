import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { areCodesAndNamesExchanged, parseEnterpriseCode, readCodes } from '../../src/codes/enterprise-code.ts'
import {
  isIdentityNumber,
  looksLikeIdentityNumber,
  looksLikeOldIdentityNumber,
} from '../../src/codes/identity-number.ts'
import { industrySection } from '../../src/codes/industries.ts'
import {
  isOrganisationCode,
  organisationCheckCharacter,
  parseOrganisationCode,
} from '../../src/codes/organisation-code.ts'
import {
  organisationCodeWithin,
  parseUnifiedCode,
  unifiedCheckCharacter,
} from '../../src/codes/unified-code.ts'

t.test('organisation codes as GB 11714 has them', async (t) => {
  for (const typed of ['D2143569-X', 'd2143569x', 'Ｄ２１４３５６９－Ｘ', ' D2143569 X ', 'M000100Y—4'])
    t.ok(parseOrganisationCode(typed).ok, typed)
  t.same(parseOrganisationCode('m000100y-4'), { ok: true, value: 'M000100Y4' })
  // 11 less the rest of the sum by 11: 10 is written X, 11 is written 0.
  for (const [body, check] of [
    ['D2143569', 'X'],
    ['70063023', '0'],
    ['70063024', '9'],
    ['70063022', '2'],
    ['M000100Y', '4'],
  ] as const) {
    t.equal(organisationCheckCharacter(body), check, body)
    t.ok(parseOrganisationCode(body + check).ok, body)
  }
  const wrong = parseOrganisationCode('M000100Y5')
  t.match(wrong, { ok: false, fault: { code: 'check-character', place: 9, expected: '4' } })
  t.match(parseOrganisationCode('M000100'), { ok: false, fault: { code: 'length' } })
  t.match(parseOrganisationCode('M0001?0Y4'), { ok: false, fault: { code: 'character', place: 6 } })
  t.match(parseOrganisationCode('M000100YA'), {
    ok: false,
    fault: { code: 'character', place: 9, detail: /^第 9 位.* 0-9 或 X/ },
  })
  t.match(parseOrganisationCode(''), { ok: false, fault: { code: 'empty' } })
})

t.test('unified codes as GB 32100 has them', async (t) => {
  t.same(parseUnifiedCode('91350100m000100y43'), { ok: true, value: '91350100M000100Y43' })
  t.same(parseUnifiedCode('91 350100-M000100Y4 3'), { ok: true, value: '91350100M000100Y43' })
  t.match(parseUnifiedCode('91350100M000100Y4Z'), { ok: false, fault: { code: 'character', place: 18 } })
  t.match(parseUnifiedCode('91350100M000100Y44'), {
    ok: false,
    fault: { code: 'check-character', place: 18, expected: '3' },
  })
  t.match(parseUnifiedCode('9135O100M000100Y43'), { ok: false, fault: { code: 'character', place: 5 } })
  t.match(parseUnifiedCode('130100000012345'), { ok: false, fault: { code: 'registration-number' } })
  t.match(parseUnifiedCode('1301000000123'), { ok: false, fault: { code: 'registration-number' } })
  t.equal(organisationCodeWithin('91350100M000100Y43'), 'M000100Y4')
})

t.test('either code, told apart by its length', async (t) => {
  t.match(parseEnterpriseCode('M000100Y-4'), { ok: true, value: { kind: 'organisation' } })
  t.match(parseEnterpriseCode('91350100M000100Y43'), { ok: true, value: { kind: 'unified' } })
  t.match(parseEnterpriseCode('12345'), {
    ok: false,
    fault: { code: 'length', detail: '企业代码应为 18 位统一社会信用代码或 9 位组织机构代码，现为 5 位。' },
  })
  t.match(parseEnterpriseCode('91350100M000100Y44'), {
    ok: false,
    fault: { code: 'check-character', detail: /第 18 位校验码应为“3”，现为“4”/ },
  })
  t.notOk(isOrganisationCode('123456789'))
})

t.test('industries of GB/T 4754', async (t) => {
  t.equal(industrySection('C3011'), 'C')
  t.equal(industrySection('30'), 'C')
  t.equal(industrySection('B30'), undefined)
  t.equal(industrySection('C9'), undefined)
})

/** A unified code with the right check character for its first 17 characters. */
function unified(body: string): string {
  return body + unifiedCheckCharacter(body)
}

t.test('who has an identity number was born within its time, on a day that there was', async (t) => {
  for (const [birth, isOne] of [
    ['18991231', false],
    ['19000101', true],
    ['20491231', true],
    ['20500101', false],
    ['20260229', false],
    ['20240229', true],
    ['19851301', false],
  ] as const) {
    const digits = `130102${birth}001`
    const fitting = [...'0123456789X'].filter((last) => isIdentityNumber(digits + last))
    t.equal(looksLikeIdentityNumber(`${digits}0`), isOne, birth)
    t.equal(fitting.length, isOne ? 1 : 0, `${birth}: with one check character`)
  }
  for (const text of ['13010219850307000', '13010219850307000A', 'A3010219850307000X', '1301021985030700012'])
    t.notOk(looksLikeIdentityNumber(text), text)
  // GB 11643 by its other way of counting (ISO 7064 MOD 11-2), so that every weight is held.
  for (const digits of ['13010219850307199', '11111119990919888', '65432119870625777', '44999919491231555']) {
    let product = 0
    for (const digit of digits) product = ((product + Number(digit)) * 2) % 11
    const last = '0123456789X'.charAt((12 - product) % 11)
    for (const other of '0123456789X')
      t.equal(isIdentityNumber(digits + other), other === last, digits + other)
  }
  for (const [digits, isOne] of [
    ['13010285022800', false],
    ['130102850228001', true],
    ['130102850229001', false],
    ['1301028502280010', false],
    ['990102850228001', false],
  ] as const)
    t.equal(looksLikeOldIdentityNumber(digits), isOne, digits)
})

t.test('what stands where a code should is named as what it is', async (t) => {
  const cases: [string, string][] = [
    // Each of these identity numbers also has the check character of a unified code.
    ['130102198503070005', 'identity-number'],
    ['13010219850307000 5', 'identity-number'],
    // A birth date and a province, the last digit mistyped.
    ['11010519491231002X', 'identity-number'],
    ['110105194912310021', 'identity-number'],
    ['110105491231003', 'identity-number'],
    ['11010519491231002X01', 'identity-number'],
    ['13912345678', 'mobile-number'],
    ['000000000000000000', 'placeholder'],
    ['111111111111111111', 'placeholder'],
    ['123456789012345678', 'placeholder'],
    ['XXXXXXXXXXXXXXXXXX', 'placeholder'],
    ['000000000', 'placeholder'],
    ['00000000-0', 'placeholder'],
    ['12345678-9', 'placeholder'],
    [unified('91130102000000000'), 'placeholder'],
    ['无', 'placeholder'],
    ['n/a', 'placeholder'],
    ['0', 'placeholder'],
    ['9.11309E+17', 'digits-lost'],
    ['9.1130982109589699e17'.toUpperCase().replace('E', 'E+'), 'digits-lost'],
    ['911309821095896000', 'digits-lost'],
    ['1234566', 'length'],
    ['130100000012345', 'registration-number'],
    ['1301000000123', 'registration-number'],
    ['130100M000100Y4', 'tax-number'],
    // Of the tax numbers that are all digits one is a registration number too, by its own check digit.
    ['130500700630222', 'registration-number'],
    ['130500700630230', 'tax-number'],
    ['130500700630249', 'tax-number'],
    ['河北示例机械有限公司', 'name'],
    [unified('Z1130102M000100Y4'.replace('Z', 'B')), 'department'],
    [unified('94130102M000100Y4'), 'category'],
    [unified('91000102M000100Y4'), 'region'],
    [unified('91990102M000100Y4'), 'taken'],
    [unified('91999999M000100Y4'), 'region'],
    [unified('91A30102M000100Y4'), 'region'],
  ]
  for (const [typed, expected] of cases) {
    const read = parseEnterpriseCode(typed)
    t.equal(read.ok ? 'taken' : read.fault.code, expected, typed)
    if (!read.ok && read.fault.private)
      t.notMatch(read.fault.detail, /\d{8}/, 'personal data is not repeated')
  }
})

t.test('real codes that look like something else pass', async (t) => {
  // The first has a sum that fits GB 11643, but no province and no birth date of a living person.
  for (const code of ['911305007006302305', '12130400688212131X', unified('91110000M000100Y4')])
    t.ok(parseEnterpriseCode(code).ok, code)
  t.ok(parseEnterpriseCode(unified('91100000M000100Y4')).ok, 'registered with the state')
  t.ok(parseEnterpriseCode(unified('91130293M000100Y4')).ok, 'a development zone of its own number')
  t.ok(parseEnterpriseCode(unified('91130182M000100Y4')).ok, 'a region that has ended')
})

t.test('a code with something around it', async (t) => {
  const code = '91350100M000100Y43'
  const written = [
    `统一社会信用代码：${code}`,
    `统一社会信用代码 ${code}`,
    `社会信用代码/注册号:${code}`,
    `${code}（副本）`,
    `（副本）${code}`,
    `${code} 副本1-1`,
    `${code}(正本)(1-1)`.replace('(1-1)', ''),
    `="${code}"`,
    `'${code}`,
    `\u202a${code}\u202c`,
    `\ufeff9135\u200b0100M0\u00ad00100Y43\u2060`,
    '９１３５０１００Ｍ０００１００Ｙ４３',
    '“91350100m000100y43”',
    `【${code}】`,
    `${code}。`,
  ]
  for (const typed of written)
    t.same(parseEnterpriseCode(typed), { ok: true, value: { kind: 'unified', code } }, JSON.stringify(typed))
  t.match(parseEnterpriseCode('组织机构代码：M000100Y-4'), { ok: true, value: { code: 'M000100Y4' } })
  t.match(parseEnterpriseCode(`${code}${code}`), { ok: false, fault: { code: 'length' } })
  t.match(parseEnterpriseCode('9'.repeat(100_000)), { ok: false })
})

t.test('either code in either column', async (t) => {
  const uscc = '91350100M000100Y43'
  const both = { ok: true, uscc, orgCode: 'M000100Y4' }
  t.match(readCodes({ uscc }), both)
  t.match(readCodes({ orgCode: uscc }), { ...both, notes: [{ code: 'other-column' }] })
  t.match(readCodes({ uscc: 'M000100Y-4', orgCode: uscc }), both)
  t.match(readCodes({ uscc: 'M000100Y-4' }), { ok: true, uscc: undefined, orgCode: 'M000100Y4' })
  t.match(readCodes({ uscc, orgCode: '无' }), { ...both, notes: [{ code: 'placeholder-beside' }] })
  t.match(readCodes({ uscc: '000000000000000000', orgCode: 'M000100Y4' }), { ok: true, orgCode: 'M000100Y4' })
  t.match(readCodes({ uscc, orgCode: '11010519491231002X' }), {
    ok: false,
    field: 'orgCode',
    fault: { code: 'identity-number' },
  })
  t.match(readCodes({ uscc, orgCode: 'D2143569X' }), { ok: false, fault: { code: 'codes-differ' } })
  t.match(readCodes({ uscc, orgCode: unified('91130102M000100Y4') }), {
    ok: false,
    fault: { code: 'codes-differ' },
  })
  t.match(readCodes({ uscc: 'D2143569X', orgCode: 'M000100Y4' }), {
    ok: false,
    fault: { code: 'codes-differ' },
  })
  t.match(readCodes({}), { ok: false, field: 'uscc', fault: { code: 'required' } })
  t.match(readCodes({ uscc: ' ', orgCode: '' }), { ok: false, fault: { code: 'required' } })
})

t.test('a wrong character within a right unified code is said, not refused', async (t) => {
  const uscc = unified('91130102A00000001')
  t.match(readCodes({ uscc }), { ok: true, notes: [{ code: 'organisation-check-character' }] })
  t.match(readCodes({ uscc, orgCode: 'A00000001' }), { ok: true, uscc, orgCode: 'A00000001' })
  t.match(readCodes({ orgCode: 'A00000001' }), { ok: false, fault: { code: 'check-character' } })
  for (const [digits, path] of [
    ['130293', '河北省唐山市'],
    ['139999', '河北省'],
    ['100000', '省级以外的登记管理机关'],
  ] as const)
    t.match(
      readCodes({ uscc: unified(`91${digits}M000100Y4`) }),
      { ok: true, notes: [{ code: 'region-unknown', detail: `在 GB/T 2260 中，按${path}对待` }] },
      digits,
    )
  for (const digits of ['130102', '130100', '130182', '110000'])
    t.match(readCodes({ uscc: unified(`91${digits}M000100Y4`) }), { ok: true, notes: [] }, digits)
})

t.test('zeros that a spreadsheet took off an organisation code', async (t) => {
  t.match(parseEnterpriseCode('12345674'), { ok: false, fault: { code: 'length' } })
  const whole = parseEnterpriseCode('012345674')
  t.ok(whole.ok || whole.fault.code === 'placeholder' || whole.fault.code === 'check-character')
  t.match(parseEnterpriseCode('10950280'), { ok: false })
})

t.test('a column of codes and a column of names exchanged', async (t) => {
  const codes = ['91350100M000100Y43', 'M000100Y-4', '']
  const names = ['示例甲有限公司', '示例乙有限公司', '示例丙有限公司']
  t.ok(areCodesAndNamesExchanged(names, codes))
  t.notOk(areCodesAndNamesExchanged(codes, names))
  t.notOk(areCodesAndNamesExchanged([], []))
  t.notOk(areCodesAndNamesExchanged(names, names))
  const column = (names: number, codes: number, more: string[] = []) => [
    ...Array.from({ length: codes }, () => '91350100M000100Y43'),
    ...Array.from({ length: names }, () => '示例甲有限公司'),
    ...more,
  ]
  const beside = (count: number) => Array.from({ length: count }, () => '91350100M000100Y43')
  t.ok(areCodesAndNamesExchanged(column(9, 1), beside(10)), 'nine of ten')
  t.notOk(areCodesAndNamesExchanged(column(89, 11), beside(100)), 'less')
  t.ok(areCodesAndNamesExchanged(column(90, 10, ['M000100Y-4']), beside(101)), 'by the first hundred')
})

const REAL = new URL('../../../shared/data/hebei-enterprises.csv', import.meta.url)

t.test(
  'every real code of a province passes',
  { skip: !existsSync(REAL) && 'no sample beside' },
  async (t) => {
    const codes = readFileSync(REAL, 'utf8').match(/\b[0-9A-Z]{18}\b/g) ?? []
    t.ok(codes.length > 39_000)
    t.same(
      codes.filter((code) => !readCodes({ uscc: code }).ok),
      [],
    )
  },
)
