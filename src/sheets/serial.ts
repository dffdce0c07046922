/** The first day that a workbook counts from: 1900 (Excel on Windows), or 1904 (once on the Mac). */
export type Epoch = 1900 | 1904

const DAY_S = 86_400
const DAY_MS = DAY_S * 1000
/** Days from 1970 back to what serial 0 would be. */
const ZERO = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) }

/**
 * Seconds before midnight that still mean the next day: programs in China's time zone lose up to 43 s by its local
 * mean time of 1900 when they turn a day into a serial.
 */
const SHORT_OF_MIDNIGHT_S = 60

/** A serial that means a day in a table of firms: 1900 to 2199. */
export function isPlausibleSerial(serial: number): boolean {
  return serial >= 1 && serial < 109_575
}

/**
 * A serial as text: `2012-03-27`, with a time of day `2012-03-27T08:30:00`, below one day `08:30:00`. Undefined for one
 * that is no day: negative, beyond 9999, or Excel's own 29 February 1900.
 */
export function serialText(serial: number, epoch: Epoch): string | undefined {
  let days = Math.floor(serial)
  let seconds = Math.round((serial - days) * DAY_S)
  if (seconds > DAY_S - SHORT_OF_MIDNIGHT_S) {
    days += 1
    seconds = 0
  }
  const time = new Date(seconds * 1000).toISOString().slice(11, 19)
  if (epoch === 1900 && days === 0 && seconds > 0) return time
  if (epoch === 1900 && days === 60) return undefined
  const shift = epoch === 1900 && days < 60 ? 1 : 0
  const moment = ZERO[epoch] + (days + shift) * DAY_MS
  if (!(days >= (epoch === 1900 ? 1 : 0)) || moment >= Date.UTC(10_000, 0)) return undefined
  const day = new Date(moment).toISOString().slice(0, 10)
  return seconds === 0 ? day : `${day}T${time}`
}

/** Whether a serial stands at 16:00, which is midnight in China for a program that writes in UTC. */
export function isMidnightInUtc(serial: number): boolean {
  return Math.round((serial % 1) * DAY_S) === 16 * 3600
}
