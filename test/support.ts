import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Test } from 'tap'
import { publicSite } from '../public-site/site.tsx'
import type { Act } from '../src/acts/act.ts'
import { buildServer } from '../src/api/server.ts'
import { jurisdictionNamed } from '../src/authority/authority.ts'
import type { Directory } from '../src/authority/directory.ts'
import type { Scope } from '../src/authority/keys.ts'
import { Sessions } from '../src/authority/sessions.ts'
import { Copies } from '../src/bulk/copies.ts'
import { shanghaiDate } from '../src/calendar/dates.ts'
import type { Draw } from '../src/charts/chart.ts'
import { Checks } from '../src/checking/checks.ts'
import { openStampKeys } from '../src/checking/keys.ts'
import { organisationCheckCharacter } from '../src/codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../src/codes/unified-code.ts'
import type { ProxyTrust } from '../src/config.ts'
import { desk } from '../src/desk/desk.tsx'
import { type PublicFile, publicFace } from '../src/dossier/face.ts'
import { JobStore, openEffects } from '../src/exchange/job-store.ts'
import { ImportJobs } from '../src/exchange/jobs.ts'
import { localPreviewer } from '../src/exchange/preview.ts'
import type { App } from '../src/http/app.ts'
import { type Catalogue, catalogue as shipped } from '../src/records/catalogue.ts'
import { keyIn } from '../src/register/key-file.ts'
import type { Register } from '../src/register/register.ts'
import type { Registry } from '../src/registry/registry.ts'
import { openRegistry } from '../src/running/open-registry.ts'
import { pathsIn } from '../src/running/paths.ts'
import type { SearchEngine } from '../src/search/engine.ts'
import { Faces } from '../src/views/faces.ts'
import type { Views } from '../src/views/views.ts'
import type { Writer } from '../src/writer/writer.ts'
import { holdToDescription } from './described.ts'

/** Where folders of tests are: in memory where there is room for them, as no test cuts the power. */
const ROOM = roomInMemory() ?? tmpdir()

function roomInMemory(): string | undefined {
  const place = '/dev/shm'
  if (process.env.TMPDIR !== undefined || !existsSync(place)) return undefined
  const { bavail, bsize } = statfsSync(place)
  return bavail * bsize > 2 * 1024 ** 3 ? place : undefined
}

