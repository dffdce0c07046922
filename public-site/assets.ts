import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import type { Asset, Assets } from '../src/ui/answers.tsx'

/** The stylesheet, and the scripts bundled into one module. */
export function loadAssets(): Assets {
  const css = readFileSync(new URL('./assets/site.css', import.meta.url))
  const entry = fileURLToPath(new URL('./scripts/main.ts', import.meta.url))
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  })
  const [bundle] = outputFiles
  if (!bundle) throw new Error('the scripts were not bundled')
  const stylesheet = asset('css', 'text/css; charset=utf-8', css)
  const script = asset('js', 'text/javascript; charset=utf-8', Buffer.from(bundle.contents))
  return { stylesheet, script, version: digest(Buffer.concat([stylesheet.bytes, script.bytes])) }
}

function asset(ending: string, type: string, bytes: Buffer): Asset {
  return { path: `/assets/site.${digest(bytes)}.${ending}`, type, bytes }
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 10)
}
