import type { Statements } from './embedded-statements.ts'
import type { SearchBatch } from './engine.ts'
import { facetsOf } from './facets.ts'
import { fold, partsOf } from './normalise.ts'
import { characterText, readingText, tagsOf } from './tokens.ts'

const MAX_INDEXED_LENGTH = 255
const LENGTH_STEP = 2 ** 32

/** Indexes a batch and moves the position; call it inside a transaction. */
export function write(statements: Statements, batch: SearchBatch): void {
  for (const key of batch.removed) remove(statements, key)
  let last = statements.lastName.get() ?? 0
  const names: { id: number; folded: string[]; core: string; tags: string }[] = []
  for (const document of batch.documents) {
    const json = JSON.stringify(document)
    const known = statements.jsonOf.get(document.key)
    if (known === json) continue
    if (known !== undefined) remove(statements, document.key)
    const { key, uscc } = document
    const number = statements.insertDocument.run(key, uscc, json, facetsOf(document)).lastInsertRowid
    for (const [i, name] of document.names.entries()) {
      const folded = fold(name).characters
      const { core } = partsOf(name)
      last += 1
      const id = Math.min(folded.length, MAX_INDEXED_LENGTH) * LENGTH_STEP + last
      statements.insertName.run(id, number, name, i === 0 ? 0 : 1, folded.join(''), core)
      names.push({ id, folded, core, tags: tagsOf(document, i > 0) })
    }
  }
  // FTS5 begins a new segment whenever an id is smaller than the one before.
  names.sort((a, b) => a.id - b.id)
  for (const { id, folded, core, tags } of names) {
    statements.insertCharacters.run(id, characterText(folded, core, tags))
    statements.insertReadings.run(id, readingText(folded, tags))
  }
  statements.advance.run(batch.position, last)
}

function remove(statements: Statements, key: string): void {
  const number = statements.numberOf.get(key)
  if (number === undefined) return
  for (const id of statements.nameIds.all(number)) {
    statements.deleteCharacters.run(id)
    statements.deleteReadings.run(id)
  }
  statements.deleteNames.run(number)
  statements.deleteDocument.run(number)
}
