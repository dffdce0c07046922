import { createHash } from 'node:crypto'
import { describeChanges, writtenText } from '../codes/characters.ts'
import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { placesAtStart } from '../codes/places.ts'
import type { TypedCodes } from '../dossier/commands.ts'
import { award } from '../records/award.ts'
import { inspection } from '../records/inspection.ts'
import type { Column, RecordData } from '../records/kind.ts'
import { licence } from '../records/licence.ts'
import { penalty } from '../records/penalty.ts'
import { isOneOf } from '../records/stored.ts'
import { partyFields } from '../registry/parties.ts'
import { type Cell, digitsOf, textOf } from '../sheets/cell.ts'
import { withAcross } from './across.ts'
import { answerKey, isLeftAside, type Mapping, makesForAnother, saysOutcome, type Target } from './columns.ts'
import { beginsWithIssue, dayIn, type PartialRead, partialDateIn, periodIn } from './dates.ts'
import { SERIAL } from './headings.ts'
import {
  differentItems,
  type Item,
  type ItemCells,
  type ItemsUnclear,
  itemsOf,
  namesOfFailing,
  saysNoneFailed,
  withLimits,
  withUnit,
} from './items.ts'
import { areUnitsApart, meetsStandard } from './limits.ts'
import { isTicked, type Ticked } from './marks.ts'
import type { NamedFirm } from './matching.ts'
import { nameIn, severalCodes, severalFirms } from './names.ts'
import { noProducerIn, producersIn } from './producers.ts'
import {
  authorityAndDay,
  basisIn,
  conductIn,
  isSumMoved,
  licenceTakenIn,
  punishmentIn,
  sumsContradicted,
} from './punishment.ts'
import { remarkDoubts, remarkIn } from './remarks.ts'
import { testIn } from './retest-rows.ts'
import { awardDoubt, type Doubt, saysNotGranted, standingDoubt, stateDoubt } from './standing.ts'
import { sumRead } from './sum-units.ts'
import { digitsLost, isBlank, understand } from './values.ts'
import { isFinal, retestOf } from './verdicts.ts'
import type { WaitingFirm } from './waiting.ts'
import { answerTo, licenceByNumber, termWithin } from './words.ts'

/** A row of a file by what its columns mean. */
export interface RowReading {
  codes: TypedCodes
  record: RecordData
  enterprise: RecordData
  /** The place that the row's own lies in, where a column beside says it. */
  within: string | undefined
  /** Which test of a sample the row is of, where each has a row of its own. */
  test?: 'first' | 'second'
  /** Items of a sample that failed, where the row says them. */
  items: Item[]
  /** Whether the outcome is the sample's alone, as each item has a verdict of its own. */
  judgesSample: boolean
  /** Items that a verdict of the row would have failed although their values say otherwise: true of the sample only if another one failed. */
  doubts: RowFault[]
  /** Whether the number of a licence is its decision's, as the table has no column for its own. */
  isNumberedByDecision: boolean
  /** Hash of what the row says, the same in whatever order the columns stand. */
  hash: string
  /** What was taken although it should be looked at. */
  notes: RowFault[]
}

/** Why a row was not taken: the header of the column at fault where it lies in one, the cell, the reason. */
export interface RowFault {
  /** Stable key of the reason, the same for all rows that fail alike. */
  code?: string | undefined
  header?: string | undefined
  value?: string | undefined
  detail: string
  /** The file whose change of name is to be confirmed. */
  renames?: string | undefined
  /** The firm that is to be decided on. */
  firm?: NamedFirm | undefined
  /** The firm that has no file yet, where that is what is wrong. */
  waits?: WaitingFirm | undefined
  /** A word that no term is known by, to be said once for all rows that have it. */
  word?: UnknownWord
  /** Label of the field that a row which was taken lacks for the rules to be applied. */
  lacks?: string | undefined
}

/** A word of an upload whose meaning is open. */
export interface UnknownWord {
  /** Under which the answer is kept: `types`, `enterprise.status`. */
  field: string
  label: string
  word: string
  /** Terms that come into question first. */
  candidates: readonly string[]
}

