import { z } from 'zod'
import { LONGEST_CURSOR } from '../http/list-parameters.ts'
import { wholeNumber } from '../http/parameters.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { enterprise } from '../records/catalogue.ts'
import { jsonSchemaOf } from '../records/json-schema.ts'
import type { RecordKind } from '../records/kind.ts'
import { once } from '../records/once.ts'
import { COMPONENT } from './description.ts'

/** Schemas that routes share. Data of records is checked by the kinds themselves, in their own words. */

const time = z.string().meta({ description: '时间，ISO 8601（UTC）', format: 'date-time' })
const day = z.string().meta({ format: 'date' })

export const codeParameter = z.string().max(200).meta({
  description: '9 位组织机构代码或 18 位统一社会信用代码',
  pattern: '^([0-9A-Z]{9}|[0-9A-Z]{18})$',
  example: 'M000100Y4',
})

/** A day that is asked for, in the words of the route that judges it. */
export const dayAsked = (description: string) => z.string().max(10).meta({ description, format: 'date' })

export const limit = (preset: number, max: number) =>
  wholeNumber(1, max)
    .default(preset)
    .meta({ description: `每页条数，1-${max}` })

export const cursor = z
  .string()
  .max(LONGEST_CURSOR)
  .default('')
  .meta({ description: '上一页返回的 next；不写的从头' })

export const position = wholeNumber(0, undefined, { least: '不能为负数' }).meta({ description: '登记序号' })

export const format = z
  .enum(['json', 'csv', 'xlsx'], '应为 json、csv 或 xlsx')
  .default('json')
  .meta({ description: '答复的格式' })

export const formatOrXml = z
  .enum(['json', 'csv', 'xlsx', 'xml'], '应为 json、csv、xlsx 或 xml')
  .default('json')
  .meta({ description: '答复的格式' })

/** What is named in an address by its id. */
export const byId = z.object({ id: z.string().max(100) })

export const region = z.string().max(60).optional().meta({ description: '行政区划代码或名称，含下级' })

/** All of a list, or the latest of it. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item) })
}

/** A page of a list, with the cursor of the next; null at the end. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

/** An object that may have further members than those that are described one by one, and what these are. */
export function open<S extends z.core.$ZodLooseShape>(shape: S, description: string) {
  return z.object(shape).catchall(z.unknown().meta({ description }))
}

/** Sent on to where the thing is kept. */
export const moved = z.undefined().meta({ description: '档案以其编号为准，见 Location' })

/** An answer that is no JSON, in the media types that it may have. */
export function sentAs(...mediaTypes: [string, ...string[]]) {
  return z.any().meta({ mediaTypes })
}

export const wait = wholeNumber(0, 60, { least: '不能为负数', most: '最多等待 60 秒' })
  .default(0)
  .meta({ description: '没有新内容时最多等待的秒数（长轮询）' })

/** Input that a record kind checks itself, shown in the reference by the kind's own JSON Schema. */
function dataOf(kind: RecordKind, required: boolean) {
  return z
    .record(z.string(), z.unknown(), '应为 JSON 对象')
    .meta(required ? wholeData(kind) : partialData(kind))
}

/** Data of a kind as a schema of its own name, by which programs made from the description call it. */
function wholeData(kind: RecordKind) {
  return { [COMPONENT]: `${nameOf(kind)}Data`, ...jsonSchemaOf(kind) }
}

/** The same where any part may be absent. */
function partialData(kind: RecordKind) {
  const { required: _, ...schema } = jsonSchemaOf(kind)
  return { [COMPONENT]: `${nameOf(kind)}DataPart`, ...schema }
}

