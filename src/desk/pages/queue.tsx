import type { Offered } from '../../acts/offered.ts'
import { APART, DEADLINE_WORDS, type Deadline, type DeadlineKind } from '../../dossier/deadline.ts'
import { choiceOf } from '../../ui/filters.tsx'
import { placeName } from '../../ui/values.tsx'
import { actAddress } from '../act-input.ts'
import { codeColumn, enterpriseColumn, regionColumn } from '../components/columns.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { Entrances } from '../components/entrances.tsx'
import { List, type ShownColumn } from '../components/list.tsx'
import type { Asker } from '../contract.ts'
import { addressWith, type ListQuery, recordAddress } from '../lists.ts'

export type Due = Deadline & { orgCode: string; name: string; region: string; overdue: boolean }

/** Something that waits for this officer, with where it is done. */
export interface Task {
  what: string
  about: string
  to: string
}

interface Props extends Asker {
  items: readonly Due[]
  /** After which the next part begins; null where there is none. */
  next: string | null
  counts: readonly { what: DeadlineKind; count: number; overdue: number }[]
  tasks: readonly Task[]
  /** Acts that make what has no page of its own. */
  offered: readonly Offered[]
  warnings: readonly string[]
  query: ListQuery & { own: string; what: string }
  partOf(due: Due): string | undefined
  daysAhead: number
  mayWrite: boolean
}

/** Columns of what is due; `partOf` names the record, case or objection that a row on the page is about. */
export function dueColumns(
  mayWrite: boolean,
  partOf: (due: Due) => string | undefined = () => undefined,
): ShownColumn<Due>[] {
  return [
    {
      field: 'dueOn',
      label: '期限',
      value: ({ dueOn }) => dueOn,
      show: ({ dueOn, overdue, certain, what }) => (
        <>
          <span class="number">{what === 'warning' ? `${dueOn} 起` : dueOn}</span>
          {overdue && what !== 'warning' && <span class="state caution"> 已逾期</span>}
          {!certain && what !== 'warning' && <span class="hint"> 估计</span>}
        </>
      ),
    },
    { field: 'state', label: '状态', value: ({ overdue }) => (overdue ? '已逾期' : '待办'), fileOnly: true },
    {
      field: 'what',
      label: '事项',
      value: ({ what }) => DEADLINE_WORDS[what],
      show: (due) => (
        <>
          <a href={placeToDo(due, mayWrite)}>{DEADLINE_WORDS[due.what]}</a>
          {[due.subject, partOf(due)].map((said) => said !== undefined && <span class="hint"> {said}</span>)}
        </>
      ),
    },
    enterpriseColumn,
    codeColumn,
    regionColumn,
    { field: 'authority', label: '机关', value: ({ authority }) => authority },
    { field: 'consequence', label: '说明', value: ({ consequence }) => consequence },
  ]
}

/** The page on which a due thing is done. */
function placeToDo({ what, about, orgCode }: Due, mayWrite: boolean): string {
  const file = `/desk/enterprises/${orgCode}`
  const record = recordAddress(orgCode, about)
  const updating = (field = '') =>
    mayWrite ? `${file}/records/${about}/update${field === '' ? '' : `#${field}`}` : record
  switch (what) {
    case 'statement':
    case 'decision':
    case 'publication':
    case 'expiry':
    case 'rebasing':
    case 'restating':
    case 'listingBasis':
    case 'repairAcceptance':
    case 'repairDecision':
    case 'repairBasis':
      return `/desk/cases/${about}`
    case 'objection':
      return `${file}/objections/${about}`
    case 'earlyEnd':
    case 'earlyEndBasis':
      return `${file}/records/${about}/early-end`
    case 'documentReview':
      return `${file}/records/${about}/decision`
    case 'inspection':
      return mayWrite
        ? `/desk/new/inspection?code=${orgCode}&planNo=${encodeURIComponent(about)}`
        : `${file}#inspections`
    case 'signature':
      return updating('inspectors')
    case 'penaltyForwarding':
      return updating('forwardedOn')
    case 'category':
      return updating('category')
    case 'productGroup':
      return updating('productGroup')
    case 'hearing':
      return updating('hearingToldOn')
    case 'rectification':
    case 'reinspection':
    case 'completion':
    case 'overdueNotice':
    case 'suspension':
    case 'finalReinspection':
    case 'closure':
      return updating()
    case 'licenceRevocation':
    case 'licenceStatus':
    case 'licenceCancellation':
      return `${file}#licences`
    case 'enterpriseStatus':
      return file
    case 'adjustment':
      return `${file}#ratings`
    case 'repeatedPenalties':
    case 'barredLicence':
    case 'penaltyPublication':
    case 'penaltyWithdrawal':
      return record
    case 'warning':
      return `${file}#warnings`
    case 'query':
      return mayWrite ? actAddress({ name: 'answer-query' }, { code: orgCode, id: about }) : file
  }
}

