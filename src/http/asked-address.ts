/**
 * The path and the parameters that a request's address names. One that begins with two slashes names a path as well: read as an address
 * of the web it would be a host, or nothing that can be read.
 */
export function askedAddress(url: string): { path: string; parameters: URLSearchParams } {
  const end = url.indexOf('?')
  if (end < 0) return { path: url, parameters: new URLSearchParams() }
  return { path: url.slice(0, end), parameters: new URLSearchParams(url.slice(end)) }
}
