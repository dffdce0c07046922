import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { Act } from '../../acts/act.ts'
import { hindranceOfKind } from '../../acts/add-record.ts'
import { openAmong } from '../../acts/offered.ts'
import { shanghaiDate } from '../../calendar/dates.ts'
import { sameRecord } from '../../dossier/commands.ts'
import { differencesBetween } from '../../dossier/differences.ts'
import { type Dossier, nameOf } from '../../dossier/dossier.ts'
import { invalid } from '../../dossier/refusal.ts'
import { wholeNumber } from '../../http/parameters.ts'
import { Problem } from '../../http/problem.ts'
import { enterprise as enterpriseKind } from '../../records/catalogue.ts'
import type { RecordData, RecordKind } from '../../records/kind.ts'
import { validate } from '../../records/validate.ts'
import { roleWords } from '../../registry/parties.ts'
import { actAddress, entranceAddress } from '../act-input.ts'
import { type Asker, actorOf, type Desk, type Form, type Refused } from '../contract.ts'
import {
  carriedOver,
  changesOf,
  dataOf,
  formOf as formOfData,
  mustNotCollide,
  notPersonalOf,
  reasonOf,
} from '../forms.ts'
import { recordAddress } from '../lists.ts'
import { NewFilePage } from '../pages/new-file.tsx'
import { ChoosePage, type RecordAct, RecordPage, type Said } from '../pages/record.tsx'

/** As a size: by a number the cache would take the room of them all before anybody came. */
const REMEMBERED = 10_000
/** What one inspection has in common with the next. */
const KEPT_FIELDS = [
  'kind',
  'planNo',
  'inspectedOn',
  'authority',
  'laboratory',
  'area',
  'noticeNo',
  'noticedOn',
  'sampledUnit',
  'sampledUnitAddress',
  'procedure',
  'issuedOn',
  'level',
]

