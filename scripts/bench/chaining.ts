import { join } from 'node:path'
import { Anchor, layAnchor } from '../../src/register/anchor.ts'
import { chained, noChain } from '../../src/register/chain.ts'
import { fingerprintOf } from '../../src/register/entry.ts'
import { bareAppend } from './bare-append.ts'
import { type Measurement, median } from './measurement.ts'

const ROUNDS = 200
const APPENDS_A_ROUND = 15
/** An entry as an import brings it, without its chain. */
const ENTRY = 'x'.repeat(700)

/** Durable appends of one entry each, chained and told of by an anchor, against the same without; by turns, since disks tire. */
export function measureChaining(folder: string): Measurement {
  const anchorFile = join(folder, 'chaining.anchor')
  const note = {
    epoch: fingerprintOf('x').slice(0, 16),
    position: 0,
    chain: noChain,
    at: new Date().toISOString(),
  }
  layAnchor(anchorFile, note)
  const anchor = new Anchor(anchorFile)
  const append = bareAppend(join(folder, 'chaining.db'))
  let { position, chain } = note
  const times = { bare: [] as number[], chained: [] as number[] }
  for (let round = 0; round < 2 * ROUNDS; round += 1)
    for (let i = 0; i < APPENDS_A_ROUND; i += 1) {
      const start = performance.now()
      if (round % 2 === 0) append(ENTRY)
      else {
        position += 1
        chain = chained(chain, fingerprintOf(`${position}`))
        append(ENTRY + chain)
        anchor.write({ ...note, position, chain })
      }
      times[round % 2 === 0 ? 'bare' : 'chained'].push(performance.now() - start)
    }
  anchor.close()
  const [bare, told] = [median(times.bare), median(times.chained)]
  return {
    name: 'a durable append with chain and anchor',
    ratio: told / bare,
    target: { atMost: 1.03 },
    detail: `${(told * 1000).toFixed(0)} µs, without them ${(bare * 1000).toFixed(0)} µs`,
  }
}
