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
  parts: Parts,
): Draft[] {
  return before && decided.length > 0 ? consequencesOfDay(before, decided, parts) : []
}

/** The same, and what follows from the day alone: a limit of a grade that ends by itself. */
export function consequencesOfDay(
  before: Dossier,
  decided: readonly Draft[],
  { views, catalogue, now }: Parts,
): Draft[] {
  if (!hasIssued(before)) return []
  const at = now()
  const after = anticipated(before, decided, at.toISOString())
  return after
    ? consequences(before, after, shanghaiDate(at), { catalogue, standards: views.standards(), newId })
    : []
}
