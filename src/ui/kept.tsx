import { LRUCache } from 'lru-cache'
import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { FrameContext, useFrame } from './frame.tsx'

const KEPT_BYTES = 64 * 1024 * 1024

const kept = new LRUCache<string, string>({
  maxSize: KEPT_BYTES,
  sizeCalculation: (html, key) => 2 * (html.length + key.length) + 200,
})

interface Props {
  /** What the part is made from, in full or by its version: it is rendered once for each. Time has no place in it. */
  from: string
  as?: 'div' | 'tr'
  children: () => ComponentChildren
}

/** A part of a page that stays the same while the register and the minute move on. */
export function Kept({ from, as: Element = 'div', children }: Props) {
  const frame = useFrame()
  const key = `${frame.language} ${from}`
  let html = kept.get(key)
  if (html === undefined) {
    html = renderToString(<FrameContext.Provider value={frame}>{children()}</FrameContext.Provider>)
    kept.set(key, html)
  }
  return <Element {...(Element === 'div' && { class: 'kept' })} dangerouslySetInnerHTML={{ __html: html }} />
}
