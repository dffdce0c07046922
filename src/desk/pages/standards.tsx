import type { Officer } from '../../authority/officers.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import { industrySections } from '../../codes/industries.ts'
import type { Simulation } from '../../computing/rater.ts'
import type { StandardHistory } from '../../rating/adopted.ts'
import type { Standard } from '../../rating/standard.ts'
import type { Column } from '../../records/kind.ts'
import { Table } from '../../ui/table.tsx'
import { placeName } from '../../ui/values.tsx'
import { ActForm } from '../components/act-form.tsx'
import { type Offer, OfferedActs } from '../components/act-offer.tsx'
import { Versions, Waiting } from '../components/adoption.tsx'
import { ChartPicture, type DrawnChart } from '../components/chart.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { MigrationTable } from '../components/migration.tsx'
import type { Asker, Form, Refused } from '../contract.ts'
import { distributionOf, gradesOf, UNRATED } from '../migration.ts'
import { placeChoices } from '../places.ts'

interface ListProps extends Asker {
  adopted: readonly StandardHistory[]
  proposed: readonly StandardHistory[]
  available: readonly Standard[]
  /** Putting a document of one's own forward. */
  offers: readonly Offer[]
  typed: Form
}

/** Standards in force, those put forward, those that come with the registry, and one's own document. */
export function StandardsPage(props: ListProps) {
  const { adopted, proposed, available, offers, typed, maker } = props
  return (
    <DeskLayout title="评价标准">
      <p class="text">标准一经采用不再修改；要改就提请新的一版，由另一人批准，对此后开展的评价生效。</p>
      <Waiting maker={maker} proposed={proposed} base="/desk/standards" />
      <section>
        <h2>已采用</h2>
        {adopted.length === 0 && <p class="none">尚未采用任何标准。</p>}
        <ul class="plain">
          {adopted.map(({ id, versions }) => {
            const last = versions.at(-1)
            return (
              last && (
                <li>
                  <a href={`/desk/standards/${id}`}>{last.document.name}</a> 第 {last.document.version} 版{' '}
                  <span class="hint">
                    {maker(last.author)} 于 {shanghaiTime(new Date(last.adoptedAt))} 采用
                  </span>
                </li>
              )
            )
          })}
        </ul>
      </section>
      {available.length > 0 && (
        <section>
          <h2>随系统提供、尚未采用</h2>
          <ul class="plain">
            {available.map((standard) => (
              <li>
                <a href={`/desk/standards/${standard.id}`}>{standard.name}</a> 第 {standard.version} 版
              </li>
            ))}
          </ul>
        </section>
      )}
      <OfferedActs offers={offers} typed={typed} />
    </DeskLayout>
  )
}

interface OneProps extends Asker {
  standard: Standard
  history: StandardHistory | undefined
  /** Whether it stands to be approved, is in force, or is only on offer. */
  state: 'proposed' | 'adopted' | 'available'
  /** Putting it forward, adopting it, refusing it. */
  offers: readonly Offer[]
  maySimulate: boolean
  simulated?: Simulated | undefined
  refused?: Refused | undefined
  done?: string | undefined
}

/** What a trial came to, with its charts. */
export interface Simulated {
  simulation: Simulation
  scope: string
  distribution: DrawnChart
  migration: DrawnChart
}

const STATES = { proposed: '等待批准', adopted: '现行', available: '随系统提供，尚未采用' } as const

