import t from 'tap'
import { loadDemo } from '../../src/demo/demo.ts'
import { acting } from '../acting.ts'
import { addressesIn, checkPage, HOSTILE } from '../html/validator.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { signedIn } from './visitor.ts'
import { bureauAtWork } from './work.ts'

const request = { actor: { authority: '省局', officer: HOSTILE }, command: 'crawl' }

t.test('every page of the desk is valid, small, and leads nowhere that is not there', async (t) => {
  const server = await testServer(t)
  await loadDemo(server.register, server.writer, server.registry.catalogue, server.clock.now())
  const { acts } = server.registry
  const uscc = unifiedCode('HQAT0001')
  const key = uscc.slice(8, 17)
  const by = (command: string) => ({ ...request, command })
  await acts.open(
    { codes: { uscc }, data: { name: `示例${HOSTILE}`, address: HOSTILE, region: '130102' } },
    request,
  )
  await acting(server.registry).change(uscc, { address: `${HOSTILE}二` }, 'any', by('change'), HOSTILE)
  await acting(server.registry).note(uscc, HOSTILE, by('note'))
  await acts.addRecord(
    uscc,
    'licence',
    licenceOf('XK-1', { product: `${HOSTILE}电线` }).data,
    undefined,
    by('licence'),
  )
  const penalty = penaltyOf(HOSTILE, { conduct: `无证生产${HOSTILE}`, content: HOSTILE, severity: '严重' })
  await acts.addRecord(uscc, 'penalty', penalty.data, undefined, by('penalty'))
  const visitor = await signedIn(server, {
    login: 'zhangsan',
    name: HOSTILE,
    roles: ['recorder', 'reviewer', 'publisher', 'auditor'],
  })
  const administrator = await signedIn(server, { login: 'lisi', name: HOSTILE, roles: ['administrator'] })
  const penaltyId = server.registry.files.byCode(key).records.at(-1)?.id ?? ''
  const listing = { penalties: penaltyId, ground: 'order-44/unlicensed', facts: HOSTILE, reasons: HOSTILE }
  const proposed = await visitor.fill(
    `/desk/acts/propose-listing?code=${key}&penalties=${penaltyId}`,
    listing,
    `/desk/acts/propose-listing?code=${key}`,
  )
  const page = String(proposed.headers.location).split('?')[0] ?? ''
  const step = (act: string) => `/desk/acts/${act}?code=${key}&id=${page.split('/').at(-1)}`
  await visitor.fill(page, { servedOn: '2026-11-24', way: HOSTILE }, step('serve-notice'))
  await visitor.fill(`/desk/enterprises/${key}/objections`, {
    about: `record:${penaltyId}`,
    on: '2026-11-20',
    grounds: HOSTILE,
  })
  await visitor.fill('/desk/bulletins', { from: '2026-11-01', to: '2026-11-24' }, '/desk/acts/draft-bulletin')
  await visitor.fill('/desk/campaigns', { standard: 'four-grades' })
  await server.registry.campaigns.settled()
  await visitor.fill(
    '/desk/supervision/draws',
    {
      name: HOSTILE.slice(0, 90),
      commitment: HOSTILE.padEnd(16, '字'),
      group: 'wire-cable',
      level: '市',
      from: '2026-01-01',
      to: '2026-12-31',
      B: '100',
      inspectors: HOSTILE.slice(0, 40),
      inspectorsEach: '1',
    },
    '/desk/acts/begin-draw',
  )
  const table = `组织机构代码,检查类别,检查日期,检查机关,产品名称,检查结果,"${HOSTILE.replaceAll('"', '""')}"\n${key},日常巡查,2026-13-01,局,"${HOSTILE.replaceAll('"', '""')}",合格,x\n`
  await visitor.upload('/desk/imports', '/desk/imports', { type: 'inspection' }, `${HOSTILE}.csv`, table)
  // Pages that an answer to a form shows.
  const refused = [
    await visitor.fill(`/desk/new/penalty?code=${key}`, { content: HOSTILE, documentNo: HOSTILE, fine: 'x' }),
    await visitor.fill(`/desk/enterprises/${key}/change`, { name: HOSTILE, reason: '' }),
    await visitor.fill(page, { on: 'x', statement: HOSTILE, answer: '' }, step('record-statement')),
    await visitor.fill(page, { granted: 'yes', reasons: HOSTILE }, step('consent-to-listing')),
    await visitor.fill('/desk/standards', { document: `{"x":"${HOSTILE}` }, '/desk/acts/propose-standard'),
    await visitor.fill('/desk/standards/four-grades', {}, '/desk/standards/four-grades/simulation'),
    await visitor.fill(
      '/desk/officers',
      { login: HOSTILE.slice(0, 30), name: HOSTILE, authority: '', roles: [] },
      '/desk/acts/create-officer',
    ),
    await visitor.get(`/desk/enterprises/${encodeURIComponent(HOSTILE)}`),
    await visitor.get('/desk/nothing'),
  ]
  for (const [i, { body }] of refused.entries()) await checkPage(t, `answer ${i}`, body)

  const open = ['/desk']
  const seen = new Set(open)
  const kinds = new Set<string>()
  while (open.length > 0) {
    const path = open.shift() ?? ''
    const { statusCode, headers, body } = await visitor.get(path)
    t.ok(statusCode < 400, `${path}: ${statusCode}`)
    if (typeof headers.location === 'string' && !seen.has(headers.location)) {
      seen.add(headers.location)
      open.push(headers.location)
    }
    if (!String(headers['content-type']).startsWith('text/html')) continue
    kinds.add(path.split(/[/?]/)[2] ?? '')
    await checkPage(t, path, body)
    for (const { address } of addressesIn(body)) {
      // The public's pages are walked elsewhere; a list's sorting multiplies without end.
      const isOurs = /^\/(desk|assets)/.test(address) && !/[?&](sort|page)=.*[?&]/.test(address)
      if (!isOurs || seen.has(address) || seen.size > 700) continue
      seen.add(address)
      open.push(address)
    }
  }
  for (const path of ['/desk/officers', '/desk/keys', '/desk/authorities']) {
    const { statusCode, body } = await administrator.get(path)
    t.equal(statusCode, 200, path)
    await checkPage(t, path, body)
  }
  t.ok(seen.size > 100 && seen.size <= 700, `${seen.size} addresses`)
  for (const kind of [
    ...[
      '',
      'new',
      'new-file',
      'find',
      'imports',
      'cases',
      'bulletins',
      'campaigns',
      'standards',
      'rule-sets',
      'supervision',
    ],
    ...['reports', 'audit', 'system', 'enterprises', 'account'],
  ])
    if (kind !== 'find') t.ok(kinds.has(kind), `came to ${kind}`)
})

