import type { App } from '../../src/http/app.ts'
import type { Assets } from '../../src/ui/answers.tsx'

/** Stylesheet and scripts, kept for ever: with their content their names change. */
export function assetRoutes(app: App, { stylesheet, script, passkeys }: Assets): void {
  for (const { path, type, bytes } of [stylesheet, script, passkeys])
    app.get(path, { schema: { hide: true } }, async (_, reply) =>
      reply
        .headers({ 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' })
        .header('x-content-type-options', 'nosniff')
        .send(bytes),
    )
}
