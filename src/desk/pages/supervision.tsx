import { holds } from '../../authority/rights.ts'
import { scopesOf } from '../../authority/roles.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { Assignment } from '../../registry/supervision.ts'
import type { Draw } from '../../supervision/draw.ts'
import type { FollowUp, Renewal } from '../../supervision/follow-up.ts'
import type { Period, PlanItem } from '../../supervision/plan.ts'
import type { Scheme } from '../../supervision/scheme.ts'
import { choiceOf, type Filter } from '../../ui/filters.tsx'
import { ModesTable } from '../../ui/modes.tsx'
import { Table } from '../../ui/table.tsx'
import { placeName } from '../../ui/values.tsx'
import { type Offer, OfferedActs } from '../components/act-offer.tsx'
import { codeColumn, enterpriseColumn, regionColumn } from '../components/columns.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker, Form } from '../contract.ts'
import { type ListQuery, recordAddress } from '../lists.ts'
import { placeChoices } from '../places.ts'

export const PLAN_STATUS: Readonly<Record<PlanItem['status'], string>> = {
  done: '已检查',
  due: '应检',
  overdue: '逾期',
}

/** Columns of the inspection plan; each item that is open leads to the form that closes it. */
export function planColumns(mayWrite: boolean): ShownColumn<PlanItem>[] {
  return [
    { field: 'dueOn', label: '应检日期', value: ({ dueOn }) => dueOn },
    enterpriseColumn,
    codeColumn,
    regionColumn,
    { field: 'group', label: '产品类别', value: ({ groupName }) => groupName },
    { field: 'risk', label: '产品风险', value: ({ risk }) => risk },
    {
      field: 'class',
      label: '企业类别',
      value: ({ class: name, rated, because }) =>
        because !== undefined ? `${name}（${because}）` : rated ? name : `${name}（未评定，按默认）`,
    },
    { field: 'mode', label: '监管方式', value: ({ mode, everyMonths }) => `${mode}，每 ${everyMonths} 个月` },
    {
      field: 'status',
      label: '状态',
      value: ({ status, inspectedOn }) => `${PLAN_STATUS[status]}${inspectedOn ? ` ${inspectedOn}` : ''}`,
      show: ({ status, inspectedOn, orgCode, id, inspection = '' }) =>
        status === 'done' ? (
          <a href={recordAddress(orgCode, inspection)}>已检查 {inspectedOn}</a>
        ) : mayWrite ? (
          <a href={`/desk/new/inspection?code=${orgCode}&planNo=${encodeURIComponent(id)}`}>
            {PLAN_STATUS[status]}，登记检查
          </a>
        ) : (
          PLAN_STATUS[status]
        ),
    },
    { field: 'id', label: '计划编号', value: ({ id }) => id, fileOnly: true },
  ]
}

function Places({ here }: { here: string }) {
  const places = [
    ['/desk/supervision', '检查计划'],
    ['/desk/supervision/follow-ups', '不合格后处理'],
    ['/desk/supervision/renewals', '许可到期换证'],
    ['/desk/supervision/draws', '双随机抽取'],
    ['/desk/supervision/scheme', '监管方案'],
  ] as const
  return (
    <nav class="sections" aria-label="分类监管">
      {places.map(([to, label]) => (
        <a href={to} {...(to === here && { 'aria-current': 'page' })}>
          {label}
        </a>
      ))}
    </nav>
  )
}

function regionFilter(who: Asker, value: string): Filter {
  return {
    name: 'region',
    label: '地区',
    type: 'choice',
    value,
    choices: placeChoices(who),
  }
}

interface PlanProps extends Asker {
  rows: readonly PlanItem[]
  /** After which the next part begins; null where there is none. */
  next: string | null
  query: ListQuery & { region: string; group: string; status: string }
  period: Period
  scheme: Scheme
  mayWrite: boolean
}

/** The inspection plan of a period. */
export function PlanPage(props: PlanProps) {
  const { rows, next, query, period, scheme, mayWrite } = props
  return (
    <DeskLayout title="检查计划">
      <Places here="/desk/supervision" />
      <p class="text">
        按企业类别和产品风险应检的企业和产品。登记检查时带着计划编号，即完成该项；同类产品的检查也算。
      </p>
      <List
        columns={planColumns(mayWrite)}
        rows={rows}
        place={({ orgCode, id }) => [orgCode, id]}
        query={query}
        filters={[
          { name: 'from', label: '自', type: 'date', value: period.from },
          { name: 'to', label: '至', type: 'date', value: period.to },
          regionFilter(props, query.region),
          {
            name: 'group',
            label: '产品类别',
            type: 'choice',
            value: query.group,
            choices: scheme.groups.map(({ id, name }) => ({ value: id, label: name })),
          },
          choiceOf('status', '状态', PLAN_STATUS, query.status),
        ]}
        none="期间内没有应检的项目。"
        next={next}
      />
    </DeskLayout>
  )
}

