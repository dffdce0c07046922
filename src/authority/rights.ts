import type { Scope } from './keys.ts'
import { duties, roles } from './roles.ts'

/** What each right lets one do, in the words of whoever lacks it. */
export const RIGHT_WORDS: Readonly<Record<Scope, string>> = {
  'records:read': '查阅机关所见的档案',
  'records:write': '登记和修改记录',
  'ratings:write': '开展评价、调整草稿',
  'ratings:approve': '批准评价',
  'standards:write': '采用评价标准和列入规则',
  'supervision:write': '双随机抽取、登记名录',
  'listings:write': '提出列入、办理告知和登记异议',
  'listings:decide': '决定列入、修复和异议',
  'platform:read': '按事件取用平台所见的内容',
  'audit:read': '查看办理和查阅记录、登记簿条目',
  'officers:write': '管理账号、密钥和系统',
  admin: '全部',
}

/** Whether any one of some rights is among those held: the one place where keys and officers alike are judged. */
export function holds(held: readonly Scope[], ...anyOf: readonly Scope[]): boolean {
  return held.includes('admin') || anyOf.some((right) => held.includes(right))
}

/** What somebody lacks, and whose duty it is: 登记和修改记录（records:write），属“录入”岗位. */
export function lackingInWords(anyOf: readonly Scope[]): string {
  const words = anyOf.map((right) => `${RIGHT_WORDS[right]}（${right}）`).join('或')
  const whose = roles.filter((role) => holds(duties[role].scopes, ...anyOf)).map((role) => duties[role].label)
  return whose.length === 0 ? words : `${words}，属“${whose.join('、')}”岗位`
}
