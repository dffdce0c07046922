import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { newListIn, takeAwayLists } from '../../src/checking/lists.ts'
import { temporaryFolder } from '../support.ts'

t.test('lists of processes that have ended are taken away, those of others stay', async (t) => {
  const folder = join(temporaryFolder(t), 'lists')
  takeAwayLists(folder)
  const ended = spawnSync(process.execPath, ['-e', '']).pid
  const [own, of] = [newListIn(folder), (pid: number) => join(folder, `${pid}-list`)]
  for (const path of [own, of(ended), of(process.ppid), join(folder, 'x')]) writeFileSync(path, '')
  takeAwayLists(folder)
  t.same([own, of(ended), of(process.ppid), join(folder, 'x')].map(existsSync), [false, false, true, false])
  rmSync(folder, { recursive: true })
  writeFileSync(newListIn(folder), '')
})
