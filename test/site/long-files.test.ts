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
  const shown = async () => JSON.parse((await server.app.inject(`/api/v1/enterprises/${key}`)).body)
  let changes = 0
  const change = (...more: Step[]) => {
    changes += 1
    const drafts = more.map((step): Draft => ({ ...step, subject: key, visibility: 'public', author }))
    return server.writer.append({ drafts, command: `change/${changes}` })
  }
  return { server, uscc, own: `/enterprises/${key}`, shown, change }
}

const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))

/** A page with what stands in one of its parts. */
async function read({ app }: TestServer, url: string, part: string) {
  const first = await app.inject(url.split('#')[0] ?? '')
  // What would be the beginning stands on the page of the whole file.
  const { location } = first.headers
  const { statusCode, body } =
    location === undefined ? first : await app.inject(String(location).split('#')[0] ?? '')
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
          (await shown())[section].map(({ id }: { id: string }) => id),
          'in their order',
        )
        for (const { body, statusCode, inside } of pages) {
          t.equal(statusCode, 200)
          t.match(inside, `<span class="number">${count}</span>`, 'says how many there are')
          await checkPage(t, `${section} ${count}`, body)
        }
        t.equal(/这里是第 1 至|these are 1 to/.test(pages[0]?.inside ?? ''), sizes.length > 1)
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
  const pages = await followed(server, own, 'awards')
  const ids = pages.flatMap((page) => page.ids)
  const at = (address: string) => ({ statusCode: 302, headers: { location: address } })
  const here = { statusCode: 200 }
  const addressed = (address: string | undefined) => (address ?? '').slice(own.length).split('#')[0] ?? ''
  const [second = '', third = ''] = pages.map(({ next }) => addressed(next))
  const back = addressed(pages[2]?.previous)
  const history = (await followed(server, own, 'history')).map(({ next }) => addressed(next))
  const cursor = (...place: (string | number)[]) => Buffer.from(JSON.stringify(place)).toString('base64url')
  t.match(second, /^\?section=awards&after=[\w-]+$/)
  for (const prefix of ['', '/en'])
    for (const print of ['', '/print'])
      for (const [asked, answer] of [
        [second, here],
        [third, here],
        [back, here],
        [second.replace(/(section=awards)&(after=.*)/, '?$2&$1').slice(1), here],
        // As addresses once were.
        ['?section=awards&page=2', at(`${second}#awards`)],
        ['?page=2&section=awards', at(`${second}#awards`)],
        ['?section=awards&page=02', at(`${second}#awards`)],
        ['?section=awards&page=3', at(`${third}#awards`)],
        ['?section=awards&page=4', at(`${third}#awards`)],
        ['?section=awards&page=999999', at(`${third}#awards`)],
        ['?section=awards&page=1', at('#awards')],
        ['?section=awards', at('#awards')],
        ['?section=licences&page=2', at('#licences')],
        ['?section=penalties&page=2', at('#penalties')],
        ['?section=history&page=9', at(`${history[5]}#history`)],
        ['?page=2', at('')],
        ['?section=', at('')],
        ['?record=nothing', at('')],
        [`?record=${ids[0]}`, at(`#r-${ids[0]}`)],
        [`?record=${ids[49]}`, at(`#r-${ids[49]}`)],
        [`?record=${ids[50]}`, at(`${second}#r-${ids[50]}`)],
        [`?record=${ids[100]}`, at(`${third}#r-${ids[100]}`)],
        // A place before all others, one behind them all, one of a row that never was.
        [`?section=awards&after=${cursor('9999', '')}`, at('#awards')],
        [`?section=awards&before=${cursor('9999', '')}`, at('#awards')],
        [`?section=awards&before=${cursor('2026-05-14', '')}`, here],
        [`?section=awards&after=${cursor('2026-05-14', 'x')}`, here],
        ['?section=nothing', { statusCode: 404 }],
        ['?section=__proto__', { statusCode: 404 }],
        ['?section=awards&page=0', { statusCode: 400 }],
        ['?section=awards&page=x', { statusCode: 400 }],
        ['?section=awards&after=x', { statusCode: 400 }],
        [`?section=awards&before=${cursor()}`, { statusCode: 400 }],
      ] as const) {
        const path = `${prefix}${own}${print}`
        const { statusCode, headers } = await server.app.inject(path + asked)
        const { location } = headers
        const full = 'headers' in answer ? path + answer.headers.location : undefined
        t.same([statusCode, location], [answer.statusCode, full], path + asked)
      }
  const { headers } = await server.app.inject(`/enterprises/${uscc}${second}`)
  t.equal(headers.location, `${own}${second}`, 'another code of the file leads there too')
  const last = await server.app.inject(`${own}?section=awards&after=${cursor('1', '')}`)
  t.equal(last.statusCode, 302, 'behind the last there is nothing: the last ones are shown')
  t.same((await read(server, String(last.headers.location), 'awards')).ids, ids.slice(51))
})

t.test('while a file changes, its pages leave nothing out and show nothing twice', async (t) => {
  const { server, own, change } = await fileOf(
    t,
    ...many(150, (n) => KINDS.inspections?.(n) ?? draft('', {})),
  )
  for (const part of ['inspections', 'history']) {
    const lines = ({ inside }: { inside: string }) =>
      part === 'history'
        ? Array.from(inside.matchAll(/<li>.*?登记序号 (\d+)/gs), ([, position = '']) => position)
        : Array.from(inside.matchAll(/id="r-([^"]*)"/g), ([, id = '']) => id)
    const first = await read(server, own, part)
    const before = (await followed(server, own, part)).flatMap(lines)
    const seen = lines(first)
    // One comes before all others, the one that the page ended with goes, and one that the next began with.
    const gone = part === 'inspections' ? before.slice(49, 51) : []
    await change(
      added('inspection', `new-${part}`, {
        ...{ kind: '日常巡查', product: '电线', inspectedOn: '2026-11-20', authority, outcome: '合格' },
      }),
      ...gone.map((id) => draft('record.withdrawn', { id: id.replace('r-', ''), reason: '登记有误' })),
    )
    for (let { next } = first; next !== undefined; ) {
      const page = await read(server, next, part)
      seen.push(...lines(page))
      next = page.next
    }
    t.equal(new Set(seen).size, seen.length, `${part}: nothing twice`)
    t.same(
      before.filter((line) => !seen.includes(line) && !gone.includes(line)),
      [],
      `${part}: nothing left out`,
    )
  }
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
  t.match(second, new RegExp(`asOf=${day}&section=inspections&after=[\\w-]+#inspections$`))

  const paper = await read(server, `${own}/print`, 'inspections')
  t.equal(paper.ids.length, 50, 'too much for paper is cut there too')
  t.match(
    paper.inside,
    /共 400 条.*其余见 <a href="[^"]*\/enterprises\/[^/]*\?section=inspections&amp;after=[\w-]+#inspections"/s,
  )
  const { headers } = await server.app.inject(`${own}/print?section=inspections&page=8`)
  const sheet = await read(server, String(headers.location), 'inspections')
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
    const { inspections, history } = await shown()
    t.equal(inspections.length + history.length, lines)
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
