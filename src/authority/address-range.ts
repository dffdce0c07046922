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
