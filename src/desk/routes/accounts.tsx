import { z } from 'zod'
import type { Actor } from '../../authority/acting.ts'
import type { ShownColumn } from '../components/list.tsx'
import { actorOf, type Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import {
  AccountsPage,
  AUTHORITY_COLUMNS,
  KEY_COLUMNS,
  OFFICER_COLUMNS,
  OfficerPage,
} from '../pages/accounts.tsx'
import { sentList } from '../send-list.ts'

const OFFICER_ACTS = ['change-officer', 'grant-duties', 'reset-password', 'disable-officer']

/** Authorities, officers' accounts and API keys, for administrators: nobody's password is known to them but a first one. */
export function deskAccounts({ app, registry, asker, offer, typed, page }: Desk): void {
  const { officers, keys, authorities } = registry
  const right = 'officers:write'
  const done = z.string().max(40).optional()
  const said = (what: string | undefined) => (what === undefined ? undefined : '已保存。')

  list('officers', '账号', OFFICER_COLUMNS, (actor) => officers.seenBy(actor), 'create-officer')
  list('keys', '接口密钥', KEY_COLUMNS, (actor) => keys.seenBy(actor), 'create-key')
  list('authorities', '机关', AUTHORITY_COLUMNS, () => authorities.all(), 'open-authority')

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
      const who = asker(request, right)
      const one = officers.seen(request.params.login, actorOf(who.officer))
      const offers = OFFICER_ACTS.map((act) => offer(who, act, { id: one.login }))
      const others = officers.sameOwner(one.login)
      const props = { one, others, offers, done: said(request.query.done), typed: typed(request) }
      return page(request, reply, () => <OfficerPage {...who} {...props} />)
    },
  )

  function list<R>(
    name: string,
    title: string,
    columns: readonly ShownColumn<R>[],
    seenBy: (actor: Actor) => R[],
    create: string,
  ): void {
    const querystring = z.object({ ...listQuery, done })
    app.get(`/${name}`, { schema: { hide: true, querystring } }, async (request, reply) => {
      const who = asker(request, right)
      const { query } = request
      const rows = seenBy(actorOf(who.officer))
      const file = sentList(reply, title, columns, rows, query)
      if (file) return file
      const props = { title, columns, rows, query, offer: offer(who, create, {}) }
      const more = { done: said(query.done), typed: typed(request) }
      return page(request, reply, () => <AccountsPage {...who} {...props} {...more} />)
    })
  }
}
