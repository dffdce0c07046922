import { z } from 'zod'
import { holds, lackingInWords } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import type { EarlyEndStep } from '../../blacklist/early-end.ts'
import { STATUS_WORDS } from '../../blacklist/words.ts'
import { shanghaiDate } from '../../calendar/dates.ts'
import { titleOf } from '../../dossier/differences.ts'
import type { Dossier } from '../../dossier/dossier.ts'
import { invalid } from '../../dossier/refusal.ts'
import { Problem } from '../../http/problem.ts'
import type { Asker, Desk, Form } from '../contract.ts'
import { yesOrNo } from '../forms.ts'
import { EarlyEndPage, FileObjectionPage, type Objectionable, ObjectionPage } from '../pages/objection.tsx'

/** Objections of enterprises, and the early end of a penalty's publication. */
export function deskObjections({
  app,
  registry,
  asker,
  formOf,
  requestOf,
  typed,
  attempt,
  page,
}: Desk): void {
  const schema = { hide: true }
  const today = () => shanghaiDate(registry.now())
  const ofFile = z.object({ code: z.string().max(100) })
  const ofPart = ofFile.extend({ id: z.string().max(100) })
  const done = z.string().max(40).optional()
  const { listings } = registry

  app.get(
    '/enterprises/:code/objections',
    {
      schema: {
        ...schema,
        params: ofFile,
        querystring: z.object({ about: z.string().max(150).default('') }),
      },
    },
    async (request, reply) => {
      const who = asker(request, 'listings:write')
      const dossier = registry.files.byCode(request.params.code)
      const { about } = request.query
      return page(request, reply, () => (
        <FileObjectionPage
          {...who}
          {...headOf(dossier)}
          about={about}
          choices={objectionable(dossier)}
          typed={typed(request)}
        />
      ))
    },
  )

  app.post(
    '/enterprises/:code/objections',
    { schema: { ...schema, params: ofFile } },
    async (request, reply) => {
      const { asker: who, form } = formOf(request, 'listings:write')
      const dossier = registry.files.byCode(request.params.code)
      return attempt(
        request,
        reply,
        form,
        async () => {
          const { on = '', grounds = '' } = form
          const { id } = await listings.object(
            dossier.key,
            { about: aboutOf(form), on, grounds },
            requestOf(who, form),
          )
          return `/desk/enterprises/${dossier.key}/objections/${id}?done=1`
        },
        (refused) => (
          <FileObjectionPage
            {...who}
            {...headOf(dossier)}
            about={form.about ?? ''}
            choices={objectionable(dossier)}
            refused={refused}
          />
        ),
      )
    },
  )

  app.get(
    '/enterprises/:code/objections/:id',
    { schema: { ...schema, params: ofPart, querystring: z.object({ done }) } },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const shown = objectionOf(request.params, who)
      const said = request.query.done === undefined ? undefined : '已保存。'
      return page(request, reply, () => (
        <ObjectionPage {...who} {...shown} typed={typed(request)} done={said} />
      ))
    },
  )

  app.post(
    '/enterprises/:code/objections/:id',
    { schema: { ...schema, params: ofPart } },
    async (request, reply) => {
      const { asker: who, form } = formOf(request, 'listings:decide')
      const { code, id } = request.params
      const shown = objectionOf(request.params, who)
      return attempt(
        request,
        reply,
        form,
        async () => {
          const settlement = {
            upheld: yesOrNo(form, 'upheld', '请选择异议是否成立。'),
            outcome: form.outcome ?? '',
          }
          await listings.settle(code, id, settlement, requestOf(who, form))
          return `/desk/enterprises/${shown.code}?done=objection`
        },
        (refused) => <ObjectionPage {...who} {...shown} refused={refused} />,
      )
    },
  )

  app.get(
    '/enterprises/:code/records/:id/early-end',
    { schema: { ...schema, params: ofPart, querystring: z.object({ done }) } },
    async (request, reply) => {
      const who = asker(request, 'records:read')
      const shown = earlyEndOf(request.params, who)
      const said = request.query.done === undefined ? undefined : '已保存。'
      return page(request, reply, () => (
        <EarlyEndPage {...who} {...shown} typed={typed(request)} done={said} />
      ))
    },
  )

  app.post(
    '/enterprises/:code/records/:id/early-end',
    { schema: { ...schema, params: ofPart } },
    async (request, reply) => {
      const { asker: who, form } = formOf(
        request,
        rightOfEarlyEnd(z.record(z.string(), z.unknown()).parse(request.body ?? {}).step),
      )
      const { code, id } = request.params
      const shown = earlyEndOf(request.params, who)
      return attempt(
        request,
        reply,
        form,
        async () => {
          await listings.earlyEnd(code, id, earlyEndStep(form), requestOf(who, form))
          return `/desk/enterprises/${shown.code}/records/${id}/early-end?done=1`
        },
        (refused) => <EarlyEndPage {...who} {...shown} refused={refused} />,
      )
    },
  )

  function headOf({ key, enterprise }: Dossier) {
    return { code: key, name: String(enterprise.name), today: today() }
  }

  function objectionable({ records, ratings, cases }: Dossier): Objectionable[] {
    return [
      ...cases
        .filter(({ status }) => status === 'inForce' || status === 'decided')
        .map(({ id, status }) => ({ value: `case:${id}`, label: `列入案件（${STATUS_WORDS[status]}）` })),
      ...ratings
        .filter(({ revoked }) => !revoked)
        .map(({ id, on, grade }) => ({
          value: `rating:${id}`,
          label: `${on} 评定的等级 ${grade ?? '未评定'}`,
        })),
      ...records
        .filter(({ withdrawn }) => !withdrawn)
        .flatMap(({ id, type, data }) => {
          const kind = registry.catalogue.kind(type)
          return kind ? [{ value: `record:${id}`, label: `${kind.label} ${titleOf(kind, data)}` }] : []
        }),
    ].reverse()
  }

  function objectionOf({ code, id }: { code: string; id: string }, { officer }: Asker) {
    const dossier = registry.files.byCode(code)
    const objection = dossier.objections.find((known) => known.id === id)
    if (!objection) throw new Problem(404, 'unknown', '档案中没有这一异议；请核对地址。')
    const { kind, id: about } = objection.about
    const label = objectionable(dossier).find(({ value }) => value === `${kind}:${about}`)?.label
    return {
      ...headOf(dossier),
      objection,
      about: label ?? '已撤回或删除的内容',
      maySettle: holds(scopesOf(officer.roles), 'listings:decide'),
    }
  }

  function earlyEndOf({ code, id }: { code: string; id: string }, { officer }: Asker) {
    const dossier = registry.files.byCode(code)
    const record = dossier.records.find((known) => known.id === id && known.type === 'penalty')
    if (!record || record.withdrawn) throw new Problem(404, 'unknown', '档案中没有这一处罚记录；请核对地址。')
    const last = dossier.earlyEnds.findLast((known) => known.record === id)
    const right = rightOfEarlyEnd(last?.status === 'checked' ? 'decision' : '')
    return {
      ...headOf(dossier),
      record: {
        id,
        documentNo: String(record.data.documentNo),
        decidedOn: String(record.data.decidedOn),
      },
      last,
      hindrance: holds(scopesOf(officer.roles), right)
        ? undefined
        : `下一步需要的权限：${lackingInWords([right])}。`,
    }
  }
}

function rightOfEarlyEnd(step: unknown) {
  return step === 'decision' ? ('listings:decide' as const) : ('listings:write' as const)
}

function earlyEndStep(form: Form): EarlyEndStep {
  const { step, on = '', grounds = '', findings = '', reasons = '' } = form
  if (step === 'check') return { step, findings }
  if (step === 'decision') return { step, granted: yesOrNo(form, 'granted', '请选择是否同意。'), reasons }
  return { step: 'application', on, grounds }
}

const abouts = ['record', 'rating', 'case'] as const

function aboutOf({ about = '' }: Form) {
  const [kind, id] = about.split(':')
  const known = abouts.find((one) => one === kind)
  if (known === undefined || id === undefined || id === '')
    throw invalid('/about', 'required', '请选择对什么提出异议。')
  return { kind: known, id }
}
