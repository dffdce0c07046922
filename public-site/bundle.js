import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

export const browserModules = ['main', 'passkeys']

export function browserModule(name) {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL(`./scripts/${name}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  })
  return Buffer.from(outputFiles[0].contents)
}