const STEP_STATES = {
  done: '已完成',
  open: '办理中',
  overdue: '已逾期',
  passed: '已过期限',
  notNeeded: '无须',
} as const

export function followUpColumns(mayWrite: boolean): ShownColumn<FollowUp>[] {
  return [
    { field: 'inspectedOn', label: '检查日期', value: ({ inspectedOn }) => inspectedOn },
    enterpriseColumn,
    codeColumn,
    regionColumn,
    { field: 'product', label: '产品', value: ({ product }) => product },
    { field: 'authority', label: '检查机关', value: ({ authority }) => authority },
    {
      field: 'steps',
      label: '各步',
      value: ({ steps }) =>
        steps
          .filter(({ state }) => state !== 'notNeeded')
          .map(({ label, state, dueOn }) => `${label}：${STEP_STATES[state]}${dueOn ? `（${dueOn}）` : ''}`)
          .join('；'),
      show: ({ steps }) => (
        <ul class="plain tight">
          {steps
            .filter(({ state }) => state !== 'notNeeded')
            .map(({ label, state, dueOn, detail }) => (
              <li>
                {label}：
                {state === 'overdue' ? (
                  <span class="state caution">{STEP_STATES[state]}</span>
                ) : (
                  STEP_STATES[state]
                )}
                {dueOn && `（${dueOn}）`} <span class="hint">{detail}</span>
              </li>
            ))}
        </ul>
      ),
    },
    {
      field: 'act',
      label: '办理',
      value: () => '',
      show: ({ orgCode, inspection, open }) =>
        mayWrite && open ? (
          <a href={`/desk/enterprises/${orgCode}/records/${inspection}/update`}>登记进展</a>
        ) : (
          <a href={recordAddress(orgCode, inspection)}>查看</a>
        ),
    },
  ]
}

interface FollowUpsProps extends Asker {
  rows: readonly FollowUp[]
  /** After which the next part begins; null where there is none. */
  next: string | null
  query: ListQuery & { region: string; state: string }
  mayWrite: boolean
}

/** What follows failed tests. */
export function FollowUpsPage(props: FollowUpsProps) {
  const { rows, next, query, mayWrite } = props
  return (
    <DeskLayout title="不合格后处理">
      <Places here="/desk/supervision/follow-ups" />
      <List
        columns={followUpColumns(mayWrite)}
        rows={rows}
        place={({ orgCode, inspection }) => [orgCode, inspection]}
        query={query}
        filters={[
          regionFilter(props, query.region),
          {
            name: 'state',
            label: '状态',
            type: 'choice',
            value: query.state,
            required: true,
            choices: [
              { value: 'open', label: '未了结' },
              { value: 'overdue', label: '逾期' },
              { value: 'all', label: '全部' },
            ],
          },
        ]}
        none="没有不合格后待处理的检查。"
        next={next}
      />
    </DeskLayout>
  )
}

export const RENEWAL_COLUMNS: readonly ShownColumn<Renewal>[] = [
  { field: 'validTo', label: '有效期至', value: ({ validTo }) => validTo },
  {
    field: 'askBy',
    label: '应申请换证',
    value: ({ askBy }) => askBy,
    show: ({ askBy, overdue }) => (
      <>
        {askBy}
        {overdue && <span class="state caution"> 已过</span>}
      </>
    ),
  },
  enterpriseColumn,
  codeColumn,
  regionColumn,
  { field: 'number', label: '许可证编号', value: ({ number }) => number },
  { field: 'product', label: '产品', value: ({ product }) => product },
  { field: 'basis', label: '依据', value: ({ basis }) => basis },
]

interface RenewalsProps extends Asker {
  rows: readonly Renewal[]
  /** After which the next part begins; null where there is none. */
  next: string | null
  query: ListQuery & { region: string }
}

