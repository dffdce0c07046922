import { parseOrganisationCode } from './organisation-code.ts'
import { type Parsed, tidyCode } from './typed.ts'
import { parseUnifiedCode } from './unified-code.ts'

/** Either of the two codes an enterprise is asked for by, told apart by its length. */
export type EnterpriseCode = { kind: 'organisation'; code: string } | { kind: 'unified'; code: string }

/**
 * Code of an enterprise from what somebody typed: nine characters are an organisation code, eighteen a unified
 * code. Any other length is a fault that names both, so that the reader learns what is expected.
 */
export function parseEnterpriseCode(typed: string): Parsed<EnterpriseCode> {
  const code = tidyCode(typed)
  const length = Array.from(code).length
  if (length === 9) {
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
