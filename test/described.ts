import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Test } from 'tap'
import { z } from 'zod'
import type { App } from '../src/http/app.ts'
import { isProblemType, problemTypes } from '../src/http/problem-types.ts'

const node = z.record(z.string(), z.unknown())
type Node = z.output<typeof node>
const described = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        responses: z.record(
          z.string(),
          z.looseObject({
            $ref: z.string().optional(),
            headers: node.optional(),
            content: z.record(z.string(), z.looseObject({ schema: node })).optional(),
          }),
        ),
      }),
    ),
  ),
  components: z.looseObject({ responses: node, schemas: node }),
})
type Described = z.output<typeof described>
type Answer = Described['paths'][string][string]['responses'][string]

/** Headers of HTTP itself and of the guards that stand before every site: no part of the contract. */
const NOT_OURS =
  /^(content-(type|length|security-policy)|connection|date|keep-alive|transfer-encoding|vary|allow|x-content-type-options|x-accel-buffering|permissions-policy|cross-origin-.*|access-control-.*|strict-transport-security|referrer-policy|x-frame-options|x-robots-tag|accept-encoding)$/
const DESCRIBED_ROUTES = /^\/(api|bulk|healthz|readyz)/

/**
 * Holds each answer of a server against its own description: status, headers, media type, the body against its schema, and
 * the schema against the body (a field that nothing describes). What differs fails the test. `shapedBy` is all that one
 * server's description differs from another's by: those alike in it are read once, which takes longer than most tests.
 */
export function holdToDescription(t: Test, app: App, shapedBy: readonly unknown[]): void {
  const found = new Set<string>()
  app.addHook('onSend', async (request, reply, payload) => {
    const { url } = request.routeOptions
    if (url === undefined || !DESCRIBED_ROUTES.test(url) || request.method === 'HEAD') return
    // Who wants a page, as browsers do, is told what is wrong by one; that is no part of the contract.
    const isPage = String(reply.getHeader('content-type') ?? '').startsWith('text/html')
    if (isPage && reply.statusCode >= 400) return
    if (request.method === 'OPTIONS') return
    for (const fault of contractOf(app, shapedBy).faultsOf(request, reply, payload)) {
      if (!found.has(fault)) t.fail(`the description: ${fault}`)
      found.add(fault)
    }
  })
}

const contracts: { shapedBy: readonly unknown[]; contract: Contract }[] = []

function contractOf(app: App, shapedBy: readonly unknown[]): Contract {
  const known = contracts.find((one) => one.shapedBy.every((part, i) => part === shapedBy[i]))
  if (known) return known.contract
  const contract = new Contract(described.parse(app.swagger()))
  contracts.push({ shapedBy, contract })
  return contract
}

