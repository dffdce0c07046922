import { randomUUID } from 'node:crypto'
import type Database from 'better-sqlite3'
import { z } from 'zod'
import { textFaultsIn } from '../adoption/texts.ts'
import { type NamesOf, ofNames } from '../authority/authorities.ts'
import { keySubject } from '../authority/keys.ts'
import { accountOf, maker } from '../authority/maker.ts'
import type { Store } from '../beside/store.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import { text } from '../records/fields.ts'
import { tidyHeading } from './headings.ts'
import { type Mending, mending } from './upload.ts'

/** What a template keeps of what was said about an upload: not what concerns its own rows and firms. */
const said = mending.pick({ columns: true, words: true, constants: true, hiddenRows: true })
export type Said = z.output<typeof said>

/** A template of an authority's mapping (导入模板): what its tables of one shape mean, under a name. */
export const importTemplate = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string().meta({ description: 'enterprise 或记录类型' }),
  headings: z.array(z.string()).meta({ description: '所据表格的表头' }),
  said,
  savedBy: z.string().meta({ description: '保存的人的姓名' }),
  author: maker.meta({ description: '保存的人' }),
  savedAt: z.string(),
})
export type ImportTemplate = z.output<typeof importTemplate>

/** Who saves or changes templates: a person of an authority. */
export interface TemplateKeeper {
  authority: string
  /** The account or key. */
  id: string
  /** The name that is shown. */
  officer: string
  /** Whether they may change what others have saved. */
  isAdministrator: boolean
}

export const templateName = text(60).meta({ label: '模板名称' })
/** What was said about an upload of these headings, to be kept under a name. */
interface NewTemplate {
  type: string
  headings: readonly string[]
  made: Mending
  name: string
}

const MOST_TEMPLATES = 200

export const TEMPLATE_TABLES = `
  CREATE TABLE IF NOT EXISTS template (
    id TEXT PRIMARY KEY,
    authority TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    headings TEXT NOT NULL,
    said TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    keeper TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    UNIQUE (authority, name)
  ) STRICT;
`

/** Templates of mappings, each shared within its authority; who saved one, or an administrator, renames and removes it. */
export class Templates {
  readonly #statements: ReturnType<typeof prepare>

  readonly #store: Store
  readonly #namesOf: NamesOf

  constructor(db: Database.Database, store: Store, namesOf: NamesOf) {
    this.#statements = prepare(db)
    this.#store = store
    this.#namesOf = namesOf
  }

  #rows(authority: string): TemplateRow[] {
    return this.#statements.of.all(JSON.stringify(this.#namesOf(authority)))
  }

  /** An authority's templates by name; of one kind of record, if asked. */
  of(authority: string, type?: string): ImportTemplate[] {
    return this.#rows(authority)
      .filter((row) => type === undefined || row.type === type)
      .map(templateIn)
  }

  /** One of them by its name or id, for a kind of record; refuses one that is not there, or of another kind. */
  named(authority: string, type: string, name: string): ImportTemplate {
    const found = this.of(authority).find((own) => own.name === name || own.id === name)
    if (!found) throw invalid('/template', 'template', `没有名为“${name}”的模板。`)
    if (found.type !== type)
      throw invalid('/template', 'template', `模板“${found.name}”是导入另一类内容用的，不能用于这次导入。`)
    return found
  }

  /** Keeps what was said about an upload under a name; the same name again replaces one's own template of that kind. */
  save(asked: NewTemplate, by: TemplateKeeper, at: Date): Promise<ImportTemplate> {
    return this.#store.change(() => this.#saved(asked, by, at))
  }

  #saved(
    { type, headings, made, name }: NewTemplate,
    { authority, id: keeper, officer, isAdministrator }: TemplateKeeper,
    at: Date,
  ): ImportTemplate {
    const named = nameIn(name)
    const kept = said.parse({
      columns: made.columns,
      words: made.words,
      constants: made.constants,
      hiddenRows: made.hiddenRows,
    })
    const known = this.#rows(authority)
    const before = known.find((row) => row.name === named)
    if (before && (before.type !== type || !(isAdministrator || isKeptBy(before, keeper))))
      throw new Refusal('exists', `已有名为“${named}”的模板（${before.saved_by} 保存）；请另取名称。`)
    if (!before && known.length >= MOST_TEMPLATES)
      throw invalid('/name', 'too-many', `本机关已有 ${MOST_TEMPLATES} 个模板，请先删去不用的。`)
    const headed = headings.filter((heading) => heading !== '')
    // A table's own headings are kept too, and seen by all of the authority.
    const [fault] = [
      ...textFaultsIn(headed).map((own) => ({ ...own, pointer: '/headings', where: '表头' })),
      ...textFaultsIn(kept).map((own) => ({ ...own, where: '所作的指定' })),
    ]
    if (fault) throw invalid(fault.pointer, fault.code, `${fault.where}不能存为模板：${fault.detail}`)
    const id = before?.id ?? randomUUID()
    this.#statements.save.run({
      ...{ id, authority, type, keeper },
      name: named,
      headings: JSON.stringify(headed),
      said: JSON.stringify(kept),
      savedBy: officer,
      savedAt: at.toISOString(),
    })
    return this.named(authority, type, id)
  }

  rename(id: string, name: string, by: TemplateKeeper): Promise<ImportTemplate> {
    return this.#store.change(() => this.#renamed(id, name, by))
  }

  #renamed(id: string, name: string, by: TemplateKeeper): ImportTemplate {
    const { type } = this.#mine(id, by)
    const named = nameIn(name)
    const other = this.#rows(by.authority).find((row) => row.name === named && row.id !== id)
    if (other) throw new Refusal('exists', `已有名为“${named}”的模板；请另取名称。`)
    this.#statements.rename.run(named, id)
    return this.named(by.authority, type, id)
  }

  async remove(id: string, by: TemplateKeeper): Promise<void> {
    await this.#store.change(() => {
      this.#mine(id, by)
      this.#statements.remove.run(id)
    })
  }

  /** A template that somebody may change; refuses one of another's, and one that is not there. */
  #mine(id: string, { authority, id: keeper, isAdministrator }: TemplateKeeper) {
    const found = this.#rows(authority).find((row) => row.id === id)
    if (!found) throw new Refusal('unknown', '没有这个模板，或它属于其他机关。')
    if (!isKeptBy(found, keeper) && !isAdministrator)
      throw new Refusal(
        'forbidden',
        `模板“${found.name}”由 ${found.saved_by} 保存，由其本人或者管理员改名、删去。`,
      )
    return found
  }
}

