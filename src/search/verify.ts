import type Database from 'better-sqlite3'
import type { Findings } from '../register/verify.ts'
import { documentOf } from './document.ts'
import { currentGeneration } from './embedded-schema.ts'

type Connection = Database.Database

/** A file with what the public sees of it, null for a withdrawn one, and the position since which it does. */
export interface ShownFile {
  key: string
  face: string | null
  position: number
}

/**
 * Holds the embedded index against the files that the public sees: every file is in it as it stands, with a row of each
 * of its names in both indexes, and nothing else is. What changed after the position that the index has come to is
 * passed over. Writes nothing. Resolves with how many documents it compared.
 */
export function verifyIndex(
  index: Connection,
  files: () => Iterable<ShownFile>,
  sections: ReadonlyMap<string, string>,
  findings: Findings,
): number {
  // One snapshot of the index, taken before the files are looked at: they are never behind it.
  index.exec('BEGIN')
  try {
    return compare(index, files, sections, findings)
  } finally {
    index.exec('ROLLBACK')
  }
}

function compare(
  index: Connection,
  files: () => Iterable<ShownFile>,
  sections: ReadonlyMap<string, string>,
  findings: Findings,
): number {
  const g = currentGeneration(index) ?? 1
  const applied =
    index.prepare<[], number>(`SELECT applied FROM generation WHERE id = ${g}`).pluck().get() ?? 0
  const documents = index
    .prepare<[], { key: string; json: string }>(`SELECT key, json FROM document_${g} ORDER BY key`)
    .iterate()
  let document = documents.next()
  let compared = 0
  const pass = (key: string | undefined) => {
    for (; !document.done && (key === undefined || document.value.key < key); document = documents.next())
      findings.add('search', `检索索引中多出 ${document.value.key}。`)
  }
  for (const { key, face, position } of files()) {
    pass(key)
    const found = !document.done && document.value.key === key ? document.value.json : undefined
    if (found !== undefined) document = documents.next()
    if (position > applied) continue
    const wanted = face === null ? undefined : JSON.stringify(documentOf(face, sections))
    if (found === wanted) compared += wanted === undefined ? 0 : 1
    else if (found === undefined) findings.add('search', `检索索引中缺少 ${key}。`)
    else findings.add('search', `检索索引中的 ${key} 与档案不符。`)
  }
  pass(undefined)
  const count = (of: string) => index.prepare<[], number>(`SELECT count(*) FROM ${of}`).pluck().get() ?? 0
  const names = index
    .prepare<[], number>(`SELECT coalesce(sum(json_array_length(json, '$.names')), 0) FROM document_${g}`)
    .pluck()
    .get()
  for (const [table, what] of [
    [`name_${g}`, '名称表'],
    [`characters_${g}_docsize`, '文字索引'],
    [`readings_${g}_docsize`, '拼音索引'],
  ] as const)
    if (count(table) !== names)
      findings.add('search', `检索的${what}有 ${count(table)} 个名称，应为 ${names} 个。`)
  return compared
}
