import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { VNode } from 'preact'
import type { Draw } from '../src/charts/chart.ts'
import type { CheckService } from '../src/checking/checks.ts'
import type { ReportSource } from '../src/computing/reports.ts'
import type { App } from '../src/http/app.ts'
import type { UnknownPage } from '../src/http/errors.ts'
import { MovedTo } from '../src/http/moved-to.ts'
import type { Registry } from '../src/registry/registry.ts'
import { Answers, type Passing, type SiteSettings } from '../src/ui/answers.tsx'
import { type Frame, type Language, pathIn } from '../src/ui/frame.tsx'
import { loadAssets } from './assets.ts'
import { problemAnswer } from './problems.tsx'
import { assetRoutes } from './routes/assets.ts'
import { blacklistPages } from './routes/blacklist.tsx'
import { checkPages, checkResources } from './routes/check.tsx'
import { discoveryRoutes } from './routes/discovery.ts'
import { feedRoutes } from './routes/feeds.ts'
import { filePages } from './routes/file.tsx'
import { homePages } from './routes/home.tsx'
import { openDataPages } from './routes/open-data.tsx'
import { rulePages } from './routes/rules.tsx'
import { searchPages, searchResources } from './routes/search.tsx'
import { statisticsPages, statisticsResources } from './routes/statistics.tsx'

export interface SiteParts {
  registry: Registry
  /** Reports that may be a minute old. */
  reports: ReportSource
  checks: CheckService
  draw: Draw
  settings: SiteSettings
  isDemo(): boolean
}

/** What the pages of one language are made with. */
export interface Site extends SiteParts {
  app: App
  language: Language
  /** Answers with a page that is the same for everyone in this minute. */
  page(
    request: FastifyRequest,
    reply: FastifyReply,
    make: (frame: Frame) => VNode | Passing | Promise<VNode | Passing>,
  ): Promise<FastifyReply>
  /** Answers one asker with a page that nobody keeps. */
  passing(request: FastifyRequest, reply: FastifyReply, make: (frame: Frame) => VNode): Promise<FastifyReply>
}

/** The public's site: pages complete without scripts, in Chinese and with an English frame, and what machines read. */
export function publicSite(app: App, parts: SiteParts): { answers: Answers; unknownPage: UnknownPage } {
  const assets = loadAssets()
  const answers = new Answers({ ...parts, assets })
  const shown = { answers, registry: parts.registry }
  for (const [language, prefix] of [
    ['zh', ''],
    ['en', '/en'],
  ] as const)
    app.register(
      async (scope) => {
        scope.setErrorHandler<FastifyError | MovedTo>((error, request, reply) => {
          if (error instanceof MovedTo) return reply.redirect(pathIn(language, error.address), error.status)
          return problemAnswer(shown, request, reply, language, error)
        })
        pages({
          ...parts,
          app: scope.withTypeProvider(),
          language,
          page: (request, reply, make) => answers.page(request, reply, language, make),
          passing: (request, reply, make) => answers.passing(request, reply, language, make),
        })
      },
      { prefix },
    )
  assetRoutes(app, assets)
  feedRoutes(app, parts)
  searchResources(app, parts)
  checkResources(app, parts)
  statisticsResources(app, parts)
  discoveryRoutes(app, parts)
  const unknownPage: UnknownPage = (request, reply, problem) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (!wantsPage || /^\/(api|docs)(\/|$)/.test(request.url)) return undefined
    return problemAnswer(shown, request, reply, /^\/en(\/|\?|$)/.test(request.url) ? 'en' : 'zh', problem)
  }
  return { answers, unknownPage }
}

function pages(site: Site): void {
  homePages(site)
  searchPages(site)
  filePages(site)
  blacklistPages(site)
  checkPages(site)
  statisticsPages(site)
  rulePages(site)
  openDataPages(site)
}
