import type { z } from 'zod'
import type { Fault } from '../dossier/refusal.ts'
import { misquotedIn } from '../law/texts.ts'
import type { Catalogue } from '../records/catalogue.ts'
import type { FieldCondition } from '../records/condition.ts'
import type { Column } from '../records/kind.ts'
import { type Selection, type Standard, standardSchema, type Where } from './standard.ts'

export type CheckedStandard = { ok: true; standard: Standard } | { ok: false; faults: Fault[] }

/**
 * A standard checked whole: its shape, that every record type, field and term exists, that conditions don't go in a
 * circle, that grades and steps are in order without overlap. Faults name the place as a JSON pointer.
 */
export function checkStandard(input: unknown, catalogue: Catalogue): CheckedStandard {
  const parsed = standardSchema.safeParse(input, { reportInput: true })
  if (!parsed.success) return { ok: false, faults: parsed.error.issues.flatMap(faultsOf) }
  const standard = parsed.data
  const check = new Check(standard, catalogue)
  const faults = check.faults()
  return faults.length > 0 ? { ok: false, faults } : { ok: true, standard }
}

class Check {
  readonly #standard: Standard
  readonly #catalogue: Catalogue
  readonly #faults: Fault[] = []

  constructor(standard: Standard, catalogue: Catalogue) {
    this.#standard = standard
    this.#catalogue = catalogue
  }

  faults(): Fault[] {
    const { items, limits, rated, conditions } = this.#standard
    for (const { pointer, detail } of misquotedIn(this.#standard)) this.#fault(pointer, 'misquoted', detail)
    const named = Object.keys(conditions).length
    if (named > MOST_CONDITIONS) {
      this.#fault('/conditions', 'too_big', `条件有 ${named} 个，最多 ${MOST_CONDITIONS} 个；请合并或删去。`)
      return this.#faults
    }
    const circular = circularIn(conditions)
    this.#unique('/items', items)
    this.#unique('/limits', limits)
    this.#grades()
    for (const [name, { records, where }] of Object.entries(conditions)) {
      this.#where(`/conditions/${name}/where`, records, where)
      if (circular.has(name))
        this.#fault(`/conditions/${name}`, 'circular', `条件“${name}”绕回了自己，永远无法判断。`)
    }
    for (const [i, selection] of rated.any.entries()) this.#selection(`/rated/any/${i}`, selection)
    for (const [i, { select, points, ratio }] of items.entries()) {
      this.#selection(`/items/${i}/select`, select)
      if (points?.by) this.#column(`/items/${i}/points/by/field`, select.records, points.by.field)
      if (points?.by)
        this.#terms(
          `/items/${i}/points/by/points`,
          select.records,
          points.by.field,
          Object.keys(points.by.points),
        )
      if (!ratio) continue
      this.#where(`/items/${i}/ratio/part`, select.records, ratio.part)
      this.#descending(
        `/items/${i}/ratio/steps`,
        ratio.steps.map(({ atLeast }) => atLeast),
      )
    }
    for (const [i, { select, grade }] of limits.entries()) {
      if (select) this.#selection(`/limits/${i}/select`, select)
      if (!this.#standard.grades.some((known) => known.grade === grade))
        this.#fault(
          `/limits/${i}/grade`,
          'unknown-grade',
          `没有等级“${grade}”；等级有 ${this.#gradeNames()}。`,
        )
    }
    return this.#faults
  }

