import { join } from 'node:path'
import { Anchor, layAnchor } from '../../src/register/anchor.ts'
import { chained } from '../../src/register/chain.ts'
import { newId } from '../../src/register/entry.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { type Measurement, median } from './measurement.ts'

const APPENDS = 3_000
/** A payload as an import brings it. */
const PAYLOAD = { text: 'x'.repeat(500) }
const AUTHOR = { authority: '河北省市场监督管理局', officer: '测量' }

/**
 * What chain and anchor take of a durable append of one entry: both are done once more after each append, beside it, so
 * that they are measured among the same disk's writes.
 */
export async function measureChaining(folder: string): Promise<Measurement> {
  const register = openSqliteRegister(join(folder, 'chaining.db'), () => new Date())
  const { epoch } = await register.standing()
  const anchorFile = join(folder, 'beside.anchor')
  layAnchor(anchorFile, { epoch, position: 0, chain: '', at: new Date().toISOString() })
  const anchor = new Anchor(anchorFile)
  const times = { append: [] as number[], share: [] as number[] }
  for (let i = 0; i < APPENDS; i += 1) {
    const draft = { subject: `file:${i}`, kind: 'measured', payload: PAYLOAD, author: AUTHOR }
    const start = performance.now()
    const { entries } = await register.append({
      command: newId(),
      drafts: [{ ...draft, visibility: 'internal' }],
    })
    const appended = performance.now()
    const [entry] = entries
    if (!entry) throw new Error('nothing was appended')
    const again = performance.now()
    const chain = chained(entry.chain, entry.digest)
    anchor.write({ epoch, position: entry.seq, chain, at: entry.recordedAt })
    times.share.push(performance.now() - again)
    times.append.push(appended - start)
  }
  anchor.close()
  await register.close()
  const [append, share] = [median(times.append), median(times.share)]
  return {
    name: 'a durable append with chain and anchor',
    ratio: append / (append - share),
    target: { atMost: 1.03 },
    detail: `${(share * 1000).toFixed(1)} of ${(append * 1000).toFixed(0)} µs`,
  }
}