/** A folder of the test's own, removed when it ends. */
export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(join(ROOM, 'registry-test-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A clock that stands still until it is set. */
export class Clock {
  #now: Date
  constructor(now: string) {
    this.#now = new Date(now)
  }
  readonly now = () => this.#now
  set(now: string): void {
    this.#now = new Date(now)
  }
}

/** Unified code with valid check characters for eight characters of an organisation code. */
export function unifiedCode(body: string, region = '130102'): string {
  const within = `91${region}${body}${organisationCheckCharacter(body)}`
  return within + unifiedCheckCharacter(within)
}

export interface TestRegistry {
  folder: string
  clock: Clock
  register: Register
  writer: Writer
  views: Views
  search: SearchEngine
  registry: Registry
  /** Long work that broke off. */
  failures: unknown[]
}

/** A whole registry in one thread, closed when the test ends. */
export async function testRegistry(
  t: Test,
  {
    folder = temporaryFolder(t),
    catalogue = shipped,
    acts,
    clockDoubt,
  }: {
    folder?: string
    catalogue?: Catalogue
    acts?: readonly Act[] | undefined
    clockDoubt?: () => string | undefined
  } = {},
): Promise<TestRegistry> {
  const clock = new Clock('2026-11-24T02:00:00.000Z')
  const failures: unknown[] = []
  const opened = await openRegistry({
    dataDir: folder,
    now: clock.now,
    catalogue,
    acts,
    clockDoubt,
    longestStepMs: 0,
    onLag: (error) => {
      throw error
    },
    onFailure: (error) => failures.push(error),
  })
  t.teardown(() => opened.close())
  const { register, writer, views, search, registry } = opened
  return { folder, clock, register, writer, views, search, registry, failures }
}

type Answer = Awaited<ReturnType<App['inject']>>

export interface TestServer extends TestRegistry {
  app: App
  /** The header of a fresh key. */
  authorization(scopes: Scope[], region?: string): Promise<{ authorization: string }>
  /** A second person's confirmation of what an answer put forward. */
  confirmed(answer: Answer, headers: { authorization: string }): Promise<Answer>
  /** The uploads and imports that are kept. */
  uploads: JobStore
  /** Runs the import jobs that wait. */
  runImports(): Promise<void>
}

/** Opens the authority of a name where there is none: for a region, the place that its name says, or the province. */
export async function openAuthority(
  { registry }: Pick<TestRegistry, 'registry'>,
  name: string,
  region?: string,
) {
  if (registry.authorities.all().some((one) => one.name === name)) return
  const level = region === undefined && jurisdictionNamed(name) === undefined ? 'province' : undefined
  const place = jurisdictionNamed(name) ? undefined : region
  await registry.authorities.open({ name, level, region: place }, { authority: '测试', officer: '测试' })
}

export interface TestOptions {
  catalogue?: Catalogue
  acts?: readonly Act[]
  rateLimit?: number
  maxUploadBytes?: number
  directory?: Directory
  publicUrl?: string
  secondFactor?: 'own' | 'deciding'
  bulletinEvery?: 'month' | 'quarter' | 'half-year' | 'year' | 'off'
  trust?: ProxyTrust
  metrics?: 'local' | 'open' | 'off'
  clockDoubt?: () => string | undefined
}

/** The registry behind its HTTP server, asked through `app.inject`. */
export async function testServer(t: Test, options: TestOptions = {}): Promise<TestServer> {
  const parts = await testRegistry(t, options)
  const { folder, writer, views, registry, clock } = parts
  const store = new JobStore(pathsIn(folder))
  t.teardown(() => store.close())
  const onFailure = (error: unknown) => {
    throw error
  }
  const running = {
    jobs: store,
    register: parts.register,
    writer,
    views,
    catalogue: registry.catalogue,
    now: clock.now,
    onFailure,
  }
  const jobs = new ImportJobs(running)
  const faces = new Faces({ views, catalogue: registry.catalogue, now: clock.now })
  const checks = new Checks({
    finder: { search: parts.search, shown: (key) => faces.file(key)?.file },
    faces,
    lists: pathsIn(folder).lists,
    registry: '测试',
    keys: await openStampKeys(pathsIn(folder), clock.now),
    position: () => registry.position(),
    now: clock.now,
  })
  t.teardown(() => checks.stop())
  const imports = {
    standstill: () => undefined,
    jobs: store,
    start: () => undefined,
    maxUploadBytes: options.maxUploadBytes ?? 5_000_000,
    match: (...asked: Parameters<Checks['match']>) => checks.match(...asked),
    preview: localPreviewer({ views, catalogue: registry.catalogue, now: clock.now }, openEffects),
  }
  const sessions = new Sessions(pathsIn(folder).sessions)
  t.teardown(() => sessions.close())
  const reached = { PUBLIC_URL: options.publicUrl ?? '', PORT: 8080 }
  // The charts' library takes longer to load than all else together, and few tests look at charts.
  const draw: Draw = async (chart, manner) => (await import('../src/charts/svg.ts')).svgOf(chart, manner)
  const app = await buildServer({
    registry,
    imports,
    checks,
    copies: new Copies(pathsIn(folder).bulk),
    log: pino({ level: 'silent' }),
    settings: {
      METRICS: options.metrics ?? 'local',
      WEBHOOK_PRIVATE: 'false',
      RATE_LIMIT: options.rateLimit ?? 0,
      TRUST_PROXY: options.trust ?? 1,
      ...reached,
    },
    pages: (pages) => {
      holdToDescription(t, pages, [registry.catalogue, options.acts, options.publicUrl, options.metrics])
      const { answers, unknownPage } = publicSite(pages, {
        registry,
        reports: registry.reports,
        checks,
        draw,
        settings: { ...reached, OPERATOR: '河北省市场监督管理局', CONTACT: '' },
        isDemo: () => false,
      })
      const { directory } = options
      desk(pages, {
        registry,
        answers,
        imports,
        draw,
        directory,
        sessionKey: keyIn(pathsIn(folder).sessionKey),
        secondFactor: options.secondFactor ?? 'own',
        elapsed: () => clock.now().getTime(),
        bulletinEvery: options.bulletinEvery ?? 'quarter',
        sessions,
        reached,
      })
      return unknownPage
    },
  })
  t.teardown(() => app.close())
  let people = 0
  return {
    ...parts,
    app,
    uploads: store,
    async confirmed(answer, headers) {
      const { id } = answer.json()
      return app.inject({ method: 'POST', url: `/api/v1/proposals/${id}/confirmation`, headers, payload: {} })
    },
    async authorization(scopes, region) {
      const author = { authority: '测试', officer: '测试' }
      // Each key is another person's, and each region has an authority of its own.
      const authority = region === undefined ? '测试局' : `测试局${region}`
      people += 1
      const login = `person${people}`
      const asked = { name: '张三', authority, scopes, region, actsFor: login }
      await openAuthority(parts, authority, region)
      const { text } = await registry.keys.create(asked, author)
      return { authorization: `Bearer ${text}` }
    },
    runImports: async () => {
      await jobs.runWaiting()
    },
  }
}

/** A licence as it is posted. */
export function licenceOf(number: string, more: Record<string, unknown> = {}) {
  return {
    type: 'licence',
    data: {
      kind: '全国工业产品生产许可证',
      number,
      product: '电线电缆',
      authority: '河北省市场监督管理局',
      issuedOn: '2024-03-01',
      validTo: '2029-02-28',
      ...more,
    },
  }
}

/** What the public sees of the file of a code. */
export function shownBy({ files, now, catalogue }: Registry, code: string): PublicFile {
  const shown = publicFace(files.byCode(code), shanghaiDate(now()), catalogue)
  if (!shown) throw new Error(`nothing is shown of ${code}`)
  return shown
}

/** A penalty that is public from its day on. */
export function penaltyOf(documentNo: string, more: Record<string, unknown> = {}) {
  return {
    type: 'penalty',
    data: {
      documentNo,
      procedure: '普通程序',
      conduct: '生产不符合国家标准的产品',
      category: '生产、销售不符合健康安全标准的产品',
      types: ['罚款'],
      content: '罚款。',
      fine: 50_000,
      severity: '一般',
      decidedOn: '2026-10-10',
      authority: '石家庄市市场监督管理局',
      ...more,
    },
  }
}