/** What waits for this officer, and what is due and overdue where they work, the most urgent first. */
export function QueuePage(props: Props) {
  const { officer, items, next, counts, tasks, offered, warnings, query, daysAhead, mayWrite } = props
  const own = query.own === 'on'
  // What is said of the list is said of what the list holds.
  const listed = counts.filter(({ what }) => (query.what === '' ? what !== APART : what === query.what))
  const overdue = listed.reduce((sum, { what, overdue: late }) => sum + (what === 'warning' ? 0 : late), 0)
  const apart = query.what === '' ? counts.find(({ what }) => what === APART) : undefined
  const address = (what: string) => addressWith('/desk', { own: query.own, what })
  return (
    <DeskLayout title="待办">
      {warnings.map((warning) => (
        <p class="notice">{warning}</p>
      ))}
      {tasks.length > 0 && (
        <section>
          <h2>等您办理</h2>
          <ul class="plain">
            {tasks.map(({ what, about, to }) => (
              <li>
                <a href={to}>{what}</a> {about}
              </li>
            ))}
          </ul>
        </section>
      )}
      <Entrances offered={offered} isBrief />
      <section>
        <h2>
          {officer.region === undefined ? '全省' : props.places().map(placeName).join('、')}
          {own ? '、本机关' : ''} {daysAhead} 日内到期和已逾期的事项
        </h2>
        <p class="about">
          {overdue > 0 && <strong class="state caution">逾期 {overdue} 项</strong>}
          {apart && (
            <a href={address(APART)}>
              另有{DEADLINE_WORDS[APART]} {apart.count} 项
              {apart.overdue > 0 && `，其中逾期 ${apart.overdue} 项`}
            </a>
          )}
          <a href={own ? addressWith('/desk', { what: query.what }) : '/desk?own=on'}>
            {own ? '看各机关的' : '只看本机关的'}
          </a>
        </p>
        <nav class="sections" aria-label="事项种类">
          <a href={address('')} {...(query.what === '' && { 'aria-current': 'page' })}>
            各种事项
          </a>
          {counts.map(({ what, count }) => (
            <a href={address(what)} {...(query.what === what && { 'aria-current': 'page' })}>
              {DEADLINE_WORDS[what]} <span class="number">{count}</span>
            </a>
          ))}
        </nav>
        <List
          columns={dueColumns(mayWrite, props.partOf)}
          rows={items}
          place={({ dueOn, orgCode, what, about }) => [dueOn, orgCode, what, about]}
          query={query}
          filters={[
            {
              name: 'own',
              label: '机关',
              type: 'choice',
              value: query.own,
              choices: [{ value: 'on', label: '本机关' }],
            },
            choiceOf('what', '事项', DEADLINE_WORDS, query.what),
          ]}
          none={apart ? `除${DEADLINE_WORDS[APART]}外没有待办事项。` : '没有待办事项。'}
          next={next}
        />
      </section>
    </DeskLayout>
  )
}
