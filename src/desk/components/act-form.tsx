import type { Choice } from '../../acts/act.ts'
import type { Column } from '../../records/kind.ts'
import type { Form, Refused } from '../contract.ts'
import { faultsByField } from '../forms.ts'
import { FormMarks } from './desk-layout.tsx'
import { Fields } from './fields.tsx'

interface Props {
  /** Names the form among those of its page. */
  id: string
  action: string
  columns?: readonly Column[]
  choices?: Readonly<Record<string, readonly Choice[]>>
  /** What the act brings about, said before it is done. */
  effect?: string
  button: string
  /** What was wrong when this form was sent last, and what had been typed in it. */
  refused?: Refused | undefined
  /** What had been typed when the session ended. */
  typed?: Form
  hidden?: Readonly<Record<string, string>>
  quiet?: boolean
}

/** A form beside those of the acts: fields, faults beside them, what it brings about, one button. */
export function ActForm(props: Props) {
  const { id, action, columns = [], choices, effect, button, refused, typed, hidden = {}, quiet } = props
  const faults = faultsByField(refused?.faults ?? [], columns)
  return (
    <form method="post" action={action} id={id} {...(columns.length > 0 && { 'data-save': true })}>
      <FormMarks />
      {Object.entries(hidden).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {refused && <WhatWasWrong refused={refused} faults={faults} />}
      <Fields
        kind={{ columns }}
        form={refused?.form ?? typed ?? {}}
        faults={faults}
        today=""
        choices={choices ?? {}}
        prefix={`${id}-`}
      />
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