/** Templates for tables of these headings: those whose own all stand in it. */
export function fitting(templates: readonly ImportTemplate[], headings: readonly string[]): ImportTemplate[] {
  const known = new Set(headings.map(tidyHeading))
  return templates.filter(
    ({ headings: own }) => own.length > 0 && own.every((heading) => known.has(tidyHeading(heading))),
  )
}

/** What was said about an upload with what a template says; what was said already stands. */
export function withTemplate(made: Mending, { said: kept }: ImportTemplate): Mending {
  const words = { ...kept.words }
  for (const [field, own] of Object.entries(made.words ?? {})) words[field] = { ...words[field], ...own }
  const hiddenRows = made.hiddenRows ?? kept.hiddenRows
  return {
    ...made,
    columns: { ...kept.columns, ...made.columns },
    constants: { ...kept.constants, ...made.constants },
    words,
    ...(hiddenRows !== undefined && { hiddenRows }),
  }
}

function nameIn(name: string): string {
  const read = templateName.safeParse(name)
  if (read.success) return read.data
  throw invalid('/name', 'name', `模板名称：${read.error.issues[0]?.message ?? ''}`)
}

/** Whether it was saved by an account or key; once a key's number alone was written down. */
function isKeptBy({ keeper }: TemplateRow, account: string): boolean {
  return keeper === account || keySubject(keeper) === account
}

interface TemplateRow {
  id: string
  authority: string
  type: string
  name: string
  headings: string
  said: string
  saved_by: string
  keeper: string
  saved_at: string
}

function templateIn({
  id,
  authority,
  type,
  name,
  headings,
  said: kept,
  saved_by,
  keeper,
  saved_at,
}: TemplateRow): ImportTemplate {
  return importTemplate.parse({
    ...{ id, type, name },
    headings: JSON.parse(headings),
    said: JSON.parse(kept),
    savedBy: saved_by,
    author: { authority, officer: saved_by, account: accountOf(`${keeper}/`) },
    savedAt: saved_at,
  })
}

function prepare(db: Database.Database) {
  return {
    of: db.prepare<[string], TemplateRow>(
      `SELECT id, authority, type, name, headings, said, saved_by, keeper, saved_at FROM template WHERE ${ofNames()} ORDER BY name`,
    ),
    save: db.prepare(
      'INSERT OR REPLACE INTO template VALUES (@id, @authority, @type, @name, @headings, @said, @savedBy, @keeper, @savedAt)',
    ),
    rename: db.prepare('UPDATE template SET name = ? WHERE id = ?'),
    remove: db.prepare('DELETE FROM template WHERE id = ?'),
  }
}
