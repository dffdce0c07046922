import { shanghaiDate } from '../calendar/dates.ts'
import { draftsOfDay } from '../consequences/day.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { Conflict } from '../register/register.ts'
import type { Views } from '../views/views.ts'
import type { Writer } from '../writer/writer.ts'

interface Parts {
  writer: Writer
  views: Views
  catalogue: Catalogue
  now(): Date
}

/**
 * Appends what the day brings: publications that begin or end, validities and limits of grades that end. Run it as often as you like: what
 * has been appended is not due any more, days that were missed are caught up, and of two nodes one does it. Returns
 * how many entries it appended.
 */
export async function runDaily(parts: Parts, filesAStep = 500): Promise<number> {
  const { writer, views, catalogue, now } = parts
  const today = shanghaiDate(now())
  let appended = 0
  let after = ''
  for (;;) {
    const due = views.dueBy(today, after, filesAStep)
    const last = due.at(-1)
    if (last === undefined) return appended
    after = last.key
    for (const { key } of due) {
      const dossier = views.dossier(key)
      if (!dossier) continue
      const drafts = draftsOfDay(dossier, today, { catalogue, standards: views.standards() })
      if (drafts.length === 0) continue
      try {
        const expect = new Map([[key, dossier.revision]])
        const { entries } = await writer.append({ drafts, expect, command: `daily/${today}/${key}` })
        appended += entries.length
      } catch (error) {
        // The file moved on, so its face has been cut anew; what is left is due at the next run.
        if (!(error instanceof Conflict)) throw error
      }
    }
  }
}
