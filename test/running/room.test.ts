import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { filesThere } from '../../src/running/files-there.ts'
import { LEAST_FILES, lacksFiles, roomAt } from '../../src/running/room.ts'
import { faultInWords } from '../../src/running/system-faults.ts'
import { temporaryFolder } from '../support.ts'

t.test('a disk that takes no more files is told from one without room', async (t) => {
  for (const [files, lacks] of [
    [0, true],
    [LEAST_FILES - 1, true],
    [LEAST_FILES, false],
    [undefined, false],
  ] as const)
    t.equal(lacksFiles({ bytes: 1e9, files }), lacks, String(files))
  const folder = join(temporaryFolder(t), 'disk')
  mkdirSync(folder)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,nr_inodes=24', 'tmpfs', folder])
  if (mounted.status !== 0) return t.comment('no small disk can be made here')
  t.teardown(() => spawnSync('umount', [folder]))
  const settings = { HOST: '', PORT: 0, DATA_DIR: folder }
  const full = Object.assign(new Error('x'), { code: 'ENOSPC', path: join(folder, 'session.key') })
  await filesThere(folder)()
  t.match(faultInWords(full, settings), /已满.*请腾出空间/)
  for (let n = 0; !lacksFiles(roomAt(folder)); n += 1) writeFileSync(join(folder, `f${n}`), '')
  for (const error of [
    full,
    Object.assign(new Error('x'), { code: 'SQLITE_CANTOPEN', path: join(folder, 'a.db') }),
  ])
    t.match(faultInWords(error, settings), /文件数（inode）已用完，空间却还有/)
  const said = await filesThere(folder)().catch((error: unknown) => error)
  t.match(said, { name: 'Error', words: /^数据目录 所在的磁盘.*inode/ })
})
