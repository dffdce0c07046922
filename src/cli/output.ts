import { takeThreadLines } from '../running/thread-lines.ts'

/** What could not be printed, if anything. */
let unprinted: NodeJS.ErrnoException | undefined

/** Takes note of what can't be printed, so that nothing printed ends a command in its midst. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    unprinted ??= error
  })
  takeThreadLines((line) => note(line.trimEnd()))
}

/** Says a line to whoever called. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Says a line that is no result: a notice, or why something was not done. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Says what a command has done; gives its exit code. */
export function said(text: string): number {
  say(text)
  return 0
}

/** Says why a command has not been done; gives its exit code. */
export function failed(message: string): number {
  note(message)
  return 2
}

/** Prints one thing a line, or all as JSON; says so where there is none. Gives the exit code. */
export function listed<T>(
  items: readonly T[],
  { json = false, line, none }: { json?: boolean | undefined; line(item: T): string; none: string },
): number {
  if (json) return said(JSON.stringify(items))
  if (items.length === 0) note(none)
  for (const item of items) say(line(item))
  return 0
}

/**
 * Hands over what is shown this once. Where it can't be printed it is as if it had never been: `undo` takes back what it
 * would open and says what came of that. Gives the exit code.
 */
export async function handedOver(text: string, undo: () => Promise<string>): Promise<number> {
  const fault = await new Promise<Error | null | undefined>((resolve) => {
    process.stdout.write(`${text}\n`, resolve)
  })
  if (!fault) return 0
  note(`密钥或密码没有显示出来（${whyUnprinted(fault)}），无人知道。${await undo()}`)
  return 1
}

/** Waits until all is printed; says where that was not possible, in words, and gives the exit code that this makes of one. */
export async function printed(code: number): Promise<number> {
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  // Whoever reads only the beginning of what is said, as head(1) does, is no fault.
  if (!unprinted || unprinted.code === 'EPIPE' || code !== 0) return code
  note(`命令已经执行，但结果没有写完：${whyUnprinted(unprinted)}。`)
  return 1
}

function whyUnprinted(error: NodeJS.ErrnoException): string {
  if (error.code === 'EPIPE') return '读取输出的程序已经结束'
  return error.code === 'ENOSPC' || error.code === 'EDQUOT'
    ? '输出所在的磁盘已满'
    : `输出不可写，${error.code}`
}
