import type { ComponentChildren } from 'preact'

/** What is said of something, by what of it that is; `undefined` is not said at all. `long` is a text of paragraphs. */
export type Line = readonly [label: ComponentChildren, said: ComponentChildren, how?: 'long']

/** What something is, line by line. */
export function Lines({ lines, class: named = 'lines' }: { lines: readonly Line[]; class?: string }) {
  return (
    <dl class={named}>
      {lines
        .filter(([, said]) => said !== undefined)
        .map(([label, said, how]) => (
          <div>
            <dt>{label}</dt>
            <dd class={how}>{said}</dd>
          </div>
        ))}
    </dl>
  )
}
