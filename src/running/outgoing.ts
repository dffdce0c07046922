import { type LookupAddress, lookup } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from '../authority/address-range.ts'
import type { Post, Posted } from '../registry/webhooks.ts'

/** How long whoever receives may take, from the beginning to its answer. */
const PATIENCE_MS = 15_000
const PRIVATE = '地址在内部网络中，不予发送（设置 WEBHOOK_PRIVATE 可以放行）'

/**
 * Posts messages to addresses that others named: never to private networks unless that is allowed, whatever the name
 * resolves to at that moment, never after a redirection, and without reading what is answered.
 */
export function poster({ allowPrivate }: { allowPrivate: boolean }): Post {
  return (url, { headers, body }) =>
    new Promise((resolve) => {
      const { hostname, protocol } = new URL(url)
      const literal = hostname.replace(/^\[|\]$/g, '')
      // Of an address in digits no name is looked up.
      if (!allowPrivate && isIP(literal) !== 0 && !isPublicAddress(literal))
        return resolve({ fault: PRIVATE })
      if (!allowPrivate && protocol !== 'https:') return resolve({ fault: '地址不是 https，不予发送' })
      const ask = protocol === 'https:' ? requestSecure : requestPlain
      const signal = AbortSignal.timeout(PATIENCE_MS)
      const done = (posted: Posted) => {
        resolve(posted)
        request.destroy()
      }
      const request = ask(url, {
        method: 'POST',
        headers: {
          ...headers,
          'content-length': Buffer.byteLength(body),
          'user-agent': 'quality-credit-registry',
        },
        lookup: allowPrivate ? lookup : publicLookup,
        agent: false,
        signal,
      })
      request.on('response', ({ statusCode = 0 }) => done({ status: statusCode }))
      request.on('error', (error) => {
        const fault = signal.aborted
          ? `${PATIENCE_MS / 1000} 秒内没有答复`
          : error.message === PRIVATE
            ? PRIVATE
            : `不能送达：${'code' in error ? error.code : error.message}`
        done({ fault })
      })
      request.end(body)
    })
}

/** Looks a name up and refuses it where any of its addresses is none of the public network: the one that is checked is the one that is used. */
const publicLookup: LookupFunction = (name, options, callback) => {
  lookup(name, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const [first] = addresses ?? []
    if (error || !first) return callback(error ?? new Error('no address'), '', 4)
    if (!addresses.every(({ address }) => isPublicAddress(address)))
      return callback(new Error(PRIVATE), '', 4)
    if (options.all) return callback(null, addresses)
    callback(null, first.address, first.family)
  })
}
