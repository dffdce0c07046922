import type { Officer } from '../../authority/officers.ts'
import { shanghaiTime } from '../../calendar/dates.ts'
import type { EarlyEnd, Objection } from '../../dossier/case.ts'
import { ActForm } from '../components/act-form.tsx'
import { DeskLayout } from '../components/desk-layout.tsx'
import type { Form, Refused } from '../contract.ts'
import { recordAddress } from '../lists.ts'
import { EARLY_END_WORDS } from '../words.ts'

interface Props {
  officer: Officer
  token: string
  code: string
  name: string
  today: string
  refused?: Refused
  typed?: Form
}

/** Something in a file that one may object to. */
export interface Objectionable {
  value: string
  label: string
}

const LONGEST = 10_000

/** Filing an enterprise's objection. */
export function FileObjectionPage(props: Props & { about: string; choices: readonly Objectionable[] }) {
  const { officer, token, code, name, today, refused, typed = {}, about, choices } = props
  return (
    <DeskLayout title="登记异议" officer={officer} token={token}>
      <h1>登记异议</h1>
      <p>
        <a href={`/desk/enterprises/${code}`}>{name}</a>
      </p>
      {choices.length === 0 ? (
        <p class="none">档案中没有可以异议的记录、等级或列入案件。</p>
      ) : (
        <ActForm
          id="objection"
          action={`/desk/enterprises/${code}/objections`}
          token={token}
          fields={[
            { name: 'about', label: '对什么提出异议', type: 'choice', value: about, choices },
            { name: 'on', label: '提出日期', type: 'date', value: today, max: today },
            { name: 'grounds', label: '异议的理由', type: 'long', longest: LONGEST },
          ]}
          effect="登记后，公开页面随即注明“异议处理中”；处理期限自提出之日起算。"
          button="登记异议"
          refused={refused}
          typed={typed}
        />
      )}
    </DeskLayout>
  )
}

/** An objection, and settling it. */
export function ObjectionPage(
  props: Props & { objection: Objection; about: string; maySettle: boolean; done?: string | undefined },
) {
  const { officer, token, code, name, objection, about, maySettle, refused, typed = {}, done } = props
  const { on, grounds, dueOn, certain, settled } = objection
  return (
    <DeskLayout title="异议" officer={officer} token={token} done={done}>
      <h1>异议</h1>
      <p>
        <a href={`/desk/enterprises/${code}`}>{name}</a>
      </p>
      <dl class="lines">
        <div>
          <dt>对象</dt>
          <dd>{about}</dd>
        </div>
        <div>
          <dt>提出日期</dt>
          <dd>{on}</dd>
        </div>
        <div>
          <dt>处理期限</dt>
          <dd>
            {dueOn}
            {!certain && '（估计）'}
          </dd>
        </div>
      </dl>
      <h2>理由</h2>
      <p class="text long">{grounds}</p>
      {settled ? (
        <>
          <h2>{settled.upheld ? '异议成立' : '异议不成立'}</h2>
          <p class="text long">
            {settled.on}：{settled.outcome}
          </p>
        </>
      ) : maySettle ? (
        <>
          <h2>处理</h2>
          <ActForm
            id="settlement"
            action={`/desk/enterprises/${code}/objections/${objection.id}`}
            token={token}
            fields={[
              {
                name: 'upheld',
                label: '结果',
                type: 'choice',
                choices: [
                  { value: 'yes', label: '异议成立' },
                  { value: 'no', label: '异议不成立' },
                ],
              },
              { name: 'outcome', label: '处理情况和理由', type: 'long', longest: LONGEST },
            ]}
            effect={
              objection.about.kind === 'case'
                ? '异议成立的，企业随即移出名单，列入案件的文字依法删除，不能恢复。'
                : '异议成立的，请随后更正或撤回有误的记录；“异议处理中”的注明随即撤下。'
            }
            button="处理完毕"
            refused={refused}
            typed={typed}
          />
        </>
      ) : (
        <p class="notice">待处理；由“审核”或“发布”岗位办理。</p>
      )}
    </DeskLayout>
  )
}

/** Ending a penalty's publication early: what was done, and the step that comes next. */
export function EarlyEndPage(
  props: Props & {
    record: { id: string; documentNo: string; decidedOn: string }
    last: EarlyEnd | undefined
    /** Why this officer may not take the next step; undefined when they may. */
    hindrance: string | undefined
    done?: string | undefined
  },
) {
  const { officer, token, code, name, today, record, last, hindrance, refused, typed = {}, done } = props
  const isOpen = last?.status === 'applied' || last?.status === 'checked'
  const step = !isOpen ? 'application' : last.status === 'applied' ? 'check' : 'decision'
  return (
    <DeskLayout title="提前停止公示" officer={officer} token={token} done={done}>
      <h1>提前停止公示行政处罚</h1>
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
            ] as const
          ).map(
            ([label, taken, text]) =>
              taken && (
                <li>
                  <time dateTime={taken.at}>{shanghaiTime(new Date(taken.at))}</time>
                  <span>
                    {label}，{taken.author.authority} {taken.author.officer}：{text}
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
      {last?.status === 'granted' ? null : hindrance !== undefined ? (
        <p class="notice">{hindrance}</p>
      ) : (
        <ActForm
          id={step}
          action={`/desk/enterprises/${code}/records/${record.id}/early-end`}
          token={token}
          hidden={{ step }}
          fields={
            {
              application: [
                { name: 'on', label: '申请日期', type: 'date' as const, value: today, max: today },
                { name: 'grounds', label: '申请的理由', type: 'long' as const, longest: LONGEST },
              ],
              check: [{ name: 'findings', label: '核查的情况', type: 'long' as const, longest: LONGEST }],
              decision: [
                {
                  name: 'granted',
                  label: '决定',
                  type: 'choice' as const,
                  choices: [
                    { value: 'yes', label: '同意，今天起停止公示' },
                    { value: 'no', label: '不同意' },
                  ],
                },
                { name: 'reasons', label: '理由', type: 'long' as const, longest: LONGEST },
              ],
            }[step]
          }
          button={{ application: '登记申请', check: '登记核查', decision: '作出决定' }[step]}
          refused={refused}
          typed={typed}
        />
      )}
    </DeskLayout>
  )
}
