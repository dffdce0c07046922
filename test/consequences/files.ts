import { consequences, type Rules } from '../../src/consequences/consequences.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import { type Dossier, ratingInForce } from '../../src/dossier/dossier.ts'
import { ratingDraft } from '../../src/rating/events.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { RecordData } from '../../src/records/kind.ts'
import type { Draft } from '../../src/register/entry.ts'
import type { TestRecord } from '../rating/files.ts'

const author = { authority: '省局', officer: '张三' }
export const KEY = 'M000100Y4'

export const about = (kind: string, payload: unknown): Draft => ({
  subject: KEY,
  kind,
  payload,
  visibility: 'public',
  author,
})

/** A file, what happens to it and what follows at once, as an append has them; and what it then says. */
export class Story {
  dossier: Dossier
  #ids = 0
  readonly rules: Rules = {
    catalogue,
    standards: shippedStandards.map((document) => ({
      id: document.id,
      revision: 1,
      versions: [{ document, adoptedAt: '', position: 1, author }],
    })),
    newId: () => {
      this.#ids += 1
      return `rating-${this.#ids}`
    },
  }

  constructor(records: readonly TestRecord[]) {
    const opened = anticipated(undefined, [
      about('enterprise.opened', { data: { name: '示例公司', region: '130102', status: '存续' } }),
      ...records.map(({ id, type, data }) => about('record.added', { id, type, data })),
    ])
    if (!opened) throw new Error('no file')
    this.dossier = opened
  }

  /** Appends facts of a day with what follows; gives the kinds of what followed. */
  happens(on: string, ...facts: Draft[]): string[] {
    const before = this.dossier
    const after = anticipated(before, facts)
    if (!after) throw new Error('no file')
    const own = consequences(before, after, on, this.rules)
    this.dossier = anticipated(after, own) ?? after
    return own.map(({ kind }) => kind)
  }

  /** A day comes on which nothing else happens. */
  passes(on: string): string[] {
    const own = consequences(this.dossier, this.dossier, on, this.rules)
    this.dossier = anticipated(this.dossier, own) ?? this.dossier
    return own.map(({ kind }) => kind)
  }

  /** A campaign rates by a standard as on a day. */
  rated(on: string, id = 'four-grades', adjusted?: { grade: string; reason: string }): void {
    const standard = shippedStandards.find((known) => known.id === id)
    if (!standard) throw new Error('no standard')
    const rating = rate(this.dossier, standard, on, catalogue)
    const given = adjusted ? { ...rating, grade: adjusted.grade } : rating
    const circumstances = {
      campaign: 'campaign',
      ...(adjusted && { adjusted: { from: rating.grade, reason: adjusted.reason } }),
    }
    const draft = ratingDraft(KEY, this.rules.newId(), standard, on, given, circumstances, author)
    this.dossier = anticipated(this.dossier, [draft]) ?? this.dossier
  }

  /** Takes a case on penalties onto the list, or as far as its decision. */
  listed(
    penalties: readonly string[],
    on: string,
    { published = true, ground = 'unsafe-product' } = {},
  ): void {
    this.dossier =
      anticipated(this.dossier, [
        about('listing.proposed', {
          ...{ case: 'c', ruleSet: { id: 'order-44', version: 1 }, ground, penalties },
          ...{ facts: '事实', reasons: '理由', by: 'x' },
        }),
        about('listing.decided', {
          ...{ case: 'c', listed: true, decisionNo: '1', decidedOn: on, reasons: '', measures: [], by: 'y' },
          listing: {
            ...{ ground: '', basis: '', until: '2029-01-01', publishBy: '2026-12-31', certain: true },
            repair: { from: '2027-01-01', how: '', conditions: [] },
          },
        }),
        ...(published ? [about('listing.published', { case: 'c', from: on, until: '2029-01-01' })] : []),
      ]) ?? this.dossier
    if (published) this.happens(on, about('note.added', { id: 'n', text: '' }))
  }

  grade(id = 'four-grades') {
    return ratingInForce(this.dossier, id)
  }
}

export const withdrawn = (id: string) => about('record.withdrawn', { id, reason: '误录' })
export const updated = (id: string, changes: RecordData) => about('record.updated', { id, changes })
export const corrected = (id: string, changes: RecordData) =>
  about('record.corrected', { id, changes, reason: '误录' })
