import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/**
 * A server that speaks the part of Meilisearch's documented HTTP API that the index uses, with a key that is good for
 * some indexes alone, and a master key to make others with, each for its own actions and indexes: tasks that are taken and done
 * one after the other, those of several indexes hidden from the key;
 * settings that bound what may be asked; filters compared the way facet values are (NFKD, lower case). It can be told
 * to fail, to refuse documents, to delay, to hang, and to die.
 */
export interface FakeMeilisearch {
  url: string
  key: string
  masterKey: string
  /** Asked before each request is answered: a status to fail with, `drop` to hang up, `hang` to never answer, nothing to go on. */
  fault: (method: string, path: string) => number | 'drop' | 'hang' | undefined
  /** Documents whose batch fails as a whole. */
  refuses: (document: Stored) => boolean
  /** Milliseconds that each task takes. */
  taskMs: number
  /** Every request, for tests that look at what was asked. */
  log: string[]
  /** Actions of the keys made by the master key, and those of them that were used. */
  granted: Set<string>
  used: Set<string>
  indexes: Map<string, Index>
  /** Loses tasks that were taken and not done, as a crash would. */
  crash(): void
}

type Stored = Record<string, unknown> & { id: string }

interface Index {
  documents: Map<string, Stored>
  settings: z.output<typeof settingsBody>
}

interface Task {
  uid: number
  indexUid: string | null
  type: string
  status: 'enqueued' | 'processing' | 'succeeded' | 'failed'
  error: { message: string; code: string; type: string; link: string } | null
  run(): void
}

const settingsBody = z.looseObject({
  filterableAttributes: z
    .array(
      z.object({
        attributePatterns: z.array(z.string()),
        features: z.object({ filter: z.object({ equality: z.boolean(), comparison: z.boolean() }) }).loose(),
      }),
    )
    .default([]),
  sortableAttributes: z.array(z.string()).default([]),
  displayedAttributes: z.array(z.string()).default(['*']),
  pagination: z.looseObject({ maxTotalHits: z.int() }).default({ maxTotalHits: 1000 }),
  faceting: z.looseObject({ maxValuesPerFacet: z.int() }).default({ maxValuesPerFacet: 100 }),
})
const searchBody = z.looseObject({
  indexUid: z.string(),
  filter: z.string().default(''),
  sort: z.array(z.string()).default([]),
  facets: z.array(z.string()).optional(),
  limit: z.int().default(20),
  page: z.int().optional(),
  hitsPerPage: z.int().default(20),
  attributesToRetrieve: z.array(z.string()).default(['*']),
})
type SearchBody = z.output<typeof searchBody>

const keyBody = z.object({
  name: z.string(),
  indexes: z.array(z.string()).min(1),
  actions: z.array(z.string()).min(1),
  expiresAt: z.iso.datetime().nullable(),
})

