import { mkdirSync } from 'node:fs'
import type { Catalogue } from '../records/catalogue.ts'
import type { Register } from '../register/register.ts'
import { SearchFollower } from '../search/follower.ts'
import { Applier } from '../views/apply.ts'
import { rebuildViews } from '../views/rebuild.ts'
import { bearsAnotherStamp, openViews } from '../views/schema.ts'
import { stampOf } from '../views/stamp.ts'
import { Views } from '../views/views.ts'
import { type Following, localWriter, type Writer } from '../writer/writer.ts'
import { type LastingThread, lastingThread } from './calls.ts'
import type { IndexingThread, IndexingThreadData } from './indexing-thread.ts'
import { openOwnIndex } from './open-search.ts'
import { pathsIn } from './paths.ts'
import { giveUpReserve, mustHaveRoom } from './reserve.ts'
import type { SearchChoice } from './search-choice.ts'

export interface WriterOptions {
  dataDir: string
  register: Register
  catalogue: Catalogue
  /** Whether the search is filled in this thread or in one of its own; the latter knows the shipped kinds only. */
  search: 'here' | 'thread'
  /** Which engines the search thread fills; the embedded one by default. */
  choice?: SearchChoice
  /** The longest step of a reader of the views; a second by default, none where nobody reads beside. */
  longestStepMs?: number | undefined
  onLag(error: unknown): void
  /** Told in words of what was out of order and has been put right. */
  tell?(words: string): void
}

export interface OpenedWriter extends Writer {
  /** Starts the thread that indexes, which otherwise begins with what is first to be indexed. */
  begin(): void
}

/**
 * Opens the writer of this thread, with views and search caught up with the register. Views that were made by another
 * program or by other rules are computed anew, and the index after them.
 */
export async function openWriter(options: WriterOptions): Promise<OpenedWriter> {
  const { dataDir, register, catalogue, onLag, tell = () => undefined } = options
  mkdirSync(dataDir, { recursive: true })
  const paths = pathsIn(dataDir)
  const connection = openViews(paths.views, 'write')
  const rebuild = (pause: () => Promise<void>) =>
    rebuildViews(connection, register, catalogue, pause, tell, options.longestStepMs)
  const isStale = bearsAnotherStamp(connection, stampOf(catalogue))
  if (isStale) {
    tell('视图由另一版本的程序或规则算出，现在按登记簿重新计算；一百万份档案约需数分钟。')
    await rebuild(async () => {})
  }
  const applier = new Applier(connection, register, catalogue, { tell })
  const reader = new Views(paths.views, catalogue)
  const index = openOwnIndex(paths)
  const here = new SearchFollower(reader, index)
  const choice = options.choice ?? { embedded: true }
  const thread = options.search === 'thread' ? indexingThread({ dataDir, choice }, onLag) : undefined
  // A start at which nothing waits does without the thread; what an index outside has, only that thread knows.
  const isBehind = async () => choice.outside !== undefined || (await index.applied()) < reader.applied()
  const search: Following = thread
    ? {
        async catchUp() {
          if (await isBehind()) await thread.call('catchUp')
        },
        rebuild: () => thread.call('rebuild'),
      }
    : here
  const writer = localWriter({
    ...{ register, applier, rebuildViews: rebuild, search, onLag },
    async mustShow() {
      mustHaveRoom(dataDir)
      await applier.ready()
    },
    makeRoom: () => giveUpReserve(dataDir),
  })
  if (isStale) await search.rebuild()
  await writer.catchUp()
  return {
    ...writer,
    begin: () => thread?.begin(),
    async close() {
      await writer.close()
      await thread?.stop()
      await here.stop()
      await index.close()
      reader.close()
      await applier.close()
      connection.close()
    },
  }
}

function indexingThread(
  data: IndexingThreadData,
  onDeath: (error: Error) => void,
): LastingThread<IndexingThread> {
  return lastingThread('indexing', () => ({ data }), { revive: () => undefined, onDeath })
}
