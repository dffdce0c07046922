import type { RuleSet } from '../../src/blacklist/rule-set.ts'
import type { Standard } from '../../src/rating/standard.ts'
import type { Rule } from '../../src/records/rules.ts'
import type { Scheme } from '../../src/supervision/scheme.ts'
import { Link, useSay, type Words } from '../../src/ui/frame.tsx'
import { Grade } from '../../src/ui/grade.tsx'
import { ModesTable } from '../../src/ui/modes.tsx'
import { Table } from '../../src/ui/table.tsx'
import { Layout } from '../components/layout.tsx'

/** A standard that can be read here, and whether it is in force. */
export interface ShownStandard {
  standard: Standard
  adopted: boolean
  /** Versions that were adopted before. */
  earlier: readonly number[]
}

interface RulesProps {
  standards: readonly ShownStandard[]
  ruleSets: readonly RuleSet[]
  publication: readonly { label: string; rule: Rule<unknown> }[]
  scheme: Scheme
}

const STATUS: Readonly<Record<'verified' | 'to be confirmed', Words>> = {
  verified: ['已与原文核对', 'checked against the text'],
  'to be confirmed': ['待确认', 'to be confirmed'],
}

/** How everything is decided, rendered from the data that the registry follows. */
export function RulesPage({ standards, ruleSets, publication, scheme }: RulesProps) {
  const say = useSay()
  return (
    <Layout
      title={say('规则', 'Rules')}
      description={say(
        '质量信用等级怎样评定、黑名单怎样列入和移出、信息公示多久：本系统实际执行的规则及出处。',
        'How grades are given, how enterprises get on and off the blacklist, how long records are published.',
      )}
      canonical="/rules"
    >
      <h1>{say('规则', 'Rules')}</h1>
      <p class="text">
        {say(
          '这里的规则直接取自系统执行时所用的数据，不是另写的说明。每条都注明出处；尚未与原文核对或数值由本系统拟定的，标为“待确认”。',
          'These are the very data that the registry follows, not a description of them. Each names its source; what has not been checked against the text, or was set by this registry, is marked “to be confirmed”.',
        )}
      </p>
      <h2>{say('质量信用等级和分类监管类别怎样评定', 'How grades and classes are given')}</h2>
      <ul class="plain">
        {standards.map(({ standard, adopted }) => (
          <li>
            <Link to={`/rules/${standard.id}`}>
              <span lang="zh-CN">《{standard.name}》</span>
            </Link>{' '}
            {say(`第 ${standard.version} 版`, `version ${standard.version}`)}{' '}
            <span class="hint">
              {adopted ? say('已采用', 'adopted') : say('尚未采用', 'not adopted')}；
              {say(...STATUS[standard.status])}
            </span>
          </li>
        ))}
      </ul>
      <h2>{say('黑名单怎样列入和移出', 'How enterprises get on and off the blacklist')}</h2>
      <ul class="plain">
        {ruleSets.map(({ id, name, status }) => (
          <li>
            <Link to={`/rules/${id}`}>
              <span lang="zh-CN">《{name}》</span>
            </Link>{' '}
            <span class="hint">{say(...STATUS[status])}</span>
          </li>
        ))}
      </ul>
      <p>
        <Link to="/rights">{say('企业有哪些权利、怎样办理', 'Rights of enterprises')}</Link>
      </p>
      <h2>{say('信息公示多久', 'How long records are published')}</h2>
      <Table
        lang="zh-CN"
        rows={publication}
        columns={[
          { label: '事项', show: ({ label }) => label },
          { label: '规则', show: ({ rule }) => ruleInWords(rule.value) },
          { label: '出处', show: ({ rule }) => rule.source },
          { label: '核实', show: ({ rule }) => STATUS[rule.status][0] },
        ]}
      />
      <SchemeTable scheme={scheme} />
      <p class="hint">
        {say('机器可读：', 'For machines: ')}
        <a href="/api/v1/standards">{say('标准', 'standards')}</a>
        {say('、', ', ')}
        <a href="/api/v1/rule-sets">{say('列入规则', 'rule sets')}</a>
        {say('、', ', ')}
        <a href="/api/v1/record-types">{say('栏目和公示规则', 'records and publication')}</a>
      </p>
    </Layout>
  )
}

function SchemeTable({ scheme }: { scheme: Scheme }) {
  const say = useSay()
  return (
    <section>
      <h2>{say('分类监管：多久查一次', 'Classified supervision: how often inspections are due')}</h2>
      <p class="hint" lang="zh-CN">
        {scheme.name}。{scheme.source}。监管类别从严：类别、质量信用等级（
        {Object.entries(scheme.grades.classes)
          .map(([grade, name]) => `${grade} 级不宽于 ${name} 类`)
          .join('，')}
        ）和是否在名单上，取最严的；类别满 {scheme.classMonths.value}{' '}
        个月视为待评定；已注销、被吊销营业执照或者迁出本省的不列入计划和抽取。
      </p>
      <ModesTable scheme={scheme} />
      <p lang="zh-CN">
        产品类别：{scheme.groups.map(({ name, risk }) => `${name}（${risk}类）`).join('、')}。
      </p>
    </section>
  )
}

