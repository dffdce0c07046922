import t, { type Test } from 'tap'
import type { Draft } from '../../src/register/entry.ts'
import { checkPage } from '../html/validator.ts'
import { licenceOf, penaltyOf, type TestServer, testServer, unifiedCode } from '../support.ts'

type Step = Pick<Draft, 'kind' | 'payload'>

function draft(kind: string, payload: unknown): Step {
  return { kind, payload }
}

function added(type: string, id: string, data: object): Step {
  return draft('record.added', { id, type, data })
}

const day = (n: number) => `2026-0${1 + (n % 9)}-1${n % 10}`
const authority = '石家庄市市场监督管理局'

/** The sections of the page and a record of each. */
const KINDS: Readonly<Record<string, (n: number) => Step>> = {
  licences: (n) => added('licence', `licences-${n}`, licenceOf(`XK${n}`, { issuedOn: day(n) }).data),
  inspections: (n) =>
    added('inspection', `inspections-${n}`, {
      ...{ kind: '日常巡查', product: `电线${n}`, inspectedOn: day(n), authority, outcome: '合格' },
    }),
  penalties: (n) =>
    added(
      'penalty',
      `penalties-${n}`,
      penaltyOf(`罚${n}`, { decidedOn: day(n), publishedOn: '2026-10-20' }).data,
    ),
  awards: (n) =>
    added('award', `awards-${n}`, {
      kind: '政府质量奖',
      level: '省',
      title: `奖${n}`,
      grantedOn: day(n),
      grantedBy: authority,
    }),
}

let files = 0

/** A server with one file of such entries; each has a code of its own, since parts of pages are kept by it. */
async function fileOf(t: Test, ...steps: Step[]) {
  const server = await testServer(t)
  files += 1
  const uscc = unifiedCode(`BGA${String(files).padStart(5, '0')}`)
  const key = uscc.slice(8, 17)
  const opened = draft('enterprise.opened', { uscc, data: { name: '示例大公司', region: '130102' } })
  const author = { authority: '省局', officer: '张三' }
  const drafts = [opened, ...steps].map(
    (step): Draft => ({ ...step, subject: key, visibility: 'public', author }),
  )
  for (let n = 0; n < drafts.length; n += 100)
    await server.writer.append({ drafts: drafts.slice(n, n + 100), command: `fill/${n}` })
  const shown = () => server.registry.files.shownBy(key)
  return { server, uscc, own: `/enterprises/${key}`, shown }
}

const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))

/** A page with what stands in one of its parts. */
async function read({ app }: TestServer, url: string, part: string) {
  const { statusCode, body } = await app.inject(url.split('#')[0] ?? '')
  const [, inside = ''] = new RegExp(`<section id="${part}">(.*?)</section>`, 's').exec(body) ?? []
  const link = (rel: string) =>
    new RegExp(`rel="${rel}" href="([^"]*)"`).exec(inside)?.[1]?.replaceAll('&amp;', '&')
  return {
    ...{ statusCode, body, inside },
    ids: Array.from(inside.matchAll(/id="r-([^"]*)"/g), ([, id = '']) => id),
    next: link('next'),
    previous: link('prev'),
  }
}

/** All the pages of a part from an address on, as their links lead. */
async function followed(server: TestServer, url: string, part: string) {
  const pages = [await read(server, url, part)]
  for (let next = pages[0]?.next; next !== undefined; next = pages.at(-1)?.next)
    pages.push(await read(server, next, part))
  return pages
}

