import type { ComponentChildren } from 'preact'
import type { Offered } from '../../acts/offered.ts'
import { actAddress } from '../act-input.ts'
import type { Form, Refused } from '../contract.ts'
import { faultsByField } from '../forms.ts'
import { WhatWasWrong } from './act-form.tsx'
import { FormMarks } from './desk-layout.tsx'
import { Fields } from './fields.tsx'
import { NotPersonal } from './not-personal.tsx'

/** An act that a page offers, with what its form must carry. */
export interface Offer extends Offered {
  token: string
  today: string
}

interface Props extends Omit<Offer, 'chosen' | 'isBusiness'> {
  chosen?: Offered['chosen']
  refused?: Refused | undefined
  typed?: Form
  quiet?: boolean
  /** Whether it stands unfolded. */
  open?: boolean
  /** What stands between the fields and the button. */
  children?: ComponentChildren
}

/** The form of an act, as its definition has it: fields, faults beside them, what it brings about, one button. */
export function ActOffer(props: Props) {
  const { act, asked, address, chosen = {}, token, today, refused, typed = {}, quiet, children } = props
  const form = { ...asked.begins, ...typed, ...refused?.form }
  const faults = faultsByField(refused?.faults ?? [], act.form.columns)
  const columns = act.form.columns.filter(({ field }) => chosen[field] === undefined)
  const id = [act.name, ...Object.values(chosen)].join('-')
  return (
    <form
      method="post"
      action={actAddress(act, address)}
      id={id}
      {...(act.form.columns.length > 0 && { 'data-save': true })}
    >
      <FormMarks token={token} />
      {Object.entries(chosen).map(([field, value]) => (
        <input type="hidden" name={field} value={value} />
      ))}
      {act.route.seen && <input type="hidden" name="revision" value={asked.revision} />}
      {refused && <WhatWasWrong refused={refused} faults={faults} />}
      <Fields
        kind={{ ...act.form, columns }}
        form={form}
        faults={faults}
        today={today}
        choices={asked.choices}
        prefix={`${id}-`}
      />
      <NotPersonal kind={act.form} form={form} refused={refused} />
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

/**
 * The same, folded until it is asked for where it ends or undoes something. Where it is somebody else's it says whose and
 * why; where nobody can do it now there is nothing.
 */
export function OfferedAct(props: Props) {
  const { act, asked, refused } = props
  if (asked.isClosed) return null
  const why = asked.hindrance
  const shown = why === undefined ? <ActOffer {...props} quiet={act.isGrave} /> : <p class="notice">{why}</p>
  if (act.isGrave)
    return (
      <details id={`${act.name}-offer`} open={refused !== undefined || props.open === true}>
        <summary>{act.label}</summary>
        {shown}
      </details>
    )
  return (
    <section>
      <h2>{act.label}</h2>
      {shown}
    </section>
  )
}

/** All that a page offers, in its order. */
export function OfferedActs({ offers, typed }: { offers: readonly Offer[]; typed?: Form | undefined }) {
  return (
    <>
      {offers.map((offer) => (
        <OfferedAct {...offer} {...(typed && { typed })} />
      ))}
    </>
  )
}
