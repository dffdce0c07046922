import t, { type Test } from 'tap'
import { z } from 'zod'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'
import { type Expected, type Line, people, type Story, type statuses, stories } from './story.ts'

/** Runs every worked case through the HTTP API, the daily job on each day that the story comes to. */

const FIELDS: Readonly<Record<string, string>> = {
  文号: 'documentNo',
  告知听证: 'hearingToldOn',
  听证: 'hearing',
  听证日期: 'hearingOn',
  违法行为: 'conduct',
  违法情形: 'category',
  违法程度: 'severity',
  种类: 'types',
  罚款: 'fine',
  程序: 'procedure',
  决定日期: 'decidedOn',
  公示日期: 'publishedOn',
  限制至: 'restrictionEndsOn',
  履行完毕: 'fulfilledOn',
  复议结果: 'reviewOutcome',
  复议日期: 'reviewedOn',
  所变更的文号: 'replacesNo',
  虚假申请的许可: 'refusedLicence',
  机关: 'authority',
  状态: 'status',
  地区: 'region',
  名称: 'name',
  经营异常名录: 'abnormalList',
  结果: 'outcome',
  检查日期: 'inspectedOn',
  送达日期: 'deliveredOn',
  复检: 'retest',
  违反的规定: 'violatedProvision',
  授予日期: 'grantedOn',
  违法领域: 'area',
  奖励级别: 'level',
  不合格程度: 'severity',
  整改期限: 'rectificationDueOn',
  整改完成: 'rectifiedOn',
  检查类别: 'kind',
  产品: 'product',
  状态变更日期: 'statusChangedOn',
  有效期至: 'validTo',
  决定文号: 'decisionNo',
  发证日期: 'issuedOn',
  产品单元: 'unit',
  许可证编号: 'number',
  许可类别: 'kind',
  撤销原因: 'withdrawalCause',
  吊销的证照: 'revokedLicence',
  奖励撤销日期: 'revokedOn',
  复查日期: 'reinspectedOn',
  复查结果: 'reinspectionOutcome',
  公告日期: 'overdueNoticedOn',
  责令停业: 'suspendedOn',
  整顿期满: 'suspensionEndsOn',
  期满复查日期: 'finalReinspectedOn',
  期满复查结果: 'finalReinspectionOutcome',
}
const STATUS: Readonly<Record<string, (typeof statuses)[number]>> = {
  proposed: '已提出',
  noticed: '已告知',
  stated: '已陈述',
  consented: '上级已同意',
  consentRefused: '上级不同意',
  decided: '已决定待公示',
  notListed: '不列入',
  inForce: '在名单上',
  suspended: '待重新认定',
  removed: '已移出',
  dropped: '已终止',
}
const CLOCKS: Readonly<Record<string, string>> = {
  陈述申辩: 'statement',
  作出决定: 'decision',
  公示列入: 'publication',
  列入期满: 'expiry',
  重新认定: 'rebasing',
  重新告知: 'restating',
  核对列入依据: 'listingBasis',
  补登听证: 'hearing',
  受理修复: 'repairAcceptance',
  决定修复: 'repairDecision',
  核对修复: 'repairBasis',
  处理异议: 'objection',
  提前停止公示: 'earlyEnd',
  核对提前停止公示: 'earlyEndBasis',
  督促整改: 'rectification',
  复查: 'reinspection',
  公告不改正: 'overdueNotice',
  责令停业整顿: 'suspension',
  整顿期满复查: 'finalReinspection',
  吊销营业执照: 'closure',
  吊销许可证: 'licenceRevocation',
  补齐记录: 'completion',
  核对企业状态: 'enterpriseStatus',
  核对许可状态: 'licenceStatus',
  核实许可: 'barredLicence',
  办理注销: 'licenceCancellation',
  一年三次: 'repeatedPenalties',
}
const CAUSES: Readonly<Record<string, string>> = {
  expired: '期满',
  repaired: '修复',
  revoked: '撤销',
  annulled: '依据撤销',
  dissolved: '企业注销',
}

