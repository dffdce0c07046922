import type { Offered } from '../../acts/offered.ts'
import type { Officer } from '../../authority/officers.ts'
import type { Difference } from '../../dossier/differences.ts'
import type { RecordKind } from '../../records/kind.ts'
import type { Suggestions } from '../../registry/suggestions.ts'
import { Awaited } from '../components/act-offer.tsx'
import { DeskLayout, FormMarks } from '../components/desk-layout.tsx'
import { DifferenceTable } from '../components/differences.tsx'
import { Entrances } from '../components/entrances.tsx'
import { Fields } from '../components/fields.tsx'
import { NotPersonal } from '../components/not-personal.tsx'
import type { Asker, Form, Refused } from '../contract.ts'
import { faultsByField } from '../forms.ts'

/** What is done to a record, in the words of its effect. */
export const ACTS = {
  new: { title: '登记', button: '保存', reason: false, effect: '' },
  update: {
    title: '更新',
    button: '保存更新',
    reason: true,
    effect: '情况变了，如许可暂停、罚款缴清、整改完成。原来的内容保留在形成过程中。',
  },
  correct: {
    title: '更正',
    button: '保存更正',
    reason: true,
    effect: '当时记错了。过去某天的档案也按更正后的内容显示，更正本身留有记录。',
  },
} as const
export type RecordAct = keyof typeof ACTS

interface Props extends Asker {
  act: RecordAct
  kind: RecordKind
  enterprise: { code: string; name: string }
  /** Where the form goes, and the revision of the file that it was made from. */
  action: string
  revision: number
  form: Form
  /** What is wrong. */
  refused?: Refused | undefined
  /** What stands now, as the form would show it; absent for a new record. */
  standing?: Form | undefined
  /** What others changed since the form was made. */
  meanwhile?: readonly Difference[]
  suggestions: Suggestions
  today: string
  /** The act that it is, as whoever asks meets it. */
  named: Pick<Offered, 'act' | 'asked'>
  /** Why the act may not be done to such a record; undefined when it may. */
  hindrance: string | undefined
  /** What they may do to it instead. */
  instead: readonly Offered[]
}

/** A form made from a record's definition, with everything that was typed still in it. */
export function RecordPage(props: Props) {
  const { act, kind, enterprise, action, revision, form, refused, standing, today } = props
  const { title: verb, button, reason, effect } = ACTS[act]
  const faults = faultsByField(refused?.faults ?? [], kind.columns)
  const heading = `${verb}${kind.label}`
  const reasonFault = refused?.faults.find(({ pointer }) => pointer === '/reason')?.detail
  const others = (faults.get('') ?? []).filter((fault) => fault !== refused?.title)
  const { meanwhile = [], suggestions, named, hindrance, instead } = props
  // What was typed is shown once more even where it can't be done.
  const isOffered = hindrance === undefined || refused !== undefined
  return (
    <DeskLayout title={heading}>
      <p>
        <a href={`/desk/enterprises/${enterprise.code}`}>{enterprise.name}</a>
      </p>
      {effect !== '' && <p class="text">{effect}</p>}
      {refused === undefined && hindrance !== undefined && <p class="notice">{hindrance}</p>}
      {hindrance === undefined ? <Awaited {...named} maker={props.maker} /> : <Entrances offered={instead} />}
      {refused && (
        <div class="fault" role="alert">
          <p>{refused.title}</p>
          {others.map((fault) => (
            <p>{fault}</p>
          ))}
        </div>
      )}
      {meanwhile.length > 0 && (
        <section>
          <h2>其间他人作的修改</h2>
          <DifferenceTable differences={meanwhile} />
        </section>
      )}
      {isOffered && (
        <form
          method="post"
          action={action}
          data-save
          data-check={`/desk/check/${kind.type}?code=${enterprise.code}`}
        >
          <FormMarks />
          <input type="hidden" name="revision" value={revision} />
          <Fields
            kind={{ columns: kind.columns.filter(({ procedure }) => procedure === undefined) }}
            form={form}
            faults={faults}
            today={today}
            suggestions={suggestions}
            standing={standing}
          />
          <NotPersonal kind={kind} form={form} refused={refused} />
          {reason && (
            <div class="field">
              <label for="reason">
                原因<span class="hint">（必填，记入形成过程，公众不可见）</span>
              </label>
              <input
                id="reason"
                name="reason"
                type="text"
                maxLength={500}
                value={form.reason ?? ''}
                {...(reasonFault !== undefined && {
                  'aria-invalid': true,
                  'aria-describedby': 'reason-fault',
                })}
              />
              {reasonFault !== undefined && (
                <p class="fault" id="reason-fault">
                  {reasonFault}
                </p>
              )}
            </div>
          )}
          <button type="submit">{button}</button>
        </form>
      )}
    </DeskLayout>
  )
}

interface ChooseProps {
  officer: Officer
  kinds: readonly RecordKind[]
  /** What is to be recorded, once that is chosen. */
  kind?: RecordKind | undefined
  done?: string | undefined
  /** Key of the file in which one was recorded just now. */
  last?: string | undefined
  said?: Said | undefined
}

/** What is said of what was recorded just now: of a sample, what it came to beside its own file. */
export interface Said {
  /** Others in whose files it stands too. */
  also: readonly string[]
  /** Others in whose files it does not, and why. */
  unreached: { name: string; why: string }[]
  /** That it names an authority which nobody has opened, and whose it is then, in words. */
  strange: string | undefined
}

/** What to record, and of whom. */
export function ChoosePage({ kinds, kind, done, last, said }: ChooseProps) {
  const title = kind ? `登记${kind.label}` : '登记'
  return (
    <DeskLayout title={title} done={done}>
      {said && said.also.length > 0 && <p class="notice">同时记入{said.also.join('、')}的档案。</p>}
      {said?.strange !== undefined && <p class="notice">{said.strange}</p>}
      {said?.unreached.map(({ name, why }) => (
        <p class="notice">
          没有记入{name}的档案：{why}。其档案需要这一样品的，请以其代码另行登记，或者补填代码后更正。
        </p>
      ))}
      {kind && last !== undefined && (
        <p>
          <a href={`/desk/new/${kind.type}?code=${encodeURIComponent(last)}`}>再登记这一家的一条</a>
        </p>
      )}
      {kind ? (
        <form class="whom" method="get" action="/desk/find">
          <input type="hidden" name="for" value={kind.type} />
          <div class="field text">
            <label for="whom">哪一家企业</label>
            <input
              id="whom"
              name="q"
              type="search"
              maxLength={200}
              autocomplete="off"
              aria-describedby="whom-hint"
              data-first
              data-suggest="/suggest"
              data-suggest-go={`/desk/new/${kind.type}?code=`}
            />
            <p class="hint" id="whom-hint">
              名称、统一社会信用代码、组织机构代码或拼音；只有一家相符时直接打开表单
            </p>
          </div>
          <button type="submit">查找</button>
        </form>
      ) : (
        <ul class="plain">
          {kinds.map((one) => (
            <li>
              <a href={`/desk/new/${one.type}`}>{one.label}</a>
            </li>
          ))}
          <li>
            <a href="/desk/new-file">新建企业档案</a>
          </li>
          <li>
            <a href="/desk/imports">批量导入</a>
          </li>
        </ul>
      )}
    </DeskLayout>
  )
}