/** Reads the cells of a row by what their columns mean; all that is wrong with them is told at once. */
export function readRow(cells: readonly Cell[], mapping: Mapping): RowReading | { faults: RowFault[] } {
  const { targets, headers, readings } = mapping
  const codes: TypedCodes = {}
  const record: RecordData = {}
  const about: RecordData = {}
  const faults: RowFault[] = []
  const notes: RowFault[] = []
  const said: string[] = []
  const open: { target: FieldTarget; lookAt: readonly string[]; place: { header: string; value: string } }[] =
    []
  const itemCells: ItemCells = {}
  const across: Item[] = []
  let within: string | undefined
  let made: { text: string; on: PartialRead } | undefined
  let confiscated: unknown
  let began: { on: string; isIssue: boolean } | undefined
  /** What failed, where the verdict names it: 不合格（壁厚）. */
  let failedIn: string | undefined
  /** The cell of a column of results that holds a measured value. */
  let measuredIn: { header: string; value: string } | undefined
  const sentences: string[] = []
  /** Who makes for another (受托生产企业). */
  let maker: string | undefined
  /** What brackets behind the name of a firm say of it, where the table is of firms. */
  const besideNames: Said[] = []
  let verdict: Item['verdict']
  for (const [i, target] of targets.entries()) {
    if (target.to === 'nothing' || target.to === 'passed-over') continue
    const cell = tidyCell(cells[i] ?? '')
    const text = textOf(cell)
    if (isBlank(text)) continue
    const place = { header: headers[i] ?? '', value: text }
    if (target.to === 'identity-number') {
      faults.push({
        ...place,
        code: 'identity-number',
        detail: `“${headers[i]}”栏含有证件号码。质量信用档案不得记录身份证号码，请删去该栏内容。`,
      })
      continue
    }
    if (target.to === 'ticked') {
      const fault = takeTick(record, target.ticked, text, mapping.kind)
      if (fault) faults.push({ ...place, code: 'tick', detail: fault })
      else said.push(`record.${target.ticked.column.field}@${target.ticked.term}=${text}`)
      continue
    }
    said.push(`${saidAs(target)}=${text}`)
    const several = severalIn(target, text)
    if (several) {
      faults.push({ ...place, ...several })
      continue
    }
    if (target.to === 'uscc' || target.to === 'orgCode' || target.to === 'code') {
      const code = codeIn(cell)
      if (typeof code === 'string')
        Object.assign(codes, target.to === 'code' ? codeOf(code) : { [target.to]: code })
      else faults.push({ ...place, ...code })
      continue
    }
    if (target.to === 'party') {
      const isMaker = target.role === 'producer' && target.part === 'name'
      const none = isMaker ? noProducerIn(text) : undefined
      if (none === 'none') {
        const detail = `“${text}”不是生产者的名称，理解为没有标称生产者。`
        notes.push({ ...place, code: 'understood', detail })
        continue
      }
      if (none === 'elsewhere') {
        const detail = `“${text}”没有写出生产者的名称；请照标签填写，确无标称生产者的填“/”。`
        faults.push({ ...place, code: 'no-name', detail })
        continue
      }
      if (target.role === 'other' && target.part === 'name' && makesForAnother(place.header)) maker = text
      const { own, other } =
        target.role === 'producer' && target.part === 'name' ? producersIn(text) : { own: text }
      const field = partyFields[target.role][target.part]
      if (field !== undefined) record[field] = [record[field] ?? [], own].flat().join('；')
      if (other !== undefined) record.thirdParty = [record.thirdParty ?? [], other].flat().join('；')
      if (own !== text)
        notes.push({
          ...place,
          code: 'understood',
          detail: `“${text.slice(0, 60)}”理解为：标称生产者 ${own}${other === undefined ? '' : `，第三方 ${other}`}。`,
        })
      continue
    }
    if (target.to === 'made-on') {
      made = { text, on: partialDateIn(cell) }
      continue
    }
    if (target.to === 'within') {
      within = text
      continue
    }
    if (target.to === 'item') {
      itemCells[target.part] = text
      continue
    }
    if (target.to === 'across') {
      across.push({ name: target.name, measured: withUnit(text, target.unit) })
      continue
    }
    if (target.to === 'punishment' || target.to === 'authority-and-day') {
      const fault =
        target.to === 'punishment' ? takePunishment(record, text, notes) : takeDecision(record, text)
      if (fault) faults.push({ ...place, ...fault })
      else if (target.to === 'punishment') sentences.push(text)
      continue
    }
    const reading = readings[i]
    if (!reading) continue
    // Until before a day it may be done on that very day at the latest.
    const due = 'column' in target && target.column.field.endsWith('DueOn') ? DUE.exec(text)?.[1] : undefined
    const period = 'column' in target && target.column.field === 'validTo' ? periodIn(text) : undefined
    if (period) began = { on: period.from, isIssue: beginsWithIssue(place.header) }
    const understood = understand(period ? period.to : (due ?? cell), reading)
    // No known outcome under 检验结果, and something measured.
    if (target.to === 'result' && !('value' in understood) && MEASURED.test(textOf(cell))) {
      itemCells.measured = text
      measuredIn = place
      continue
    }
    const { label } = reading.column
    if ('fault' in understood)
      faults.push({ ...place, code: understood.code, detail: `${label}：${understood.fault}` })
    else if ('word' in understood) {
      // A sum tells a sentence from a list of kinds, in which an unknown one is asked.
      const isSentence = target.to === 'record' && target.column.field === 'types' && HAS_SUM.test(text)
      if (isSentence && takePunishment(record, text, notes) === undefined) {
        sentences.push(text)
        continue
      }
      const failing = saysOutcome(target) ? failingIn(text) : undefined
      if (failing !== undefined) {
        failedIn = failing
        if ((record.outcome ?? '不合格') !== '不合格')
          faults.push(twoVerdicts(place, [record.outcome, '不合格']))
        record.outcome = '不合格'
        const detail = `“${text.slice(0, 60)}”理解为：检查结果 不合格，不合格项目 ${failing}。`
        notes.push({ ...place, code: 'understood', detail })
        continue
      }
      if (target.to !== 'confiscated')
        faults.push(unknownWord(target, place, understood.word, understood.candidates))
    } else if ('elsewhere' in understood) {
      if (target.to !== 'confiscated') open.push({ target, lookAt: understood.elsewhere, place })
    } else {
      const { changes } = writtenText(text)
      if (changes.length > 0)
        notes.push({ ...place, code: 'characters', detail: `${label}：${describeChanges(changes)}` })
      if (understood.note !== undefined)
        notes.push({ ...place, code: 'note', detail: `${label}${understood.note}` })
      if (understood.value === undefined) continue
      if (isName(target) && typeof understood.value === 'string') {
        const { name, former, state } = nameIn(understood.value)
        if (name !== understood.value)
          notes.push({
            ...place,
            code: 'understood',
            detail: `“${text.slice(0, 60)}”理解为：${[
              `名称 ${name}`,
              ...(former === undefined ? [] : [`原名称 ${former}`]),
              ...(state === undefined ? [] : [`括号中的“${state}”不是名称`]),
            ].join('，')}。`,
          })
        if (state !== undefined && target.to === 'record')
          besideNames.push({ header: place.header, value: state })
        understood.value = name
      }
      if (target.to === 'confiscated') confiscated = understood.value
      else if (target.to === 'verdict' || (target.to === 'result' && target.isOfItem)) {
        const own = verdictIn(understood.value)
        if (verdict !== undefined && own !== undefined && own !== verdict)
          faults.push(twoVerdicts(place, [verdict, own]))
        verdict ??= own
      } else if (
        target.column.field === 'outcome' &&
        (record.outcome ?? understood.value) !== understood.value
      )
        faults.push(twoVerdicts(place, [record.outcome, understood.value]))
      else if (target.to === 'record' || target.to === 'result') {
        if (target.column.unit === '元' && typeof understood.value === 'number') {
          const own = answerKey(target)
          const read = sumRead(understood.value, {
            ...reading,
            ...place,
            text,
            answers: mapping.answers[own],
          })
          if ('word' in read) {
            faults.push({ ...place, ...read, word: { field: own, label, ...read.word } })
            continue
          }
          if (read.note) notes.push({ ...place, ...read.note })
          understood.value = read.sum
        }
        record[target.column.field] = inList(record[target.column.field], understood.value)
        takeFromHeading(record, target.column.field, place.header, cell)
      } else about[target.column.field] = understood.value
    }
  }
  const isOutcomeOf = (i: number) => {
    const target = targets[i]
    return target !== undefined && saysOutcome(target) && !isBlank(textOf(cells[i] ?? ''))
  }
  for (const { target, lookAt, place } of open) {
    const isRetest = target.column.field === 'retest'
    const term = isRetest
      ? retestOf(
          place.value,
          record.outcome,
          targets.some((_, i) => isOutcomeOf(i) && isFinal(headers[i] ?? '')),
        )
      : termElsewhere(lookAt, record, mapping, target)
    const word = wordBeside(place.value, lookAt, record)
    const answer = term === undefined ? answerTo(word, mapping.answers[answerKey(target)]) : [term]
    if (answer === undefined)
      faults.push(unknownWord(target, place, word, isRetest ? ['改变原结论', '维持原结论'] : []))
    else if (answer[0] !== undefined) record[target.column.field] = answer[0]
  }
  // Where nobody is named for whom it was made, its maker answers.
  if (maker !== undefined && record.producer === undefined) {
    record.producer = maker
    if (record.thirdParty === maker) delete record.thirdParty
  }
  if (mapping.kind === inspection.type) faults.push(...takeBeside(record, cells, mapping, notes))
  if (failedIn !== undefined && Object.keys(itemCells).length === 0) record.failedItems ??= failedIn
  if (began) record.validFrom ??= began.on
  if (began?.isIssue) record.issuedOn ??= began.on
  takeKind(record, mapping, notes)
  if (measuredIn && record.outcome === undefined && mapping.outcomeByTitle !== undefined) {
    record.outcome = mapping.outcomeByTitle
    notes.push({ code: 'understood', detail: `检查结果按标题理解为：${mapping.outcomeByTitle}。` })
  }
  const isNumberedByDecision = mapping.isNumberedByDecision && record.documentNo !== undefined
  if (isNumberedByDecision) record.number = record.documentNo
  if (confiscated !== undefined) putConfiscated(record, confiscated)
  if (made) takeMade(record, made)
  const judgesSample = verdict !== undefined || targets.some(({ to }) => to === 'verdict')
  const taken =
    mapping.kind === inspection.type
      ? takeItems(record, withLimits(itemCells), { verdict, judgesSample })
      : NO_ITEMS
  if ('fault' in taken) {
    const at = targets.findIndex((target, i) => saysItems(target) && !isBlank(textOf(cells[i] ?? '')))
    const place = at < 0 ? {} : { header: headers[at] ?? '', value: textOf(cells[at] ?? '') }
    faults.push({ ...place, code: 'items', detail: taken.fault })
    return { faults }
  }
  const { doubts } = taken
  const items = across.length === 0 ? taken.items : withAcross(taken.items, across, record.outcome)
  if (across.length > 0) record.items = items
  // One that names its item is held against the rules of the record.
  if (verdict === '不合格' && record.outcome === '合格' && items.length === 0)
    faults.push({
      code: 'contradiction',
      header: '检查结果',
      value: '合格',
      detail:
        '本行的项目判定为不合格，样品的结论却是合格；请对照报告改正其中填错的，或者更正各栏的含义（样品的结论写“检验结论”，各项目的写“单项判定”）。',
    })
  faults.push(...taken.contradictions)
  notes.push(...items.flatMap(noteOfUnits))
  if (measuredIn && record.outcome === undefined)
    faults.push({
      ...measuredIn,
      code: 'measured',
      detail: `检查结果：“${measuredIn.value.slice(0, 60)}”是实测值，看不出合格与否；请另填检查结果（合格、不合格），不合格的写明不合格项目。`,
    })
  faults.push(...faultsOfContinued(cells, mapping))
  takeLaboratories(record, notes)
  takeConduct(record, about, notes)
  if (mapping.kind === award.type) faults.push(...takeAward(record, about, cells, mapping, notes))
  // A date of make that comes after the sampling is none, and stays as written.
  if (`${record.madeOn ?? ''}` > `${record.inspectedOn ?? '9999'}`) delete record.madeOn
  if (typeof record.content === 'string') sentences.push(record.content)
  if (record.types === undefined && typeof record.content === 'string') {
    const fault = takePunishment(record, record.content, notes)
    if (fault) faults.push({ header: '处罚内容', value: record.content, ...fault })
  }
  takeSums(record, notes)
  if (mapping.kind === penalty.type) {
    faults.push(...faultsOfNotice(record))
    takeKindsOfSums(record, notes)
    const named = new Map(
      sentences.map((sentence) => [sentence, punishmentIn(sentence)?.types ?? []] as const),
    )
    takeWords(record, named, notes)
    faults.push(...faultsOfKinds(record, Array.from(named.values()).flat()))
  }
  faults.push(...faultsOfMovedSum(record))
  faults.push(...faultsOfSums(record, sentences))
  faults.push(...takeStanding(record, [...besideNames, ...remarksOf(cells, mapping)], mapping, notes))
  if (faults.length > 0) return { faults }
  const hash = createHash('sha256').update(said.sort().join('\n')).digest('hex').slice(0, 16)
  const test = mapping.kind === inspection.type ? testIn(cells.map(textOf)) : undefined
  return {
    codes,
    record,
    enterprise: about,
    within,
    ...(test && { test }),
    items,
    judgesSample,
    doubts,
    isNumberedByDecision,
    hash,
    notes,
  }
}