const COLLEAGUES: Readonly<Record<string, string>> = {
  县局甲: '县局乙',
  县局乙: '县局甲',
  市局甲: '市局乙',
  市局乙: '市局甲',
  省局甲: '省局乙',
  省局乙: '省局甲',
}

const clocksAnswer = z.object({ items: z.array(z.object({ what: z.string(), dueOn: z.string() })) })
const listAnswer = z.object({ items: z.array(z.object({ id: z.string() })) })
const caseAnswer = z.object({
  status: z.string(),
  removed: z.object({ cause: z.string() }).optional(),
  proposed: z.object({ facts: z.string() }),
})
const listingAnswer = z.object({
  from: z.string(),
  until: z.string(),
  repair: z.object({ from: z.string() }),
  penalties: z.array(z.object({ documentNo: z.string() })),
})
const fileAnswer = z.object({
  penalties: z.array(z.object({ data: z.object({ documentNo: z.string() }) })),
  listings: z.array(z.object({ id: z.string() })),
  objections: z.array(z.unknown()),
  ratings: z.array(
    z.object({
      inForce: z.boolean(),
      standard: z.object({ id: z.string() }),
      grade: z.string().nullable(),
      points: z.number(),
    }),
  ),
})
const withId = z.looseObject({ id: z.string().optional() })

for (const { file, story } of stories())
  t.test(`${file}: ${story.题目}`, async (t) => {
    const run = await actors(t, story)
    for (const line of story.经过) await run(line)
  })