for (const [section, record] of Object.entries(KINDS))
  t.test(`${section}: the newest stand on the page, links lead to all the others`, async (t) => {
    for (const [count, sizes] of [
      [0, [0]],
      [1, [1]],
      [50, [50]],
      [51, [50, 1]],
      [101, [50, 50, 1]],
    ] as const)
      for (const prefix of ['', '/en']) {
        const { server, own, shown } = await fileOf(t, ...many(count, record))
        const pages = await followed(server, prefix + own, section)
        t.same(
          pages.map(({ ids }) => ids.length),
          sizes,
          `${prefix} ${count}`,
        )
        const ids = pages.flatMap((page) => page.ids)
        t.equal(new Set(ids).size, count, 'each once')
        t.same(
          ids,
          shown().sections[section]?.map(({ id }) => id),
          'in their order',
        )
        for (const { body, statusCode, inside } of pages) {
          t.equal(statusCode, 200)
          t.match(inside, `<span class="number">${count}</span>`, 'says how many there are')
          await checkPage(t, `${section} ${count}`, body)
        }
        t.equal(/这里是第 1 |this is page 1 of/.test(pages[0]?.inside ?? ''), sizes.length > 1)
        let back = pages.at(-1)?.previous
        for (const page of pages.toReversed().slice(1)) {
          t.ok(back)
          const before = await read(server, back ?? '', section)
          t.same(before.ids, page.ids, 'and back')
          back = before.previous
        }
        t.equal(back, undefined)
        const others = Object.keys(KINDS).filter((other) => other !== section)
        for (const { body } of pages.slice(1))
          for (const other of others)
            t.notMatch(body, `<section id="${other}">`, 'a further page is of its part alone')
      }
  })

t.test('the history goes on in pages, and names records wherever they stand', async (t) => {
  for (const [records, sizes] of [
    [49, [50]],
    [50, [50, 1]],
    [101, [50, 50, 2]],
  ] as const) {
    const { server, own } = await fileOf(t, ...many(records, (n) => KINDS.awards?.(n) ?? draft('', {})))
    const pages = await followed(server, own, 'history')
    t.same(
      pages.map(({ inside }) => inside.split('<li>').length - 1),
      sizes,
    )
    const links = pages.flatMap(({ inside }) =>
      Array.from(inside.matchAll(/href="([^"]*#r-[^"]*)"/g), ([, address = '']) =>
        address.replaceAll('&amp;', '&'),
      ),
    )
    t.equal(links.length, records)
    for (const link of links.filter((_, n) => n % 7 === 0)) {
      const [path = '', id = ''] = link.split('#r-')
      t.ok((await read(server, path === '' ? own : path, 'awards')).ids.includes(id), link)
    }
  }
})

t.test('every page of a part has one address; others lead to it', async (t) => {
  const { server, own, uscc } = await fileOf(
    t,
    ...many(101, (n) => KINDS.awards?.(n) ?? draft('', {})),
    ...many(2, (n) => KINDS.licences?.(n) ?? draft('', {})),
    // So many that paper is cut too.
    ...many(200, (n) => KINDS.inspections?.(n) ?? draft('', {})),
  )
  const ids = (await followed(server, own, 'awards')).flatMap((page) => page.ids)
  const at = (address: string) => ({ statusCode: 302, headers: { location: address } })
  for (const prefix of ['', '/en'])
    for (const print of ['', '/print'])
      for (const [asked, answer] of [
        ['?section=awards&page=2', { statusCode: 200 }],
        ['?section=awards&page=3', { statusCode: 200 }],
        ['?page=2&section=awards', { statusCode: 200 }],
        ['?section=awards&page=02', at('?section=awards&page=2#awards')],
        ['?section=awards&page=4', at('?section=awards&page=3#awards')],
        ['?section=awards&page=999999', at('?section=awards&page=3#awards')],
        ['?section=awards&page=1', at('#awards')],
        ['?section=awards', at('#awards')],
        ['?section=licences&page=2', at('#licences')],
        ['?section=penalties&page=2', at('#penalties')],
        ['?section=history&page=9', at('?section=history&page=7#history')],
        ['?page=2', at('')],
        ['?section=', at('')],
        ['?record=nothing', at('')],
        [`?record=${ids[0]}`, at(`#r-${ids[0]}`)],
        [`?record=${ids[49]}`, at(`#r-${ids[49]}`)],
        [`?record=${ids[50]}`, at(`?section=awards&page=2#r-${ids[50]}`)],
        [`?record=${ids[100]}`, at(`?section=awards&page=3#r-${ids[100]}`)],
        ['?section=nothing', { statusCode: 404 }],
        ['?section=__proto__', { statusCode: 404 }],
        ['?section=awards&page=0', { statusCode: 400 }],
        ['?section=awards&page=x', { statusCode: 400 }],
      ] as const) {
        const path = `${prefix}${own}${print}`
        const { statusCode, headers } = await server.app.inject(path + asked)
        const { location } = headers
        const full = 'headers' in answer ? path + answer.headers.location : undefined
        t.same([statusCode, location], [answer.statusCode, full], path + asked)
      }
  const { headers } = await server.app.inject(`/enterprises/${uscc}?section=awards&page=2`)
  t.equal(headers.location, `${own}?section=awards&page=2`, 'another code of the file leads there too')
})

