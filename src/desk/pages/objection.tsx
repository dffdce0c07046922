import { objectionDue } from '../../blacklist/objections.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { DecisionText, EarlyEnd, Objection } from '../../dossier/case.ts'
import { type Offer, OfferedActs } from '../components/act-offer.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import { Lines } from '../components/lines.tsx'
import type { Asker } from '../contract.ts'
import { recordAddress } from '../lists.ts'
import { EARLY_END_WORDS } from '../words.ts'

interface Props extends Asker {
  code: string
  name: string
}

/** An objection, and settling it. */
export function ObjectionPage(
  props: Props & { objection: Objection; about: string; offers: readonly Offer[]; done?: string | undefined },
) {
  const { code, name, objection, about, offers, done } = props
  const { on, grounds, assistedBy, settled } = objection
  const { date: dueOn, certain } = objectionDue(objection)
  return (
    <DeskLayout title="异议" done={done}>
      <p>
        <a href={`/desk/enterprises/${code}`}>{name}</a>
      </p>
      <Lines
        lines={[
          ['对象', about],
          ['提出日期', on],
          ['协助核查', assistedBy],
          ['处理期限', certain ? dueOn : `${dueOn}（估计）`],
        ]}
      />
      <h2>理由</h2>
      <p class="text long">{grounds}</p>
      {settled ? (
        <>
          <h2>{settled.upheld ? '异议成立' : '异议不成立'}</h2>
          <p class="text long">
            {settled.on}：{settled.outcome}
          </p>
        </>
      ) : (
        <>
          <p class="verdict">待处理</p>
          <OfferedActs offers={offers} />
        </>
      )}
    </DeskLayout>
  )
}

/** Ending a penalty's publication early: what was done, and the step that comes next. */
export function EarlyEndPage(
  props: Props & {
    record: { id: string; documentNo: string; decidedOn: string }
    last: EarlyEnd | undefined
    /** The step that comes next, if any. */
    offers: readonly Offer[]
    done?: string | undefined
  },
) {
  const { code, name, record, last, offers, done } = props
  const isOpen = last?.status === 'applied' || last?.status === 'checked'
  return (
    <DeskLayout title="提前停止公示" done={done} heading="提前停止公示行政处罚">
      <p>
        <a href={recordAddress(code, record.id)}>{name}</a>，{record.documentNo}（{record.decidedOn} 决定）
      </p>
      {last && (
        <ol class="history">
          {(
            [
              ['申请', last.applied, last.applied.grounds],
              ['核查', last.checked, last.checked?.findings],
              ['决定', last.decided, last.decided?.reasons],
              ['撤销', last.revoked, last.revoked?.reason],
            ] as const
          ).map(
            ([label, taken, text]) =>
              taken && (
                <li>
                  <time dateTime={taken.at}>{shanghaiTime(new Date(taken.at))}</time>
                  <span>
                    {label}，{props.maker(taken.author)}：{text}
                  </span>
                </li>
              ),
          )}
          <li>
            <span class="day">现为</span>
            <span>
              {EARLY_END_WORDS[last.status]}
              {isOpen && `，期限 ${last.applied.dueOn}`}
            </span>
          </li>
        </ol>
      )}
      <OfferedActs offers={offers} />
    </DeskLayout>
  )
}

const TEXT_WORDS = { attached: '待审核', approved: '已审核，在处罚公示期间公示', returned: '已退回' } as const

/** The text of a penalty's decision: as it is to be published, its review, and attaching another. */
export function DecisionTextPage(
  props: Props & {
    record: { id: string; documentNo: string; decidedOn: string }
    last: DecisionText | undefined
    offers: readonly Offer[]
    done?: string | undefined
  },
) {
  const { code, name, record, last, offers, done } = props
  return (
    <DeskLayout title="处罚决定书" done={done}>
      <p>
        <a href={recordAddress(code, record.id)}>{name}</a>，{record.documentNo}（{record.decidedOn} 决定）
      </p>
      {last && (
        <>
          <p class="verdict">{TEXT_WORDS[last.status]}</p>
          <p>
            {props.maker(last.attached.author)} 于 {shanghaiTime(new Date(last.attached.at))} 附，隐去{' '}
            {last.attached.masked} 处；
            {last.attached.toldOn} 书面告知当事人将公示。
          </p>
          {last.reviewed && (
            <p>
              {props.maker(last.reviewed.author)} 于 {shanghaiTime(new Date(last.reviewed.at))} 审核：
              {last.reviewed.reasons}
            </p>
          )}
          <section>
            <h2>公开的文本</h2>
            <p class="long">{last.attached.text}</p>
          </section>
        </>
      )}
      <OfferedActs offers={offers} />
    </DeskLayout>
  )
}
