import { setImmediate as othersTurn } from 'node:timers/promises'
import { z } from 'zod'
import { offeredByPart, openAmong } from '../../acts/offered.ts'
import type { Actor } from '../../authority/acting.ts'
import type { Proposal } from '../../authority/proposal.ts'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { shanghaiDate } from '../../calendar/dates.ts'
import { type Dossier, nameOf, type Query } from '../../dossier/dossier.ts'
import type { OfficerFile } from '../../dossier/face.ts'
import { placeIn } from '../../http/list-parameters.ts'
import { MovedTo } from '../../http/moved-to.ts'
import { wholeNumber } from '../../http/parameters.ts'
import { filtersOf, searchParameters } from '../../http/search-parameters.ts'
import type { Catalogue } from '../../records/catalogue.ts'
import { orderOf } from '../../registry/file-page.ts'
import { pageWith } from '../../registry/places.ts'
import { aboutProposal } from '../../registry/proposal-words.ts'
import { type Asker, actorOf, type Desk, type Form } from '../contract.ts'
import {
  DeskFilePage,
  DifferencesPage,
  type FileOffers,
  FindPage,
  RECORDS_A_PAGE,
  type ShownSection,
} from '../pages/file.tsx'

const FOUND = 20
/** Moments of a history that are to choose from. */
const MOMENTS = 150
/** Of a history, how much the page of a file shows. */
const SHOWN_CHAPTERS = 50

