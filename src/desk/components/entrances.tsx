import type { ComponentChildren } from 'preact'
import { hindrancesOf, type Offered, openAmong } from '../../acts/offered.ts'
import { whoseRules } from '../../authority/acting.ts'
import { entranceAddress } from '../act-input.ts'
import type { ShownColumn } from './list.tsx'

interface Props {
  offered: readonly Offered[]
  /** Links that are no acts: what there is to read. */
  children?: ComponentChildren
  /** For a row of a table: the links alone, what is somebody else's said once above it. */
  isBrief?: boolean
}

/**
 * Links to the acts that whoever looks may do, what ends or undoes something last. Where some are somebody else's, one line
 * says whose, who may and what else one can do; nothing leads to a refusal.
 */
export function Entrances({ offered, children, isBrief = false }: Props) {
  const open = openAmong(offered)
  const inOrder = [...open.filter(({ act }) => !act.isGrave), ...open.filter(({ act }) => act.isGrave)]
  const [first] = isBrief ? [] : hindrancesOf(offered)
  return (
    <>
      {(inOrder.length > 0 || children) && (
        <p class="buttons">
          {children}
          {inOrder.map((own) => (
            <Entrance {...own} />
          ))}
        </p>
      )}
      {first && (
        <p class="hint">
          {first.acts.join('、')}：{first.why}
        </p>
      )}
    </>
  )
}

/** The link to an act; to what was put forward of the same, where that waits for a second person. */
function Entrance({ act, asked, address, chosen }: Offered) {
  const seen = asked.waiting.filter(({ own }) => asked.unseen(own.input) === undefined)
  return (
    <>
      {!seen.some(({ isWhole }) => isWhole) && (
        <a href={entranceAddress(act, address, chosen)}>{act.label}</a>
      )}
      {seen.map(({ own }) => (
        <a href={`/desk/proposals/${own.id}`}>{act.label}（待确认）</a>
      ))}
    </>
  )
}

/** The column of a list in which what may be done to each row is offered. */
export function actsColumn<R>(offeredOn: (row: R) => readonly Offered[]): ShownColumn<R> {
  return {
    field: 'acts',
    label: '办理',
    value: () => '',
    show: (row) => <Entrances offered={offeredOn(row)} isBrief />,
  }
}

/** Who may do what whoever looks may not, said once for all rows. */
export function WhoElseMay({ offered }: { offered: readonly Offered[] }) {
  const others = offered.filter(({ asked, isBusiness }) => isBusiness && asked.hindrance !== undefined)
  const rules = Array.from(new Set(others.map(({ act }) => act.whose)))
  if (rules.length === 0) return null
  return (
    <p class="hint text">
      没有列出的，由他人办理：
      {rules
        .map((whose) => {
          const labels = others.flatMap(({ act }) => (act.whose === whose ? [act.label] : []))
          return `${Array.from(new Set(labels)).join('、')}，${whoseRules[whose]}`
        })
        .join('；')}
      。
    </p>
  )
}
