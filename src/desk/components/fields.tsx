import type { ComponentChildren } from 'preact'
import type { Choice } from '../../acts/act.ts'
import { answersOf, type Column, type RecordKind } from '../../records/kind.ts'
import type { Suggestions } from '../../registry/suggestions.ts'
import type { Form } from '../contract.ts'

interface Props {
  kind: Pick<RecordKind, 'columns'>
  form: Form
  /** Faults by field. */
  faults: ReadonlyMap<string, readonly string[]>
  today: string
  /** What is often entered, by field. */
  suggestions?: Suggestions
  /** What stands now, where the form changes it. */
  standing?: Form | undefined
  /** What there is to choose from, by field, where the thing itself names it. */
  choices?: Readonly<Record<string, readonly Choice[]>>
  /** Begins the ids of the fields, where a page has several forms. */
  prefix?: string
}

/** The fields of a record as its definition has them: label above, hint under it, fault beside. */
export function Fields(props: Props) {
  const { kind, form, faults, today, suggestions, standing, choices, prefix = '' } = props
  return (
    <div class="fields">
      {kind.columns
        .filter(({ type }) => type !== 'patch')
        .map((column) => (
          <Field
            column={column}
            value={form[column.field] ?? ''}
            faults={faults.get(column.field) ?? []}
            today={today}
            suggestions={suggestions?.get(column.field) ?? column.suggestions ?? []}
            choices={choices?.[column.field] ?? []}
            prefix={prefix}
            codeField={codeFieldOf(column, kind)}
            standing={standing?.[column.field]}
            isChange={standing !== undefined}
          />
        ))}
    </div>
  )
}

/** The field of the code of the firm that a field names, which choosing the firm fills in too. */
function codeFieldOf({ field, isFirm }: Column, { columns }: Pick<RecordKind, 'columns'>): string {
  const own = `${field}Code`
  return isFirm && columns.some((column) => column.field === own) ? own : ''
}

interface FieldProps {
  column: Column
  codeField: string
  value: string
  faults: readonly string[]
  today: string
  suggestions: readonly string[]
  standing: string | undefined
  isChange: boolean
  choices: readonly Choice[]
  prefix: string
}

function Field(props: FieldProps) {
  const { column, value, faults, today, suggestions, standing, isChange, choices, prefix } = props
  const codeField = props.codeField === '' ? '' : `${prefix}${props.codeField}`
  const { field: name, label, required, unit, hint, internal, isOffered } = column
  const field = `${prefix}${name}`
  const notes = [
    hint,
    unit === undefined ? undefined : `单位：${unit}`,
    internal ? '内部栏目，不公开' : undefined,
  ]
  const note = notes.filter((part) => part !== undefined).join('；')
  const described = [note === '' ? '' : `${field}-hint`, faults.length > 0 ? `${field}-fault` : '']
  const marks = {
    id: field,
    name,
    ...(faults.length > 0 && { 'aria-invalid': true as const }),
    ...(isChange && { 'data-was': standing ?? '' }),
    ...(suggestions.length > 0 && { list: `${field}-list` }),
    ...(described.some((id) => id !== '') && { 'aria-describedby': described.join(' ').trim() }),
  }
  const several = severalOf(column, choices)
  const title = (
    <>
      {label}
      {required && <span class="hint">（必填）</span>}
    </>
  )
  return (
    <div class="field">
      {several ? (
        <Several
          {...marks}
          title={title}
          choices={several}
          chosen={value.split(isOffered ? '\n' : /[、\n]/u)}
        />
      ) : (
        <>
          <label for={field}>{title}</label>
          <Input {...{ column, value, marks, today, choices, codeField }} />
        </>
      )}
      {suggestions.length > 0 && (
        <datalist id={`${field}-list`}>
          {suggestions.map((text) => (
            <option value={text} />
          ))}
        </datalist>
      )}
      {note !== '' && (
        <p class="hint" id={`${field}-hint`}>
          {note}
        </p>
      )}
      {isChange && value !== (standing ?? '') && <p class="hint was">原为：{standing ?? '（空）'}</p>}
      {faults.length > 0 && (
        <p class="fault" id={`${field}-fault`}>
          {faults.join(' ')}
        </p>
      )}
    </div>
  )
}

/** What any number may be chosen from; undefined for a field of one answer. */
function severalOf({ type, terms = [], isOffered }: Column, choices: readonly Choice[]) {
  if (type !== 'list') return undefined
  if (isOffered) return choices
  return terms.length > 0 ? terms.map((term) => ({ value: term, label: term })) : undefined
}

interface SeveralProps {
  id: string
  name: string
  title: ComponentChildren
  choices: readonly Choice[]
  chosen: readonly string[]
  'aria-invalid'?: true
  'aria-describedby'?: string
  'data-was'?: string
}

/** A box for each of what may be chosen. */
function Several({ id, name, title, choices, chosen, ...marks }: SeveralProps) {
  return (
    <fieldset id={id} {...marks}>
      <legend>{title}</legend>
      {choices.map((one) => (
        <label class="choice">
          <input type="checkbox" name={name} value={one.value} checked={chosen.includes(one.value)} />{' '}
          {one.label}
        </label>
      ))}
    </fieldset>
  )
}

interface InputProps {
  column: Column
  value: string
  marks: { id: string; name: string }
  today: string
  choices: readonly Choice[]
  codeField: string
}

const LONG = 200

function Input({ column, value, marks, today, choices, codeField }: InputProps) {
  const { type, terms = [], past, answers, isOffered, isLong, isFirm } = column
  if (answers || isOffered) {
    const offered = answers ? answers.map((label, i) => ({ value: i === 0 ? 'yes' : 'no', label })) : choices
    return (
      <select {...marks}>
        <option value="" />
        {offered.map((one) => (
          <option value={one.value} selected={one.value === value}>
            {one.label}
          </option>
        ))}
      </select>
    )
  }
  if (type === 'choice' || type === 'boolean') {
    const choices = answersOf({ type, terms })
    const isKnown = value === '' || choices.includes(value)
    return (
      <select {...marks}>
        <option value="" />
        {!isKnown && (
          <option value={value} selected>
            {value}
          </option>
        )}
        {choices.map((term) => (
          <option value={term} selected={term === value}>
            {term}
          </option>
        ))}
      </select>
    )
  }
  if (type === 'date') {
    // What was typed and is no date would be lost in a date field.
    const isDate = value === '' || /^\d{4}-\d{2}-\d{2}$/.test(value)
    if (isDate) return <input {...marks} type="date" value={value} {...(past && { max: today })} />
  }
  if (type === 'partial-date')
    return (
      <input {...marks} type="text" inputMode="numeric" maxLength={20} value={value} autocomplete="off" />
    )
  if (isLong || type === 'rows' || value.length > LONG)
    return (
      <textarea {...marks} rows={isLong ? 5 : 4}>
        {value}
      </textarea>
    )
  return (
    <input
      {...marks}
      type="text"
      value={value}
      autocomplete="off"
      {...(type === 'number' && { inputMode: 'decimal' as const })}
      {...(isFirm && { 'data-suggest': '/suggest', 'data-suggest-fill': codeField })}
    />
  )
}
