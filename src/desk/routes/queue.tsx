import { z } from 'zod'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { addDays, shanghaiDate } from '../../calendar/dates.ts'
import { deadlineKinds } from '../../dossier/deadline.ts'
import { nameOf } from '../../dossier/dossier.ts'
import { partNamed } from '../../dossier/part.ts'
import { cursorOf, placeIn } from '../../http/list-parameters.ts'
import { proposalsWhose } from '../../registry/acts.ts'
import { actAddress } from '../act-input.ts'
import { type Asker, actorOf, type Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import { proposalRow } from '../pages/acts.tsx'
import { type Due, dueColumns, QueuePage, type Task } from '../pages/queue.tsx'
import { sentList } from '../send-list.ts'

const DAYS_AHEAD = 30
/** Rows that are looked at; filters narrow down what there is more of. */
const MOST_DUE = 2000
const MOST_CASES = 200
const MOST_TASKS = 20
/** Periods that were missed are told of one after the other. */
const MOST_BULLETINS = 4

/** The work queue: what waits for oneself, and what is due and overdue in one's region. */
export function deskQueue({ app, registry, asker, making, keptPage, bulletinEvery }: Desk): void {
  app.get(
    '/',
    {
      schema: {
        hide: true,
        querystring: z.object({
          ...listQuery,
          own: z.enum(['', 'on']).default('').catch(''),
          what: z
            .enum(['', ...deadlineKinds])
            .default('')
            .catch(''),
        }),
      },
    },
    async (request, reply) => {
      // Who only looks after accounts has no queue.
      if (!holds(scopesOf(asker(request).officer.roles), 'records:read'))
        return reply.redirect('/desk/officers', 303)
      const who = asker(request, 'records:read')
      const { query } = request
      const { authority } = who.officer
      const actor = actorOf(who.officer)
      const mayWrite = holds(scopesOf(who.officer.roles), 'records:write')
      const filters = {
        dueBy: addDays(shanghaiDate(registry.now()), DAYS_AHEAD),
        authority: query.own === 'on' ? authority : undefined,
        what: query.what === '' ? undefined : query.what,
        late: false,
      }
      const due = () => {
        const found = registry.listings.deadlines(actor, filters, placeIn(query.part), MOST_DUE)
        return { ...found, next: found.next && cursorOf(...found.next) }
      }
      if (query.format !== '') {
        const { items, next } = due()
        const file = sentList(reply, '待办事项', dueColumns(mayWrite), items, query, next)
        if (file) return file
      }
      const late = await lateFor(who)
      return keptPage(who, request, reply, () => {
        const { items, next, warnings } = due()
        return (
          <QueuePage
            {...who}
            items={items}
            next={next}
            counts={registry.listings.deadlineCounts(actor, filters)}
            tasks={[...late, ...tasksOf(who)]}
            offered={making(who, 'made')}
            warnings={warnings}
            query={query}
            partOf={partOf}
            daysAhead={DAYS_AHEAD}
            mayWrite={mayWrite}
          />
        )
      })
    },
  )

  /** What a row is about, in words that tell it from the next of the same firm. */
  function partOf({ orgCode, about }: Due): string | undefined {
    return partNamed(registry.files.byCode(orgCode), about, registry.catalogue)
  }

  /** What waits for an officer in person: decisions that are theirs to take, drafts to approve, drafts sent back. */
  function tasksOf(who: Asker): Task[] {
    const { officer } = who
    const held = scopesOf(officer.roles)
    return [
      ...proposalsFor(who),
      ...(holds(held, 'listings:decide') ? casesFor({ officer }) : []),
      ...(holds(held, 'listings:write') ? bulletinsFor({ officer }) : []),
      ...registry.bulletins.returnedTo(actorOf(officer)).map(({ id, from, to, returned }) => ({
        what: '公告被退回',
        about: `${from} 至 ${to}：${returned?.reason}`,
        to: `/desk/bulletins/${id}`,
      })),
      ...registry.campaigns.returnedTo(actorOf(officer)).map(({ id, standard, on, returned }) => ({
        what: '评价被退回',
        about: `${standard.id} 第 ${standard.version} 版，${on}：${returned?.reason}`,
        to: `/desk/campaigns/${id}`,
      })),
      ...registry.supervision.tasksFor(officer.name),
    ].slice(0, MOST_TASKS)
  }

  /** What is about to be late on its way to the platform, where there is one that pulls. */
  async function lateFor({ officer: { region } }: Asker): Promise<Task[]> {
    const consumers = await registry.consumers.all()
    if (consumers.every(({ closedAt }) => closedAt !== undefined)) return []
    const { rows } = await registry.reports.lateTransfers(region, registry.consumers.reached())
    if (rows.length === 0) return []
    const overdue = rows.filter(({ state }) => state === '已逾期').length
    const about = `将逾期 ${rows.length - overdue} 件，已逾期 ${overdue} 件`
    return [{ what: '传送信用平台', about, to: '/desk/reports/late-transfers' }]
  }

  /** Periods of the calendar that one's authority has still to tell the public of; what is drafted waits for its approval. */
  function bulletinsFor({ officer }: Pick<Asker, 'officer'>): Task[] {
    const actor = actorOf(officer)
    const drafts = registry.bulletins.drafts(actor).filter(({ returned }) => !returned)
    const today = shanghaiDate(registry.now())
    const draft = registry.acts.named('draft-bulletin')
    const due = registry.bulletins.due(actor, bulletinEvery).slice(0, MOST_BULLETINS)
    return due.flatMap(({ from, to, dueOn }): Task[] => {
      if (drafts.some((known) => known.from <= from && known.to >= to)) return []
      const late = dueOn < today ? '，已逾期' : ''
      return [
        {
          what: draft.label,
          about: `${from} 至 ${to} 的列入和移出，${dueOn} 前发布${late}`,
          to: actAddress(draft, {}, { from, to }),
        },
      ]
    })
  }

  function casesFor({ officer }: Pick<Asker, 'officer'>): Task[] {
    const actor = actorOf(officer)
    const ask = registry.acts.asking(actor)
    const deciding = registry.acts.all.filter(
      ({ on, rights, isGrave }) => on === 'case' && rights.includes('listings:decide') && !isGrave,
    )
    return registry.listings.pending(actor, MOST_CASES).flatMap(({ own, dossier, open, key }) =>
      deciding
        .filter(
          (act) =>
            open.some(({ step }) => step === act.route.step) &&
            ask(act, { code: key, id: own.id }).hindrance === undefined,
        )
        .map(({ label }) => ({
          what: label,
          about: `${nameOf(dossier)}，${partNamed(dossier, own.id, registry.catalogue)}`,
          to: `/desk/cases/${own.id}`,
        })),
    )
  }

  /** Proposals of others that one may confirm, and one's own that wait for another; those of an import as one. */
  function proposalsFor({ officer, maker }: Asker): Task[] {
    return proposalsWhose.toReversed().flatMap((whose) => {
      const asked = { status: 'open', whose, after: '', limit: MOST_TASKS }
      const { items } = registry.acts.proposalGroups(actorOf(officer), asked)
      return items.flatMap((one): Task[] => {
        if (one.isDecision && whose === 'own') return []
        const { to, label, name, part } = proposalRow(one, maker)
        const what = one.isDecision ? label : `${whose === 'own' ? '等待另一人确认' : '确认'}：${label}`
        return [{ what, about: [name, part].filter((said) => said !== '').join('，'), to }]
      })
    })
  }
}
