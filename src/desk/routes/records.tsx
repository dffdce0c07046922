import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { Problem } from '../../api/problem.ts'
import { shanghaiDate } from '../../calendar/dates.ts'
import type { Dossier } from '../../dossier/dossier.ts'
import { Refusal } from '../../dossier/refusal.ts'
import { enterprise as enterpriseKind } from '../../records/catalogue.ts'
import type { RecordData, RecordKind } from '../../records/kind.ts'
import { CommandReused } from '../../register/register.ts'
import type { Outcome } from '../../registry/acts.ts'
import type { Asker, Desk, Form } from '../desk.tsx'
import { changesOf, dataOf, formOf as formOfData } from '../forms.ts'
import { ChoosePage, type RecordAct, RecordPage } from '../pages/record.tsx'

const REMEMBERED = 10_000
/** What one inspection has in common with the next. */
const KEPT_FIELDS = [
  'kind',
  'planNo',
  'inspectedOn',
  'authority',
  'laboratory',
  'procedure',
  'issuedOn',
  'level',
]

/** Recording, updating, correcting and withdrawing, with forms made from the records' definitions. */
export function deskRecords({ app, registry, asker, formOf, requestOf, page }: Desk): void {
  const schema = { hide: true }
  const today = () => shanghaiDate(registry.now())
  /** The last entry of each officer and kind, to begin the next one from. */
  const lastForms = new LRUCache<string, Form>({ max: REMEMBERED })

  app.get('/new', { schema }, async (request, reply) => {
    const who = asker(request, 'records:write')
    return page(request, reply, () => <ChoosePage {...who} kinds={registry.catalogue.kinds} />)
  })

  const ofType = z.object({ type: z.string().max(50) })
  app.get(
    '/new/:type',
    {
      schema: {
        ...schema,
        params: ofType,
        querystring: z.object({ code: z.string().max(100).optional(), done: z.string().max(100).optional() }),
      },
    },
    async (request, reply) => {
      const who = asker(request, 'records:write')
      const kind = kindOf(request.params.type)
      const { code, done } = request.query
      const kinds = registry.catalogue.kinds
      if (code === undefined)
        return page(request, reply, () => (
          <ChoosePage
            {...who}
            kinds={kinds}
            kind={kind}
            done={done === undefined ? undefined : '已登记。可以接着登记下一家。'}
          />
        ))
      const dossier = registry.files.byCode(code)
      const form = { ...beginning(kind, who), ...lastForms.get(`${who.officer.login} ${kind.type}`) }
      return page(request, reply, () => <RecordPage {...propsOf(who, 'new', kind, dossier, form)} />)
    },
  )

  app.post(
    '/new/:type',
    { schema: { ...schema, params: ofType, querystring: z.object({ code: z.string().max(100) }) } },
    async (request, reply) => {
      const { asker: who, form } = formOf(request, 'records:write')
      const kind = kindOf(request.params.type)
      const dossier = registry.files.byCode(request.query.code)
      return taken(request, reply, { who, act: 'new', kind, dossier, form }, async () => {
        await registry.acts.addRecord(
          dossier.key,
          kind.type,
          dataOf(form, kind),
          undefined,
          requestOf(who, form),
        )
        const kept = Object.entries(form).filter(([field]) => KEPT_FIELDS.includes(field))
        lastForms.set(`${who.officer.login} ${kind.type}`, Object.fromEntries(kept))
        return `/desk/new/${kind.type}?done=1`
      })
    },
  )

  const ofRecord = z.object({ code: z.string().max(100), id: z.string().max(100) })
  for (const act of ['update', 'correct', 'withdraw'] as const) {
    const path = `/enterprises/:code/records/:id/${act}`
    app.get(path, { schema: { ...schema, params: ofRecord } }, async (request, reply) => {
      const who = asker(request, 'records:write')
      const { dossier, kind, data, id } = recordOf(request.params)
      const form = formOfData(data, kind)
      return page(request, reply, () => <RecordPage {...propsOf(who, act, kind, dossier, form, id)} />)
    })
    app.post(path, { schema: { ...schema, params: ofRecord } }, async (request, reply) => {
      const { asker: who, form } = formOf(request, 'records:write')
      const { dossier, kind, data, id } = recordOf(request.params)
      return taken(request, reply, { who, act, kind, dossier, form, id }, async () => {
        const asked = requestOf(who, form)
        const seen = revisionOf(form)
        const reason = form.reason ?? ''
        const changes = changesOf(form, data, kind)
        const { acts } = registry
        const done: Record<typeof act, () => Promise<Outcome>> = {
          update: () => acts.updateRecord(dossier.key, id, changes, seen, asked),
          correct: () => acts.correctRecord(dossier.key, id, changes, needed(reason), seen, asked),
          withdraw: () => acts.withdrawRecord(dossier.key, id, needed(reason), seen, asked),
        }
        await done[act]()
        return `/desk/enterprises/${dossier.key}?done=1#r-${id}`
      })
    })
  }

  const ofFile = z.object({ code: z.string().max(100) })
  for (const [path, act] of [
    ['change', 'update'],
    ['correct', 'correct'],
  ] as const) {
    const address = `/enterprises/:code/${path}`
    app.get(address, { schema: { ...schema, params: ofFile } }, async (request, reply) => {
      const who = asker(request, 'records:write')
      const dossier = registry.files.byCode(request.params.code)
      const form = formOfData(dossier.enterprise, enterpriseKind)
      return page(request, reply, () => <RecordPage {...propsOf(who, act, enterpriseKind, dossier, form)} />)
    })
    app.post(address, { schema: { ...schema, params: ofFile } }, async (request, reply) => {
      const { asker: who, form } = formOf(request, 'records:write')
      const dossier = registry.files.byCode(request.params.code)
      return taken(request, reply, { who, act, kind: enterpriseKind, dossier, form }, async () => {
        const changes = changesOf(form, dossier.enterprise, enterpriseKind)
        const asked = requestOf(who, form)
        if (act === 'update') await registry.acts.change(dossier.key, changes, revisionOf(form), asked)
        else
          await registry.acts.correct(
            dossier.key,
            changes,
            needed(form.reason ?? ''),
            revisionOf(form),
            asked,
          )
        return `/desk/enterprises/${dossier.key}?done=1`
      })
    })
  }

  interface Sent {
    who: Asker
    act: RecordAct
    kind: RecordKind
    dossier: Dossier
    form: Form
    id?: string
  }

  /** Does what a form asks for and goes on; or shows the form again with what was wrong and all that was typed. */
  async function taken(
    request: FastifyRequest,
    reply: FastifyReply,
    { who, act, kind, dossier, form, id }: Sent,
    carryOut: () => Promise<string>,
  ): Promise<FastifyReply> {
    try {
      return reply.redirect(await carryOut(), 303)
    } catch (error) {
      const present = registry.files.byCode(dossier.key)
      if (error instanceof CommandReused)
        return page(request, reply.code(409), () => (
          <RecordPage
            {...propsOf(who, act, kind, present, form, id)}
            title="这张表单已经保存过一次。如果确要再登记一条，请核对后再保存。"
          />
        ))
      if (!(error instanceof Refusal) || error.reason === 'unknown' || error.reason === 'gone') throw error
      const status = { invalid: 422, stale: 409, exists: 409, forbidden: 403, busy: 503 }[error.reason]
      return page(request, reply.code(status), () => (
        <RecordPage
          {...propsOf(who, act, kind, present, form, id)}
          title={
            error.reason === 'stale'
              ? `${error.title}您填的内容还在下面；请对照档案的现状，确认后再保存一次。`
              : error.title
          }
          faults={error.faults}
        />
      ))
    }
  }

  function propsOf(who: Asker, act: RecordAct, kind: RecordKind, dossier: Dossier, form: Form, id?: string) {
    const own = `/desk/enterprises/${dossier.key}`
    const action = {
      new: `/desk/new/${kind.type}?code=${dossier.key}`,
      update: id === undefined ? `${own}/change` : `${own}/records/${id}/update`,
      correct: id === undefined ? `${own}/correct` : `${own}/records/${id}/correct`,
      withdraw: `${own}/records/${id}/withdraw`,
    }[act]
    return {
      ...who,
      act,
      kind,
      action,
      form,
      enterprise: { code: dossier.key, name: String(dossier.enterprise.name) },
      revision: dossier.revision,
      today: today(),
    }
  }

  function kindOf(type: string): RecordKind {
    const kind = registry.catalogue.kind(type)
    if (!kind) throw new Problem(404, 'unknown', '没有这类记录。')
    return kind
  }

  function recordOf({ code, id }: { code: string; id: string }) {
    const dossier = registry.files.byCode(code)
    const record = dossier.records.find((known) => known.id === id)
    if (!record) throw new Problem(404, 'unknown', '档案中没有这条记录。')
    if (record.withdrawn) throw new Problem(410, 'gone', '这条记录已经撤回。')
    const data: RecordData = record.data
    return { dossier, kind: kindOf(record.type), data, id }
  }

  /** What a form begins with: today, and the officer's own authority. */
  function beginning(kind: RecordKind, { officer }: Asker): Form {
    const fields = new Set(kind.columns.map(({ field }) => field))
    return {
      ...(fields.has('authority') && { authority: officer.authority }),
      ...(kind.type === 'inspection' && { [kind.datedBy]: today() }),
    }
  }
}

function revisionOf(form: Form): number {
  return z.coerce.number().int().min(0).parse(form.revision)
}

function needed(reason: string): string {
  if (reason.trim() === '') throw new Refusal('invalid', '请写明原因。')
  return reason.trim()
}