/** The action that each request asks a key for, by the documentation. */
const ACTIONS: readonly (readonly [RegExp, string])[] = [
  [/^POST \/(multi-search|indexes\/\w+\/search)$/, 'search'],
  [/^(POST|PUT) \/indexes\/\w+\/documents$/, 'documents.add'],
  [/^POST \/indexes\/\w+\/documents\/delete(-batch)?$|^DELETE \/indexes\/\w+\/documents/, 'documents.delete'],
  [/^GET \/indexes\/\w+\/documents|^POST \/indexes\/\w+\/documents\/fetch$/, 'documents.get'],
  [/^POST \/indexes$/, 'indexes.create'],
  [/^GET \/indexes(\/\w+)?$/, 'indexes.get'],
  [/^DELETE \/indexes\/\w+$/, 'indexes.delete'],
  [/^POST \/swap-indexes$/, 'indexes.swap'],
  [/^PATCH \/indexes\/\w+\/settings$/, 'settings.update'],
  [/^GET \/tasks\/\d+$/, 'tasks.get'],
]

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/** Starts one, to be ended by what is given to `teardown`. */
export async function fakeMeilisearch(t: {
  teardown(end: () => Promise<unknown>): unknown
}): Promise<FakeMeilisearch> {
  const tasks: Task[] = []
  const made = new Map<string, z.output<typeof keyBody>>()
  let busy = false
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const refused = error instanceof Refused ? error : new Refused(500, 'internal', String(error))
      send(response, refused.status, errorBody(refused))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // The address of a server that listens on a port is no path.
  const { port } = server.address() as AddressInfo
  t.teardown(() => new Promise((resolve) => server.close(resolve).closeAllConnections()))
  const fake: FakeMeilisearch = {
    url: `http://127.0.0.1:${port}`,
    key: 'search-and-index-key',
    masterKey: 'a-master-key-of-many-bytes',
    granted: new Set(),
    used: new Set(),
    fault: () => undefined,
    refuses: () => false,
    taskMs: 0,
    log: [],
    indexes: new Map(),
    crash() {
      for (const task of tasks)
        task.run = () => {
          throw new Refused(500, 'internal', 'the server died')
        }
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    const { pathname } = new URL(url, fake.url)
    fake.log.push(`${method} ${pathname}`)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    const fault = fake.fault(method, pathname)
    if (fault === 'drop') return void request.socket.destroy()
    if (fault === 'hang') return
    if (fault !== undefined)
      throw new Refused(fault, fault === 413 ? 'payload_too_large' : 'internal', 'told to fail')
    const key = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    if (pathname === '/keys' && method === 'POST') {
      if (key !== fake.masterKey)
        throw new Refused(403, 'invalid_api_key', 'The provided API key is invalid.')
      if (request.headers['content-type'] !== 'application/json')
        throw new Refused(415, 'invalid_content_type', 'The Content-Type is invalid.')
      const asked = keyBody.parse(body)
      for (const action of asked.actions) {
        if (!ACTIONS.some(([, known]) => known === action))
          throw new Refused(400, 'invalid_api_key_actions', `Unknown action ${action}.`)
        fake.granted.add(action)
      }
      const one = `key-${made.size + 1}-${fake.masterKey.length}`
      made.set(one, asked)
      return send(response, 201, { ...asked, key: one, uid: one })
    }
    if (key !== fake.key) mustBeAllowed(key, method, pathname)
    const [root = '', uid = '', part = '', id = ''] = pathname.slice(1).split('/')
    if (root === 'tasks') {
      const task = tasks.find((known) => known.uid === Number(uid))
      // A task that touches several indexes is none of a key's for some of them.
      if (!task || task.indexUid === null) throw new Refused(404, 'task_not_found', 'Task not found.')
      const { run: _, ...shown } = task
      return send(response, 200, shown)
    }
    if (root === 'swap-indexes' && method === 'POST') {
      const [
        {
          indexes: [a, b],
        },
      ] = z.tuple([z.looseObject({ indexes: z.tuple([z.string(), z.string()]) })]).parse(body)
      return enqueue(response, null, 'indexSwap', () => {
        const [one, two] = [existing(a), existing(b)]
        fake.indexes.set(a, two).set(b, one)
      })
    }
    if (root === 'multi-search' && method === 'POST') {
      const { queries } = z.object({ queries: z.array(searchBody) }).parse(body)
      const results = queries.map((query) => ({
        indexUid: query.indexUid,
        ...searched(existing(query.indexUid), query),
      }))
      return send(response, 200, { results })
    }
    if (root !== 'indexes') throw new Refused(404, 'not_found', 'Not found.')
    if (uid === '') {
      const created = z.looseObject({ uid: z.string() }).parse(body)
      return enqueue(response, created.uid, 'indexCreation', () => {
        if (fake.indexes.has(created.uid))
          throw new Refused(400, 'index_already_exists', 'Index already exists.')
        fake.indexes.set(created.uid, empty())
      })
    }
    if (part === '' && method === 'DELETE')
      return enqueue(response, uid, 'indexDeletion', () => {
        existing(uid)
        fake.indexes.delete(uid)
      })
    if (part === 'settings' && method === 'PATCH') {
      const settings = settingsBody.parse(body)
      return enqueue(response, uid, 'settingsUpdate', () => {
        existing(uid).settings = settings
      })
    }
    if (part === 'documents' && id === '' && method === 'POST') {
      const documents = z.array(z.looseObject({ id: z.string() })).parse(body)
      return enqueue(response, uid, 'documentAdditionOrUpdate', () => {
        if (documents.some((document) => fake.refuses(document)))
          throw new Refused(400, 'invalid_document_fields', 'A document is not valid.')
        if (!fake.indexes.has(uid)) fake.indexes.set(uid, empty())
        for (const document of documents) existing(uid).documents.set(document.id, document)
      })
    }
    if (part === 'documents' && id === 'delete-batch') {
      const ids = z.array(z.string()).parse(body)
      return enqueue(response, uid, 'documentDeletion', () => {
        for (const one of ids) existing(uid).documents.delete(one)
      })
    }
    if (part === 'documents' && method === 'GET') {
      const document = existing(uid).documents.get(id)
      if (!document) throw new Refused(404, 'document_not_found', 'Document not found.')
      return send(response, 200, shownOf(document, existing(uid).settings.displayedAttributes))
    }
    throw new Refused(404, 'not_found', `${method} ${pathname}`)
  }

  /** A key that was made may do what it was made for. */
  function mustBeAllowed(key: string, method: string, pathname: string): void {
    const asked = made.get(key)
    const [, action = ''] = ACTIONS.find(([pattern]) => pattern.test(`${method} ${pathname}`)) ?? []
    const [, uid] = /^\/indexes\/(\w+)/.exec(pathname) ?? []
    const isOwn = (pattern: string) => uid === undefined || uid.startsWith(pattern.replace(/\*$/, ''))
    if (!asked?.actions.includes(action) || !asked.indexes.some(isOwn))
      throw new Refused(403, 'invalid_api_key', `The provided API key may not ${method} ${pathname}.`)
    fake.used.add(action)
  }

  function existing(uid: string): Index {
    const index = fake.indexes.get(uid)
    if (!index) throw new Refused(404, 'index_not_found', `Index \`${uid}\` not found.`)
    return index
  }

  function enqueue(response: ServerResponse, indexUid: string | null, type: string, run: () => void): void {
    const task: Task = { uid: tasks.length, indexUid, type, status: 'enqueued', error: null, run }
    tasks.push(task)
    send(response, 202, {
      taskUid: task.uid,
      indexUid,
      status: 'enqueued',
      type,
      enqueuedAt: new Date().toISOString(),
    })
    setImmediate(work)
  }

  function work(): void {
    const task = tasks.find(({ status }) => status === 'enqueued')
    if (!task || busy) return
    busy = true
    task.status = 'processing'
    setTimeout(() => {
      try {
        task.run()
        task.status = 'succeeded'
      } catch (error) {
        task.status = 'failed'
        task.error = errorBody(error instanceof Refused ? error : new Refused(500, 'internal', String(error)))
      }
      busy = false
      work()
    }, fake.taskMs)
  }
  return fake
}

function empty(): Index {
  return { documents: new Map(), settings: settingsBody.parse({}) }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function errorBody({ code, message }: Refused) {
  return { message, code, type: code === 'internal' ? 'internal' : 'invalid_request', link: '' }
}

function shownOf(document: Stored, attributes: readonly string[]): Stored {
  if (attributes.includes('*')) return document
  return {
    id: document.id,
    ...Object.fromEntries(Object.entries(document).filter(([name]) => attributes.includes(name))),
  }
}

function searched({ documents, settings }: Index, query: SearchBody) {
  const { filter, sort, limit, page, hitsPerPage, facets, attributesToRetrieve } = query
  const meets = filter === '' ? () => true : parseFilter(filter, settings.filterableAttributes)
  const found = Array.from(documents.values()).filter(meets)
  for (const rule of sort.toReversed()) {
    const [attribute = '', direction] = rule.split(':')
    if (!settings.sortableAttributes.includes(attribute) || direction !== 'asc')
      throw new Refused(400, 'invalid_search_sort', `Attribute \`${attribute}\` is not sortable.`)
    found.sort((a, b) => Number(a[attribute] ?? Infinity) - Number(b[attribute] ?? Infinity))
  }
  const all = found.slice(0, settings.pagination.maxTotalHits)
  const shown =
    page === undefined ? all.slice(0, limit) : all.slice((page - 1) * hitsPerPage, page * hitsPerPage)
  const hits = shown.map((document) =>
    shownOf(shownOf(document, settings.displayedAttributes), attributesToRetrieve),
  )
  return {
    hits,
    query: '',
    processingTimeMs: 0,
    ...(page === undefined
      ? { limit, offset: 0, estimatedTotalHits: all.length }
      : { page, hitsPerPage, totalHits: all.length, totalPages: Math.ceil(all.length / hitsPerPage) }),
    ...(facets && { facetDistribution: distribution(found, facets, settings.faceting.maxValuesPerFacet) }),
  }
}

function distribution(documents: readonly Stored[], facets: readonly string[], most: number) {
  return Object.fromEntries(
    facets.map((facet) => {
      const counts = new Map<string, number>()
      for (const document of documents)
        for (const value of [document[facet] ?? []].flat()) {
          const text = String(value)
          counts.set(text, (counts.get(text) ?? 0) + 1)
        }
      return [
        facet,
        Object.fromEntries(
          Array.from(counts)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .slice(0, most),
        ),
      ]
    }),
  )
}

type Condition = (document: Stored) => boolean

/** The filter language as far as it is documented for strings and numbers: =, <, >, >=, IN, NOT, AND, OR, brackets. */
function parseFilter(text: string, filterable: Index['settings']['filterableAttributes']): Condition {
  const tokens = Array.from(
    text.matchAll(/\s*("(?:[^"\\]|\\.)*"|[()[\],]|>=|=|>|<|[\w.-]+)/gy),
    ([, token = '']) => token,
  )
  if (tokens.join('').length !== text.replace(/\s/g, '').length)
    throw new Refused(400, 'invalid_search_filter', `Could not read ${text}`)
  let at = 0
  const take = () => {
    at += 1
    return tokens[at - 1] ?? ''
  }
  const either = (): Condition => {
    const all = [both()]
    while (tokens[at] === 'OR') {
      take()
      all.push(both())
    }
    return (document) => all.some((meets) => meets(document))
  }
  const both = (): Condition => {
    const all = [single()]
    while (tokens[at] === 'AND') {
      take()
      all.push(single())
    }
    return (document) => all.every((meets) => meets(document))
  }
  const single = (): Condition => {
    const attribute = take()
    if (attribute === '(') {
      const inner = either()
      take()
      return inner
    }
    if (attribute === 'NOT') {
      const inner = single()
      return (document) => !inner(document)
    }
    const known = filterable.find(({ attributePatterns }) => attributePatterns.includes(attribute))
    const operator = take()
    const isAllowed = known && (['=', 'IN'].includes(operator) || known.features.filter.comparison)
    if (!isAllowed)
      throw new Refused(
        400,
        'invalid_search_filter',
        `Attribute \`${attribute}\` is not filterable by ${operator}.`,
      )
    const values: string[] = []
    if (operator === 'IN') {
      for (take(); tokens[at] !== ']'; ) {
        const token = take()
        if (token !== ',') values.push(folded(token))
      }
      take()
    } else values.push(folded(take()))
    return (document) => {
      if (operator === '=' || operator === 'IN') {
        const own = foldedValues(document, attribute)
        return values.some((value) => own.has(value))
      }
      const own = [document[attribute] ?? []].flat()
      if (operator === '<') return own.some((value) => Number(value) < Number(values[0]))
      if (operator === '>') return own.some((value) => Number(value) > Number(values[0]))
      return own.some((value) => Number(value) >= Number(values[0]))
    }
  }
  const whole = either()
  if (at < tokens.length) throw new Refused(400, 'invalid_search_filter', `Left over in ${text}`)
  return whole
}

const foldedByDocument = new WeakMap<Stored, Map<string, ReadonlySet<string>>>()

function foldedValues(document: Stored, attribute: string): ReadonlySet<string> {
  const known = foldedByDocument.get(document) ?? new Map<string, ReadonlySet<string>>()
  foldedByDocument.set(document, known)
  const values =
    known.get(attribute) ?? new Set([document[attribute] ?? []].flat().map((value) => folded(String(value))))
  known.set(attribute, values)
  return values
}

function folded(text: string): string {
  return text.replace(/^"|"$/g, '').trim().normalize('NFKD').toLowerCase()
}
