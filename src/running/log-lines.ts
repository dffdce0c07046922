import { constants, fstatSync, openSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { isatty } from 'node:tty'
import { pino } from 'pino'

/**
 * The log's way out, which neither ends nor holds up the node: where the disk that it lies on is full, or whoever reads it has
 * ended or stands still, lines are lost, counted, and told of by the first that gets through again.
 */

/** Characters that wait for a slow reader of the log; what comes when there are more is lost. */
export const MOST_WAITING = 4 * 1024 ** 2
/** At the end a reader is waited for no longer. */
const LONGEST_END_MS = 1_000
const STDOUT = 1

/** Takes a line, and tells, at once or later, what was against it, if anything. It never waits. */
export type Outlet = (line: string, done: (fault?: string) => void) => void

export interface LogLines {
  /** Never throws, never waits. */
  write(line: string): void
  /** How many were lost since the start. */
  lost(): number
  /** Waits, within a bound, until those that were taken are out. */
  settled(): Promise<void>
}

/** Lines that were lost one after the other, since a time, by what was last against them. */
interface Gap {
  lost: number
  since: string
  fault: string
}

/** Lines to the standard output of the process, whatever that is. */
export function linesOut(): LogLines {
  const stats = fstatSync(STDOUT)
  // Node writes to these without waiting, to all else at once.
  if (!stats.isFIFO() && !stats.isSocket()) {
    const file = isatty(STDOUT) ? terminal() : STDOUT
    return linesTo(fileOutlet((bytes) => writeSync(file, bytes)))
  }
  const { stdout } = process
  stdout.on('error', () => undefined)
  return linesTo(streamOutlet(stdout), () => new Promise((resolve) => stdout.write('', () => resolve())))
}

/** Lines to an outlet; `drained` comes when those that it has taken are out. */
export function linesTo(outlet: Outlet, drained = async () => {}): LogLines {
  let lost = 0
  let gap: Gap | undefined
  const widen = (lines: number, fault: string, since = new Date().toISOString()) => {
    gap = { lost: lines + (gap?.lost ?? 0), since: gap && gap.since < since ? gap.since : since, fault }
  }
  const tell = () => {
    if (!gap) return
    const told = gap
    gap = undefined
    outlet(lineOf(told), (fault) => {
      if (fault !== undefined) widen(told.lost, fault, told.since)
    })
  }
  return {
    write(line) {
      tell()
      outlet(line, (fault) => {
        if (fault === undefined) return
        lost += 1
        widen(1, fault)
      })
    },
    lost: () => lost,
    async settled() {
      tell()
      await Promise.race([drained(), setTimeout(LONGEST_END_MS)])
    },
  }
}

function lineOf(gap: Gap): string {
  let line = ''
  const write = (said: string) => {
    line = said
  }
  pino({}, { write }).warn(gap, `${gap.lost} 行日志没有写下：日志一时写不出去，服务照常。`)
  return line
}

/** Writes to what takes a line at once or refuses it; `write` gives how many bytes it has written. */
export function fileOutlet(write: (bytes: Buffer) => number): Outlet {
  // A line of which only a part found room; the next one begins on a line of its own.
  let isTorn = false
  return (line, done) => {
    let rest = Buffer.from(isTorn ? `\n${line}` : line)
    try {
      while (rest.length > 0) {
        rest = rest.subarray(write(rest))
        isTorn = rest.length > 0
      }
      done()
    } catch (error) {
      done(codeOf(error))
    }
  }
}

/** Hands lines to a stream as long as no more than `MOST_WAITING` wait in it, and then not before all of them are out. */
export function streamOutlet(stream: Writable): Outlet {
  let isBehind = false
  return (line, done) => {
    isBehind = isBehind ? stream.writableLength > 0 : stream.writableLength + line.length > MOST_WAITING
    if (isBehind) done('EAGAIN')
    else stream.write(line, (error) => done(error ? codeOf(error) : undefined))
  }
}

/** The terminal once more, opened so that a person who stops it (Ctrl-S) stops nothing else. */
function terminal(): number {
  try {
    return openSync('/dev/stdout', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return STDOUT
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : String(error)
}
