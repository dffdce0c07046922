import type { Actor } from '../../src/authority/acting.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'
import { whoActs } from '../../src/registry/who-acts.ts'
import { openRegistry } from '../../src/running/open-registry.ts'
import { type Measurement, median } from './measurement.ts'

const WRITES = 400

/** Finding out whether somebody may do an act, against the whole act as it is appended. */
export async function measureDeciding(dataDir: string): Promise<Measurement> {
  const fail = (error: unknown): never => {
    throw error
  }
  const { registry, views, close } = await openRegistry({
    dataDir,
    now: () => new Date(),
    onLag: fail,
    onFailure: fail,
  })
  try {
    const authority = '河北省市场监督管理局'
    const { key } = await registry.keys.create(
      { name: '测量', authority, scopes: ['records:write'] },
      { authority: '系统管理', officer: '命令行' },
    )
    const actor: Actor = { id: `key/${key.id}`, authority, officer: '测量' }
    const body = '91130102MA0000001'
    const { dossier } = await registry.acts.open(
      {
        codes: { uscc: body + unifiedCheckCharacter(body) },
        data: { name: '示例测量公司', region: '130102' },
      },
      { actor, command: 'measured/open' },
    )
    const act = registry.acts.named('add-note')
    const address = { code: dossier.key }
    const [deciding, writing]: [number[], number[]] = [[], []]
    for (let i = 0; i < WRITES; i += 1) {
      const asked = registry.acts.asking(actor)(act, address)
      const start = performance.now()
      whoActs(views, actor)
      if (asked.hindrance !== undefined) throw new Error(asked.hindrance)
      const decided = performance.now()
      await registry.acts.perform(act, address, { text: `第 ${i} 次` }, { actor, command: `measured/${i}` })
      deciding.push(decided - start)
      writing.push(performance.now() - decided)
    }
    const [own, whole] = [median(deciding), median(writing)]
    return {
      name: 'deciding who may, of a write',
      ratio: own / whole,
      target: { atMost: 0.05 },
      detail: `${(own * 1000).toFixed(0)} µs of ${(whole * 1000).toFixed(0)} µs, medians of ${WRITES}`,
    }
  } finally {
    await close()
  }
}
