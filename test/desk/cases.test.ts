import t, { type Test } from 'tap'
import yauzl from 'yauzl'
import { type CaseDocument, documentOf } from '../../src/blacklist/documents.ts'
import { type Clock, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { signedIn, type Visitor } from './visitor.ts'

const uscc = unifiedCode('CAEE0001')
const key = uscc.slice(8, 17)
const request = { actor: { authority: '省局', officer: '省局经办' }, command: 'open' }

/** Two officers of a city, and a firm with a penalty that meets a ground. */
async function desk(t: Test) {
  const server = await testServer(t)
  const { acts } = server.registry
  const recorder = await signedIn(server, { login: 'zhangsan', roles: ['recorder', 'reviewer'] })
  const reviewer = await signedIn(server, { login: 'lisi', name: '李四', roles: ['reviewer', 'publisher'] })
  await acts.open({ codes: { uscc }, data: { name: '示例无证公司', region: '130102' } }, request)
  const penalty = penaltyOf('冀监罚77号', {
    authority: '河北省市场监督管理局',
    conduct: '无证生产列入目录的产品',
    category: '无证生产经营',
    severity: '严重',
  })
  const actor = { authority: '河北省市场监督管理局', officer: '张三' }
  await acts.addRecord(key, 'penalty', penalty.data, undefined, { actor, command: 'penalty' })
  return { server, recorder, reviewer, penaltyId: server.registry.files.byCode(key).records[0]?.id ?? '' }
}

async function proposed(recorder: Visitor, penaltyId: string): Promise<string> {
  const page = `/desk/acts/propose-listing?code=${key}&penalties=${penaltyId}`
  const form = { penalties: penaltyId, ground: 'order-44/unlicensed', facts: '无证生产', reasons: '情节严重' }
  const { headers } = await recorder.fill(page, form, `/desk/acts/propose-listing?code=${key}`)
  return String(headers.location).split('?')[0] ?? ''
}

const ACTS: Readonly<Record<string, string>> = {
  notice: 'serve-notice',
  statement: 'record-statement',
  consent: 'consent-to-listing',
  decision: 'decide-listing',
  publication: 'publish-listing',
  revocation: 'revoke-listing',
}

const step = (visitor: Visitor, page: string, name: string, form: Record<string, string | string[]> = {}) =>
  visitor.fill(page, form, `/desk/acts/${ACTS[name]}?code=${key}&id=${page.split('/').at(-1)}`)

/** The day after the period in which the party may state its case. */
const DECIDED = '2026-12-02'
async function heard(clock: Clock, officers: Readonly<Record<string, Visitor>>): Promise<void> {
  clock.set(`${DECIDED}T02:00:00.000Z`)
  for (const [login, officer] of Object.entries(officers)) await officer.signIn(login)
}

/** A case that has gone the whole way onto the list. */
async function listed(
  { clock }: { clock: Clock },
  recorder: Visitor,
  reviewer: Visitor,
  penaltyId: string,
): Promise<string> {
  const page = await proposed(recorder, penaltyId)
  const decision = { listed: 'yes', decisionNo: '1号', decidedOn: DECIDED, reasons: '证据充分' }
  await step(recorder, page, 'notice', { servedOn: '2026-11-24', way: '直接送达' })
  await step(recorder, page, 'statement', { on: '2026-11-24', statement: '不是我们', answer: '查实' })
  await heard(clock, { zhangsan: recorder, lisi: reviewer })
  await step(reviewer, page, 'decision', decision)
  await step(reviewer, page, 'publication')
  return page
}

t.test('a case goes from the candidate to the list with two officers', async (t) => {
  const { server, recorder, reviewer, penaltyId } = await desk(t)
  t.match((await recorder.get('/desk/cases/candidates')).body, /示例无证公司[\s\S]*冀监罚77号/)
  const offered = (await recorder.get(`/desk/acts/propose-listing?code=${key}&penalties=${penaltyId}`)).body
  t.match(offered, /option value="order-44\/unlicensed"/)
  t.match(offered, new RegExp(`<input type="checkbox" name="penalties" value="${penaltyId}" checked`))
  const empty = await recorder.fill(`/desk/acts/propose-listing?code=${key}`, {
    penalties: penaltyId,
    ground: 'order-44/unlicensed',
    facts: '',
    reasons: '很重要',
  })
  t.match(empty, { statusCode: 422, body: /id="propose-listing-facts-fault"/ })
  t.match(empty.body, /很重要/, 'what was typed is still there')
  const mixed = { penalties: penaltyId, ground: 'order-44/unlicensed', facts: 'x', reasons: 'x' }
  t.match(
    await recorder.fill(`/desk/acts/propose-listing?code=${key}`, { ...mixed, ruleSet: 'aqsiq' }),
    { statusCode: 422, body: /所选情形属于规则 order-44，与所填的 aqsiq 不符/ },
    'a ground of other rules',
  )
  t.notMatch(offered, /冀监罚77号[^<]*冀监罚77号/, 'a penalty is named once')
  const standing = server.registry.files.byCode(key).records[0]?.data ?? {}
  const typed = Object.fromEntries(Object.entries(standing).map(([field, value]) => [field, String(value)]))
  const heardOn = (hearingOn: string) =>
    recorder.fill(`/desk/enterprises/${key}/records/${penaltyId}/update`, {
      ...{ ...typed, reason: '补填' },
      ...{ hearingToldOn: '2026-09-18', hearing: '已举行', hearingOn },
    })
  await heardOn('2026-09-28')
  const page = await proposed(recorder, penaltyId)
  t.match(
    (await reviewer.get(page)).body,
    /听证日期[\s\S]*2026-09-28|听证日期[\s\S]*2026年9月28日/,
    'who decides sees whether the party was heard',
  )
  t.match((await reviewer.get(page)).body, /听证应在七日前通知[\s\S]*最早为 2026-09-29/)
  const used = await recorder.get(`/desk/acts/propose-listing?code=${key}`)
  t.notMatch(used.body, new RegExp(`value="${penaltyId}"`), 'what carries a case is not offered again')
  t.match(page, /^\/desk\/cases\/[\w-]+$/)
  t.notMatch((await recorder.get('/desk/cases/candidates')).body, /冀监罚77号/)

  const early = await step(reviewer, page, 'decision', {
    listed: 'yes',
    decisionNo: '1号',
    decidedOn: '2026-11-24',
    reasons: 'x',
  })
  t.match(early, { statusCode: 409, body: /不能作出决定。现在可以：送达告知/ }, 'not before its turn')
  t.match(await step(recorder, page, 'notice', { servedOn: '2026-11-30', way: '直接送达' }), {
    statusCode: 422,
    body: /晚于今天/,
  })
  await step(recorder, page, 'notice', { servedOn: '2026-11-24', way: '直接送达' })
  await step(recorder, page, 'statement', { on: '2026-11-24', statement: '初犯', answer: '不予采纳' })
  await heard(server.clock, { zhangsan: recorder, lisi: reviewer })

  t.match((await recorder.get(page)).body, /作出决定：须由另一人办理/)
  const own = { listed: 'yes', decisionNo: '1号', decidedOn: DECIDED, reasons: '证据充分' }
  t.match(await step(recorder, page, 'decision', own), {
    statusCode: 403,
    body: /须由另一人办理/,
  })
  t.match((await reviewer.get('/desk')).body, /等您办理[\s\S]*作出决定<\/a> 示例无证公司/)
  t.notMatch((await recorder.get('/desk')).body, /等您办理/)
  t.match((await step(reviewer, page, 'decision', { ...own, listed: '' })).body, /决定：必填/)
  t.match(await step(reviewer, page, 'decision', own), {
    statusCode: 422,
    body: /听证情况未补正[\s\S]*最早为 2026-09-29/,
  })
  await heardOn('2026-09-29')
  t.equal((await step(reviewer, page, 'decision', own)).headers.location, `${page}?done=1`)
  t.match((await server.app.inject(`/enterprises/${key}`)).body, /未被列入/, 'decided is not yet public')
  await step(reviewer, page, 'publication')
  t.match((await server.app.inject(`/enterprises/${key}`)).body, /被列入/)
  const shown = (await reviewer.get(page)).body
  t.match(shown, /在名单上[\s\S]*证据[\s\S]*冀监罚77号/)
  t.match((await reviewer.get('/desk/cases?status=inForce&format=csv')).body, /示例无证公司,.*在名单上/)
  t.match((await reviewer.get('/desk/cases?status=proposed')).body, /没有案件/)
  t.match((await reviewer.get('/desk/cases?find=没有这样的')).body, /没有符合条件的行/)
  const { items } = server.registry.listings.cases(
    { authority: '', officer: '' },
    { status: 'inForce' },
    '',
    10,
  )
  t.match(
    items[0]?.own.decided,
    { measures: { length: 4 } },
    'the measures of the rules where none were chosen',
  )
  t.match(await server.registry.accesses.find({ act: 'refused' }, 1e9, 10), [
    { officer: '张三', detail: /POST .*decide-listing.*：须由另一人办理/ },
  ])
})

t.test('a wrong listing is revoked, and its texts go', async (t) => {
  const { server, recorder, reviewer, penaltyId } = await desk(t)
  const page = await listed(server, recorder, reviewer, penaltyId)
  t.match((await reviewer.get(page)).body, /<summary>撤销列入<\/summary>/)
  t.match((await step(reviewer, page, 'revocation', { reason: '' })).body, /撤销的原因：必填/)
  const asked = await step(reviewer, page, 'revocation', { reason: '认定错误' })
  const proposal = String(asked.headers.location).split('?')[0] ?? ''
  t.match(proposal, /^\/desk\/proposals\//)
  t.match((await server.app.inject(`/enterprises/${key}`)).body, /被列入/, 'nothing has changed yet')
  t.match((await reviewer.get(proposal)).body, /认定错误[\s\S]*您不能确认：须由另一人办理/)
  t.match((await recorder.get('/desk')).body, /确认：撤销列入<\/a> 示例无证公司/)
  t.equal((await reviewer.fill(proposal, {}, `${proposal}/confirm`)).statusCode, 403)
  const gone = await recorder.fill(proposal, {}, `${proposal}/confirm`)
  t.equal(gone.headers.location, `/desk/enterprises/${key}?done=removed`)
  t.match((await server.app.inject(`/enterprises/${key}`)).body, /未被列入/)
  t.match((await server.app.inject(`/enterprises/${key}`)).body, /未被列入/)
  t.equal((await reviewer.get(page)).statusCode, 404)
  t.notMatch((await reviewer.get(`/desk/enterprises/${key}`)).body, /不是我们/)
})

t.test('documents say what the steps recorded, on paper and as DOCX', async (t) => {
  const { server, recorder, reviewer, penaltyId } = await desk(t)
  const page = await proposed(recorder, penaltyId)
  t.match((await recorder.get(page)).body, /列入告知书/)
  t.match((await recorder.get(`${page}/documents/decision`)).statusCode, 404, 'not before there is one')
  t.equal((await recorder.get(`${page}/documents/nothing`)).statusCode, 404)
  await step(recorder, page, 'notice', { servedOn: '2026-11-24', way: '直接送达' })
  await step(recorder, page, 'statement', { on: '2026-11-24', statement: '初犯。', answer: '不予采纳。' })
  await heard(server.clock, { zhangsan: recorder, lisi: reviewer })
  await step(reviewer, page, 'decision', {
    listed: 'yes',
    decisionNo: '冀市监列〔2026〕1号',
    decidedOn: DECIDED,
    reasons: '证据充分',
  })
  const { body } = await recorder.get(`${page}/documents/decision`)
  for (const said of [
    '列入决定书',
    '冀市监列〔2026〕1号',
    '示例无证公司：',
    '冀监罚77号',
    '初犯。本机关认为',
    '2026年11月24日',
    '二〇二六年十二月二日',
    '（印章）',
    `统一社会信用代码：${uscc}`,
    '联系电话',
    '河北省人民政府申请行政复议',
    '《市场监督管理严重违法失信名单管理办法》第七条',
  ])
    t.ok(body.includes(said), said)
  t.notMatch(body, /。。|；。/)
  const file = await server.app.inject({
    url: `${page}/documents/decision.docx`,
    headers: { cookie: recorder.cookie },
  })
  t.match(file.headers['content-type'], /wordprocessingml/)
  const text = await documentText(file.rawPayload)
  for (const said of ['列入决定书', '冀市监列〔2026〕1号', '初犯。本机关认为', '二〇二六年十二月二日'])
    t.ok(text.includes(said), said)
  const paragraphs = (await documentXml(file.rawPayload)).split('</w:p>').slice(0, -1)
  const kept = paragraphs.map((one) => /<w:keepNext\/>/.test(one)).slice(-6)
  t.same(kept, [false, false, true, true, true, false], 'a signature stands on the page of what it signs')

  const { own, dossier } = server.registry.listings.case(page.split('/').at(-1) ?? '')
  const named = (name: CaseDocument) => documentOf(name, dossier, own)?.title
  t.same((['notice', 'decision', 'repair-acceptance', 'repair-decision', 'removal'] as const).map(named), [
    '列入告知书',
    '列入决定书',
    undefined,
    undefined,
    undefined,
  ])
})

t.test('steps of one case by a county need the city; another region’s are refused and logged', async (t) => {
  const { server } = await desk(t)
  const bureau = '长安区市场监督管理局'
  const county = await signedIn(server, {
    login: 'county',
    name: '县甲',
    authority: bureau,
    roles: ['recorder'],
    region: '130102',
  })
  const countyReviewer = await signedIn(server, {
    login: 'county2',
    name: '县乙',
    authority: bureau,
    roles: ['reviewer'],
    region: '130102',
  })
  const city = await signedIn(server, {
    login: 'city',
    name: '市甲',
    authority: '石家庄市局',
    roles: ['reviewer'],
    region: '130100',
  })
  const elsewhere = await signedIn(server, {
    login: 'tangshan',
    name: '唐甲',
    authority: '唐山市局',
    roles: ['recorder'],
    region: '130200',
  })
  const penalty = penaltyOf('长安罚1号', {
    conduct: '无证生产列入目录的产品',
    category: '无证生产经营',
    severity: '严重',
    authority: bureau,
  })
  const added = { ...request, command: 'county penalty' }
  const { recordId = '' } = await server.registry.acts.addRecord(
    key,
    'penalty',
    penalty.data,
    undefined,
    added,
  )
  const page = await proposed(county, recordId)
  t.match(await step(elsewhere, page, 'notice', { servedOn: '2026-11-24', way: 'x' }), {
    statusCode: 403,
    body: /属长安区市场监督管理局/,
  })
  t.match(await server.registry.accesses.find({ act: 'refused' }, 1e9, 10), [
    { officer: '唐甲', detail: /POST .*属长安区市场监督管理局/ },
  ])
  await step(county, page, 'notice', { servedOn: '2026-11-24', way: '直接送达' })
  await step(county, page, 'statement', { on: '2026-11-24', statement: '初犯', answer: '不予采纳' })
  await heard(server.clock, { county, county2: countyReviewer, city })
  t.match((await countyReviewer.get(page)).body, /上一级同意：须经上一级机关办理/)
  t.match((await step(countyReviewer, page, 'consent', { granted: 'yes', reasons: 'x' })).statusCode, 403)
  t.match((await city.get('/desk')).body, /上一级同意<\/a> 示例无证公司/)
  t.equal((await step(city, page, 'consent', { granted: 'yes', reasons: '同意' })).statusCode, 303)
  const decision = { listed: 'no', decisionNo: '1号', decidedOn: DECIDED, reasons: '情节轻微' }
  t.equal((await step(countyReviewer, page, 'decision', decision)).statusCode, 303)
  t.match((await county.get(page)).body, /决定不列入[\s\S]*案件已结束/)
})

t.test('bulletins are drafted by one, compared, sent back or issued by another', async (t) => {
  const { server, recorder, reviewer, penaltyId } = await desk(t)
  await listed(server, recorder, reviewer, penaltyId)
  const actOn = (act: string, page: string) => `/desk/acts/${act}-bulletin?id=${page.split('/').at(-1)}`
  const draft = async () => {
    const period = { from: '2026-11-01', to: DECIDED }
    const { headers } = await recorder.fill('/desk/bulletins', period, '/desk/acts/draft-bulletin')
    return String(headers.location).split('?')[0] ?? ''
  }
  t.match(
    (
      await recorder.fill(
        '/desk/bulletins',
        { from: '2026-11-09', to: '2026-11-01' },
        '/desk/acts/draft-bulletin',
      )
    ).body,
    /早于开始/,
  )
  const first = await draft()
  t.match((await recorder.get(first)).body, /示例无证公司[\s\S]*自己起草的公告由另一人批准/)
  t.equal((await recorder.fill(first, {}, actOn('issue', first))).statusCode, 403)
  t.match((await reviewer.get('/desk')).body, /批准公告/)
  t.match((await reviewer.fill(first, { reason: '' }, actOn('return', first))).body, /退回的理由：必填/)
  await reviewer.fill(first, { reason: '期间不对' }, actOn('return', first))
  t.match((await recorder.get('/desk')).body, /公告被退回<\/a> .*期间不对/)
  t.equal(
    (await reviewer.fill(first, {}, actOn('issue', first))).statusCode,
    409,
    'what went back is not issued',
  )
  await recorder.fill(first, {}, actOn('discard', first))
  t.notMatch((await recorder.get('/desk')).body, /公告被退回/)
  t.equal((await server.app.inject(`/api/v1/bulletins/${first.split('/').at(-1)}`)).statusCode, 404)
  const second = await draft()
  t.equal((await reviewer.fill(second, {}, actOn('issue', second))).statusCode, 303)
  const shown = await server.app.inject(`/api/v1/bulletins/${second.split('/').at(-1)}`)
  t.match(shown.json(), { year: 2026, no: 1, listed: [{ name: '示例无证公司' }] })
  t.notMatch(shown.body, /张三|李四|officer\//, 'the public does not learn who wrote it')
  const file = await reviewer.get(`${second}/document.docx`)
  t.match(file.headers, { 'content-type': /wordprocessingml/ })
  t.match(
    await documentText(file.rawPayload),
    /（2026年第1期）[\s\S]*现予公告[\s\S]*本期列入 1 家：[\s\S]*1．示例无证公司（\w{18}）[\s\S]*本期移出：[\s\S]*印章[\s\S]*二〇二六年十二月二日/,
  )
  t.match((await reviewer.get(second)).body, `href="${second}/document.docx"`)
  const third = await draft()
  t.match((await reviewer.get(third)).body, /上一期：[\s\S]*与本期重叠/)
  t.match((await reviewer.get(third)).body, /上一期已公告/)

  const correcting = {
    ...{ from: '2026-11-01', to: DECIDED },
    ...{ bulletin: second.split('/').at(-1) ?? '', text: '设备编码 13812345678 有误' },
  }
  const drafting = (form: Record<string, string>) =>
    recorder.fill('/desk/bulletins', form, '/desk/acts/draft-bulletin')
  t.match((await drafting({ ...correcting, text: '文号有误' })).headers.location, /bulletins/)
  const refused = await drafting(correcting)
  t.match(refused, { statusCode: 422, body: /更正第 6 个字符起[\s\S]*name="not-personal.text"/ })
  t.match(await drafting({ ...correcting, 'not-personal.from': '编码' }), { statusCode: 422 })
  const said = await drafting({ ...correcting, 'not-personal.text': '设备的编码' })
  const fourth = String(said.headers.location).split('?')[0] ?? ''
  t.match((await reviewer.get(fourth)).body, /起草人写明：设备的编码/, 'whoever approves sees what was said')
  await reviewer.fill(fourth, {}, actOn('issue', fourth))
  const issued = await server.app.inject(`/api/v1/bulletins/${fourth.split('/').at(-1)}`)
  t.match(issued.json(), { corrections: [{ text: correcting.text }] })
  t.notMatch(issued.body, /设备的编码|notPersonal/, 'and nobody else')
})

/** All text of a DOCX file. */
async function documentText(bytes: Buffer): Promise<string> {
  return (await documentXml(bytes)).replace(/<[^>]+>/g, '')
}

/** What a DOCX file says and how. */
function documentXml(bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, archive) => {
      if (error) return reject(error)
      archive.on('error', reject)
      archive.on('entry', (entry: yauzl.Entry) => {
        if (entry.fileName !== 'word/document.xml') return archive.readEntry()
        archive.openReadStream(entry, async (failure, stream) => {
          if (failure) return reject(failure)
          const chunks: Buffer[] = []
          for await (const chunk of stream) chunks.push(Buffer.from(chunk))
          resolve(Buffer.concat(chunks).toString())
        })
      })
      archive.readEntry()
    })
  })
}
