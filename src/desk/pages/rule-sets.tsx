import type { RuleSetHistory } from '../../blacklist/adopted.ts'
import type { RuleSet } from '../../blacklist/rule-set.ts'
import { type Offer, OfferedActs } from '../components/act-offer.tsx'
import { Versions, Waiting } from '../components/adoption.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import type { Asker, Form } from '../contract.ts'

interface ListProps extends Asker {
  inForce: readonly RuleSet[]
  proposed: readonly RuleSetHistory[]
  /** Putting a version of one's own forward. */
  offers: readonly Offer[]
  typed: Form
}

/** Listing rules in force, those put forward, and a document of one's own. */
export function RuleSetsPage({ inForce, proposed, offers, typed, maker }: ListProps) {
  return (
    <DeskLayout title="列入规则">
      <p class="text">
        规则一经采用不再修改；要改就提请新的一版，由另一人批准，对此后提出的案件生效。办理中的案件始终按提出时的版本办理。
      </p>
      <Waiting maker={maker} proposed={proposed} base="/desk/rule-sets" />
      <section>
        <h2>现行</h2>
        <ul class="plain">
          {inForce.map(({ id, name, version }) => (
            <li>
              <a href={`/desk/rule-sets/${id}`}>{name}</a> 第 {version} 版
            </li>
          ))}
        </ul>
      </section>
      <OfferedActs offers={offers} typed={typed} />
    </DeskLayout>
  )
}

interface OneProps extends Asker {
  rules: RuleSet
  isProposed: boolean
  history: RuleSetHistory | undefined
  /** Adopting it, and refusing it. */
  offers: readonly Offer[]
  done?: string | undefined
}

/** A set of rules in words, and its way into force. */
export function RuleSetPage(props: OneProps) {
  const { rules, isProposed, history, offers, done } = props
  const { id, version, name, source, status, grounds, statement, decision, publication, duration } = rules
  const { repair, consent, measures } = rules
  const own = `/desk/rule-sets/${id}`
  const levels = consent.levels.map((level) => ({ county: '县级', city: '市级' })[level]).join('、')
  return (
    <DeskLayout title={name} done={done}>
      <p>
        {id} 第 {version} 版，{isProposed ? '等待批准' : '现行'}；
        {status === 'verified' ? '依据已核对' : '依据待主管机关确认'}
      </p>
      <p class="text">{source}</p>
      <OfferedActs offers={offers} />
      <section>
        <h2>列入情形</h2>
        <ul class="plain">
          {grounds.map((ground) => (
            <li>
              {ground.name} <span class="hint">{ground.source}</span>
            </li>
          ))}
        </ul>
        <h2>期限和程序</h2>
        <ul class="plain">
          <li>陈述、申辩：送达告知之日起 {statement.workingDays} 个工作日</li>
          <li>决定：送达告知之日起 {decision.workingDays} 个工作日内</li>
          <li>上一级同意：{levels === '' ? '不需要' : `${levels}机关须经上一级同意`}</li>
          <li>公示：决定之日起 {publication.workingDays} 个工作日内</li>
          <li>期限：{duration.months} 个月</li>
          <li>
            信用修复：列入满 {repair.afterMonths} 个月可以申请；受理 {repair.accept.workingDays}{' '}
            个工作日，决定 {repair.decide.workingDays} 个工作日
          </li>
        </ul>
        <h2>管理措施</h2>
        <ul class="plain">
          {measures.map((measure) => (
            <li>{measure}</li>
          ))}
        </ul>
        <p>
          <a href={`${own}/document.json`}>规则文件（JSON）</a>
        </p>
      </section>
      <Versions maker={props.maker} versions={history?.versions ?? []} />
    </DeskLayout>
  )
}
