import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import { shanghaiTime } from '../calendar/dates.ts'
import { Refusal } from '../dossier/refusal.ts'
import { type Catalogue, kindOf } from '../records/catalogue.ts'
import type { NewJob, StoredJob } from './job.ts'
import type { JobStore } from './job-store.ts'
import { type AskedFirm, certainFirms, type FirmMatch, firmId, firmMatch, type Matcher } from './matching.ts'
import type { Preview, Previewer } from './preview.ts'
import { fitting, type ImportTemplate, type TemplateKeeper } from './templates.ts'
import { faultsOfMending, type Mending, nothingMended } from './upload.ts'
import type { WaitingFor } from './waiting.ts'

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
  const matches = found.firms.length > 0 ? await match(found.firms) : []
  found.firms = found.firms
    .map((firm, i) => ({ ...firm, ...matches[i] }))
    // A seller without a file is nothing to decide on: the row stands without it.
    .filter(({ role, certainty }) => role === undefined || certainty !== 'none')
    .sort(bySureness)
  const { words, columns } = jobs.remembered(job)
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
export async function acceptCertain(service: ImportService, job: StoredJob): Promise<Preview> {
  const { firms } = await lookAt(service, job)
  const made = service.jobs.mending(job.id)
  await service.jobs.saveMending(job.id, { ...made, firms: { ...certainFirms(firms), ...made.firms } })
  return lookAt(service, job)
}

/** Keeps what was said about an upload, and looks at it again. Refuses one that is being imported. */
export async function mend(
  service: ImportService,
  job: StoredJob,
  made: Mending,
  catalogue: Catalogue,
): Promise<Preview> {
  mustBePreview(job)
  mustBeKnown(job.type, made, catalogue)
  await service.jobs.saveMending(job.id, made)
  return lookAt(service, job)
}

/** Throws an upload away that was not imported. */
export async function discard({ jobs }: ImportService, job: StoredJob): Promise<void> {
  mustBePreview(job)
  await jobs.discard(job.id)
}

/** Refuses what is said of an upload in words that its kind of record does not know. */
export function mustBeKnown(type: string, made: Mending, catalogue: Catalogue): void {
  const kind = kindOf(catalogue, type)
  const faults = kind ? faultsOfMending(made, kind) : []
  if (faults[0]) throw new Refusal('invalid', faults[0].detail, faults)
}

function mustBePreview({ status }: StoredJob): void {
  if (status !== 'preview') throw new Refusal('exists', '这次导入已经开始或结束，不能再改动。')
}

/** What rows wait for, with the files that it may mean by now. */
export interface Awaited extends WaitingFor {
  match: FirmMatch
}

const NO_MATCH: FirmMatch = { certainty: 'none', why: '', candidates: [] }

/** What an authority's rows wait for, from a place on; a code is looked for as a name is, by the batch check's judgement. */
export async function awaited(
  { jobs, match }: ImportService,
  authority: string,
  from: number,
  most: number,
): Promise<Awaited[]> {
  const waiting = jobs.waiting.firms(authority, from, most)
  const named = waiting.map(({ code, name = '', place }) => ({
    ...(code !== undefined && { code }),
    name,
    place,
  }))
  const found = waiting.length > 0 ? await match(named) : []
  return waiting.map((own, i) => ({ ...own, match: found[i] ?? NO_MATCH }))
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
    await jobs.saveMending(job.id, { ...nothingMended, firms: { [firmId({ name, place })]: key } })
  await lookAt(service, job)
  return job
}
