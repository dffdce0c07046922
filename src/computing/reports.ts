import { z } from 'zod'
import type { Reached } from '../authority/following.ts'
import { addDays, addMonths, shanghaiDate, wholeMonths } from '../calendar/dates.ts'
import { industrySection, industrySections } from '../codes/industries.ts'
import { region as regionOf, regionPrefix } from '../codes/regions.ts'
import { outOfBusiness, ratingInForce } from '../dossier/dossier.ts'
import { standingStatuses } from '../records/licence.ts'
import { holdersOf, type RosteredFirm, rostersThatCount } from '../supervision/roster.ts'
import { groupOf, groupsOfLicence, scheme } from '../supervision/scheme.ts'
import type { Views } from '../views/views.ts'
import {
  lateReport,
  lateTransfers,
  lookedBack,
  ReachedDays,
  type TimelinessBy,
  timelinessReport,
  transfersOf,
} from './timeliness.ts'

interface Parts {
  views: Views
  now(): Date
}

/** A report: a table with a sentence that says what it shows and what it rests on. */
export interface Report {
  title: string
  note: string
  columns: readonly { field: string; label: string }[]
  /** Cells by their column's field. */
  rows: readonly Readonly<Record<string, unknown>>[]
}

export interface ReportPeriod {
  from: string
  to: string
}

/** What the registry holds on a day. */
export interface Holdings {
  /** Files that stand open. */
  files: number
  /** Public records by their type. */
  records: Record<string, number>
  /** Credit grades in force. */
  grades: Record<string, number>
  /** Enterprises on the blacklist. */
  listed: number
  /** Listings that ended in the last 90 days, by cause. */
  removed: Record<string, number>
}

/** The state that something was computed from: a position of the register, and when that was. */
export interface AsOf {
  position: number
  time: string
}

/** What was computed, and from which state. */
export type Dated<T> = T & { asOf: AsOf }

const LISTED_BY = { region: '地区', ground: '列入情形', authority: '列入机关' } as const

/** Days that count as lately for removals. */
export const REMOVED_DAYS = 90

interface Counted {
  product: string | null
  place: string
  kind: string
  inspected: number
  passed: number
}

/** The time just before a period: as many months where it is made of whole ones, else as many days. */
function periodBefore({ from, to }: ReportPeriod): ReportPeriod {
  const isWhole = from.endsWith('-01') && addDays(to, 1).endsWith('-01')
  const end = addDays(from, -1)
  if (isWhole) return { from: addMonths(from, -wholeMonths(from, addDays(to, 1))), to: end }
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1
  return { from: addDays(from, -days), to: end }
}

const DAY_MS = 24 * 3_600_000

/** The reports that the plan asks for; all but those of what reaches the platform count public records only. */
export class Reports {
  readonly #views: Views
  readonly #now: () => Date

  constructor({ views, now }: Parts) {
    this.#views = views
    this.#now = now
  }