/** Recording, updating and correcting, with forms made from the records' definitions. */
export function deskRecords(desk: Desk): void {
  const { app, registry, asker, formOf, requestOf, typed, attempt, page, keptPage } = desk
  const schema = { hide: true }
  const today = () => shanghaiDate(registry.now())
  /** The last entry of each officer and kind, to begin the next one from. */
  const lastForms = new LRUCache<string, Form>({ maxSize: REMEMBERED, sizeCalculation: () => 1 })

  /** Which other files the last sample of each officer and file reached, and which not. */
  const lastSaid = new LRUCache<string, Said>({ maxSize: REMEMBERED, sizeCalculation: () => 1 })

  app.get('/new', { schema }, async (request, reply) => {
    const who = asker(request, 'records:write')
    return page(request, reply, () => <ChoosePage {...who} kinds={registry.catalogue.kinds} />)
  })

  app.get('/new-file', { schema }, async (request, reply) => {
    const who = asker(request, 'records:write')
    const form = typed(request)
    return page(request, reply, () => <NewFilePage {...who} form={form} today={today()} />)
  })

  app.post('/new-file', { schema }, async (request, reply) => {
    const { asker: who, form } = formOf(request, 'records:write')
    return attempt(
      request,
      reply,
      form,
      async () => {
        const { uscc = '', orgCode = '', underUnifiedCode } = form
        const { dossier } = await registry.acts.open(
          {
            codes: { uscc: uscc.trim(), orgCode: orgCode.trim() },
            data: dataOf(form, enterpriseKind),
            underUnifiedCode: underUnifiedCode === 'on',
          },
          { ...requestOf(who, form), ...notPersonalOf(form, enterpriseKind) },
        )
        return `/desk/enterprises/${dossier.key}?done=opened`
      },
      (refused) => <NewFilePage {...who} form={form} refused={refused} today={today()} />,
    )
  })

  const ofType = z.object({ type: z.string().max(50) })
  app.get(
    '/new/:type',
    {
      schema: {
        ...schema,
        params: ofType,
        // Fields may be given in the address: a plan's item opens the form of the inspection that closes it.
        querystring: z.record(z.string().max(60), z.string().max(200)),
      },
    },
    async (request, reply) => {
      const who = asker(request, 'records:write')
      const kind = kindOf(request.params.type)
      const { code, done, ...fields } = request.query
      const kinds = registry.catalogue.kinds
      if (code === undefined)
        return page(request, reply, () => (
          <ChoosePage
            {...who}
            kinds={kinds}
            kind={kind}
            done={done === undefined ? undefined : '已登记。可以接着登记下一家。'}
            last={done}
            said={done === undefined ? undefined : lastSaid.get(`${who.officer.login} ${done}`)}
          />
        ))
      return keptPage(who, request, reply, () => {
        const dossier = registry.files.byCode(code)
        const begun = { ...beginning(kind, who), ...lastForms.get(`${who.officer.login} ${kind.type}`) }
        const form = { ...begun, ...fields, ...typed(request) }
        return <RecordPage {...propsOf({ who, act: 'new', kind, dossier, form })} />
      })
    },
  )

  app.post(
    '/new/:type',
    {
      schema: {
        ...schema,
        params: ofType,
        querystring: z.object({ code: z.string().max(100), back: z.string().max(300).optional() }),
      },
    },
    async (request, reply) => {
      const { asker: who, form } = formOf(request, 'records:write')
      const kind = kindOf(request.params.type)
      const dossier = registry.files.byCode(request.query.code)
      const sent = { who, act: 'new', kind, dossier, form } as const
      const add = actOn('new')
      return attempt(
        request,
        reply,
        form,
        async () => {
          const { type } = kind
          const { files, unreached } = registry.acts.recordedIn(
            dossier,
            type,
            dataOf(form, kind),
            actorOf(who.officer),
          )
          const each = files.map(({ key, data }) => ({
            address: { code: key },
            input: { type, data, ...notPersonalOf(form, kind) },
          }))
          const outcome = await registry.acts.performAll(add, each, requestOf(who, form))
          const { proposal } = outcome
          if (proposal) return `/desk/proposals/${proposal.id}?done=proposed`
          const kept = Object.entries(form).filter(([field]) => KEPT_FIELDS.includes(field))
          lastForms.set(`${who.officer.login} ${kind.type}`, Object.fromEntries(kept))
          lastSaid.set(`${who.officer.login} ${dossier.key}`, {
            also: files.slice(1).map(({ name, role }) => `${role ? roleWords[role] : ''}“${name}”`),
            unreached,
            strange: registry.authorities.unknownIn(outcome),
          })
          return `/desk/new/${kind.type}?done=${dossier.key}`
        },
        (refused) => again(sent, refused),
      )
    },
  )

  /** What the server will say of a form, while it is still being filled in. */
  app.post(
    '/check/:type',
    { schema: { ...schema, params: ofType, querystring: z.object({ code: z.string().max(100) }) } },
    async (request) => {
      const { asker: who, form } = formOf(request, 'records:write')
      const kind = request.params.type === enterpriseKind.type ? enterpriseKind : kindOf(request.params.type)
      const checked = validate(kind, dataOf(form, kind), today())
      const faults: Record<string, string> = {}
      if (!checked.ok)
        for (const { field, detail } of checked.faults)
          faults[field] = [faults[field] ?? [], detail].flat().join(' ')
      else if (kind !== enterpriseKind && form.record === undefined) {
        const same = sameRecord(registry.files.byCode(request.query.code), kind, checked.data)
        if (same) faults[''] = `该档案已有相同的${kind.label}记录。`
      }
      const strange =
        kind.makerField !== undefined && checked.ok
          ? registry.authorities.unknownTo(actorOf(who.officer), kind, checked.data)
          : undefined
      if (kind.makerField !== undefined && strange !== undefined) faults[kind.makerField] = strange
      return { faults }
    },
  )

  const ofRecord = z.object({ code: z.string().max(100), id: z.string().max(100) })
  // An address that stood in bookmarks before every act had the same one.
  app.get(
    '/enterprises/:code/records/:id/withdraw',
    { schema: { ...schema, params: ofRecord } },
    (request, reply) =>
      reply.redirect(actAddress(registry.acts.named('withdraw-record'), request.params), 308),
  )

  // A file's own facts and a record of it are changed in the same two ways.
  const ofFile = z.object({ code: z.string().max(100), id: z.string().max(100).optional() })
  for (const [path, act] of [
    ['/enterprises/:code/change', 'update'],
    ['/enterprises/:code/correct', 'correct'],
    ['/enterprises/:code/records/:id/update', 'update'],
    ['/enterprises/:code/records/:id/correct', 'correct'],
  ] as const) {
    app.get(path, { schema: { ...schema, params: ofFile } }, async (request, reply) => {
      const who = asker(request, 'records:write')
      const found = thingOf(request.params)
      const form = { ...formOfData(found.data, found.kind), ...typed(request) }
      return page(request, reply, () => <RecordPage {...propsOf({ who, act, form, ...found })} />)
    })
    app.post(path, { schema: { ...schema, params: ofFile } }, async (request, reply) => {
      const { asker: who, form } = formOf(request, 'records:write')
      const found = thingOf(request.params)
      const { dossier, kind, data, id } = found
      const { key } = dossier
      return attempt(
        request,
        reply,
        form,
        async () => {
          const asked = requestOf(who, form)
          const merged = await onPresent({ who, act, form, ...found }, revisionOf(form))
          mustNotCollide(merged.colliding, data)
          const changes = changesOf(merged.form, data, kind)
          mustChange(merged.typed ?? changes)
          const named = actOn(act, id)
          const input = {
            ...(id === undefined ? { enterprise: changes } : { data: changes }),
            reason: reasonOf(form),
            ...notPersonalOf(form, kind),
          }
          const on = { code: key, ...(id !== undefined && { id }) }
          const { proposal } = await registry.acts.perform(named, on, input, asked, merged.seen)
          if (proposal) return `/desk/proposals/${proposal.id}?done=proposed`
          return id === undefined
            ? `/desk/enterprises/${key}?done=${named.name}`
            : recordAddress(key, id, { done: named.name })
        },
        (refused) => again({ who, act, form, ...found }, refused),
      )
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

  /**
   * The form on what stands now, wherever others have moved the file on since it was made: the revision that it may be saved
   * on, and which fields both have changed meanwhile.
   */
  async function onPresent({ who, dossier, kind, form, id }: Sent, seen: number) {
    const now = revisionFor(who, dossier)
    if (seen >= now) return { form, seen, before: dossier, typed: undefined, colliding: [] }
    const before = await registry.files.asSeen(dossier, actorOf(who.officer), seen)
    const dataIn = (one: Dossier | undefined) =>
      (id === undefined ? one?.enterprise : one?.records.find((known) => known.id === id)?.data) ?? {}
    const [was, is] = [dataIn(before), dataIn(dossier)]
    return { ...carriedOver(form, { was, is }, kind), seen: now, before }
  }

  /** The form once more, on what stands now, with what others have changed since it was made. */
  async function again(sent: Sent, refused: Refused) {
    const dossier = registry.files.byCode(sent.dossier.key)
    const told = wholeNumber(0).optional().catch(undefined).parse(sent.form.revision)
    const seen = sent.act === 'new' ? undefined : told
    const { form, before } = await onPresent({ ...sent, dossier }, seen ?? revisionFor(sent.who, dossier))
    const meanwhile = before === dossier ? [] : differencesBetween(before, dossier, registry.catalogue)
    return <RecordPage {...propsOf({ ...sent, dossier, form })} refused={refused} meanwhile={meanwhile} />
  }

  function revisionFor({ officer }: Asker, dossier: Dossier): number {
    return registry.files.revision(dossier, actorOf(officer))
  }

  function actOn(act: RecordAct, id?: string): Act {
    if (act === 'new') return registry.acts.named('add-record')
    return registry.acts.named(
      id === undefined ? (act === 'update' ? 'change-file' : 'correct-file') : `${act}-record`,
    )
  }

  function propsOf({ who, act, kind, dossier, form, id }: Sent) {
    const address = { code: dossier.key, ...(id !== undefined && { id }) }
    const offered = registry.acts.offered(actorOf(who.officer))
    const named = actOn(act, id)
    const record = dossier.records.find((known) => known.id === id)
    const stored = id === undefined ? dossier.enterprise : record?.data
    const asked = registry.acts.asking(actorOf(who.officer))(named, address)
    return {
      ...who,
      act,
      kind,
      action: act === 'new' ? `/desk/new/${kind.type}?code=${dossier.key}` : entranceAddress(named, address),
      form,
      enterprise: { code: dossier.key, name: nameOf(dossier) },
      revision: revisionFor(who, dossier),
      today: today(),
      named: { act: named, asked },
      hindrance: act === 'new' ? hindranceOfKind(asked, kind.type) : asked.hindrance,
      instead: id === undefined ? [] : openAmong(offered('record', address)),
      suggestions: registry.suggestions.for(kind),
      ...(act !== 'new' && stored && { standing: formOfData(stored, kind) }),
    }
  }

  function kindOf(type: string): RecordKind {
    const kind = registry.catalogue.kind(type)
    if (!kind) throw new Problem(404, 'unknown', '没有这类记录。')
    return kind
  }

  /** A record of a file that may still be changed, or the file's own facts where none is named. */
  function thingOf({ code, id }: { code: string; id?: string | undefined }): Omit<
    Sent,
    'who' | 'act' | 'form'
  > & {
    data: RecordData
  } {
    const dossier = registry.files.byCode(code)
    if (id === undefined) return { dossier, kind: enterpriseKind, data: dossier.enterprise }
    const record = dossier.records.find((known) => known.id === id)
    if (!record) throw new Problem(404, 'unknown', '档案中没有这条记录。')
    if (record.withdrawn) throw new Problem(410, 'gone', '这条记录已经撤回。')
    return { dossier, kind: kindOf(record.type), data: record.data, id }
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

/** The revision that a form was made on; refuses a form that bears none. */
function revisionOf(form: Form): number {
  const { data } = wholeNumber(0).safeParse(form.revision)
  if (data !== undefined) return data
  throw new Problem(400, 'form', '表单缺少所见内容的版次 revision，或版次不是整数；请返回页面重新填写提交。')
}

/** Refuses a change that changes nothing: whoever sent it believes that it does. */
function mustChange(changes: RecordData): void {
  if (Object.keys(changes).length === 0)
    throw invalid('/', 'no-change', '没有改动任何栏目；请改好再保存，或返回档案。')
}
