import type { Adopted, Adoption, Versioned } from '../../adoption/adoption.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { Form, Refused } from '../contract.ts'
import { ActForm } from './act-form.tsx'

interface Props {
  /** Address of the document, below which its acts are. */
  own: string
  token: string
  /** What becomes of it once it is adopted. */
  effect: string
  /** Why this officer may not approve; undefined when they may. */
  hindrance: string | undefined
  refused?: { act: string; refused: Refused } | undefined
}

/** Adopting what was put forward, or refusing it: by another than whoever put it forward. */
export function AdoptionActs({ own, token, effect, hindrance, refused }: Props) {
  if (hindrance !== undefined) return <p class="notice">{hindrance}</p>
  const mine = (act: string) => (refused?.act === act ? refused.refused : undefined)
  return (
    <div class="buttons">
      <ActForm
        id="approval"
        action={`${own}/approval`}
        token={token}
        effect={effect}
        button="批准采用"
        refused={mine('approval')}
      />
      <details open={mine('refusal') !== undefined}>
        <summary>不予采用</summary>
        <ActForm
          id="refusal"
          action={`${own}/refusal`}
          token={token}
          fields={[{ name: 'reason', label: '理由', type: 'text', longest: 500 }]}
          button="不予采用"
          refused={mine('refusal')}
          quiet
        />
      </details>
    </div>
  )
}

/** Puts a document of one's own forward. */
export function ProposalForm({
  action,
  token,
  label,
  hint,
  refused,
  typed,
}: {
  action: string
  token: string
  label: string
  hint: string
  refused: Refused | undefined
  typed: Form | undefined
}) {
  return (
    <ActForm
      id="own"
      action={action}
      token={token}
      fields={[{ name: 'document', label, type: 'long', longest: 200_000, hint }]}
      button="提请采用"
      refused={refused}
      typed={typed ?? {}}
    />
  )
}

/** All versions that were ever adopted, the latest first. */
export function Versions<D extends Versioned>({ versions }: { versions: readonly Adopted<D>[] }) {
  if (versions.length === 0) return null
  return (
    <section>
      <h2>各版</h2>
      <ol class="history">
        {versions.toReversed().map(({ document, adoptedAt, author }) => (
          <li>
            <time dateTime={adoptedAt}>{shanghaiTime(new Date(adoptedAt))}</time>
            <span>
              第 {document.version} 版，{author.authority} {author.officer} 采用
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** What was put forward and waits for another officer. */
export function Waiting<D extends Versioned & { name: string }>({
  proposed,
  base,
}: {
  proposed: readonly Adoption<D>[]
  base: string
}) {
  if (proposed.length === 0) return null
  return (
    <section>
      <h2>等待批准</h2>
      <ul class="plain">
        {proposed.map(
          ({ id, proposed: next }) =>
            next && (
              <li>
                <a href={`${base}/${id}`}>{next.document.name}</a> 第 {next.document.version} 版{' '}
                <span class="hint">
                  {next.author.authority} {next.author.officer} 提请
                </span>
              </li>
            ),
        )}
      </ul>
    </section>
  )
}
