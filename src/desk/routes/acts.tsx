import { z } from 'zod'
import type { Act, Asked } from '../../acts/act.ts'
import { openAmong } from '../../acts/offered.ts'
import type { Actor } from '../../authority/acting.ts'
import { LEVEL_WORDS } from '../../authority/authority.ts'
import { type Address, proposalStatuses } from '../../authority/proposal.ts'
import { readers } from '../../authority/readers.ts'
import { RIGHT_WORDS } from '../../authority/rights.ts'
import { duties, roles } from '../../authority/roles.ts'
import { shanghaiDate } from '../../calendar/dates.ts'
import type { Dossier } from '../../dossier/dossier.ts'
import { partNamed } from '../../dossier/part.ts'
import { Refusal } from '../../dossier/refusal.ts'
import { wholeNumber } from '../../http/parameters.ts'
import {
  forbiddenIn,
  type Outcome,
  type Paged,
  type ProposalSeen,
  type Proposed,
  proposalsWhose,
} from '../../registry/acts.ts'
import { actInput, thingAddress } from '../act-input.ts'
import { type Asker, actorOf, type Desk, type Form, type Refused } from '../contract.ts'
import { listQuery, recordAddress } from '../lists.ts'
import {
  ActPage,
  ImportSettledPage,
  MOST_SETTLED,
  PROPOSAL_COLUMNS,
  ProposalPage,
  ProposalsPage,
  proposalRow,
  SecretPage,
  type ShownLine,
} from '../pages/acts.tsx'
import { sentList } from '../send-list.ts'

const MOST_PROPOSALS = 200

