import type { JobFolder } from './jobs.ts'
import type { Previewer } from './preview.ts'

/** Imports as the API and the desk know them, wherever they are run. */
export interface ImportService {
  folder: JobFolder
  /** Sees to it that waiting jobs are run. */
  start(): void
  maxUploadBytes: number
  /** Finds out what an import would do, beside the answering of requests. */
  preview: Previewer
}
