import t from 'tap'
import { MOST_ROWS } from '../../src/checking/request.ts'
import { rowsSent, type SentList } from '../../src/checking/sent.ts'
import { Refusal } from '../../src/dossier/refusal.ts'

const read = (type: SentList['type'], text: string) => rowsSent({ type, bytes: Buffer.from(text) })
function faultsOf(text: string): Refusal['faults'] {
  try {
    read('application/x-ndjson', text)
  } catch (error) {
    if (error instanceof Refusal) return error.faults
    throw error
  }
  return []
}

const tooMany = new Refusal('invalid', '名单无法读取，见 errors。', [
  { pointer: '/rows', code: 'too_big', detail: '最多 100000 行' },
])

t.test('as many rows are taken as a check may have, one more is refused', async (t) => {
  const row = '{"code":"91130100M000100Y43","name":"某公司","place":"石家庄市"}'
  const whole = (rows: number) => `{"rows":[${Array.from({ length: rows }, () => row).join()}]}`
  const lines = (rows: number) => `${row}\n`.repeat(rows)
  t.equal(read('application/json', whole(MOST_ROWS)).length, MOST_ROWS)
  t.equal(read('application/x-ndjson', lines(MOST_ROWS)).length, MOST_ROWS)
  t.throws(() => read('application/json', whole(MOST_ROWS + 1)), tooMany)
  t.throws(() => read('application/x-ndjson', lines(MOST_ROWS + 1)), tooMany)
})

t.test('what is no list is looked at no further than a list may be long', async (t) => {
  // What stands behind would be told of, were it read.
  for (const value of ['1', '{}', '[]', '{"a":1}', '""'])
    t.throws(() => read('application/json', `{"rows":[${`${value},`.repeat(600_000)}!`), tooMany, value)
  for (const line of ['{}', '', ' '])
    t.throws(() => read('application/x-ndjson', `${`${line}\n`.repeat(2 * MOST_ROWS)}!`), tooMany, line)
})

t.test('lines count as they stand, empty ones too', async (t) => {
  t.same(read('application/x-ndjson', '\n {"name":"甲"}\r\n\n{"name":"乙"}'), [
    { name: '甲' },
    { name: '乙' },
  ])
  t.match(faultsOf('\n{"name":"甲"}\n\n{'), [{ pointer: '/rows/3', detail: /^第 4 行/ }])
  t.match(faultsOf('\n'), [{ pointer: '/rows', detail: '至少一行' }])
})
