import type { ComponentChildren } from 'preact'
import type { Act, Asked } from '../../acts/act.ts'
import type { Address } from '../../dossier/proposal.ts'
import { actAddress } from '../act-input.ts'
import type { Form, Refused } from '../contract.ts'
import { faultsByField } from '../forms.ts'
import { WhatWasWrong } from './act-form.tsx'
import { FormMarks } from './desk-layout.tsx'
import { Fields } from './fields.tsx'

interface Props {
  act: Act
  asked: Pick<Asked, 'choices' | 'begins' | 'dossier'>
  address: Address
  token: string
  today: string
  refused?: Refused | undefined
  typed?: Form
  quiet?: boolean
  /** What stands between the fields and the button. */
  children?: ComponentChildren
}

/** The form of an act, as its definition has it: fields, faults beside them, what it brings about, one button. */
export function ActOffer({ act, asked, address, token, today, refused, typed = {}, quiet, children }: Props) {
  const form = { ...asked.begins, ...typed, ...refused?.form }
  const faults = faultsByField(refused?.faults ?? [], act.columns)
  return (
    <form
      method="post"
      action={actAddress(act, address)}
      id={act.name}
      {...(act.columns.length > 0 && { 'data-save': true })}
    >
      <FormMarks token={token} />
      {act.route.seen && <input type="hidden" name="revision" value={asked.dossier.revision} />}
      {refused && <WhatWasWrong refused={refused} faults={faults} />}
      <Fields
        kind={act}
        form={form}
        faults={faults}
        today={today}
        choices={asked.choices}
        prefix={`${act.name}-`}
      />
      {children}
      {act.effect !== undefined && <p class="hint text">{act.effect}</p>}
      {act.secondRight !== undefined && (
        <p class="hint text">涉及公开内容的，提交后须由另一人确认，确认之前什么都不变。</p>
      )}
      <button type="submit" {...(quiet && { class: 'quiet' })}>
        {act.label}
      </button>
    </form>
  )
}

/** The same, folded until it is asked for where it ends or undoes something. */
export function OfferedAct(props: Props) {
  const { act, refused } = props
  if (act.isGrave)
    return (
      <details open={refused !== undefined}>
        <summary>{act.label}</summary>
        <ActOffer {...props} quiet />
      </details>
    )
  return (
    <section>
      <h2>{act.label}</h2>
      <ActOffer {...props} />
    </section>
  )
}