/** People of each duty, at the place of the things and elsewhere. */
const WALKERS = [
  '县录',
  '县发',
  '监察',
  '县管',
  '邻审',
  '外审',
  '外管',
  '市审',
  '市管',
  '省审',
  '省管',
] as const

t.test('nothing that a page of the desk leads to is forbidden to whoever is shown it', async (t) => {
  const { visitors, code, own } = await bureauAtWork(t)
  // One alone has none but this duty.
  const starts = [
    '/desk',
    `/desk/enterprises/${code}`,
    `/desk/imports/${own.import}`,
    `/desk/cases/${own.case}`,
  ]
  for (const who of WALKERS) {
    const visitor = visitors.get(who)?.visitor
    const open = [...starts]
    const seen = new Map(starts.map((path) => [path, 1]))
    const from = new Map<string, string>()
    let walked = 0
    while (open.length > 0) {
      const path = open.shift() ?? ''
      const answer = await visitor?.get(path)
      walked += 1
      const isStart = !from.has(path)
      t.ok(isStart || answer?.statusCode !== 403, `${who}: ${from.get(path)} leads to ${path}`)
      const { location } = answer?.headers ?? {}
      const led = typeof location === 'string' ? [{ address: location }] : []
      const isPage = String(answer?.headers['content-type']).startsWith('text/html')
      for (const { address } of [...led, ...(isPage ? addressesIn(answer?.body ?? '') : [])]) {
        if (!/^\/desk/.test(address) || /[?&](sort|page|format)=|^\/desk\/directory/.test(address)) continue
        // Two of each shape: the one that is theirs and, as often, the one that is not.
        const shape = address
          .replaceAll(/[0-9a-zA-Z:%-]*[0-9][0-9a-zA-Z:%-]*/g, '#')
          .replaceAll(/=[^&]*/g, '')
        const times = seen.get(shape) ?? 0
        if (times >= 2 || from.has(address)) continue
        seen.set(shape, times + 1)
        from.set(address, path)
        open.push(address)
      }
    }
    t.ok(walked > 12, `${who} walked ${walked} pages`)
  }
})
