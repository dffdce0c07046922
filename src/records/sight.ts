import type { CalendarDate } from '../calendar/dates.ts'
import type { RecordData, RecordKind } from './kind.ts'
import { quoted, type Rule, unconfirmed, verified } from './rules.ts'

/** Who reads files beside officers, who see all of them: anyone, and the credit platform (社会信用平台). */
export type Audience = 'public' | 'platform'

/** From when an audience sees a field: from its entry on, or while its record is public (公示期间). */
export type SeenFrom = 'entry' | 'publication'

/** Who sees a field beside officers, and from when; an audience that is not named never does. */
export type Sight = Readonly<Partial<Record<Audience, SeenFrom>>>

const ORDER_45 =
  '《市场监督管理行政处罚信息公示规定》（市场监管总局令第45号）第六条：对商业秘密和个人信息作必要的处理'
const withheld = quoted('市场监督管理行政处罚信息公示规定')(
  '第六条',
  '应当遵守法律法规关于商业秘密和个人信息保护的有关规定，对信息进行必要的处理',
)

/** The sights that a field may have (可见范围), each by the rule that gives it. */
export const sights = {
  /** What the record's own rule of publication opens, for everybody alike. */
  open: unconfirmed<Sight>(
    { public: 'publication', platform: 'publication' },
    '依各类记录的公示规则公开；冀政办函〔2012〕28号（九）2：及时传递提供质量信用信息',
  ),
  /** The same, where the exchange tables name it: the platform has it as soon as it is entered. */
  exchanged: unconfirmed<Sight>(
    { public: 'publication', platform: 'entry' },
    '“双公示”数据项：自作出决定之日起七个工作日内报送信用平台；条文待核',
  ),
  /** What the exchange tables name and the public does not see. */
  platform: unconfirmed<Sight>({ platform: 'entry' }, '“双公示”数据项；公示的摘要（令第45号第四条）不含此项'),
  /** What officers tell each other, and what may hold others' secrets. */
  officers: verified<Sight>({}, ORDER_45, withheld),
} as const satisfies Readonly<Record<string, Rule<Sight>>>

/** Name of a sight. */
export type SightName = keyof typeof sights

/** Whether an audience sees a field of this sight, in a record that is public by now or only entered. */
export function seesField(sight: SightName, audience: Audience, isPublic: boolean): boolean {
  const from = (sights[sight].value as Sight)[audience]
  return from === 'entry' || (from === 'publication' && isPublic)
}

/** What an audience sees of a record's data. Only fields of the definition count: what it doesn't know stays inside. */
export function seenData(
  { columns }: RecordKind,
  data: RecordData,
  audience: Audience,
  isPublic: boolean,
): RecordData {
  const shown: RecordData = {}
  for (const { field, sight } of columns)
    if (sight && data[field] !== undefined && seesField(sight, audience, isPublic)) shown[field] = data[field]
  return shown
}

/** The period in which the public sees a record. */
export interface Period {
  from: CalendarDate
  until?: CalendarDate
  rule: string
}

/**
 * How far a record with this data is open on a day: its public period, and whether the day lies in it. Undefined for
 * what is never public, and once the period is over: then nobody but officers sees it.
 */
export function openness(
  kind: RecordKind,
  data: RecordData,
  on: CalendarDate,
): { period: Period; isPublic: boolean } | undefined {
  const { public: isEver, ...period } = kind.publication(data)
  if (!isEver || !('from' in period)) return undefined
  const { from, until, rule } = period
  if (until !== undefined && (on >= until || until <= from)) return undefined
  return { period: { from, ...(until !== undefined && { until }), rule }, isPublic: on >= from }
}
