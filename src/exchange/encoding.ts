import { createReadStream } from 'node:fs'

export type Encoding = 'utf-8' | 'utf-16le' | 'gb18030'

/** Encoding of a text file: by its byte order mark, else UTF-8 where every byte fits it, else GB18030. */
export async function encodingOf(path: string): Promise<Encoding> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let first = true
  try {
    for await (const chunk of createReadStream(path)) {
      if (first && chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le'
      first = false
      decoder.decode(chunk, { stream: true })
    }
    decoder.decode()
    return 'utf-8'
  } catch (error) {
    if (error instanceof TypeError) return 'gb18030'
    throw error
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
