import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { tidyCode } from '../codes/typed.ts'
import { organisationCodeWithin } from '../codes/unified-code.ts'
import { invalid, Refusal } from './refusal.ts'

/**
 * The file that a typed code stands for, by its key or either code in any spelling. A withdrawn file is returned as
 * such. Refuses with `invalid` for what is no code, naming the wrong character, and with `unknown` for one that has
 * no file.
 */
export function fileByCode<T extends Coded>(typed: string, file: (key: string) => T | undefined): T {
  const code = tidyCode(typed.slice(0, 100))
  // A file that stands is found even if its code fails the check: certificates with such codes exist.
  const found = fileOfCode(code, file)
  if (found) return found
  const parsed = parseEnterpriseCode(code)
  if (!parsed.ok) throw invalid('/code', parsed.fault.code, parsed.fault.detail)
  throw new Refusal(
    'unknown',
    `没有代码为 ${parsed.value.code} 的企业质量信用档案。请核对代码，或按企业名称查询；未建档不表示企业不存在。`,
  )
}

/** The key of the file that a typed code stands for; what was typed where there is none. */
export function keyTyped<T extends Coded & { key: string }>(
  typed: string,
  file: (key: string) => T | undefined,
): string {
  return fileOfCode(tidyCode(typed.slice(0, 100)), file)?.key ?? typed.trim()
}

/** A file, in whatever form, that knows its unified code. */
interface Coded {
  uscc?: string | null
}

/** The file that a code in stored form stands for, by its key or either code. */
export function fileOfCode<T extends Coded>(
  code: string,
  file: (key: string) => T | undefined,
): T | undefined {
  if (!/^[0-9A-Z]{9}$|^[0-9A-Z]{18}$/.test(code)) return undefined
  const own = file(code)
  if (own || code.length !== 18) return own
  const within = file(organisationCodeWithin(code))
  return within && (within.uscc ?? code) === code ? within : undefined
}
