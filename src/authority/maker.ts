import { z } from 'zod'
import type { Author, Entry } from '../register/entry.ts'

/**
 * Who did something (办理人), as everything that names them does: two who bear one name are told apart by the account. What
 * two did bears both their names, and the account of whoever confirmed. The program itself has none, nor has whoever holds
 * the data directory.
 */
export const maker = z
  .object({
    authority: z.string(),
    officer: z.string(),
    account: z.string().optional().meta({
      description: '办理的账号或密钥（officer/…、key/…），同名的人以此区分；两人办理的为确认的人的',
    }),
  })
  .meta({ id: 'Maker', description: '办理人' })
export type Maker = z.output<typeof maker>

/** Who made an entry; `by` is the account that it names itself, where it came by another's command: an import's row. */
export function makerOf({ author, command }: Pick<Entry, 'author' | 'command'>, by = ''): Maker {
  const account = accountOf(command) ?? accountOf(`${by}/`)
  return { ...author, ...(account !== undefined && { account }) }
}

/** Whoever acts, as what they do will name them. */
export function makerActing({ authority, officer, id }: Author & { id?: string | undefined }): Maker {
  return { authority, officer, ...(id !== undefined && { account: id }) }
}

/** Whoever did something as anybody may read it: the authority answers for it, not a person or a key by name. */
export function toAnyone({ authority }: Maker): Pick<Maker, 'authority'> {
  return { authority }
}

/** The account or key that a command came from; undefined for a machine's own. */
export function accountOf(command: string): string | undefined {
  return /^(?:key\/[0-9a-f]{12}|officer\/[a-z][a-z0-9.-]{2,39})(?=\/)/.exec(command)?.[0]
}
