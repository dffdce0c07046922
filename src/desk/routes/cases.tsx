import { z } from 'zod'
import { offeredByPart } from '../../acts/offered.ts'
import { readers } from '../../authority/readers.ts'
import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { penaltiesOf } from '../../blacklist/basis.ts'
import { deadlinesOf } from '../../blacklist/deadlines.ts'
import { type CaseDocument, caseDocuments, documentOf } from '../../blacklist/documents.ts'
import { rulesOf } from '../../blacklist/rule-set.ts'
import { STATUS_WORDS, STEP_WORDS } from '../../blacklist/words.ts'
import { shanghaiDate } from '../../calendar/dates.ts'
import { nameOf, regionOf } from '../../dossier/dossier.ts'
import { Problem } from '../../http/problem.ts'
import { type Asker, actorOf, type Desk } from '../contract.ts'
import { listQuery } from '../lists.ts'
import {
  CANDIDATE_COLUMNS,
  CASE_COLUMNS,
  CandidatesPage,
  CasePage,
  type CaseRow,
  CasesPage,
  DocumentPage,
  type StepOffered,
} from '../pages/case.tsx'
import { sentDocument } from '../send-document.ts'
import { sentList } from '../send-list.ts'

/** Cases that a list looks at; filters narrow down what there is more of. */
const MOST_CASES = 1000
const MOST_CANDIDATES = 1000
/** The listing procedure: candidates, proposals, cases with their steps, and the documents to serve. */
export function deskCases({ app, registry, asker, page }: Desk): void {
  const schema = { hide: true }
  const { listings } = registry
  const today = () => shanghaiDate(registry.now())

  app.get(
    '/cases',
    {
      schema: {
        ...schema,
        querystring: z.object({ ...listQuery, status: z.string().max(30).default('').catch('') }),
      },
    },
    async (request, reply) => {
      const who = asker(request, ...readers.case)
      const { query } = request
      const status = query.status in STATUS_WORDS ? query.status : undefined
      const { items, next } = listings.cases(actorOf(who.officer), { status }, query.part, MOST_CASES)
      const rows = items.map(rowOf)
      const file = sentList(reply, '列入案件', CASE_COLUMNS, rows, query, next)
      if (file) return file
      const mayPropose = holds(scopesOf(who.officer.roles), 'listings:write')
      return page(request, reply, () => (
        <CasesPage {...who} rows={rows.toReversed()} next={next} query={query} mayPropose={mayPropose} />
      ))
    },
  )

  app.get(
    '/cases/candidates',
    { schema: { ...schema, querystring: z.object(listQuery) } },
    async (request, reply) => {
      const who = asker(request, ...readers.case)
      const { query } = request
      const actor = actorOf(who.officer)
      const { items, next } = await listings.candidates(actor, undefined, query.part, MOST_CANDIDATES)
      const file = sentList(reply, '可以提出列入的处罚', CANDIDATE_COLUMNS, items, query, next)
      if (file) return file
      const offered = registry.acts.offered(actor)
      const offeredAt = ({ orgCode, penalty }: (typeof items)[number]) =>
        offeredByPart(offered('file', { code: orgCode })).get(penalty) ?? []
      return page(request, reply, () => (
        <CandidatesPage {...who} rows={items} next={next} query={query} offeredAt={offeredAt} />
      ))
    },
  )

  const byId = z.object({ id: z.string().max(100) })
  app.get(
    '/cases/:id',
    { schema: { ...schema, params: byId, querystring: z.object({ done: z.string().max(40).optional() }) } },
    async (request, reply) => {
      const who = asker(request, ...readers.case)
      const { done } = request.query
      const props = caseProps(who, request.params.id)
      const said = done === undefined ? undefined : '已办理，案件现状如下。'
      return page(request, reply, () => <CasePage {...who} {...props} done={said} />)
    },
  )

  app.get(
    '/cases/:id/documents/:name',
    { schema: { ...schema, params: byId.extend({ name: z.string().max(40) }) } },
    async (request, reply) => {
      const who = asker(request, ...readers.case)
      const { id } = request.params
      const isFile = request.params.name.endsWith('.docx')
      const name = caseDocuments.find((known) => known === request.params.name.replace(/\.docx$/, ''))
      const { own, dossier } = listings.seenCase(id, actorOf(who.officer))
      const document = name && documentOf(name, dossier, own)
      if (!name || !document) throw new Problem(404, 'unknown', '案件还没有这份文书；请回到案件查看。')
      if (!isFile)
        return page(request, reply, () => <DocumentPage {...who} id={id} name={name} document={document} />)
      return sentDocument(reply, document)
    },
  )

  function rowOf({ own, dossier, open }: ReturnType<typeof listings.case>): CaseRow {
    const rules = rulesOf(own)
    const day = today()
    return {
      id: own.id,
      orgCode: dossier.key,
      name: nameOf(dossier),
      region: regionOf(dossier),
      status: own.status,
      ground: rules.grounds.find(({ id }) => id === own.proposed.ground)?.name ?? own.proposed.ground,
      authority: own.proposed.author.authority,
      proposedOn: shanghaiDate(new Date(own.proposed.at)),
      next: open
        .filter(({ from, step }) => from <= day && step !== 'revocation' && step !== 'dropping')
        .map(({ step }) => STEP_WORDS[step])
        .join('、'),
    }
  }

  function caseProps(who: Asker, id: string) {
    const { own, dossier, key, open } = listings.seenCase(id, actorOf(who.officer))
    const day = today()
    const address = { code: key, id }
    // A step that the case is not open to is no step at all; one that somebody else takes, or later, says so.
    const ask = registry.acts.asking(actorOf(who.officer))
    const steps = registry.acts.all.flatMap((act): StepOffered[] => {
      const isOpen =
        act.on === 'case' &&
        (act.route.step === undefined || open.some(({ step }) => step === act.route.step))
      return isOpen ? [{ act, asked: ask(act, address) }] : []
    })
    return {
      code: key,
      name: nameOf(dossier),
      own,
      rules: rulesOf(own),
      evidence: penaltiesOf(dossier, own),
      steps,
      deadlines: deadlinesOf(dossier, registry.catalogue).filter(
        ({ about, doneOn }) => about === id && doneOn === undefined,
      ),
      documents: caseDocuments.flatMap((name): { name: CaseDocument; title: string }[] => {
        const title = documentOf(name, dossier, own)?.title
        return title === undefined ? [] : [{ name, title }]
      }),
      today: day,
    }
  }
}
