import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { BadSettings, readSettings, wantsDemo } from '../src/config.ts'
import { routesOf } from './routes.ts'
import { testServer } from './support.ts'

t.test('a setting that is not in the list of what it may be is said, with its value', async (t) => {
  const wrong = {
    NODE_ENV: ['Production', 'prod'],
    PORT: ['0x50', '080', '00', '1e3', ' 80', '-1', '65536', '80.0'],
    HOST: [
      '[::1]',
      'http://localhost',
      '1.2.3',
      '1.2.3.4:80',
      '0x0',
      '0x7f000001',
      '0x7f.1',
      '0X7F.0.0.1',
      '127.1',
    ],
    TRUST_PROXY: [
      'true',
      'yes',
      '-1',
      '10',
      '10.0.0.0/33',
      '127.0.0.1;::1',
      'all',
      '0.0.0.0/0',
      '128.0.0.0/1',
      '10.0.0.0/7',
      '127.0.0.1,0.0.0.0/0',
      '::/0',
      '2000::/3',
      'fc00::/6',
      '::/8',
      '::/32',
      '::ffff:0:0/96',
      '::ffff:10.0.0.0/103',
    ],
    PUBLIC_URL: ['one.example', 'https://one.example/?a', 'https://one.example/a//b', 'ftp://one.example'],
    DEMO: ['1', 'TRUE'],
    LOG_LEVEL: ['INFO'],
  }
  for (const [name, values] of Object.entries(wrong))
    for (const value of values)
      t.throws(
        () => readSettings({ [name]: value }),
        { name: 'BadSettings', message: `${name}=${value}：` },
        `${name}=${value}`,
      )
  t.equal(readSettings({ PORT: '65535' }).PORT, 65_535)
  t.equal(readSettings({ HOST: '::1' }).HOST, '::1')
  t.equal(readSettings({ PORT: '' }).PORT, 8080, 'what is empty counts as not set')
})

t.test(
  'a proxy is believed by its number or address, and one that ends TLS stands on this machine',
  async (t) => {
    const trust = (TRUST_PROXY: string, PUBLIC_URL = '') =>
      readSettings({ TRUST_PROXY, PUBLIC_URL }).TRUST_PROXY
    t.equal(trust('false'), false)
    t.equal(trust('0'), false)
    t.equal(trust('2'), 2)
    t.same(trust('127.0.0.1, 10.0.0.0/8,::1'), ['127.0.0.1', '10.0.0.0/8', '::1'])
    t.equal(trust(''), false)
    t.equal(trust('', 'http://one.example'), false)
    t.same(trust('', 'https://one.example'), ['loopback'])
    t.equal(trust('false', 'https://one.example'), false)
  },
)

t.test('in production, behind a proxy or not, the address of the site must be said', async (t) => {
  for (const TRUST_PROXY of ['', 'false', '1', '127.0.0.1'])
    for (const HOST of ['', '127.0.0.1', '0.0.0.0']) {
      const start = { NODE_ENV: 'production', TRUST_PROXY, HOST }
      t.throws(() => readSettings(start), { message: /PUBLIC_URL=：/ })
      t.throws(() => readSettings(start), BadSettings)
      t.equal(
        readSettings({ ...start, PUBLIC_URL: 'https://a.cn/credit/' }).PUBLIC_URL,
        'https://a.cn/credit',
      )
    }
  for (const NODE_ENV of ['', 'development', 'test'])
    t.equal(readSettings({ NODE_ENV, TRUST_PROXY: '1' }).PUBLIC_URL, '', 'not so while developing')
})

t.test('a directory is set whole or not at all', async (t) => {
  const whole = {
    OIDC_ISSUER: 'https://sso.example.gov.cn',
    OIDC_CLIENT_ID: 'registry',
    OIDC_CLIENT_SECRET: 'secret',
  }
  t.match(readSettings(whole), whole)
  t.match(readSettings({}), { OIDC_ISSUER: '' })
  for (const name of Object.keys(whole)) {
    const lacking = { ...whole, [name]: '' }
    t.throws(() => readSettings(lacking), { message: new RegExp(`${name}=：单位目录须`) })
    const alone = { [name]: Object.entries(whole).find(([one]) => one === name)?.[1] }
    for (const other of Object.keys(whole))
      if (other !== name)
        t.throws(() => readSettings(alone), { message: new RegExp(`${other}=：单位目录须`) })
  }
})

