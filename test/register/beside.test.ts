import { join } from 'node:path'
import t from 'tap'
import { openBeside } from '../../src/register/beside.ts'
import { temporaryFolder } from '../support.ts'

t.test(
  'opening a database that is there writes nothing: it works while another writes, or the disk is full',
  async (t) => {
    const path = join(temporaryFolder(t), 'some.db')
    const first = openBeside(path)
    t.teardown(() => first.close())
    first.exec('CREATE TABLE thing (a)')
    first.exec('BEGIN IMMEDIATE')
    const second = openBeside(path, { busyMs: 0 })
    t.equal(second.pragma('auto_vacuum', { simple: true }), 2, 'and it can give back pages')
    second.close()
    first.exec('ROLLBACK')
  },
)
