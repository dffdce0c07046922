import { z } from 'zod'
import type { Catalogue } from '../records/catalogue.ts'
import { enterprise } from '../records/catalogue.ts'
import { jsonSchemaOf } from '../records/json-schema.ts'
import type { RecordKind } from '../records/kind.ts'

/** Schemas that routes share. Data of records is checked by the kinds themselves, in their own words. */

const time = z.string().meta({ description: '时间，ISO 8601（UTC）', format: 'date-time' })
const day = z.string().meta({ format: 'date' })

export const codeParameter = z
  .string()
  .max(200)
  .meta({ description: '9 位组织机构代码或 18 位统一社会信用代码', example: 'M000100Y4' })

export const limit = (preset: number, max: number) =>
  z.coerce
    .number('应为整数')
    .int('应为整数')
    .min(1, '最小为 1')
    .max(max, `最大为 ${max}`)
    .default(preset)
    .meta({ description: `每页条数，1-${max}` })

export const position = z.coerce
  .number('应为整数')
  .int('应为整数')
  .min(0, '不能为负数')
  .meta({ description: '登记序号' })

export const format = z
  .enum(['json', 'csv', 'xlsx'], '应为 json、csv 或 xlsx')
  .default('json')
  .meta({ description: '答复的格式' })

export const wait = z.coerce
  .number('应为整数')
  .int('应为整数')
  .min(0, '不能为负数')
  .max(60, '最多等待 60 秒')
  .default(0)
  .meta({ description: '没有新内容时最多等待的秒数（长轮询）' })

/** Input that a record kind checks itself, shown in the reference by the kind's own JSON Schema. */
function dataOf(kind: RecordKind, required: boolean) {
  const { required: fields, ...schema } = jsonSchemaOf(kind)
  return z
    .record(z.string(), z.unknown(), '应为 JSON 对象')
    .meta({ ...schema, ...(required && { required: fields }) })
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
        properties: { type: { const: kind.type }, data: jsonSchemaOf(kind) },
      })),
    })
}

export const reason = z.string('请填写理由').meta({ description: '理由，最多 500 字' })

const publication = z
  .looseObject({ rule: z.string().meta({ description: '公示规则的出处' }) })
  .meta({ description: '公示期间及依据' })

function recordAnswer(kind: RecordKind) {
  return z.looseObject({
    id: z.string(),
    type: z.literal(kind.type),
    data: z.looseObject({}).meta(jsonSchemaWithoutRequired(kind)),
    recordedAt: time,
    publication,
  })
}

function jsonSchemaWithoutRequired(kind: RecordKind) {
  const { required: _, ...schema } = jsonSchemaOf(kind)
  return schema
}

const ratedPart = z.object({ id: z.string(), rule: z.string(), records: z.array(z.string()) })

export const ratingAnswer = z
  .looseObject({
    id: z.string(),
    standard: z.object({ id: z.string(), version: z.int(), shownAs: z.enum(['grade', 'class']) }),
    on: day,
    position: z.int().meta({ description: '评定所依据的登记序号' }),
    issuedAt: time,
    authority: z.string(),
    inForce: z.boolean(),
    grade: z.string().nullable().meta({ description: 'null 为未评定' }),
    points: z.number(),
    items: z
      .array(ratedPart.extend({ points: z.number() }))
      .meta({ description: '各评价项的得分及所依据的记录' }),
    limits: z.array(ratedPart.extend({ grade: z.string() })).meta({ description: '限制等级的条款' }),
    unpublished: z
      .object({ points: z.number(), limited: z.boolean() })
      .optional()
      .meta({ description: '有尚未公开的记录参与了评定' }),
  })
  .meta({ id: 'Rating', description: '一次质量信用等级评定' })

export function fileAnswer(catalogue: Catalogue) {
  const sections = catalogue.kinds.map((kind) => [kind.section, z.array(recordAnswer(kind))] as const)
  return z
    .looseObject({
      orgCode: z.string().meta({ description: '档案编号：组织机构代码；两家企业共用时为 18 位代码' }),
      uscc: z.string().nullable(),
      revision: z.int().meta({ description: '档案版次；公开答复中即登记序号' }),
      position: z.int().meta({ description: '最后一次变动的登记序号' }),
      enterprise: z.looseObject({ name: z.string(), formerNames: z.array(z.string()) }),
      ...Object.fromEntries(sections),
      ratings: z.array(z.looseObject({})).meta({ description: '等级评定，最近的在前；inForce 为现行' }),
      listings: z
        .array(z.looseObject({ id: z.string() }))
        .meta({ description: '质量失信“黑名单”上现行的列入' }),
      objections: z.array(z.looseObject({})).meta({ description: '正在处理的异议' }),
      retractions: z
        .array(z.object({ type: z.string(), label: z.string(), on: day, reason: z.string() }))
        .optional()
        .meta({ description: '撤回的行政处罚公示：哪一日、为什么，不含其内容；只在公开档案中' }),
      warnings: z.array(z.object({ code: z.string(), detail: z.string() })),
      history: z.array(z.looseObject({ position: z.int(), revision: z.int(), at: time, kind: z.string() })),
      audience: z.enum(['public', 'officers']),
    })
    .meta({ id: 'File', description: '企业质量信用档案' })
}

/** The register's epoch, as answers name it. */
export const epoch = z
  .string()
  .meta({ description: '登记簿的纪元；由备份恢复后换新，序号只在同一纪元内可比' })

export const entryAnswer = z
  .looseObject({
    seq: z.int(),
    id: z.string(),
    subject: z.string(),
    revision: z.int(),
    kind: z.string(),
    payload: z.unknown(),
    salt: z.string().nullable(),
    payloadDigest: z.string(),
    visibility: z.enum(['public', 'platform', 'internal']),
    author: z.object({ authority: z.string(), officer: z.string() }),
    command: z.string(),
    recordedAt: time,
    digest: z.string(),
    chain: z.string().meta({
      description: 'SHA-256（前一条的 chain 与本条的 digest 相接，均按字节）；第一条只取 digest',
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
  asOf: z.string().max(40).optional().meta({ description: '查看某日（2026-03-02）或某时刻（带时区）的档案' }),
  position: position.optional(),
})

export { day, time }