t.test('the demo set goes where nothing real is, or where it is asked for', async (t) => {
  const wants = (environment: Record<string, string>) => wantsDemo(readSettings(environment))
  t.ok(wants({}))
  t.ok(wants({ DATA_DIR: join(tmpdir(), 'try') }))
  t.notOk(wants({ DATA_DIR: '/srv/registry' }))
  t.notOk(wants({ DATA_DIR: `${tmpdir()}-real` }))
  t.notOk(wants({ NODE_ENV: 'production', PUBLIC_URL: 'http://localhost' }))
  t.ok(wants({ DATA_DIR: '/srv/registry', DEMO: 'true' }))
  t.notOk(wants({ DEMO: 'false' }))
})

t.test('a setting whose name is written otherwise is said, and no other variable is minded', (t) => {
  for (const [name, meant] of [
    ['PUBLICURL', 'PUBLIC_URL'],
    ['TRUSTPROXY', 'TRUST_PROXY'],
    ['DATADIR', 'DATA_DIR'],
    ['Data_Dir', 'DATA_DIR'],
    ['public-url', 'PUBLIC_URL'],
    // One letter missing, too many, wrong, or in the place of the next.
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['SECOND_FACTORS', 'SECOND_FACTOR'],
    ['ACCESS_LOG_DAY', 'ACCESS_LOG_DAYS'],
    ['CLOCK_GAP_DAY', 'CLOCK_GAP_DAYS'],
    ['NODE_ENVS', 'NODE_ENV'],
    ['TURST_PROXY', 'TRUST_PROXY'],
    ['xDATA_DIR', 'DATA_DIR'],
    ['ATA_DIR', 'DATA_DIR'],
  ] as const)
    t.throws(
      () => readSettings({ [name]: 'x' }),
      new RegExp(`${name}=：没有这一项配置；是不是要写 ${meant}？`),
    )
  const others = {
    PATH: '/bin',
    host: 'x',
    Port: '1',
    DATADIR: '',
    POST: 'x',
    HOSTS: 'x',
    DATA_DIRS_2: 'x',
    MAIL_URL: 'x',
  }
  t.equal(readSettings(others).PORT, 8080)
  t.end()
})

t.test('a path below which the site lies has no name that the site’s own addresses begin with', async (t) => {
  const { app } = await testServer(t)
  await app.ready()
  const beginnings = new Set(routesOf(app).map(({ path }) => (path.split('/')[1] ?? '').replace('*', '')))
  beginnings.delete('')
  t.ok(beginnings.size > 30)
  for (const name of beginnings)
    for (const rest of ['', '/', '/credit'])
      t.throws(
        () => readSettings({ PUBLIC_URL: `https://zlxy.test/${name}${rest}` }),
        { message: /与本系统自己的地址同名/ },
        name + rest,
      )
  for (const path of ['', '/', '/credit', '/credit/desk', '/desks', '/Api'])
    t.equal(
      readSettings({ PUBLIC_URL: `https://zlxy.test${path}` }).PUBLIC_URL,
      `https://zlxy.test${path.replace(/\/$/, '')}`,
    )
})

t.test('the address of the site is one, and not the one of the handbook', (t) => {
  for (const address of [
    'https://‹域名>',
    'https://zlxy.test/a/../b',
    'https://zlxy.test/.',
    'https://zlxy.test:x',
  ])
    t.throws(() => readSettings({ PUBLIC_URL: address }), /PUBLIC_URL=/, address)
  for (const address of ['https://zlxy.example.gov.cn', 'https://EXAMPLE.gov.cn:8443/credit']) {
    t.throws(() => readSettings({ NODE_ENV: 'production', PUBLIC_URL: address }), /手册中的例子/, address)
    t.equal(readSettings({ PUBLIC_URL: address }).PUBLIC_URL, address)
  }
  for (const address of [
    'https://zlxy.hebei.gov.cn',
    'https://zlxyexample.gov.cn',
    'https://example.gov.cn.test',
  ])
    t.equal(readSettings({ NODE_ENV: 'production', PUBLIC_URL: address }).PUBLIC_URL, address)
  t.end()
})
