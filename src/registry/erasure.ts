import { z } from 'zod'
import { SYSTEM } from '../authority/authority.ts'
import { rulesOf } from '../blacklist/rule-set.ts'
import { removalCauses } from '../dossier/case-entries.ts'
import { newId } from '../register/entry.ts'
import { Conflict, type Register } from '../register/register.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'

interface Parts {
  register: Register
  views: Views
  writer: Writer
}

/** So often a file that others write into is tried at once; the daily job comes back to it. */
const ATTEMPTS = 5

/**
 * Erases the texts of cases that ended as their rules say (a wrong or annulled listing); entries and digests stay.
 * Safe to run again.
 */
export async function eraseEnded(parts: Parts, key: string): Promise<void> {
  for (let attempt = 1; !(await eraseOnce(parts, key)) && attempt < ATTEMPTS; attempt += 1)
    await parts.writer.catchUp()
}

/** False where somebody changed the file meanwhile. */
async function eraseOnce({ register, views, writer }: Parts, key: string): Promise<boolean> {
  const dossier = views.dossier(key)
  const ended = (dossier?.cases ?? []).filter(
    (own) => own.removed !== undefined && rulesOf(own).eraseOn.includes(own.removed.cause),
  )
  if (!dossier || ended.length === 0) return true
  const ids = new Set(ended.map(({ id }) => id))
  // What was said in objections to them goes too.
  for (const { id, about } of dossier.objections) if (ids.has(about.id)) ids.add(id)
  // So does what was put forward about either.
  for (const { id, on } of dossier.proposals ?? []) if (on.id !== undefined && ids.has(on.id)) ids.add(id)
  const positions = (await register.history(key))
    .filter(
      ({ kind, payload }) =>
        /^(listing|objection|act)\./.test(kind) && (payload === null || ids.has(subjectIn(payload) ?? '')),
    )
    .map(({ seq }) => seq)
  const listings = ended.flatMap(({ id, published, removed }) =>
    published && removed ? [{ id, on: removed.on }] : [],
  )
  const payload = { positions, reason: '列入被撤销，相关内容依法删除', listings }
  const author = { authority: SYSTEM, officer: '依法删除' }
  try {
    await writer.append({
      drafts: [{ subject: key, kind: 'payload.erased', payload, visibility: 'platform', author }],
      expect: new Map([[key, dossier.revision]]),
      erases: positions,
      command: `erase/${newId()}`,
    })
    return true
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
    return false
  }
}

/** Erases what a stop or another act left to be erased. */
export async function eraseAllEnded(parts: Parts, casesAStep = 200): Promise<void> {
  for (const cause of removalCauses)
    for (let after = ''; ; ) {
      const page = parts.views.cases({ status: `removed/${cause}` }, after, casesAStep)
      const last = page.at(-1)
      if (!last) break
      after = last.id
      for (const { key } of page) await eraseEnded(parts, key)
    }
}

const named = z.object({ case: z.string() }).or(z.object({ id: z.string() }))

/** The case, or the objection, that an entry is about. */
function subjectIn(payload: unknown): string | undefined {
  const { data } = named.safeParse(payload)
  if (data === undefined) return undefined
  return 'case' in data ? data.case : data.id
}