  /**
   * Coverage (建档率, plan section (九)1): holders of licences and CCC certificates, how many of them have a complete
   * file, by city and product group. A file is complete with its unified code, region, address
   * and industry, and no public record that lacks what a rule needs.
   */
  coverage(region: string | undefined): Report {
    const rows = this.#views.reported<{
      key: string
      product: string | null
      productGroup: string | null
      unit: string | null
      place: string
      complete: number
    }>(
      ({ record, file, deadline }) => `
        SELECT r.key, r.data ->> 'product' AS product, r.data ->> 'productGroup' AS productGroup, r.data ->> 'unit' AS unit,
          substr(r.region, 1, 4) AS place,
          ${isComplete(record, deadline)} AS complete
        FROM ${record} r JOIN ${file} f ON f.key = r.key
        WHERE r.type = 'licence' AND r.data ->> 'status' IN (SELECT value FROM json_each(?))
          AND coalesce(r.data ->> 'validTo', '9999') >= ? AND r.region GLOB ?
          AND coalesce(f.outline ->> '$.enterprise.status', '') NOT IN (SELECT value FROM json_each(?))`,
      ...[this.#today(), this.#today(), JSON.stringify(standingStatuses), this.#today(), within(region)],
      JSON.stringify(outOfBusiness),
    )
    const counts = new Map<
      string,
      { place: string; group: string; keys: Set<string>; complete: Set<string> }
    >()
    for (const { key, product, productGroup, unit, place, complete } of rows) {
      const named = {
        product: product ?? undefined,
        productGroup: productGroup ?? undefined,
        unit: unit ?? undefined,
      }
      for (const { name: group } of groupsOfLicence(named, scheme)) {
        const id = `${place}|${group}`
        const count = counts.get(id) ?? { place, group, keys: new Set(), complete: new Set() }
        counts.set(id, count)
        count.keys.add(key)
        if (complete) count.complete.add(key)
      }
    }
    return {
      title: '建档率',
      note: `持有有效许可、强制性产品认证的企业（已${outOfBusiness.join('、')}的除外）中，档案完整的比例。档案完整指有统一社会信用代码、行政区划、住所和行业，并且公开的记录不缺少必要内容。`,
      columns: [
        { field: 'region', label: '地区' },
        { field: 'group', label: '产品类别' },
        { field: 'holders', label: '持证企业' },
        { field: 'complete', label: '档案完整' },
        { field: 'incomplete', label: '档案不完整' },
        { field: 'rate', label: '建档率（%）' },
      ],
      rows: ordered(counts).map(({ place, group, keys, complete }) => ({
        region: placeName(place),
        regionCode: codeOf(place),
        group,
        holders: keys.size,
        complete: complete.size,
        incomplete: keys.size - complete.size,
        rate: percent(complete.size, keys.size),
      })),
    }
  }

  /**
   * Coverage by rosters (名录建档率): of the firms that hold a kind of licence by the roster of whoever issues it, those
   * with a complete file, with an incomplete one (one that lacks the licence is), with none, and those that no code tells.
   * By firm it names all but the complete ones.
   */
  roster(region: string | undefined, by: 'region' | 'firm'): Report {
    const rosters = rostersThatCount(this.#views.rosters())
    const firms = this.#rostered(holdersOf(rosters)).filter(
      ({ place }) => region === undefined || place.startsWith(regionPrefix(region).slice(0, 4)),
    )
    const taken = rosters.map(
      ({ kind, part, source, on }) =>
        `${kind}${part === undefined ? '' : `（${part}）`}截至 ${on}，${source}`,
    )
    const title = '名录建档率'
    const note = `${taken.length === 0 ? '还没有登记持证企业名录。' : `名录：${taken.join('；')}。`}建档率为名录所列企业中档案完整的比例；没有代码的无法确定是哪家，另列，计入名录企业。`
    if (by === 'firm')
      return {
        title,
        note,
        columns: [
          { field: 'state', label: '建档' },
          { field: 'name', label: '名录中的名称' },
          { field: 'orgCode', label: '代码' },
          { field: 'kind', label: '许可类别' },
          { field: 'region', label: '地区' },
        ],
        rows: firms
          .filter(({ state }) => state !== 'complete')
          .map(({ state, name, keys, kind, place }) => ({
            state: ROSTER_WORDS[state],
            name,
            orgCode: keys[0] ?? '',
            kind,
            region: placeName(place),
          })),
      }
    const counts = new Map<string, { place: string; kind: string; of: Record<RosterState, number> }>()
    for (const { place, kind, state } of firms) {
      const id = `${place}|${kind}`
      const count = counts.get(id) ?? { place, kind, of: { complete: 0, incomplete: 0, none: 0, unknown: 0 } }
      counts.set(id, count)
      count.of[state] += 1
    }
    return {
      title,
      note,
      columns: [
        { field: 'region', label: '地区' },
        { field: 'kind', label: '许可类别' },
        { field: 'holders', label: '名录企业' },
        { field: 'complete', label: '档案完整' },
        { field: 'incomplete', label: '档案不完整' },
        { field: 'none', label: '没有建档' },
        { field: 'unknown', label: '无法确定' },
        { field: 'rate', label: '建档率（%）' },
      ],
      rows: ordered(counts).map(({ place, kind, of }) => {
        const holders = of.complete + of.incomplete + of.none + of.unknown
        const row = { region: placeName(place), regionCode: codeOf(place), kind, holders, ...of }
        return { ...row, rate: percent(of.complete, holders) }
      }),
    }
  }

