import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { firmId } from '../exchange/matching.ts'
import { nothingMended } from '../exchange/upload.ts'
import { MOST_WAITING, type WaitingFor } from '../exchange/waiting.ts'
import { catalogue, kindOf } from '../records/catalogue.ts'
import { imported } from './import.ts'
import { type Opened, onRegistry } from './open.ts'
import { failed, listed, say } from './output.ts'

export interface WaitingOptions {
  authority: string
  officer: string
  key?: string
  errors: string
}

/** Lists what an authority's imported rows wait for, by firm (待建档). */
export function listWaiting({ authority, json }: { authority: string; json?: boolean }): Promise<number> {
  return onRegistry(async ({ jobs }) =>
    listed(jobs.waiting.firms(authority, undefined, MOST_WAITING), {
      json,
      line: ({ id, type, count, name = '', place = '', code = '', until }) =>
        `${id}  ${[name, place, code].filter(Boolean).join(' ')}  ${kindOf(catalogue, type)?.label ?? type} ${count} 行  保留至 ${until.slice(0, 10)}`,
      none: `${authority}没有待建档的行。`,
    }),
  )
}

/** Imports the rows that wait for a firm; a name's file is said by its key. */
export function importWaitingRows(id: string, options: WaitingOptions): Promise<number> {
  const { authority, officer, key, errors } = options
  return onRegistry(
    async (opened) => {
      const firm = foundIn(opened, authority, id)
      const kind = firm && kindOf(catalogue, firm.type)
      if (!firm || !kind) return failed(NOT_THERE)
      const { code, name = '', place } = firm
      if (code === undefined && key === undefined)
        return failed(`这些行按名称“${name}”等待建档，请以 --key 写明该企业的档案编号。`)
      const folder = await mkdtemp(join(tmpdir(), 'waiting-'))
      const { waiting } = opened.jobs
      const { headers, rows } = waiting.table(authority, firm)
      await waiting.take(authority, firm, id)
      try {
        const path = join(folder, 'rows.csv')
        await writeFile(path, stringify([headers, ...rows], { bom: true }))
        const firms = key === undefined ? {} : { firms: { [firmId({ name, place })]: key } }
        const actor = { authority, officer }
        const asked = { kind, path, mending: { ...nothingMended, ...firms }, actor, isOfWaiting: true }
        const ended = await imported(asked, errors, opened)
        // What could not be taken waits on.
        if (ended === 0) waiting.started(id)
        else waiting.givenUp(id)
        return ended
      } catch (error) {
        waiting.givenUp(id)
        throw error
      } finally {
        await rm(folder, { recursive: true })
      }
    },
    { search: 'thread' },
  )
}

/** Closes what waits for a firm, with the reason. */
export function closeWaiting(
  id: string,
  { authority, officer, reason }: Pick<WaitingOptions, 'authority' | 'officer'> & { reason: string },
): Promise<number> {
  return onRegistry(async (opened) => {
    const firm = foundIn(opened, authority, id)
    if (!firm) return failed(NOT_THERE)
    if (reason.trim() === '' || reason.length > 200) return failed('--reason 请写明原因，至多 200 字。')
    const count = await opened.jobs.waiting.close(authority, firm, {
      reason: reason.trim(),
      by: { authority, officer },
      at: opened.registry.now(),
    })
    say(`${count} 行不再等待。`)
    return 0
  })
}

const NOT_THERE = '待建档的列表中没有这一编号；见 waiting list。'

function foundIn({ jobs }: Opened, authority: string, id: string): WaitingFor | undefined {
  return jobs.waiting.one(authority, id)
}
