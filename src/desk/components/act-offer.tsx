import type { ComponentChildren } from 'preact'
import type { Offered } from '../../acts/offered.ts'
import type { MakerWords } from '../../registry/person-words.ts'
import { actAddress } from '../act-input.ts'
import type { Form, Refused } from '../contract.ts'
import { faultsByField } from '../forms.ts'
import { WhatWasWrong } from './act-form.tsx'
import { FormMarks } from './desk-layout.tsx'
import { Fields } from './fields.tsx'
import { NotPersonal } from './not-personal.tsx'

/** That the same has been put forward and waits for a second person, and where that is settled. */
export function Awaited({ act, asked, maker }: Pick<Offer, 'act' | 'asked' | 'maker'>) {
  return (
    <>
      {asked.waiting.map(({ own: { id, author, input }, isWhole }) => (
        <p class="notice">
          {maker(author)} 提请的“{act.label}”正在等待另一人确认
          {asked.unseen(input) === undefined && (
            <>
              ：<a href={`/desk/proposals/${id}`}>查看、确认或者收回</a>
            </>
          )}
          。{!isWhole && '内容相同的不必再提请；其他内容仍可办理。'}
        </p>
      ))}
    </>
  )
}

/** An act that a page offers, with what its form must carry. */
export interface Offer extends Offered {
  today: string
  /** How whoever put something forward is named. */
  maker: MakerWords
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
export function ActOffer(props: Omit<Props, 'maker'>) {
  const { act, asked, address, chosen = {}, today, refused, typed = {}, quiet, children } = props
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
      <FormMarks />
      {Object.entries(chosen).map(([field, value]) => (
        <input type="hidden" name={field} value={value} />
      ))}
      {act.route.seen && <input type="hidden" name="revision" value={asked.seen} />}
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
        <p class="hint text">
          {act.secondWhen !== '' && `${act.secondWhen}，`}提交后须由另一人确认，确认之前什么都不变。
        </p>
      )}
      <button type="submit" {...(quiet && { class: 'quiet' })}>
        {act.label}
      </button>
    </form>
  )
}

/** Whether what was put forward leaves nothing to do until it is settled. */
function isAwaitedWhole({ waiting }: Offered['asked']): boolean {
  return waiting.some(({ isWhole }) => isWhole)
}

/** The form of an act, or what stands in its way: that it is somebody else's, that the same waits for a second person. */
export function ActOrWhyNot(props: Props) {
  const { act, asked, maker, refused } = props
  const why = refused ? undefined : asked.hindrance
  if (why !== undefined) return <p class="notice">{why}</p>
  const isAwaited = isAwaitedWhole(asked) && !refused
  return (
    <>
      <Awaited act={act} asked={asked} maker={maker} />
      {!isAwaited && <ActOffer {...props} />}
    </>
  )
}

/**
 * The same, folded until it is asked for where it ends or undoes something. Where it is somebody else's it says whose and
 * why; where nobody can do it now there is nothing.
 */
export function OfferedAct(props: Props) {
  const { act, asked, refused } = props
  if (asked.isClosed) return null
  const shown = <ActOrWhyNot {...props} quiet={act.isGrave} />
  if (act.isGrave)
    return (
      <details id={`${act.name}-offer`} open={refused !== undefined || props.open === true}>
        <summary>
          {act.label}
          {isAwaitedWhole(asked) && '（待确认）'}
        </summary>
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
