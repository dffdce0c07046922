import type { Connection } from './embedded-schema.ts'

/** A name with what is needed of its enterprise to rank it. */
export interface NameRow {
  id: number
  document: number
  name: string
  former: number
  folded: string
  core: string
  region: string
  names: number
  key: string
  uscc: string | null
  facets: string
}

/** A name with what enterprises can be put in order by. */
export interface OrderedRow extends NameRow {
  grade: string | null
  establishedOn: string | null
}

export type Statements = ReturnType<typeof prepare>

/** The statements on one generation of the index. */
export function prepare(connection: Connection, g: number) {
  const ids = <P extends unknown[]>(sql: string) => connection.prepare<P, number>(sql).pluck()
  const columns = `n.id, n.document, n.name, n.former, n.folded, n.core,
    d.key, d.uscc, d.facets, json_array_length(d.json, '$.names') AS names,
    coalesce(d.json ->> 'region', '') AS region`
  const presentName = `FROM document_${g} d JOIN name_${g} n ON n.document = d.number AND n.former = 0`
  return {
    applied: ids<[]>(`SELECT applied FROM generation WHERE id = ${g}`),
    lastName: ids<[]>(`SELECT last_name FROM generation WHERE id = ${g}`),
    advance: connection.prepare(`UPDATE generation SET applied = ?, last_name = ? WHERE id = ${g}`),
    jsonOf: connection.prepare<[string], string>(`SELECT json FROM document_${g} WHERE key = ?`).pluck(),
    json: connection.prepare<[number], string>(`SELECT json FROM document_${g} WHERE number = ?`).pluck(),
    numberOf: ids<[string]>(`SELECT number FROM document_${g} WHERE key = ?`),
    nameIds: ids<[number]>(`SELECT id FROM name_${g} WHERE document = ?`),
    insertDocument: connection.prepare(
      `INSERT INTO document_${g} (key, uscc, json, facets) VALUES (?, ?, ?, ?)`,
    ),
    insertName: connection.prepare(
      `INSERT INTO name_${g} (id, document, name, former, folded, core) VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    insertCharacters: connection.prepare(`INSERT INTO characters_${g} (rowid, text) VALUES (?, ?)`),
    insertReadings: connection.prepare(`INSERT INTO readings_${g} (rowid, text) VALUES (?, ?)`),
    deleteCharacters: connection.prepare(`DELETE FROM characters_${g} WHERE rowid = ?`),
    deleteReadings: connection.prepare(`DELETE FROM readings_${g} WHERE rowid = ?`),
    deleteNames: connection.prepare(`DELETE FROM name_${g} WHERE document = ?`),
    deleteDocument: connection.prepare(`DELETE FROM document_${g} WHERE number = ?`),
    name: connection.prepare<[number], NameRow>(
      `SELECT ${columns} FROM name_${g} n JOIN document_${g} d ON d.number = n.document WHERE n.id = ?`,
    ),
    namesOf: connection.prepare<[number], NameRow>(
      `SELECT ${columns} FROM name_${g} n JOIN document_${g} d ON d.number = n.document WHERE n.document = ?`,
    ),
    inOrder: connection.prepare<[string], OrderedRow>(
      `SELECT ${columns}, d.json ->> 'grade' AS grade, d.json ->> 'establishedOn' AS establishedOn
       FROM json_each(?) c JOIN name_${g} n ON n.id = c.value JOIN document_${g} d ON d.number = n.document`,
    ),
    byKey: connection.prepare<[string, string, number], NameRow>(
      `SELECT ${columns} ${presentName} WHERE d.key BETWEEN ? AND ? ORDER BY d.key LIMIT ?`,
    ),
    byUnifiedCode: connection.prepare<[string, string, number], NameRow>(
      `SELECT ${columns} ${presentName} WHERE d.uscc BETWEEN ? AND ? ORDER BY d.uscc LIMIT ?`,
    ),
    byFolded: ids<[string, number]>(`SELECT id FROM name_${g} WHERE folded = ? LIMIT ?`),
    byBeginning: ids<[string, string, number]>(
      `SELECT id FROM name_${g} WHERE folded > ? AND folded < ? LIMIT ?`,
    ),
    byCore: ids<[string, number]>(`SELECT id FROM name_${g} WHERE core = ? ORDER BY id LIMIT ?`),
    byCharacters: ids<[string, number, number]>(
      `SELECT rowid FROM characters_${g} WHERE characters_${g} MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?`,
    ),
    byReadings: ids<[string, number]>(
      `SELECT rowid FROM readings_${g} WHERE readings_${g} MATCH ? ORDER BY rowid LIMIT ?`,
    ),
    facets: connection.prepare<[string], { facets: string; count: number }>(
      `SELECT d.facets, count(DISTINCT d.number) AS count
       FROM json_each(?) c JOIN name_${g} n ON n.id = c.value JOIN document_${g} d ON d.number = n.document
       GROUP BY d.facets`,
    ),
  }
}
