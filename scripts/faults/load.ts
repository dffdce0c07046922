import { organisationCheckCharacter } from '../../src/codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'

/** Unified codes, one after the other, none twice. */
export function* codes(letter: string): Generator<string> {
  for (let n = 0; ; n += 1) {
    const body = `${letter}${String(n).padStart(7, '0')}`
    const within = `91130102${body}${organisationCheckCharacter(body)}`
    yield within + unifiedCheckCharacter(within)
  }
}

export async function post(
  url: string,
  key: string,
  path: string,
  body: unknown,
  more = {},
): Promise<Response> {
  return fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more },
    body: JSON.stringify(body),
  })
}

/** Opens files from several clients until the server is gone or `stop` says so; gives those that it acknowledged. */
export async function openFiles(
  url: string,
  key: string,
  next: Generator<string>,
  { clients = 8, stop = () => false }: { clients?: number; stop?: () => boolean } = {},
): Promise<Set<string>> {
  const acknowledged = new Set<string>()
  const client = async () => {
    while (!stop()) {
      const uscc: string = next.next().value
      const file = { uscc, enterprise: { name: `示例${uscc}公司`, region: '130102' } }
      const answer = await post(url, key, '/enterprises', file, { 'idempotency-key': uscc }).catch(
        () => undefined,
      )
      if (!answer) return
      if (answer.status === 201) acknowledged.add(uscc)
      await answer.arrayBuffer().catch(() => undefined)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return acknowledged
}

/** All unified codes that the public feed shows. */
export async function shown(url: string): Promise<Set<string>> {
  const found = new Set<string>()
  for (let since = 0; ; ) {
    const page: { items: { file?: { uscc: string } }[]; next: number } = await (
      await fetch(`${url}/api/v1/changes?since=${since}&limit=1000`)
    ).json()
    for (const { file } of page.items) if (file) found.add(file.uscc)
    if (page.items.length === 0) return found
    since = page.next
  }
}

export function missing(wanted: ReadonlySet<string>, found: ReadonlySet<string>): string[] {
  return Array.from(wanted).filter((one) => !found.has(one))
}

export async function ready(url: string): Promise<{ code: number; status: string; reasons: string[] }> {
  const answer = await fetch(`${url}/readyz`)
  return { code: answer.status, ...(await answer.json()) }
}

/** Waits until something holds; throws after some seconds. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await holds().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what} did not come about in ${seconds} s`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
