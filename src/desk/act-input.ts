import type { Act } from '../acts/act.ts'
import type { Address } from '../dossier/proposal.ts'
import type { Form } from './contract.ts'

/** Where the desk takes an act upon a thing. */
export function actAddress(act: Act, { code, id }: Address): string {
  const asked = new URLSearchParams({ ...(code !== undefined && { code }), ...(id !== undefined && { id }) })
  return `/desk/acts/${act.name}?${asked.toString()}`
}

/** What a form says to an act: blank fields are absent, the others as the act's own input will judge them. */
export function actInput(form: Form, { columns }: Pick<Act, 'columns'>): Record<string, unknown> {
  return Object.fromEntries(
    columns.flatMap(({ field, type }): [string, unknown][] => {
      const text = (form[field] ?? '').trim()
      if (text === '') return []
      if (type === 'boolean') return [[field, text === 'yes' ? true : text === 'no' ? false : text]]
      if (type === 'number') return [[field, Number(text)]]
      return [[field, type === 'list' ? text.split('\n').filter((part) => part !== '') : text]]
    }),
  )
}
