import { z } from 'zod'
import { accessActs } from '../../authority/access-log.ts'
import type { Actor } from '../../authority/acting.ts'
import { accountOf } from '../../authority/maker.ts'
import { endOfDate, isCalendarDate, startOfDate } from '../../calendar/dates.ts'
import { parseEnterpriseCode } from '../../codes/enterprise-code.ts'
import { nameOf } from '../../dossier/dossier.ts'
import { isFileSubject } from '../../dossier/entries.ts'
import { invalid } from '../../dossier/refusal.ts'
import type { TableRow } from '../../exchange/export.ts'
import { wholeNumber } from '../../http/parameters.ts'
import { sendLongTable } from '../../http/tables.ts'
import type { EntryHead } from '../../register/register.ts'
import type { Filter } from '../../ui/filters.tsx'
import { type Asker, actorOf, type Desk } from '../contract.ts'
import { type ListColumn, tableOf } from '../lists.ts'
import { ACCESS_WORDS, AuditPage, accessColumns, ENTRY_COLUMNS, type EntryRow } from '../pages/audit.tsx'
import { KIND_WORDS } from '../words.ts'

const ROWS_A_PAGE = 100
const ROWS_A_STEP = 1000
/** A file holds no more rows than this. */
const MOST_SENT = 100_000

const query = z.object({
  officer: z.string().trim().max(100).default('').catch(''),
  authority: z.string().trim().max(100).default('').catch(''),
  about: z.string().trim().max(100).default('').catch(''),
  kind: z.string().max(40).default('').catch(''),
  from: z.string().max(10).default('').catch(''),
  to: z.string().max(10).default('').catch(''),
  before: wholeNumber(1).default(Number.MAX_SAFE_INTEGER).catch(Number.MAX_SAFE_INTEGER),
  format: z.enum(['', 'csv', 'xlsx']).default('').catch(''),
})
type Query = z.output<typeof query>

/** Audit: who did what in the register, and who looked at what beside it. */
export function deskAudit({ app, registry, asker, page }: Desk): void {
  const schema = { hide: true, querystring: query }

  app.get('/audit', { schema }, async (request, reply) => {
    const who = asker(request, 'audit:read')
    const asked = request.query
    const filters = {
      officer: given(asked.officer),
      authority: given(asked.authority),
      subject: subjectOf(asked.about),
      kind: given(asked.kind),
      ...timesOf(asked),
    }
    const find = async (before: number, limit: number) =>
      inWords(who, await registry.searchEntries(filters, before, limit))
    if (asked.format !== '') {
      const parts = steps(ENTRY_COLUMNS, find, ({ seq }) => seq)
      return sendLongTable(reply, { ...tableOf('办理记录', ENTRY_COLUMNS, []), parts }, asked.format)
    }
    const rows = await find(asked.before, ROWS_A_PAGE)
    const kinds = Object.entries(KIND_WORDS).map(([value, label]) => ({ value, label }))
    return page(request, reply, () => (
      <AuditPage
        {...who}
        here="entries"
        filters={filtersOf(asked, '经办人（姓名）', kinds)}
        columns={ENTRY_COLUMNS}
        rows={rows}
        next={rows.length === ROWS_A_PAGE ? (rows.at(-1)?.seq ?? null) : null}
      />
    ))
  })

  /** Entries in words: a step of a proposal with the act that was put forward, subjects and people by name. */
  async function inWords({ officer }: Asker, heads: readonly EntryHead[]): Promise<EntryRow[]> {
    const actor = actorOf(officer)
    const steps = await registry.acts.stepsOf(heads, actor)
    const person = registry.officers.inWords()
    return heads.map((head) => {
      const { seq, kind, subject, author, command } = head
      const step = steps.get(seq)
      const upon = step && [step.act.label, step.part].filter((said) => said !== '').join('，')
      const words = KIND_WORDS[kind] ?? kind
      return {
        ...head,
        what: upon === undefined ? words : `${words}：${upon}`,
        about: subjectInWords(subject, actor),
        to: isFileSubject(subject) ? `/desk/enterprises/${subject}#e-${seq}` : undefined,
        who: person(author.officer, accountOf(command)),
      }
    })
  }

  function subjectInWords(subject: string, actor: Actor): string {
    if (isFileSubject(subject)) {
      const dossier = registry.files.under(subject)
      return dossier ? `${nameOf(dossier)} ${subject}` : subject
    }
    const [kind = '', id = ''] = subject.split('/')
    return registry.acts.titleOf(subject, actor) ?? `${SUBJECT_WORDS[kind] ?? kind} ${id}`
  }

  app.get('/audit/accesses', { schema }, async (request, reply) => {
    const who = asker(request, 'audit:read')
    const asked = request.query
    const filters = {
      act: accessActs.find((act) => act === asked.kind),
      officer: given(asked.officer),
      authority: given(asked.authority),
      about: subjectOf(asked.about),
      ...timesOf(asked),
    }
    const find = (before: number, limit: number) => registry.accesses.find(filters, before, limit)
    const columns = accessColumns(registry.officers.inWords())
    if (asked.format !== '') {
      const parts = steps(columns, find, ({ id }) => id)
      return sendLongTable(reply, { ...tableOf('查阅记录', columns, []), parts }, asked.format)
    }
    const rows = await find(asked.before, ROWS_A_PAGE)
    const acts = accessActs.map((act) => ({ value: act, label: ACCESS_WORDS[act] }))
    return page(request, reply, () => (
      <AuditPage
        {...who}
        here="accesses"
        filters={filtersOf(asked, '姓名或账号', acts)}
        columns={columns}
        rows={rows}
        next={rows.length === ROWS_A_PAGE ? (rows.at(-1)?.id ?? null) : null}
      />
    ))
  })
}

