import type { ComponentChildren } from 'preact'

/** What is said of something, by what of it that is; `undefined` is not said at all. */
export type Line = readonly [label: ComponentChildren, said: ComponentChildren]

/** What something is, line by line. */
export function Lines({ lines, class: named = 'lines' }: { lines: readonly Line[]; class?: string }) {
  return (
    <dl class={named}>
      {lines
        .filter(([, said]) => said !== undefined)
        .map(([label, said]) => (
          <div>
            <dt>{label}</dt>
            <dd>{said}</dd>
          </div>
        ))}
    </dl>
  )
}
