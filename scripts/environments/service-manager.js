#!/usr/bin/env node
/**
 * Stands in for systemd where the handbook is tried: `daemon-reload`, and `enable --now`, `start`, `restart` and `stop` of the
 * unit whose file lies in `units/` beside it, by what the file says.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const units = join(import.meta.dirname, 'units')
const pidFile = join(units, 'registry.pid')
const [act, ...rest] = process.argv.slice(2)

if (act === 'stop' || act === 'restart') await stop()
if (['start', 'restart'].includes(act) || (act === 'enable' && rest.includes('--now'))) start()

function unit() {
  const lines = readFileSync(join(units, 'registry.service'), 'utf8').split('\n')
  const values = (name) =>
    lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1))
  return {
    value: (name) => values(name)[0] ?? '',
    environment: values('EnvironmentFile').flatMap(settingsIn),
  }
}

function settingsIn(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.includes('=') && !line.startsWith('#'))
}

function start() {
  const { value, environment } = unit()
  const settings = Object.fromEntries(
    environment.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]),
  )
  const data = settings.DATA_DIR
  if (!existsSync(data)) mkdirSync(data, { mode: Number.parseInt(value('StateDirectoryMode'), 8) })
  mkdirSync(dirname(data), { recursive: true })
  process.umask(Number.parseInt(value('UMask'), 8))
  const out = openSync(join(units, 'registry.log'), 'a')
  const [program, ...words] = value('ExecStart').split(' ')
  const service = spawn(program, words, {
    cwd: value('WorkingDirectory'),
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', out, out],
    detached: true,
  })
  writeFileSync(pidFile, String(service.pid))
  service.unref()
}

async function stop() {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8'))
  const patience = Number(unit().value('TimeoutStopSec')) * 1000
  signal(pid, unit().value('KillSignal'))
  for (const end = Date.now() + patience; signal(pid, 0); await pause(50))
    if (Date.now() > end) signal(pid, 'SIGKILL')
  rmSync(pidFile)
}

function signal(pid, which) {
  try {
    process.kill(pid, which)
    return true
  } catch {
    return false
  }
}
