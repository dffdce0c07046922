import { setImmediate as othersTurn } from 'node:timers/promises'
import { STATUS_WORDS } from '../blacklist/words.ts'
import { basisOf, type Case } from '../dossier/case.ts'
import type { Difference } from '../dossier/differences.ts'
import { type Dossier, nameOf } from '../dossier/dossier.ts'
import { partNamed } from '../dossier/part.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { Entry } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import type { AccountLine } from './account-lines.ts'
import { isOfImport, undoingCommand } from './undoing.ts'

/** What a proposal comes to: all that whoever confirms it is asked to answer for. */
export interface Foreseen {
  /** What it would change in records and basic information, field by field. */
  differences: readonly FileDifference[]
  /** The account, key or authority that it is upon, or what else of a file would stand otherwise: as it stands, and as it would. */
  lines: readonly AccountLine[]
  /** Where the next stretch begins, of what runs over many files; null where this is all. */
  next: number | null
}

/** A field that differs, with the file, where a proposal runs over several. */
export interface FileDifference extends Difference {
  file?: { key: string; name: string }
}

/** What else than data differs between two states of a file: that it stands, its cases, ratings and objections. */
export function linesBetween(
  before: Dossier,
  after: Dossier,
  catalogue: Catalogue,
  isSeen: (own: Case) => boolean,
): AccountLine[] {
  if (after.withdrawn && !before.withdrawn)
    return [{ label: '档案', before: '在册', after: '撤回，其全部内容不再显示' }]
  const named = (id: string) => partNamed(before, id, catalogue) ?? ''
  const moved = (id: string, was: string, is: string, what = '') =>
    was === is ? [] : [{ label: `${named(id)}${what}`, before: was, after: is }]
  const cases = before.cases.filter(isSeen).flatMap((own) => {
    const { id } = own
    const is = after.cases.find((known) => known.id === id)
    if (!is) return moved(id, STATUS_WORDS[own.status], '已删去')
    const basis = (one: Case) =>
      basisOf(one).map((penalty) => partNamed(after, penalty, catalogue) ?? named(penalty))
    return [
      ...moved(id, STATUS_WORDS[own.status], STATUS_WORDS[is.status], '：状态'),
      ...moved(id, basis(own).join('、'), basis(is).join('、'), '：依据的处罚'),
      ...moved(id, factsOf(own), factsOf(is), '：事实和理由'),
      ...moved(id, overtakenInWords(own), overtakenInWords(is), '：告知后处罚的变动'),
    ]
  })
  const ratings = before.ratings.flatMap(({ id, revoked }) => {
    const is = after.ratings.find((known) => known.id === id)
    return moved(id, revoked ? '已撤销' : '有效', is?.revoked ? '已撤销' : '有效')
  })
  const objections = before.objections.flatMap((own) => {
    const settled = after.objections.find(({ id }) => id === own.id)?.settled
    if (own.settled || !settled) return []
    return moved(own.id, '处理中', settled.upheld ? '成立' : '不成立')
  })
  return [...cases, ...ratings, ...objections]
}

/** The facts and reasons that a case goes by. */
function factsOf({ proposed, rebased, restated }: Case): string {
  const last = [proposed, restated, rebased].reduce((one, other) =>
    one === undefined || (other !== undefined && other.at >= one.at) ? other : one,
  )
  return last ? [last.facts, last.reasons].join(' ') : ''
}

function overtakenInWords({ overtaken, affirmed }: Case): string {
  if (overtaken) return `${overtaken.on} 有变动，待认定`
  return affirmed ? '认定不影响告知' : ''
}

interface Look {
  register: Register
  /** Command that the import's entries bear. */
  command: string
  positions: { first: number; last: number }
  /** Position up to which an earlier look has gone. */
  after: number
}

/**
 * What taking an import back changes in its files, a stretch of its entries at a time: begun after a position, ended once
 * there is enough to look at. `states` tells of a file how it stands before and after.
 */
export async function movedByUndoing(
  { register, command, positions, after }: Look,
  moved: (was: Dossier | undefined, is: Dossier | undefined) => Foreseen,
  states: (
    history: readonly Entry[],
    isOwn: (entry: Entry) => boolean,
    isNow: (entry: Entry) => boolean,
  ) => [was: Dossier | undefined, is: Dossier | undefined],
): Promise<Foreseen> {
  const differences: FileDifference[] = []
  const lines: AccountLine[] = []
  const isOwn = (entry: Entry) => isOfImport(entry, command) || entry.command === undoingCommand(command)
  let reached = Math.max(after, positions.first - 1)
  for (let step = 0; step < MOST_STEPS && reached < positions.last; step += 1) {
    const from = reached
    const entries = await register.read(from, ENTRIES_A_STEP)
    const last = entries.at(-1)
    if (!last) break
    reached = Math.min(last.seq, positions.last)
    const isNow = ({ seq }: Entry) => seq > from && seq <= reached
    const own = entries.filter((entry) => isOfImport(entry, command) && isNow(entry))
    for (const key of new Set(own.map(({ subject }) => subject))) {
      const [was, is] = states(await register.history(key), isOwn, isNow)
      if (!was) continue
      const file = { key, name: nameOf(was) }
      const found = moved(was, is)
      differences.push(...found.differences.map((one) => ({ ...one, file })))
      lines.push(...found.lines.map((one) => ({ ...one, label: `${file.name} ${one.label}` })))
    }
    if (differences.length + lines.length >= ENOUGH_LINES) break
    await othersTurn()
  }
  return { differences, lines, next: reached < positions.last ? reached : null }
}

const ENTRIES_A_STEP = 20
const MOST_STEPS = 50
const ENOUGH_LINES = 200