class Contract {
  readonly #document: Described
  readonly #ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    allErrors: false,
    // Each schema judges a few answers: what tidying the generated code would take, none of them wins back.
    code: { optimize: false },
  })
  constructor(document: Described) {
    this.#document = document
    this.#ajv.addSchema({ $id: 'api', ...document })
  }

  *faultsOf(request: FastifyRequest, reply: FastifyReply, payload: unknown): Generator<string> {
    const path = (request.routeOptions.url ?? '').replace(/:(\w+)/g, '{$1}')
    const method = request.method.toLowerCase()
    const status = String(reply.statusCode)
    const where = `${method} ${path} ${status}`
    const pointer = ['paths', path, method, 'responses', status]
    const own = this.#document.paths[path]?.[method]
    if (own === undefined) {
      if (request.routeOptions.schema?.hide !== true) yield `${method} ${path}: not described`
      return
    }
    const stated = own.responses[status]
    if (stated === undefined) return yield `${where}: status not described`
    const answer = this.#answer(stated)
    const headers = new Set(Object.keys(answer.headers ?? {}).map((name) => name.toLowerCase()))
    for (const name of Object.keys(reply.getHeaders()))
      if (!headers.has(name) && !NOT_OURS.test(name)) yield `${where}: header ${name} not described`
    const type = String(reply.getHeader('content-type') ?? '').replace(/;.*/, '')
    const text = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.toString() : undefined
    if (['204', '304', '308'].includes(status)) return
    if (type === '' && (text === undefined || text === '')) return
    const content = answer.content?.[type]
    if (content === undefined) return yield `${where}: ${type} not described`
    if (!type.endsWith('json') || text === undefined) return
    const body: unknown = JSON.parse(text)
    const at = stated.$ref ? stated.$ref.slice(2).split('/') : pointer
    const ref = `api#/${[...at, 'content', type, 'schema'].map(escaped).join('/')}`
    const validate = this.#ajv.getSchema(ref)
    if (validate === undefined) return yield `${where}: no schema at ${ref}`
    if (!validate(body)) {
      const [error] = validate.errors ?? []
      yield `${where}: ${nameless(error?.instancePath ?? '')} ${error?.message} ${JSON.stringify(error?.params)}`
    }
    const fields = new Set<string>()
    this.#undescribed([content.schema], body, '', fields)
    for (const field of fields) yield `${where}: ${field} not described`
    if (type === 'application/problem+json') yield* kindFaults(where, body, reply.statusCode)
  }

  #answer(stated: Answer): Answer {
    return stated.$ref === undefined
      ? stated
      : described.shape.paths.valueType.valueType.shape.responses.valueType.parse(this.#at(stated.$ref))
  }

  #at(ref: string): unknown {
    return ref
      .slice(2)
      .split('/')
      .reduce<unknown>((within, key) => node.parse(within)[key], this.#document)
  }

  /** The schemas that a schema consists of, references followed. */
  #parts(schemas: readonly unknown[]): Node[] {
    return schemas.flatMap((one) => {
      const { data: schema } = node.safeParse(one)
      if (!schema) return []
      const { $ref, allOf, anyOf, oneOf } = schema
      const inner = [allOf, anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list : []))
      return [
        schema,
        ...(typeof $ref === 'string' ? this.#parts([this.#at($ref)]) : []),
        ...(inner.length > 0 ? this.#parts(inner) : []),
      ]
    })
  }

  #undescribed(schemas: readonly unknown[], value: unknown, path: string, fields: Set<string>): void {
    const parts = this.#parts(schemas)
    if (Array.isArray(value)) {
      const items = parts.flatMap(({ items, prefixItems }) => [
        items,
        ...(Array.isArray(prefixItems) ? prefixItems : []),
      ])
      for (const one of value) this.#undescribed(items, one, `${path}[]`, fields)
      return
    }
    if (typeof value !== 'object' || value === null) return
    if (parts.every(isFree)) return
    // A map whose members may be anything says so by the names that it has.
    if (
      parts.some(
        ({ propertyNames, additionalProperties: more }) => propertyNames !== undefined || isSaid(more),
      )
    )
      return
    for (const [name, member] of Object.entries(value)) {
      const own = parts.flatMap(({ properties }) => {
        const { data } = node.safeParse(properties)
        return data && Object.hasOwn(data, name) ? [data[name]] : []
      })
      if (own.length === 0) fields.add(`${path}/${name}`)
      else this.#undescribed(own, member, `${path}/${name}`, fields)
    }
  }
}

/** Whether it is said of what may be anything what it is. */
function isSaid(more: unknown): boolean {
  const { data } = node.safeParse(more)
  return data?.description !== undefined
}

/** Whether a schema says what a thing is, and nothing of its form. */
function isFree({ description, type, properties, $ref, anyOf, oneOf, allOf }: Node): boolean {
  return (
    description !== undefined &&
    [type, properties, $ref, anyOf, oneOf, allOf].every((part) => part === undefined)
  )
}

function* kindFaults(where: string, body: unknown, status: number): Generator<string> {
  const { type } = z.object({ type: z.string() }).parse(body)
  const key = type.slice(type.lastIndexOf('/') + 1)
  const statuses: readonly number[] = isProblemType(key) ? problemTypes[key].statuses : []
  if (!statuses.includes(status)) yield `${where}: ${key} is no kind of problem of this status`
}

function escaped(part: string): string {
  return encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))
}

/** A path without what differs from answer to answer. */
function nameless(path: string): string {
  return path.replace(/\/\d+/g, '[]')
}
