import { settling } from '../acts/proposing.ts'
import { ownersOfEnded, reliedOn, whyTwoPersons } from '../acts/two-persons.ts'
import { isSame } from '../authority/authorities.ts'
import { confirmationOf } from '../authority/proposal.ts'
import { anticipated } from '../dossier/anticipate.ts'
import {
  correctEnterprise,
  correctRecord,
  type Situation,
  withdrawEnterprise,
  withdrawRecord,
} from '../dossier/commands.ts'
import { type Dossier, fold, nameOf } from '../dossier/dossier.ts'
import { factOf } from '../dossier/entries.ts'
import { Refusal } from '../dossier/refusal.ts'
import type { RecordData } from '../records/kind.ts'
import type { Draft, Entry } from '../register/entry.ts'

/** What was left as it is, because others have gone on from it. */
export interface Kept {
  key: string
  name: string
  why: string
}

/** What undoing an import comes to in one file. */
export interface Undoing {
  drafts: Draft[]
  withdrawn: number
  restored: number
  /** How much others rely on, so that it is taken back only once a second person has confirmed it. */
  waiting: number
  kept: Kept[]
}

/** Kinds that are not anybody's doing: what time and the rules bring. */
const BY_ITSELF = /^(record\.(published|unpublished|expired)|payload\.erased)$/

/**
 * Undoes in one file what an import entered there, the latest first: records are withdrawn, changes are corrected back,
 * a file that it opened is withdrawn, what it put forward is taken back. What others have changed, rated or begun a case on
 * since is left and told; so is what others rely on, where nobody has confirmed it. `isOwn` tells the import's entries, `isNow` those of them whose turn it is.
 */
export function undoInFile(
  history: readonly Entry[],
  isOwn: (entry: Entry) => boolean,
  isNow: (entry: Entry) => boolean,
  reason: string,
  { isConfirmed, ...at }: Omit<Situation, 'file'> & { isConfirmed: boolean },
): Undoing {
  const undone: Undoing = { drafts: [], withdrawn: 0, restored: 0, waiting: 0, kept: [] }
  let dossier = fold(undefined, history)
  if (!dossier || dossier.withdrawn) return undone
  const key = dossier.key
  const name = nameOf(dossier)
  const keep = (why: string) => undone.kept.push({ key, name, why })
  const situation = { ...at, file: () => dossier }
  const own = history.filter(isOwn)
  const opened = own.find(({ kind }) => kind === 'enterprise.opened')
  const others = history.filter((entry) => !isOwn(entry) && !BY_ITSELF.test(entry.kind))
  const isTouched = opened !== undefined && others.some(({ seq }) => seq > opened.seq)
  const take = (
    decide: (present: Dossier) => readonly Draft[],
    count: 'withdrawn' | 'restored',
    whyTwo: (present: Dossier, drafts: readonly Draft[]) => string | undefined = (present, drafts) =>
      whyTwoPersons(present, drafts, situation),
  ) => {
    if (!dossier) return
    try {
      const drafts = decide(dossier)
      const why = isConfirmed ? undefined : whyTwo(dossier, drafts)
      if (why !== undefined) {
        undone.waiting += 1
        return keep(`${why}，由另一人确认后撤回`)
      }
      undone.drafts.push(...drafts)
      undone[count] += drafts.length
      dossier = anticipated(dossier, drafts)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      keep(error.title)
    }
  }
  if (opened && !isTouched) {
    // Nobody relies on a file for being there, but for what stands in it.
    const whyTwo = (present: Dossier) =>
      present.records.map((record) => reliedOn(present, record, situation)).find((why) => why !== undefined)
    take((present) => withdrawEnterprise(present, reason, situation).drafts, 'withdrawn', whyTwo)
    return undone
  }
  for (const entry of own.toReversed()) {
    const fact = isNow(entry) ? factOf(entry) : undefined
    if (!fact) continue
    const before = () =>
      fold(
        undefined,
        history.filter(({ seq }) => seq < entry.seq),
      )
    switch (fact.kind) {
      case 'record.added': {
        const { id } = fact.payload
        const record = dossier?.records.find((known) => known.id === id)
        if (!record || record.withdrawn) break
        if (others.some((other) => other.seq > entry.seq && isAbout(other, id)))
          keep('导入的记录后来另有修改，或已用于案件、异议，未撤回')
        else take((present) => withdrawRecord(present, id, reason, situation).drafts, 'withdrawn')
        break
      }
      case 'record.updated': {
        const { id, changes } = fact.payload
        const present = dossier?.records.find((known) => known.id === id)
        if (!present || present.withdrawn) break
        const { data: was = {}, made } = before()?.records.find((known) => known.id === id) ?? {}
        const owner = fact.payload.owner === undefined ? undefined : made?.owner
        if (stands(was, changes, present.data)) break
        const back = backTo(was, changes, present.data)
        if (!back) keep('导入更新的栏目后来另有修改，未恢复')
        else take((now) => correctRecord(now, id, back, reason, situation, owner).drafts, 'restored')
        break
      }
      case 'enterprise.changed': {
        if (!dossier) break
        const { changes } = fact.payload
        const was = before()?.enterprise ?? {}
        if (stands(was, changes, dossier.enterprise)) break
        const back = backTo(was, changes, dossier.enterprise)
        if (!back) keep('导入变更的基本信息后来另有修改，未恢复')
        else if (endsOthers(dossier, back, situation)) keep('恢复后其他机关的列入案件随之终结，由其确认变更')
        else take((now) => correctEnterprise(now, back, reason, situation).drafts, 'restored')
        break
      }
      case 'act.proposed': {
        const { id } = fact.payload
        const status = dossier?.proposals?.find((known) => known.id === id)?.status
        if (status === 'confirmed' && dossier && standsOf(confirmationOf(history, id), dossier))
          keep('导入提请的事项已由另一人确认办理，未撤回；确有错误的，由其机关撤回或者更正该记录')
        if (status !== 'open') break
        const { actor } = situation
        const payload = { id, reason, by: actor.id ?? actor.person }
        take(() => [settling(key, 'act.refused', payload, situation)], 'withdrawn')
        break
      }
      case 'enterprise.opened':
        keep('建档后另有办理，档案保留')
        break
      case 'listing.removed':
        keep('导入引起的移出名单不能恢复')
        break
      default:
        break
    }
  }
  return undone
}