async function actors(t: Test, story: Story): Promise<(line: Line) => Promise<void>> {
  const server = await testServer(t)
  const uscc = unifiedCode('GAN00001')
  const code = uscc.slice(8, 17)
  const first = story.经过[0]?.日期 ?? ''
  server.clock.set(`${first}T02:00:00.000Z`)
  const keys = new Map<string, string>()
  for (const [name, { authority, region }] of Object.entries(people)) {
    const { text } = await server.registry.keys.create(
      {
        name,
        authority,
        scopes: [
          ...(['records:write', 'records:read', 'listings:write', 'listings:decide'] as const),
          ...(region === undefined ? (['standards:write', 'ratings:write', 'ratings:approve'] as const) : []),
        ],
        actsFor: `person-${keys.size}`,
        ...(region !== undefined && { region }),
      },
      { authority: '测试', officer: '测试' },
    )
    keys.set(name, text)
  }
  const call = async (method: 'GET' | 'POST' | 'PATCH', url: string, who?: string, payload?: object) => {
    const answer = await server.app.inject({
      method,
      url: `/api/v1${url}`,
      headers: {
        ...(who !== undefined && { authorization: `Bearer ${keys.get(who)}` }),
        ...((method === 'PATCH' || url.endsWith('/withdrawal') || url.endsWith('/correction')) && {
          'if-match': '*',
        }),
      },
      ...(payload && { payload }),
    })
    return { status: answer.statusCode, text: answer.body, json: () => JSON.parse(answer.body) as unknown }
  }
  const enterprise = { name: '示例案例电缆有限公司', region: '130102', status: '存续', products: '电缆' }
  const opened = await call('POST', '/enterprises', '省局甲', { uscc, enterprise })
  if (opened.status !== 201) throw new Error(opened.text)

  /** Ids of cases, records and objections by their names in the story. */
  const ids = new Map<string, string>()
  const idOf = (name: string | undefined) => ids.get(name ?? '') ?? `没有“${name}”`
  let today = first

  return async (line) => {
    if (line.日期 < today) throw new Error(`${line.日期} comes after ${today}`)
    server.clock.set(`${line.日期}T02:00:00.000Z`)
    if (line.日期 > today) await server.registry.runDaily()
    today = line.日期
    const place = `${line.日期} ${line.经办} ${line.事项 ?? ''} ${line.名 ?? ''}`
    if (line.事项 === '采用规则' || line.事项 === '机关合并' || line.事项 === '评价') {
      await beyond(line)
    } else if (line.事项) {
      const { method, url, body } = requestFor(line, story, { code, idOf, first: today })
      const asked = await call(method, url, line.经办, body)
      const { id } = withId.parse(asked.json())
      // What takes two persons, a colleague confirms.
      const answer =
        asked.status === 202
          ? await call('POST', `/proposals/${id}/confirmation`, line.复核 ?? COLLEAGUES[line.经办], {})
          : asked
      if (line.不予办理 === undefined) {
        t.ok(answer.status < 300, `${place}: ${answer.status < 300 ? '办理' : answer.text}`)
        if (id !== undefined && line.名 !== undefined && !ids.has(line.名)) ids.set(line.名, id)
      } else {
        t.ok(answer.status >= 400 && answer.status < 500, `${place}: 不予办理`)
        t.ok(answer.text.includes(line.不予办理), `${place}: “${line.不予办理}” in ${answer.text}`)
      }
    }
    if (line.应有) await hold(t, place, line.应有)
  }

  /** What is done outside the firm's file: by the province, two of it. */
  async function beyond({ 事项, 名 = '', 依据, 填 = {} }: Line): Promise<void> {
    const done = async (who: string, url: string, body: object) => {
      const answer = await call('POST', url, who, body)
      if (answer.status >= 300) throw new Error(answer.text)
      return withId.parse(answer.json()).id ?? ''
    }
    if (事项 === '采用规则') {
      const inForce = server.registry.ruleSets.inForce().find(({ id }) => id === story.规则)
      if (!inForce) throw new Error(`no rules ${story.规则}`)
      await done('省局甲', '/rule-sets', { ...inForce, ...填, version: inForce.version + 1 })
      await done('省局乙', `/rule-sets/${story.规则}/approval`, {})
    } else if (事项 === '机关合并') {
      const idOf = (name: string | undefined) =>
        server.registry.authorities.all().find((known) => known.name === name)?.id ?? ''
      const into = { into: idOf(名) }
      const author = { authority: '系统管理员', officer: '测试' }
      await server.registry.acts.carryOut('merge-authority', { id: idOf(依据?.[0]) }, into, author)
    } else {
      const standard = shippedStandards.find(({ id }) => id === 名)
      if (!standard) throw new Error(`no standard ${名}`)
      if (!ids.has(名)) {
        await done('省局甲', '/standards', standard)
        await done('省局乙', `/standards/${名}/approval`, {})
        ids.set(名, 名)
      }
      const campaign = { standard: { id: 名 }, scope: { enterprises: [code] } }
      const id = await done('省局甲', '/campaigns', campaign)
      await server.registry.campaigns.settled()
      await done('省局乙', `/campaigns/${id}/approval`, {})
      await server.registry.campaigns.settled()
    }
  }

  async function hold(t: Test, place: string, expected: Expected): Promise<void> {
    const names = (list: readonly { id: string }[]) =>
      list.map(({ id }) => [...ids].find(([, known]) => known === id)?.[0] ?? id).sort()
    const file = fileAnswer.parse((await call('GET', `/enterprises/${code}`)).json())
    if (expected.名单) {
      const list = listAnswer.parse((await call('GET', '/blacklist')).json())
      t.same(names(list.items), [...expected.名单].sort(), `${place} 名单`)
      t.same(names(file.listings), [...expected.名单].sort(), `${place} 档案所示列入`)
    }
    for (const [name, status] of Object.entries(expected.案件 ?? {})) {
      const own = caseAnswer.parse((await call('GET', `/cases/${idOf(name)}`, '省局甲')).json())
      t.equal(STATUS[own.status], status, `${place} ${name}`)
      t.equal(own.proposed.facts, '案例事实', `${place} ${name} 的文字仍在`)
    }
    for (const [name, cause] of Object.entries(expected.移出原因 ?? {})) {
      const own = caseAnswer.parse((await call('GET', `/cases/${idOf(name)}`, '省局甲')).json())
      t.equal(CAUSES[own.removed?.cause ?? ''], cause, `${place} ${name} 移出原因`)
    }
    if (expected.公示处罚)
      t.same(
        file.penalties.map(({ data }) => data.documentNo).sort(),
        [...expected.公示处罚].sort(),
        `${place} 公示处罚`,
      )
    for (const [name, { 自, 至, 可申请修复, 处罚 }] of Object.entries(expected.列入 ?? {})) {
      const own = listingAnswer.parse((await call('GET', `/blacklist/${idOf(name)}`)).json())
      if (自) t.equal(own.from, 自, `${place} ${name} 自`)
      if (至) t.equal(own.until, 至, `${place} ${name} 至`)
      if (可申请修复) t.equal(own.repair.from, 可申请修复, `${place} ${name} 可申请修复`)
      if (处罚) t.same(own.penalties.map(({ documentNo }) => documentNo).sort(), [...处罚].sort(), place)
    }
    if (expected.期限 || expected.无期限) {
      const { items } = clocksAnswer.parse((await call('GET', '/deadlines?within=1100', '省局甲')).json())
      const found = (clock: string) =>
        items.filter(({ what }) => what === CLOCKS[clock]).map(({ dueOn }) => dueOn)
      for (const [clock, dueOn] of Object.entries(expected.期限 ?? {}))
        t.same(found(clock), [dueOn], `${place} ${clock}`)
      for (const clock of expected.无期限 ?? []) t.same(found(clock), [], `${place} 无${clock}期限`)
    }
    for (const [standard, grade] of Object.entries(expected.等级 ?? {})) {
      const own = file.ratings.filter((rating) => rating.inForce && rating.standard.id === standard)
      t.same(
        own.map((rating) => rating.grade),
        [grade],
        `${place} ${standard}：${own.map(({ points }) => points).join()} 分`,
      )
    }
    for (const [standard, grades] of Object.entries(expected.往次等级 ?? {}))
      t.same(
        file.ratings
          .filter((rating) => !rating.inForce && rating.standard.id === standard)
          .map((rating) => rating.grade),
        grades,
        `${place} ${standard} 往次`,
      )
    if (expected.异议处理中 !== undefined)
      t.equal(file.objections.length, expected.异议处理中, `${place} 异议处理中`)
    if (expected.荣誉名单 !== undefined) {
      const honours = z
        .object({ items: z.array(z.object({ orgCode: z.string() })) })
        .parse((await call('GET', '/honours')).json())
      t.equal(
        honours.items.some(({ orgCode }) => orgCode === code),
        expected.荣誉名单,
        `${place} 荣誉名单`,
      )
    }
  }
}

