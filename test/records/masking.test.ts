import t from 'tap'
import { masked } from '../../src/records/masking.ts'

/** What of a decision's text is masked before anything is kept. */

const none = { mask: [], keep: [] }
const ID = '11010519491231002X'

t.test('what is found, what is named, and what overlaps', async (t) => {
  for (const [text, given, shown, places] of [
    ['罚款五万元', none, '罚款五万元', 0],
    ['电话13812345678。', none, '电话××××。', 1],
    [`身份证${ID}，电话13812345678`, none, '身份证××××，电话××××', 2],
    ['张三丰与张三', { mask: ['张三'], keep: [] }, '××××丰与××××', 2],
    ['张三丰与张三', { mask: ['张三', '张三丰'], keep: [] }, '××××与××××', 2],
    ['甲方13812345678乙', { mask: ['方13812345678乙'], keep: [] }, '甲××××', 1],
    ['批次13812345678号', { mask: [], keep: ['13812345678'] }, '批次13812345678号', 0],
    [`编号${ID}`, { mask: [], keep: [ID] }, '编号××××', 1],
    ['甲甲甲', { mask: ['甲'], keep: [] }, '××××××××××××', 3],
  ] as const) {
    const { text: own, places: count, missing } = masked(text, given)
    t.same([own, count, missing], [shown, places, []], text)
  }
  t.same(masked('甲乙', { mask: ['丙', '甲'], keep: ['丁'] }).missing, ['丙', '丁'])
})