t.test('a past day, paper and the feed lead to the same pages', async (t) => {
  const { server, own } = await fileOf(t, ...many(400, (n) => KINDS.inspections?.(n) ?? draft('', {})))
  const day = '2026-11-24'
  server.clock.set('2026-11-25T02:00:00.000Z')
  const past = await followed(server, `${own}?asOf=${day}`, 'inspections')
  t.equal(past.flatMap(({ ids }) => ids).length, 400)
  for (const { body, ids } of past.slice(1)) {
    t.match(body, '这是 2026年11月24日 的档案')
    t.equal(ids.length, 50)
  }
  const second = past[0]?.next ?? ''
  t.match(second, new RegExp(`asOf=${day}&section=inspections&page=2#inspections$`))

  const paper = await read(server, `${own}/print`, 'inspections')
  t.equal(paper.ids.length, 50, 'too much for paper is cut there too')
  t.match(
    paper.inside,
    /共 400 条.*其余见 <a href="[^"]*\/enterprises\/[^/]*\?section=inspections&amp;page=2#inspections"/s,
  )
  const sheet = await read(server, `${own}/print?section=inspections&page=8`, 'inspections')
  t.equal(sheet.ids.length, 50)
  t.match(sheet.inside, '<details open')

  const { body } = await server.app.inject(`${own}/feed.json`)
  const { items } = JSON.parse(body)
  t.ok(items.length > 10)
  for (const { url } of items.slice(0, 5)) {
    const { pathname, search, hash } = new URL(url)
    const { statusCode, headers } = await server.app.inject(pathname + search)
    t.equal(statusCode, 302)
    const found = await read(server, String(headers.location), 'inspections')
    t.ok(found.ids.includes(hash.slice('#r-'.length)), url)
  }
})

t.test('paper holds all of a file up to a bound, which is exact', async (t) => {
  // The opening of the file is told in its history, and each record stands in a section and there.
  for (const [records, lines, isWhole] of [
    [199, 399, true],
    [200, 401, false],
  ] as const) {
    const { server, own, shown } = await fileOf(
      t,
      ...many(records, (n) => KINDS.inspections?.(n) ?? draft('', {})),
    )
    const { sections, history } = shown()
    t.equal((sections.inspections?.length ?? 0) + history.length, lines)
    const { ids, inside, body } = await read(server, `${own}/print`, 'inspections')
    t.equal(ids.length, isWhole ? records : 50)
    t.equal(inside.includes('其余见'), !isWhole)
    t.equal(body.split('<time').length - 1, isWhole ? records + 1 : 50)
  }
})

t.test('what is not published stands on no page and is counted on none', async (t) => {
  const hidden = (n: number) => penaltyOf(`未公示案${n}`, { decidedOn: `2026-11-2${n}` }).data
  const { server, own } = await fileOf(
    t,
    ...many(51, (n) => KINDS.penalties?.(n) ?? draft('', {})),
    ...many(2, (n) => added('penalty', `hidden-${n}`, hidden(n))),
    ...many(2, (n) => KINDS.penalties?.(100 + n) ?? draft('', {})),
    ...many(2, (n) => draft('record.withdrawn', { id: `penalties-${100 + n}`, reason: '登记有误' })),
  )
  const pages = [
    ...(await followed(server, own, 'penalties')),
    ...(await followed(server, own, 'history')),
    ...(await followed(server, `${own}/print`, 'penalties')),
  ]
  for (const { body, inside } of pages) {
    t.notMatch(body, /未公示案|hidden-|罚100|罚101|penalties-100|penalties-101/)
    if (inside.includes('<table')) t.match(inside, '<span class="number">51</span>')
  }
  for (const id of ['hidden-0', 'hidden-1', 'penalties-100', 'penalties-101']) {
    const { headers } = await server.app.inject(`${own}?record=${id}`)
    t.equal(headers.location, own, 'and no address tells of it')
  }
})
