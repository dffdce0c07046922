import t from 'tap'
import { penaltiesOf } from '../../src/blacklist/basis.ts'
import { caseDocuments, documentOf } from '../../src/blacklist/documents.ts'
import { OPEN_NUMBER } from '../../src/documents/document.ts'
import { decisionOn, Firm, grave, people } from './firm.ts'

const texts = (firm: Firm, id: string) =>
  Object.fromEntries(
    caseDocuments.map((name) => {
      const own = documentOf(name, firm.dossier, firm.case(id))
      return [name, own && { ...own, text: own.paragraphs.join('\n') }]
    }),
  )

t.test('each document once its step is taken', async (t) => {
  const firm = new Firm([grave('p'), grave('q', '2026-02-03'), grave('outside', '2026-02-03')])
  const id = firm.propose(['p', 'q'], { facts: '生产不合格电缆。', reasons: '数量大；' })
  const there = () => Object.entries(texts(firm, id)).flatMap(([name, own]) => (own ? [name] : []))
  t.same(there(), ['notice'], 'a notice is printed before it is served')
  t.equal(texts(firm, id).notice?.date, undefined)
  t.match(texts(firm, id).notice?.text, /5个工作日内向本机关陈述/, 'no last day before it is served')
  firm.step(id, { step: 'notice', servedOn: '2026-03-02', way: '直接送达' })
  const notice = texts(firm, id).notice
  t.match(notice, { title: '列入告知书', addressee: '示例公司', authority: '长安区局', date: '2026-03-02' })
  for (const part of [
    '生产不合格电缆。',
    '数量大。',
    '《市场监督管理严重违法失信名单管理办法》第七条',
    '36个月',
    '告知承诺制',
    '5个工作日',
    '2026年3月9日',
  ])
    t.ok(notice?.text.includes(part), part)
  t.notOk(notice?.text.includes('。。'), 'a text ends once')
  for (const documentNo of ['p', 'q'])
    t.ok(
      notice?.text.includes(`市局于2026年2月${documentNo === 'p' ? 2 : 3}日作出的${documentNo}行政处罚决定`),
      documentNo,
    )
  t.notMatch(notice?.text, /outside/, 'a penalty outside the case is not named')
  firm.today = '2026-03-10'
  firm.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
  firm.step(id, decisionOn('2026-03-10'), people.head)
  t.same(there(), ['notice', 'decision'])
  const decision = texts(firm, id).decision
  t.match(decision, {
    title: '列入决定书',
    number: '长市监列〔2026〕1号',
    date: '2026-03-10',
    authority: '长安区局',
  })
  for (const part of [
    '未提出陈述、申辩',
    '自2026年3月10日起至2029年3月10日止',
    '自2027年3月10日起可以申请',
    '六十日内',
    '六个月内',
  ])
    t.ok(decision?.text.includes(part), part)
  t.notMatch(decision?.text, /outside/)
  firm.step(id, { step: 'publication' }, people.head)
  firm.today = '2027-03-10'
  firm.step(id, { step: 'repairApplication', on: '2027-03-10', grounds: '已整改' })
  t.same(there(), ['notice', 'decision'])
  firm.step(id, { step: 'repairAcceptance', accepted: true, reasons: '材料齐全' })
  t.match(texts(firm, id)['repair-acceptance'], {
    title: '信用修复受理通知书',
    text: /予以受理.*15个工作日/s,
    date: '2027-03-10',
  })
  firm.step(id, { step: 'repairInspection', on: '2027-03-10', findings: '属实' })
  firm.step(id, { step: 'repairDecision', granted: true, reasons: '符合条件' }, people.head)
  t.same(
    there(),
    caseDocuments.filter((name) => name !== 'rebasing'),
  )
  t.match(texts(firm, id)['repair-decision'], { title: '准予信用修复决定书', text: /属实.*移出/s })
  t.notMatch(texts(firm, id)['repair-decision']?.text, /复议/)
  t.match(texts(firm, id).removal, { title: '移出决定书', text: /2027年3月10日/, date: '2027-03-10' })
})