/** Licences whose renewal is to be asked for soon. */
export function RenewalsPage(props: RenewalsProps) {
  const { rows, next, query } = props
  return (
    <DeskLayout title="许可到期换证">
      <Places here="/desk/supervision/renewals" />
      <p class="text">将要到期、应申请换证或者延续的许可；各类许可的期限和依据见各行。</p>
      <List
        columns={RENEWAL_COLUMNS}
        rows={rows}
        place={({ orgCode, licence }) => [orgCode, licence]}
        query={query}
        filters={[regionFilter(props, query.region)]}
        none="没有将要到期、应申请延续的许可。"
        next={next}
      />
    </DeskLayout>
  )
}

/** Product groups and modes of supervision, as data that the authority configures. */
export function SchemePage({ officer, scheme }: Asker & { scheme: Scheme }) {
  return (
    <DeskLayout title="监管方案" heading={scheme.name}>
      {holds(scopesOf(officer.roles), 'records:read') && <Places here="/desk/supervision/scheme" />}
      <p class="text">
        {scheme.source}。{scheme.status === 'verified' ? '依据已核对。' : '依据待主管机关确认。'}
      </p>
      <h2>产品类别</h2>
      <Table
        rows={scheme.groups}
        columns={[
          { label: '类别', show: ({ name }) => name },
          { label: '风险', show: ({ risk }) => risk },
          { label: '试点', show: ({ pilot }) => (pilot ? '是' : '') },
          { label: '产品名称含有', show: ({ words }) => words.join('、') || '其余' },
        ]}
      />
      <h2>监管方式和检查间隔</h2>
      <ModesTable scheme={scheme} />
    </DeskLayout>
  )
}

/** How far a draw is. */
const DRAW_WORDS: Readonly<Record<Draw['status'], string>> = {
  begun: '待另一人提交种子的摘要',
  joined: '待开启种子',
  opened: '候选已确定，待开启另一份种子',
  made: '已抽取',
}

export const DRAW_COLUMNS: readonly ShownColumn<Draw>[] = [
  {
    field: 'name',
    label: '名称',
    value: ({ name }) => name,
    show: ({ id, name }) => <a href={`/desk/supervision/draws/${id}`}>{name}</a>,
  },
  { field: 'madeAt', label: '抽取时间', value: ({ madeAt }) => shanghaiTime(new Date(madeAt)) },
  { field: 'level', label: '层级', value: ({ level }) => level },
  {
    field: 'region',
    label: '地区',
    value: ({ region }) => (region === undefined ? '全省' : placeName(region)),
  },
  { field: 'candidates', label: '候选', value: ({ candidates }) => candidates.length },
  { field: 'status', label: '状态', value: ({ status }) => DRAW_WORDS[status] },
  { field: 'drawn', label: '抽中', value: ({ drawn }) => drawn.length },
  { field: 'seed', label: '种子', value: ({ seed }) => seed },
]

interface DrawsProps extends Asker {
  rows: readonly Draw[]
  query: ListQuery
  /** Making one. */
  offers: readonly Offer[]
  typed: Form
}

/** Draws, and making one. */
export function DrawsPage({ rows, query, offers, typed }: DrawsProps) {
  return (
    <DeskLayout title="双随机抽取">
      <Places here="/desk/supervision/draws" />
      <List
        columns={DRAW_COLUMNS}
        rows={rows}
        place={({ id }) => [id]}
        newestFirst
        query={query}
        none="还没有抽取过。"
      />
      <OfferedActs offers={offers} typed={typed} />
    </DeskLayout>
  )
}

export function assignmentColumns(id: string, mayWrite: boolean): ShownColumn<Assignment>[] {
  return [
    enterpriseColumn,
    codeColumn,
    { field: 'class', label: '类别', value: ({ class: name }) => name },
    { field: 'inspectors', label: '检查人员', value: ({ inspectors }) => inspectors.join('、') },
    {
      field: 'state',
      label: '状态',
      value: ({ inspection, outcome }) => (inspection === undefined ? '待检查' : `已检查，${outcome}`),
      show: ({ inspection, outcome, orgCode }) =>
        inspection !== undefined ? (
          <a href={recordAddress(orgCode, inspection)}>已检查，{outcome}</a>
        ) : mayWrite ? (
          <a href={`/desk/new/inspection?code=${orgCode}&planNo=${id}`}>登记检查</a>
        ) : (
          '待检查'
        ),
    },
    {
      field: 'hash',
      label: '排序值',
      value: ({ hash }) => hash,
      show: ({ hash }) => <code>{hash.slice(0, 12)}…</code>,
    },
  ]
}

