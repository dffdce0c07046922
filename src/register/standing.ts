import { called } from '../command-line.ts'
import { type Anchored, anchorPath, layAnchor } from './anchor.ts'

/** Where a register stands. */
export interface Standing {
  /** Position of the last entry; 0 for an empty register. */
  position: number
  /** The chain up to it, in hex; empty for an empty register. */
  chain: string
  /** When the last entry was recorded. */
  recordedAt: string
  /** Random name that a restored register gets anew: positions of two epochs must not be compared. */
  epoch: string
}

/** What an anchor says of a register that stands there. */
export function anchoredFrom({ epoch, position, chain, recordedAt }: Standing): Anchored {
  return { epoch, position, chain, at: recordedAt }
}

/** Lays the anchor of a register's file that nobody else has open. */
export function writeAnchor(register: string, standing: Standing): void {
  layAnchor(anchorPath(register), anchoredFrom(standing))
}

/** A register that must not be gone on with; the message says in Chinese what is wrong and what to do. */
export class RegisterFault extends Error {
  override readonly name = 'RegisterFault'
}

interface Seen {
  head: Standing
  /** The last entry that is there. */
  last: { position: number; chain: string }
  anchor: Anchored | undefined
  /** The chain of the entry that the anchor names; undefined where there is no such entry. */
  chainAtAnchor: string | undefined
}

/**
 * What is wrong with the end of a register, in Chinese: its last entry, its head row and the anchor outside its file
 * must fit. Undefined when they do; an older anchor fits.
 */
export function standingFault({ head, last, anchor, chainAtAnchor }: Seen): string | undefined {
  if (last.position > head.position)
    return `登记簿末尾的${range(head.position + 1, last.position)}不是由本系统登记的：头记录只到 ${head.position}。`
  if (last.position < head.position)
    return `登记簿缺少末尾：头记录到序号 ${head.position}，条目只到 ${last.position}，缺少${range(last.position + 1, head.position)}。`
  if (last.chain !== head.chain) return `序号 ${last.position} 的链值与头记录不符：末尾的条目被改动过。`
  if (!anchor) return undefined
  if (anchor.epoch !== head.epoch)
    return `登记簿不是原来那一份：纪元为 ${head.epoch}，锚文件记的是 ${anchor.epoch}（到序号 ${anchor.position}，${anchor.at}）。`
  if (anchor.position > head.position)
    return `登记簿缺少末尾：锚文件记到序号 ${anchor.position}（${anchor.at}），登记簿只到 ${head.position}，缺少已答复的${range(head.position + 1, anchor.position)}。`
  if (chainAtAnchor !== anchor.chain)
    return `序号 ${anchor.position} 的链值与锚文件不符：该序号或其以前的条目被改动过。`
  return undefined
}

/** What a register holds beyond its anchor, though the anchor is written after each append: named before it is taken up. */
export function beyondAnchor(from: number, to: number): string {
  return `登记簿比锚多出${range(from, to)}，锚现在补到序号 ${to}。上次是被强行终止的，来不及写锚，属正常；不是的，可能有人在系统之外添加，请逐条核对是谁登记的。`
}

/** Positions in words, with how many they are. */
export function range(from: number, to: number): string {
  return from === to ? `序号 ${from}（1 条）` : `序号 ${from} 至 ${to}（共 ${to - from + 1} 条）`
}

/** The server's register ends before what is known to have been answered. */
export function lostEnd(address: string, position: number, known: number): RegisterFault {
  return new RegisterFault(
    `${address} 中的登记簿缺少末尾：只到序号 ${position}，而已答复到序号 ${known}（本节点的副本中都有）。可能是备库没有跟上就被提升，或数据库从较早的备份恢复。请保留各节点的数据目录，先由数据库管理员找回；见运行手册“多台服务器”。`,
  )
}

/** What to do about a register that lost or gained something, after what is wrong with it. */
export const WAY_OUT = `请先保留数据目录的全部文件，不要删除。
可能的原因：register.db-wal 被删除或截断；register.db 是旧的副本，或复制时缺了 -wal 或锚；有人改动过文件。
办法：一、把原来的 register.db、register.db-wal、register.anchor 放回原处再启动；
　　　二、用备份恢复：${called('restore <备份目录> --reason <原因>')}；
　　　三、确实找不回时照现状继续：${called('restore --as-is --reason <原因>')}。
二、三两项使登记簿进入新纪元，下游各系统会得知须重新取数。各处不符可用 ${called('verify')} 逐一查明。`