interface Asked {
  method: 'POST' | 'PATCH'
  url: string
  body: object
}

/** The request that a line of a story comes to. */
function requestFor(
  line: Line,
  story: Story,
  { code, idOf }: { code: string; idOf(name: string | undefined): string; first: string },
): Asked {
  const filled = Object.fromEntries(
    Object.entries(line.填 ?? {}).map(([field, value]) => [
      FIELDS[field] ?? field,
      // What is entered without a field, which the runner would fill.
      value === null && line.事项?.startsWith('登记') ? undefined : value,
    ]),
  )
  const on = line.发生 ?? line.日期
  const post = (url: string, body: object): Asked => ({ method: 'POST', url, body })
  const step = (body: object) => post(`/cases/${idOf(line.名)}/steps`, body)
  const record = (path: string) => `/enterprises/${code}/records${path}`
  const early = (body: object) => post(record(`/${idOf(line.名)}/early-end`), body)
  const settle = (upheld: boolean) =>
    post(`/enterprises/${code}/objections/${idOf(line.名)}/settlement`, { upheld, outcome: '经核查' })
  switch (line.事项) {
    case undefined:
    case '采用规则':
    case '机关合并':
    case '评价':
      throw new Error('nothing is asked of the file')
    case '登记处罚':
      return post(
        record(''),
        penaltyOf(line.名 ?? '', {
          decidedOn: on,
          severity: '严重',
          authority: people[line.经办].authority,
          ...filled,
        }),
      )
    case '登记许可':
      return post(record(''), licenceOf(line.名 ?? '', filled))
    case '登记检查':
      return post(record(''), {
        type: 'inspection',
        data: {
          kind: '日常巡查',
          inspectedOn: on,
          authority: people[line.经办].authority,
          outcome: '合格',
          ...filled,
        },
      })
    case '登记奖励':
      return post(record(''), {
        type: 'award',
        data: { kind: '河北名牌产品', level: '省', grantedBy: '河北省政府', grantedOn: on, ...filled },
      })
    case '变更记录':
      return { method: 'PATCH', url: record(`/${idOf(line.名)}`), body: { data: filled } }
    case '更正记录':
      return post(record(`/${idOf(line.名)}/correction`), { data: filled, reason: '录入有误' })
    case '撤回记录':
      return post(record(`/${idOf(line.名)}/withdrawal`), { reason: '录入有误' })
    case '变更企业':
      return { method: 'PATCH', url: `/enterprises/${code}`, body: { enterprise: filled } }
    case '立案':
      return post(`/enterprises/${code}/cases`, {
        ruleSet: story.规则,
        ground: story.情形,
        penalties: (line.依据 ?? []).map(idOf),
        facts: '案例事实',
        reasons: '情节严重',
        ...filled,
      })
    case '送达告知':
      return step({ step: 'notice', servedOn: on, way: '直接送达' })
    case '登记陈述':
      return step({ step: 'statement', on, statement: '陈述意见', answer: '经复核不予采纳' })
    case '上一级同意':
    case '上一级不同意':
      return step({ step: 'consent', granted: line.事项 === '上一级同意', on, reasons: '经审查' })
    case '决定列入':
    case '决定不列入':
      return step({
        step: 'decision',
        listed: line.事项 === '决定列入',
        decisionNo: `${line.名}决〔1〕号`,
        decidedOn: on,
        reasons: '事实清楚',
        ...filled,
      })
    case '公示':
      return step({ step: 'publication' })
    case '申请修复':
      return step({ step: 'repairApplication', on, grounds: '已整改' })
    case '受理修复':
    case '不受理修复':
      return step({ step: 'repairAcceptance', accepted: line.事项 === '受理修复', on, reasons: '经审查' })
    case '核查整改':
      return step({ step: 'repairInspection', on, findings: '整改到位' })
    case '准予修复':
    case '不予修复':
      return step({ step: 'repairDecision', granted: line.事项 === '准予修复', reasons: '经核查' })
    case '撤销提前停止公示':
      return early({ step: 'revocation', reason: '核对有误' })
    case '撤销修复':
      return step({ step: 'repairRevocation', reason: '核对有误' })
    case '撤销列入':
      return step({ step: 'revocation', reason: '列入有误' })
    case '终止案件':
      return step({ step: 'dropping', reason: '不再办理' })
    case '改写事实':
      return step({ step: 'restating', facts: '案例事实', reasons: '按变动后的处罚' })
    case '认定不影响告知':
      return step({ step: 'affirming', reasons: '与所告知的相同' })
    case '变更依据':
      return step({
        step: 'rebasing',
        penalties: (line.依据 ?? []).map(idOf),
        facts: '案例事实',
        reasons: '变更后的决定仍属较重',
        ...filled,
      })
    case '提出异议': {
      const about = line.依据?.[0]
      const kind = about?.includes('案') ? 'case' : 'record'
      return post(`/enterprises/${code}/objections`, {
        about: { kind, id: idOf(about) },
        on,
        grounds: '有异议',
      })
    }
    case '异议成立':
      return settle(true)
    case '异议不成立':
      return settle(false)
    case '申请提前停止公示':
      return early({ step: 'application', on, grounds: '已履行' })
    case '核查提前停止公示':
      return early({ step: 'check', findings: '属实' })
    case '同意提前停止公示':
    case '不同意提前停止公示':
      return early({ step: 'decision', granted: line.事项 === '同意提前停止公示', reasons: '经核查' })
  }
}
