import { execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { built } from '../../scripts/build/build.js'
import { until } from '../../scripts/faults/load.ts'
import { cli, freePort } from '../../scripts/faults/processes.ts'
import { fileOutlet, linesTo, MOST_WAITING, type Outlet, streamOutlet } from '../../src/running/log-lines.ts'
import { temporaryFolder } from '../support.ts'

/** A log that can't be written: nothing ends, nothing waits, and what is missing is told. */

const MAIN = fileURLToPath(await built('main'))
const FULL = '/dev/full'

/** A node whose log goes to a file, or down a pipe; asked many times, each of which is a line. */
async function node(t: Test, stdout: number | 'pipe') {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const DATA_DIR = temporaryFolder(t)
  await cli(DATA_DIR, 'init')
  const environment = { DATA_DIR, PORT: String(port), HOST: '127.0.0.1' }
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', PUBLIC_URL: url, ...environment },
    stdio: ['ignore', stdout, 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  await until('it answers', async () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => child.exitCode !== null,
    ),
  )
  return {
    stdout: child.stdout,
    async ask(times: number) {
      for (let i = 0; i < times; i += 1) {
        const { status } = await fetch(`${url}/healthz`)
        if (status !== 200) throw new Error(`${status}`)
      }
    },
    async lost() {
      const figures = await (await fetch(`${url}/metrics`)).text()
      return Number(/^log_lines_lost_total (\d+)$/m.exec(figures)?.[1])
    },
    /** Ends it as an operator does; gives its exit code. */
    async end() {
      const at = performance.now()
      child.kill('SIGTERM')
      const code = await ended
      t.ok(performance.now() - at < 15_000, 'it ends within its bound')
      return code
    },
  }
}

t.test('a node goes on whose log can never be written', { skip: !existsSync(FULL) }, async (t) => {
  const file = openSync(FULL, 'w')
  t.teardown(() => closeSync(file))
  const { ask, lost, end } = await node(t, file)
  const before = await lost()
  t.ok(before > 0, 'what a start says is lost already')
  await ask(20)
  t.ok((await lost()) >= before + 20)
  t.equal(await end(), 0)
})

t.test('a log whose disk is full is gone on with once there is room', async (t) => {
  const folder = temporaryFolder(t)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    t.pass('no tmpfs can be mounted here')
    return
  }
  t.teardown(() => execFileSync('umount', ['-l', folder]))
  const path = join(folder, 'registry.log')
  const filler = join(folder, 'filler')
  const file = openSync(path, 'a')
  const { ask, lost, end } = await node(t, file)
  closeSync(file)
  t.equal(await lost(), 0)
  // That it ends for want of room is what it is for.
  execFileSync('sh', ['-c', 'dd if=/dev/zero of="$0" bs=4096 2>/dev/null || true', filler])
  await ask(60)
  t.ok((await lost()) > 0, 'the page that was begun is full too')
  rmSync(filler)
  await ask(3)
  const missing = await lost()
  await ask(3)
  t.equal(await lost(), missing, 'none is lost any more')
  t.equal(await end(), 0)
  const said = readFileSync(path, 'utf8').split('\n').flatMap(parsed)
  const told = said.filter((line) => 'lost' in line)
  t.equal(told.length, 1)
  t.match(told, [{ lost: missing, fault: 'ENOSPC', level: 40, msg: /行日志没有写下/, since: /^\d{4}-/ }])
  t.ok(said.length > 3 && said.indexOf(told[0] ?? {}) < said.length - 3, 'and what came after stands behind')
})

t.test('nobody waits for whoever reads the log', async (t) => {
  const { stdout, ask, lost, end } = await node(t, 'pipe')
  await ask(800)
  t.equal(await lost(), 0, 'what a pipe does not hold waits in memory')
  stdout?.destroy()
  await ask(20)
  t.ok((await lost()) >= 20, 'what had a reader has none')
  t.equal(await end(), 0)
})

