import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openStampKeys } from '../../src/checking/keys.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { anchorPath, readAnchor } from '../../src/register/anchor.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { backUp } from '../../src/running/backup.ts'
import { openRegistry } from '../../src/running/open-registry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { type ClockCheck, restore as restoring } from '../../src/running/restore.ts'
import { verifyDataDir } from '../../src/running/verify.ts'
import { temporaryFolder, unifiedCode } from '../support.ts'

const now = () => new Date('2026-11-24T02:00:00.000Z')
const request = { actor: { authority: '省局', officer: '张三' }, command: 'test' }
const codes = ['DEM00001', 'DEM00002', 'DEM00003', 'DEM00004'].map((body) => unifiedCode(body))
const fail = (error: unknown) => {
  throw error
}
const open = (dataDir: string) => openRegistry({ dataDir, now, onLag: fail, onFailure: fail })

const restore = async (dataDir: string, folder: string | undefined, at: Date, clock?: ClockCheck) => {
  const inWords = () => ''
  const outcome = await restoring(dataDir, at, { folder, reason: '演练', inWords, ...(clock && { clock }) })
  if (!('restored' in outcome)) throw new Error('one was not finished')
  return outcome
}

/** A data directory in use with two files, and a backup of it that was made meanwhile. */
async function backedUp(t: Test) {
  const [folder, backups] = [temporaryFolder(t), temporaryFolder(t)]
  const backup = join(backups, 'registry-2026-11-24')
  const parts = await open(folder)
  const add = (i: number) =>
    parts.registry.acts.open({ codes: { uscc: codes[i] }, data: { name: `示例${i}公司` } }, request)
  await add(0)
  await add(1)
  const made = await backUp(folder, backup, now())
  await add(2)
  const { epoch } = await parts.register.standing()
  await parts.close()
  return { folder, backup, backups, made, epoch }
}

t.test('a backup that was made while the registry ran opens elsewhere as it was', async (t) => {
  const { backup, made, epoch, backups } = await backedUp(t)
  t.match(made, { position: 2, epoch })
  t.same(
    made.files.map(({ name }) => name),
    ['access.db', 'following.db', 'person.key', 'register.anchor', 'register.db'],
  )
  t.same(readdirSync(backups), ['registry-2026-11-24'], 'nothing half-made beside it')
  const elsewhere = temporaryFolder(t)
  const { restored } = await restore(elsewhere, backup, now())
  t.match(restored, {
    position: 2,
    formerEpoch: epoch,
    backupOf: '2026-11-24T02:00:00.000Z',
    lost: undefined,
  })
  t.not(restored.epoch, epoch)
  const parts = await open(elsewhere)
  t.equal(parts.registry.count(), 2)
  t.match(
    await parts.register.standing(),
    { epoch: restored.epoch, position: 3 },
    'its own entry is the last',
  )
  await parts.close()
  t.same((await verifyDataDir(elsewhere, { catalogue })).findings, [])
})

t.test('restored in place it says what is lost and keeps what was there', async (t) => {
  const { folder, backup } = await backedUp(t)
  const { personKey, stampKey, stampKeys } = pathsIn(folder)
  const ofBackup = readFileSync(personKey)
  writeFileSync(personKey, 'a later key')
  await openStampKeys({ stampKey, stampKeys }, now)
  const ofPlace = readFileSync(stampKey)
  const { restored } = await restore(folder, backup, now())
  t.match(restored, { position: 2, lost: { from: 3, to: 3 } })
  const kept = join(folder, restored.keptIn ?? '')
  t.same(readFileSync(personKey), ofBackup)
  t.equal(readFileSync(join(kept, 'person.key'), 'utf8'), 'a later key', 'nothing is written over')
  t.same(readFileSync(stampKey), ofPlace, 'a key that the backup lacks stays')
  const former = openSqliteRegister(join(kept, 'register.db'), now)
  t.equal(await former.head(), 3)
  await former.close()
  const parts = await open(folder)
  t.equal(parts.registry.count(), 2)
  await parts.close()
})

/** A copy of a backup whose register takes no new epoch, as on a full disk. */
async function unbegun(t: Test, backup: string): Promise<string> {
  const copy = join(temporaryFolder(t), 'copy')
  cpSync(backup, copy, { recursive: true })
  const register = join(copy, 'register.db')
  const connection = new Sqlite(register)
  connection.exec(`CREATE TRIGGER stop BEFORE INSERT ON head BEGIN SELECT RAISE(ABORT, 'no new epoch'); END`)
  connection.close()
  const manifest = join(copy, 'manifest.json')
  const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
  writeFileSync(
    manifest,
    readFileSync(manifest, 'utf8').replace(sha256(join(backup, 'register.db')), sha256(register)),
  )
  return copy
}

t.test('what can not come in its new epoch takes nothing’s place', async (t) => {
  const { folder, backup, epoch } = await backedUp(t)
  const lying = () =>
    readdirSync(folder)
      .filter((name) => !/-(wal|shm)$/.test(name))
      .sort()
  const before = lying()
  const stopped = await unbegun(t, backup)
  await t.rejects(restore(folder, stopped, now()), /no new epoch/)
  t.same(lying(), before, 'nothing half-made, nothing moved away')
  t.match(readAnchor(anchorPath(pathsIn(folder).register)), { position: 3, epoch })
  t.match((await restore(folder, backup, now())).restored, {
    formerEpoch: epoch,
    position: 2,
    lost: { from: 3, to: 3 },
  })
})

