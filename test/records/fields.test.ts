import { readFileSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import { catalogue, catalogueOf, enterprise, kindOf } from '../../src/records/catalogue.ts'
import { jsonSchemaOf } from '../../src/records/json-schema.ts'
import type { Column, RecordKind } from '../../src/records/kind.ts'
import { publicationRules } from '../../src/records/rules.ts'
import { boundsOf } from '../bounds.ts'

/**
 * `fields.txt` is the list of fields as an official checks it: a line each, with all that is said of it. Whoever adds
 * or changes a field changes its line by hand.
 */

const bounds = z.object({
  properties: z.record(
    z.string(),
    z.looseObject({
      maxLength: z.number().optional(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
      minItems: z.number().optional(),
      maxItems: z.number().optional(),
      default: z.unknown().optional(),
      items: z.unknown().optional(),
    }),
  ),
})
const TYPES = {
  text: '文字',
  date: '日期',
  'partial-date': '日期（可只到年月或年）',
  number: '数',
  boolean: '是否',
  choice: '选一',
  list: '多选',
  rows: '表',
  patch: '变更',
  document: '文件',
}

/** Who writes a field once others rely on the record, as `acts/two-persons.ts` judges. */
function writerOf({ internal, later, procedure }: Column, kind: RecordKind): string {
  if (procedure !== undefined) return `只由“${procedure}”写入`
  if (internal) return '一人改'
  if (kind === enterprise) return '有列入案件时两人改'
  return later ? '首次登记一人，改动两人' : '公示后两人改'
}

function cellsOf(row: unknown): string {
  const [, ...cells] = boundsOf('', row)
  return cells.map((cell) => cell.slice(1).replaceAll(' | ', ' ')).join('；')
}

function lineOf(column: Column, kind: RecordKind): string {
  const { field, label, type, required, terms, unit, elementFactor, past, internal, hint, adverse } = column
  const own = bounds.parse(jsonSchemaOf(kind)).properties[field]
  const list = (name: string, words: readonly string[] | undefined) =>
    words ? [`${name} ${words.join('、')}`] : []
  return [
    `${field} ${label}`,
    TYPES[type],
    ...(own?.maxLength === undefined ? [] : [`至多 ${own.maxLength} 字`]),
    ...(own?.minimum === undefined ? [] : [`${own.minimum} 至 ${own.maximum}`]),
    ...(own?.minItems === undefined ? [] : [`${own.minItems} 至 ${own.maxItems} 项`]),
    ...(type === 'rows' ? [`每行 ${cellsOf(own?.items)}`] : []),
    ...list('选项', terms),
    ...(required ? ['必填'] : []),
    ...(own?.default === undefined ? [] : [`不填为 ${own.default}`]),
    ...(past ? ['不晚于今天'] : []),
    ...(internal ? ['不公开'] : []),
    writerOf(column, kind),
    ...list('撤下须两人', adverse),
    ...(unit ? [`单位 ${unit}`] : []),
    ...list('元素', column.elements),
    ...(elementFactor ? [`元素以 ${elementFactor} 为单位`] : []),
    ...list('表头', column.headers),
    ...list(
      '同义',
      column.synonyms && Object.entries(column.synonyms).map(([word, term]) => `${word}=${term}`),
    ),
    ...(hint ? [`提示 ${hint}`] : []),
  ].join(' | ')
}

t.test('every field is as its line says', async (t) => {
  const table = readFileSync(new URL('./fields.txt', import.meta.url), 'utf8')
  const expected = table.trim().split('\n')
  const actual = [enterprise, ...catalogue.kinds].flatMap((kind) => [
    `# ${kind.type} ${kind.label}，记于 ${kind.section}，按 ${kind.datedBy}，题 ${kind.titledBy}，列 ${kind.summary.join('、')}`,
    ...kind.columns.map((column) => lineOf(column, kind)),
  ])
  for (const line of actual) t.ok(expected.includes(line), `new: ${line}`)
  for (const line of expected) t.ok(actual.includes(line), `gone: ${line}`)
  t.same(actual, expected, 'in this order')
})

t.test('the figures of publication, and how sure they are', async (t) => {
  t.same(
    Object.entries(publicationRules).map(([name, { value, status }]) => [name, value, status]),
    [
      ['penaltyScope', { procedure: '普通程序', never: ['警告'] }, 'verified'],
      ['onTheSpot', { procedure: '简易程序', types: ['警告', '罚款'], fineYuan: 3000 }, 'verified'],
      ['penaltyWorkingDays', 20, 'verified'],
      ['crossProvince', { forwardDays: 10, publishDays: 10 }, 'verified'],
      ['penaltyRescinded', ['变更', '撤销', '确认违法', '确认无效'], 'verified'],
      ['minorPenaltyMonths', 3, 'verified'],
      ['penaltyMonths', 36, 'verified'],
      ['penaltyRestriction', ['限制开展生产经营活动', '限制从业'], 'verified'],
      ['minorFineYuan', 5000, 'to be confirmed'],
      ['penaltyWithdrawalDays', 3, 'verified'],
      ['retractionMonths', 12, 'to be confirmed'],
      [
        'neverEndedEarly',
        ['责令停产停业', '限制开展生产经营活动', '限制从业', '降低资质等级', '吊销许可证件', '吊销营业执照'],
        'verified',
      ],
      [
        'earlyEndConditions',
        { fulfilled: true, sameKindAgain: false, onAbnormalList: false, onSeriousList: false },
        'verified',
      ],
      [
        'hearing',
        {
          types: ['降低资质等级', '吊销许可证件', '吊销营业执照', '责令停产停业', '责令关闭', '限制从业'],
          requestDays: 5,
          noticeDays: 7,
        },
        'verified',
      ],
      ['hearingYuan', 100_000, 'to be confirmed'],
      ['earlyEndMonths', 6, 'to be confirmed'],
      ['earlyEndLongerMonths', { months: 12, areas: ['食品', '药品', '特种设备'] }, 'to be confirmed'],
      ['earlyEndDays', 15, 'to be confirmed'],
      ['completionDays', 5, 'to be confirmed'],
      ['bulletinDays', 10, 'to be confirmed'],
      ['objectionDays', 3, 'to be confirmed'],
      ['assistedObjectionDays', 7, 'to be confirmed'],
      ['retestDays', 15, 'verified'],
      ['foodRetestDays', 7, 'verified'],
      ['endsOnWorkingDay', true, 'to be confirmed'],
      ['noticed', true, 'to be confirmed'],
      ['disputedSample', { open: ['处理中'], over: ['成立', '经核实为假冒'] }, 'to be confirmed'],
      ['sellersFault', ['储存运输环节', '销售环节'], 'verified'],
      ['noProducer', true, 'to be confirmed'],
      ['bystander', { roles: ['第三方'] }, 'to be confirmed'],
      ['failedInspectionMonths', 60, 'to be confirmed'],
      ['interviewScope', ['食品'], 'verified'],
      [
        'repeatedPenalties',
        { times: 3, months: 12, beside: ['责令停产停业', '吊销许可证件'], areas: ['食品'] },
        'verified',
      ],
      ['reapplication', { months: 36, longer: { kinds: ['食品生产许可证'], months: 60 } }, 'verified'],
      [
        'deceit',
        {
          months: 36,
          cause: ['以欺骗、贿赂等不正当手段取得'],
          kinds: ['全国工业产品生产许可证', '食品生产许可证', '食品相关产品生产许可证', '特种设备生产许可证'],
        },
        'verified',
      ],
      ['falseApplication', { months: 12, type: '警告' }, 'verified'],
      ['cancellation', { lost: ['吊销', '撤销'], notOf: ['强制性产品认证'] }, 'verified'],
      ['openRecord', true, 'verified'],
      [
        'licenceValidity',
        { kinds: ['全国工业产品生产许可证', '食品相关产品生产许可证'], months: 60 },
        'verified',
      ],
      ['inspectors', 2, 'verified'],
      ['licence', true, 'verified'],
      ['award', true, 'to be confirmed'],
    ],
  )
})

t.test('the kinds of record', async (t) => {
  t.equal(kindOf(catalogue, 'enterprise'), enterprise)
  t.equal(kindOf(catalogue, 'penalty')?.section, 'penalties')
  t.equal(kindOf(catalogue, 'opinion'), undefined)
  t.throws(() => catalogueOf([...catalogue.kinds, ...catalogue.kinds.slice(0, 1)]), 'one type twice')
  const [first] = catalogue.kinds
  t.throws(() => first && catalogueOf([first, { ...first, type: 'other' }]), 'one section twice')
  t.throws(() => first && catalogueOf([first, { ...first, section: 'others' }]), 'one type in two sections')
})

t.test('what the schema of a kind says of a field beside its bounds', async (t) => {
  for (const kind of [enterprise, ...catalogue.kinds])
    for (const { field, label, hint, unit, elements, internal, sight } of kind.columns) {
      const own = bounds.parse(jsonSchemaOf(kind)).properties[field]
      t.same(
        [own?.title, own?.description, own?.['x-unit'], own?.['x-elements'], own?.['x-internal']],
        [label, hint, unit, elements, internal === true ? true : undefined],
        `${kind.type}.${field}`,
      )
      t.equal(own && 'x-seen' in own, sight !== undefined, `${kind.type}.${field}: who sees it`)
      t.equal(own && 'x-unit' in own, unit !== undefined, `${kind.type}.${field}: its unit`)
    }
})
