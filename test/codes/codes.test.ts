import t from 'tap'
import { parseEnterpriseCode } from '../../src/codes/enterprise-code.ts'
import { industrySection } from '../../src/codes/industries.ts'
import { isOrganisationCode, parseOrganisationCode } from '../../src/codes/organisation-code.ts'
import { parseRegion, regionContains, regionsNamed } from '../../src/codes/regions.ts'
import { organisationCodeWithin, parseUnifiedCode } from '../../src/codes/unified-code.ts'

t.test('organisation codes as GB 11714 has them', async (t) => {
  for (const typed of ['D2143569-X', 'd2143569x', 'Ｄ２１４３５６９－Ｘ', ' D2143569 X ', 'M000100Y—4'])
    t.ok(parseOrganisationCode(typed).ok, typed)
  t.same(parseOrganisationCode('m000100y-4'), { ok: true, value: 'M000100Y4' })
  const wrong = parseOrganisationCode('M000100Y5')
  t.match(wrong, { ok: false, fault: { code: 'check-character', place: 9, expected: '4' } })
  t.match(parseOrganisationCode('M000100'), { ok: false, fault: { code: 'length' } })
  t.match(parseOrganisationCode('M0001?0Y4'), { ok: false, fault: { code: 'character', place: 6 } })
  t.match(parseOrganisationCode('M000100YA'), { ok: false, fault: { code: 'character', place: 9 } })
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
  t.match(parseEnterpriseCode('12345'), { ok: false, fault: { code: 'length' } })
  t.notOk(isOrganisationCode('123456789'))
})

t.test('regions by code and name, both ways', async (t) => {
  t.equal(parseRegion('130100')?.path, '河北省石家庄市')
  t.equal(parseRegion('石家庄')?.code, '130100')
  t.equal(parseRegion('河北省石家庄市长安区')?.code, '130102')
  t.equal(parseRegion('辛集市')?.code, '139002')
  t.equal(parseRegion('1310')?.name, '廊坊市')
  t.equal(parseRegion('月球'), undefined)
  t.ok(regionsNamed('长安区').length > 1, 'a shared name means several regions')
  t.ok(regionContains('130000', '130102'))
  t.notOk(regionContains('130200', '130102'))
})

t.test('industries of GB/T 4754', async (t) => {
  t.equal(industrySection('C3011'), 'C')
  t.equal(industrySection('30'), 'C')
  t.equal(industrySection('B30'), undefined)
  t.equal(industrySection('C9'), undefined)
})
