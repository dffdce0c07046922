import type { ComponentChildren } from 'preact'
import type { Form, Refused } from '../contract.ts'
import { FormMarks } from './desk-layout.tsx'

/** One thing that a form asks for. */
export interface ActField {
  name: string
  label: string
  type: 'text' | 'long' | 'date' | 'choice'
  hint?: string
  /** What it begins with. */
  value?: string | undefined
  optional?: boolean
  longest?: number
  /** Latest day. */
  max?: string
  choices?: readonly { value: string; label: string }[]
  suggestions?: readonly string[]
}

interface Props {
  /** Names the form among those of its page. */
  id: string
  action: string
  token: string
  fields?: readonly ActField[]
  /** What the act brings about, said before it is done. */
  effect?: string
  button: string
  /** What was wrong when this form was sent last, and what had been typed in it. */
  refused?: Refused | undefined
  /** What had been typed when the session ended. */
  typed?: Form
  hidden?: Readonly<Record<string, string>>
  quiet?: boolean
  children?: ComponentChildren
}

/** A form of one act: label above, hint under it, fault beside the field, the effect in words before the button. */
export function ActForm(props: Props) {
  const { id, action, token, fields = [], effect, button, refused, typed = {}, hidden = {}, quiet } = props
  const form = refused?.form ?? typed
  const own = new Set(fields.map(({ name }) => name))
  const place = (pointer: string) => pointer.split('/').findLast((part) => own.has(part)) ?? ''
  const faults = new Map<string, string[]>()
  for (const { pointer, detail } of refused?.faults ?? [])
    faults.set(place(pointer), [...(faults.get(place(pointer)) ?? []), detail])
  return (
    <form method="post" action={action} id={id} {...(fields.length > 0 && { 'data-save': true })}>
      <FormMarks token={token} />
      {Object.entries(hidden).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {refused && <WhatWasWrong refused={refused} faults={faults} />}
      {props.children}
      {fields.map((field) => (
        <Field
          {...field}
          id={`${id}-${field.name}`}
          value={form[field.name] ?? field.value ?? ''}
          faults={faults.get(field.name) ?? []}
        />
      ))}
      {effect !== undefined && <p class="hint text">{effect}</p>}
      <button type="submit" {...(quiet && { class: 'quiet' })}>
        {button}
      </button>
    </form>
  )
}

interface WhatWasWrongProps {
  refused: Refused
  /** By field; what belongs to none under ''. */
  faults: ReadonlyMap<string, readonly string[]>
}

/** What was wrong with a form when it was sent last. What stands beside its field is not said twice. */
export function WhatWasWrong({ refused: { title }, faults }: WhatWasWrongProps) {
  const isBeside = Array.from(faults).some(([name, said]) => name !== '' && said.includes(title))
  return (
    <div class="fault" role="alert">
      <p>{isBeside ? '有内容需要修改，见下面各栏。' : title}</p>
      {(faults.get('') ?? [])
        .filter((fault) => fault !== title)
        .map((fault) => (
          <p>{fault}</p>
        ))}
    </div>
  )
}

interface FieldProps extends ActField {
  id: string
  value: string
  faults: readonly string[]
}

function Field({ id, label, hint, optional = false, suggestions = [], faults, ...input }: FieldProps) {
  const described = [hint === undefined ? '' : `${id}-hint`, faults.length > 0 ? `${id}-fault` : '']
  const marks = {
    id,
    name: input.name,
    ...(faults.length > 0 && { 'aria-invalid': true as const }),
    ...(described.some((one) => one !== '') && { 'aria-describedby': described.join(' ').trim() }),
    ...(suggestions.length > 0 && { list: `${id}-list` }),
  }
  return (
    <div class="field text">
      <label for={id}>
        {label}
        {optional && <span class="hint">（可不填）</span>}
      </label>
      <Input {...input} marks={marks} />
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map((text) => (
            <option value={text} />
          ))}
        </datalist>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {faults.length > 0 && (
        <p class="fault" id={`${id}-fault`}>
          {faults.join(' ')}
        </p>
      )}
    </div>
  )
}

type InputProps = Pick<ActField, 'type' | 'longest' | 'max' | 'choices'> & {
  value: string
  marks: { id: string; name: string }
}

function Input({ type, value, longest = 200, max, choices = [], marks }: InputProps) {
  if (type === 'long')
    return (
      <textarea {...marks} rows={5} maxLength={longest}>
        {value}
      </textarea>
    )
  if (type === 'choice')
    return (
      <select {...marks}>
        <option value="" />
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    )
  // What was typed and is no date would be lost in a date field.
  if (type === 'date' && (value === '' || /^\d{4}-\d{2}-\d{2}$/.test(value)))
    return <input {...marks} type="date" value={value} {...(max !== undefined && { max })} />
  return <input {...marks} type="text" value={value} maxLength={longest} autocomplete="off" />
}
