import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import type { Actor } from '../authority/acting.ts'
import { shanghaiTime } from '../calendar/dates.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Catalogue, kindOf } from '../records/catalogue.ts'
import { pageOf } from '../registry/gather.ts'
import type { Place } from '../registry/places.ts'
import type { Registry } from '../registry/registry.ts'
import { type Hand, handedOn, mustBePreview, type NewJob, type StoredJob } from './job.ts'
import type { JobStore } from './job-store.ts'
import { type AskedFirm, certainFirms, type FirmMatch, firmId, firmMatch, type Matcher } from './matching.ts'
import type { Preview, Previewer } from './preview.ts'
import { fitting, type ImportTemplate, type TemplateKeeper } from './templates.ts'
import { faultsOfMending, type Mending, nothingMended } from './upload.ts'
import { type WaitingFor, waitingPlace } from './waiting.ts'

/** Why imports that wait don't come on, in Chinese, and since when. */
export interface Standstill {
  reason: string
  since: string
}

/** The same as it is told. */
export function standstillInWords({ reason, since }: Standstill): string {
  return `${reason}（自 ${shanghaiTime(new Date(since))}）`
}

/** Imports as the API and the desk know them, wherever they are run. */
export interface ImportService {
  jobs: JobStore
  /** Sees to it that waiting jobs are run. */
  start(): void
  /** Undefined where they are run, or none waits. */
  standstill(): Standstill | undefined
  maxUploadBytes: number
  /** Finds out what an import would do, beside the answering of requests. */
  preview: Previewer
  /** Judges names as the batch check does. */
  match: Matcher
}

/** Finds out what an import of an upload would do as it was mended, and keeps it with the upload. */
export async function lookAt({ jobs, preview, match }: ImportService, job: StoredJob): Promise<Preview> {
  const found = await preview({
    path: await jobs.uploadPath(job.id),
    type: job.type,
    actor: job.actor,
    mending: jobs.mending(job.id),
    effects: jobs.effectsPath(job.id),
  })
  const { words, columns, firms } = jobs.remembered(job)
  const matches = found.firms.length > 0 ? await match(found.firms) : []
  const matched = found.firms.map((firm, i) => ({ ...firm, ...matches[i] }))
  found.firms = (await withOffers(matched, firms, match))
    // A seller without a file is nothing to decide on: the row stands without it.
    .filter(({ role, certainty, offered }) => role === undefined || certainty !== 'none' || offered)
    .sort(bySureness)
  for (const asked of found.words) {
    const offered = words[asked.field]?.[asked.word]
    if (offered) asked.offered = offered
  }
  for (const column of found.columns) {
    const offered = columns[column.written]
    if (offered !== undefined && column.meaning === null) column.offered = offered
  }
  const written = found.columns.map((column) => column.written)
  found.templates = fitting(jobs.templates.of(job.actor.authority, job.type), written).map(
    ({ id, name }) => ({
      id,
      name,
    }),
  )
  await jobs.savePreview(job.id, found)
  return found
}

/** Names with the files that they were last decided to mean, which stand among their candidates; offered, not taken. */
async function withOffers(
  firms: readonly AskedFirm[],
  known: Readonly<Record<string, string>>,
  match: Matcher,
): Promise<AskedFirm[]> {
  const unsure = firms.filter(({ id, certainty }) => certainty !== 'certain' && known[id] !== undefined)
  const keys = new Map(unsure.map(({ id }) => [id, known[id] ?? '']))
  const others = unsure.filter(({ id, candidates }) => !candidates.some(({ key }) => key === keys.get(id)))
  const asked = others.filter(({ id }) => keys.get(id) !== '')
  const found = await match(asked.map(({ id, name }) => ({ name, code: keys.get(id) })))
  const files = new Map(asked.map(({ id }, i) => [id, found[i]?.candidates[0]]))
  return firms.map((firm) => {
    const offered = keys.get(firm.id)
    if (offered === undefined) return firm
    const file = files.get(firm.id)
    const candidates = file ? [file, ...firm.candidates] : firm.candidates
    const stands = offered === '' || candidates.some(({ key }) => key === offered)
    return { ...firm, candidates, ...(stands && { offered }) }
  })
}

/** Keeps what was said about an upload as a template of its authority. */
export function saveTemplate(
  { jobs }: ImportService,
  job: StoredJob,
  name: string,
  by: TemplateKeeper,
  at: Date,
): Promise<ImportTemplate> {
  const headings = jobs.preview(job.id)?.columns.map(({ written }) => written) ?? []
  return jobs.templates.save({ type: job.type, headings, made: jobs.mending(job.id), name }, by, at)
}

const SURENESS = firmMatch.shape.certainty.options

function bySureness(a: AskedFirm, b: AskedFirm): number {
  return SURENESS.indexOf(a.certainty) - SURENESS.indexOf(b.certainty) || b.count - a.count
}

/** Takes for each name that is certain the file that it means, as who may decide on names asked for. */
export async function acceptCertain(service: ImportService, job: StoredJob, by: Mender): Promise<Preview> {
  let found = await lookAt(service, job)
  // A name may come to be asked once another is decided on: the seller's, where the producer's is found not to be on file.
  for (let round = 1; round <= MOST_ROUNDS; round += 1) {
    const certain = certainFirms(found.firms)
    if (Object.keys(certain).length === 0) break
    const made = service.jobs.mending(job.id)
    await said(service, job, { ...made, firms: { ...certain, ...made.firms } }, by)
    found = await lookAt(service, job)
  }
  return found
}

