import { isBeforeRelease } from '../calendar/clock.ts'
import { shanghaiDate, shanghaiTime } from '../calendar/dates.ts'
import { readSettings } from '../config.ts'
import { AHEAD_MS, acceptance, aheadOf } from '../register/clock.ts'
import { tooEarly } from '../running/clock-watch.ts'
import { openRegister } from '../running/open-register.ts'
import { REASON_EMPTY } from './backup.ts'
import { failed, said } from './output.ts'

interface Options {
  today: string
  reason: string
}

/** Says that the machine's clock is right; a running server goes on within seconds. */
export async function acceptClock({ today, reason }: Options): Promise<number> {
  const { DATA_DIR, DATABASE_URL } = readSettings(process.env)
  const now = new Date()
  if (reason.trim() === '') return failed(REASON_EMPTY)
  if (isBeforeRelease(now)) return failed(tooEarly(now))
  if (today !== shanghaiDate(now))
    return failed(
      `--today ${today} 不是服务器时钟的日期：服务器时钟为北京时间 ${shanghaiTime(now)}。请另以手表或电话核对：今天确是 ${shanghaiDate(now)} 的，以 --today 写明；不是的，请先校正服务器时钟。`,
    )
  const register = await openRegister({ dataDir: DATA_DIR, database: DATABASE_URL }, () => now)
  try {
    const there = await register.sharedTime()
    if (there && Math.abs(aheadOf(there.getTime(), now.getTime(), Date.now())) > AHEAD_MS)
      return failed(
        `服务器时钟（北京时间 ${shanghaiTime(now)}）与数据库服务器的（${shanghaiTime(there)}）不符：各台以数据库的时钟为准。请校正不对的一个；一致后不必确认，自动恢复。`,
      )
    const { recordedAt } = await register.standing()
    const author = { authority: '系统管理员', officer: '命令行' }
    await register.append({
      drafts: [acceptance(now, recordedAt, reason, author)],
      command: `clock/${now.toISOString()}`,
    })
    const last = recordedAt === '' ? '无' : shanghaiTime(new Date(recordedAt))
    return said(`已确认时钟（${shanghaiTime(now)}；上一条登记于 ${last}）；运行中的服务随即恢复办理。`)
  } finally {
    await register.close()
  }
}
