import { z } from 'zod'
import { parseEnterpriseCode } from '../codes/enterprise-code.ts'
import { number, text } from '../records/fields.ts'
import { columnsOf } from '../records/kind.ts'
import { licenceKinds } from '../records/licence.ts'
import { rosterSubject } from '../supervision/roster.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { line, paragraphs, pastDay } from './input.ts'

const about = {
  kind: z.enum(licenceKinds).meta({ label: '许可类别' }),
  part: line('部分', { hint: '名录较大时分地区等登记；同一类别、同一部分的，新的替代旧的' }).optional(),
  source: line('来源', { max: 200, hint: '如：省局许可系统导出' }),
  on: pastDay('截至日期'),
}
const MOST_HOLDERS = 10_000

/** Takes in a roster of licence or certificate holders (登记名录), which the coverage of files is measured by: it opens no file. */
export const takeRosterAct = act({
  name: 'take-roster',
  label: '登记持证企业名录',
  on: 'register',
  input: z.strictObject({
    ...about,
    holders: z
      .array(
        z.strictObject({
          code: text(30).optional(),
          name: text(200),
          number: number().optional(),
        }),
      )
      .min(1, '至少一家。')
      .max(MOST_HOLDERS, `最多 ${MOST_HOLDERS} 家；请分部分登记。`)
      .meta({ label: '名录', description: '每家的代码、名称、许可证编号；没有代码的不能确定是哪家' }),
  }),
  form: {
    columns: columnsOf(
      z.strictObject({
        ...about,
        holders: paragraphs(
          '名录',
          900_000,
          '每行一家：代码、名称、许可证编号，以制表符或逗号分开，可以从表格复制；没有代码的留空',
        ),
      }),
    ),
    inputOf: ({ holders, ...rest }) => ({
      ...rest,
      holders: (typeof holders === 'string' ? holders : '').split('\n').flatMap(holderIn),
    }),
  },
  right: 'supervision:write',
  whose: 'province',
  route: { method: 'POST', path: '/supervision/rosters', status: 201, answer: 'roster' },
  effect: '只用来核对建档情况，不建档案；同一类别、同一部分此前的名录不再采用。',
  decide: (_, asked, at) =>
    one({ subject: rosterSubject(at.newId()), revision: 0 }, at, 'roster.taken', asked),
})

const HEADING = /^(统一社会信用代码|组织机构代码|代码|企业名称|单位名称|名称)$/u

/** A holder as one line of a table says it; none for a blank line and for the headings. */
function holderIn(row: string): { code?: string; name: string; number?: string }[] {
  const cells = row.split(/[\t,，]/u).map((cell) => cell.trim())
  const isCoded = parseEnterpriseCode(cells[0] ?? '').ok || cells[0] === ''
  const [code = '', name = '', number = ''] = isCoded ? cells : ['', ...cells]
  if (cells.every((cell) => cell === '') || HEADING.test(cells[0] ?? '')) return []
  return [{ ...(code !== '' && { code }), name, ...(number !== '' && { number }) }]
}
