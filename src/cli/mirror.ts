import { readFileSync } from 'node:fs'
import { OtherSource } from '../mirror/held.ts'
import { checkMirror, mirror, type Progress } from '../mirror/mirror.ts'
import { Refused, Source } from '../mirror/source.ts'
import { keySet, Unproven } from '../mirror/trust.ts'
import { onInterruption } from './interruption.ts'
import { ownDatabase } from './named-file.ts'
import { failed, note, said } from './output.ts'

export interface MirrorOptions {
  /** File that holds the key; without one, what the public sees is mirrored. */
  keyFile?: string
  /** File of the public keys that the registry's copies are known by, as it publishes them. */
  keys?: string
  follow?: boolean
  receipts?: boolean
  check?: boolean
}

/** Keeps a local copy of what a registry publishes, or gives the platform, in an SQLite file; exit code 1 where a check finds faults. */
export async function mirrorRegistry(url: string, file: string, options: MirrorOptions): Promise<number> {
  const { keyFile, keys: keysFile, follow = false, receipts = false, check = false } = options
  if (!/^https?:\/\//.test(url)) return failed(`“${url}”不是网址；请写成 https://…`)
  if (receipts && keyFile === undefined) return failed('回执和确认须有取用方的密钥；请写明 --key-file。')
  const key = keyFile === undefined ? undefined : readFileSync(keyFile, 'utf8').trim()
  const known = keysFile === undefined ? undefined : keySet.safeParse(parsed(readFileSync(keysFile, 'utf8')))
  if (known && !known.success)
    return failed(`${keysFile} 不是公钥文件；请写成 /check/keys.json 那样：{"keys": [...]}。`)
  await ownDatabase(file)
  const stop = new AbortController()
  onInterruption(() => stop.abort())
  const source = new Source(url, key, stop.signal)
  const tell = ({ copied, applied, trusted }: Progress) => {
    if (trusted?.how === 'first')
      note(
        `第一次取用：此后只认对方现在公布的签章公钥，请与对方核对（不经此网络）：${trusted.kids.join('、')}`,
      )
    if (trusted?.how === 'vouched')
      note(`对方换了签章公钥，由以前的担保，此后也认：${trusted.kids.join('、')}`)
    if (copied?.why !== undefined) note(`从头取用：${copied.why}`)
    if (copied?.madeAt !== undefined)
      note(`取得全量副本：${copied.things} 项，制作于 ${copied.madeAt}，签名无误。`)
    else if (copied) note('没有用全量副本，从变更的起点取用；变更没有签名，有副本的请以 --check 核对。')
    if (applied) note(`施行 ${applied.steps} 项变动，到序号 ${applied.position}。`)
  }
  try {
    const { position, epoch } = await mirror(source, file, {
      follow,
      acknowledges: receipts,
      ...(known && { keys: known.data.keys }),
      signal: stop.signal,
      tell,
    })
    const faults = check ? await checkMirror(source, file, tell) : undefined
    for (const fault of faults ?? []) note(fault)
    if (faults && faults.length > 0) return 1
    const checked = !check ? '' : faults ? '，与最近的全量副本相符' : '；现在没有全量副本，没有核对'
    return said(`到序号 ${position}（纪元 ${epoch}）${checked}。`)
  } catch (error) {
    if (error instanceof OtherSource)
      return failed(`${file} 是另一来源（${error.message}）的镜像；请换一个文件。`)
    if (error instanceof Unproven) return failed(`没有取用 ${url}：${error.message}`)
    if (error instanceof Refused) return failed(`${url} 没有提供：${error.message}`)
    // What fetch says of a line that is down lies in its cause.
    if (error instanceof TypeError)
      return failed(
        `没有连上 ${url}（${error.cause instanceof Error ? error.cause.message : error.message}）；已取得的都在，请再执行一次。`,
      )
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
