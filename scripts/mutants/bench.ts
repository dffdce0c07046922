import { type ChildProcess, execFile, execFileSync, fork } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildSync } from 'esbuild'
import type { Answer, Asked } from './runner.ts'

/** Memory above which a runner is begun anew: every run leaves its modules behind. */
const MOST_BYTES = 1_200_000_000

/** A copy of the project with a runner of its own, in which tests run. */
export class Bench {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mutants-'))
  readonly #env: NodeJS.ProcessEnv
  #runner: ChildProcess | undefined

  /** `files`: everything that belongs to the project, as paths below `root`. */
  constructor(root: string, files: readonly string[], env: NodeJS.ProcessEnv) {
    this.#env = env
    for (const file of files) cpSync(join(root, file), join(this.#folder, file))
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'))
    buildSync({
      entryPoints: [join(root, 'scripts/mutants/runner.ts')],
      outfile: join(this.#folder, '.runner.mjs'),
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    })
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text)
  }

  /** Runs a bundled test file with one mutant; who takes longer than `limit` milliseconds hangs. */
  run(asked: Asked, limit: number): Promise<Answer & { hung: boolean }> {
    const runner = this.#runner ?? this.#start()
    return new Promise((done) => {
      const answered = (answer: Answer, hung = false) => {
        clearTimeout(timer)
        runner.removeAllListeners()
        if (hung || answer.rss > MOST_BYTES) this.#stop()
        done({ ...answer, hung })
      }
      const broken = (why: string, hung: boolean) =>
        answered({ passed: false, why, ms: limit, hits: [], rss: Number.MAX_VALUE }, hung)
      const timer = setTimeout(() => broken(`longer than ${limit} ms`, true), limit)
      // tap speaks to the parent too.
      runner.on('message', (answer: Answer) => 'passed' in answer && answered(answer))
      runner.once('exit', (code, signal) => broken(`the process ended: ${code ?? signal}`, false))
      runner.send(asked)
    })
  }

  /** Whether the project passes the type check as it stands. */
  async isWellTyped(): Promise<boolean> {
    const tsc = [
      join('node_modules', 'typescript', 'bin', 'tsc'),
      '--incremental',
      '--tsBuildInfoFile',
      '.types',
    ]
    try {
      await promisify(execFile)(process.execPath, tsc, { cwd: this.#folder })
      return true
    } catch {
      return false
    }
  }

  close(): void {
    this.#stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #start(): ChildProcess {
    this.#runner = fork(join(this.#folder, '.runner.mjs'), {
      cwd: this.#folder,
      env: this.#env,
      execArgv: [],
      stdio: 'ignore',
    })
    return this.#runner
  }

  #stop(): void {
    this.#runner?.kill('SIGKILL')
    this.#runner = undefined
  }
}

/** Every file of the project as it stands, committed or not. */
export function projectFiles(root: string): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard', '--deduplicate'], {
    cwd: root,
  })
  return list.toString().split('\0').filter(Boolean)
}
