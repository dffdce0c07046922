import { z } from 'zod'
import type { Copies, Made } from '../bulk/copies.ts'
import { LINES } from '../bulk/copy.ts'
import { type Manifest, manifest } from '../bulk/manifest.ts'
import type { App } from '../http/app.ts'
import { sendFixed } from '../http/file.ts'
import { Problem } from '../http/problem.ts'
import type { Audience } from '../records/sight.ts'
import type { Registry } from '../registry/registry.ts'
import { requireScope } from './authentication.ts'
import { chapter } from './described.ts'
import * as schemas from './schemas.ts'

const tag = '全量和增量'
const { open } = chapter(tag)
const TYPES: Readonly<Record<string, string>> = {
  json: 'application/json; charset=utf-8',
  jws: 'application/jose',
  gz: 'application/gzip',
}
const file = manifest.meta({ mediaTypes: ['application/json', 'application/gzip', 'application/jose'] })
const audience = z.enum(['public', 'platform'], '应为 public 或 platform').meta({
  description: 'public 为公开内容，不需要密钥；platform 为信用平台所见，需要 platform:read',
})
const made = manifest
  .omit({ files: true, deltas: true })
  .extend({ href: z.string().meta({ description: '清单的地址；其各个文件在同一目录下' }) })

/** Golden copies and what leads from earlier ones to the last, as files with a signed manifest. */
export function bulkRoutes(app: App, registry: Registry, copies: Copies): void {
  /** A file never changes but may be had no more at any time, so whoever keeps it asks each time. */
  const cacheControl = (audience: Audience) =>
    audience === 'public' ? 'public, no-cache' : 'private, no-store'

  /** Why a copy may hold what must not be handed out any more; undefined where it does not. */
  const whyWithheld = ({ position, schema }: Pick<Manifest, 'position' | 'schema'>): string | undefined => {
    if (registry.feed.hasErasedAfter(position)) return '这一份制作以后有内容依法删去'
    return schema === registry.feed.schema ? undefined : '这一份按以前的口径（栏目、可见范围、公示规则）制作'
  }

  app.get(
    '/bulk/:audience',
    open(
      'listCopies',
      '现有的全量副本，最近的在前',
      { 200: schemas.listOf(made) },
      { params: z.object({ audience }), refused: [403] },
    ),
    async (request, reply) => {
      const { audience } = request.params
      if (audience === 'platform') requireScope(request, 'platform:read')
      reply.header('cache-control', cacheControl(audience))
      const { epoch } = await registry.feed.standing()
      // A copy of another epoch, or by other rules, would lead whoever takes it to a 409 and back here.
      const own = copies
        .of(audience)
        .filter(({ manifest }) => manifest.epoch === epoch && whyWithheld(manifest) === undefined)
      return { items: own.map(shown) }
    },
  )

  app.get(
    '/bulk/:audience/:copy/:file',
    open(
      'getCopyFile',
      '全量副本的清单（manifest.json、签名的 manifest.jws）或清单所列的一个文件',
      { 200: file, 206: file },
      {
        description: '可以分段取（Range），断开后以同一 ETag 作 If-Range 接续。文件以 gzip 压缩。',
        params: z.object({
          audience,
          copy: z.string().max(60).meta({ description: '序号和纪元，见列表' }),
          file: z.string().max(60),
        }),
        refused: [403, 404, 412, 416],
      },
    ),
    async (request, reply) => {
      const { audience, copy, file } = request.params
      const key = audience === 'platform' ? requireScope(request, 'platform:read') : null
      const { position, epoch } = copies.placeOf(copy)
      const standing = await registry.feed.standing()
      const found = epoch === standing.epoch ? copies.file(audience, copy, file) : undefined
      if (!found)
        throw new Problem(
          404,
          'unknown',
          `没有这个文件；现有的副本见 /bulk/${audience}，较早的只提供到最近一份的增量。`,
        )
      const made = copies.of(audience).find(({ name }) => name === copy)
      const why = made ? whyWithheld(made.manifest) : undefined
      if (why !== undefined)
        throw new Problem(
          404,
          'unknown',
          `${why}，不再提供；新的一份随即制作，稍后请重新取 /bulk/${audience}，此前取得的请按变更更新。`,
        )
      if (key && file === LINES) await registry.consumers.sent(key, position, epoch)
      reply.header('cache-control', cacheControl(audience))
      const type = TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
      return sendFixed(request, reply, { ...found, etag: `"${found.sha256}"`, type })
    },
  )
}

function shown({ name, manifest: own }: Made): z.output<typeof made> {
  const { files: _, deltas: __, ...head } = own
  return { ...head, href: `/bulk/${own.audience}/${name}/manifest.json` }
}
