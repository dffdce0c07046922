import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'
import { hasEnded, holderName } from '../../src/register/holder.ts'

t.test(
  'by its name one tells whether a process has ended',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const own = holderName()
    t.notOk(hasEnded(own), 'this one runs')
    t.not(holderName(), own, 'each name is one of its own')
    const [boot, space, pid, startedAt, id, machine = ''] = own.split('/')
    const hasNumber = machine !== ''
    for (const [name, holder, ended] of [
      ['a number that another process has taken since', [boot, space, pid, '1', id], true],
      ['a number that nobody has', [boot, space, '4194305', startedAt, id], true],
      ['this machine before it was started anew', ['other', space, pid, startedAt, id, machine], hasNumber],
      ['one in a container of this machine before', ['other', '1', pid, startedAt, id, machine], hasNumber],
      ['another machine', ['other', space, pid, startedAt, id, '0123456789abcdef'], false],
      ['another machine of no number', ['other', space, pid, startedAt, id, ''], false],
      ['one that an older program named', ['other', space, '4194305', startedAt, id], false],
      ['another container', [boot, '1', '4194305', startedAt, id, machine], false],
      ['a name that tells nothing', ['one'], false],
      ['no name', [''], false],
    ] as const)
      t.equal(hasEnded(holder.join('/')), ended, name)
    const module = new URL('../../src/register/holder.ts', import.meta.url)
    const script = `import('${module}').then(({ holderName }) => { console.log(holderName()); setInterval(() => {}, 1000) })`
    const other = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [said] = await once(other.stdout, 'data')
    const name = String(said).trim()
    t.notOk(hasEnded(name), 'another that runs')
    other.kill('SIGKILL')
    await once(other, 'exit')
    t.ok(hasEnded(name), 'and once it was killed')
  },
)
