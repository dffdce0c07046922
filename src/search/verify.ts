import type Database from 'better-sqlite3'
import type { Findings } from '../register/verify.ts'
import { parseOutline } from '../views/outline.ts'
import { textsOf } from './condition.ts'
import { profileOf } from './dimensions.ts'
import { documentOf, type SearchDocument } from './document.ts'
import { currentGeneration } from './embedded-schema.ts'
import { placeOf } from './order.ts'

type Connection = Database.Database

/** A file with the outline of what the public sees of it, null for a withdrawn one, and the position since which it does. */
export interface ShownFile {
  key: string
  outline: string | null
  position: number
}

/**
 * Holds the embedded index against the files that the public sees: every file is in it as it stands, with the texts that
 * it is found by, and nothing else is. What changed after the position that the index has come to is
 * passed over. Writes nothing. Resolves with how many documents it compared.
 */
export function verifyIndex(index: Connection, files: () => Iterable<ShownFile>, findings: Findings): number {
  // One snapshot of the index, taken before the files are looked at: they are never behind it.
  index.exec('BEGIN')
  try {
    return compare(index, files, findings)
  } finally {
    index.exec('ROLLBACK')
  }
}

function compare(index: Connection, files: () => Iterable<ShownFile>, findings: Findings): number {
  const g = currentGeneration(index) ?? 1
  const applied =
    index.prepare<[], number>(`SELECT applied FROM generation WHERE id = ${g}`).pluck().get() ?? 0
  const documents = index
    .prepare<[], { key: string; json: string; names: string; cores: string; place: number; profile: string }>(
      `SELECT key, json, names, cores, place, profile FROM document_${g} WHERE json IS NOT NULL ORDER BY key`,
    )
    .iterate()
  let document = documents.next()
  let compared = 0
  const pass = (key: string | undefined) => {
    for (; !document.done && (key === undefined || document.value.key < key); document = documents.next())
      findings.add('search', `检索索引中多出 ${document.value.key}。`)
  }
  try {
    for (const { key, outline, position } of files()) {
      pass(key)
      const found = !document.done && document.value.key === key ? document.value : undefined
      if (found !== undefined) document = documents.next()
      if (position > applied) continue
      const wanted = outline === null ? undefined : documentOf(parseOutline(outline))
      if (found?.json === (wanted && JSON.stringify(wanted))) compared += wanted === undefined ? 0 : 1
      else if (found === undefined) findings.add('search', `检索索引中缺少 ${key}。`)
      else findings.add('search', `检索索引中的 ${key} 与档案不符。`)
      if (found && wanted && !isFoundAs(found, wanted))
        findings.add('search', `检索索引中 ${key} 的检索用字与名称不符。`)
    }
    pass(undefined)
  } finally {
    documents.return?.()
  }
  return compared
}

/** Whether what an enterprise is found, counted and put in order by is what its document says. */
function isFoundAs(
  stored: { names: string; cores: string; place: number; profile: string },
  document: SearchDocument,
): boolean {
  const { names, cores } = textsOf(document.names)
  return (
    stored.names === names &&
    stored.cores === cores &&
    stored.place === placeOf(document) &&
    stored.profile === JSON.stringify(profileOf(document))
  )
}
