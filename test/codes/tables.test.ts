import t from 'tap'
import { writtenText } from '../../src/codes/characters.ts'
import { parseEnterpriseCode, readCodes } from '../../src/codes/enterprise-code.ts'
import { industrySection } from '../../src/codes/industries.ts'
import { isRegistrationNumber } from '../../src/codes/not-a-code.ts'
import {
  organisationCheckCharacter,
  parseOrganisationCode,
  withLostZeros,
} from '../../src/codes/organisation-code.ts'
import { readPlace } from '../../src/codes/places.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'

t.test('each division of GB/T 4754 lies in its section', async (t) => {
  const sections: readonly (readonly [string, number, number])[] = [
    ['A', 1, 5],
    ['B', 6, 12],
    ['C', 13, 43],
    ['D', 44, 46],
    ['E', 47, 50],
    ['F', 51, 52],
    ['G', 53, 60],
    ['H', 61, 62],
    ['I', 63, 65],
    ['J', 66, 69],
    ['K', 70, 70],
    ['L', 71, 72],
    ['M', 73, 75],
    ['N', 76, 79],
    ['O', 80, 82],
    ['P', 83, 83],
    ['Q', 84, 85],
    ['R', 86, 90],
    ['S', 91, 96],
    ['T', 97, 97],
  ]
  for (const [section, first, last] of sections) {
    t.equal(industrySection(section), section)
    for (let division = first; division <= last; division += 1) {
      const digits = String(division).padStart(2, '0')
      for (const code of [digits, `${digits}1`, `${digits}11`, section + digits, `${section}${digits}11`])
        t.equal(industrySection(code), section, code)
    }
  }
  for (const code of ['00', '98', '99', '9', 'U', 'A06', 'B05', 'T96', 'S97', '01111', '', 'AA', 'A1'])
    t.equal(industrySection(code), undefined, code)
})

t.test('a registration number fits with one check digit of ten, and with no digit changed', async (t) => {
  for (const body of [
    '11010800000001',
    '13000000001234',
    '99999999999999',
    '00000000000000',
    '13010010000526',
  ]) {
    const fitting = Array.from({ length: 10 }, (_, digit) => `${body}${digit}`).filter(isRegistrationNumber)
    t.equal(fitting.length, 1, body)
    const [number = ''] = fitting
    for (let place = 0; place < 15; place += 1)
      for (let by = 1; by < 10; by += 1) {
        const digit = (Number(number.charAt(place)) + by) % 10
        const other = number.slice(0, place) + digit + number.slice(place + 1)
        t.notOk(isRegistrationNumber(other), other)
      }
  }
  t.ok(isRegistrationNumber('110108000000016'), 'the example of GS 15-2006')
})

t.test('each character that once was private is written as the ideograph it stands for', async (t) => {
  for (const [from, to] of [
    [0xe816, 0x20087],
    [0xe817, 0x20089],
    [0xe818, 0x200cc],
    [0xe831, 0x215d7],
    [0xe83b, 0x2298f],
    [0xe855, 0x241fe],
  ] as const) {
    const { text, changes } = writtenText(`甲${String.fromCodePoint(from)}公司`)
    t.equal(text, `甲${String.fromCodePoint(to)}公司`, from.toString(16))
    t.equal(changes.length, 1)
  }
  const unknown = writtenText('甲\ue000公司')
  t.equal(unknown.text, '甲\ue000公司', 'what no table knows stays')
})

t.test('of places of one name ten are told', async (t) => {
  const read = readPlace('鼓楼区')
  t.ok(!read.ok && read.fault.code === 'ambiguous-place' && read.fault.candidates.length <= 10)
  const west = readPlace('城区')
  t.equal(west.ok, false)
})

/** An organisation code of eight characters, and the unified code of a firm of 长安区 that holds it. */
const organisation = (body: string) => body + organisationCheckCharacter(body)
const unified = (code: string) => `91130102${code}${unifiedCheckCharacter(`91130102${code}`)}`

t.test('zeros that a spreadsheet took off the front: one or two, and only where the rest fits', async (t) => {
  for (const [body, lost] of [
    ['01234567', 1],
    ['00123456', 2],
    ['00012345', 3],
    ['00000012', 6],
  ] as const) {
    const whole = organisation(body)
    const left = whole.slice(lost)
    t.equal(withLostZeros(left), lost <= 2 ? whole : undefined, left)
    const slipped = `${left.slice(0, -1)}${left.endsWith('1') ? '2' : '1'}`
    t.equal(withLostZeros(slipped), undefined, `${slipped}: its check character fails`)
    if (lost > 2) continue
    for (const read of [parseOrganisationCode(left), parseEnterpriseCode(left)])
      t.match(read, { ok: false, fault: { code: 'digits-lost', detail: new RegExp(`“${whole}”`) } }, left)
  }
  const [letters, long] = [organisation('0M000100').slice(1), organisation('01234567')]
  t.equal(withLostZeros(letters), undefined, 'with a letter it was no number')
  t.equal(withLostZeros(long), undefined, 'whole')
  const withX = Array.from({ length: 99 }, (_, i) => organisation(`0123${String(i).padStart(4, '0')}`)).find(
    (code) => code.endsWith('X'),
  )
  t.equal(withX && withLostZeros(withX.slice(1)), withX, 'with an X at its end')
})

