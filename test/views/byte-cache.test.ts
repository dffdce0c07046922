import t from 'tap'
import { ByteCache, bytesOfText, cacheFigures, flat } from '../../src/views/byte-cache.ts'

t.test('a cache holds no more bytes than it may, and tells what it was of use for', async (t) => {
  const cache = new ByteCache<Buffer>('of a test', 10_000, ({ length }) => length)
  for (let i = 0; i < 100; i += 1) cache.set(`key ${i}`, Buffer.alloc(1000))
  t.ok(cache.get('key 99'))
  t.equal(cache.get('key 0'), undefined, 'the oldest went')
  const figures = cacheFigures()['of a test']
  t.match(figures, { most: 10_000, entries: 8, hits: 1, misses: 1 })
  t.ok((figures?.bytes ?? 0) <= 10_000, `${figures?.bytes} bytes`)
  cache.set('larger than all', Buffer.alloc(20_000))
  t.equal(cache.get('larger than all'), undefined)
})

t.test('a text is kept in one piece, of the bytes that are counted', async (t) => {
  const before = process.memoryUsage().heapUsed
  const kept = Array.from({ length: 200 }, (_, i) => {
    // As pages are made: put together piece by piece, which holds on to every piece.
    let html = ''
    for (let n = 0; n < 2000; n += 1) html += `<td>${i}质量${n}</td>`
    return flat(html)
  })
  const counted = kept.reduce((sum, text) => sum + bytesOfText(text), 0)
  globalThis.gc?.()
  const held = process.memoryUsage().heapUsed - before
  t.ok(kept.every((text, i) => text.startsWith(`<td>${i}质量0`)))
  if (globalThis.gc) t.ok(held < 1.2 * counted, `${held} bytes held of ${counted} counted`)
  else t.ok(counted > 10_000_000)
})
