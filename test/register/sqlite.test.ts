import { copyFileSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Sqlite } from '../../src/register/driver.ts'
import { RegisterFull } from '../../src/register/register.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { temporaryFolder } from '../support.ts'
import { registerContract } from './contract.ts'

registerContract(t, (t) => {
  const path = join(temporaryFolder(t), 'register.db')
  return async (now) => openSqliteRegister(path, now)
})

const author = { authority: '省局', officer: '张三' }
const now = () => new Date('2026-03-02T02:00:00Z')

t.test('an erased payload lingers in no file', async (t) => {
  const folder = temporaryFolder(t)
  const register = openSqliteRegister(join(folder, 'register.db'), now)
  const payload = { secret: 'CANARY-in-the-file-9c1e' }
  const draft = { subject: 'A', kind: 'record.added', payload, visibility: 'internal', author } as const
  await register.append({ drafts: [draft], command: 'x' })
  const holds = () =>
    readdirSync(folder).some((name) => readFileSync(join(folder, name)).includes('CANARY-in-the-file'))
  t.ok(holds())
  const erased = { ...draft, kind: 'payload.erased', payload: { positions: [1], reason: '依法删除' } }
  await register.append({ drafts: [erased], erases: [1], command: 'y' })
  t.notOk(holds())
  await register.close()
})

t.test('a full disk refuses the append and keeps what was acknowledged', async (t) => {
  const path = join(temporaryFolder(t), 'register.db')
  const register = openSqliteRegister(path, now)
  const draft = {
    subject: 'A',
    kind: 'record.added',
    payload: 'x'.repeat(1000),
    visibility: 'internal',
    author,
  } as const
  await register.append({ drafts: [draft], command: 'x' })
  await register.close()
  const limited = openSqliteRegister(path, now, { maxPages: 20 })
  await t.rejects(
    limited.append({ drafts: Array.from({ length: 500 }, () => draft), command: 'x' }),
    RegisterFull,
  )
  t.equal(await limited.head(), 1)
  await limited.close()
  const plain = new Sqlite(path)
  t.equal(plain.pragma('integrity_check', { simple: true }), 'ok')
  plain.close()
})

t.test('nothing is appended to a file that lies elsewhere by now, until it lies there again', async (t) => {
  const folder = temporaryFolder(t)
  const path = join(folder, 'register.db')
  const register = openSqliteRegister(path, now)
  const append = (command: string) =>
    register.append({
      drafts: [{ subject: command, kind: 'record.added', payload: 1, visibility: 'internal', author }],
      command,
    })
  await append('first')
  const away = join(folder, 'away.db')
  for (const [harm, restore] of [
    ['moved', () => undefined],
    ['replaced', () => copyFileSync(away, path)],
  ] as const) {
    renameSync(path, away)
    restore()
    await t.rejects(append(harm), { name: 'RegisterGone' }, harm)
    await t.rejects(register.probe(), { name: 'RegisterGone' }, harm)
    t.equal(await register.head(), 1)
    renameSync(away, path)
  }
  t.match(await append('second'), { entries: [{ seq: 2 }] })
  await register.close()
})
