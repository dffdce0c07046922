import type { Movable } from './register.ts'
import { RegisterFault, type Standing } from './standing.ts'
import { Findings, verifyRegister } from './verify.ts'

const AT_ONCE = 2_000

interface Options {
  /** Told in words what is being done. */
  tell(words: string): void
}

/**
 * Carries a register over to another place, its epoch included. The old place goes on reading and, until the end of the copy is
 * reached, appending; the new one is read back and checked entry by entry before it takes over. What was cut off is gone on with
 * by the same call. The old place is a copy of the new one from then on. Gives where the register stands; throws
 * `RegisterFault`, the old place as it was, where the new one is another register's or does not check.
 */
export async function carryOver(from: Movable, to: Movable, { tell }: Options): Promise<Standing> {
  const elsewhere = await from.livesAt()
  if (elsewhere === to.address && (await to.livesAt()) === undefined)
    throw new RegisterFault(`登记簿已在 ${to.address}，未作改动。`)
  if (elsewhere !== undefined && elsewhere !== to.address)
    throw new RegisterFault(`${from.address} 中的登记簿已迁往 ${elsewhere}，不在此处；请从那里迁移。`)
  const { epoch } = await from.standing()
  // Nobody appends there while it is filled.
  await to.moveTo(from.address, epoch)
  const copied = await copyEntries(from, to)
  await copyCommands(from, to, 0)
  tell(`已复制到序号 ${copied}，现在逐条核对。`)
  await mustCheck(to)
  await from.moveTo(to.address, epoch)
  try {
    await copyEntries(from, to)
    await copyCommands(from, to, copied)
    const [was, is] = await Promise.all([from.standing(), to.standing()])
    if (is.position !== was.position || is.chain !== was.chain || is.epoch !== was.epoch)
      throw new RegisterFault(
        `复制后两处不符：${from.address} 到序号 ${was.position}，${to.address} 到序号 ${is.position}；登记簿仍在原处。`,
      )
  } catch (error) {
    await from.moveTo(undefined, epoch)
    throw error
  }
  await to.moveTo(undefined, epoch)
  return to.standing()
}

async function copyEntries(from: Movable, to: Movable): Promise<number> {
  for (;;) {
    const reached = await to.head()
    const entries = await from.read(reached, AT_ONCE)
    if (entries.length === 0) return reached
    await to.take(entries)
  }
}

async function copyCommands(from: Movable, to: Movable, since: number): Promise<void> {
  for (let after = ''; ; ) {
    const commands = await from.commands(after, since, AT_ONCE)
    const last = commands.at(-1)
    if (!last) return
    await to.takeCommands(commands)
    after = last.key
  }
}

async function mustCheck(register: Movable): Promise<void> {
  const findings = new Findings(3)
  const { position, chain, epoch, recordedAt: at } = await register.standing()
  await verifyRegister(register, () => ({ position, chain, epoch, at }), findings)
  if (findings.count === 0) return
  const first = findings.all.map((one) => `序号 ${one.position ?? '—'}：${one.what}`).join('\n')
  throw new RegisterFault(
    `${register.address} 中的条目核对不符，共 ${findings.count} 处；登记簿仍在原处：\n${first}`,
  )
}
