import { shanghaiDate } from '../calendar/dates.ts'
import { consequences, hasIssued } from '../consequences/consequences.ts'
import { anticipated } from '../dossier/anticipate.ts'
import type { Dossier } from '../dossier/dossier.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { type Draft, newId } from '../register/entry.ts'
import type { Views } from '../views/views.ts'

interface Parts {
  views: Views
  catalogue: Catalogue
  now(): Date
}

/** What follows at once from drafts about a file, to be appended with them. */
export function consequencesOf(
  before: Dossier | undefined,
  decided: readonly Draft[],
  { views, catalogue, now }: Parts,
): Draft[] {
  if (!before || decided.length === 0 || !hasIssued(before)) return []
  const at = now()
  const after = anticipated(before, decided, at.toISOString())
  return after
    ? consequences(before, after, shanghaiDate(at), { catalogue, standards: views.standards(), newId })
    : []
}
