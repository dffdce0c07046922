import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { temporaryFolder, unifiedCode } from '../support.ts'
import { commandLine } from './command.ts'

const [known = '', late = '', never = ''] = ['DEW00001', 'DEW00002', 'DEW00003'].map((body) =>
  unifiedCode(body),
)

t.test(
  'rows whose firms are not on file wait, by templates and in the command line’s own words',
  async (t) => {
    const folder = temporaryFolder(t)
    const command = commandLine(join(folder, 'data'))
    t.equal((await command(['init'])).code, 0)
    const write = (name: string, lines: readonly string[]) => {
      const path = join(folder, name)
      writeFileSync(path, lines.join('\n'))
      return path
    }
    const firm = (code: string, name: string) =>
      command(['import', 'enterprise', write('firms.csv', ['企业名称,统一社会信用代码', `${name},${code}`])])
    t.equal((await firm(known, '示例甲公司')).code, 0)
    const table = write('awards.csv', [
      '统一社会信用代码,年度,奖项,级别,承办',
      `${known},2017,政府质量奖,省级,省政府`,
      `${late},2018,政府质量奖,省级,省政府`,
      `${never},2019,政府质量奖,省级,省政府`,
    ])
    const mapping = write('mapping.json', [JSON.stringify({ columns: { 承办: '授予机关' } })])
    const asked = ['import', 'award', table]
    t.match((await command([...asked, '--template', '省奖'])).stderr, /没有名为“省奖”的模板/)
    const saved = await command([...asked, '--mapping', mapping, '--save-template', '省奖', '--preview'])
    t.match(saved.stdout, /已存为河北省市场监督管理局的模板“省奖”/)
    const first = await command([...asked, '--template', '省奖'])
    t.match(first.stdout, /新增记录 1[\s\S]*其中 2 行的企业没有建档，列入待建档/)
    t.notMatch(
      (await command([...asked, '--template', '省奖'])).stdout,
      /列入待建档/,
      'the same file waits once',
    )

    const list = async () =>
      JSON.parse((await command(['waiting', 'list', '--json'])).stdout) as { id: string; code: string }[]
    t.same((await list()).map(({ code }) => code).sort(), [late, never].sort())
    const idOf = async (code: string) => (await list()).find((own) => own.code === code)?.id ?? ''
    const errors = ['--errors', join(folder, 'errors.csv')]
    t.equal((await command(['waiting', 'import', await idOf(late), ...errors])).code, 1, 'still not on file')
    t.equal((await list()).length, 2, 'it waits on, once')
    t.equal((await firm(late, '示例乙公司')).code, 0)
    t.match((await command(['waiting', 'import', await idOf(late), ...errors])).stdout, /新增记录 1/)
    t.match(
      (await command(['waiting', 'close', await idOf(never), '--reason', '外省企业，已转送'])).stdout,
      /1 行不再等待/,
    )
    t.same(await list(), [])
    t.match((await command(['waiting', 'close', 'x', '--reason', 'y'])).stderr, /没有这一编号/)
  },
)
