import { createReadStream } from 'node:fs'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

/**
 * Encoding of a text file: by its byte order mark, else by where its zero bytes stand, else UTF-8 or GB18030 by which
 * of them its bytes are. One bad byte does not make a file of UTF-8 one of GB18030.
 */
export async function encodingOf(path: string): Promise<Encoding> {
  const counter = new Utf8Counter()
  let isFirst = true
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    if (isFirst) {
      const marked = wideEncoding(chunk)
      if (marked) return marked
    }
    isFirst = false
    counter.count(chunk)
  }
  return counter.isUtf8() ? 'utf-8' : 'gb18030'
}

/** UTF-16 by its mark, or by many of every other byte of its beginning being zero, as in ASCII text. */
function wideEncoding(bytes: Buffer): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const start = bytes.subarray(0, 1000)
  const zeros = [0, 0]
  for (let i = 0; i < start.length; i += 1) if (start[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const many = start.length / 10
  // 一 (4E00) has a zero byte in the other place, and stands in 统一社会信用代码.
  if (odd > many && even * FEW < odd) return 'utf-16le'
  if (even > many && odd * FEW < even) return 'utf-16be'
  return undefined
}

const FEW = 5

/** Counts characters of three bytes, as Chinese has them in UTF-8, and bytes that fit no character of UTF-8. */
class Utf8Counter {
  #threes = 0
  #misfits = 0
  /** Bytes that are still to come of a character, and how many it has. */
  #missing = 0
  #length = 0

  count(chunk: Buffer): void {
    for (const byte of chunk) {
      if (this.#missing > 0) {
        if (byte >= 0x80 && byte < 0xc0) {
          this.#missing -= 1
          if (this.#missing === 0 && this.#length >= 3) this.#threes += 1
          continue
        }
        this.#misfits += 1
        this.#missing = 0
      }
      if (byte < 0x80) continue
      this.#length = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 ? 3 : 2
      if (byte < 0xc2 || byte >= 0xf5) this.#misfits += 1
      else this.#missing = this.#length - 1
    }
  }

  /** GB18030 read as UTF-8 fits about one pair of bytes in ten; UTF-8 with lost bytes still fits nearly everywhere. */
  isUtf8(): boolean {
    return this.#misfits === 0 || this.#threes > this.#misfits * 2
  }
}

/** A file's text as it streams in, without a byte order mark, with the bytes read so far. */
export async function* decodedText(
  path: string,
  encoding: Encoding,
): AsyncGenerator<{ text: string; bytes: number }> {
  const decoder = new TextDecoder(encoding)
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    bytes += chunk.length
    yield { text: decoder.decode(chunk, { stream: true }), bytes }
  }
  yield { text: decoder.decode(), bytes }
}
