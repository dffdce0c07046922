import { shanghaiSecond } from '../../src/calendar/dates.ts'
import type { AsOf } from '../../src/computing/reports.ts'
import { useSay } from '../../src/ui/frame.tsx'
import { grouped } from './layout.tsx'

/** From which state the figures of a page were computed; of several, from the oldest. */
export function FiguresAsOf({ asOf }: { asOf: readonly AsOf[] }) {
  const say = useSay()
  const [oldest] = asOf.toSorted((a, b) => a.position - b.position)
  if (!oldest) return null
  const time = shanghaiSecond(new Date(oldest.time))
  const position = grouped(oldest.position)
  return (
    <p class="hint">
      {say(
        `数字截至 ${time}，登记序号 ${position}；每分钟计算一次。`,
        `Figures as of ${time} (register position ${position}), computed once a minute.`,
      )}
    </p>
  )
}