  /** Firms of rosters with how their files stand; their place is their file's, else that of their unified code. */
  #rostered(firms: readonly RosteredFirm[]): (RosteredFirm & { state: RosterState; place: string })[] {
    const files = this.#views.reported<{
      key: string
      uscc: string | null
      place: string | null
      complete: number
      licences: string
    }>(
      ({ record, file, deadline }) => `
        SELECT f.key, f.outline ->> 'uscc' AS uscc, substr(f.outline ->> '$.enterprise.region', 1, 4) AS place,
          ${isComplete(record, deadline)} AS complete,
          (SELECT json_group_array(json_array(r.data ->> 'kind', r.data ->> 'number'))
            FROM ${record} r WHERE r.key = f.key AND r.type = 'licence') AS licences
        FROM (SELECT DISTINCT value AS asked FROM json_each(?)) JOIN ${file} f ON f.key = asked
        WHERE f.outline IS NOT NULL`,
      ...[this.#today(), this.#today(), JSON.stringify(firms.flatMap(({ keys }) => keys))],
    )
    const byKey = new Map(files.map((file) => [file.key, file]))
    return firms.map((firm) => {
      const { keys, uscc, kind, numbers } = firm
      const inCode = uscc?.slice(2, 6) ?? ''
      if (keys.length === 0) return { ...firm, state: 'unknown', place: '' }
      const file = keys
        .flatMap((key) => byKey.get(key) ?? [])
        .find((known) => uscc === undefined || known.uscc === null || known.uscc === uscc)
      if (!file) return { ...firm, state: 'none', place: inCode }
      const held = licencesHeld.parse(JSON.parse(file.licences)).filter(([own]) => own === kind)
      const isHeld = held.length > 0 && numbers.every((number) => held.some(([, own]) => own === number))
      const state = file.complete === 1 && isHeld ? 'complete' : 'incomplete'
      return { ...firm, state, place: file.place ?? inCode }
    })
  }

  /**
   * Supervision pass rate (监督抽查合格率): passed batches among those that sampling tests gave a final, public result
   * for, by city and product group, with the change in percentage points from the same time before.
   */
  passRates(period: ReportPeriod, region: string | undefined, by: 'region' | 'group' | 'both'): Report {
    const now = this.#tested(period, region, by)
    const before = this.#tested(periodBefore(period), region, by)
    const total = sum(Array.from(now.values()))
    return {
      title: '监督抽查合格率',
      note: `${period.from} 至 ${period.to} 公开的监督抽查结果，共 ${total.inspected} 批次，合格 ${total.passed} 批次，合格率 ${percent(total.passed, total.inspected) ?? '—'}%。变化为与上一等长期间相差的百分点。`,
      columns: [
        ...(by === 'group' ? [] : [{ field: 'region', label: '地区' }]),
        ...(by === 'region'
          ? []
          : [
              { field: 'group', label: '产品类别' },
              { field: 'pilot', label: '试点产品' },
            ]),
        { field: 'inspected', label: '抽查批次' },
        { field: 'passed', label: '合格批次' },
        { field: 'rate', label: '合格率（%）' },
        { field: 'previousRate', label: '上期合格率（%）' },
        { field: 'change', label: '变化（百分点）' },
      ],
      rows: ordered(now).map(({ place, group, inspected, passed }) => {
        const then = before.get(`${place}|${group}`)
        const rate = percent(passed, inspected)
        const previousRate = then ? percent(then.passed, then.inspected) : null
        return {
          ...(by !== 'group' && { region: placeName(place), regionCode: codeOf(place) }),
          ...(by !== 'region' && {
            group,
            pilot: scheme.groups.some(({ name, pilot }) => name === group && pilot),
          }),
          inspected,
          passed,
          rate,
          previousRate,
          change: rate === null || previousRate === null ? null : rounded(rate - previousRate),
        }
      }),
    }
  }

  /** Quality bulletin (质量状况公告, 产品质量法 art. 24): the pass rates in words and the failed products by name. */
  bulletin(period: ReportPeriod, region: string | undefined): Report & { text: string[]; passRates: Report } {
    const passRates = this.passRates(period, region, 'group')
    const place = region === undefined ? '全省' : (regionOf(region)?.path ?? region)
    const failed = this.#views.reported<{
      key: string
      name: string
      product: string | null
      failedItems: string | null
      on: string
      kind: string
    }>(
      ({ record, file }) => `
        SELECT r.key, f.outline ->> '$.enterprise.name' AS name, r.data ->> 'product' AS product,
          r.data ->> 'failedItems' AS failedItems, r.dated AS "on", r.data ->> 'kind' AS kind
        FROM ${record} r JOIN ${file} f ON f.key = r.key
        WHERE r.type = 'inspection' AND r.data ->> 'kind' LIKE '%监督抽查' AND r.data ->> 'outcome' = '不合格'
          AND r.counted AND r.dated BETWEEN ? AND ? AND r.region GLOB ? AND ${IS_PUBLIC}
        ORDER BY r.dated DESC, r.key LIMIT 10000`,
      period.from,
      period.to,
      within(region),
      this.#today(),
      this.#today(),
    )
    const total = this.#tested(period, region, 'group')
    const { inspected, passed } = sum(Array.from(total.values()))
    const text = [
      `${period.from} 至 ${period.to}，${place}监督抽查结果已公开的产品共 ${inspected} 批次，合格 ${passed} 批次，不合格 ${inspected - passed} 批次，合格率 ${percent(passed, inspected) ?? '—'}%。`,
      ...passRates.rows
        .filter(({ inspected: own }) => own !== 0)
        .map(
          ({ group, inspected: own, rate, change }) =>
            `${group}抽查 ${own} 批次，合格率 ${rate}%${typeof change === 'number' ? `，比上期${change === 0 ? '持平' : `${change > 0 ? '上升' : '下降'} ${Math.abs(change)} 个百分点`}` : ''}。`,
        ),
    ]
    return {
      title: '质量状况公告',
      note: '依据产品质量法第二十四条，按已公开的监督抽查结果生成。',
      text,
      passRates,
      columns: [
        { field: 'name', label: '企业名称' },
        { field: 'orgCode', label: '档案编号' },
        { field: 'product', label: '产品' },
        { field: 'failedItems', label: '不合格项目' },
        { field: 'inspectedOn', label: '检查日期' },
        { field: 'kind', label: '检查类别' },
      ],
      rows: failed.map(({ key: orgCode, on: inspectedOn, ...rest }) => ({ orgCode, inspectedOn, ...rest })),
    }
  }

  /**
   * The quantitative indicators of section (一)3 of the plan that the registry's records support, by city for a year;
   * those that they don't are listed with why.
   */
  indicators(
    year: number,
    region: string | undefined,
  ): Report & { unsupported: { name: string; why: string }[] } {
    const period = { from: `${year}-01-01`, to: `${year}-12-31` }
    const tested = this.#tested(period, region, 'region')
    const counted = (type: string, condition: string) =>
      new Map(
        this.#views
          .reported<{ place: string; count: number }>(
            ({ record }) => `
              SELECT substr(r.region, 1, 4) AS place, count(*) AS count FROM ${record} r
              WHERE r.type = ? AND r.dated BETWEEN ? AND ? AND r.region GLOB ? AND ${condition} AND ${WAS_PUBLISHED}
              GROUP BY place`,
            ...[type, period.from, period.to, within(region), this.#today()],
          )
          .map(({ place, count }) => [place, count]),
      )
    const awards = counted('award', "r.data ->> 'revokedOn' IS NULL")
    const laboratories = counted('licence', "r.data ->> 'kind' = '检验检测机构资质认定'")
    const refusals = counted('inspection', "r.data ->> 'outcome' = '拒检'")
    const places = new Set([
      ...Array.from(tested.values(), ({ place }) => place),
      ...awards.keys(),
      ...laboratories.keys(),
      ...refusals.keys(),
    ])
    return {
      title: `${year} 年质量工作量化指标`,
      note: '河北省质量发展规划（2012 年）第（一）3 项所列指标中，本系统的公开记录所能支持的部分。',
      columns: [
        { field: 'region', label: '地区' },
        { field: 'inspected', label: '监督抽查批次' },
        { field: 'passRate', label: '产品质量监督抽查合格率（%）' },
        { field: 'refusals', label: '拒检次数' },
        { field: 'awards', label: '质量奖励项数' },
        { field: 'laboratories', label: '检验检测机构资质认定项数' },
      ],
      rows: Array.from(places)
        .sort()
        .map((place) => {
          const own = tested.get(`${place}|`)
          return {
            region: placeName(place),
            regionCode: codeOf(place),
            inspected: own?.inspected ?? 0,
            passRate: own ? percent(own.passed, own.inspected) : null,
            refusals: refusals.get(place) ?? 0,
            awards: awards.get(place) ?? 0,
            laboratories: laboratories.get(place) ?? 0,
          }
        }),
      unsupported: [
        { name: '重点工业企业质量等级品率', why: '没有按等级统计的产值记录。' },
        { name: '名优产品产值利税所占比率', why: '没有产值和利税记录。' },
        { name: '制造业质量竞争力指数', why: '由统计部门编制，不由监管记录得出。' },
        { name: '工业产品采标率', why: '没有产品采用标准的记录。' },
        { name: '质量体系认证率', why: '只记录强制性认证，没有自愿性管理体系认证。' },
        { name: '质量安全事件（事故）发生情况', why: '没有事件记录；拒检次数和合格率只作参考。' },
      ],
    }
  }

  /** Distribution of the grades in force by city or industry, or of all ratings issued by month. */
  grades(standard: string, by: 'region' | 'industry' | 'time', region: string | undefined): Report {
    const rows =
      by === 'time'
        ? this.#views.reported<{ part: string; grade: string | null; count: number }>(
            ({ rating }) => `
              SELECT substr(on_day, 1, 7) AS part, grade, count(*) AS count FROM ${rating}
              WHERE standard = ? AND region GLOB ? GROUP BY part, grade`,
            ...[standard, within(region)],
          )
        : this.#inForce(standard, region).map(({ place, industry, grade, count }) => ({
            part: by === 'region' ? place : industry,
            grade,
            count,
          }))
    const word = (part: string) => {
      if (by === 'time') return part
      if (by === 'region') return placeName(part)
      const section = industrySection(part)
      return section === undefined ? '未登记行业' : `${section} ${industrySections[section]}`
    }
    const counts = new Map<string, { part: string; grade: string; count: number }>()
    for (const { part, grade, count } of rows) {
      const id = `${word(part)}|${grade ?? '未评定'}`
      const known = counts.get(id)
      if (known) known.count += count
      else counts.set(id, { part: word(part), grade: grade ?? '未评定', count })
    }
    const label = { region: '地区', industry: '行业', time: '评价月份' }[by]
    return {
      title: '质量信用等级分布',
      note: by === 'time' ? '各月发布的等级评定。' : '现行等级的企业数。',
      columns: [
        { field: by, label },
        { field: 'grade', label: '等级' },
        { field: 'enterprises', label: by === 'time' ? '评定数' : '企业数' },
      ],
      rows: Array.from(counts.entries())
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { part, grade, count }]) => ({ [by]: part, grade, enterprises: count })),
    }
  }

  /** Supervision pass rate by the month of the test, for whole months up to the present one. */
  passRatesByMonth(months: number, region: string | undefined): Report {
    const to = this.#today()
    const from = `${addMonths(`${to.slice(0, 7)}-01`, 1 - months)}`
    const counts = new Map<string, { inspected: number; passed: number }>()
    for (let month = from; month <= to; month = addMonths(month, 1))
      counts.set(month.slice(0, 7), { inspected: 0, passed: 0 })
    const rows = this.#views.reported<{ month: string; inspected: number; passed: number }>(
      ({ record }) => `
        SELECT substr(r.dated, 1, 7) AS month, count(*) AS inspected, sum(r.data ->> 'outcome' = '合格') AS passed
        FROM ${record} r
        WHERE r.type = 'inspection' AND r.data ->> 'kind' LIKE '%监督抽查'
          AND r.counted AND r.data ->> 'outcome' IN ('合格', '不合格') AND r.dated BETWEEN ? AND ? AND r.region GLOB ?
          AND ${WAS_PUBLISHED}
        GROUP BY month`,
      ...[from, to, within(region), to],
    )
    for (const { month, inspected, passed } of rows) counts.set(month, { inspected, passed })
    const { inspected, passed } = sum(Array.from(counts.values()))
    return {
      title: '监督抽查合格率（按月）',
      note: `${from.slice(0, 7)} 至 ${to.slice(0, 7)} 公开的监督抽查结果，共 ${inspected} 批次，合格率 ${percent(passed, inspected) ?? '—'}%。`,
      columns: [
        { field: 'month', label: '月份' },
        { field: 'inspected', label: '抽查批次' },
        { field: 'passed', label: '合格批次' },
        { field: 'rate', label: '合格率（%）' },
      ],
      rows: Array.from(counts, ([month, own]) => ({
        month,
        ...own,
        rate: percent(own.passed, own.inspected),
      })),
    }
  }

  /** How soon what was decided in a period reached the public and the platform, by how far consumers had come when. */
  timeliness(
    period: ReportPeriod,
    region: string | undefined,
    by: TimelinessBy,
    reached: readonly Reached[],
    consumer?: string,
  ): Report {
    const transfers = transfersOf(this.#views, period, within(region))
    return timelinessReport(transfers, new ReachedDays(reached, consumer), by, period, this.#today())
  }

  /** What has not reached the platform and is about to be late, or is. */
  lateTransfers(region: string | undefined, reached: readonly Reached[], authority?: string): Report {
    const today = this.#today()
    const transfers = transfersOf(this.#views, lookedBack(today), within(region))
    const names = authority === undefined ? undefined : this.#views.authorities().namesOf(authority)
    const own = transfers.filter((one) => names === undefined || names.includes(one.authority))
    return lateReport(lateTransfers(own, new ReachedDays(reached), today))
  }

  /** Enterprises on the blacklist now, by city, by ground or by the authority that listed them. */
  listings(by: 'region' | 'ground' | 'authority', region: string | undefined): Report {
    const today = this.#today()
    const rows = this.#views.reported<{ part: string; count: number }>(
      ({ listing }) => `
        SELECT ${by === 'region' ? 'substr(region, 1, 4)' : by} AS part, count(DISTINCT key) AS count
        FROM ${listing}
        WHERE from_day <= ? AND until_day > ? AND region GLOB ? GROUP BY part ORDER BY count DESC, part`,
      ...[today, today, within(region)],
    )
    const all = this.#listed(today, region)
    return {
      title: `质量失信黑名单在列企业（按${LISTED_BY[by]}）`,
      note: `${today} 在列企业共 ${all} 家。`,
      columns: [
        { field: by, label: LISTED_BY[by] },
        { field: 'enterprises', label: '在列企业数' },
      ],
      rows: rows.map(({ part, count }) =>
        by === 'region'
          ? { region: placeName(part), regionCode: codeOf(part), enterprises: count }
          : { [by]: part, enterprises: count },
      ),
    }
  }

  /** What the registry holds today: files, public records by type, grades in force, who is and who has been listed. */
  holdings(): Holdings {
    const today = this.#today()
    const since = addDays(today, -REMOVED_DAYS)
    const counted = (rows: { part: string | null; count: number }[]) => {
      const counts: Record<string, number> = {}
      for (const { part, count } of rows) counts[part ?? ''] = (counts[part ?? ''] ?? 0) + count
      return counts
    }
    return {
      files: this.#views.count(),
      records: counted(
        this.#views.reported(
          ({ record }) => `
            SELECT r.type AS part, count(*) AS count FROM ${record} r WHERE ${IS_PUBLIC} GROUP BY r.type`,
          ...[today, today],
        ),
      ),
      grades: counted(
        this.#inForce('four-grades', undefined).map(({ grade, count }) => ({ part: grade, count })),
      ),
      listed: this.#listed(today),
      removed: counted(
        this.#views.reported(
          ({ procedure }) => `
            SELECT substr(status, 9) AS part, count(*) AS count FROM ${procedure}
            WHERE ended_on BETWEEN ? AND ? AND status LIKE 'removed/%' GROUP BY status`,
          ...[since, today],
        ),
      ),
    }
  }

  /**
   * Grades in force by city and industry, as the day has them: files that the daily job has still to see to are looked at
   * themselves.
   */
  #inForce(
    standard: string,
    region: string | undefined,
  ): { place: string; industry: string; grade: string | null; count: number }[] {
    const today = this.#today()
    const asked = [standard, within(region), today]
    const settled = this.#views.reported<{
      place: string
      industry: string
      grade: string | null
      count: number
    }>(
      ({ grade, file }) => `
        SELECT substr(region, 1, 4) AS place, industry, grade, count(*) AS count FROM ${grade}
        WHERE standard = ? AND region GLOB ? AND key NOT IN (SELECT key FROM ${file} WHERE face_changes_on <= ?)
        GROUP BY place, industry, grade`,
      ...asked,
    )
    const due = this.#views.reported<{ key: string; place: string; industry: string }>(
      ({ grade, file }) => `
        SELECT key, substr(region, 1, 4) AS place, industry FROM ${grade} JOIN ${file} USING (key)
        WHERE standard = ? AND region GLOB ? AND face_changes_on <= ?`,
      ...asked,
    )
    const looked = due.map(({ key, ...own }) => {
      const dossier = this.#views.onDay(key, today)
      return { ...own, grade: (dossier && ratingInForce(dossier, standard)?.grade) ?? null, count: 1 }
    })
    return [...settled, ...looked]
  }

  #listed(today: string, region?: string): number {
    const [row] = this.#views.reported<{ count: number }>(
      ({ listing }) =>
        `SELECT count(DISTINCT key) AS count FROM ${listing} WHERE from_day <= ? AND until_day > ? AND region GLOB ?`,
      ...[today, today, within(region)],
    )
    return row?.count ?? 0
  }

  #tested(period: ReportPeriod, region: string | undefined, by: 'region' | 'group' | 'both') {
    const rows = this.#views.reported<Counted>(
      ({ record }) => `
        SELECT r.data ->> 'product' AS product, substr(r.region, 1, 4) AS place, r.data ->> 'kind' AS kind,
          count(*) AS inspected, sum(r.data ->> 'outcome' = '合格') AS passed
        FROM ${record} r
        WHERE r.type = 'inspection' AND r.data ->> 'kind' LIKE '%监督抽查'
          AND r.counted AND r.data ->> 'outcome' IN ('合格', '不合格') AND r.dated BETWEEN ? AND ? AND r.region GLOB ?
          AND coalesce(r.data ->> 'retest', '') <> '改变原结论' AND ${WAS_PUBLISHED}
        GROUP BY product, place, kind`,
      ...[period.from, period.to, within(region), this.#today()],
    )
    const counts = new Map<string, { place: string; group: string; inspected: number; passed: number }>()
    for (const row of rows) {
      const place = by === 'group' ? '' : row.place
      const group = by === 'region' ? '' : groupOf(row.product ?? undefined, scheme).name
      const known = counts.get(`${place}|${group}`) ?? { place, group, inspected: 0, passed: 0 }
      counts.set(`${place}|${group}`, known)
      known.inspected += row.inspected
      known.passed += row.passed
    }
    return counts
  }

  #today(): string {
    return shanghaiDate(this.#now())
  }
}