/**
 * Whether a sample leaves both its number in the list and its producer empty, as the rows below do that shared a merged cell:
 * it is not the seller's own for that.
 */
function faultsOfContinued(cells: readonly Cell[], { targets, headers }: Mapping): RowFault[] {
  const isEmpty = (column: number) => column >= 0 && textOf(cells[column] ?? '').trim() === ''
  const serial = headers.findIndex((header) => SERIAL.test(header.trim()))
  const producer = targets.findIndex(
    (target) => target.to === 'party' && target.role === 'producer' && target.part === 'name',
  )
  const isSellers = targets.some(
    (target, i) =>
      target.to === 'party' && target.role === 'sampled' && target.part === 'name' && !isEmpty(i),
  )
  if (!isEmpty(serial) || !isEmpty(producer) || !isSellers) return []
  const header = headers[producer] ?? ''
  const detail = `本行的序号和“${header}”都空着，可能与上一行是同一企业（合并的单元格另存后只留在第一行）：是的，请照上一行补填；确无标称生产者的，“${header}”填“/”。`
  return [{ code: 'continued', header, value: '', detail }]
}

/** What a cell says, with the heading of its column. */
interface Said {
  header: string
  value: string
}

/** What the columns of a row say that may tell whether its record still stands. */
function remarksOf(cells: readonly Cell[], { standing, headers }: Mapping): Said[] {
  return standing.places.flatMap((i) => {
    const value = textOf(cells[i] ?? '').trim()
    return isBlank(value) ? [] : [{ header: headers[i] ?? '', value }]
  })
}

/** That a sample is of a watch for risks (风险监测), which is no supervision; not where it says that it is none. */
const RISK_WATCH = /(?<![非不]|不含|除|不是|不属于?)(?:食品安全|评价性|安全)?风险监测/u

/**
 * What columns that no field takes say of a sample: that it is none of supervision, which is refused; whose failing it is, which goes
 * with its remark.
 */
