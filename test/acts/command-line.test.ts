import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { scopesOf } from '../../src/authority/roles.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { commandLine } from '../cli/command.ts'
import { penaltyOf, temporaryFolder, unifiedCode } from '../support.ts'
import {
  AUTHORITIES,
  MACHINE,
  mayConfirm,
  names,
  type Place,
  personNamed,
  staffedBureau,
  table,
} from './everybody.ts'

/**
 * The command line, the third way to an act: whoever holds the data directory has every power over accounts and
 * authorities, is the second administrator, and in files is judged as the authority in whose name they act. What each
 * command may is read from the last column of `everybody.txt`.
 */

/** A row that somebody imports: the line of the table that it is, its number, and when it is done. */
interface Row {
  line: string
  no: string
  text: string
  isDone?: () => boolean
}

const places = Object.keys(AUTHORITIES) as Place[]
const [first = '', second = ''] = ['EACH0021', 'EACH0022'].map((body) => unifiedCode(body))
const keyOf = (uscc: string) => uscc.slice(8, 17)

async function onCommandLine(t: Parameters<typeof staffedBureau>[0]) {
  const server = await staffedBureau(t)
  const { writer, folder, registry, clock, send } = server
  // The command line goes by the clock of the machine.
  const now = () => clock.set(new Date().toISOString())
  now()
  const command = commandLine(folder)
  const tried = new Set<string>()
  /** Runs a command, and tells what it changed. */
  const run = async (...args: string[]) => {
    const at = registry.position()
    const said = await command(args)
    await writer.catchUp()
    now()
    return { ...said, changed: registry.position() - at }
  }
  /** The command of a line of the table, with what it is given. */
  const line = (name: string, ...args: string[]) => {
    const own = table.get(name)?.command
    if (!own) throw new Error(`${name} has no command`)
    tried.add(name)
    return run(...own.words.split(' '), ...args)
  }
  const post = async (who: Parameters<typeof send>[0], url: string, payload: object) => {
    const answer = await send(who, 'POST', url, payload)
    t.ok(answer.statusCode < 300, `${url}: ${answer.body.slice(0, 300)}`)
    return answer.json()
  }
  for (const uscc of [first, second])
    await post('县录', '/enterprises', { uscc, enterprise: { name: '示例公司', region: '130102' } })
  return { ...server, tried, run, line, post }
}