t.test(
  'the two codes of a row: each in either column, one twice, one in doubt, one for nothing',
  async (t) => {
    const [one, other] = [organisation('DEM00001'), organisation('DEM00002')]
    const [uscc, second] = [unified(one), unified(other)]
    const doubtful = `${one.slice(0, 8)}${one.endsWith('1') ? '2' : '1'}`
    const odd = unified(doubtful)
    const notes = (...codes: string[]) => ({ notes: codes })
    for (const [said, typed, expected] of [
      ['one', { uscc }, { uscc, orgCode: one, ...notes() }],
      ['the shorter', { orgCode: one }, { uscc: undefined, orgCode: one, ...notes() }],
      ['both', { uscc, orgCode: one }, { uscc, orgCode: one, ...notes() }],
      ['one in the other’s column', { orgCode: uscc }, { uscc, orgCode: one, ...notes('other-column') }],
      [
        'the shorter in the other’s',
        { uscc: one },
        { uscc: undefined, orgCode: one, ...notes('other-column') },
      ],
      [
        'exchanged',
        { uscc: one, orgCode: uscc },
        { uscc, orgCode: one, ...notes('other-column', 'other-column') },
      ],
      ['one twice', { uscc, orgCode: uscc }, { uscc, orgCode: one, ...notes('other-column') }],
      ['two', { uscc, orgCode: second }, 'orgCode codes-differ 两栏中填了两个不同的统一社会信用代码'],
      [
        'two of the shorter',
        { uscc: one, orgCode: other },
        'orgCode codes-differ 两栏中填了两个不同的组织机构代码',
      ],
      ['of two firms', { uscc, orgCode: other }, `orgCode codes-differ 组织机构代码 ${other} 与`],
      [
        'one in doubt beside the other',
        { uscc: odd, orgCode: doubtful },
        { uscc: odd, orgCode: doubtful, ...notes('organisation-check-character') },
      ],
      ['one in doubt beside another', { uscc, orgCode: doubtful }, 'orgCode check-character 组织机构代码：'],
      ['one in doubt alone', { orgCode: doubtful }, 'orgCode check-character 组织机构代码：'],
      ['one in doubt in the wrong column', { uscc: doubtful }, 'uscc check-character 统一社会信用代码：'],
      ['one for nothing', { uscc, orgCode: '无' }, { uscc, orgCode: one, ...notes('placeholder-beside') }],
      [
        'the other for nothing',
        { uscc: '无', orgCode: one },
        { uscc: undefined, orgCode: one, ...notes('placeholder-beside') },
      ],
      ['one for nothing alone', { uscc: '无' }, 'uscc placeholder 统一社会信用代码：'],
      ['both for nothing', { uscc: '无', orgCode: '无' }, 'uscc placeholder 统一社会信用代码：'],
      ['too short beside a right one', { uscc, orgCode: '123' }, 'orgCode length 组织机构代码：'],
      ['a right one beside one too short', { uscc: '123', orgCode: one }, 'uscc length 统一社会信用代码：'],
      ['nothing', {}, 'uscc required 请填写'],
      ['blanks', { uscc: '  ', orgCode: '' }, 'uscc required 请填写'],
    ] as const) {
      const read = readCodes(typed)
      const found = read.ok
        ? { uscc: read.uscc, orgCode: read.orgCode, notes: read.notes.map(({ code }) => code) }
        : `${read.field} ${read.fault.code} ${read.fault.detail}`
      if (typeof expected === 'string' && typeof found === 'string')
        t.ok(found.startsWith(expected), `${said}: ${found}`)
      else t.same(found, expected, said)
    }
  },
)

t.test('which character of an organisation code is wrong, by its place', async (t) => {
  for (const [typed, told] of [
    ['D214356$X', /^第 8 位应为 0-9 或大写字母，现为“\$”/],
    ['$2143569X', /^第 1 位应为 0-9 或大写字母，现为“\$”/],
    ['D2143569A', /^第 9 位应为 0-9 或 X，现为“A”/],
    ['D21435693', /^第 9 位校验码应为“X”，现为“3”；请核对前 8 位/],
    ['D2143579X', /^第 9 位校验码应为“\w”，现为“X”/],
    ['D2143569', /现为 8 位/],
    ['D2143569XX', /现为 10 位/],
  ] as const) {
    const read = parseOrganisationCode(typed)
    t.match(read.ok ? 'fine' : read.fault.detail, told, typed)
  }
})
