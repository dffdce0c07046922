import { z } from 'zod'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { addMonths, shanghaiDate } from '../../calendar/dates.ts'
import { regionContains } from '../../codes/regions.ts'
import { invalid } from '../../dossier/refusal.ts'
import { periodOf, regionCode } from '../../http/parameters.ts'
import type { Page } from '../../registry/gather.ts'
import type { NewDraw } from '../../registry/supervision.ts'
import type { Asker, Desk, Form } from '../contract.ts'
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
import { sentList } from '../send-list.ts'

/** Rows that a list looks at; the API's files hold all of them. */
const MOST_ROWS = 2000
const MONTHS_AHEAD = 3
const levels = ['国家', '省', '市', '县'] as const

/** Classified supervision: the plan, what follows failed tests, renewals, draws and whom they assign. */
export function deskSupervision(desk: Desk): void {
  const { app, registry, asker, formOf, requestOf, typed, attempt, page } = desk
  const schema = { hide: true }
  const { supervision } = registry
  const { scheme } = supervision
  const today = () => shanghaiDate(registry.now())
  const readers = ['records:read', 'supervision:write'] as const
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
    const who = asker(request, ...readers)
    const { query } = request
    const { from, to, group, status } = query
    const period = periodOf(from || `${today().slice(0, 7)}-01`, to || addMonths(today(), MONTHS_AHEAD))
    const asked = {
      region: regionFor(who, query.region),
      period,
      group: group === '' ? undefined : group,
      status: status === '' ? undefined : status,
    }
    const { rows, more } = await upTo((after) => supervision.plan(asked, after, MOST_ROWS))
    const columns = planColumns(mayWrite(who))
    const file = sentList(reply, '检查计划', columns, rows, query)
    if (file) return file
    return page(request, reply, () => (
      <PlanPage
        {...who}
        rows={rows}
        more={more}
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
      const who = asker(request, ...readers)
      const { query } = request
      const asked = {
        region: regionFor(who, query.region),
        all: query.state === 'all',
        overdue: query.state === 'overdue',
      }
      const { rows, more } = await upTo((after) => supervision.followUps(asked, after, MOST_ROWS))
      const columns = followUpColumns(mayWrite(who))
      const file = sentList(reply, '不合格后处理', columns, rows, query)
      if (file) return file
      return page(request, reply, () => (
        <FollowUpsPage {...who} rows={rows} more={more} query={query} mayWrite={mayWrite(who)} />
      ))
    },
  )

  app.get(
    '/supervision/renewals',
    { schema: { ...schema, querystring: z.object({ ...listQuery, region }) } },
    async (request, reply) => {
      const who = asker(request, ...readers)
      const { query } = request
      const place = regionFor(who, query.region)
      const { rows, more } = await upTo((after) => supervision.renewals(place, after, MOST_ROWS))
      const file = sentList(reply, '许可到期换证', RENEWAL_COLUMNS, rows, query)
      if (file) return file
      return page(request, reply, () => <RenewalsPage {...who} rows={rows} more={more} query={query} />)
    },
  )

  app.get('/supervision/scheme', { schema }, async (request, reply) => {
    const who = asker(request, ...readers, 'officers:write')
    return page(request, reply, () => <SchemePage {...who} scheme={scheme} />)
  })

  app.get(
    '/supervision/draws',
    { schema: { ...schema, querystring: z.object(listQuery) } },
    async (request, reply) => {
      const who = asker(request, ...readers)
      const { query } = request
      const file = sentList(reply, '双随机抽取', DRAW_COLUMNS, supervision.draws(), query)
      if (file) return file
      return page(request, reply, () => (
        <DrawsPage {...who} {...drawProps(who)} query={query} typed={typed(request)} />
      ))
    },
  )

  app.post('/supervision/draws', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request, 'supervision:write')
    return attempt(
      request,
      reply,
      form,
      async () => {
        const { id } = await supervision.makeDraw(drawOf(form), requestOf(who, form))
        return `/desk/supervision/draws/${id}?done=1`
      },
      (refused) => (
        <DrawsPage {...who} {...drawProps(who)} query={z.object(listQuery).parse({})} refused={refused} />
      ),
    )
  })

  app.get(
    '/supervision/draws/:id',
    {
      schema: {
        ...schema,
        params: z.object({ id: z.string().max(100) }),
        querystring: z.object({ ...listQuery, done: z.string().max(10).optional() }),
      },
    },
    async (request, reply) => {
      const who = asker(request, ...readers)
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
          query={query}
          mayWrite={mayWrite(who)}
          done={query.done === undefined ? undefined : '已抽取。'}
        />
      ))
    },
  )

  function drawProps({ officer }: Asker) {
    return {
      rows: supervision.draws(),
      scheme,
      today: today(),
      mayDraw: holds(scopesOf(officer.roles), 'supervision:write'),
    }
  }

  /** What a form asks to be drawn; refuses what can't be read, beside its field. */
  function drawOf(form: Form): NewDraw {
    const { name = '', seed = '', group = '', level = '', from = '', to = '' } = form
    const said = (field: string, text: string, most: number) => {
      const tidy = text.trim()
      if (tidy === '') throw invalid(`/${field}`, 'required', '必填，请写明。')
      if (tidy.length > most) throw invalid(`/${field}`, 'too-big', `最多 ${most} 个字。`)
      return tidy
    }
    const known = levels.find((one) => one === level)
    if (!known) throw invalid('/level', 'required', '请选择抽查层级。')
    if (group === '') throw invalid('/group', 'required', '请选择产品类别。')
    const rates = Object.fromEntries(
      scheme.modes.flatMap(({ class: one }) => {
        const text = (form[`rate-${one}`] ?? '').trim().replace(/[%％]$/u, '')
        if (text === '') return []
        const rate = Number(text)
        if (!/^\d{1,3}(\.\d{1,2})?$/.test(text) || rate > 100)
          throw invalid(`/rate-${one}`, 'number', '应为 0 到 100 的数，最多两位小数。')
        return [[one, rate / 100]]
      }),
    )
    if (Object.keys(rates).length === 0)
      throw invalid(`/rate-${scheme.modes[0]?.class}`, 'required', '请至少填一类企业的抽取比例。')
    const each = Number(form.inspectorsEach)
    if (!Number.isInteger(each) || each < 1 || each > 10)
      throw invalid('/inspectorsEach', 'number', '应为 1 到 10 的整数。')
    const inspectors = (form.inspectors ?? '')
      .split(/[\n、,，;；]/u)
      .map((one) => one.trim())
      .filter((one) => one !== '')
    if (inspectors.length === 0) throw invalid('/inspectors', 'required', '请填写检查人员，每行一名。')
    if (inspectors.length > 1000 || inspectors.some((one) => one.length > 50))
      throw invalid('/inspectors', 'too-big', '最多 1000 名，每名最多 50 个字。')
    return {
      name: said('name', name, 100),
      seed: said('seed', seed, 200),
      group,
      level: known,
      period: { from, to },
      rates,
      inspectors,
      inspectorsEach: each,
      ...((form.region ?? '') !== '' && { region: form.region }),
    }
  }
}

/** The region that an officer looks at: within their own, the whole of it by default. */
export function regionFor({ officer }: Asker, asked: string): string | undefined {
  const code = regionCode(asked)
  const own = officer.region
  if (own === undefined) return code
  return code !== undefined && regionContains(own, code) ? code : own
}

/** Pages put together until there are enough rows. */
async function upTo<T>(next: (after: string) => Promise<Page<T>>): Promise<{ rows: T[]; more: boolean }> {
  const rows: T[] = []
  for (let after: string | null = ''; after !== null; ) {
    const found: Page<T> = await next(after)
    rows.push(...found.items)
    after = found.next
    if (rows.length >= MOST_ROWS) return { rows, more: after !== null }
  }
  return { rows, more: false }
}