const MOST_ROUNDS = 3

async function said({ jobs }: ImportService, { id }: StoredJob, made: Mending, by: Mender): Promise<void> {
  await jobs.saveMending(id, made)
  await jobs.change(id, (present) => handedOn(present, { did: 'mended', ...by }))
}

/** Who says what an upload means, and when. */
export type Mender = Pick<Hand, 'by' | 'at'>

/** Keeps what somebody said about an upload, and looks at it again. Refuses one that is being imported. */
export async function mend(
  service: ImportService,
  job: StoredJob,
  made: Mending,
  catalogue: Catalogue,
  by: Mender,
): Promise<Preview> {
  mustBePreview(job)
  mustBeKnown(job.type, made, catalogue)
  await said(service, job, made, by)
  return lookAt(service, job)
}

/** Throws an upload away that was not imported. */
export async function discard({ jobs }: ImportService, job: StoredJob): Promise<void> {
  await jobs.discard(job.id)
}

/** Refuses what is said of an upload in words that its kind of record does not know. */
export function mustBeKnown(type: string, made: Mending, catalogue: Catalogue): void {
  const kind = kindOf(catalogue, type)
  const faults = kind ? faultsOfMending(made, kind) : []
  if (faults[0]) throw new Refusal('invalid', faults[0].detail, faults)
}

/** Whose uploads are asked for: one's own, or those of one's authority; all that one may see else. */
export const importsWhose = ['own', 'authority'] as const

/** A stretch of the uploads that somebody may see, the latest first, and the id after which the next one begins. */
export function importsSeen(
  { jobs }: ImportService,
  registry: Registry,
  actor: Actor,
  asked: {
    whose?: (typeof importsWhose)[number] | undefined
    status?: StoredJob['status'] | undefined
    after?: Place | undefined
    limit: number
  },
): { items: StoredJob[]; next: Place | null } {
  const { whose, status, after, limit } = asked
  const sight = registry.importSight(actor)
  const senders = jobs.senders().filter(({ actor: sender }) => {
    if (whose === 'own') return sender.id === actor.id
    return whose === 'authority' ? sight.isOwn(sender) : sight.hindrance(sender) === undefined
  })
  const [createdAt, id] = (after ?? []).map(String)
  const place = createdAt === undefined ? undefined : { createdAt, id: id ?? '' }
  const found = jobs.latest(senders, { status, after: place, limit: limit + 1 })
  return pageOf(found, limit, (last) => [last.createdAt, last.id])
}

/** An upload as somebody looks at it, or goes on with it; refuses whoever may not, and one that there is not. */
export function importOf(
  { jobs }: ImportService,
  registry: Registry,
  id: string,
  { actor, way }: { actor: Actor; way: 'look' | 'goOn' },
): StoredJob {
  const job = jobs.now(id)
  if (!job) throw new Refusal('unknown', '没有这次导入；结束 30 天后删除，没有导入的上传 3 天后删除。')
  const sight = registry.importSight(actor)
  const why = sight.hindrance(job.actor) ?? (way === 'goOn' ? sight.goingOn(job.actor) : undefined)
  if (why !== undefined) throw new Refusal('forbidden', why)
  return job
}

/** What rows wait for, with the files that it may mean by now. */
export interface Awaited extends WaitingFor {
  match: FirmMatch
}

const NO_MATCH: FirmMatch = { certainty: 'none', why: '', candidates: [] }

/** What an authority's rows wait for, after a place, and the place after which there is more; a code is looked for as a name is, by the batch check's judgement. */
export async function awaited(
  { jobs, match }: ImportService,
  authority: string,
  after: Place | undefined,
  most: number,
): Promise<{ items: Awaited[]; next: Place | null }> {
  const { items: waiting, next } = pageOf(jobs.waiting.firms(authority, after, most + 1), most, waitingPlace)
  const named = waiting.map(({ code, name = '', place }) => ({
    ...(code !== undefined && { code }),
    name,
    place,
  }))
  const found = waiting.length > 0 ? await match(named) : []
  return { items: waiting.map((own, i) => ({ ...own, match: found[i] ?? NO_MATCH })), next }
}

/** Begins an import with what waits for a firm whose file was decided on; it is looked at before anything is done. */
export async function importWaiting(
  service: ImportService,
  sent: Omit<NewJob, 'type' | 'fileName'>,
  firm: WaitingFor,
  key: string | undefined,
): Promise<StoredJob> {
  const { jobs } = service
  const { authority } = sent.actor
  const { headers, rows } = jobs.waiting.table(authority, firm)
  const { code, name = '', place } = firm
  const job = await jobs.create(
    Readable.from([stringify([headers, ...rows], { bom: true })]),
    { ...sent, type: firm.type, fileName: `待建档：${name === '' ? code : name}`.slice(0, 200) },
    'preview',
  )
  await jobs.waiting.take(authority, firm, job.id)
  if (key !== undefined)
    await jobs
      .saveMending(job.id, { ...nothingMended, firms: { [firmId({ name, place })]: key } })
      .catch(async (error: unknown) => {
        await jobs.discard(job.id)
        throw error
      })
  await lookAt(service, job)
  return job
}