t.test('a reader that stands still holds up no end', async (t) => {
  const { ask, end } = await node(t, 'pipe')
  await ask(800)
  t.equal(await end(), 0)
})

/** What is JSON of a line; the beginning of one that was torn off is none. */
function parsed(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}

/** An outlet that takes lines while `fault` is undefined. */
function outlet() {
  const taken: string[] = []
  const own: { taken: string[]; fault: string | undefined; outlet: Outlet } = {
    taken,
    fault: undefined,
    outlet(line, done) {
      if (own.fault === undefined) taken.push(line)
      done(own.fault)
    },
  }
  return own
}

t.test('each line that was lost is counted once and told of once', async (t) => {
  const own = outlet()
  const { write, lost, settled } = linesTo(own.outlet)
  write('1\n')
  own.fault = 'ENOSPC'
  for (const line of ['2\n', '3\n']) write(line)
  own.fault = 'EIO'
  write('4\n')
  t.equal(lost(), 3, 'what tells of them is no line that is lost')
  own.fault = undefined
  write('5\n')
  write('6\n')
  t.equal(own.taken.length, 4)
  t.match(JSON.parse(own.taken[1] ?? ''), { lost: 3, fault: 'EIO' })
  t.same(
    own.taken.filter((_, i) => i !== 1),
    ['1\n', '5\n', '6\n'],
  )
  own.fault = 'ENOSPC'
  write('7\n')
  own.fault = undefined
  await settled()
  t.match(JSON.parse(own.taken[4] ?? ''), { lost: 1, fault: 'ENOSPC' }, 'at the end at the latest')
  t.equal(lost(), 4)
})

t.test('a line of which a part found room is not continued by the next', async (t) => {
  let file = ''
  let room = 5
  const { write, lost } = linesTo(
    fileOutlet((bytes) => {
      if (room === 0) throw Object.assign(new Error('no room'), { code: 'ENOSPC' })
      const written = bytes.toString('utf8', 0, Math.min(room, 4))
      file += written
      room -= written.length
      return written.length
    }),
  )
  write('12345678\n')
  t.equal(file, '12345')
  room = 3
  write('abcdefgh\n')
  room = 1_000
  write('whole\n')
  const [torn, toldOrTorn = '', ...rest] = file.split('\n')
  t.equal(torn, '12345')
  t.notOk(toldOrTorn.includes('whole'))
  t.match(JSON.parse(rest.find((line) => line.endsWith('}')) ?? ''), { lost: 2 })
  t.same(rest.slice(-2), ['whole', ''])
  t.equal(lost(), 2)
})

t.test('what waits for a slow reader has a bound, and comes out in one piece', async (t) => {
  const out: string[] = []
  let release = () => {}
  const slow = new Writable({
    decodeStrings: false,
    write(chunk, _, done) {
      out.push(chunk)
      release = done
    },
  })
  const { write, lost, settled } = linesTo(streamOutlet(slow))
  const line = `${'x'.repeat(1023)}\n`
  const most = MOST_WAITING / line.length
  for (let i = 0; i < most; i += 1) write(line)
  t.equal(lost(), 0)
  write(line)
  t.equal(lost(), 1)
  release()
  write(line)
  t.equal(lost(), 2, 'not before all is out, or it would be told of at each line')
  while (slow.writableLength > 0) {
    release()
    await new Promise((resolve) => setImmediate(resolve))
  }
  write('next\n')
  while (slow.writableLength > 0) {
    release()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await settled()
  t.equal(out.length, most + 2)
  t.match(JSON.parse(out.at(-2) ?? ''), { lost: 2, fault: 'EAGAIN' })
  t.equal(out.at(-1), 'next\n')
})

t.test('an end waits for a reader within its bound', async (t) => {
  const at = performance.now()
  await linesTo(outlet().outlet, () => new Promise(() => undefined)).settled()
  t.ok(performance.now() - at < 5_000)
})
