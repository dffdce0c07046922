import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { RegisterFull } from '../../src/register/register.ts'
import { failuresTold } from '../../src/running/failures.ts'
import { giveUpReserve, keepReserve, LEAST_FREE, mustHaveRoom } from '../../src/running/reserve.ts'
import { temporaryFolder } from '../support.ts'

/** A disk that fills up: room is kept aside for the next start, and the log says so now and then, not at each attempt. */

t.test('room is kept aside while there is room, and given up where there is hardly any', async (t) => {
  const folder = temporaryFolder(t)
  const reserve = join(folder, 'reserve')
  const free = (bytes: number) => () => bytes
  t.equal(giveUpReserve(folder, free(0)), false, 'there is none yet')
  t.equal(giveUpReserve(join(folder, 'none'), free(0)), false, 'nor a folder')
  keepReserve(folder, free(2 * LEAST_FREE - 1))
  t.notOk(existsSync(reserve), 'nothing is taken where room is short')
  keepReserve(folder, free(2 * LEAST_FREE))
  const { size, blocks, mode } = statSync(reserve)
  t.ok(blocks * 512 >= size && size > 0, 'it takes what it says')
  t.ok(size < LEAST_FREE, 'a disk on which it was given up is still told as full')
  t.equal(mode & 0o777, 0o600)
  keepReserve(folder, free(2 * LEAST_FREE))
  t.equal(giveUpReserve(folder, free(LEAST_FREE)), false)
  t.ok(existsSync(reserve))
  t.equal(giveUpReserve(folder, free(LEAST_FREE - 1)), true)
  t.notOk(existsSync(reserve))
  t.equal(giveUpReserve(folder, free(0)), false)
  keepReserve(folder)
  t.ok(existsSync(reserve), 'anew once there is room')
})

t.test('what could not be shown for want of room is not appended', async (t) => {
  const folder = temporaryFolder(t)
  const free = (bytes: number) => () => bytes
  t.throws(() => mustHaveRoom(folder, free(LEAST_FREE - 1)), RegisterFull)
  mustHaveRoom(folder, free(LEAST_FREE))
})

t.test(
  'want of room is told in one line in ten minutes, all else with what is known of it each time',
  async (t) => {
    const told: unknown[][] = []
    let now = 0
    const tell = failuresTold({ error: (...said: unknown[]) => void told.push(said) }, () => now)
    const code = (of: string) => Object.assign(new Error(of), { code: of })
    const full = [
      code('SQLITE_FULL'),
      code('ENOSPC'),
      code('EDQUOT'),
      code('SQLITE_IOERR_SHMSIZE'),
      new RegisterFull('full'),
      new Error('no lease', { cause: code('SQLITE_FULL') }),
    ]
    for (const error of full) {
      told.length = 0
      tell(error, 'daily')
      tell(error, 'campaigns')
      t.match(told, [[{ work: 'daily', err: undefined }, /磁盘已满/]], String(error))
      now += 10 * 60_000 - 1
      tell(error, 'copies')
      t.equal(told.length, 1, String(error))
      now += 1
      tell(error, 'copies')
      t.equal(told.length, 2, String(error))
      now += 10 * 60_000
    }
    told.length = 0
    for (const error of [code('SQLITE_CORRUPT'), code('SQLITE_NOTADB'), code('SQLITE_CORRUPT_VTAB')])
      tell(error, 'search')
    t.match(
      told,
      [[{ err: Error, work: 'search' }, 'work broke off']],
      'nor is a broken file at each attempt',
    )
    now += 10 * 60_000
    tell(code('SQLITE_CORRUPT'), 'search')
    t.equal(told.length, 2)
    told.length = 0
    for (const error of [code('SQLITE_IOERR_READ'), code('EIO'), new Error('else'), 'text'])
      for (const work of ['one', 'two']) tell(error, work)
    t.equal(told.length, 8)
    t.match(told[0], [{ err: Error, work: 'one' }, 'work broke off'])
  },
)
