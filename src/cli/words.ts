import { shanghaiTime } from '../calendar/dates.ts'
import { parseRegion } from '../codes/places.ts'
import { BadSettings, readSettings } from '../config.ts'
import { type Fault, invalid, Refusal } from '../dossier/refusal.ts'
import { ClockApart, ClockBehind } from '../register/clock.ts'
import { Conflict, RegisterFull, RegisterMoved, RegisterUnavailable } from '../register/register.ts'
import { faultInWords } from '../running/system-faults.ts'
import { BadTable } from '../sheets/table.ts'

/** A command that broke off after it had done a part; the message says which, and how to go on. */
export class PartlyDone extends Error {
  override readonly name = 'PartlyDone'
}

/** What went wrong with a command, in words; undefined for what nobody foresaw. */
export function wordsOf(error: unknown): string | undefined {
  if (error instanceof BadSettings || error instanceof BadTable) return error.message
  if (error instanceof Refusal) return refusalInWords(error)
  if (error instanceof PartlyDone) return `${wordsOf(error.cause) ?? String(error.cause)}\n${error.message}`
  return faultInWords(error, readSettings(process.env)) ?? ofRegister(error)
}

/** The exit code that an error means, as docs/operations.md explains them. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof PartlyDone) return 1
  return wordsOf(error) === undefined ? 3 : 2
}

/** Why the register took nothing. */
function ofRegister(error: unknown): string | undefined {
  if (error instanceof RegisterFull) return '登记簿所在的磁盘已满，没有登记；请腾出空间。'
  if (error instanceof ClockBehind)
    return '服务器时钟早于登记簿最后一条，没有登记；请校正时钟，见运行手册“时钟”。'
  if (error instanceof ClockApart)
    return `这台服务器的时钟（北京时间 ${shanghaiTime(new Date(error.now))}）与数据库服务器的（${shanghaiTime(new Date(error.there))}）不符，没有登记；请校正不对的一个，见运行手册“时钟”。`
  if (error instanceof RegisterMoved) return `登记簿已迁往 ${error.to}，此处不再登记；请改用新的地址。`
  if (error instanceof RegisterUnavailable)
    return error.inDoubt
      ? '登记簿的数据库断开，是否已登记暂时无法得知；恢复后请先查看，再决定是否重做。'
      : '登记簿的数据库连接不上，或正被别的程序占用，没有登记；请稍后再执行一次。'
  if (error instanceof Conflict) return '其间有人改动了同一内容，没有登记；请再执行一次。'
  return undefined
}

/** Why something was refused, with every fault that its title does not tell. */
function refusalInWords({ title, faults }: Refusal): string {
  return [title, ...faults.map(placed).filter((detail) => detail !== title)].join('\n')
}

/** A fault with where it lies, in documents that have depths. */
function placed({ pointer, detail }: Fault): string {
  return pointer.lastIndexOf('/') > 0 ? `${pointer}：${detail}` : detail
}

/** Code of the region that an option names; undefined where the option isn't given. Refuses what is no region. */
export function regionNamed(typed: string | undefined): string | undefined {
  if (typed === undefined) return undefined
  const place = parseRegion(typed)
  if (!place) throw invalid('/region', 'region', `没有行政区划“${typed.slice(0, 40)}”；请用 6 位代码或全称。`)
  return place.code
}