t.test('a view whose making was ended half-way is a finding', async (t) => {
  const { folder } = await backedUp(t)
  const { views } = pathsIn(folder)
  for (const path of [views, `${views}-wal`, `${views}-shm`]) rmSync(path, { force: true })
  const connection = new Sqlite(views)
  connection.pragma('journal_mode = WAL')
  connection.close()
  const { findings } = await verifyDataDir(folder, { catalogue })
  t.match(findings, [{ area: 'views', what: /文件是空的/ }])
})

t.test('a register that lacks what its anchor tells of is not backed up as a whole one', async (t) => {
  const { folder, backups } = await backedUp(t)
  const { register } = pathsIn(folder)
  const anchor = readFileSync(anchorPath(register))
  const db = new Sqlite(register)
  db.exec(`DELETE FROM entry WHERE seq > 1;
    UPDATE head SET seq = 1, chain = (SELECT chain FROM entry WHERE seq = 1)`)
  db.close()
  await t.rejects(backUp(folder, join(backups, 'next'), now()), {
    name: 'StartFault',
    message: /没有备份[\s\S]*锚文件记到序号 3[\s\S]*缺少已答复的序号 2 至 3（共 2 条）/,
  })
  t.same(readdirSync(backups), ['registry-2026-11-24'])
  t.same(readFileSync(anchorPath(register)), anchor, 'the true anchor stays')
})

t.test('a clock far from what is known stamps nothing before a person has looked at it', async (t) => {
  const { folder, backup } = await backedUp(t)
  const gapDays = 60
  const at = (days: number) => new Date(now().getTime() + days * 86_400_000)
  for (const source of [backup, undefined])
    for (const [days, ok] of [
      [-1, false],
      [-1 / 86_400, true],
      [59, true],
      [60, true],
      [60.01, false],
      [365, false],
    ] as const) {
      const elsewhere = join(temporaryFolder(t), 'data')
      if (source === undefined) cpSync(folder, elsewhere, { recursive: true })
      else mkdirSync(elsewhere)
      const names = () => readdirSync(elsewhere).filter((name) => !/-(wal|shm)$/.test(name))
      const before = names()
      const restoring = restore(elsewhere, source, at(days), { gapDays })
      if (ok) await t.resolves(restoring, `${days} days`)
      else {
        await t.rejects(restoring, { message: /服务器时钟为.*没有恢复.*--today \d{4}-/ }, `${days} days`)
        t.same(names(), before, 'nothing was touched')
      }
    }
  await t.rejects(restore(folder, backup, at(365), { gapDays, today: '2026-11-24' }), {
    message: /--today 2026-11-24 不是服务器时钟的日期/,
  })
  await t.resolves(restore(folder, backup, at(365), { gapDays, today: '2027-11-24' }))
})

t.test('a register whose end is lost for good goes on as it stands, in a new epoch', async (t) => {
  const { folder, epoch } = await backedUp(t)
  const { register } = pathsIn(folder)
  const db = new Sqlite(register)
  db.exec('DELETE FROM entry WHERE seq > 1')
  db.close()
  await t.rejects(open(folder), { name: 'RegisterFault' })
  const { restored } = await restore(folder, undefined, now())
  t.match(restored, { position: 1, formerEpoch: epoch, lost: { from: 2, to: 3 }, backupOf: undefined })
  t.ok(existsSync(join(folder, restored.keptIn ?? '', 'register.db')), 'a copy of what was found')
  t.match(
    readAnchor(anchorPath(register)),
    { position: 2, epoch: restored.epoch },
    'its own entry is the last',
  )
  const parts = await open(folder)
  t.equal(parts.registry.count(), 1)
  await parts.registry.acts.open({ codes: { uscc: codes[3] }, data: { name: '示例新公司' } }, request)
  await parts.close()
  t.same((await verifyDataDir(folder, { catalogue })).findings, [])
})

t.test('what is no whole backup, and a directory in use, are refused in words', async (t) => {
  const { folder, backup } = await backedUp(t)
  const refused = (message: RegExp, from = backup) => t.rejects(restore(folder, from, now()), { message })
  await refused(/不是完整的备份（没有 manifest.json）/, temporaryFolder(t))
  const parts = await open(folder)
  await refused(/正在使用；请先停止服务/)
  await parts.close()
  const register = join(backup, 'register.db')
  const whole = readFileSync(register)
  const bent = Buffer.from(whole)
  bent[5000] = (bent[5000] ?? 0) ^ 1
  writeFileSync(register, bent)
  await refused(/备份已损坏：register.db 与清单中的摘要不符/)
  rmSync(register)
  await refused(/备份不完整：缺少 register.db/)
  await t.rejects(backUp(folder, backup, now()), { message: /已有内容/ })
  await t.rejects(backUp(temporaryFolder(t), join(backup, 'x'), now()), { message: /没有登记簿/ })
  const again = await open(folder)
  t.equal(again.registry.count(), 3, 'and nothing was touched')
  await again.close()
})
