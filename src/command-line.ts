import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where the handbook puts the command line of a server (ops/registry). */
const INSTALLED = '/usr/local/bin/registry'
/** Of the program as it was built, or of the sources, where it is built on demand. */
const BUILT = new URL('../cli.js', import.meta.url)

/** What there is to call on this machine. */
interface Here {
  isProduction: boolean
  isInstalled: boolean
  /** Path of the built command line; undefined where the sources run. */
  program: string | undefined
}

/** The command line as one calls it on such a machine: whoever runs a server has no checkout to run npm in. */
export function calledOn({ isProduction, isInstalled, program }: Here): string {
  if (!isProduction || program === undefined) return 'npm run cli --'
  if (isInstalled) return 'registry'
  return `node ${/^[\w./+-]+$/.test(program) ? program : `'${program.replaceAll("'", "'\\''")}'`}`
}

const here = calledOn({
  isProduction: process.env.NODE_ENV === 'production',
  isInstalled: existsSync(INSTALLED),
  program: existsSync(BUILT) ? fileURLToPath(BUILT) : undefined,
})

/** How a command is typed on this machine: `npm run cli -- init`, `registry init`. The one place that knows. */
export function called(command: string): string {
  return `${here} ${command}`
}
