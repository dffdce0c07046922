import { runImport } from '../../src/exchange/import.ts'
import { catalogue, enterprise } from '../../src/records/catalogue.ts'
import { newId } from '../../src/register/entry.ts'
import type { Register } from '../../src/register/register.ts'
import { openSqliteRegister } from '../../src/register/sqlite.ts'
import { openWriter } from '../../src/running/open-writer.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { Views } from '../../src/views/views.ts'
import type { Writer } from '../../src/writer/writer.ts'

export interface Opened {
  register: Register
  writer: Writer
  views: Views
  close(): Promise<void>
}

/** The registry's writing half, as the command line opens it. */
export async function openData(dataDir: string): Promise<Opened> {
  const paths = pathsIn(dataDir)
  const now = () => new Date()
  const register = openSqliteRegister(paths.register, now)
  const writer = await openWriter({
    dataDir,
    register,
    catalogue,
    search: 'thread',
    onLag: (error) => {
      throw error
    },
  })
  const views = new Views(paths.views)
  return {
    register,
    writer,
    views,
    async close() {
      await writer.close()
      views.close()
    },
  }
}

/** Imports a file of enterprises and waits until every one can be found; returns how many files it opened. */
export async function importEnterprises({ writer, views }: Opened, path: string): Promise<number> {
  let opened = 0
  await runImport({
    path,
    kind: enterprise,
    actor: { authority: '河北省市场监督管理局', officer: '测量' },
    since: newId(),
    command: `import/${newId()}`,
    writer,
    views,
    catalogue,
    now: () => new Date(),
    newId,
    consequences: () => [],
    onProgress: async ({ counts }) => {
      opened = counts.opened
    },
  })
  await writer.catchUp()
  return opened
}
