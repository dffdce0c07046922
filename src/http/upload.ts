import type { FastifyRequest } from 'fastify'
import { RegisterFull } from '../register/register.ts'
import { problemOf } from './errors.ts'
import { Problem } from './problem.ts'

/** The file of an upload; refuses a request that brings none. */
export async function uploadOf(request: FastifyRequest) {
  if (!request.isMultipart())
    throw new Problem(415, 'media-type', '请以 multipart/form-data 上传文件，文件放在字段 file 中。')
  const part = await request.file().catch(brokenOff)
  if (!part) throw new Problem(422, 'file-required', '没有收到文件；请把 CSV 或 XLSX 文件放在字段 file 中。')
  return part
}

/** What the system says where a file can't be made or written in this machine's temporary folder. */
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
      '服务器的临时目录现在不能写入，上传的文件收不下来，没有保存；请稍后再试，或联系系统管理员。查询照常。',
      { cause: error, headers: { 'retry-after': '60' } },
    )
  throw new Problem(400, 'upload', '上传的内容不完整或格式有误，未予保存；请检查网络后重新上传。')
}