/** What two persons have settled on, and shown since. */
function Seeds({ commitments, maker }: Pick<Draw, 'commitments'> & Pick<Asker, 'maker'>) {
  if (commitments.length === 0) return null
  return (
    <section>
      <h2>种子</h2>
      <ol class="plain">
        {commitments.map(({ hash, author, at, position, part }) => (
          <li>
            {maker(author)} 于 {shanghaiTime(new Date(at))} 公布摘要（登记序号 {position}）<code>{hash}</code>
            {part === undefined ? (
              '，未开启'
            ) : (
              <>
                ，开启：<code>{part}</code>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}

interface DrawProps extends Asker {
  draw: Draw
  groupName: string
  assignments: readonly Assignment[]
  agrees: boolean
  /** Other draws of the same. */
  sameAs: readonly Draw[]
  offers: readonly Offer[]
  query: ListQuery
  mayWrite: boolean
  done?: string | undefined
}

/** A draw: what was drawn, who inspects it, how to check it, and how far the inspections are. */
export function DrawPage({
  draw,
  groupName,
  assignments,
  agrees,
  sameAs,
  offers,
  query,
  mayWrite,
  done,
  maker,
}: DrawProps) {
  const { id, name, seed, level, region, period, rates, candidates, leftOut, madeAt, author, position } = draw
  const isMade = draw.status === 'made'
  const open = assignments.filter(({ inspection }) => inspection === undefined).length
  return (
    <DeskLayout title={name} done={done}>
      <p>
        {groupName}，{level}级，{region === undefined ? '全省' : placeName(region)}，{period.from} 至{' '}
        {period.to}；{maker(author)} 于 {shanghaiTime(new Date(madeAt))} {isMade ? '抽取' : '公布方案'}
        ，登记序号 {position}
      </p>
      <p class="verdict">{DRAW_WORDS[draw.status]}</p>
      {draw.again && <p class="text">重新抽取的理由：{draw.again.reason}</p>}
      {sameAs.length > 0 && (
        <p>
          同一产品类别、层级、地区、期间的其他各次：
          {sameAs.map((other) => (
            <>
              <a href={`/desk/supervision/draws/${other.id}`}>{other.name}</a>（
              {shanghaiTime(new Date(other.madeAt))}，{DRAW_WORDS[other.status]}）{' '}
            </>
          ))}
        </p>
      )}
      <OfferedActs offers={offers} />
      <Seeds commitments={draw.commitments} maker={maker} />
      <p>
        候选 {candidates.length} 家，因上级已抽查排除 {leftOut.length} 家，抽中 {assignments.length}{' '}
        家，待检查 {open} 家。
      </p>
      <section>
        <h2>抽中的企业和检查人员</h2>
        <List
          columns={assignmentColumns(id, mayWrite)}
          rows={assignments}
          query={query}
          none="没有抽中任何企业。"
        />
      </section>
      <section>
        <h2>怎样核对</h2>
        <p class={agrees || !isMade ? '' : 'notice'}>
          {!isMade
            ? '抽取之后，任何人可以按下面的方法重新抽取。'
            : agrees
              ? '按下面的方法从公布的种子和候选重新抽取，结果与登记的完全一致。'
              : '重新抽取的结果与登记的不一致，请报告系统管理员。'}
        </p>
        <ol class="text">
          <li>
            种子：<code>{seed === '' ? '两份种子以“/”相连' : seed}</code>
            {draw.commitments.length > 0 && '；每一份的 SHA-256 与先公布的摘要相同'}
          </li>
          <li>
            每类企业按 <code>SHA-256(种子/档案编号)</code> 从小到大排列，n 家中取前 ⌈比例 × n⌉ 家。比例：
            {Object.entries(rates)
              .map(([one, rate]) => `${one} 类 ${Math.round(rate * 10_000) / 100}%`)
              .join('，')}
            。
          </li>
          <li>
            检查人员按 <code>SHA-256(种子/档案编号/姓名)</code> 同样排列，取前几名。
          </li>
          <li>
            候选和结果全部公开：<a href={`/api/v1/supervision/draws/${id}`}>全部数据（JSON）</a>，
            <a href={`/api/v1/supervision/draws/${id}/recomputation`}>由系统重算</a>。
          </li>
        </ol>
        {leftOut.length > 0 && (
          <details>
            <summary>排除的企业（{leftOut.length} 家）</summary>
            <ul class="plain">
              {leftOut.slice(0, 200).map(({ orgCode, reason }) => (
                <li>
                  <a href={`/desk/enterprises/${orgCode}`}>{orgCode}</a>：{reason}
                </li>
              ))}
            </ul>
          </details>
        )}
      </section>
    </DeskLayout>
  )
}