/** What a subject is that has no name of its own, or none any more. */
const SUBJECT_WORDS: Readonly<Record<string, string>> = {
  'authority-name': '机关名称',
  roster: '持证企业名录',
  bulletins: '公告',
  import: '导入',
  clock: '服务器时钟',
}

function given(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** The file that a typed code means, or whatever else was typed as a subject. */
function subjectOf(typed: string): string | undefined {
  if (typed === '') return undefined
  const parsed = parseEnterpriseCode(typed)
  if (!parsed.ok) return typed
  return parsed.value.kind === 'organisation' ? parsed.value.code : parsed.value.code.slice(8, 17)
}

function timesOf({ from, to }: Query) {
  for (const [name, day] of Object.entries({ from, to }))
    if (day !== '' && !isCalendarDate(day))
      throw invalid(`/${name}`, 'date', `“${day}”不是日期；请写成 2026-03-02。`)
  return {
    from: from === '' ? undefined : startOfDate(from),
    to: to === '' ? undefined : endOfDate(to),
  }
}

function filtersOf(asked: Query, who: string, kinds: readonly { value: string; label: string }[]): Filter[] {
  return [
    { name: 'officer', label: who, type: 'text', value: asked.officer },
    { name: 'authority', label: '机关', type: 'text', value: asked.authority },
    { name: 'about', label: '企业代码', type: 'text', value: asked.about },
    { name: 'kind', label: '种类', type: 'choice', value: asked.kind, choices: kinds },
    { name: 'from', label: '自', type: 'date', value: asked.from },
    { name: 'to', label: '至', type: 'date', value: asked.to },
  ]
}

/** Rows step by step from the latest back, as cells of a file. */
async function* steps<R>(
  columns: readonly ListColumn<R>[],
  find: (before: number, limit: number) => Promise<R[]>,
  placeOf: (row: R) => number,
): AsyncGenerator<readonly TableRow[]> {
  let before = Number.MAX_SAFE_INTEGER
  for (let sent = 0; sent < MOST_SENT; ) {
    const rows = await find(before, ROWS_A_STEP)
    const last = rows.at(-1)
    if (last === undefined) return
    yield tableOf('', columns, rows).rows
    sent += rows.length
    before = placeOf(last)
  }
}
