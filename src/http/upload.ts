import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RegisterFull } from '../register/register.ts'
import { problemOf } from './errors.ts'
import { Problem } from './problem.ts'

const MEGABYTE = 1024 * 1024
/** Names of fields and what parts them, in bytes, at most. */
const MOST_AROUND = 16 * 1024

/** What an upload may bring: one file and some fields. */
export interface UploadLimits {
  /** Bytes of the file. */
  file: number
  fields: number
  /** Bytes of each field. */
  field: number
}

/** Lets the routes of a scope take uploads; one that says of itself that it is larger is refused before any of it is read. */
export async function takeUploads(scope: FastifyInstance, limits: UploadLimits): Promise<void> {
  const { file, fields, field } = limits
  await scope.register(multipart, {
    limits: { files: 1, fields, fieldSize: field, fileSize: file, parts: fields + 1 },
  })
  scope.addHook('onRequest', noLargerThan(limits))
}

/** Hook that refuses an upload, by the length that it says it has, with a 413 problem. */
export function noLargerThan({ file, fields, field }: UploadLimits) {
  return async ({ headers }: FastifyRequest, _: FastifyReply): Promise<void> => {
    if (Number(headers['content-length'] ?? 0) > file + fields * field + MOST_AROUND) throw tooLarge(file)
  }
}

/** What is said of a file that is larger than so many bytes. */
export function tooLarge(most: number): Problem {
  return new Problem(
    413,
    'too-large',
    `文件超过 ${Math.floor(most / MEGABYTE)} MB 的上限，没有保存；请拆分后分次上传。`,
  )
}

/** What a file is called that a program sent without a name. */
const NAMELESS = '未命名'

/** The file of an upload, its name empty where a form was sent without one; refuses a request that brings none. */
export async function uploadOf(request: FastifyRequest) {
  if (!request.isMultipart())
    throw new Problem(415, 'media-type', '请以 multipart/form-data 上传文件，文件放在字段 file 中。')
  const part = await request.file().catch(brokenOff)
  if (!part) throw new Problem(422, 'file-required', '没有收到文件；请把 CSV 或 XLSX 文件放在字段 file 中。')
  const name: unknown = part.filename
  return typeof name === 'string' ? part : Object.assign(part, { filename: NAMELESS })
}

/** What the system says where a file can't be made or written in the data directory. */
const OURS: readonly unknown[] = [
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  'EMFILE',
  'ENFILE',
  'EIO',
  'ELOOP',
]

/** An upload that ended before its time, or is no form, is the sender's to send again; a disk that takes nothing is ours. */
export function brokenOff(error: unknown): never {
  // What has words of its own is not the sender's network.
  if (error instanceof Problem || problemOf(error)) throw error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT')
    throw new RegisterFull('no room left for an upload', { cause: error })
  if (OURS.includes(code))
    throw new Problem(
      503,
      'temporary-folder',
      '服务器的数据目录现在不能写入，上传的文件收不下来，没有保存；请稍后再试，或联系系统管理员。查询照常。',
      { cause: error, headers: { 'retry-after': '60' } },
    )
  throw new Problem(400, 'upload', '上传的内容不完整或格式有误，未予保存；请检查网络后重新上传。')
}
