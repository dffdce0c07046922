import t from 'tap'
import type { CheckedEnterprise, CheckedRow } from '../../src/checking/check.ts'
import { beforeInWords, type ComparedRow, changeOf } from '../../src/checking/verdict.ts'

/** What a check that is made again says has changed: whatever the earlier one told of an enterprise. */

const listed = { id: 'a', from: '2026-03-11', until: '2029-03-11', ground: '甲情形' }
const firm: CheckedEnterprise = {
  orgCode: 'M000100Y4',
  uscc: null,
  name: '示例公司',
  region: '河北省石家庄市',
  status: '存续',
  grade: 'A',
  class: 'AA',
}
const row = (more: Partial<CheckedEnterprise> = {}): CheckedRow => ({
  line: 1,
  asked: '示例公司',
  given: { name: '示例公司' },
  certainty: 'certain',
  why: '',
  enterprise: { ...firm, ...more },
})
const none = '未被列入质量失信黑名单'
const onList = '自 2026-03-11 起被列入质量失信黑名单，期限至 2029-03-11'

const changes: [what: string, then: CheckedRow, now: CheckedRow, words: string][] = [
  ['listed', row(), row({ listed }), `确定，${none}，列入情形：无`],
  ['off the list', row({ listed }), row(), `确定，${onList}，列入情形：甲情形`],
  [
    'another ground',
    row({ listed }),
    row({ listed: { ...listed, ground: '乙情形' } }),
    `确定，${onList}，列入情形：甲情形`,
  ],
  [
    'another listing of the same days',
    row({ listed }),
    row({ listed: { ...listed, id: 'b' } }),
    `确定，${onList}`,
  ],
  ['a grade', row(), row({ grade: 'D' }), `确定，${none}，质量信用等级：A`],
  ['a class', row(), row({ class: 'B' }), `确定，${none}，分类监管类别：AA`],
  ['dissolved', row(), row({ status: '注销' }), `确定，${none}，经营状态：存续`],
  ['renamed', row(), row({ name: '新名公司' }), `确定，${none}，名称：示例公司`],
  ['moved', row(), row({ region: '河北省唐山市' }), `确定，${none}，所在地：河北省石家庄市`],
  [
    'found no more',
    row(),
    { line: 1, asked: '示例公司', given: {}, certainty: 'none', why: '' },
    `确定，${none}，名称：示例公司，所在地：河北省石家庄市，经营状态：存续，质量信用等级：A，分类监管类别：AA`,
  ],
]

t.test('each thing that was told and is another now is told as it was', async (t) => {
  for (const [what, then, now, words] of changes) {
    const before = changeOf(now, then)
    const compared: ComparedRow = { ...now, ...(before && { before }) }
    t.equal(beforeInWords(compared), words, what)
  }
  t.equal(changeOf(row({ listed }), row({ listed })), undefined, 'nothing')
  t.equal(changeOf(row(), { ...row(), why: '代码一致。', asked: '另一写法' }), undefined, 'how it was found')
  t.equal(beforeInWords(row()), '')
})
