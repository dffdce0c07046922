import { textsOf } from './condition.ts'
import { profileOf } from './dimensions.ts'
import type { Statements } from './embedded-schema.ts'
import type { SearchBatch } from './engine.ts'
import { placeOf } from './order.ts'

/** Indexes a batch and moves the position; call it inside a transaction. */
export function write(statements: Statements, { documents, removed, position }: SearchBatch): void {
  let version = statements.state.get()?.version ?? 0
  for (const key of removed) {
    version += 1
    statements.remove.run(version, key)
  }
  for (const document of documents) {
    const { key, uscc } = document
    const json = JSON.stringify(document)
    if (statements.json.get(key) === json) continue
    version += 1
    const { names, cores } = textsOf(document.names)
    const profile = JSON.stringify(profileOf(document))
    statements.put.run(key, uscc, version, placeOf(document), names, cores, profile, json)
  }
  statements.advance.run(position, version)
}