function takeBeside(
  record: RecordData,
  cells: readonly Cell[],
  { targets, headers }: Mapping,
  notes: RowFault[],
): RowFault[] {
  const said = targets.flatMap(({ to }, i): (Said & { isUnknown: boolean })[] => {
    const value = to === 'nothing' || to === 'passed-over' ? textOf(cells[i] ?? '').trim() : ''
    const header = headers[i] ?? ''
    return isBlank(value) || isLeftAside(header) ? [] : [{ header, value, isUnknown: to === 'nothing' }]
  })
  const remark = typeof record.findings === 'string' ? [{ header: '备注', value: record.findings }] : []
  const watch = [...said, ...remark].find(({ value }) => RISK_WATCH.test(value))
  if (watch)
    return [
      {
        ...{ code: 'risk-watch', header: watch.header, value: watch.value },
        detail: '风险监测不是监督抽查，结果不公布，也不记入质量信用档案；请删去这些行。',
      },
    ]
  for (const { header, value, isUnknown } of said) {
    if (!isUnknown || Object.keys(remarkIn(value)).length === 0) continue
    record.findings = [record.findings ?? [], `${header}：${value}`].flat().join('；')
    notes.push({ header, value, code: 'understood', detail: `“${value.slice(0, 60)}”记入备注。` })
  }
  return []
}

/** A remark is asked about by as much of it as an answer can be kept for. */
const LONGEST_WORD = 200

/**
 * Asks what a remark means that may unsay a record, and applies what was answered: nothing that was annulled goes in as
 * standing, unless somebody said so.
 */
function takeStanding(
  record: RecordData,
  remarks: readonly Said[],
  { kind: type, standing, answers }: Mapping,
  notes: RowFault[],
): RowFault[] {
  return remarks.flatMap(({ header, value: text }): RowFault[] => {
    if (saysNotGranted(type, text)) return [notGranted({ header, value: text })]
    const state = stateDoubt(type, header, text)
    const doubts = state ? [state] : doubtsOfRemark(type, record, text)
    return doubts.flatMap(({ field, candidates, word: asked }): RowFault[] => {
      const shown = (asked === undefined && !state ? text : `${header}：${text}`).slice(0, 60)
      const word = asked ?? (state ? `${header}：${text}` : text).slice(0, LONGEST_WORD)
      const answer = answerTo(word, answers[field])
      const label = standing.fields.find((column) => column.field === field)?.label ?? field
      if (answer) {
        const [term] = answer
        if (term !== undefined) record[field] = term
        const meaning = term === undefined ? `不影响${label}` : `${label}为“${term}”`
        notes.push({
          code: 'understood',
          header,
          value: text,
          detail: `“${shown}”按所作的回答理解为：${meaning}。`,
        })
        return []
      }
      if (candidates.some((term) => term === record[field])) return []
      return [
        {
          code: 'standing',
          header,
          value: text,
          detail: `“${shown}”可能涉及${label}（${candidates.length > 0 ? `可能是${candidates.join('、')}` : '如停止公示的，须另按程序办理，不能由导入决定'}）；请指明${label}，没有影响的指明为空，再行导入。`,
          word: { field, label, word, candidates },
        },
      ]
    })
  })
}

/** Says of a row that it is of a licence that nobody has. */
function notGranted({ header, value }: Said): RowFault {
  const detail = `“${value.slice(0, 60)}”是不予许可（不予延续）的决定，不是许可，未导入；原有许可因此失效的，请另行登记其注销。`
  return { code: 'not-granted', header, value, detail }
}

function doubtsOfRemark(type: string, record: RecordData, text: string): Doubt[] {
  if (type === inspection.type) return record.outcome === '不合格' ? remarkDoubts(text) : []
  return [standingDoubt(type, text) ?? []].flat()
}

/** Both laboratories of a sample in one cell: 初检机构：甲院；复检机构：乙院. */
const BOTH_LABORATORIES =
  /^初[检验]?(?:机构|单位)?\s?[：:]\s?([^；;，,\n]{2,100})[；;，,\n]\s?复[检验查](?:机构|单位)?\s?[：:]\s?([^；;，,\n]{2,100})[。；;]?$/u

function takeLaboratories(record: RecordData, notes: RowFault[]): void {
  const { laboratory, retestLaboratory } = record
  if (typeof laboratory !== 'string') return
  const [, first, second] = BOTH_LABORATORIES.exec(laboratory.trim()) ?? []
  if (first === undefined || second === undefined || retestLaboratory !== undefined) return
  Object.assign(record, { laboratory: first.trim(), retestLaboratory: second.trim() })
  notes.push({
    code: 'understood',
    detail: `“${laboratory.slice(0, 60)}”理解为：检验机构 ${first.trim()}，复检机构 ${second.trim()}。`,
  })
}

/** The violation of a penalty by its case's name, where nothing else tells it; told beside it. */
function takeConduct(record: RecordData, about: RecordData, notes: RowFault[]): void {
  const { conduct, documentName } = record
  if (conduct !== undefined || typeof documentName !== 'string') return
  const read = conductIn(documentName, about.name)
  if (read === undefined) return
  record.conduct = read
  notes.push({
    code: 'understood',
    detail: `违法行为类型按案件名称“${documentName.slice(0, 60)}”理解为：${read}。`,
  })
}

/** Remarks behind the name of who got an award, and what of an award its kind does not say. */
function takeAward(
  record: RecordData,
  about: RecordData,
  cells: readonly Cell[],
  mapping: Mapping,
  notes: RowFault[],
): RowFault[] {
  const { targets, headers } = mapping
  const [, name, remark] = typeof about.name === 'string' ? (REMARK_BEHIND.exec(about.name) ?? []) : []
  if (name !== undefined) {
    about.name = name
    notes.push({ code: 'understood', detail: `名称后的“（${remark}）”理解为说明，不是名称的一部分。` })
  }
  const level = typeof record.grantedBy === 'string' ? levelOf(record.grantedBy) : undefined
  if (record.level === undefined && level !== undefined) {
    record.level = level
    notes.push({ code: 'understood', detail: `级别按授予机关“${record.grantedBy}”理解为：${level}。` })
  }
  const kind = targets.findIndex((target) => target.to === 'record' && target.column.field === 'kind')
  const written = textOf(cells[kind] ?? '').trim()
  // 组织奖 and 提名奖 are less than the award, and its kind alone would not tell.
  if (record.title === undefined && /组织奖|提名|入围|鼓励奖|个人/u.test(written)) record.title = written
  if (/个人奖|先进个人|(?:突出)?贡献(?:者|个人)/u.test(written))
    return [
      {
        ...{ code: 'person', header: headers[kind] ?? '', value: written },
        detail: `“${written.slice(0, 60)}”是授予个人的，不记为企业的良好信息；请删去本行。`,
      },
    ]
  const told = levelOfAward(written)
  if (told !== undefined && record.level !== undefined && record.level !== told)
    return [
      {
        ...{ code: 'contradiction', header: headers[kind] ?? '', value: written },
        detail: `“${written.slice(0, 60)}”是${told}级的奖励，级别却是“${String(record.level)}”；级别、授予机关不是整个文件都相同的，请各行填写。`,
      },
    ]
  const bracket = /[（(]([^（()）]{1,40})[）)]/u.exec(written)?.[1]
  if (bracket !== undefined && record.kind !== undefined && !`${record.title ?? ''}`.includes(bracket))
    notes.push({
      code: 'understood',
      detail: `“${written.slice(0, 60)}”括号中的“${bracket}”不是奖项，没有记入。`,
    })
  return faultsOfAward(record, cells, mapping, { header: headers[kind] ?? '', written })
}

