import { isUtf8 } from 'node:buffer'
import { parse } from 'node:querystring'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { UNREADABLE_ADDRESS } from './broken-requests.ts'
import { Problem } from './problem.ts'

/** Whether what is percent-encoded in a text is UTF-8 throughout: names in GBK aren't, nor is `%zz`. */
function isDecodable(text: string): boolean {
  if (!text.includes('%')) return true
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/**
 * Refuses, with a 400 problem, an address that can't be read: whose query is no UTF-8, or which holds bytes as they may not stand in
 * one (some versions of Node let these through, each as a letter). What is half read would be taken for something else.
 */
export function mustBeReadable(url: string): void {
  const from = url.indexOf('?')
  const isBare = /[^ -~]/.test(url)
  if (isBare || (from >= 0 && !isDecodable(url.slice(from))))
    throw new Problem(400, 'url', UNREADABLE_ADDRESS)
}

/** Lets the routes of a scope take what a browser sends of a form, up to so many bytes. */
export function takeForms(scope: FastifyInstance, bodyLimit: number): void {
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit },
    async (_: FastifyRequest, body: Buffer) => formFrom(body),
  )
}

/** Fields of the longest form, which answers every word of an import. */
const MOST_FIELDS = 20_000

/** The fields of a form as a browser sends them. Throws a 400 problem for what is not UTF-8, a 413 for more fields than any form has. */
export function formFrom(sent: Buffer): NodeJS.Dict<string | string[]> {
  const text = isUtf8(sent) ? sent.toString() : undefined
  if (text === undefined || !isDecodable(text))
    throw new Problem(400, 'form', '表单中有无法识别的字符，未予保存；内容须为 UTF-8 编码。')
  // All of them are read, none is left out in silence, so they are counted before.
  if (numberOf('&', text) >= MOST_FIELDS)
    throw new Problem(413, 'too-large', `表单超过 ${MOST_FIELDS} 项，未予保存；请分几次提交。`)
  return parse(text, '&', '=', { maxKeys: 0 })
}

function numberOf(sign: string, text: string): number {
  let count = 0
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) count += 1
  return count
}
