import { readFileSync } from 'node:fs'
import { OtherSource } from '../mirror/held.ts'
import { checkMirror, mirror } from '../mirror/mirror.ts'
import { Refused, Source } from '../mirror/source.ts'
import { onInterruption } from './interruption.ts'
import { ownDatabase } from './named-file.ts'
import { failed, note, said } from './output.ts'

export interface MirrorOptions {
  /** File that holds the key; without one, what the public sees is mirrored. */
  keyFile?: string
  follow?: boolean
  receipts?: boolean
  check?: boolean
}

/** Keeps a local copy of what a registry publishes, or gives the platform, in an SQLite file; exit code 1 where a check finds faults. */
export async function mirrorRegistry(url: string, file: string, options: MirrorOptions): Promise<number> {
  const { keyFile, follow = false, receipts = false, check = false } = options
  if (!/^https?:\/\//.test(url)) return failed(`“${url}”不是网址；请写成 https://…`)
  if (receipts && keyFile === undefined) return failed('回执和确认须有取用方的密钥；请写明 --key-file。')
  const key = keyFile === undefined ? undefined : readFileSync(keyFile, 'utf8').trim()
  await ownDatabase(file)
  const stop = new AbortController()
  onInterruption(() => stop.abort())
  const source = new Source(url, key, stop.signal)
  try {
    const { position, epoch } = await mirror(source, file, {
      follow,
      acknowledges: receipts,
      signal: stop.signal,
      tell({ copied, applied }) {
        if (copied?.why !== undefined) note(`从头取用：${copied.why}`)
        if (copied) note(`取得全量副本：${copied.things} 项。`)
        if (applied) note(`施行 ${applied.steps} 项变动，到序号 ${applied.position}。`)
      },
    })
    const faults = check ? await checkMirror(source, file) : []
    for (const fault of faults) note(fault)
    if (faults.length > 0) return 1
    return said(`到序号 ${position}（纪元 ${epoch}）${check ? '，与最近的全量副本相符' : ''}。`)
  } catch (error) {
    if (error instanceof OtherSource)
      return failed(`${file} 是另一来源（${error.message}）的镜像；请换一个文件。`)
    if (error instanceof Refused) return failed(`${url} 没有提供：${error.message}`)
    // What fetch says of a line that is down lies in its cause.
    if (error instanceof TypeError)
      return failed(
        `没有连上 ${url}（${error.cause instanceof Error ? error.cause.message : error.message}）；已取得的都在，请再执行一次。`,
      )
    throw error
  }
}
