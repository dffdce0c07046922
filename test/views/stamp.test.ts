import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { catalogue, catalogueOf } from '../../src/records/catalogue.ts'
import { publicationRules } from '../../src/records/rules.ts'
import { Sqlite } from '../../src/register/driver.ts'
import { openRegistry } from '../../src/running/open-registry.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { stampOf } from '../../src/views/stamp.ts'
import { penaltyOf, temporaryFolder, unifiedCode } from '../support.ts'

const request = { actor: { authority: '省局', officer: '张三' }, command: 'test' }
const uscc = unifiedCode('DEM00001')
const now = () => new Date('2026-11-24T02:00:00.000Z')
const fail = (error: unknown) => {
  throw error
}

async function opened(folder: string, tell: (words: string) => void = fail) {
  return openRegistry({ dataDir: folder, now, onLag: fail, onFailure: fail, tell })
}

/** A data directory with one file in it. */
async function folderWithFile(t: Test): Promise<string> {
  const folder = temporaryFolder(t)
  const parts = await opened(folder)
  await parts.registry.acts.open({ codes: { uscc }, data: { name: '示例公司' } }, request)
  await parts.registry.acts.addRecord(uscc, 'penalty', penaltyOf('1号').data, undefined, request)
  await parts.close()
  return folder
}

t.test('a stamp changes with a rule and with a kind of record', async (t) => {
  const stamp = stampOf(catalogue)
  t.equal(stampOf(catalogueOf(catalogue.kinds)), stamp)
  t.not(stampOf(catalogueOf(catalogue.kinds.slice(1))), stamp)
  const { minorFineYuan } = publicationRules
  Object.assign(publicationRules, { minorFineYuan: { ...minorFineYuan, value: minorFineYuan.value + 1 } })
  t.not(stampOf(catalogue), stamp)
  Object.assign(publicationRules, { minorFineYuan })
  t.equal(stampOf(catalogue), stamp)
})

t.test('views that other rules made are computed anew at the next start, and said to be', async (t) => {
  const folder = await folderWithFile(t)
  const { views } = pathsIn(folder)
  const db = new Sqlite(views)
  db.exec(
    `UPDATE generation SET stamp = 'another'; UPDATE snapshot_1 SET face = replace(face, '示例公司', '旧规则公司')`,
  )
  db.close()
  const told: string[] = []
  const parts = await opened(folder, (words) => told.push(words))
  t.match(told, [/另一版本的程序或规则/])
  t.match(parts.views.face(uscc.slice(8, 17))?.json, /示例公司/)
  await parts.close()
  await (await opened(folder)).close()
})

t.test('what is broken and can be computed again is set aside and named', async (t) => {
  const folder = await folderWithFile(t)
  const paths = pathsIn(folder)
  const found = async () => {
    const told: string[] = []
    const parts = await opened(folder, (words) => told.push(words))
    const { hits } = await parts.search.search({ text: '示例公司', filters: {}, limit: 1 })
    t.match(hits, [{ name: '示例公司' }])
    t.ok(parts.views.face(uscc.slice(8, 17)))
    await parts.close()
    return told
  }
  for (const name of ['views', 'search', 'drafts'] as const) {
    writeFileSync(paths[name], 'garbage'.repeat(1000))
    t.match(await found(), [new RegExp(`${name}.db 已损坏.*改名为 ${name}.db.broken-20\\d\\d`)], name)
    const whole = readFileSync(paths[name])
    writeFileSync(paths[name], whole.subarray(0, whole.length / 2))
    t.match(await found(), [new RegExp(`${name}.db 已损坏（SQLITE_CORRUPT）`)], `${name} halved`)
  }
  writeFileSync(paths.sessionKey, 'short')
  t.match(await found(), [/session.key 已损坏.*重新登录/])
})

t.test('what can not be computed again ends the start in words', async (t) => {
  const folder = await folderWithFile(t)
  writeFileSync(join(folder, 'access.db'), 'garbage'.repeat(1000))
  await t.rejects(opened(folder), { name: 'StartFault', message: /access.db 无法读取[\s\S]*从备份恢复/ })
  writeFileSync(join(folder, 'access.db'), '')
  writeFileSync(join(folder, 'register.db'), 'garbage'.repeat(1000))
  await t.rejects(opened(folder), { message: /register.db 无法读取（SQLITE_NOTADB）[\s\S]*restore/ })
})

t.test(
  'views that know more than the register, or another one, are a finding and not computed over',
  async (t) => {
    const folder = await folderWithFile(t)
    const { views } = pathsIn(folder)
    const change = (statement: string) => {
      const db = new Sqlite(views)
      db.exec(statement)
      db.close()
    }
    change('UPDATE generation SET applied = 40')
    const before = readFileSync(views)
    await t.rejects(opened(folder), {
      name: 'RegisterFault',
      message: /视图（views.db）已到序号 40，登记簿只到 2：登记簿可能缺少末尾 38 条/,
    })
    t.ok(readFileSync(views).equals(before), 'the evidence stays')
    change(`UPDATE generation SET applied = 2, chain = 'ff'`)
    await t.rejects(opened(folder), /由另一份登记簿算出：序号 2/)
  },
)
