import type { ComponentChildren } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { fingerprintOf } from '../register/entry.ts'
import { ByteCache, bytesOfText, flat } from '../views/byte-cache.ts'
import { FrameContext, useFrame } from './frame.tsx'

const KEPT_BYTES = 64 * 1024 * 1024

/** A place for the parts of one registry's pages. */
export function keptParts(): ByteCache<string> {
  return new ByteCache('page parts', KEPT_BYTES, bytesOfText)
}

/** What is longer names a part by its digest. */
const LONGEST_KEY = 100

interface Props {
  /** What the part is made from, in full or by its version: it is rendered once for each. Time has no place in it. */
  from: string
  as?: 'div' | 'tr'
  children: () => ComponentChildren
}

/** A part of a page that stays the same while the register and the minute move on. */
export function Kept({ from, as: Element = 'div', children }: Props) {
  const frame = useFrame()
  const named = from.length > LONGEST_KEY ? fingerprintOf(from) : from
  const key = flat(`${frame.language} ${named}`)
  let html = frame.kept.get(key)
  if (html === undefined) {
    html = flat(renderToString(<FrameContext.Provider value={frame}>{children()}</FrameContext.Provider>))
    frame.kept.set(key, html)
  }
  return <Element {...(Element === 'div' && { class: 'kept' })} dangerouslySetInnerHTML={{ __html: html }} />
}
