import t from 'tap'
import { personHash, personNumbered, staffNumberFault } from '../../src/authority/persons.ts'

/** Whoever bears a staff number is one person, however it is written. */

const hash = personHash(Buffer.alloc(32, 1))
const nobody = () => false
const person = (number: string) => personNumbered(number, hash, nobody)

t.test('each way to write a staff number is the same person', async (t) => {
  for (const spelling of [
    'S9',
    's9',
    ' S9 ',
    'Ｓ９',
    'S-9',
    'S.9',
    'S_9',
    'S09',
    'S-009',
    '工号S9',
    'S9号',
    '工号S-09号',
    '-S9.',
  ])
    t.equal(person(spelling), hash('S9'), spelling)
  for (const spelling of ['1001', '01001', '工号1001', '1001号', '1001.'])
    t.equal(person(spelling), hash('1001'), spelling)
  t.equal(person('10-01'), person('10.1'))
})

t.test('others stay others', async (t) => {
  const numbers = [
    'S9',
    'S90',
    'S900',
    '9S',
    '9',
    'T9',
    'S19',
    '1-12',
    '11-2',
    '112',
    '0',
    '00A',
    '甲S9',
    '100',
    '10',
  ]
  t.equal(new Set(numbers.map(person)).size, numbers.length)
})

t.test('an account from before keeps meaning whom it meant', async (t) => {
  for (const typed of ['S-9', 'S09', '工号S9']) {
    const before = hash(typed)
    t.equal(
      personNumbered(typed, hash, (own) => own === before),
      before,
      'typed as it was',
    )
    t.equal(
      personNumbered('S9', hash, (own) => own === before),
      hash('S9'),
    )
  }
})

t.test('a staff number is of letters and digits that nothing else looks like', async (t) => {
  for (const number of ['S9', 'S-9', 's.9', 'Ｓ９', '工号S9', '甲１', 'a@b_c', '9'.repeat(60)])
    t.equal(staffNumberFault(number), undefined, number)
  for (const number of ['Ѕ9', 'Ο9', 'S٩', 'ᴀ9', 'S 9', 'S#9', 'S\u200b9', 'É9'])
    t.match(staffNumberFault(number), /形近的别种字母/, number)
  for (const number of ['-', '...', '工号', '号', '工号-号'])
    t.match(staffNumberFault(number), /没有数字或字母/, number)
  t.match(staffNumberFault('9'.repeat(61)), /最多 60/)
})
