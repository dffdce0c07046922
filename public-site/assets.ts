import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Asset, Assets } from '../src/ui/answers.tsx'
import { browserModule } from './bundle.js'

/** The stylesheet, and the scripts as one module. */
export function loadAssets(): Assets {
  const css = readFileSync(new URL('./assets/site.css', import.meta.url))
  const stylesheet = asset('css', 'text/css; charset=utf-8', css)
  const script = asset('js', 'text/javascript; charset=utf-8', browserModule())
  return { stylesheet, script, version: digest(Buffer.concat([stylesheet.bytes, script.bytes])) }
}

function asset(ending: string, type: string, bytes: Buffer): Asset {
  return { path: `/assets/site.${digest(bytes)}.${ending}`, type, bytes }
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 10)
}