t.test('each command does what the table says, in nobody’s name who may not', async (t) => {
  const { registry, logins, tried, line, post, send } = await onCommandLine(t)
  const path = join(temporaryFolder(t), 'table.csv')

  const penalties =
    '统一社会信用代码,处罚决定书文号,处罚程序,违法行为类型,处罚种类,处罚内容,罚款金额,处罚决定日期,处罚机关,公示日期,履行完毕日期'
  const row = (no: string, authority: string, { fine = 50_000, fulfilled = '' } = {}) =>
    `${first},${no},普通程序,生产不符合国家标准的产品,罚款,罚款。,${fine},2026-11-02,${authority},2026-11-10,${fulfilled}`
  const { name: county } = AUTHORITIES.县
  const file = () => registry.files.byCode(keyOf(first))
  const kept = (no: string) => file().records.find(({ data }) => data.documentNo === no)
  const waiting = () => (file().proposals ?? []).filter(({ status }) => status === 'open')
  for (const place of places)
    for (const no of [`补${place}1号`, `改${place}1号`]) {
      const dates = { decidedOn: '2026-11-02', publishedOn: '2026-11-10' }
      const { data } = penaltyOf(no, { authority: county, category: undefined, ...dates })
      await post('县录', `/enterprises/${keyOf(first)}/records`, { type: 'penalty', data })
    }
  const isPut = (no: string) =>
    waiting().some(({ on, input }) =>
      JSON.stringify([kept(no)?.id === on.id && kept(no), input]).includes(no),
    )
  const rowsOf = (place: Place): Row[] => [
    { line: 'add-record', no: `新${place}1号`, text: row(`新${place}1号`, AUTHORITIES[place].name) },
    {
      ...{
        line: 'update-record',
        no: `补${place}1号`,
        isDone: () => kept(`补${place}1号`)?.data.fulfilledOn !== undefined,
      },
      text: row(`补${place}1号`, county, { fulfilled: '2026-11-20' }),
    },
    {
      ...{
        line: 'correct-record',
        no: `改${place}1号`,
        isDone: () => kept(`改${place}1号`)?.data.fine === 40_000,
      },
      text: row(`改${place}1号`, county, { fine: 40_000 }),
    },
    {
      // To the city and those above it this is no other's name.
      ...{
        line: place === '市' || place === '省' ? 'add-record' : 'add-record@以市局名义',
        no: `托${place}1号`,
      },
      text: row(`托${place}1号`, AUTHORITIES.市.name),
    },
  ]
  for (const place of places) {
    const asked = rowsOf(place)
    const { name } = AUTHORITIES[place]
    const letIn = (line: string) => table.get(line)?.command?.at.includes(place) ?? false
    const isNobody = !asked.some(({ line }) => letIn(line))
    writeFileSync(path, [penalties, ...asked.map(({ text }) => text), ''].join('\n'))
    const { code, changed, stdout } = await line('add-record', 'penalty', path, '--authority', name)
    t.equal(code, asked.every(({ line }) => letIn(line)) ? 0 : 1, stdout)
    t.equal(changed === 0, isNobody, `${place}: ${stdout}`)
    for (const { line: own, no, isDone = () => kept(no) !== undefined } of asked) {
      tried.add(own)
      const isProposed = table.get(own)?.command?.isProposed ?? false
      t.equal(isDone(), letIn(own) && !isProposed, `${own} in the name of ${place}: whether it is done`)
      t.equal(isPut(no), letIn(own) && isProposed, `${own} in the name of ${place}: whether it waits`)
    }
    const address = `${place}路1号`
    writeFileSync(path, `统一社会信用代码,企业名称,住所\n${first},示例公司,${address}\n`)
    await line('change-file', 'enterprise', path, '--authority', name)
    t.equal(
      file().enterprise.address === address,
      letIn('change-file'),
      `change-file in the name of ${place}`,
    )
  }

  // What it put forward is confirmed by whom the table names, and by nobody else.
  const corrections = waiting().filter(({ act }) => act !== 'add-record')
  for (const { id } of corrections)
    for (const who of names.filter((name) => name !== '停用')) {
      const own = table.get('correct-record')
      const seen = await send(who, 'GET', `/proposals/${id}`)
      const isOpen = seen.statusCode === 200 && seen.json().hindrance === undefined
      t.equal(isOpen, own && mayConfirm(who, own, '停用'), `what was imported, confirmed by ${who}`)
    }
  t.equal((await send(MACHINE, 'POST', `/proposals/${corrections[0]?.id}/confirmation`, {})).statusCode, 403)

  const [four] = shippedStandards
  if (!four) throw new Error('nothing is shipped')
  writeFileSync(path, JSON.stringify({ ...four, id: 'own', name: '另一标准', version: 1 }))
  // Both are judged by the same right; the names that are refused are tried with one of them.
  for (const [name, source] of [
    ['propose-shipped-standard', four.id],
    ['propose-standard', path],
  ] as const)
    for (const place of name === 'propose-standard' ? places : (['省'] as const)) {
      const { name: authority } = AUTHORITIES[place]
      const { code, changed, stderr } = await line(name, source, '--authority', authority, '--officer', '甲')
      const isLetIn = table.get(name)?.command?.at.includes(place) ?? false
      t.same(
        [code, changed > 0],
        isLetIn ? [0, true] : [2, false],
        `${name} in the name of ${place}: ${stderr}`,
      )
    }

  // Authorities, keys, accounts: whatever an administrator may, and what the second one confirms.
  const login = logins.get('县录') ?? ''
  const done = async (name: string, ...args: string[]) => {
    const { code, changed, stdout, stderr } = await line(name, ...args)
    t.equal(code, 0, `${name}: ${stderr}`)
    t.ok(changed > 0, `${name} is done`)
    return stdout
  }
  await done('open-authority', '裕华区局', '--above', '石家庄市局')
  await done('change-authority', '裕华区局', '--contacts', '0311')
  await done('rename-authority', '裕华区局', '裕华区市场监管局')
  await done('merge-authority', '裕华区市场监管局', '桥西区局', '--takes-over')
  const made = await done('create-key', '--name', '甲系统', '--scope', 'records:read', '--authority', county)
  const [, key = ''] = /密钥编号：(\S+)/.exec(made) ?? []
  for (const [url, payload] of [
    [`/keys/${key}/scopes`, { scopes: ['listings:decide'] }],
    [`/officers/${login}/duties`, { roles: ['reviewer'] }],
  ] as const)
    t.equal((await send('县管', 'POST', url, payload)).statusCode, 202, url)
  t.notOk(registry.keys.one(key)?.scopes.includes('listings:decide'))
  await done('grant-scopes', key)
  t.ok(registry.keys.one(key)?.scopes.includes('listings:decide'))
  await done('grant-duties', login)
  t.ok(registry.officers.one(login)?.roles.includes('reviewer'))
  await done('revoke-key', key)
  await done(
    ...(['create-officer', 'new-one', '--name', '新人', '--authority', county] as const),
    ...['--role', 'recorder', '--staff-no', 'new'],
  )
  await done('change-officer', 'new-one', '--name', '新名')
  await registry.officers.ofDirectory({ issuer: 'https://sso', subject: 'sso', login: 'new-one' })
  await done('unbind-officer', 'new-one')
  await done('reset-password', 'new-one')
  await done('disable-officer', 'new-one')
  t.same(
    Array.from(table)
      .filter(([name, { command }]) => command && !tried.has(name))
      .map(([name]) => name),
    [],
    'each command of the table was tried',
  )
})

