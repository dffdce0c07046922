import { z } from 'zod'
import { readers } from '../../authority/readers.ts'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { addMonths, shanghaiDate } from '../../calendar/dates.ts'
import { periodOf, regionCode } from '../../http/parameters.ts'
import type { Page } from '../../registry/gather.ts'
import { type Asker, actorOf, type Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import {
  assignmentColumns,
  DRAW_COLUMNS,
  DrawPage,
  DrawsPage,
  FollowUpsPage,
  followUpColumns,
  PlanPage,
  planColumns,
  RENEWAL_COLUMNS,
  RenewalsPage,
  SchemePage,
} from '../pages/supervision.tsx'
import { placeFor } from '../places.ts'
import { sentList } from '../send-list.ts'

/** Rows that a list looks at; the API's files hold all of them. */
const MOST_ROWS = 2000
const MONTHS_AHEAD = 3

/** Classified supervision: the plan, what follows failed tests, renewals, draws and whom they assign. */
export function deskSupervision(desk: Desk): void {
  const { app, registry, asker, offers, making, typed, page } = desk
  const schema = { hide: true }
  const { supervision } = registry
  const { scheme } = supervision
  const today = () => shanghaiDate(registry.now())
  const region = z.string().max(6).default('').catch('')
  const mayWrite = ({ officer }: Asker) => holds(scopesOf(officer.roles), 'records:write')

  const planQuery = z.object({
    ...listQuery,
    from: z.string().max(10).default('').catch(''),
    to: z.string().max(10).default('').catch(''),
    region,
    group: z.string().max(60).default('').catch(''),
    status: z.enum(['', 'done', 'due', 'overdue']).default('').catch(''),
  })
  app.get('/supervision', { schema: { ...schema, querystring: planQuery } }, async (request, reply) => {
    const who = asker(request, ...readers.supervision)
    const { query } = request
    const { from, to, group, status } = query
    const period = periodOf(from || `${today().slice(0, 7)}-01`, to || addMonths(today(), MONTHS_AHEAD))
    const asked = {
      region: placeFor(who, query.region),
      period,
      group: group === '' ? undefined : group,
      status: status === '' ? undefined : status,
    }
    const { rows, next } = await upTo(query.part, (after) => supervision.plan(asked, after, MOST_ROWS))
    const columns = planColumns(mayWrite(who))
    const file = sentList(reply, '检查计划', columns, rows, query, next)
    if (file) return file
    return page(request, reply, () => (
      <PlanPage
        {...who}
        rows={rows}
        next={next}
        query={query}
        period={period}
        scheme={scheme}
        mayWrite={mayWrite(who)}
      />
    ))
  })

  const followUpQuery = z.object({
    ...listQuery,
    region,
    state: z.enum(['open', 'overdue', 'all']).catch('open'),
  })
  app.get(
    '/supervision/follow-ups',
    { schema: { ...schema, querystring: followUpQuery } },
    async (request, reply) => {
      const who = asker(request, ...readers.supervision)
      const { query } = request
      const asked = {
        region: regionCode(query.region),
        all: query.state === 'all',
        overdue: query.state === 'overdue',
      }
      const { rows, next } = await upTo(query.part, (after) =>
        supervision.followUps(actorOf(who.officer), asked, after, MOST_ROWS),
      )
      const columns = followUpColumns(mayWrite(who))
      const file = sentList(reply, '不合格后处理', columns, rows, query, next)
      if (file) return file
      return page(request, reply, () => (
        <FollowUpsPage {...who} rows={rows} next={next} query={query} mayWrite={mayWrite(who)} />
      ))
    },
  )

  app.get(
    '/supervision/renewals',
    { schema: { ...schema, querystring: z.object({ ...listQuery, region }) } },
    async (request, reply) => {
      const who = asker(request, ...readers.supervision)
      const { query } = request
      const place = placeFor(who, query.region)
      const { rows, next } = await upTo(query.part, (after) => supervision.renewals(place, after, MOST_ROWS))
      const file = sentList(reply, '许可到期换证', RENEWAL_COLUMNS, rows, query, next)
      if (file) return file
      return page(request, reply, () => <RenewalsPage {...who} rows={rows} next={next} query={query} />)
    },
  )

  app.get('/supervision/scheme', { schema }, async (request, reply) => {
    const who = asker(request, ...readers.supervision, 'officers:write')
    return page(request, reply, () => <SchemePage {...who} scheme={scheme} />)
  })

  app.get(
    '/supervision/draws',
    { schema: { ...schema, querystring: z.object(listQuery) } },
    async (request, reply) => {
      const who = asker(request, ...readers.supervision)
      const { query } = request
      const file = sentList(reply, '双随机抽取', DRAW_COLUMNS, supervision.draws(), query)
      if (file) return file
      return page(request, reply, () => (
        <DrawsPage
          {...who}
          rows={supervision.draws()}
          offers={making(who, 'draw')}
          typed={typed(request)}
          query={query}
        />
      ))
    },
  )

  app.get(
    '/supervision/draws/:id',
    {
      schema: {
        ...schema,
        params: z.object({ id: z.string().max(100) }),
        querystring: z.object({ ...listQuery, done: z.string().max(40).optional() }),
      },
    },
    async (request, reply) => {
      const who = asker(request, ...readers.supervision)
      const { query } = request
      const { id } = request.params
      const draw = supervision.draw(id)
      const assignments = supervision.assignments(draw)
      const file = sentList(reply, draw.name, assignmentColumns(id, false), assignments, query)
      if (file) return file
      return page(request, reply, () => (
        <DrawPage
          {...who}
          draw={draw}
          groupName={scheme.groups.find((group) => group.id === draw.group)?.name ?? draw.group}
          assignments={assignments}
          agrees={supervision.recomputed(id).agrees}
          sameAs={supervision.sameAs(draw)}
          offers={offers(who, 'draw', { id })}
          query={query}
          mayWrite={mayWrite(who)}
          done={query.done && DRAWN[query.done]}
        />
      ))
    },
  )
}

const DRAWN: Readonly<Record<string, string>> = {
  'begin-draw': '方案和摘要已公布，请记牢您的那一份种子；等待另一人提交另一份。',
  'join-draw': '摘要已公布，请记牢您的那一份种子；现在可以先后开启。',
  'open-draw': '已开启。',
}

/** Pages put together until there are enough rows. */
async function upTo<T>(
  part: string,
  more: (after: string) => Promise<Page<T>>,
): Promise<{ rows: T[]; next: string | null }> {
  const rows: T[] = []
  let next: string | null = part
  while (next !== null && rows.length < MOST_ROWS) {
    const found: Page<T> = await more(next)
    rows.push(...found.items)
    next = found.next
  }
  return { rows, next }
}