export type ReportName = Exclude<keyof Reports, symbol>

/** The reports wherever they are computed: they look at every record, which takes a while. */
export type ReportSource = {
  [K in ReportName]: (...asked: Parameters<Reports[K]>) => Promise<Dated<ReturnType<Reports[K]>>>
}

/** Computes the reports in this thread. */
export function localReports(parts: Parts): ReportSource {
  const { views, now } = parts
  const reports = new Reports(parts)
  /** Each from one state of the views, which it names. */
  const dated = async <R extends object>(compute: () => R): Promise<Dated<R>> =>
    views.snapshot(() => {
      const asOf = { position: views.applied(), time: now().toISOString() }
      return { ...compute(), asOf }
    })
  return {
    coverage: (...asked) => dated(() => reports.coverage(...asked)),
    roster: (...asked) => dated(() => reports.roster(...asked)),
    passRates: (...asked) => dated(() => reports.passRates(...asked)),
    passRatesByMonth: (...asked) => dated(() => reports.passRatesByMonth(...asked)),
    bulletin: (...asked) => dated(() => reports.bulletin(...asked)),
    indicators: (...asked) => dated(() => reports.indicators(...asked)),
    grades: (...asked) => dated(() => reports.grades(...asked)),
    listings: (...asked) => dated(() => reports.listings(...asked)),
    timeliness: (...asked) => dated(() => reports.timeliness(...asked)),
    lateTransfers: (...asked) => dated(() => reports.lateTransfers(...asked)),
    holdings: () => dated(() => reports.holdings()),
  }
}

