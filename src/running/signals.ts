import inspector from 'node:inspector'

/** What ends a node in good order. */
export const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const

/**
 * What ends a process without a word where nothing listens, and means nothing here; by the first of them Node would open its
 * debugger, which every account of the machine could then have run whatever it likes.
 */
export const MEANINGLESS = ['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGPROF', 'SIGIO'] as const

/** Lets signals that mean nothing to this program do nothing but be told of, each once: a profiler sends thousands. */
export function heedNoOthers(): void {
  const told = new Set<string>()
  for (const signal of MEANINGLESS)
    process.on(signal, () => {
      if (told.has(signal)) return
      told.add(signal)
      process.stderr.write(
        `收到信号 ${signal}，没有作任何事：本系统不用它（日志写往标准输出，不须重开）；停止请用 SIGTERM，即 systemctl stop registry。\n`,
      )
    })
}

/**
 * Closes Node's debugger where it was opened: by a signal that came before anybody listened, or in production by an option that
 * stands in the environment. Every account of the machine could have the program run whatever it likes through it.
 */
export function closeDebugger(): void {
  const given = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)]
  const isWanted =
    process.env.NODE_ENV !== 'production' && given.some((option) => option.startsWith('--inspect'))
  if (inspector.url() === undefined || isWanted) return
  inspector.close()
  process.stderr.write(
    '调试端口（inspector）已打开，随即关闭：任何人可以经它执行任意程序。请核对 NODE_OPTIONS 中的 --inspect，以及是谁发出的 SIGUSR1。\n',
  )
}
