import { readFileSync } from 'node:fs'
import { z } from 'zod'

const table = z
  .object({
    departments: z.record(
      z.string(),
      z.object({ name: z.string(), categories: z.record(z.string(), z.string()) }),
    ),
    offices: z.object({ prefixes: z.record(z.string(), z.string()) }),
  })
  .parse(JSON.parse(readFileSync(new URL('./departments.json', import.meta.url), 'utf8')))

/** Name of the registering department (登记管理部门) that the first character of a unified code stands for. */
export function departmentName(character: string): string | undefined {
  return table.departments[character]?.name
}

/** Categories (机构类别) that a department registers, by the second character of a unified code. */
export function categoriesOf(department: string): Readonly<Record<string, string>> {
  return table.departments[department]?.categories ?? {}
}

/** Whether six digits are those of a registering office outside the provinces: the state's, the corps of Xinjiang. */
export function isOfficeBeyondProvinces(digits: string): boolean {
  return Object.keys(table.offices.prefixes).some((prefix) => digits.startsWith(prefix))
}
