import type { Officer } from '../../access/officers.ts'
import type { Fault } from '../../dossier/refusal.ts'
import type { RecordKind } from '../../records/kind.ts'
import { DeskLayout, FormMarks } from '../components/desk-layout.tsx'
import { Fields } from '../components/fields.tsx'
import type { Form } from '../desk.tsx'
import { faultsByField } from '../forms.ts'

/** What is done to a record, in the words of its effect. */
export const ACTS = {
  new: { title: '登记', button: '保存', reason: false, effect: '' },
  update: {
    title: '更新',
    button: '保存更新',
    reason: false,
    effect: '情况变了，如许可暂停、罚款缴清、整改完成。原来的内容保留在形成过程中。',
  },
  correct: {
    title: '更正',
    button: '保存更正',
    reason: true,
    effect: '当时记错了。过去某天的档案也按更正后的内容显示，更正本身留有记录。',
  },
  withdraw: {
    title: '撤回',
    button: '撤回这条记录',
    reason: true,
    effect: '不该有这条记录。撤回后公众看不到它，也不再计入等级；撤回不能恢复，只能重新登记。',
  },
} as const
export type RecordAct = keyof typeof ACTS

interface Props {
  officer: Officer
  token: string
  act: RecordAct
  kind: RecordKind
  enterprise: { code: string; name: string }
  /** Where the form goes, and the revision of the file that it was made from. */
  action: string
  revision: number
  form: Form
  command?: string | undefined
  /** What is wrong, and what somebody else changed meanwhile. */
  title?: string | undefined
  faults?: readonly Fault[]
  done?: string | undefined
  today: string
}

/** A form made from a record's definition, with everything that was typed still in it. */
export function RecordPage(props: Props) {
  const { officer, token, act, kind, enterprise, action, revision, form, command, done, today } = props
  const { title: verb, button, reason, effect } = ACTS[act]
  const faults = faultsByField(props.faults ?? [], kind.columns)
  const heading = `${verb}${kind.label}`
  return (
    <DeskLayout title={heading} officer={officer} token={token} done={done}>
      <h1>{heading}</h1>
      <p>
        <a href={`/desk/enterprises/${enterprise.code}`}>{enterprise.name}</a>
      </p>
      {effect !== '' && <p class="text">{effect}</p>}
      {props.title !== undefined && (
        <div class="fault" role="alert">
          <p>{props.title}</p>
          {(faults.get('') ?? []).map((fault) => (
            <p>{fault}</p>
          ))}
        </div>
      )}
      <form method="post" action={action} data-save>
        <FormMarks token={token} command={command} />
        <input type="hidden" name="revision" value={revision} />
        {act !== 'withdraw' && <Fields kind={kind} form={form} faults={faults} today={today} />}
        {reason && (
          <div class="field">
            <label for="reason">
              原因<span class="hint">（必填，记入形成过程，公众不可见）</span>
            </label>
            <input id="reason" name="reason" type="text" maxLength={500} value={form.reason ?? ''} required />
          </div>
        )}
        <button type="submit">{button}</button>
      </form>
    </DeskLayout>
  )
}

interface ChooseProps {
  officer: Officer
  token: string
  kinds: readonly RecordKind[]
  /** What is to be recorded, once that is chosen. */
  kind?: RecordKind | undefined
  done?: string | undefined
}

/** What to record, and of whom. */
export function ChoosePage({ officer, token, kinds, kind, done }: ChooseProps) {
  const title = kind ? `登记${kind.label}` : '登记'
  return (
    <DeskLayout title={title} officer={officer} token={token} done={done}>
      <h1>{title}</h1>
      {kind ? (
        <form method="get" action="/desk/find">
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
              required
            />
            <p class="hint" id="whom-hint">
              名称、统一社会信用代码、组织机构代码或拼音
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
        </ul>
      )}
    </DeskLayout>
  )
}
