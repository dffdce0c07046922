import { BlockList, isIP } from 'node:net'

/** Address ranges (地址范围) as they were typed: addresses or CIDR, apart by spaces or commas; what can't be read is named. */
export function readRanges(text: string): { ranges: string[]; unreadable: string[] } {
  const all = text.split(/[\s,，、;；]+/u).filter((part) => part !== '')
  return { ranges: all.filter(isRange), unreadable: all.filter((one) => !isRange(one)) }
}

/** Whether an address lies in any of some ranges. */
export function isWithinRanges(ranges: readonly string[], address: string): boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const { base, bits, family } = parts(range)
    list.addSubnet(base, bits, family)
  }
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  const family = isIP(plain)
  return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * Ranges that no address of the public network lies in, by IANA's registries of special purposes: this machine, private
 * networks, links, shared and reserved ones.
 */
const SPECIAL_IPV4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
]
const GLOBAL_IPV6 = ['2000::/3']
/** Within those: tunnels that carry an address of IPv4, and what is for documents. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

/** Whether an address is one of the public network; false for what is no address. */
export function isPublicAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIP(plain) === 4) return !isWithinRanges(SPECIAL_IPV4, plain)
  return isWithinRanges(GLOBAL_IPV6, plain) && !isWithinRanges(SPECIAL_IPV6, plain)
}

/** This machine's own link, where the machines of a cloud are told their secrets; groups; and addresses that are none. */
const NO_RECEIVER = [
  ...['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'],
  ...['::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
]

/** Whether a receiver of messages may stand at an address, in a private network or the public one; false for what is no address. */
export function isReceiverAddress(address: string): boolean {
  return isIP(address) !== 0 && !isWithinRanges(NO_RECEIVER, address)
}

function isRange(text: string): boolean {
  const { base, bits, family } = parts(text)
  return isIP(base) !== 0 && Number.isInteger(bits) && bits >= 0 && bits <= (family === 'ipv4' ? 32 : 128)
}

function parts(range: string): { base: string; bits: number; family: 'ipv4' | 'ipv6' } {
  const [base = '', bits, more] = range.split('/')
  const family = isIP(base) === 6 ? 'ipv6' : 'ipv4'
  const whole = family === 'ipv4' ? 32 : 128
  const isPlain = bits === undefined || (/^\d{1,3}$/.test(bits) && more === undefined)
  return { base, bits: bits === undefined ? whole : isPlain ? Number(bits) : Number.NaN, family }
}
