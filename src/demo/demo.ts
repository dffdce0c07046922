import { shanghaiDate } from '../calendar/dates.ts'
import { organisationCheckCharacter } from '../codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../codes/unified-code.ts'
import { anticipated } from '../dossier/anticipate.ts'
import { addRecord, openFile } from '../dossier/commands.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { type Draft, newId } from '../register/entry.ts'
import type { Register } from '../register/register.ts'
import type { Writer } from '../writer/writer.ts'
import { type DemoFirm, demoFirms } from './firms.ts'

const DEMO_AUTHOR = { authority: '演示数据', officer: '演示' }

/** Fills an empty register with the demo set, all of it or nothing; does nothing to one that holds anything. */
export async function loadDemo(
  register: Register,
  writer: Writer,
  catalogue: Catalogue,
  now: Date,
): Promise<void> {
  if ((await register.head()) > 0) return
  const today = shanghaiDate(now)
  const at = { file: () => undefined, today, catalogue, actor: DEMO_AUTHOR, newId }
  const drafts = demoFirms(today).flatMap((firm): Draft[] => {
    const { key, drafts } = openFile(
      { codes: { uscc: usccOf(firm) }, data: { ...firm.enterprise, region: firm.region } },
      at,
    )
    for (const { type, data } of firm.records) {
      const dossier = anticipated(undefined, drafts)
      if (!dossier) throw new Error(`the demo firm ${key} has no file`)
      drafts.push(...addRecord(dossier, type, data, at).drafts)
    }
    return drafts
  })
  await writer.append({ drafts, expect: new Map(drafts.map(({ subject }) => [subject, 0])), command: 'demo' })
}

/** Whether a register began with the demo set. */
export async function isDemo(register: Register): Promise<boolean> {
  const [first] = await register.read(0, 1)
  return first?.command === 'demo'
}

function usccOf({ body, region }: DemoFirm): string {
  const within = `91${region}${body}${organisationCheckCharacter(body)}`
  return within + unifiedCheckCharacter(within)
}
