import type { Column, RecordKind } from '../../records/kind.ts'
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
}

/** The fields of a record as its definition has them: label above, hint under it, fault beside. */
export function Fields({ kind, form, faults, today, suggestions, standing }: Props) {
  return (
    <div class="fields">
      {kind.columns.map((column) => (
        <Field
          column={column}
          value={form[column.field] ?? ''}
          faults={faults.get(column.field) ?? []}
          today={today}
          suggestions={suggestions?.get(column.field) ?? []}
          standing={standing?.[column.field]}
          isChange={standing !== undefined}
        />
      ))}
    </div>
  )
}

interface FieldProps {
  column: Column
  value: string
  faults: readonly string[]
  today: string
  suggestions: readonly string[]
  standing: string | undefined
  isChange: boolean
}

function Field({ column, value, faults, today, suggestions, standing, isChange }: FieldProps) {
  const { field, label, required, unit, hint, internal } = column
  const notes = [
    hint,
    unit === undefined ? undefined : `单位：${unit}`,
    internal ? '内部栏目，不公开' : undefined,
  ]
  const note = notes.filter((part) => part !== undefined).join('；')
  const described = [note === '' ? '' : `${field}-hint`, faults.length > 0 ? `${field}-fault` : '']
  const marks = {
    id: field,
    name: field,
    ...(faults.length > 0 && { 'aria-invalid': true as const }),
    ...(isChange && { 'data-was': standing ?? '' }),
    ...(suggestions.length > 0 && { list: `${field}-list` }),
    ...(described.some((id) => id !== '') && { 'aria-describedby': described.join(' ').trim() }),
  }
  return (
    <div class="field">
      <label for={field}>
        {label}
        {required && <span class="hint">（必填）</span>}
      </label>
      <Input column={column} value={value} marks={marks} today={today} />
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

interface InputProps {
  column: Column
  value: string
  marks: { id: string; name: string }
  today: string
}

const LONG = 200

function Input({ column, value, marks, today }: InputProps) {
  const { type, terms = [], past } = column
  if (type === 'choice' || type === 'boolean') {
    const choices = type === 'boolean' ? ['是', '否'] : terms
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
  if (type === 'list' && terms.length > 0) {
    const chosen = new Set(value.split(/[、\n]/u))
    return (
      <select {...marks} multiple size={Math.min(8, terms.length)}>
        {terms.map((term) => (
          <option value={term} selected={chosen.has(term)}>
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
  if (value.length > LONG)
    return (
      <textarea {...marks} rows={4}>
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
    />
  )
}
