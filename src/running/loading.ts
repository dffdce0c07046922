import { setImmediate, setTimeout } from 'node:timers/promises'
import { openFilesLimit } from './handles.ts'
import { closeDebugger, heedNoOthers } from './signals.ts'

/** The oldest Node that the program runs on. */
export const OLDEST_NODE = [20, 19] as const
/** A signal that came before its listener has had its effect by then. */
const SIGNAL_MS = 500
/** With fewer the program's own files and databases can't all be opened. */
const FEWEST_FILES = 256

/** What keeps a program from being loaded at all, in Chinese; undefined for faults of another kind. */
export function unloadable(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const said = error instanceof Error ? error.message : ''
  if (code === 'EMFILE' || code === 'ENFILE')
    return '可以打开的文件数不够；请提高它（服务文件中 LimitNOFILE=65536，或 ulimit -n 65536）。'
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND')
    return `程序不完整（${said.slice(0, 200)}）；请在程序目录中执行 npm ci --omit=dev，源代码有变的再执行 npm run build。`
  if (code === 'ERR_DLOPEN_FAILED' || /Could not locate the bindings file/.test(said))
    return '数据库的部件（better-sqlite3）与这一版 Node 或这台机器不合；请在程序目录中重新执行 npm ci --omit=dev。'
  return undefined
}

/** Why a program is not begun in such surroundings; undefined where it may be. */
export function unfitFor(node: string, openFiles: number | undefined): string | undefined {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  const [oldest, oldestMinor] = OLDEST_NODE
  if (major < oldest || (major === oldest && minor < oldestMinor))
    return `Node 的版本为 ${node}，需要 ${OLDEST_NODE.join('.')} 以上；请升级 Node。`
  if (openFiles !== undefined && openFiles < FEWEST_FILES)
    return `可以打开的文件数只有 ${openFiles}，至少需要 ${FEWEST_FILES}；请提高它（服务文件中 LimitNOFILE=65536，或 ulimit -n 65536）。`
  return undefined
}

/** Loads a program and lets it run; what keeps it from that is said in words, with exit code 2. */
export async function load(program: () => Promise<unknown>): Promise<void> {
  // Where nothing can be said there is nowhere to say so, and nothing ends for it.
  process.stderr.on('error', () => undefined)
  heedNoOthers()
  // A signal of before is acted upon, for the second time too, in a turn of its own, or a little later.
  await setImmediate()
  closeDebugger()
  setTimeout(SIGNAL_MS, undefined, { ref: false })
    .then(() => setImmediate())
    .then(closeDebugger)
  const fault = unfitFor(process.versions.node, openFilesLimit())
  if (fault !== undefined) refuse(fault)
  await program().catch((error: unknown) => {
    const words = unloadable(error)
    if (words === undefined) throw error
    refuse(words)
  })
}

function refuse(words: string): never {
  process.stderr.write(`无法启动：${words}\n`)
  process.exit(2)
}
