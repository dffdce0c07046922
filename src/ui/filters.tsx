import { pathIn, useFrame, useSay } from './frame.tsx'
import { Kept } from './kept.tsx'

/** A thing to filter a list by: free text, a day, or one of several values. */
export interface Filter {
  name: string
  label: string
  type: 'text' | 'date' | 'choice'
  choices?: readonly { value: string; label: string }[]
  value: string
  max?: string
  /** Whether one of the choices must be taken. */
  required?: boolean
}

/** A choice among words, by what they stand for. */
export function choiceOf(
  name: string,
  label: string,
  words: Readonly<Record<string, string>>,
  value: string,
): Filter {
  const choices = Object.entries(words).map(([own, word]) => ({ value: own, label: word }))
  return { name, label, type: 'choice', choices, value }
}

interface Props {
  action: string
  filters: readonly Filter[]
}

/** The filters above a list; they are kept in its address. */
export function Filters(props: Props) {
  return <Kept from={JSON.stringify(props)}>{() => <Form {...props} />}</Kept>
}

function Form({ action, filters }: Props) {
  const { language } = useFrame()
  const say = useSay()
  return (
    <form class="filters" method="get" action={pathIn(language, action)}>
      {filters.map((filter) => (
        <div class="filter">
          <label for={`filter-${filter.name}`}>{filter.label}</label>
          <Field {...filter} />
        </div>
      ))}
      <button type="submit">{say('筛选', 'Filter')}</button>
    </form>
  )
}

function Field({ name, type, choices = [], value, max, required = false }: Filter) {
  const say = useSay()
  const id = `filter-${name}`
  if (type === 'choice')
    return (
      <select id={id} class="filter-field" name={name}>
        {!required && <option value="">{say('全部', 'all')}</option>}
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    )
  if (type === 'date')
    return (
      <input
        id={id}
        class="filter-field"
        name={name}
        type="date"
        value={value}
        {...(max !== undefined && { max })}
      />
    )
  return <input id={id} class="filter-field" name={name} type="text" value={value} maxLength={100} />
}
