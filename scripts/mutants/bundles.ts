import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { build } from 'esbuild'

/** Test files, each bundled with the sources below it, as they stand for all mutants. */
export interface Bundles {
  of(test: string): string
  close(): void
}

/**
 * Bundles test files; `change` puts the mutants into a source. Own modules keep their addresses, below the folder that
 * whoever runs a bundle stands in; tests get the runner's own root test.
 */
export async function bundled(
  root: string,
  tests: readonly string[],
  change: (path: string, source: string) => string,
): Promise<Bundles> {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-bundles-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  await build({
    entryPoints: tests.map((test) => ({ in: join(root, test), out: test })),
    absWorkingDir: root,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    define: { 'import.meta.url': 'importMetaUrl' },
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
    plugins: [
      {
        name: 'own modules',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^tap$/ }, () => ({ path: 'tap', namespace: 'runner' }))
          onLoad({ filter: /.*/, namespace: 'runner' }, () => ({
            contents: 'export default globalThis.__tap',
          }))
          onLoad({ filter: /\.(js|tsx?)$/ }, ({ path }) => {
            const place = relative(root, path)
            const address = `const importMetaUrl = 'file://' + process.cwd() + ${JSON.stringify(`/${place}`)};`
            return {
              contents: address + change(place, readFileSync(path, 'utf8')),
              loader: path.endsWith('x') ? 'tsx' : 'ts',
            }
          })
        },
      },
    ],
  })
  return {
    of: (test) => join(folder, `${test}.mjs`),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