/** Finding an enterprise, and its file with everything that officers may see. */
export function deskFiles({ app, registry, imports, asker, typed, page, keptPage }: Desk): void {
  const schema = { hide: true }
  app.get(
    '/find',
    { schema: { ...schema, querystring: searchParameters.extend({ for: z.string().max(50).default('') }) } },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const { q, for: type } = request.query
      const kind = registry.catalogue.kind(type)
      const filters = filtersOf(request.query, registry)
      const { hits } = await registry.search({ text: q, filters, limit: FOUND })
      const [only, ...others] = hits
      // Whoever records has chosen when there is nothing to choose between.
      if (kind && only && only.matchedBy !== 'similar' && others.length === 0)
        return reply.redirect(`/desk/new/${kind.type}?code=${only.document.key}`, 303)
      return page(request, reply, () => <FindPage {...who} query={q} hits={hits} kind={kind} />)
    },
  )

  const ofFile = z.object({ code: z.string().max(100) })
  const cursor = z.string().max(400).optional()
  app.get(
    '/enterprises/:code',
    {
      schema: {
        ...schema,
        params: ofFile,
        querystring: z.object({
          done: z.string().max(100).optional(),
          kept: z.string().max(40).optional(),
          record: z.string().max(100).default(''),
          section: z.string().max(50).default(''),
          after: cursor,
          before: cursor,
        }),
      },
    },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const { done, record, section, after, before } = request.query
      return keptPage(who, request, reply, () => {
        const dossier = registry.files.byCode(request.params.code)
        if (dossier.key !== request.params.code) throw new MovedTo(`/desk/enterprises/${dossier.key}`)
        return filePage(who, dossier, {
          typed: typed(request),
          asked: { record, section, after: placeIn(after), before: placeIn(before) },
          done: done === undefined ? undefined : saidOf(done),
        })
      })
    },
  )

  const moment = wholeNumber(0).optional().catch(undefined)
  app.get(
    '/enterprises/:code/differences',
    { schema: { ...schema, params: ofFile, querystring: z.object({ from: moment, to: moment }) } },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const dossier = registry.files.byCode(request.params.code)
      const asked = [request.query.from, request.query.to].flatMap((position) => position ?? [])
      // Of a long history the latest moments can be chosen; the address takes any.
      const { chapters } = await storyOf(dossier, actorOf(who.officer), { latest: MOMENTS, at: asked })
      const { from = chapters.at(-2)?.entry.seq ?? 0, to = chapters.at(-1)?.entry.seq ?? 0 } = request.query
      const differences = await registry.files.differences(dossier, { from, to })
      const shown = { chapters, from, to, differences }
      return page(request, reply, () => <DifferencesPage {...who} {...headOf(dossier)} {...shown} />)
    },
  )

  function storyOf(dossier: Dossier, actor: Actor, asked: { latest: number; at?: number[] }) {
    return registry.files.story(dossier, actor, asked)
  }

  /** What was just done to a file, by the word in its address. */
  function saidOf(done: string): string {
    if (done === 'opened') return '档案已建立。'
    const label = registry.acts.all.find(({ name }) => name === done)?.label
    return label === undefined ? '已保存。' : `“${label}”已办理。`
  }

  /** Rows of the officer's authority that wait for this very file. */
  function waitingFor({ officer }: Asker, dossier: Dossier) {
    if (!holds(scopesOf(officer.roles), 'records:write')) return []
    const { key, uscc, formerNames } = dossier
    const codes = uscc === undefined ? [key] : [key, uscc]
    return imports.jobs.waiting.forFile(officer.authority, {
      codes,
      names: [nameOf(dossier), ...formerNames],
    })
  }

  /** What a proposal is for, and upon what of its file. */
  function proposalWords(proposal: Proposal, dossier: Dossier): string {
    const label = registry.acts.all.find(({ name }) => name === proposal.act)?.label ?? proposal.act
    const about = aboutProposal(proposal, dossier, registry.catalogue)
    return about === '' ? label : `${label}（${about}）`
  }

  /** What the page of a file offers whoever asks. */
  function offersOn({ officer }: Asker, code: string): FileOffers {
    const offered = registry.acts.offered(actorOf(officer))
    const whole = offered('file', { code })
    const byPart = offeredByPart(whole)
    return {
      whole,
      at: (on, id) => [...(on ? offered(on, { code, id }) : []), ...(byPart.get(id) ?? [])],
    }
  }

  async function filePage(
    who: Asker,
    dossier: Dossier,
    more: {
      done?: string | undefined
      typed?: Form
      asked?: Sought
    },
  ) {
    const story = await storyOf(dossier, actorOf(who.officer), { latest: SHOWN_CHAPTERS })
    const file = registry.files.officerFile(registry.files.byCode(dossier.key), actorOf(who.officer))
    // Of a large file each step takes its time: others have their turn between them.
    await othersTurn()
    const offers = offersOn(who, dossier.key)
    const isShown = ({ id, author }: Query) =>
      author.authority === who.officer.authority || openAmong(offers.at('query', id)).length > 0
    return (
      <DeskFilePage
        {...who}
        file={file}
        shown={shownIn(file, more.asked, registry.catalogue)}
        story={story}
        proposalWords={(proposal) => proposalWords(proposal, dossier)}
        standards={
          new Map(
            registry.standards.adopted().flatMap(({ id, versions }) => {
              const last = versions.at(-1)
              return last ? [[id, last.document]] : []
            }),
          )
        }
        catalogue={registry.catalogue}
        waiting={waitingFor(who, dossier)}
        offers={offers}
        queries={(dossier.queries ?? []).filter(isShown)}
        today={shanghaiDate(registry.now())}
        done={more.done}
        {...(more.typed && { typed: more.typed })}
      />
    )
  }
}

/** A record that is to be seen, or a section from a place on. */
type Sought = { record: string } & ShownSection

/** The section that is asked for and where it begins, by itself or by a record that stands there. */
function shownIn(
  { sections }: OfficerFile,
  asked: Sought | undefined,
  { kinds }: Catalogue,
): ShownSection | undefined {
  for (const kind of kinds) {
    const records = sections[kind.section] ?? []
    const row = records.findIndex(({ id }) => id === asked?.record)
    if (row >= 0) return { section: kind.section, ...pageWith(records, orderOf(kind), row, RECORDS_A_PAGE) }
  }
  return asked
}

function headOf(dossier: Dossier) {
  return { code: dossier.key, name: nameOf(dossier) }
}
