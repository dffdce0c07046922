import { z } from 'zod'
import { fileByCode } from '../dossier/codes.ts'
import { addingHindrance, addRecord, openFile, ownersOfOpen, type Situation } from '../dossier/commands.ts'
import { Refusal } from '../dossier/refusal.ts'
import { licence } from '../records/licence.ts'
import { type Asked, act } from './act.ts'
import { changes, line, notPersonal } from './input.ts'
import { withPublication } from './publication-day.ts'
import { isOfProvince, makersSaid } from './two-persons.ts'

/**
 * Adds a record to a file (登记记录); a licence with what is known of its applicant opens the file that is not there yet. In
 * the name of another authority it is put forward: that one, or one above, says whether it is theirs.
 */
export const addRecordAct = act({
  name: 'add-record',
  label: '登记记录',
  on: 'file',
  input: z.strictObject({
    type: line('记录类型', { max: 50 }),
    data: changes(),
    enterprise: changes().optional(),
    notPersonal: notPersonal().optional(),
  }),
  right: 'records:write',
  whose: 'placeOrMaker',
  makers: ({ dossier }, at) => ownersOfOpen(dossier, at),
  choices({ dossier }, at) {
    const type = at.catalogue.kinds
      .filter((kind) => addingHindrance(dossier, kind.type, at) === undefined)
      .map((kind) => ({ value: kind.type, label: kind.label }))
    return type.length > 0 ? { type } : {}
  },
  route: {
    method: 'POST',
    path: '/enterprises/:code/records',
    status: 201,
    answer: 'record',
  },
  effect: '以其他机关名义登记的，由该机关或者其上级确认后才生效。',
  second: 'byEntries',
  secondOfProvince: (_, { data }) => isOfProvince(data),
  secondOf(_, { type, data }, at) {
    const makers = makersSaid(type, data, at)
    return makers.length === 0 ? [] : [makers]
  },
  opens: ({ code = '' }, { type, enterprise, notPersonal }, at) =>
    type === licence.type && enterprise !== undefined && !isKnown(code, at)
      ? openFile(
          { codes: code.length > 12 ? { uscc: code } : { orgCode: code }, data: enterprise },
          { ...at, notPersonal },
        )
      : undefined,
  decide: ({ dossier }, { type, data, notPersonal }, at) =>
    addRecord(dossier, type, withPublication({ type, data: {} }, data, at.today), { ...at, notPersonal }),
})

/** Why records of a kind can't be added where adding was asked about, in words; undefined when they can. */
export function hindranceOfKind({ hindrance, choices }: Asked, type: string): string | undefined {
  if (hindrance !== undefined) return hindrance
  const { type: open = [] } = choices
  if (open.some(({ value }) => value === type)) return undefined
  return `该企业不在您的辖区，您只能登记${open.map(({ label }) => label).join('、')}（为自己的列入案件）；其他记录由所在地机关或者其上级机关登记。`
}

/** Whether a file stands under a code; one that was withdrawn leaves it free. */
function isKnown(code: string, at: Situation): boolean {
  try {
    return fileByCode(code, at.file).withdrawn === undefined
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'unknown') return false
    throw error
  }
}
