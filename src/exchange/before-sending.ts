import { setImmediate } from 'node:timers/promises'
import { removalWords } from '../blacklist/words.ts'
import { isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { parseUnifiedCode } from '../codes/unified-code.ts'
import type { ListedEnterprise } from '../registry/listings.ts'
import type { Registry } from '../registry/registry.ts'
import {
  type Edition,
  type Element,
  type Elements,
  type Form,
  formNames,
  formOf,
  rowsOf,
  violators,
} from './double-publicity.ts'
import type { Table, TableRow } from './export.ts'

/** What is wrong with a cell of a row that is to be sent. */
export interface CellFault {
  element: string
  /** What the handbook calls the element. */
  label: string
  code: 'required' | 'too-long' | 'word' | 'date' | 'sum' | 'unified-code'
  /** What stands there, cut short. */
  value: string
  /** What is wrong, in the handbook's words, and what to do. */
  detail: string
}

/**
 * Of which days of decision (both included) and of which authority, by any name that it bears or bore, a table is; of the
 * violators' list the days of removal too.
 */
export interface AskedForm {
  from: string
  to: string
  authority?: string | undefined
}

/** What tables are made of. */
interface Source extends Pick<Registry, 'now'> {
  feed: Pick<Registry['feed'], 'dated'>
  listings: Pick<Registry['listings'], 'list' | 'ended'>
  authorities: Pick<Registry['authorities'], 'namesOf'>
}

const FILES_A_STEP = 200

/** The rows of a form as the platform sees them now, file by file, so that others are answered in between. */
async function* formRows(
  { feed, authorities }: Source,
  form: Form,
  asked: AskedForm,
): AsyncGenerator<TableRow[]> {
  const { from, to, authority } = asked
  const names = authority === undefined ? undefined : authorities.namesOf(authority)
  for (let after = ''; ; ) {
    const files = feed.dated(form.kind.type, asked, after, FILES_A_STEP)
    const last = files.at(-1)
    if (!last) return
    after = last.key
    yield files.flatMap((file) => rowsOf(form, file, { from, to, names }))
    await setImmediate()
  }
}

/**
 * The rows of the serious violators' table: who is on the list, by the day of the decision, and below what left it in the
 * period. What has left is told by its number, day, cause and authority alone: whose it was is to be deleted, not told again.
 */
async function* violatorRows(
  { listings, authorities, now }: Source,
  { from, to, authority }: AskedForm,
): AsyncGenerator<TableRow[]> {
  for (let before: number | undefined; ; ) {
    const { items, next } = listings.list({ on: shanghaiDate(now()), authority }, before, FILES_A_STEP)
    yield items
      .map(({ json }): ListedEnterprise => JSON.parse(json))
      .filter(({ decidedOn }) => from <= decidedOn && decidedOn <= to)
      .map((own) => ({
        ILLID: own.id,
        ENTNAME: own.name,
        UNISCID: own.uscc ?? undefined,
        REGION: own.region,
        ABNTIME: own.decidedOn,
        SERILLREA: `${own.ground}（${own.basis}）`,
        DECORG: own.authority,
      }))
    if (next === undefined) break
    before = next
    await setImmediate()
  }
  const names = authority === undefined ? undefined : authorities.namesOf(authority)
  yield listings
    .ended({ from, to })
    .filter(({ authority: by }) => names === undefined || by === undefined || names.includes(by))
    .map(({ id, on, cause, authority: by }) => ({
      ILLID: id,
      REMDATE: on,
      REMEXCPRES: cause && removalWords[cause],
      REDECORG: by,
    }))
}

/** Tables that are sent to the platform. */
export const sentNames = [...formNames, 'violators'] as const
export type SentName = (typeof sentNames)[number]

/** A table that is sent to the platform, with its rows as they are read. */
export function sentTable(
  registry: Source,
  name: SentName,
  edition: Edition,
  asked: AskedForm,
): { form: Elements; parts: AsyncIterable<TableRow[]> } {
  if (name === 'violators') return { form: violators, parts: violatorRows(registry, asked) }
  const form = formOf(name, edition)
  return { form, parts: formRows(registry, form, asked) }
}

/** A fault with the row that it stands in, counted from 1, and what the row is known by. */
export interface PlacedFault {
  row: number
  number: string
  name: string
  fault: CellFault
}

/** What is wrong in the rows of a form: how many rows there are, how many have faults, and at most so many faults. */
export async function checkedBeforeSending(
  form: Elements,
  parts: AsyncIterable<readonly TableRow[]>,
  most: number,
): Promise<{ rows: number; faulty: number; faults: PlacedFault[] }> {
  let rows = 0
  let faulty = 0
  const faults: PlacedFault[] = []
  for await (const part of parts)
    for (const row of part) {
      rows += 1
      const found = faultsBeforeSending(form, row)
      if (found.length > 0) faulty += 1
      for (const fault of found.slice(0, most - faults.length))
        faults.push({ row: rows, ...knownBy(row), fault })
    }
  return { rows, faulty, faults }
}

const VALUE_SHOWN = 60

/** What of a row the platform would refuse (报送前核对): what it must have, lengths, words, dates, sums and codes. */
export function faultsBeforeSending({ elements }: Elements, row: TableRow): CellFault[] {
  return elements.flatMap((element) => {
    const text = textOf(row[element.element])
    const fault = text === '' ? lacking(element) : faultOf(element, text)
    if (!fault) return []
    const { element: name, label } = element
    return [{ element: name, label, ...fault, value: Array.from(text).slice(0, VALUE_SHOWN).join('') }]
  })
}

/** The faults of many rows as a table: which row, which element, what stands there, what is wrong. */
export function faultTable(form: Elements, faults: readonly PlacedFault[]): Table {
  return {
    title: `${form.title}报送前核对`,
    columns: [
      { field: 'row', label: '行' },
      { field: 'number', label: '决定文书号或编号' },
      { field: 'name', label: '行政相对人名称' },
      { field: 'label', label: '数据项' },
      { field: 'element', label: '数据元标识符' },
      { field: 'value', label: '内容' },
      { field: 'detail', label: '问题' },
    ],
    rows: faults.map(({ fault, ...place }) => ({ ...place, ...fault })),
  }
}

/** What a row is known by in a report. */
function knownBy(row: TableRow): { number: string; name: string } {
  return {
    number: textOf(row.CF_WSH ?? row.XK_WSH ?? row.ILLID),
    name: textOf(row.CF_XDR_MC ?? row.XK_XDR_MC ?? row.XK_XDR ?? row.ENTNAME),
  }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  return typeof value === 'number' ? `${value}` : ''
}

type Fault = Pick<CellFault, 'code' | 'detail'>

function lacking({ required, label }: Element): Fault | undefined {
  return required ? { code: 'required', detail: `“${label}”为必填项，没有填写；请在档案中补填。` } : undefined
}

function faultOf({ label, most, words, is }: Element, text: string): Fault | undefined {
  const { length } = Array.from(text)
  if (most !== undefined && length > most)
    return { code: 'too-long', detail: `“${label}”长 ${length} 个字符，超过 ${most} 个字符的上限；请缩短。` }
  const strange = words && text.split('；').find((word) => !isWord(word, words))
  if (strange !== undefined)
    return {
      code: 'word',
      detail: `“${label}”中的“${strange}”不在代码表中，应为${words?.join('、')}；不属于前几种的写作“其他-具体类别”。`,
    }
  switch (is) {
    case 'date':
      return isCalendarDate(text)
        ? undefined
        : { code: 'date', detail: `“${label}”不是日期，应为“2026-03-02”的格式。` }
    case 'sum':
      return /^\d{1,12}(\.\d{1,6})?$/.test(text)
        ? undefined
        : { code: 'sum', detail: `“${label}”应为以万元计的数，至多六位小数。` }
    case 'unified-code': {
      const read = parseUnifiedCode(text)
      return read.ok ? undefined : { code: 'unified-code', detail: `“${label}”有误：${read.fault.detail}` }
    }
    case undefined:
      return undefined
  }
}

function isWord(word: string, words: readonly string[]): boolean {
  return words.includes(word) || (words.includes('其他') && /^其他-./u.test(word))
}
