import { z } from 'zod'
import type { ActAnswer } from '../../acts/act.ts'
import type { TargetName } from '../../acts/targets.ts'
import type { Actor } from '../../authority/acting.ts'
import { officerSubject } from '../../authority/officers.ts'
import { readers } from '../../authority/readers.ts'
import type { ShownColumn } from '../components/list.tsx'
import { actorOf, type Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import {
  AccountsPage,
  authorityColumns,
  type InWords,
  keyColumns,
  OfficerPage,
  officerColumns,
} from '../pages/accounts.tsx'
import { sentList } from '../send-list.ts'

/** Authorities, officers' accounts and API keys, for administrators: nobody's password is known to them but a first one. */
export function deskAccounts({ app, registry, asker, offers, making, typed, page }: Desk): void {
  const { officers, keys, authorities } = registry
  const done = z.string().max(40).optional()
  const said = (what: string | undefined) => (what === undefined ? undefined : '已保存。')

  const calledToday = (account: string, { authority }: { authority: string }) =>
    authorities.calledToday({ authority, account })
  const wordsFor = (actor: Actor): InWords => ({
    sees: (proposal) => registry.acts.sees(proposal, actor),
    act: (name) => registry.acts.named(name).label,
    calledToday,
    authority: (id) => authorities.all().find((known) => known.id === id)?.name ?? '',
    officer: (login) => `${officers.one(login)?.name ?? ''}（${login}）`,
  })

  list('officers', '账号', officerColumns, {
    seenBy: (actor) => officers.seenBy(actor),
    makes: 'officer',
  })
  list('keys', '接口密钥', keyColumns, {
    seenBy: (actor) => keys.seenBy(actor),
    makes: 'key',
    rowsOn: 'key',
  })
  list('authorities', '机关', authorityColumns, {
    seenBy: () => authorities.all(),
    makes: 'authority',
    rowsOn: 'authority',
  })

  app.get(
    '/officers/:login',
    {
      schema: {
        hide: true,
        params: z.object({ login: z.string().max(60) }),
        querystring: z.object({ done }),
      },
    },
    async (request, reply) => {
      const who = asker(request, ...readers.account)
      const one = officers.seen(request.params.login, actorOf(who.officer))
      const others = officers.sameOwner(one.login)
      const props = {
        one,
        authority: calledToday(officerSubject(one.login), one),
        others,
        offers: offers(who, 'officer', { id: one.login }),
        done: said(request.query.done),
        typed: typed(request),
      }
      return page(request, reply, () => <OfficerPage {...who} {...props} />)
    },
  )

  interface Listed<R> {
    seenBy(actor: Actor): R[]
    /** What the acts that make another are answered with. */
    makes: ActAnswer
    /** What the acts upon a row are upon, where it has no page of its own. */
    rowsOn?: TargetName
  }

  function list<R extends { id: string } | { login: string }>(
    name: string,
    title: string,
    columnsIn: (words: InWords) => readonly ShownColumn<R>[],
    { seenBy, makes, rowsOn }: Listed<R>,
  ): void {
    const querystring = z.object({ ...listQuery, done })
    app.get(`/${name}`, { schema: { hide: true, querystring } }, async (request, reply) => {
      const who = asker(request, ...readers.account)
      const { query } = request
      const actor = actorOf(who.officer)
      const rows = seenBy(actor)
      const columns = columnsIn(wordsFor(actor))
      const file = sentList(reply, title, columns, rows, query)
      if (file) return file
      const offered = registry.acts.offered(actor)
      const offeredOn = rowsOn && ((row: R) => offered(rowsOn, { id: 'login' in row ? row.login : row.id }))
      const props = { title, columns, rows, query, offeredOn, offers: making(who, makes) }
      const more = { done: said(query.done), typed: typed(request) }
      return page(request, reply, () => <AccountsPage {...who} {...props} {...more} />)
    })
  }
}
