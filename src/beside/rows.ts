import type Database from 'better-sqlite3'

/** A row of a table as JSON, under its primary key; null where it is gone. */
export interface Row {
  place: string
  key: string
  row: string | null
}

export type Rows = ReturnType<typeof rowsOf>

/**
 * Rows of some tables of a database as they are told to other nodes: which of them were touched since the last time, and putting
 * in those of others. Keys and rows are JSON; values are texts and whole numbers. Tells of what this connection does alone.
 */
export function rowsOf(db: Database.Database, tables: readonly string[]) {
  // Who takes another row's place by a second key does away with that one, and it is told.
  db.pragma('recursive_triggers = ON')
  db.exec('CREATE TEMP TABLE touched (place TEXT, key TEXT, PRIMARY KEY (place, key))')
  const own = new Map(tables.map((table) => [table, prepared(db, table)]))
  const touched = db.prepare<[], { place: string; key: string }>('SELECT place, key FROM touched')
  const forget = db.prepare('DELETE FROM touched')
  return {
    /** Names the tables and columns that it reads and writes. */
    shape: JSON.stringify(Array.from(own, ([table, { names }]) => [table, ...names])),
    /** What was touched, as it stands now. */
    touched: (): Row[] =>
      touched.all().map(({ place, key }) => ({ place, key, row: own.get(place)?.one.get({ key }) ?? null })),
    /** Puts rows in the place of what stands; those of tables that this version lacks are left out. */
    put(rows: readonly Row[]): void {
      for (const { place, key, row } of rows) {
        const table = own.get(place)
        if (row === null) table?.remove.run({ key })
        else table?.put.run({ row })
      }
      forget.run()
    },
    all: (): Row[] =>
      Array.from(own, ([place, { all }]) => all.all().map((row) => ({ place, ...row }))).flat(),
    clear(): void {
      for (const table of own.keys()) db.exec(`DELETE FROM ${table}`)
      forget.run()
    },
  }
}

function prepared(db: Database.Database, table: string) {
  const columns = db
    .prepare<[string], { name: string; pk: number }>('SELECT name, pk FROM pragma_table_info(?)')
    .all(table)
  const quoted = (name: string) => `"${name}"`
  const names = columns.map(({ name }) => name)
  const keys = columns
    .filter(({ pk }) => pk > 0)
    .sort((a, b) => a.pk - b.pk)
    .map(({ name }) => name)
  const keyOf = (of: string) => `json_array(${keys.map((name) => `${of}${quoted(name)}`).join()})`
  const touch = (of: string) => `INSERT OR REPLACE INTO touched VALUES ('${table}', ${keyOf(`${of}.`)});`
  for (const [act, told] of [
    ['INSERT', touch('NEW')],
    ['UPDATE', touch('OLD') + touch('NEW')],
    ['DELETE', touch('OLD')],
  ])
    db.exec(`CREATE TEMP TRIGGER ${table}_${act} AFTER ${act} ON main.${table} BEGIN ${told} END`)
  const json = `json_object(${names.map((name) => `'${name}', ${quoted(name)}`).join()})`
  const isKey = keys.map((name, i) => `${quoted(name)} = json_extract(@key, '$[${i}]')`).join(' AND ')
  return {
    names,
    one: db.prepare<[{ key: string }], string>(`SELECT ${json} FROM ${table} WHERE ${isKey}`).pluck(),
    all: db.prepare<[], { key: string; row: string }>(
      `SELECT ${keyOf('')} AS key, ${json} AS row FROM ${table}`,
    ),
    put: db.prepare(
      `INSERT OR REPLACE INTO ${table} (${names.map(quoted).join()})
       SELECT ${names.map((name) => `json_extract(@row, '$.${quoted(name)}')`).join()}`,
    ),
    remove: db.prepare(`DELETE FROM ${table} WHERE ${isKey}`),
  }
}
