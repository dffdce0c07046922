import { createHash } from 'node:crypto'
import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { parseRegion } from '../codes/places.ts'
import { region, regionContains } from '../codes/regions.ts'
import { regionWithin } from '../codes/unified-code.ts'
import { anticipated } from '../dossier/anticipate.ts'
import {
  addRecord,
  type Decision,
  importEnterprise,
  openFile,
  parseCodes,
  type Situation,
  sameRecord,
  standing,
  type TypedCodes,
  updateRecord,
} from '../dossier/commands.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { type Fault, invalid, Refusal } from '../dossier/refusal.ts'
import { enterprise } from '../records/catalogue.ts'
import type { RecordData, RecordKind } from '../records/kind.ts'
import { validate } from '../records/validate.ts'
import { foldedText } from '../search/normalise.ts'
import { fieldValue, isBlank } from './cells.ts'
import type { Mapping } from './columns.ts'

/** A row of a file by what its columns mean. */
interface RowReading {
  codes: TypedCodes
  record: RecordData
  enterprise: RecordData
  /** Hash of what the row says, the same in whatever order the columns stand. */
  hash: string
}

export type RowOutcome =
  | { outcome: 'opened' | 'added' | 'updated'; decisions: Decision[] }
  | { outcome: 'unchanged' }
  | { outcome: 'failed'; faults: RowFault[] }

/** Why a row was not taken: the header of the column at fault where it lies in one, the cell, the reason. */
export interface RowFault {
  header?: string
  value?: string
  detail: string
}

/** Decides what a row of a file adds to the register; a row that was taken before adds nothing. */
export function takeRow(
  cells: readonly string[],
  mapping: Mapping,
  kind: RecordKind,
  at: Situation,
): RowOutcome {
  try {
    const row = readRow(cells, mapping)
    return kind.type === enterprise.type ? takeEnterprise(row, at) : takeRecord(row, kind, at)
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'failed', faults: rowFaults(error, cells, mapping) }
    throw error
  }
}

function readRow(cells: readonly string[], { targets, headers }: Mapping): RowReading {
  const codes: TypedCodes = {}
  const record: RecordData = {}
  const about: RecordData = {}
  const said: string[] = []
  for (const [i, target] of targets.entries()) {
    const cell = tidyCell(cells[i] ?? '')
    if (target.to === 'nothing' || isBlank(cell)) continue
    if (target.to === 'identity-number')
      throw invalid(
        `/${i}`,
        'identity-number',
        `“${headers[i]}”栏含有证件号码。质量信用档案不得记录身份证号码，请删去该栏内容。`,
      )
    if (target.to === 'uscc' || target.to === 'orgCode') codes[target.to] = cell
    else if (target.to === 'code') Object.assign(codes, codeOf(cell))
    else if (target.to === 'record')
      record[target.column.field] = fieldValue(cell, target.column, target.factor)
    else about[target.column.field] = fieldValue(cell, target.column, target.factor)
    said.push(`${'column' in target ? `${target.to}.${target.column.field}` : target.to}=${cell}`)
  }
  const hash = createHash('sha256').update(said.sort().join('\n')).digest('hex').slice(0, 16)
  return { codes, record, enterprise: about, hash }
}

function codeOf(cell: string): TypedCodes {
  const parsed = parseEnterpriseCode(cell)
  return parsed.ok && parsed.value.kind === 'organisation' ? { orgCode: cell } : { uscc: cell }
}