/** Why an award is none to be taken as one: what its kind, the bracket behind it or a remark beside it says. */
function faultsOfAward(
  record: RecordData,
  cells: readonly Cell[],
  mapping: Mapping,
  { header, written }: { header: string; written: string },
): RowFault[] {
  return [{ header, value: written }, ...remarksOf(cells, mapping)].flatMap((said): RowFault[] => {
    const doubt = awardDoubt(said.value)
    const words = said.value.slice(0, 60)
    if (doubt === 'not-given')
      return [
        {
          ...said,
          code: 'not-given',
          detail: `“${words}”像是还没有授予的奖励（初选、公示、推荐等），不记为良好信息；已经授予的，请按授予文件改正该格，否则删去本行。`,
        },
      ]
    if (doubt === undefined || record.revokedOn !== undefined) return []
    return [
      {
        ...said,
        code: 'taken-away',
        detail: `“${words}”说明称号已被撤销或者取消，不能作为现有荣誉导入；请增加“撤销日期”栏填写撤销的日期，或者删去本行；没有撤销的，请改正该格。`,
      },
    ]
  })
}

/** The level that an award's own name tells: 石家庄市市长质量奖, 中国驰名商标; undefined where it tells none, or is of another province's. */
function levelOfAward(name: string): string | undefined {
  const plain = name.normalize('NFKC').replace(/\s/gu, '')
  if (/^(?:中国|全国|国家)|驰名商标/u.test(plain)) return '国家'
  if (/(?:市长|市(?:人民)?政府)质量奖/u.test(plain)) return '市'
  if (/(?:[县区]长|[县区](?:人民)?政府)质量奖/u.test(plain)) return '县'
  return /^(?:河北)?省(?:长|(?:人民)?政府)质量奖|^河北省/u.test(plain) ? '省' : undefined
}

/** The level of an award (级别) that the name of who grants it tells; undefined where it tells none. */
function levelOf(authority: string): string | undefined {
  if (/^(?:国家|国务院|中国|中华)|总局/u.test(authority)) return '国家'
  const [place, ...others] = placesAtStart(authority)
  return place && others.length === 0 ? { province: '省', city: '市', county: '县' }[place.level] : undefined
}

const REMARK_BEHIND =
  /^(.{4,200})[（(]((?:到期)?复[评审核查]|新(?:评|申报)|确认|首次|再次|连续.{1,8}|第.{1,4}次)[）)]$/u

/** The sums of a penalty as its own words name them, where no column has them; told beside it. */
function takeSums(record: RecordData, notes: RowFault[]): void {
  const { types, content } = record
  // A column of both sums together is held against the words by itself.
  if (!Array.isArray(types) || typeof content !== 'string' || record.total !== undefined) return
  const read = punishmentIn(content)
  const taken: string[] = []
  for (const [field, type, label] of SUMS_OF_KINDS) {
    const sum = read?.[field]
    // A form has both confiscations in one column.
    if (field !== 'fine' && record.confiscatedTotal !== undefined) continue
    if (sum === undefined || record[field] !== undefined || !types.includes(type)) continue
    record[field] = sum
    taken.push(`${label} ${sum} 元`)
  }
  if (taken.length > 0)
    notes.push({ code: 'understood', detail: `“${content.slice(0, 60)}”理解为：${taken.join('，')}。` })
}

/** What the number of a notice, a demand or an order to put right has, and that of no decision on a penalty. */
const NO_DECISION = /罚告|听告|告知|告字|罚催|催告|强催|听证|责改|责令改正|限改|约谈|立案|受案|移送/u

/** Refuses a document that only gives notice of a penalty, or asks for one to be paid. */
function faultsOfNotice({ documentNo }: RecordData): RowFault[] {
  if (typeof documentNo !== 'string' || !NO_DECISION.test(documentNo)) return []
  const detail = `“${documentNo}”像是告知书、催告书或者责令改正通知书的文号，不是行政处罚决定书的文号；请填写处罚决定书的文号，还没有作出处罚决定的，请删去本行。`
  return [{ code: 'no-decision', header: '处罚决定书文号', value: documentNo, detail }]
}

/** The kinds of a penalty by the sums that were imposed, where nothing else tells them and each sum is of one kind; told beside it. */
function takeKindsOfSums(record: RecordData, notes: RowFault[]): void {
  const { types, content, total, confiscatedTotal } = record
  if ([types, content, total, confiscatedTotal].some((said) => said !== undefined)) return
  const imposed = SUMS_OF_KINDS.filter(([field]) => {
    const sum = record[field]
    return typeof sum === 'number' && sum > 0
  })
  if (imposed.length === 0) return
  record.types = imposed.map(([, type]) => type)
  const sums = imposed.map(([field, , label]) => `${label} ${record[field]} 元`).join('，')
  notes.push({
    code: 'understood',
    detail: `没有写明处罚种类，按${sums}理解为：${imposed.map(([, type]) => type).join('、')}；另有其他种类的，请补上“处罚种类”一栏。`,
  })
}

