import t from 'tap'
import { writtenText } from '../../src/codes/characters.ts'
import { industrySection } from '../../src/codes/industries.ts'
import { isRegistrationNumber } from '../../src/codes/not-a-code.ts'
import { readPlace } from '../../src/codes/places.ts'

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
