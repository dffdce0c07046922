import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Asset, Assets } from '../src/ui/answers.tsx'
import { browserModule } from './bundle.js'

const SCRIPT = 'text/javascript; charset=utf-8'

/** The stylesheet, the scripts of every page as one module, and those that passkeys need as another. */
export function loadAssets(): Assets {
  const css = readFileSync(new URL('./assets/site.css', import.meta.url))
  const stylesheet = asset('css', 'text/css; charset=utf-8', css)
  const script = asset('js', SCRIPT, browserModule('main'))
  const passkeys = asset('js', SCRIPT, browserModule('passkeys'))
  const all = [stylesheet, script, passkeys]
  return { stylesheet, script, passkeys, version: digest(Buffer.concat(all.map(({ bytes }) => bytes))) }
}

function asset(ending: string, type: string, bytes: Buffer): Asset {
  return { path: `/assets/site.${digest(bytes)}.${ending}`, type, bytes }
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 10)
}
