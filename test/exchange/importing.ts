import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Effect } from '../../src/exchange/effects.ts'
import { type ImportCounts, noCounts, runImport } from '../../src/exchange/import.ts'
import { type Preview, previewImport } from '../../src/exchange/preview.ts'
import type { BadRow } from '../../src/exchange/report.ts'
import { type Mending, mending } from '../../src/exchange/upload.ts'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'
import { newId } from '../../src/register/entry.ts'
import type { TestRegistry } from '../support.ts'

/** What an import came to. */
export interface Done {
  counts: ImportCounts
  bad: BadRow[]
  headers: readonly string[]
}

const actor = { authority: '省局', officer: '导入' }

function kindNamed(type: string) {
  const kind = kindOf(catalogue, type)
  if (!kind) throw new Error(`no kind ${type}`)
  return kind
}

/** Imports a text, the bytes of a file, or a file by its path. */
export async function importing(
  parts: TestRegistry,
  content: string | Buffer | { path: string },
  type = 'enterprise',
  made: Partial<Mending> = {},
): Promise<Done> {
  const done: Done = { counts: noCounts(), bad: [], headers: [] }
  await runImport({
    path: pathOf(parts, content),
    kind: kindNamed(type),
    actor,
    command: 'import/test',
    since: newId(),
    mending: mending.parse(made),
    writer: parts.writer,
    views: parts.views,
    catalogue,
    now: parts.clock.now,
    newId,
    consequences: () => [],
    onProgress: async ({ counts, bad, headers }) => {
      done.counts = counts
      done.bad.push(...bad)
      done.headers = headers
    },
  })
  await parts.writer.catchUp()
  return done
}

/** What an import would do. */
export function previewing(
  parts: TestRegistry,
  content: string | Buffer | { path: string },
  type = 'enterprise',
  made: Partial<Mending> = {},
  onEffects: (effects: readonly Effect[]) => Promise<void> = async () => undefined,
): Promise<Preview> {
  return previewImport({
    onEffects,
    path: pathOf(parts, content),
    kind: kindNamed(type),
    actor,
    mending: mending.parse(made),
    views: parts.views,
    catalogue,
    now: parts.clock.now,
    newId,
  })
}

/** What each row of a table would do. */
export async function effectsOf(
  parts: TestRegistry,
  content: string,
  type = 'enterprise',
): Promise<Effect[]> {
  const all: Effect[] = []
  await previewing(parts, content, type, {}, async (effects) => {
    all.push(...effects)
  })
  return all
}

function pathOf({ folder }: TestRegistry, content: string | Buffer | { path: string }): string {
  if (typeof content !== 'string' && !Buffer.isBuffer(content)) return content.path
  const path = join(folder, `upload-${newId()}`)
  writeFileSync(path, content)
  return path
}

/** Opens files under these codes and names. */
export async function openFirms(
  parts: TestRegistry,
  firms: readonly (readonly [code: string, name: string])[],
) {
  const rows = firms.map(([code, name]) => `${code},${name},石家庄市`)
  return importing(parts, `统一社会信用代码,企业名称,行政区划\n${rows.join('\n')}`)
}