/** What the words of a penalty say beside its kinds and sums, where no column has it; told beside them. */
function takeWords(
  record: RecordData,
  named: ReadonlyMap<string, readonly string[]>,
  notes: RowFault[],
): void {
  for (const [sentence, kinds] of named) {
    const { types } = record
    const has = (kind: string) => Array.isArray(types) && types.includes(kind)
    const takesAway = ['吊销许可证件', '吊销营业执照', '暂扣许可证件'].some(has)
    const basis = record.penaltyBasis === undefined ? basisIn(sentence) : undefined
    const licence = record.revokedLicence === undefined && takesAway ? licenceTakenIn(sentence) : undefined
    const taken = [
      ...(basis === undefined ? [] : [`处罚依据 ${basis}`]),
      ...(licence === undefined ? [] : [`暂扣或吊销的证照 ${licence}`]),
    ]
    if (basis !== undefined) record.penaltyBasis = basis
    if (licence !== undefined) record.revokedLicence = licence
    if (taken.length > 0)
      notes.push({ code: 'understood', detail: `“${sentence.slice(0, 60)}”理解为：${taken.join('，')}。` })
    const others = kinds.filter((kind) => !has(kind) && !isHeavy(kind))
    if (others.length > 0)
      notes.push({
        code: 'note',
        detail: `“${sentence.slice(0, 60)}”还写有 ${others.join('、')}，处罚种类一栏没有；确有的，请在处罚种类中补上。`,
      })
  }
}

const LIGHTER = ['警告', '通报批评', '罚款', '没收违法所得', '没收非法财物'] as const

/** Whether a kind of penalty takes away more than money: without it a record would say much less than was decided. */
function isHeavy(kind: string): boolean {
  return !isOneOf(kind, LIGHTER)
}

/** Asks where the kinds of a penalty lack one that its own sum is of, or a heavy one that its words name. */
function faultsOfKinds({ types, confiscatedIncome }: RecordData, named: readonly string[]): RowFault[] {
  if (!Array.isArray(types)) return []
  const header = '处罚种类'
  const value = types.join('、')
  const heavy = Array.from(new Set(named)).filter((kind) => isHeavy(kind) && !types.includes(kind))
  const isIncomeAlone =
    typeof confiscatedIncome === 'number' && confiscatedIncome > 0 && !types.includes('没收违法所得')
  return [
    ...(isIncomeAlone
      ? [`写有没收违法所得 ${confiscatedIncome} 元，处罚种类一栏没有“没收违法所得”；请补上，或者更正金额。`]
      : []),
    ...(heavy.length > 0
      ? [`处罚内容写有${heavy.join('、')}，处罚种类一栏没有；确有的，请补上，没有的，请更正处罚内容。`]
      : []),
  ].map((detail) => ({ code: 'contradiction', header, value, detail }))
}

/** Asks for the fine where the words name one and another in its place, and no column says which was imposed. */
function faultsOfMovedSum({ types, content, fine, total }: RecordData): RowFault[] {
  const isOpen = Array.isArray(types) && types.includes('罚款') && fine === undefined && total === undefined
  if (!isOpen || typeof content !== 'string' || !isSumMoved(content)) return []
  const detail = `“${content.slice(0, 60)}”写明金额有减免或者变更，不能确定罚款是多少；请在“罚款金额”栏按决定书填写。`
  return [{ code: 'punishment', header: '处罚内容', value: content, detail }]
}

const SUMS_OF_KINDS = [
  ['fine', '罚款', '罚款金额'],
  ['confiscatedIncome', '没收违法所得', '没收违法所得'],
] as const

/** The kind of a licence by how its number is formed, where nothing else tells it; told beside it. */
function takeKind(record: RecordData, { kind: type }: Mapping, notes: RowFault[]): void {
  if (type !== licence.type) return
  const { kind, number } = record
  const term = kind === undefined && typeof number === 'string' ? licenceByNumber(number) : undefined
  if (term === undefined) return
  record.kind = term
  notes.push({ code: 'understood', detail: `许可类别按证号“${number}”理解为：${term}。` })
}

/** A date of make as one; as part of the batch too where nothing else tells it, or where it is no date. */
function takeMade(record: RecordData, { text, on }: { text: string; on: PartialRead }): void {
  if ('date' in on) record.madeOn ??= on.date
  if (record.batch === undefined) record.batch = text
  else if (!('date' in on)) record.batch = `${record.batch}；${text}`
}

/** What a heading says beside its column's field: 食品名称 that the product is food, 生产日期 that a batch is a day. */
function takeFromHeading(record: RecordData, field: string, header: string, cell: Cell): void {
  if ((field === 'product' || field === 'productKind') && header.includes('食品')) record.area ??= '食品'
  if (field !== 'batch' || !/生产日期|加工日期/u.test(header)) return
  const read = partialDateIn(cell)
  // Of a date or a batch, six digits or four are a batch as well as a month or a year.
  if ('date' in read && !/^\d{4}(\d{2})?$/.test(textOf(cell).trim())) record.madeOn ??= read.date
}

/** Says that two columns of a row give one verdict differently. */
function twoVerdicts(place: { header: string; value: string }, [one, other]: readonly unknown[]): RowFault {
  return {
    ...place,
    code: 'contradiction',
    detail: `“${place.header}”为“${other}”，本行另一栏却为“${one}”，不能确定以哪个为准；请对照报告改正，其中一栏是各项目判定的，请把该栏指为“单项判定”。`,
  }
}

/** What failed by a verdict that names it: 不合格：壁厚, 不符合（铅）. Not which test, how grave or by what standard. */
function failingIn(text: string): string | undefined {
  const [, items = ''] =
    /^不(?:合格|符合(?:标准|要求|规定)?)\s?[(:,]\s?([^()]{1,200})\)?[。.]?$/u.exec(
      text.normalize('NFKC').trim(),
    ) ?? []
  const isOther =
    /^(?:[初复首终]|最终|再次|轻微|一般|严重|较|见|详|已|未|GB|[A-Z]{2}\/T|Q\/|DB|\d)|标准$/u.test(items)
  return items === '' || isOther ? undefined : items.replace(/[。.]$/u, '').trim()
}

/** Whether a column names items, or all their parts. */
function saysItems(target: Target): boolean {
  if (target.to === 'item') return ['name', 'together', 'standardFirst'].includes(target.part)
  return target.to === 'record' && target.column.field === 'failedItems'
}

type FieldTarget = Extract<Target, { column: Column }>

function saidAs(target: Target): string {
  if ('column' in target)
    return target.column.field === 'sampleNo' ? 'sample-number' : `${target.to}.${target.column.field}`
  // A sum of goods was what this column fed before it was told from one of income.
  if (target.to === 'confiscated') return 'record.confiscatedGoods'
  // So it was before days of make were kept as such.
  if (target.to === 'made-on') return 'record.batch'
  if (target.to === 'item') return `item.${target.part}`
  if (target.to === 'across') return `across.${target.name}`
  if (target.to !== 'party') return target.to
  return target.part === 'name' ? `party.${target.role}` : `party.${target.role}.${target.part}`
}