/** A standard in words, its trial over the registry, and its way into force. */
export function StandardPage(props: OneProps) {
  const { standard, history, state, offers, done } = props
  const { id, version, name, source, status, period, start, items, limits, grades } = standard
  const own = `/desk/standards/${id}`
  return (
    <DeskLayout title={name} done={done}>
      <p>
        {id} 第 {version} 版，{STATES[state]}；{status === 'verified' ? '依据已核对' : '依据待主管机关确认'}
      </p>
      <p class="text">{source}</p>
      <OfferedActs offers={offers} />
      <section>
        <h2>内容</h2>
        <p>
          看评价日期前 {period.months} 个月，基础分 {start}。
        </p>
        <h3>计分</h3>
        <ul class="plain">
          {items.map(({ id: item, rule, source: basis }) => (
            <li id={`i-${item}`}>
              {rule}
              {basis !== undefined && <span class="hint"> {basis}</span>}
            </li>
          ))}
        </ul>
        <h3>限制</h3>
        <ul class="plain">
          {limits.map(({ id: limit, rule, grade, atOnce }) => (
            <li id={`l-${limit}`}>
              {rule}，等级不高于 {grade}
              {atOnce && '，即时生效'}
            </li>
          ))}
        </ul>
        <h3>等级</h3>
        <ul class="plain">
          {grades.map(({ grade, name: word, meaning, atLeast }) => (
            <li>
              {grade} {word}
              {atLeast !== undefined && `（${atLeast} 分以上）`}：{meaning}
            </li>
          ))}
        </ul>
      </section>
      {props.maySimulate && <Trial {...props} own={own} />}
      <Versions maker={props.maker} versions={history?.versions ?? []} />
    </DeskLayout>
  )
}

/** What a trial looks at. */
function scopeColumns({ region }: Officer): Column[] {
  return [
    {
      field: 'region',
      label: '地区',
      type: 'text',
      required: false,
      isOffered: true,
      hint: region === undefined ? '不选为全省' : `不选为${placeName(region)}`,
    },
    {
      field: 'product',
      label: '产品',
      type: 'text',
      required: false,
      hint: '许可或检查的产品名称中含有的文字',
    },
    {
      field: 'enterprises',
      label: '名单',
      type: 'text',
      required: false,
      isLong: true,
      hint: '只评其中的企业：每行一个统一社会信用代码或组织机构代码',
    },
  ]
}

function Trial({ officer, places, own, standard, simulated, refused }: OneProps & { own: string }) {
  const grades = gradesOf(standard)
  return (
    <section id="trial">
      <h2>试算</h2>
      {simulated && (
        <>
          <p>
            <strong>
              {simulated.scope}：{simulated.simulation.enterprises} 家，其中 {simulated.simulation.movedCount}{' '}
              家的等级会变动。
            </strong>
          </p>
          <h3>变动</h3>
          <ChartPicture chart={simulated.migration} />
          <MigrationTable moves={simulated.simulation.matrix} grades={grades} />
          <h3>试算后的等级分布</h3>
          <ChartPicture chart={simulated.distribution} />
          <Parts title="地区" parts={simulated.simulation.byRegion} grades={grades} word={placeName} />
          <Parts title="行业" parts={simulated.simulation.byIndustry} grades={grades} word={industryName} />
          {simulated.simulation.moved.length > 0 && (
            <details>
              <summary>等级会变动的企业（前 100 家）</summary>
              <ul class="plain">
                {simulated.simulation.moved.slice(0, 100).map(({ key, name, from, to }) => (
                  <li>
                    <a href={`/desk/enterprises/${key}`}>{name}</a>：{from ?? UNRATED} → {to ?? UNRATED}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
      <ActForm
        id="simulation"
        action={`${own}/simulation#trial`}
        columns={scopeColumns(officer)}
        choices={{
          region: placeChoices({ officer, places }),
        }}
        effect="试算不写入任何内容。"
        button="试算"
        refused={refused}
        quiet
      />
    </section>
  )
}

const sections: Readonly<Record<string, string>> = industrySections

function industryName(section: string): string {
  return section === '' ? '未登记行业' : `${section} ${sections[section] ?? ''}`
}

function Parts({
  title,
  parts,
  grades,
  word,
}: {
  title: string
  parts: Simulation['byRegion']
  grades: readonly string[]
  word: (key: string) => string
}) {
  const rows = Object.entries(parts).map(([key, moves]) => ({ key, counts: distributionOf(moves, grades) }))
  return (
    <details>
      <summary>按{title}</summary>
      <Table
        class="figures"
        rows={rows}
        columns={[
          { label: title, show: ({ key }) => (key === '' ? '未登记' : word(key)) },
          ...grades.map((grade, i) => ({
            label: grade,
            isNumber: true,
            show: ({ counts }: (typeof rows)[number]) => counts[i],
          })),
        ]}
      />
    </details>
  )
}
