import { shanghaiDate, shanghaiTime } from '../calendar/dates.ts'
import { readSettings } from '../config.ts'
import { acceptance } from '../register/clock.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { pathsIn } from '../running/paths.ts'

interface Options {
  today: string
  reason: string
}

/** Says that the machine's clock is right; a running server goes on within seconds. */
export async function acceptClock({ today, reason }: Options): Promise<number> {
  const { DATA_DIR } = readSettings(process.env)
  const now = new Date()
  if (today !== shanghaiDate(now) || reason.trim() === '') {
    process.stderr.write(
      `服务器时钟为北京时间 ${shanghaiTime(now)}。请另以手表或电话核对：日期相同的，以 --today 写明该日期，并以 --reason 写明原因；不同的，请先校正服务器时钟。\n`,
    )
    return 2
  }
  const register = openSqliteRegister(pathsIn(DATA_DIR).register, () => now)
  try {
    const { recordedAt } = await register.standing()
    const author = { authority: '系统管理员', officer: '命令行' }
    await register.append({
      drafts: [acceptance(now, recordedAt, reason, author)],
      command: `clock/${now.toISOString()}`,
    })
    const last = recordedAt === '' ? '无' : shanghaiTime(new Date(recordedAt))
    process.stdout.write(
      `已确认时钟（${shanghaiTime(now)}；上一条登记于 ${last}）；运行中的服务随即恢复办理。\n`,
    )
    return 0
  } finally {
    await register.close()
  }
}
