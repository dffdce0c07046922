import type { Officer } from '../../authority/officers.ts'
import { shanghaiTime } from '../../calendar/dates.ts'

/** Whether an account is bound to somebody of the bureau's directory, by which and since when, in words. */
export function boundInWords({ boundBy }: Pick<Officer, 'boundBy'>): string {
  if (!boundBy) return '没有对应的人，不能以单位账号登录。'
  const { issuer, since } = boundBy
  const by = issuer === undefined ? '' : `（${issuer}）`
  return `自 ${shanghaiTime(new Date(since))} 起与单位目录${by}中的一个人对应，该人以单位账号登录即进入本账号。`
}
