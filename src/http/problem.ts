import { z } from 'zod'
import type { Fault } from '../dossier/refusal.ts'
import { PROBLEMS_PATH, type ProblemType } from './problem-types.ts'

/** Body of an error answer: RFC 9457 with the faults one by one. */
export const problem = z
  .object({
    type: z.url().meta({ description: '错误类别的固定地址，在那里说明含义和处理办法' }),
    title: z.string().meta({ description: '错在哪里、怎样改正，中文' }),
    status: z.int(),
    instance: z.string().optional().meta({ description: '请求编号，联系管理员时请一并提供' }),
    errors: z
      .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: '逐项错误：位置（JSON Pointer）、标识、说明' }),
  })
  .catchall(z.unknown().meta({ description: '该类错误另附的内容，如现状、从何处重新取用' }))
  .meta({ id: 'Problem' })

/** What was sent may be named in what is said of it: a few words of that do. */
const LONGEST = 1000

function shortened(fault: Fault): Fault {
  const cut = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text)
  return { ...fault, pointer: cut(fault.pointer), detail: cut(fault.detail) }
}

/** An error answer that a route knows the words for. */
export class Problem extends Error {
  override readonly name = 'Problem'
  constructor(
    readonly status: number,
    /** Stable key of the kind of error: `if-match-required`. */
    readonly type: ProblemType,
    readonly title: string,
    readonly more: {
      errors?: readonly Fault[]
      related?: Readonly<Record<string, unknown>>
      headers?: Readonly<Record<string, string>>
      /** What went wrong inside: for the log alone. */
      cause?: unknown
    } = {},
  ) {
    super(title, { cause: more.cause })
  }

  /** As it is answered by the site at `base`, to the request `instance`. */
  body(base: string, instance: string): Record<string, unknown> {
    const { errors = [], related = {} } = this.more
    return {
      type: `${base}${PROBLEMS_PATH}/${this.type}`,
      title: this.title,
      status: this.status,
      instance,
      ...(errors.length > 0 && { errors: errors.map(shortened) }),
      ...related,
    }
  }
}
