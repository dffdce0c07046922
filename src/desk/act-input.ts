import type { Act } from '../acts/act.ts'
import type { Address } from '../authority/proposal.ts'
import { invalid } from '../dossier/refusal.ts'
import { BadJson, readJson } from '../sheets/json.ts'
import type { Form } from './contract.ts'
import { notPersonalOf } from './forms.ts'

/** Where the desk takes an act upon a thing, with what its form begins with. */
export function actAddress(
  act: Pick<Act, 'name'>,
  { code, id }: Address,
  chosen: Readonly<Record<string, string>> = {},
): string {
  const asked = new URLSearchParams({
    ...(code !== undefined && { code }),
    ...(id !== undefined && { id }),
    ...chosen,
  })
  const query = asked.toString()
  return `/desk/acts/${act.name}${query === '' ? '' : `?${query}`}`
}

/** Where pages lead to for an act: the record's own form, where it has that. */
export function entranceAddress(
  act: Pick<Act, 'name'>,
  address: Address,
  chosen: Readonly<Record<string, string>> = {},
): string {
  const { code, id } = address
  const form = RECORD_FORMS[act.name]
  return form !== undefined && code !== undefined
    ? `/desk/enterprises/${code}/${id === undefined ? '' : `records/${id}/`}${form}`
    : actAddress(act, address, chosen)
}

/** Acts whose form is that of the record itself, field by field, by the last part of its address. */
const RECORD_FORMS: Readonly<Record<string, string>> = {
  'change-file': 'change',
  'correct-file': 'correct',
  'update-record': 'update',
  'correct-record': 'correct',
}

/** Where the desk shows what stands outside files, by its subject; `id` where a subject holds several. */
export function thingAddress(subject: string, id = subject.slice(subject.indexOf('/') + 1)): string {
  switch (subject.split('/')[0]) {
    case 'officer':
      return `/desk/officers/${id}`
    case 'key':
      return '/desk/keys'
    case 'authority':
      return '/desk/authorities'
    case 'bulletins':
      return `/desk/bulletins/${id}`
    case 'import':
      return `/desk/imports/${id}`
    case 'draw':
      return `/desk/supervision/draws/${id}`
    case 'campaign':
      return `/desk/campaigns/${id}`
    case 'roster':
      return '/desk/reports/roster'
    case 'standard':
      return `/desk/standards/${id}`
    case 'rules':
      return `/desk/rule-sets/${id}`
    default:
      return '/desk'
  }
}

/** What a form says to an act: blank fields are absent, the others as the act's own input will judge them. */
export function actInput(form: Form, { form: asked }: Pick<Act, 'form'>): unknown {
  const lines = Object.fromEntries(
    asked.columns.flatMap(({ field, type }): [string, unknown][] => {
      const text = (form[field] ?? '').trim()
      if (text === '') return []
      if (type === 'boolean') return [[field, text === 'yes' ? true : text === 'no' ? false : text]]
      if (type === 'number') return [[field, numberIn(text.replace(/[%％]$/u, ''))]]
      if (type === 'document') return [[field, documentIn(field, text)]]
      return [[field, type === 'list' ? text.split('\n').filter((part) => part !== '') : text]]
    }),
  )
  const isAsked = asked.columns.some(({ field }) => field === 'notPersonal')
  return asked.inputOf({ ...lines, ...(isAsked && notPersonalOf(form, asked)) })
}

/** The number that a text writes in decimal digits; another text as it is, for the act's own input to refuse. */
function numberIn(text: string): number | string {
  return /^-?\d{1,16}(\.\d{1,16})?$/.test(text) ? Number(text) : text
}

/** The document that a field holds as JSON; refuses what is none, saying where it breaks off. */
function documentIn(field: string, text: string): unknown {
  try {
    return readJson(text)
  } catch (error) {
    if (!(error instanceof BadJson)) throw error
    throw invalid(`/${field}`, 'json', error.message)
  }
}
