/** What ends a node in good order. */
export const ENDING = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const

/**
 * What ends a process without a word where nothing listens, and means nothing here; by the first of them Node would open its
 * debugger, which every account of the machine could then have run whatever it likes.
 */
export const MEANINGLESS = ['SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGPROF', 'SIGIO'] as const

/** Lets signals that mean nothing to this program do nothing but be told of. */
export function heedNoOthers(): void {
  for (const signal of MEANINGLESS)
    process.on(signal, () => {
      process.stderr.write(
        `收到信号 ${signal}，没有作任何事：本系统不用它（日志写往标准输出，不须重开）；停止请用 SIGTERM，即 systemctl stop registry。\n`,
      )
    })
}