/** Whether a change of the firm would end cases that another authority made, which is theirs to confirm. */
function endsOthers(dossier: Dossier, changes: RecordData, at: Situation): boolean {
  const { body } = at.actor
  return ownersOfEnded(dossier, changes, at).some(
    (owner) => !isSame(owner, body) && !at.authorities.isAbove(body, owner),
  )
}

/** Whether what changes have changed stands again as it was before them. */
function stands(was: RecordData, changes: RecordData, is: RecordData): boolean {
  return Object.keys(changes).every((field) => isEqual(is[field], was[field]))
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
}

/** Changes that bring back what stood before; undefined when any of it has been changed again. */
function backTo(was: RecordData, changes: RecordData, is: RecordData): RecordData | undefined {
  const fields = Object.keys(changes)
  const isUntouched = fields.every((field) => isEqual(is[field], changes[field]))
  if (!isUntouched || fields.length === 0) return undefined
  return Object.fromEntries(fields.map((field) => [field, was[field] ?? null]))
}

/** Whether anything of what was confirmed still stands in a file: a record that has not been withdrawn since, or what is no record. */
function standsOf(confirmed: readonly Entry[], { records }: Dossier): boolean {
  return confirmed.some((entry) => {
    const fact = factOf(entry)
    if (fact?.kind !== 'record.added') return fact !== undefined && !fact.kind.startsWith('act.')
    return records.some(({ id, withdrawn }) => id === fact.payload.id && !withdrawn)
  })
}

function isAbout(entry: Entry, id: string): boolean {
  return entry.payload !== null && JSON.stringify(entry.payload).includes(id)
}

/** Whether an entry bears a command of an import: of one of its batches, or of the whole. */
export function isOfImport(entry: Pick<Entry, 'command'>, command: string): boolean {
  if (entry.command === command) return true
  return entry.command.startsWith(`${command}/`) && /^\d+$/.test(entry.command.slice(command.length + 1))
}

/** Whether an entry was made by taking an import back. */
export function isUndoing({ command }: Pick<Entry, 'command'>): boolean {
  return command.endsWith(UNDOING)
}

/** The command under which an import is taken back. */
export function undoingCommand(command: string): string {
  return `${command}${UNDOING}`
}

const UNDOING = '/withdrawal'
