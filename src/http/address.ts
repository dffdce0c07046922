import type { IncomingMessage } from 'node:http'
import type { Settings } from '../config.ts'

/** What says where the site is reached from outside. */
export type Reached = Pick<Settings, 'PUBLIC_URL' | 'PORT'>

/**
 * Address of the site, without a slash at its end. It is a setting and never the request's: what is kept for everyone
 * must not hold what one asker claims.
 */
export function baseOf({ PUBLIC_URL, PORT }: Reached): string {
  return PUBLIC_URL === '' ? `http://localhost:${PORT}` : PUBLIC_URL
}

/** Path under which the site is reached: empty, or like `/credit`. */
export function rootOf(reached: Reached): string {
  return new URL(baseOf(reached)).pathname.replace(/\/$/, '')
}

/** Whether the site is reached over TLS. */
export function isSecure({ PUBLIC_URL }: Reached): boolean {
  return PUBLIC_URL.startsWith('https:')
}

// RFC 9112, 3.2.2: whoever asks may name the whole address; whose it says to be is not believed, the path is what counts.
const ABSOLUTE = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i

/** Address of a request within the site: a proxy may hand on the path under which the site is reached, or leave it out. */
export function withinRoot({ url: asked = '/' }: Pick<IncomingMessage, 'url'>, root: string): string {
  const path = asked.replace(ABSOLUTE, '')
  const url = path.startsWith('?') || path === '' ? `/${path}` : path
  if (root === '' || !url.startsWith(root)) return url
  const rest = url.slice(root.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : url
}

// An attribute of markup can't stand in its text: a quotation mark is escaped there.
const ADDRESSES =
  /( (?:href|src|action|formaction|data-(?:suggest|suggest-to|suggest-go|progress|check))="| content="0; url=)\/(?!\/)/g

/** A page whose links to the site's own addresses lie under its root. */
export function rooted(html: string, root: string): string {
  return root === '' ? html : html.replace(ADDRESSES, `$1${root}/`)
}

/** The headers of an answer that name addresses of the site, under its root. */
export function rootedHeader(name: 'location' | 'link', value: string, root: string): string {
  if (name === 'location') return /^\/(?!\/)/.test(value) ? `${root}${value}` : value
  return value.replace(/<\/(?!\/)/g, `<${root}/`)
}
