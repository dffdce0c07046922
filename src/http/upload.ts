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

/** An upload that ended before its time is the sender's to send again; a disk without room is ours. */
export function brokenOff(error: unknown): never {
  // What has words of its own is not the sender's network.
  if (problemOf(error)) throw error
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
    throw new RegisterFull('no room left for an upload', { cause: error })
  throw new Problem(400, 'upload', '上传的内容不完整或格式有误，未予保存；请检查网络后重新上传。')
}