t.test('a key that the command line makes in somebody’s name is that person, and no more', async (t) => {
  const { registry, logins, run } = await onCommandLine(t)
  for (const who of ['县录', '县管', '监察'] as const) {
    const made = await run(
      'key',
      'create',
      '--name',
      who,
      '--scope',
      ...scopesOf(personNamed[who].roles),
      '--for',
      logins.get(who) ?? '',
    )
    t.equal(made.code, 0, made.stderr)
    const [, id = ''] = /密钥编号：(\S+)/.exec(made.stdout) ?? []
    t.same(registry.keys.present(id)?.scopes, scopesOf(personNamed[who].roles), who)
    const beyond = ['key', 'create', '--name', who, '--scope', 'admin', '--for', logins.get(who) ?? '']
    t.equal((await run(...beyond)).changed, 0, 'not what the officer has not')
    t.equal(registry.keys.one(id)?.authority, AUTHORITIES[personNamed[who].at].name)
  }
  const closed = await run(
    'key',
    'create',
    '--name',
    '停用',
    '--scope',
    'admin',
    '--for',
    logins.get('停用') ?? '',
  )
  t.same([closed.code, closed.changed], [2, 0], 'nobody acts for an account that is closed')
})

t.test(
  'the command line is nobody’s second pair of eyes in a file, and opens what is closed for nobody',
  async (t) => {
    const { registry, logins, run, send } = await onCommandLine(t)
    const withdrawn = await send('县录', 'POST', `/enterprises/${keyOf(second)}/withdrawal`, {
      reason: '误建',
    })
    t.equal(withdrawn.statusCode, 202, withdrawn.body)
    const { id } = withdrawn.json()
    for (const args of [
      ['officer', 'confirm', logins.get('县录') ?? ''],
      ['key', 'confirm', id],
      ['officer', 'confirm', keyOf(second)],
    ]) {
      const { code, changed, stderr } = await run(...args)
      t.same([code, changed], [2, 0], args.join(' '))
      t.match(stderr, /没有等待确认的提请/, args.join(' '))
    }
    t.equal(registry.acts.proposal(id, { authority: '', officer: '' }).own.status, 'open')
    const over = logins.get('停用') ?? ''
    for (const args of [
      ['officer', 'disable', over],
      ['officer', 'change', over, '--name', '另一名'],
      ['authority', 'merge', '桥西区局', '桥西区局'],
    ]) {
      const { code, changed } = await run(...args)
      t.same([code, changed], [2, 0], args.join(' '))
    }
  },
)