function nameOf({ type }: RecordKind): string {
  return type.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

const fullBasics = dataOf(enterprise, true)

/** What looks like personal data and is none. */
export const notPersonal = z
  .record(z.string().max(60), z.string().trim().min(1, '请写明它是什么').max(200))
  .optional()
  .meta({ description: '看似个人信息而不是的：以栏目为键，写明它是什么；身份证号码除外' })

export const opening = z
  .strictObject({
    orgCode: z.string().max(100).optional().meta({ description: '组织机构代码' }),
    uscc: z.string().max(100).optional().meta({ description: '统一社会信用代码' }),
    enterprise: fullBasics,
    openUnder: z
      .literal('uscc')
      .optional()
      .meta({ description: '组织机构代码已由另一企业使用时，以 18 位代码建档' }),
    notPersonal,
  })
  .meta({ id: 'NewFile', description: '新建档案：代码和基本信息' })

/** Body of a new record; in the reference, one shape for each kind. */
export function newRecord(catalogue: Catalogue) {
  return z
    .strictObject({
      type: z.string().max(50),
      data: z.record(z.string(), z.unknown(), '应为 JSON 对象'),
      enterprise: z.record(z.string(), z.unknown(), '应为 JSON 对象').optional(),
      notPersonal,
    })
    .meta({
      id: 'NewRecord',
      description: '新记录；许可可带申请企业的基本信息 enterprise，企业尚未建档时同时建档',
      oneOf: catalogue.kinds.map((kind) => ({
        title: kind.label,
        properties: { type: { const: kind.type }, data: wholeData(kind) },
        required: ['type', 'data'],
      })),
    })
}

export const reason = z.string('请填写理由').meta({ description: '理由，最多 500 字' })

const publication = z
  .object({
    public: z.boolean().optional().meta({ description: '是否公示；公开档案中的都公示' }),
    over: z.literal(true).optional().meta({ description: '公示已依法撤回，不得再作依据' }),
    from: day.optional(),
    until: day.optional().meta({ description: '公示到哪一日为止；没有的不限' }),
    rule: z.string().meta({ description: '公示规则的出处' }),
  })
  .meta({ description: '公示期间及依据' })

/** Who recorded something, as the entry has it. */
const author = z.object({ authority: z.string(), officer: z.string() })

const correction = z.object({ at: time, reason: z.string(), fields: z.array(z.string()) })

const recordParts = {
  id: z.string(),
  type: z.string(),
  recordedAt: time,
  updatedAt: time.optional(),
  publication,
  correctedAt: time.optional(),
  hasText: z.literal(true).optional().meta({ description: '处罚决定书可以另行读取，见 getDecision' }),
  corrections: z.array(correction).optional().meta({ description: '只在机关所见的档案中' }),
  withdrawn: z.object({ at: time, reason: z.string() }).optional(),
  incomplete: z.array(z.string()).optional().meta({ description: '缺少什么，以致规则不能适用' }),
}

function recordAnswer(kind: RecordKind) {
  return z.object({
    ...recordParts,
    type: z.literal(kind.type),
    data: dataAnswer(kind),
  })
}

/** Data of a record as it is answered with: parts of it may be for others only. */
function dataAnswer(kind: RecordKind) {
  return z.record(z.string(), z.unknown()).meta(partialData(kind))
}

/** A record of whatever kind, as it is answered with right after an act. */
export const anyRecord = z.object({
  ...recordParts,
  data: z.record(z.string(), z.unknown()).meta({ description: '该类记录的栏目，见 getRecordTypes' }),
  orgCode: z.string(),
  revision: z.int(),
  position: z.int(),
})

/** Basic information as it is answered with: the kind's fields, and what follows from them. */
const enterpriseAnswer = z.record(z.string(), z.unknown()).meta({
  type: 'object',
  properties: {
    ...z.record(z.string(), z.unknown()).parse(jsonSchemaOf(enterprise).properties),
    formerNames: { type: 'array', items: { type: 'string' }, title: '曾用名' },
    regionName: { type: 'string', title: '行政区划的名称' },
  },
  required: ['name', 'formerNames'],
})

const listingParts = {
  id: z.string(),
  ground: z.string().meta({ description: '列入情形' }),
  basis: z.string(),
  penalties: z.array(z.object({ documentNo: z.string(), decidedOn: day, authority: z.string() })),
  decisionNo: z.string(),
  decidedOn: day,
  authority: z.string(),
  from: day,
  until: day.nullable().meta({ description: '列入期满之日；null 为没有期限' }),
  publishedAt: z.string(),
  measures: z.array(z.string()),
  repair: z.object({ from: day, how: z.string(), conditions: z.array(z.string()) }),
  objectionOpen: z.boolean().meta({ description: '是否有异议正在处理' }),
}

/** One thing on the list, with whose it is. */
export const listingAnswer = z
  .object({
    ...listingParts,
    orgCode: z.string(),
    uscc: z.string().nullable(),
    name: z.string(),
    region: z.string(),
  })
  .meta({ id: 'Listing', description: '质量失信“黑名单”上的一项' })

const ratedPart = z.object({ id: z.string(), rule: z.string(), records: z.array(z.string()) })
export const ratedItem = ratedPart.extend({ points: z.number() })
export const ratedLimit = ratedPart.extend({ grade: z.string() })
/** What stands between an enterprise and the next better grade. */
export const nextGrade = z
  .object({
    grade: z.string(),
    missing: z.number().meta({ description: '尚缺的分数；0 为只有限制条款' }),
    limits: z.array(z.string()),
    items: z.array(z.string()).meta({ description: '失分的评价项，最多的在前' }),
  })
  .meta({ description: '与上一等级相差什么' })

export const ratingAnswer = z
  .object({
    id: z.string(),
    standard: z.object({ id: z.string(), version: z.int(), shownAs: z.enum(['grade', 'class']) }),
    on: day,
    position: z.int().meta({ description: '评定所依据的登记序号' }),
    issuedAt: time,
    authority: z.string(),
    inForce: z.boolean(),
    grade: z.string().nullable().meta({ description: 'null 为未评定' }),
    points: z.number(),
    items: z.array(ratedItem).meta({ description: '各评价项的得分及所依据的记录' }),
    limits: z.array(ratedLimit).meta({ description: '限制等级的条款' }),
    unpublished: z
      .object({ points: z.number(), limited: z.boolean() })
      .optional()
      .meta({ description: '有尚未公开的记录参与了评定' }),
    next: nextGrade.optional(),
    reason: z.string().optional().meta({ description: '重新评定的原因' }),
    adjusted: open({}, '由谁、为何调整').optional(),
    campaign: z.string().optional(),
    revokedAt: time.optional(),
  })
  .meta({ id: 'Rating', description: '一次质量信用等级评定' })

/** One line of a file's history. */
export const historyLine = z.object({
  position: z.int(),
  revision: z.int(),
  at: time,
  kind: z.string(),
  id: z.string().optional().meta({ description: '哪一项' }),
  fields: z.array(z.string()).optional().meta({ description: '变动的栏目' }),
})

/** What the public sees of a thing, and officers more of. */
function ofOfficers<S extends z.ZodObject>(schema: S) {
  return schema.catchall(z.unknown().meta({ description: '只在机关所见的档案中' }))
}

const REVISION =
  '档案版次：看得到全部登记的（省级、监察），为条目数；其他机关和公众，为所见内容最后一次变动的登记序号'

/** A listing as the public sees it, a case as officers do: two members bear one name and are not the same. */
const listingOrCase = z
  .object({
    ...listingParts,
    basis: z
      .union([listingParts.basis, z.array(z.string())])
      .meta({ description: '列入依据的条款；机关所见的为所依据的处罚的记录编号，变动过的才有' }),
    repair: z
      .union([listingParts.repair, open({}, '信用修复的申请及其各步')])
      .meta({ description: '如何申请信用修复；机关所见的为已有的申请' }),
  })
  .partial()
  .required({ id: true })

/** A file as it is answered with: the same for whoever asks with one catalogue. */
export const fileAnswer = once((catalogue: Catalogue) => {
  const sections = catalogue.kinds.map((kind) => [kind.section, z.array(recordAnswer(kind))] as const)
  return z
    .object({
      orgCode: z.string().meta({ description: '档案编号：组织机构代码；两家企业共用时为 18 位代码' }),
      uscc: z.string().nullable(),
      revision: z.int().meta({ description: REVISION }),
      position: z.int().meta({ description: '最后一次变动的登记序号' }),
      enterprise: enterpriseAnswer,
      ...Object.fromEntries(sections),
      ratings: z
        .array(ofOfficers(ratingAnswer))
        .meta({ description: '等级评定，最近的在前；inForce 为现行' }),
      listings: z
        .array(ofOfficers(listingOrCase))
        .meta({ description: '质量失信“黑名单”上现行的列入；机关所见的为整个案件' }),
      listed: z
        .array(z.object(listingParts))
        .optional()
        .meta({ description: '只在机关所见的档案中：公众所见的列入' }),
      objections: z
        .array(
          ofOfficers(z.object({ about: z.object({ kind: z.string(), id: z.string() }), on: day.optional() })),
        )
        .meta({ description: '正在处理的异议' }),
      retractions: z
        .array(z.object({ type: z.string(), label: z.string(), on: day, reason: z.string() }))
        .optional()
        .meta({ description: '撤回的行政处罚公示：哪一日、为什么，不含其内容；只在公开档案中' }),
      warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
      history: z.array(historyLine),
      corrections: z.array(correction).optional(),
      earlyEnds: z.array(open({}, '提前停止公示的申请')).optional(),
      notes: z.array(open({}, '内部备注')).optional(),
      settledWarnings: z.record(z.string(), open({}, '如何核实')).optional(),
      unknown: open({}, '另一版本的系统所登记、本版本不认识的').optional(),
      audience: z.enum(['public', 'officers']),
    })
    .meta({ id: 'File', description: '企业质量信用档案' })
})

/** The register's epoch, as answers name it. */
export const epoch = z
  .string()
  .meta({ description: '登记簿的纪元；由备份恢复后换新，序号只在同一纪元内可比' })

export const entryAnswer = z
  .object({
    seq: z.int(),
    id: z.string(),
    subject: z.string(),
    revision: z.int(),
    kind: z.string(),
    payload: z.unknown().meta({ description: '该种条目的内容；已删去或者为 internal 的为 null' }),
    salt: z.string().nullable(),
    payloadDigest: z.string(),
    visibility: z.enum(['public', 'platform', 'internal']),
    author,
    command: z.string(),
    recordedAt: time,
    digest: z.string().optional().meta({ description: '只给看得到全部登记的：它涵盖档案自己的版次' }),
    chain: z.string().optional().meta({
      description:
        'SHA-256（前一条的 chain 与本条的 digest 相接，均按字节）；第一条只取 digest。给谁，同 digest',
    }),
  })
  .meta({ id: 'Entry', description: '登记簿条目' })

export function changeAnswer(catalogue: Catalogue) {
  return z
    .object({
      position: z.int(),
      orgCode: z.string(),
      revision: z.int().optional(),
      file: fileAnswer(catalogue).optional(),
      deleted: z.literal(true).optional(),
    })
    .meta({ id: 'Change', description: '一个档案公开内容的最后一次变动：现状，或已撤回' })
}

export const asOfQuery = z.strictObject({
  asOf: z
    .string()
    .max(40)
    .optional()
    .meta({
      description: '查看某日（2026-03-02）或某时刻（带时区）的档案',
      anyOf: [{ format: 'date' }, { format: 'date-time' }],
    }),
  position: position.optional(),
})

/** What the platform holds, thing by thing: basic information, a record, a rating or a listing. */
export const stateAnswer = z
  .union([
    z.object({ orgCode: z.string(), uscc: z.string().nullable(), data: enterpriseAnswer }),
    z.object({
      id: z.string(),
      data: z.record(z.string(), z.unknown()).meta({ description: '该类记录的栏目，见 getRecordTypes' }),
      recordedAt: time,
      correctedAt: time.optional(),
      publication: publication.extend({ begun: z.boolean().meta({ description: '是否已在公示' }) }),
      objectionOpen: z.boolean(),
    }),
    ratingAnswer.pick({
      id: true,
      standard: true,
      on: true,
      position: true,
      issuedAt: true,
      authority: true,
      inForce: true,
      grade: true,
      revokedAt: true,
    }),
    z.object(listingParts),
  ])
  .meta({ description: '该项的内容：enterprise、各类记录、rating、listing 各有其形' })

export { day, time }
