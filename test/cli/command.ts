import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { built } from '../../scripts/build/build.js'

const CLI = fileURLToPath(await built('cli'))

export interface Said {
  code: number | null
  stdout: string
  stderr: string
}

interface Surroundings {
  /** Where what it prints goes, in the place of a pipe that is read. */
  stdout?: string
  /** Whoever reads what it prints goes away at once. */
  unread?: boolean
  environment?: Readonly<Record<string, string>>
}

/** The command line on a data directory, started as an operator starts it. */
export function commandLine(dataDir: string) {
  return (args: readonly string[], { stdout, unread, environment }: Surroundings = {}): Promise<Said> =>
    new Promise((resolve, reject) => {
      const to = stdout === undefined ? undefined : openSync(stdout, 'a')
      const child = spawn(process.execPath, [CLI, ...args], {
        env: { PATH: process.env.PATH, DATA_DIR: dataDir, ...environment },
        stdio: ['ignore', to ?? 'pipe', 'pipe'],
        timeout: 60_000,
      })
      if (to !== undefined) closeSync(to)
      if (unread) child.stdout?.destroy()
      const said = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr'] as const)
        child[name]?.on('data', (chunk: Buffer) => {
          said[name] += chunk.toString()
        })
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, ...said }))
    })
}

/** Whether something of the program's inside is shown: an operator gets words. */
export const INSIDE = /^ {2,}at |node:internal|Error:|\berrno\b|出错，没有完成/m
