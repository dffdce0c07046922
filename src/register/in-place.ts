import { statSync } from 'node:fs'

/** What tells a file from any other that takes its place by name; undefined where there is none. */
function placeOf(path: string): string | undefined {
  const file = statSync(path, { throwIfNoEntry: false })
  return file && `${file.dev} ${file.ino}`
}

/** Tells whether a file that is open now still lies where it was opened: an open file is written to wherever it lies by then. */
export function lyingAt(path: string): () => boolean {
  const opened = placeOf(path)
  return () => placeOf(path) === opened
}
