import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { ProxyTrust } from '../config.ts'

/** No address is written longer: IPv6 with a zone and a port. */
const LONGEST = 80
const MOST_KNOWN = 1000

/**
 * The address alone of what a proxy says of whom it speaks for (X-Forwarded-For, RFC 7239): without port, brackets or
 * zone, an IPv4 address mapped into IPv6 as IPv4, IPv6 in its shortest form (RFC 5952). Undefined for what is none.
 */
export function plainAddress(said: string): string | undefined {
  if (said.length > LONGEST) return undefined
  // As nearly all of them are said.
  if (isIP(said) === 4) return said
  const [, bracketed] = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(said) ?? []
  const [, beforePort] = /^([\d.]+):\d{1,5}$/.exec(said) ?? []
  const [address = ''] = (bracketed ?? beforePort ?? said).split('%')
  if (isIP(address) === 4) return bracketed === undefined ? address : undefined
  if (isIP(address) !== 6) return undefined
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1)
  return mapped(shortest) ?? shortest
}

/** An IPv4 address that stands mapped in an IPv6 one in its shortest form (RFC 4291, 2.5.5.2). */
function mapped(shortest: string): string | undefined {
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(shortest) ?? []
  if (high === undefined || low === undefined) return undefined
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.')
}

/**
 * Which of the hops that a request came over are believed, for Fastify: the address that counts is what the nearest of
 * them saw. What is no address is never believed, so what stands behind it counts for nothing.
 */
export function trusted(trust: ProxyTrust): false | ((said: string, hop: number) => boolean) {
  if (trust === false) return false
  const isKnown = typeof trust === 'number' ? (_: string, hop: number) => hop < trust : among(trust)
  return (said, hop) => {
    const address = plainAddress(said)
    return address !== undefined && isKnown(address, hop)
  }
}

function among(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  const family = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6')
  for (const range of ranges.flatMap((one) => (one === 'loopback' ? LOOPBACK : one))) {
    const [network = '', length] = range.split('/')
    if (length === undefined) {
      const address = plainAddress(network) ?? network
      list.addAddress(address, family(address))
    } else list.addSubnet(network, Number(length), family(network))
  }
  // Nearly all come by a few proxies, and looking into the list costs more than the rest of what is asked at the door.
  const known = new LRUCache<string, boolean>({ max: MOST_KNOWN })
  return (address) => {
    const before = known.get(address)
    if (before !== undefined) return before
    const isAmong = list.check(address, family(address))
    known.set(address, isAmong)
    return isAmong
  }
}

const LOOPBACK = ['127.0.0.0/8', '::1']
const isLoopback = among(LOOPBACK)

/** Address of whom a request comes from, as far as it is believed; a proxy's own where that said none. */
export function addressOf(request: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  // Either is found out anew each time that it is asked for.
  const { ips = [request.ip] } = request
  for (let hop = ips.length - 1; hop >= 0; hop -= 1) {
    const address = plainAddress(ips[hop] ?? '')
    if (address !== undefined) return address
  }
  return request.ip
}

/** The hops of a request that the server has refused before it looked at them, the nearest first, as far as they are believed. */
export function hopsOf(
  { socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>,
  trust: ReturnType<typeof trusted>,
): string[] {
  const nearest = socket.remoteAddress ?? ''
  if (trust === false) return [nearest]
  const said = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').reverse()
  const all = [nearest, ...said.map((one) => one.trim())]
  const last = all.findIndex((hop, i) => !trust(hop, i))
  return last < 0 ? all : all.slice(0, last + 1)
}

/** How many addresses the request's X-Forwarded-For names, whoever wrote them. */
export function forwardings({ headers }: Pick<FastifyRequest, 'headers'>): number {
  const said = [headers['x-forwarded-for'] ?? []].flat().join(',')
  return said === '' ? 0 : said.split(',').length
}

/** Under what a visitor is counted: their address, of IPv6 the /64 that one line is given. */
export function visitorOf(request: Pick<FastifyRequest, 'ip' | 'ips'>): string {
  const address = addressOf(request)
  if (isIP(address) !== 6) return address
  const [before = '', after = ''] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [first, last] = [groups(before), groups(after)]
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0')
  return `${[...first, ...zeros, ...last].slice(0, 4).join(':')}::/64`
}

const TRACES = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'] as const

/** Whether a request was made on this machine itself, as far as one can tell: no proxy has left a trace in it. */
export function isFromHere(request: FastifyRequest): boolean {
  // Proxies that were never set up speak HTTP/1.0 and say nothing of whom they speak for.
  if (request.raw.httpVersion === '1.0') return false
  return TRACES.every((name) => request.headers[name] === undefined) && isLoopback(addressOf(request))
}
