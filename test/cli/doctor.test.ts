import { cpSync, existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ready, until } from '../../scripts/faults/load.ts'
import { cliIn, endAll, freePort, startServer } from '../../scripts/faults/processes.ts'
import { temporaryFolder } from '../support.ts'

t.teardown(endAll)

t.test(
  'doctor asks the service of the settings, wherever its data are, and knows a copy from its origin',
  async (t) => {
    const folder = temporaryFolder(t)
    const [data, copy, moved] = [join(folder, 'data'), join(folder, 'copy'), join(folder, 'moved')]
    const PORT = String(await freePort())
    const settings = {
      PORT,
      HOST: '127.0.0.1',
      NODE_ENV: 'production',
      PUBLIC_URL: `http://127.0.0.1:${PORT}`,
    }
    const looked = async (DATA_DIR: string) => (await cliIn({ ...settings, DATA_DIR }, 'doctor')).stdout
    t.match(await looked(data), /正常 {2}运行状况：没有看到正在运行的服务，http.*没有答复/)
    const server = await startServer(data, { PORT, PUBLIC_URL: settings.PUBLIC_URL })
    await until('it is ready', async () => (await ready(server.url)).status === 'ready')
    const well = await looked(data)
    t.match(well, /正常 {2}设置：服务正在运行（进程 \d+）/)
    t.match(well, /正常 {2}运行状况：.*答复一切正常。/)

    cpSync(data, copy, { recursive: true })
    const ofCopy = await looked(copy)
    t.match(ofCopy, /设置：没有看到正在运行的服务/)
    t.match(ofCopy, /注意 {2}运行状况：.*答复一切正常，但它用的不是 .*copy 中的数据/)
    const second = await startServer(copy)
    t.notMatch(second.log(), '另有进程')
    await second.end('SIGTERM')
    const beside = await startServer(data)
    t.match(beside.log(), '另有进程')
    await beside.end('SIGTERM')

    renameSync(data, moved)
    await until('it notices', async () => (await ready(server.url)).status !== 'ready')
    const gone = await looked(data)
    t.match(
      gone,
      /有误 {2}数据目录：.*没有登记簿，而 http.*有本系统的服务在答复，它的数据不在这里：.*不要新建/,
    )
    t.match(gone, /有误 {2}运行状况：.*答复 \w+：.*它用的不是 .*数据盘没有挂载（findmnt）/)
    t.notMatch(gone, 'install -d')
    t.notMatch(gone, '没有妨碍运行的问题')
    t.notOk(existsSync(data))
    await server.end('SIGTERM')
  },
)

t.test('doctor looks at the folder for temporary files', async (t) => {
  const DATA_DIR = temporaryFolder(t)
  const looked = async (TMPDIR: string) => (await cliIn({ DATA_DIR, TMPDIR, PORT: '1' }, 'doctor')).stdout
  t.match(await looked('/nonexistent'), /注意 {2}临时目录：没有临时目录 \/nonexistent/)
  t.match(await looked(DATA_DIR), /(正常|注意) {2}临时目录：.*(可以写入|只剩)/)
})
