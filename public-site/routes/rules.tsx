import { z } from 'zod'
import { Problem } from '../../src/http/problem.ts'
import { publicationRules } from '../../src/records/rules.ts'
import type { Registry } from '../../src/registry/registry.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { AccessibilityPage, ChangesPage, PrivacyPage, RightsPage } from '../pages/about.tsx'
import { RuleSetPage, RulesPage, type ShownStandard, StandardPage } from '../pages/rules.tsx'
import type { Site } from '../site.tsx'

const LABELS: Readonly<Record<keyof typeof publicationRules, string>> = {
  penaltyScope: '公示适用何种程序的行政处罚；其中只有何种处罚的不公示',
  onTheSpot: '可以当场作出（简易程序）的处罚种类，罚款不超过多少元',
  penaltyWorkingDays: '作出处罚决定后多少个工作日内公示',
  crossProvince: '当事人在外省的，决定后多少个工作日内推送，登记地收到后多少个工作日内公示',
  penaltyRescinded: '处罚决定出现哪些情形即撤回公示',
  minorPenaltyMonths: '仅通报批评或较低数额罚款的处罚，公示多少个月',
  penaltyMonths: '其他行政处罚，公示多少个月',
  penaltyRestriction: '限制生产经营期限更长的处罚，公示至期限届满',
  minorFineYuan: '低于多少元（不含本数）为较低数额罚款',
  penaltyWithdrawalDays: '应当撤回的处罚信息，多少个工作日内撤回',
  neverEndedEarly: '受到哪些处罚的，不得提前停止公示',
  hearing: '哪些处罚应当告知听证权利，告知后多少个工作日内可以要求，听证前多少个工作日通知',
  hearingYuan: '罚款或者没收多少元以上的，应当告知听证权利',
  earlyEndMonths: '公示满多少个月可以申请提前停止',
  retractionMonths: '撤回公示的说明，保留多少个月',
  earlyEndConditions: '提前停止公示的条件：已履行；因同类违法再次受罚；在经营异常名录；在严重违法失信名单',
  earlyEndLongerMonths: '公示满多少个月才可以申请提前停止，适用于哪些领域',
  earlyEndDays: '提前停止公示的申请，多少个工作日内办理',
  completionDays: '缺少必要内容的记录，多少个工作日内补齐',
  bulletinDays: '名单公告的周期结束后，多少个工作日内发布',
  objectionDays: '异议，多少个工作日内处理',
  assistedObjectionDays: '需要其他单位协助核查的异议，多少个工作日内处理',
  retestDays: '收到抽查结果后多少日内可以申请复检，期满才公示',
  endsOnWorkingDay: '复检申请期的最后一日是休假日的，至其后第一个工作日',
  foodRetestDays: '收到食品检验结论后多少个工作日内可以申请复检，期满才公示',
  noticed: '已由公告公布的抽查结果，自公告之日起公示',
  disputedSample: '标称生产者的异议，哪些情形暂不作为或者不是其不合格',
  sellersFault: '不合格的原因在哪些环节的，是被抽样单位的不合格',
  noProducer: '没有标称生产者的样品，由被抽样单位承担',
  bystander: '不合格不在其页面上公示的角色',
  failedInspectionMonths: '不合格的抽查结果，公示多少个月',
  interviewScope: '责任约谈和整改情况公示的领域',
  repeatedPenalties: '食品生产经营者多少个月内累计几次受到哪些以外的处罚的，责令停产停业',
  reapplication: '被吊销生产许可证的，多少个月内不得再次申请；哪种许可另有规定，多少个月',
  falseApplication: '以虚假材料申请许可的，多少个月内不得再次申请',
  deceit: '以不正当手段取得许可而被撤销的，多少个月内不得再次申请，哪些许可',
  cancellation: '失去哪些状态的许可应当办理注销，哪些证书不是行政许可',
  openRecord: '监督检查记录公开',
  licenceValidity: '哪些生产许可证有效期有上限，多少个月',
  inspectors: '监督检查至少有几名工作人员参加',
  licence: '行政许可和认证公开',
  award: '质量奖励记入档案',
}

/** The rules that the registry follows, and what follows from them for enterprises and readers. */
export function rulePages({ app, registry, page }: Site): void {
  const schema = { hide: true }
  app.get('/rules', { schema }, async (request, reply) =>
    page(request, reply, () => (
      <RulesPage
        standards={standardsOf(registry)}
        ruleSets={registry.ruleSets.inForce()}
        publication={Object.entries(publicationRules).map(([name, rule]) => ({ label: labelOf(name), rule }))}
        scheme={scheme}
      />
    )),
  )
  app.get(
    '/rules/:id',
    { schema: { ...schema, params: z.object({ id: z.string().max(60) }) } },
    async (request, reply) => {
      const { id } = request.params
      const shown = standardsOf(registry).find(({ standard }) => standard.id === id)
      const ruleSet = registry.ruleSets.inForce().find((known) => known.id === id)
      if (shown) return page(request, reply, () => <StandardPage {...shown} />)
      if (ruleSet) return page(request, reply, () => <RuleSetPage ruleSet={ruleSet} />)
      throw new Problem(404, 'unknown', '没有这份规则；全部规则见“规则”。')
    },
  )
  app.get('/rights', { schema }, async (request, reply) => page(request, reply, () => <RightsPage />))
  app.get('/privacy', { schema }, async (request, reply) => page(request, reply, () => <PrivacyPage />))
  app.get('/accessibility', { schema }, async (request, reply) =>
    page(request, reply, () => <AccessibilityPage />),
  )
  app.get('/changes', { schema }, async (request, reply) => page(request, reply, () => <ChangesPage />))
}

/** Standards in force, and those that come with the registry and nobody has adopted yet. */
function standardsOf(registry: Registry): ShownStandard[] {
  const adopted = registry.standards.adopted().flatMap(({ versions }): ShownStandard[] => {
    const last = versions.at(-1)
    if (!last) return []
    const earlier = versions.slice(0, -1).map(({ document }) => document.version)
    return [{ standard: last.document, adopted: true, earlier }]
  })
  const known = new Set(adopted.map(({ standard }) => standard.id))
  return [
    ...adopted,
    ...registry.standards
      .available()
      .filter(({ id }) => !known.has(id))
      .map((standard) => ({ standard, adopted: false, earlier: [] })),
  ]
}

function labelOf(name: string): string {
  return Object.entries(LABELS).find(([known]) => known === name)?.[1] ?? name
}