function unknownWord(
  target: FieldTarget,
  place: { header: string; value: string },
  word: string,
  candidates: readonly string[],
): RowFault {
  const { label, terms = [] } = target.column
  const ways = candidates.length > 0 ? `可能是${candidates.join('、')}` : `应为${terms.join('、')}之一`
  return {
    ...place,
    code: 'word',
    detail: `${label}写作“${word.slice(0, 60)}”，不能确定是哪一种（${ways}）；请指明一次，同样写法的各行都照此处理。`,
    word: { field: answerKey(target), label, word, candidates },
  }
}

/** The term that other fields of the row tell: the kind of a licence by its certificate's name. */
function termElsewhere(
  lookAt: readonly string[],
  record: RecordData,
  { readings }: Mapping,
  { column }: FieldTarget,
): string | undefined {
  const terms = readings.find((reading) => reading?.column === column)?.terms
  if (!terms) return undefined
  for (const field of lookAt) {
    const text = record[field]
    const term = typeof text === 'string' ? termWithin(text, terms) : undefined
    if (term !== undefined) return term
  }
  return undefined
}

/** A word that says nothing by itself, with what it is said of: 普通 of one certificate is not 普通 of another. */
function wordBeside(word: string, [field = '']: readonly string[], record: RecordData): string {
  const beside = record[field]
  return (typeof beside === 'string' ? `${word}（${beside}）` : word).slice(0, LONGEST_WORD)
}

/** Whether a column is that of the name of the firm that rows are about. */
function isName(target: Target): boolean {
  return 'column' in target && target.column.field === 'name'
}

/** Says of a cell that it names several firms, or holds several codes: a row is about one. */
function severalIn(target: Target, text: string): Pick<RowFault, 'code' | 'detail'> | undefined {
  const isCode = target.to === 'uscc' || target.to === 'orgCode' || target.to === 'code'
  const isParty = target.to === 'party' && target.part === 'name' && target.role !== 'other'
  const several = isCode ? severalCodes(text) : isName(target) || isParty ? severalFirms(text) : undefined
  if (!several) return undefined
  const detail = `一格写有 ${several.length} ${isCode ? '个代码' : '家企业'}（${several.slice(0, 5).join('；')}），每行只能是一家；请分成几行，每家一行，其余各栏（编号等）照填。`
  return { code: 'several', detail }
}

/** Terms of a list, or parts of a text, that stand in several columns, each once. */
function inList(before: unknown, value: unknown): unknown {
  if (typeof before === 'string' && typeof value === 'string')
    return before.split('；').includes(value) ? before : `${before}；${value}`
  return Array.isArray(before) && Array.isArray(value) ? Array.from(new Set([...before, ...value])) : value
}

/** Takes the term of a column that is ticked into its field; says what is wrong where it can't be. */
function takeTick(record: RecordData, ticked: Ticked, text: string, kind: string): string | undefined {
  const { column, term } = ticked
  const isSet = isTicked(text, ticked, kind)
  if (isSet === undefined)
    return `“${term}”一栏应打“√”或者空着，本行写作“${text.slice(0, 20)}”；请改正，或更正该栏的含义。`
  if (!isSet) return undefined
  const before = record[column.field]
  if (column.type !== 'list' && before !== undefined && before !== term)
    return `${column.label}只能有一种，本行“${String(before)}”和“${term}”都打了“√”；请只留一个。`
  record[column.field] = column.type === 'list' ? inList(before, [term]) : term
  return undefined
}

/** Sums of a row that its own sentences contradict; each once. */
export function faultsOfSums(record: RecordData, sentences: readonly string[]): RowFault[] {
  return Array.from(new Set(sentences)).flatMap((sentence) =>
    sumsContradicted(record, sentence).map(({ label, sum, said }) => ({
      code: 'contradiction',
      header: label,
      value: `${sum}`,
      detail: `${label}一栏为 ${sum} 元，“${sentence.slice(0, 60)}”写明的却是 ${said.join(' 元、')} 元；请对照决定书，改正金额或者表头的单位（元、万元）。`,
    })),
  )
}

/** Takes a sentence about a penalty apart; what was understood is told beside it. */
function takePunishment(
  record: RecordData,
  text: string,
  notes: RowFault[],
): Pick<RowFault, 'code' | 'detail'> | undefined {
  const read = punishmentIn(text)
  if (!read)
    return {
      code: 'punishment',
      detail: `不能确定“${text.slice(0, 60)}”是哪几种处罚；请把处罚种类和金额分栏填写。`,
    }
  const { types, ...sums } = read
  record.types = inList(record.types, types)
  record.content ??= text
  for (const [field, sum] of Object.entries(sums)) record[field] ??= sum
  const shown = [types.join('、'), ...Object.values(sums).map((sum) => `${sum} 元`)].join('，')
  notes.push({ code: 'understood', detail: `“${text.slice(0, 60)}”理解为：${shown}。` })
  return undefined
}

function takeDecision(record: RecordData, text: string): Pick<RowFault, 'code' | 'detail'> | undefined {
  const read = authorityAndDay(text)
  const day = read && dayIn(read.day)
  if (!read || !day || 'fault' in day)
    return { code: 'authority-and-day', detail: `“${text.slice(0, 60)}”中分不出机关和日期；请分两栏填写。` }
  record.authority = read.authority
  record.decidedOn = day.day
  return undefined
}

/** 2024年5月12日前: a day by which something is due. */
const DUE = /^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)(?:之?前|以前|止|前(?:完成|整改到位))$/u

/** A sum within a sentence, in digits or in numerals. */
const HAS_SUM = /[\d零一二三四五六七八九壹贰叁肆伍陆柒捌玖两十拾百佰千仟万亿][^\d]{0,3}[元圆]/u

const MEASURED = /\d|检出|[<>≤≥＜＞]/u

/**
 * The items of a row. Failing ones, by their heading, tell the outcome of a sample where nothing else does; others are
 * judged as the row is.
 */
