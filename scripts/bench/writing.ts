import { join } from 'node:path'
import type { Actor } from '../../src/authority/acting.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'
import { newId } from '../../src/register/entry.ts'
import { openRegistry } from '../../src/running/open-registry.ts'
import { type Measurement, median } from './measurement.ts'

const WRITES = 100
const A_BATCH = 100
const AUTHORITY = '河北省市场监督管理局'
const BODY = '91130102MA0000001'

/** One more inspection in files that hold few and many of them: a write should cost what it changes, not what the file holds. */
export async function measureWriting(folder: string): Promise<Measurement[]> {
  const few = await milliseconds(join(folder, 'writing-few'), 10)
  const measured = async (records: number): Promise<Measurement> => {
    const many = await milliseconds(join(folder, `writing-${records}`), records)
    return {
      name: `a write into a file of ${records} records, times one into 10`,
      ratio: many / few,
      target: { atMost: 2 },
      detail: `${many.toFixed(2)} ms, ${few.toFixed(2)} ms`,
    }
  }
  return [await measured(1_500), await measured(5_000)]
}

async function milliseconds(dataDir: string, records: number): Promise<number> {
  const fail = (error: unknown): never => {
    throw error
  }
  const now = () => new Date()
  const { registry, writer, close } = await openRegistry({ dataDir, now, onLag: fail, onFailure: fail })
  try {
    const by = { authority: '系统管理', officer: '命令行' }
    const { key } = await registry.keys.create(
      { name: '测量', authority: AUTHORITY, scopes: ['records:write'] },
      by,
    )
    const actor: Actor = { id: `key/${key.id}`, authority: AUTHORITY, officer: '测量' }
    const codes = { uscc: BODY + unifiedCheckCharacter(BODY) }
    const data = { name: '示例测量公司', region: '130102' }
    const { dossier } = await registry.acts.open({ codes, data }, { actor, command: 'measured/open' })
    for (let n = 0; n < records; n += A_BATCH)
      await writer.append({
        command: newId(),
        drafts: Array.from({ length: Math.min(A_BATCH, records - n) }, (_, i) => ({
          subject: dossier.key,
          kind: 'record.added',
          payload: { id: newId(), type: 'inspection', data: inspection(n + i) },
          author: { authority: AUTHORITY, officer: '测量' },
          visibility: 'public',
        })),
      })
    const times: number[] = []
    for (let n = 0; n < WRITES; n += 1) {
      const start = performance.now()
      const told = { actor, command: `measured/${n}` }
      await registry.acts.addRecord(dossier.key, 'inspection', inspection(records + n), undefined, told)
      times.push(performance.now() - start)
    }
    return median(times)
  } finally {
    await close()
  }
}

/** An inspection of its own day and place. */
function inspection(n: number) {
  return {
    kind: '日常巡查',
    product: `第 ${n} 号产品`,
    inspectedOn: `20${10 + (n % 15)}-0${1 + (n % 9)}-1${n % 10}`,
    authority: AUTHORITY,
    outcome: '合格',
  }
}