  #grades(): void {
    const { grades } = this.#standard
    const last = grades.length - 1
    for (const [i, { grade, atLeast }] of grades.entries()) {
      if (grades.findIndex((other) => other.grade === grade) !== i)
        this.#fault(`/grades/${i}/grade`, 'repeated', `等级“${grade}”写了两次。`)
      if (i < last && atLeast === undefined)
        this.#fault(`/grades/${i}/atLeast`, 'required', `等级“${grade}”没有写起始分；只有最低的等级不写。`)
      if (i === last && atLeast !== undefined)
        this.#fault(
          `/grades/${i}/atLeast`,
          'not-needed',
          `最低的等级“${grade}”不写起始分，否则更低的分数没有等级。`,
        )
    }
    this.#descending(
      '/grades',
      grades.slice(0, -1).flatMap(({ atLeast }) => atLeast ?? []),
    )
  }

  /** Thresholds that don't fall strictly overlap: a number of points would fit two places. */
  #descending(place: string, thresholds: readonly number[]): void {
    for (const [i, threshold] of thresholds.entries()) {
      const above = thresholds[i - 1]
      if (above !== undefined && threshold >= above)
        this.#fault(
          `${place}/${i}/atLeast`,
          'overlap',
          `起始值 ${threshold} 不低于上一档的 ${above}，两档重叠；应从高到低排列。`,
        )
    }
  }

  #unique(place: string, list: readonly { id: string }[]): void {
    for (const [i, { id }] of list.entries())
      if (list.findIndex((other) => other.id === id) !== i)
        this.#fault(`${place}/${i}/id`, 'repeated', `编号“${id}”重复。`)
  }

  #selection(place: string, { records, where, countedFrom }: Selection): void {
    if (!this.#catalogue.kind(records)) {
      const known = this.#catalogue.kinds.map((kind) => kind.type).join('、')
      this.#fault(`${place}/records`, 'unknown-records', `没有“${records}”这种记录；可用：${known}。`)
      return
    }
    this.#where(`${place}/where`, records, where)
    const column =
      countedFrom === undefined ? undefined : this.#column(`${place}/countedFrom`, records, countedFrom)
    if (column && !isOfDates(column))
      this.#fault(`${place}/countedFrom`, 'field-type', `“${column.label}”不是日期，不能从它起算。`)
  }

  #where(place: string, records: string, where: Where): void {
    for (const [i, condition] of where.entries()) {
      if ('condition' in condition) this.#named(`${place}/${i}/condition`, records, condition.condition)
      else if ('field' in condition) this.#field(`${place}/${i}`, records, condition)
    }
  }

  #named(place: string, records: string, name: string): void {
    const known = this.#standard.conditions[name]
    if (!known) this.#fault(place, 'unknown-condition', `没有名为“${name}”的条件，请在 conditions 中写明。`)
    else if (known.records !== records)
      this.#fault(place, 'other-records', `条件“${name}”说的是 ${known.records}，不能用于 ${records}。`)
  }

  #field(
    place: string,
    records: string,
    { field, is, not, atLeast, atMost, contains, since, past }: FieldCondition,
  ): void {
    const column = this.#column(`${place}/field`, records, field)
    if (!column) return
    if (is) this.#terms(`${place}/is`, records, field, is)
    if (not) this.#terms(`${place}/not`, records, field, not)
    const wrong = (key: string, type: string) =>
      this.#fault(`${place}/${key}`, 'field-type', `“${column.label}”不是${type}，不能用 ${key}。`)
    if (atLeast !== undefined && column.type !== 'number') wrong('atLeast', '数字')
    if (atMost !== undefined && column.type !== 'number') wrong('atMost', '数字')
    if (past && !isOfDates(column)) wrong('past', '日期')
    if (contains && column.type !== 'text') wrong('contains', '文字')
    if (since !== undefined && !isOfDates(column)) wrong('since', '日期')
    if (atLeast !== undefined && atMost !== undefined && atLeast > atMost)
      this.#fault(
        `${place}/atMost`,
        'empty',
        `没有数既不小于 ${atLeast} 又不大于 ${atMost}，此条件永远不成立。`,
      )
  }

  #column(place: string, records: string, field: string): Column | undefined {
    const kind = this.#catalogue.kind(records)
    const column = kind?.columns.find((known) => known.field === field)
    if (kind && !column)
      this.#fault(
        place,
        'unknown-field',
        `${kind.label}没有“${field}”这一栏；可用：${kind.columns.map((known) => known.field).join('、')}。`,
      )
    return column
  }

  #terms(place: string, records: string, field: string, values: readonly unknown[]): void {
    const column = this.#catalogue.kind(records)?.columns.find((known) => known.field === field)
    const unknown = column?.terms && values.find((term) => !column.terms?.includes(String(term)))
    if (unknown !== undefined)
      this.#fault(
        place,
        'unknown-term',
        `“${column?.label}”没有“${unknown}”这一项；可用：${column?.terms?.join('、')}。`,
      )
  }

  #gradeNames(): string {
    return this.#standard.grades.map(({ grade }) => grade).join('、')
  }

  #fault(pointer: string, code: string, detail: string): void {
    this.#faults.push({ pointer, code, detail })
  }
}

/** More than any standard in use has by far. */
const MOST_CONDITIONS = 200

/** The conditions that come round to themselves: those within one loop of the references (Tarjan), each looked at once. */
function circularIn(conditions: Standard['conditions']): Set<string> {
  const circular = new Set<string>()
  const reached = new Map<string, number>()
  const path: string[] = []
  const onPath = new Set<string>()
  /** The earliest on the path that a condition leads back to. */
  function visit(name: string): number {
    const index = reached.size
    reached.set(name, index)
    path.push(name)
    onPath.add(name)
    let earliest = index
    for (const condition of conditions[name]?.where ?? []) {
      if (!('condition' in condition)) continue
      const to = condition.condition
      if (to === name) circular.add(name)
      const known = reached.get(to)
      if (known === undefined) earliest = Math.min(earliest, visit(to))
      else if (onPath.has(to)) earliest = Math.min(earliest, known)
    }
    if (earliest === index) {
      const loop = path.splice(path.indexOf(name))
      for (const member of loop) {
        onPath.delete(member)
        if (loop.length > 1) circular.add(member)
      }
    }
    return earliest
  }
  for (const name of Object.keys(conditions)) if (!reached.has(name)) visit(name)
  return circular
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  array: '数组',
  object: '对象',
}

function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const pointer = `/${issue.path.join('/')}`
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: `${pointer === '/' ? '' : pointer}/${key}`,
      code: 'unknown-field',
      detail: `标准中没有“${key.slice(0, 60)}”这一项。`,
    }))
  if (issue.code === 'invalid_union') {
    // Of the forms that were tried, the one that fits best says what is wrong.
    const [best] = [...issue.errors].sort((a, b) => a.length - b.length)
    return (best ?? []).flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }))
  }
  if (issue.input === undefined) return [{ pointer, code: 'required', detail: '必填，请补上。' }]
  if (issue.code === 'invalid_type')
    return [{ pointer, code: 'type', detail: `应为${TYPE_NAMES[issue.expected] ?? issue.expected}。` }]
  return [{ pointer, code: issue.code, detail: issue.message }]
}

function isOfDates({ type }: Column): boolean {
  return type === 'date' || type === 'partial-date'
}