/** Every act by one form at one address, and what waits for a second person. */
export function deskActs(desk: Desk): void {
  const { app, registry, asker, formOf, requestOf, typed, attempt, page, offers, logRefusal } = desk
  const schema = { hide: true }
  const ofAct = z.object({ act: z.string().max(60) })
  const on = z.object({ code: z.string().max(200), id: z.string().max(100) }).partial()

  app.get(
    '/acts/:act',
    { schema: { ...schema, params: ofAct, querystring: on.loose() } },
    async (request, reply) => {
      const act = registry.acts.named(request.params.act)
      const who = asker(request, ...act.rights)
      const address = registry.acts.addressIn(act, request.query)
      const begun = { ...formFields.parse(request.query), ...typed(request) }
      return page(request, reply, () => actPage(who, act, address, { typed: begun }))
    },
  )

  app.post(
    '/acts/:act',
    { schema: { ...schema, params: ofAct, querystring: on } },
    async (request, reply) => {
      const act = registry.acts.named(request.params.act)
      const { asker: who, form } = formOf(request, ...act.rights)
      const address = registry.acts.addressIn(act, request.query)
      return attempt(
        request,
        reply,
        form,
        async () => {
          const seen = wholeNumber(0).optional().catch(undefined).parse(form.revision)
          const outcome = await registry.acts.perform(
            act,
            address,
            actInput(form, act),
            requestOf(who, form),
            seen ?? 'any',
          )
          const { proposal, secret } = outcome
          if (proposal) return `/desk/proposals/${proposal.id}?done=proposed`
          const to = afterwards(act, address, outcome)
          request.isTold = secret !== undefined
          return secret ? <SecretPage {...who} title={act.label} told={secret} to={to} /> : to
        },
        (refused) => actPage(who, act, address, { refused }),
      )
    },
  )

  const proposalsQuery = z.object({
    ...listQuery,
    status: z.enum(proposalStatuses).catch('open'),
    whose: z
      .enum(['', ...proposalsWhose])
      .default('')
      .catch(''),
    import: z.string().max(100).default('').catch(''),
  })
  app.get('/proposals', { schema: { ...schema, querystring: proposalsQuery } }, async (request, reply) => {
    const who = asker(request, ...readers.proposal)
    const { query } = request
    const { status, whose, part: after } = query
    const asked = { status, whose: whose === '' ? undefined : whose, after, limit: MOST_PROPOSALS }
    const actor = actorOf(who.officer)
    const { items, next }: Paged<Proposed> =
      query.import === ''
        ? registry.acts.proposalGroups(actor, asked)
        : registry.acts.proposals(actor, { ...asked, import: query.import })
    const rows = items.map((one) => proposalRow(one, who.maker))
    const file = sentList(reply, '待确认的提请', PROPOSAL_COLUMNS, rows, query, next)
    if (file) return file
    return page(request, reply, () => <ProposalsPage {...who} rows={rows} next={next} query={query} />)
  })

  const byId = z.object({ id: z.string().max(100) })
  app.get(
    '/proposals/:id',
    {
      schema: {
        ...schema,
        params: byId,
        querystring: z.object({
          done: z.string().max(40).optional(),
          changesAfter: wholeNumber(0).default(0).catch(0),
        }),
      },
    },
    async (request, reply) => {
      const who = asker(request, ...readers.proposal)
      const { done, changesAfter } = request.query
      const props = await proposalProps(who, request.params.id, changesAfter)
      return page(request, reply, () => <ProposalPage {...who} {...props} done={done && DONE[done]} />)
    },
  )

  for (const way of ['confirm', 'refuse'] as const)
    app.post(`/proposals/:id/${way}`, { schema: { ...schema, params: byId } }, async (request, reply) => {
      const { asker: who, form } = formOf(request, ...readers.proposal)
      const { id } = request.params
      return attempt(
        request,
        reply,
        form,
        async () => {
          const { acts } = registry
          const asked = requestOf(who, form)
          if (way === 'refuse') {
            await acts.refuse(id, form.reason ?? '', asked)
            return `/desk/proposals/${id}?done=refused`
          }
          const { own, act } = acts.proposal(id, actorOf(who.officer))
          const outcome = await acts.confirm(id, asked)
          return outcome.dossier ? afterwards(act, own.on, outcome) : `/desk/proposals/${id}?done=confirmed`
        },
        async (refused) => <ProposalPage {...who} {...(await proposalProps(who, id))} refused={refused} />,
      )
    })

  for (const way of ['confirm', 'refuse'] as const)
    app.post(
      `/proposals/imports/:id/${way}`,
      { schema: { ...schema, params: byId } },
      async (request, reply) => {
        const { asker: who, form } = formOf(request, ...readers.proposal)
        const { id } = request.params
        const { after = '', reason = '' } = form
        return attempt(
          request,
          reply,
          form,
          async () => {
            const asked = { after, limit: MOST_SETTLED, ...(way === 'refuse' && { reason }) }
            const settled = await registry.acts.settleImport(id, asked, requestOf(who, form))
            const forbidden = forbiddenIn(settled.items)
            if (forbidden !== undefined) await logRefusal(request, forbidden)
            return <ImportSettledPage {...who} {...settled} id={id} />
          },
          (refused) => <ImportSettledPage {...who} id={id} items={[]} next={null} refused={refused} />,
        )
      },
    )

  function actPage(who: Asker, act: Act, address: Address, more: { typed?: Form; refused?: Refused }) {
    const asked = registry.acts.asking(actorOf(who.officer))(act, address)
    const { dossier } = asked
    const unseen = asked.unseen({})
    if (SEEN_BY_FEW.has(act.on) && unseen !== undefined)
      throw new Refusal('forbidden', more.refused?.title ?? unseen)
    const at = dossier ? { ...address, code: dossier.key } : address
    return (
      <ActPage
        {...who}
        {...more}
        act={act}
        asked={asked}
        address={at}
        about={aboutOf(asked, address)}
        shown={dossier ? shownOf(dossier, address.id) : standing(asked.subject)}
        instead={openAmong(offersOn(who, act, at))}
        today={shanghaiDate(registry.now())}
      />
    )
  }

  /** What else may be done to the same thing. */
  function offersOn(who: Asker, act: Act, address: Address) {
    return offers(who, act.on, address).filter((own) => own.act !== act && !own.act.isAtHand)
  }

  /** The account, key or authority that an act is upon, as it stands. */
  function standing(subject: string): ShownLine[] {
    return registry.acts
      .standing(subject)
      .flatMap(({ label, before }) => (before === '' ? [] : [{ label, value: before }]))
  }

  /** The part of a file that an act is upon, as it reads today. */
  function shownOf({ records, queries = [] }: Dossier, id: string | undefined): ShownLine[] {
    const query = queries.find((known) => known.id === id)
    const record = records.find((known) => known.id === (query?.record ?? id))
    const kind = record && registry.catalogue.kind(record.type)
    const data = kind && { ...record.data, ...kind.readOn(record.data, shanghaiDate(registry.now())).changes }
    return [
      ...(query ? [{ label: `${query.author.authority}的疑义`, value: query.text }] : []),
      ...(data && !record?.withdrawn
        ? kind.columns.flatMap((column) => {
            const value = data[column.field]
            return value === undefined ? [] : [{ label: column.label, value, column }]
          })
        : []),
    ]
  }

  /** What an act or a proposal is upon: the enterprise and the part of its file, or what it is outside files. */
  function aboutOf(
    { dossier, subject, title }: Pick<Asked, 'dossier' | 'subject' | 'title'>,
    { id }: Address,
  ) {
    const part = dossier && partOf(dossier, id)
    const whole = dossier ? `/desk/enterprises/${dossier.key}` : thingAddress(subject, id)
    return [...(title === '' ? [] : [{ label: title, to: whole }]), ...(part ? [part] : [])]
  }

  function partOf(dossier: Dossier, id: string | undefined): { label: string; to: string } | undefined {
    const { key, cases, objections, queries = [] } = dossier
    const label = id === undefined ? undefined : partNamed(dossier, id, registry.catalogue)
    if (id === undefined || label === undefined) return undefined
    if (cases.some((known) => known.id === id)) return { label, to: `/desk/cases/${id}` }
    if (objections.some((known) => known.id === id))
      return { label, to: `/desk/enterprises/${key}/objections/${id}` }
    return { label, to: recordAddress(key, queries.find((known) => known.id === id)?.record ?? id) }
  }

  function afterwards(act: Act, { id }: Address, { dossier, subject, made = id }: Outcome): string {
    if (dossier) return inFile(act, id ?? '', dossier)
    const own = thingAddress(subject, made)
    // What was refused may be nowhere any more.
    return `${act.route.answer === 'nothing' ? own.slice(0, own.lastIndexOf('/')) : own}?done=${act.name}`
  }

  function inFile(act: Act, id: string, dossier: Dossier): string {
    if (dossier.withdrawn) return '/desk?done=withdrawn'
    const own = `/desk/enterprises/${dossier.key}`
    if (act.on === 'case') {
      const still = dossier.cases.find((known) => known.id === id)
      // The texts of a wrong listing are erased with it, so there may be no case to go back to.
      return still && !still.removed ? `/desk/cases/${id}?done=1` : `${own}?done=removed`
    }
    if (act.route.answer === 'case') return `/desk/cases/${dossier.cases.at(-1)?.id}?done=1`
    if (act.route.answer === 'objection')
      return `${own}/objections/${act.on === 'objection' ? id : dossier.objections.at(-1)?.id}?done=1`
    if (act.route.answer === 'earlyEnd') return `${own}/records/${id}/early-end?done=1`
    if (act.route.answer === 'decisionText') return `${own}/records/${id}/decision?done=1`
    if (act.on === 'record') return recordAddress(dossier.key, id, { done: act.name })
    return `${own}?done=${act.name}`
  }

  /** What a proposal says beside the fields that it changes, as its form would: no codes, no ids. */
  function saidIn({ own, act }: ProposalSeen, actor: Actor): { label: string; text: string }[] {
    const choices = choicesOf(act, own.on, actor)
    const inWords = (field: string, value: unknown) => {
      const said = String(value)
      return (
        choices[field]?.find((choice) => choice.value === said)?.label ??
        termInWords(said) ??
        registry.catalogue.kind(said)?.label ??
        registry.acts.titleOf(`authority/${said}`, actor) ??
        said
      )
    }
    return act.columns.flatMap(({ field, label, type, answers }) => {
      const value = own.input[field]
      if (value === undefined || type === 'patch') return []
      if (typeof value === 'boolean')
        return [{ label, text: answers?.[value ? 0 : 1] ?? (value ? '是' : '否') }]
      return [
        {
          label,
          text: [value]
            .flat()
            .map((one) => inWords(field, one))
            .join('、'),
        },
      ]
    })
  }

  /** What an act offers to choose from now; nothing where it can't be asked any more. */
  function choicesOf(act: Act, on: Address, actor: Actor): Asked['choices'] {
    try {
      return registry.acts.asking(actor)(act, on).choices
    } catch (error) {
      if (error instanceof Refusal) return {}
      throw error
    }
  }

  async function proposalProps({ officer, maker }: Asker, id: string, changesAfter = 0) {
    const actor = actorOf(officer)
    const found = registry.acts.proposal(id, actor)
    const { own, dossier, act, hindrance } = found
    return {
      row: proposalRow(found, maker),
      said: saidIn(found, actor),
      own,
      act,
      hindrance,
      isOwn: own.by === actor.id,
      about: aboutOf({ ...found, dossier }, own.on),
      foreseen: await registry.acts.foreseen(id, actor, changesAfter),
    }
  }
}

/** A duty, a right or a level in words; undefined for any other. */
function termInWords(said: string): string | undefined {
  const words: Readonly<Record<string, string | undefined>> = {
    ...DUTY_WORDS,
    ...RIGHT_WORDS,
    ...LEVEL_WORDS,
  }
  return words[said]
}

const DUTY_WORDS = Object.fromEntries(roles.map((role) => [role, duties[role].label]))

/** What not everybody at the desk may see: even its name is told to none but those. */
const SEEN_BY_FEW: ReadonlySet<string> = new Set(['officer', 'key', 'consumer', 'case', 'import'])

const formFields = z.record(z.string(), z.string().catch(''))

const DONE: Readonly<Record<string, string>> = {
  proposed: '已提请，等待另一人确认；确认之前什么都没有改变。',
  confirmed: '已确认，事项已办理。',
  refused: '已退回。',
}