/** How the file of a firm on a roster stands. */
type RosterState = 'complete' | 'incomplete' | 'none' | 'unknown'
const ROSTER_WORDS: Readonly<Record<RosterState, string>> = {
  complete: '档案完整',
  incomplete: '档案不完整',
  none: '没有建档',
  unknown: '无法确定',
}
const licencesHeld = z.array(z.tuple([z.string().nullable(), z.string().nullable()]))

/**
 * Condition that a file `f` is complete: its unified code, region, address, industry, no public record that lacks what a
 * rule needs; binds today twice.
 */
function isComplete(record: string, deadline: string): string {
  return `(f.outline ->> 'uscc') IS NOT NULL AND (f.outline ->> '$.enterprise.region') IS NOT NULL
            AND (f.outline ->> '$.enterprise.address') IS NOT NULL
            AND (f.outline ->> '$.enterprise.industry') IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM ${deadline} d JOIN ${record} p ON p.key = d.key AND p.id = d.json ->> 'about'
              WHERE d.key = f.key AND d.what = 'completion' AND ${IS_PUBLIC.replaceAll('r.', 'p.')})`
}

/** Condition that a record was published: a total may count what no longer stands on a page by name. */
const WAS_PUBLISHED = '(r.public_from <= ? AND (r.public_until IS NULL OR r.public_until > r.public_from))'
/** Condition that a record stands on its page today. */
const IS_PUBLIC = '(r.public_from <= ? AND (r.public_until IS NULL OR r.public_until > ?))'

function within(region: string | undefined): string {
  return `${region === undefined ? '' : regionPrefix(region)}*`
}

function codeOf(place: string): string {
  return place === '' ? '' : `${place}00`
}

/** A city's name; that of its province where the table has no place of its own between province and county. */
function placeName(place: string): string {
  if (place === '') return '未登记地区'
  const code = codeOf(place)
  return (regionOf(code) ?? regionOf(`${place.slice(0, 2)}0000`))?.path ?? code
}

function ordered<T>(counts: ReadonlyMap<string, T>): T[] {
  return Array.from(counts.entries())
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, count]) => count)
}

function sum(counts: readonly { inspected: number; passed: number }[]) {
  return counts.reduce(
    (all, { inspected, passed }) => ({ inspected: all.inspected + inspected, passed: all.passed + passed }),
    { inspected: 0, passed: 0 },
  )
}

/** Share in per cent with one decimal; null of nothing. */
function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : rounded((part / whole) * 100)
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
