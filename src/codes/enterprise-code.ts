import { otherThanCode } from './not-a-code.ts'
import { isOrganisationCode, parseOrganisationCode, withLostZeros } from './organisation-code.ts'
import { placeOfCode } from './places.ts'
import { region } from './regions.ts'
import { type CodeFault, type Parsed, tidyCode } from './typed.ts'
import { organisationCodeWithin, parseUnifiedCode, regionWithin } from './unified-code.ts'

/** Either of the two codes an enterprise is asked for by, told apart by its length. */
export type EnterpriseCode = { kind: 'organisation'; code: string } | { kind: 'unified'; code: string }

/**
 * Code of an enterprise from what somebody typed or a file holds: nine characters are an organisation code, eighteen a
 * unified code. What is something else (an identity number, a placeholder, a registration or tax number, a name,
 * what a spreadsheet left of a number) is named as what it is; any other length is a fault that names both codes.
 */
export function parseEnterpriseCode(typed: string): Parsed<EnterpriseCode> {
  const code = tidyCode(typed)
  const length = Array.from(code).length
  if (length === 9 || withLostZeros(code) !== undefined) {
    const parsed = parseOrganisationCode(code)
    return parsed.ok ? { ok: true, value: { kind: 'organisation', code: parsed.value } } : parsed
  }
  const parsed = parseUnifiedCode(code)
  if (parsed.ok) return { ok: true, value: { kind: 'unified', code: parsed.value } }
  if (parsed.fault.code !== 'length' && parsed.fault.code !== 'empty') return parsed
  return {
    ok: false,
    fault: {
      code: parsed.fault.code,
      detail: `企业代码应为 18 位统一社会信用代码或 9 位组织机构代码，现为 ${length} 位。`,
    },
  }
}

/** Both codes as they were typed or stand in a row's columns; either may be missing, or stand in the other's place. */
export interface CodesTyped {
  uscc?: string | undefined
  orgCode?: string | undefined
}

/** Something to say of codes that were taken all the same. */
export interface CodeNote {
  code: 'organisation-check-character' | 'region-unknown' | 'other-column' | 'placeholder-beside'
  detail: string
}

export type CodesRead =
  | { ok: true; uscc: string | undefined; orgCode: string; notes: CodeNote[] }
  | { ok: false; field: keyof CodesTyped; fault: CodeFault | CodesFault }

/** What is wrong with the two codes together. */
export interface CodesFault {
  code: 'required' | 'codes-differ'
  detail: string
  private?: never
}

const LABELS = { uscc: '统一社会信用代码', orgCode: '组织机构代码' } as const

/**
 * The codes of an enterprise by every way in: form, API, import, check. Each code is taken from either column. An
 * organisation code whose own check character is wrong stands if the unified code beside says the same; a placeholder
 * beside a code says nothing. The fault names the column at fault.
 */
export function readCodes(typed: CodesTyped): CodesRead {
  const notes: CodeNote[] = []
  const found: { unified?: string; organisation?: string; doubtful?: { code: string; fault: CodeFault } } = {}
  const faults: { field: keyof CodesTyped; fault: CodeFault }[] = []
  for (const field of ['uscc', 'orgCode'] as const) {
    const cell = typed[field]
    if (cell === undefined || cell.trim() === '') continue
    const read = parseEnterpriseCode(cell)
    if (!read.ok) {
      if (field === 'orgCode' && read.fault.code === 'check-character' && tidyCode(cell).length === 9)
        found.doubtful = { code: tidyCode(cell), fault: read.fault }
      else faults.push({ field, fault: read.fault })
      continue
    }
    const { kind, code } = read.value
    if (found[kind] !== undefined && found[kind] !== code)
      return differ(LABELS[kind === 'unified' ? 'uscc' : 'orgCode'])
    found[kind] = code
    const own = kind === 'unified' ? 'uscc' : 'orgCode'
    if (own !== field)
      notes.push({
        code: 'other-column',
        detail: `“${LABELS[field]}”栏中填的是${LABELS[own]}，已按${LABELS[own]}读取。`,
      })
  }
  const within = found.unified === undefined ? undefined : organisationCodeWithin(found.unified)
  const orgCode = found.organisation ?? within
  const serious = faults.find(({ fault }) => fault.code !== 'placeholder' || orgCode === undefined)
  if (serious) return { ok: false, field: serious.field, fault: labelled(serious.field, serious.fault) }
  const { doubtful } = found
  if (doubtful && doubtful.code !== within)
    return { ok: false, field: 'orgCode', fault: labelled('orgCode', doubtful.fault) }
  if (orgCode === undefined)
    return {
      ok: false,
      field: 'uscc',
      fault: { code: 'required', detail: '请填写 18 位统一社会信用代码，或 9 位组织机构代码。' },
    }
  if (within !== undefined && within !== orgCode) return codesDiffer(orgCode, within)
  for (const { field } of faults)
    notes.push({ code: 'placeholder-beside', detail: `“${LABELS[field]}”栏中只是占位，未采用。` })
  if (found.unified !== undefined) notes.push(...notesOn(found.unified))
  return { ok: true, uscc: found.unified, orgCode, notes }
}

function labelled(field: keyof CodesTyped, fault: CodeFault): CodeFault {
  return { ...fault, detail: `${LABELS[field]}：${fault.detail}` }
}

function differ(label: string): CodesRead {
  return {
    ok: false,
    field: 'orgCode',
    fault: { code: 'codes-differ', detail: `两栏中填了两个不同的${label}，请核对证照，只填本企业的。` },
  }
}

function codesDiffer(orgCode: string, within: string): CodesRead {
  const detail = `组织机构代码 ${orgCode} 与统一社会信用代码第 9-17 位（${within}）不一致，请核对证照。`
  return { ok: false, field: 'orgCode', fault: { code: 'codes-differ', detail } }
}

/** What is unusual about a unified code that is valid all the same: real certificates have both. */
function notesOn(code: string): CodeNote[] {
  const notes: CodeNote[] = []
  const within = organisationCodeWithin(code)
  if (!isOrganisationCode(within))
    notes.push({
      code: 'organisation-check-character',
      detail: `统一社会信用代码第 9-17 位（${within}）作为组织机构代码校验不符，以统一社会信用代码为准；请对照营业执照核对。`,
    })
  const digits = regionWithin(code)
  const place = placeOfCode(digits)
  if (!region(digits) && place?.level !== 'county')
    notes.push({
      code: 'region-unknown',
      detail: `统一社会信用代码第 3-8 位（${digits}）不在 GB/T 2260 中，按${place?.path ?? '省级以外的登记管理机关'}对待。`,
    })
  return notes
}

/**
 * Whether a column of codes and a column of names were exchanged, judged by their first cells: hardly any code stands
 * where codes should, nearly all stand where names should. Such a file is refused whole, not row by row.
 */
export function areCodesAndNamesExchanged(codes: readonly string[], names: readonly string[]): boolean {
  const looked = codes.slice(0, 100).map((code, i) => [tidyCode(code), tidyCode(names[i] ?? '')] as const)
  const filled = looked.filter(([code, name]) => code !== '' && name !== '')
  const exchanged = filled.filter(
    ([code, name]) => otherThanCode(code)?.code === 'name' && parseEnterpriseCode(name).ok,
  )
  return exchanged.length > 0 && exchanged.length * 10 >= filled.length * 9
}