/** A cell without outer space and without the quote that keeps a spreadsheet from taking text for a formula. */
function tidyCell(cell: string): string {
  return cell.replace(/^'(?=[=+\-@\t\r])/u, '').trim()
}

function takeEnterprise(row: RowReading, at: Situation): RowOutcome {
  const { dossier, uscc } = fileOf(row.codes, at)
  const data = withFinerRegion(row.record, dossier, uscc)
  if (!dossier) {
    const opening = { codes: row.codes, data, row: row.hash }
    return { outcome: 'opened', decisions: [openFile(opening, at)] }
  }
  if (dossier.rows?.includes(row.hash)) return { outcome: 'unchanged' }
  const changes = { ...data, ...(uscc !== undefined && { uscc }) }
  const decision = importEnterprise(dossier, changes, row.hash, at)
  return decision.drafts.length > 0 ? { outcome: 'updated', decisions: [decision] } : { outcome: 'unchanged' }
}

function takeRecord(row: RowReading, kind: RecordKind, at: Situation): RowOutcome {
  const { dossier, uscc } = fileOf(row.codes, at)
  if (!dossier) return openWithRecord(row, uscc, kind, at)
  mustBeNamed(dossier, row.enterprise.name)
  const parsed = validate(kind, row.record, at.today)
  const same = parsed.ok ? sameRecord(dossier, kind, parsed.data) : undefined
  if (!same) return { outcome: 'added', decisions: [addRecord(dossier, kind.type, row.record, at, row.hash)] }
  if (same.rows?.includes(row.hash)) return { outcome: 'unchanged' }
  const seen = { revision: dossier.revision }
  const decision = updateRecord(dossier, same.id, row.record, seen, at, { row: row.hash })
  return decision.drafts.length > 0 ? { outcome: 'updated', decisions: [decision] } : { outcome: 'unchanged' }
}

/**
 * A licence or certificate of an enterprise that has no file yet opens it with what the row says of the applicant,
 * as the plan's section (九)1 has files built from licence and CCC applications.
 */
function openWithRecord(
  row: RowReading,
  uscc: string | undefined,
  kind: RecordKind,
  at: Situation,
): RowOutcome {
  const code = row.codes.uscc ?? row.codes.orgCode ?? ''
  if (kind.type !== 'licence')
    throw invalid(
      '/code',
      'unknown',
      `${code} 尚未建立质量信用档案；请先导入该企业的基本信息或许可，再导入${kind.label}。`,
    )
  if (row.enterprise.name === undefined)
    throw invalid('/code', 'unknown', `${code} 尚未建立质量信用档案；请在本行补填企业名称，以便同时建档。`)
  const opening = openFile(
    { codes: row.codes, data: withFinerRegion(row.enterprise, undefined, uscc), row: row.hash },
    at,
  )
  const opened = anticipated(undefined, opening.drafts)
  if (!opened) throw new Error('an opening opened no file')
  const added = addRecord(opened, kind.type, row.record, at, row.hash)
  return { outcome: 'opened', decisions: [opening, added] }
}

function fileOf(
  typed: TypedCodes,
  at: Situation,
): { dossier: Dossier | undefined; uscc: string | undefined } {
  const { uscc, orgCode } = parseCodes(typed)
  const other = standing(at.file(orgCode))
  const own = uscc === undefined ? undefined : standing(at.file(uscc))
  if (own) return { dossier: own, uscc }
  const isSame = other && (uscc === undefined || other.uscc === undefined || other.uscc === uscc)
  return { dossier: isSame ? other : undefined, uscc }
}

/** A record under a wrong code would stand against another enterprise, so a row that names one is checked. */
function mustBeNamed(dossier: Dossier, name: unknown): void {
  if (typeof name !== 'string') return
  const known = [dossier.enterprise.name, ...dossier.formerNames]
  const folded = foldedText(name)
  if (known.some((own) => typeof own === 'string' && foldedText(own) === folded)) return
  throw invalid(
    '/name',
    'name-differs',
    `代码对应的企业是“${dossier.enterprise.name}”，与本行名称“${name}”不符；请核对代码，企业如已更名，请先更新其基本信息。`,
  )
}

/**
 * A city named in a file does not unsay the county that is known, and the county of the registering office stands
 * in for it in a new file.
 */
function withFinerRegion(
  data: RecordData,
  dossier: Dossier | undefined,
  uscc: string | undefined,
): RecordData {
  const stated = typeof data.region === 'string' ? parseRegion(data.region)?.code : undefined
  if (stated === undefined) return data
  const known = dossier ? dossier.enterprise.region : uscc === undefined ? undefined : regionWithin(uscc)
  const isFiner = typeof known === 'string' && region(known) !== undefined && regionContains(stated, known)
  return isFiner ? { ...data, region: known } : data
}

function rowFaults(refusal: Refusal, cells: readonly string[], mapping: Mapping): RowFault[] {
  const faults: readonly Fault[] =
    refusal.faults.length > 0
      ? refusal.faults
      : [{ pointer: '', code: refusal.reason, detail: refusal.title }]
  return faults.map(({ pointer, code, detail }) => {
    const place = columnAt(pointer, mapping)
    return {
      ...(place !== undefined && { header: mapping.headers[place] ?? '', value: cells[place] ?? '' }),
      detail: code === 'exists' || code === 'organisation-code-in-use' ? refusal.title : detail,
    }
  })
}

function columnAt(pointer: string, { targets }: Mapping): number | undefined {
  const field = pointer.split('/').at(-1) ?? ''
  if (/^\d+$/u.test(field)) return Number(field)
  const at = targets.findIndex((target) =>
    'column' in target
      ? target.column.field === field
      : target.to === field || (target.to === 'code' && ['uscc', 'orgCode'].includes(field)),
  )
  if (at >= 0) return at
  if (field !== 'code' && field !== 'uscc' && field !== 'orgCode') return undefined
  const code = targets.findIndex(({ to }) => to === 'uscc' || to === 'orgCode' || to === 'code')
  return code >= 0 ? code : undefined
}