t.test('what is refused says so, with the remedy', async (t) => {
  const firm = new Firm()
  const id = firm.listed()
  firm.today = '2027-03-11'
  firm.step(id, { step: 'repairApplication', on: '2027-03-10', grounds: '已整改' })
  firm.step(id, { step: 'repairAcceptance', accepted: false, reasons: '材料不全' })
  const rejected = texts(firm, id)['repair-acceptance']
  t.match(rejected, { title: '信用修复不予受理通知书', text: /2027年3月10日.*不予受理.*材料不全.*行政复议/s })
  t.notMatch(rejected?.text, /个工作日内作出决定/)
  firm.step(id, { step: 'repairApplication', on: '2027-03-10', grounds: '已整改' })
  t.equal(texts(firm, id)['repair-acceptance'], undefined, 'a new application has none yet')
  firm.step(id, { step: 'repairAcceptance', accepted: true, reasons: '齐全' })
  firm.step(id, { step: 'repairInspection', on: '2027-03-10', findings: '未整改' })
  firm.step(id, { step: 'repairDecision', granted: false, reasons: '未消除后果' }, people.head)
  const refused = texts(firm, id)['repair-decision']
  t.match(refused, { title: '不予信用修复决定书', text: /未整改.*不予信用修复.*未消除后果.*复议/s })
  t.notMatch(refused?.text, /移出/)
  t.equal(texts(firm, id).removal, undefined)
})

t.test('a decision not to list, and one after a statement', async (t) => {
  const firm = new Firm()
  const id = firm.propose()
  firm.step(id, { step: 'notice', servedOn: '2026-03-02', way: '直接送达' })
  firm.today = '2026-03-10'
  firm.step(id, { step: 'statement', on: '2026-03-05', statement: '情节轻微', answer: '予以采纳' })
  firm.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
  firm.step(id, decisionOn('2026-03-10', { listed: false }), people.head)
  const decision = texts(firm, id).decision
  t.match(decision, {
    title: '不予列入决定书',
    text: /2026年3月5日提出陈述、申辩：情节轻微。本机关认为：予以采纳。/,
  })
  t.match(decision?.text, /不将你单位列入.*四、依据。《市场监督管理严重违法失信名单管理办法》的有关规定。/s)
  t.notMatch(decision?.text, /管理措施|公示/)
})

t.test('of two penalties one withdrawn, the other is named', async (t) => {
  const firm = new Firm([grave('p'), grave('q', '2026-02-03')])
  const id = firm.propose(['p', 'q'])
  firm.withdraw('p')
  t.same(
    penaltiesOf(firm.dossier, firm.case(id)).map((own) => own.id),
    ['q'],
  )
  t.notMatch(texts(firm, id).notice?.text, /的p行政/)
  firm.withdraw('q')
  t.notMatch(texts(firm, id).notice?.text, /为证/)
})

t.test('a decision reads as it was taken, whatever becomes of its penalties', async (t) => {
  const firm = new Firm([grave('p'), grave('q', '2026-02-03')])
  const id = firm.listed(['p', 'q'])
  const taken = texts(firm, id).decision?.text
  t.match(taken, /的p行政处罚决定.*的q行政处罚决定为证/)
  t.match(taken, /四、依据。《市场监督管理严重违法失信名单管理办法》第七条（生产、销售不符合/)
  firm.review('p', { reviewOutcome: '撤销', reviewedOn: '2026-03-09' })
  t.equal(texts(firm, id).decision?.text, taken)
})

t.test('what ends by itself is signed by whoever listed, and names the decision', async (t) => {
  const firm = new Firm()
  const id = firm.listed()
  firm.review('p', { reviewOutcome: '撤销', reviewedOn: '2026-03-09' })
  t.match(texts(firm, id).removal, {
    authority: '长安区局',
    number: OPEN_NUMBER,
    text: /^长安区局于2026年3月10日作出长市监列〔2026〕1号决定，.*依据《市场监督管理严重违法失信名单管理办法》的有关规定/,
  })
  const higher = new Firm()
  const other = higher.listed()
  higher.step(other, { step: 'revocation', reason: '列入有误' }, people.city)
  t.equal(texts(higher, other).removal?.authority, '石家庄市局', 'a person signs for their own')
})
