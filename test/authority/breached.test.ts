import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { BreachedListUnreadable, isBreached } from '../../src/authority/breached.ts'
import { temporaryFolder } from '../support.ts'

const digestOf = (password: string) => createHash('sha1').update(password).digest('hex').toUpperCase()

t.test('what stands on a list is found wherever it stands, and nothing else', async (t) => {
  const list = join(temporaryFolder(t), 'list.txt')
  t.equal(isBreached(list, 'seven quiet elephants'), false, 'without a list')
  for (const [count, end, last] of [
    [0, '\n', ''],
    [1, '\n', '\n'],
    [1, '\r\n', ''],
    [2, '\n', ''],
    [7, '\r\n', '\r\n'],
    [500, '\r\n', '\r\n'],
  ] as const) {
    const passwords = Array.from({ length: count }, (_, i) => `password ${i} 密码`)
    const lines = passwords.map(
      (password, i) => `${digestOf(password)}${i % 3 === 0 ? '' : `:${10 ** (i % 9)}`}`,
    )
    writeFileSync(list, lines.sort().join(end) + last)
    t.same(
      passwords.filter((password) => !isBreached(list, password)),
      [],
      `${count}`,
    )
    for (let i = count; i < count + 200; i += 1)
      if (isBreached(list, `password ${i} 密码`)) t.fail(`password ${i} of ${count}`)
  }
})

t.test('a file that is no such list is said to be none', async (t) => {
  const list = join(temporaryFolder(t), 'list.txt')
  t.throws(() => isBreached(temporaryFolder(t), 'seven quiet elephants'), BreachedListUnreadable, 'a folder')
  for (const text of ['123456\npassword\n', `${digestOf('x').toLowerCase()}\n`, 'x'.repeat(1000)]) {
    writeFileSync(list, text)
    t.throws(() => isBreached(list, 'seven quiet elephants'), BreachedListUnreadable, text.slice(0, 20))
  }
})
