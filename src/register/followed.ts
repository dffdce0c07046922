import { called } from '../command-line.ts'
import type { Entry } from './entry.ts'
import { openPostgresRegister, type PostgresRegister } from './postgres.ts'
import { type Movable, type Register, RegisterUnavailable } from './register.ts'
import { lostEnd, RegisterFault } from './standing.ts'

const AT_ONCE = 1_000

/**
 * The register on a PostgreSQL server, with a copy in a file of this node: appended there, read here. So the node reads at the speed of
 * a file, goes on reading while the server is away, and knows of its own when the server has lost what was answered.
 * What is appended through this is in the copy when it resolves; what others append comes with `watch`, a conflict, or opening anew.
 * Takes over both, and throws `RegisterFault` where they are not one register, or the server's has lost its end.
 */
export async function openFollowed(copy: Movable, url: string, now: () => Date): Promise<Register> {
  let home: PostgresRegister | undefined
  try {
    home = await openPostgresRegister(url, now, { answered: await copy.head() })
    await mustBeOne(copy, home)
    await follow(copy, home)
    return followed(copy, home)
  } catch (error) {
    await Promise.all([copy.close(), home?.close()])
    throw error
  }
}

async function mustBeOne(copy: Movable, home: PostgresRegister): Promise<void> {
  const [own, there, elsewhere] = await Promise.all([copy.standing(), home.standing(), home.livesAt()])
  if (elsewhere !== undefined)
    throw new RegisterFault(
      `${home.address} 中的登记簿已迁往 ${elsewhere}；请改用那里的，或核对 DATABASE_URL。`,
    )
  if (own.position > 0 && (await copy.livesAt()) === undefined)
    throw new RegisterFault(
      `数据目录中的登记簿（到序号 ${own.position}）自成一份，不是 ${home.address} 的副本。要迁过去的，先执行 ${called('copy --to postgresql')}；要改用那里的，换一个空的数据目录。`,
    )
  if (own.position > 0 && own.epoch !== there.epoch)
    throw new RegisterFault(
      `${home.address} 中是另一份登记簿：纪元为 ${there.epoch}，数据目录中的副本为 ${own.epoch}（到序号 ${own.position}）。请核对 DATABASE_URL 和 DATA_DIR；确已改用那里的，换一个空的数据目录。`,
    )
  if (own.position > there.position) throw lostEnd(home.address, there.position, own.position)
  if (own.position > 0) await copy.take(await home.read(own.position - 1, 1))
  await copy.moveTo(home.address, there.epoch)
}

/** Brings a copy to where its register stands. */
async function follow(copy: Movable, home: PostgresRegister): Promise<void> {
  for (;;) {
    const entries = await home.read(await copy.head(), AT_ONCE)
    if (entries.length === 0) return
    await copy.take(entries)
  }
}

function followed(copy: Movable, home: PostgresRegister): Register {
  /** Takes entries that may lie further on than the copy does. */
  async function takeIn(entries: readonly Entry[]): Promise<void> {
    const [first, last] = [entries[0], entries.at(-1)]
    if (!first || !last) return
    if (first.seq <= (await copy.head()) + 1) await copy.take(entries)
    else await follow(copy, home)
  }

  return {
    async append(request) {
      const outcome = await home.append(request).catch(async (error: unknown) => {
        // Who decided on a file as it was decides again on the file as it is.
        await follow(copy, home).catch(() => undefined)
        throw error
      })
      await takeIn(outcome.entries).catch((error: unknown) => {
        // It is appended; that it is shown can't be promised, and its command will find it.
        throw error instanceof RegisterFault ? error : new RegisterUnavailable(true, { cause: error })
      })
      return outcome
    },
    async outcome(command, fingerprint) {
      const entries = await home.outcome(command, fingerprint)
      await takeIn(entries ?? [])
      return entries
    },
    read: copy.read,
    history: copy.history,
    bySubject: copy.bySubject,
    search: copy.search,
    head: copy.head,
    standing: copy.standing,
    follow: () => follow(copy, home),
    async *watch(position, signal) {
      let reached = position
      for await (const _ of home.news(signal)) {
        await follow(copy, home).catch((error: unknown) => {
          if (!(error instanceof RegisterUnavailable)) throw error
        })
        for (;;) {
          const entries = await copy.read(reached, AT_ONCE)
          const newest = entries.at(-1)
          if (!newest) break
          reached = newest.seq
          yield entries
        }
      }
    },
    probe: home.probe,
    lease: home.lease,
    leases: home.leases,
    sharedTime: home.sharedTime,
    behind: async () => Math.max(0, (await home.head()) - (await copy.head())),
    async close() {
      await home.close()
      await copy.close()
    },
  }
}