/** A rating standard, as it is followed. */
export function StandardPage({ standard, adopted, earlier }: ShownStandard) {
  const say = useSay()
  const { name, version, source, status, period, start, rated, items, limits, grades } = standard
  return (
    <Layout title={`《${name}》`} canonical={`/rules/${standard.id}`}>
      <h1 lang="zh-CN">《{name}》</h1>
      <p>
        {say(`第 ${version} 版，`, `Version ${version}, `)}
        {adopted ? say('已采用', 'adopted') : say('尚未采用，不用于评定', 'not adopted, not in use')}
        {say('；', '; ')}
        {say(...STATUS[status])}
        {say('。', '.')}
      </p>
      <p class="text" lang="zh-CN">
        {source}。
      </p>
      <h2>{say('怎样计算', 'How it is computed')}</h2>
      <p lang="zh-CN">
        看评价日期前 {period.months} 个月的记录，从 {start} 分起，按下列各项加减分。不予评定的情形：
        {rated.rule}。
      </p>
      <RuleTable label={say('加分和减分', 'Points')} rules={items} />
      <RuleTable label={say('限制等级的情形', 'What limits the grade')} rules={limits} />
      <h2>{say('等级', 'Grades')}</h2>
      <Table
        lang="zh-CN"
        rows={grades}
        columns={[
          { label: '等级', show: ({ grade, name }) => <Grade grade={grade} name={name} size={24} /> },
          { label: '含义', show: ({ meaning }) => meaning },
          {
            label: '分数',
            show: ({ atLeast }, i) =>
              atLeast === undefined ? `${grades[i - 1]?.atLeast} 分以下` : `${atLeast} 分以上`,
          },
          { label: '措施', show: ({ measures }) => measures.join('；') },
        ]}
      />
      <p class="hint">
        {say(
          '每个等级都可以由任何人按公开记录重算，见各企业档案的“为什么”。',
          'Anyone can compute a grade again from the public records.',
        )}
        {adopted && (
          <>
            {' '}
            <a href={`/api/v1/standards/${standard.id}?version=${version}`}>JSON</a>
          </>
        )}
        {earlier.map((one) => (
          <>
            {' '}
            <a href={`/api/v1/standards/${standard.id}?version=${one}`}>
              {say(`第 ${one} 版`, `version ${one}`)}
            </a>
          </>
        ))}{' '}
        <Link to="/rules">{say('全部规则', 'all rules')}</Link>
      </p>
    </Layout>
  )
}

function RuleTable({
  label,
  rules,
}: {
  label: string
  rules: readonly { rule: string; source?: string | undefined }[]
}) {
  if (rules.length === 0) return null
  return (
    <>
      <h2>{label}</h2>
      <Table
        lang="zh-CN"
        rows={rules}
        columns={[
          { label: '规则', show: ({ rule }) => rule },
          { label: '出处', show: ({ source }) => source ?? '本系统拟定，待确认' },
        ]}
      />
    </>
  )
}

/** A rule set of listing, as it is followed. */
export function RuleSetPage({ ruleSet }: { ruleSet: RuleSet }) {
  const say = useSay()
  const { name, version, source, status, grounds, statement, decision, consent, publication } = ruleSet
  const { duration, repair, measures } = ruleSet
  const levels = { county: '县级', city: '设区的市级' }
  const steps = [
    ['告知后陈述、申辩', `${statement.workingDays} 个工作日`, statement.source],
    ['告知后作出决定', `${decision.workingDays} 个工作日内`, decision.source],
    [
      '上一级同意',
      consent.levels.length === 0
        ? '不需要'
        : `${consent.levels.map((level) => levels[level]).join('、')}机关作出的决定`,
      consent.source,
    ],
    ['决定后公布', `${publication.workingDays} 个工作日内`, publication.source],
    ['列入期限', `${duration.months} 个月`, duration.source],
    ['可以申请信用修复', `列入满 ${repair.afterMonths} 个月`, repair.source],
    ['信用修复：是否受理', `${repair.accept.workingDays} 个工作日内`, repair.accept.source],
    ['信用修复：决定', `受理后 ${repair.decide.workingDays} 个工作日内`, repair.decide.source],
  ] as const
  return (
    <Layout title={`《${name}》`} canonical={`/rules/${ruleSet.id}`}>
      <h1 lang="zh-CN">《{name}》</h1>
      <p>
        {say(`第 ${version} 版；`, `Version ${version}; `)}
        {say(...STATUS[status])}
        {say('。', '.')}
      </p>
      <p class="text" lang="zh-CN">
        {source}。
      </p>
      <RuleTable
        label={say('列入情形', 'Grounds')}
        rules={grounds.map((ground) => ({ rule: ground.name, source: ground.source }))}
      />
      <h2>{say('程序和期限', 'Procedure and time limits')}</h2>
      <p class="text">
        {say(
          '列入由人提出、由另一人决定，机器只提示符合情形的处罚，从不自动列入。期限按工作日计算，法定节假日和调休已计入。',
          'A listing is proposed by one person and decided by another; machines only point out penalties that meet a ground. Time limits count working days, public holidays taken into account.',
        )}
      </p>
      <Table
        lang="zh-CN"
        rows={steps}
        columns={[
          { label: '步骤', show: ([step]) => step },
          { label: '期限或条件', show: ([, limit]) => limit },
          { label: '出处', show: ([, , from]) => from },
        ]}
      />
      <h2>{say('管理措施', 'Measures')}</h2>
      <ul lang="zh-CN">
        {measures.map((measure) => (
          <li>{measure}</li>
        ))}
      </ul>
      <h2>{say('信用修复，提前移出', 'Credit repair')}</h2>
      <p lang="zh-CN">{repair.how}。条件：</p>
      <ul lang="zh-CN">
        {repair.conditions.map((condition) => (
          <li>{condition}</li>
        ))}
      </ul>
      <p class="hint">
        <a href="/api/v1/rule-sets">JSON</a> <Link to="/rules">{say('全部规则', 'all rules')}</Link>
      </p>
    </Layout>
  )
}

function ruleInWords(value: unknown): string {
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number' || typeof value === 'string') return String(value)
  if (Array.isArray(value)) return value.map(String).join('、')
  if (typeof value === 'object' && value !== null)
    return Object.values(value)
      .map((part) => ruleInWords(part))
      .join('；')
  return ''
}