function takeItems(
  record: RecordData,
  cells: ItemCells,
  { verdict: own, judgesSample }: { verdict: Item['verdict']; judgesSample: boolean },
): ItemsTaken | ItemsUnclear {
  const { failedItems, outcome } = record
  // Where no sample was drawn, the column says why.
  if (failedItems !== undefined && (outcome === '未抽到样品' || outcome === '拒检')) {
    record.findings ??= failedItems
    delete record.failedItems
    return NO_ITEMS
  }
  const { name: tested, ...values } = cells
  const listed = failedItems ?? cells.together ?? cells.standardFirst
  if (typeof listed === 'string' && saysNoneFailed(listed)) {
    if (outcome === '不合格')
      return {
        fault: `检查结果为不合格，不合格项目却写作“${listed}”；请填写不合格的项目，或者改正检查结果。`,
      }
    delete record.failedItems
    return NO_ITEMS
  }
  const named = typeof failedItems === 'string' ? failedItems : undefined
  const failing =
    named === undefined && isFailingByHeading(cells)
      ? cells
      : { ...values, ...(named !== undefined && { name: named }) }
  const read = itemsOf(failing)
  if ('fault' in read) return read
  const failed = read.map((one): Item => ({ ...one, verdict: '不合格' }))
  const judged = verdictIn(outcome)
  const all = tested === undefined ? [] : itemsOf(failed.length > 0 ? { name: tested } : cells)
  if ('fault' in all) return all
  const others = all.filter(({ name }) => !failed.some((one) => one.name === name))
  // Where some are said to have failed, nothing is said of each of the others; nor by a sample's failing of each of its items.
  const byRow = failed.length > 0 || (judgesSample && judged === '不合格') ? undefined : judged
  const weighed = weigh([...failed, ...others.map((one) => judgedAs(one, own ?? byRow))], {
    isOfItem: failed.length > 0 || own !== undefined || judged !== '不合格',
  })
  const items = differentItems(weighed.items)
  if (items.length === 0) return NO_ITEMS
  const names = namesOfFailing(items)
  if (names !== '' && outcome === undefined) record.outcome = '不合格'
  if (items.some((one) => Object.values(one).some((text) => text.length > MOST_IN_PART)))
    return isFailingByHeading(cells)
      ? { fault: `检验项目的一部分超过 ${MOST_IN_PART} 个字符；请分栏或者分行填写。` }
      : NO_ITEMS
  record.items = items
  if (names !== '') record.failedItems = names
  return { ...weighed, items }
}

/** Items of a row, and where their verdicts and values contradict each other. */
interface ItemsTaken {
  items: Item[]
  contradictions: RowFault[]
  doubts: RowFault[]
}

const NO_ITEMS: ItemsTaken = { items: [], contradictions: [], doubts: [] }

function judgedAs(one: Item, verdict: Item['verdict']): Item {
  return verdict === undefined ? one : { ...one, verdict }
}

function verdictIn(value: unknown): Item['verdict'] {
  return value === '合格' || value === '不合格' ? value : undefined
}

/**
 * Holds the verdicts on items against their values. One that failed by its own verdict, or passed, contradicts values that
 * say otherwise; a failing that may be the sample's is not the item's where its values meet the standard.
 */
function weigh(items: readonly Item[], { isOfItem }: { isOfItem: boolean }): ItemsTaken {
  const taken: ItemsTaken = { items: [], contradictions: [], doubts: [] }
  for (const one of items) {
    const { name, measured, standard, verdict } = one
    const met =
      measured === undefined || standard === undefined ? undefined : meetsStandard(measured, standard)
    if (verdict === undefined || met === undefined || met === (verdict === '合格')) {
      taken.items.push(one)
      continue
    }
    const detail = `“${name}”实测值 ${measured}、标准值 ${standard}，比较起来${met ? '合格' : '不合格'}，判定却是${verdict}；请对照报告，改正其中填错的。${met && !isOfItem ? '结论说的是整个样品的，另用“单项判定”一栏写明各项的判定。' : ''}报告确是如此判定的（如另有允许误差），请在标准值一栏照报告写明。`
    const fault: RowFault = { code: 'verdict-differs', header: '检验项目', value: name, detail }
    if (isOfItem) {
      taken.items.push(one)
      taken.contradictions.push(fault)
    } else {
      const { verdict: _, ...unjudged } = one
      taken.items.push(unjudged)
      taken.doubts.push(fault)
    }
  }
  return taken
}

/** Says of an item that its value and its standard can't be held against each other, as their units are of other kinds. */
function noteOfUnits({ name, measured = '', standard = '' }: Item): RowFault[] {
  if (!areUnitsApart(measured, standard)) return []
  const detail = `“${name}”的实测值 ${measured.slice(0, 40)} 与标准值 ${standard.slice(0, 40)} 单位不同、不能换算，没有核对判定；请对照报告核对单位。`
  return [{ code: 'units', header: '检验项目', value: name, detail }]
}

/** Characters that a part of an item may have; longer text stays whole where it stood. */
const MOST_IN_PART = 200

function isFailingByHeading({ together, standardFirst }: ItemCells): boolean {
  return together !== undefined || standardFirst !== undefined
}

/** A sum confiscated is one of income or of goods where the row punishes with the one alone, else one of both together. */
function putConfiscated(record: RecordData, sum: unknown): void {
  const types = Array.isArray(record.types) ? record.types : []
  const [isIncome, isGoods] = [types.includes('没收违法所得'), types.includes('没收非法财物')]
  if (isIncome !== isGoods) record[isIncome ? 'confiscatedIncome' : 'confiscatedGoods'] = sum
  // Forms fill in 0 where nothing was confiscated.
  else if (sum !== 0) record.confiscatedTotal = sum
}

/** A code as its cell has it, with all its digits; or why it has lost some. */
function codeIn(cell: Cell): string | { code: string; detail: string } {
  if (typeof cell === 'string') return cell
  if (cell.is === 'number') {
    const digits = digitsOf(cell)
    if (digits !== undefined) return digits
    const { code, fault } = digitsLost(cell.digits)
    return { code, detail: fault }
  }
  return {
    code: 'not-text',
    detail: `单元格是${cell.is === 'date' ? '日期' : cell.is === 'error' ? '错误值' : '公式或逻辑值'}（${textOf(cell)}），不是代码。`,
  }
}

function codeOf(cell: string): TypedCodes {
  const parsed = parseEnterpriseCode(cell)
  return parsed.ok && parsed.value.kind === 'organisation' ? { orgCode: cell } : { uscc: cell }
}

/** What a spreadsheet shows in place of a result, as it goes into a text file. */
const ERROR_VALUE = /^#(?:N\/A|(?:VALUE|REF|DIV\/0|NUM|NULL|SPILL|CALC|BLOCKED|FIELD|CONNECT)!|NAME\?)$/u

/**
 * A cell without outer space and without the quote that keeps a spreadsheet from taking it for a formula or a number; the
 * text of an error is one.
 */
function tidyCell(cell: Cell): Cell {
  if (typeof cell !== 'string') return cell
  const text = cell.replace(/^'(?=[=+\-@\t\r\d]|\p{Script=Han}[^'’]*$)/u, '').trim()
  return ERROR_VALUE.test(text) ? { is: 'error', text } : text
}
