import { type LookupAddress, lookup } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress, isReceiverAddress } from '../authority/address-range.ts'
import type { Post, Posted } from '../registry/webhooks.ts'

/** How long whoever receives may take, from the beginning to its answer. */
const PATIENCE_MS = 15_000
const PRIVATE = '地址在内部网络中，不予发送（设置 WEBHOOK_PRIVATE 可以放行）'
const NOBODY = '地址不是接收方的（本机链路、组播或保留地址），不予发送'

/**
 * Posts messages to addresses that others named: never to private networks unless that is allowed, never to where no receiver
 * stands, whatever the name resolves to at that moment, never after a redirection, and without reading what is answered.
 */
export function poster({ allowPrivate }: { allowPrivate: boolean }): Post {
  const faultOf = (address: string) =>
    !isReceiverAddress(address) ? NOBODY : allowPrivate || isPublicAddress(address) ? undefined : PRIVATE
  return (url, { headers, body }) =>
    new Promise((resolve) => {
      const { hostname, protocol } = new URL(url)
      const literal = hostname.replace(/^\[|\]$/g, '')
      // Of an address in digits no name is looked up.
      const fault = isIP(literal) === 0 ? undefined : faultOf(literal)
      if (fault !== undefined) return resolve({ fault })
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
        lookup: lookupUnless(faultOf),
        agent: false,
        signal,
      })
      request.on('response', ({ statusCode = 0 }) => done({ status: statusCode }))
      request.on('error', (error) => {
        const fault = signal.aborted
          ? `${PATIENCE_MS / 1000} 秒内没有答复`
          : error instanceof WrongAddress
            ? error.message
            : `不能送达：${'code' in error ? error.code : error.message}`
        done({ fault })
      })
      request.end(body)
    })
}

/** What a name resolves to is no address to send to; the message says why. */
class WrongAddress extends Error {}

/** Looks a name up and refuses it for the fault of any of its addresses: the one that is checked is the one that is used. */
function lookupUnless(faultOf: (address: string) => string | undefined): LookupFunction {
  return (name, options, callback) =>
    lookup(name, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? []
      if (error || !first) return callback(error ?? new Error('no address'), '', 4)
      const fault = addresses.map(({ address }) => faultOf(address)).find((found) => found !== undefined)
      if (fault !== undefined) return callback(new WrongAddress(fault), '', 4)
      if (options.all) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
}
