import type { RecordKind } from '../../records/kind.ts'
import type { Form, Refused } from '../contract.ts'
import { faultsByField, notPersonalName } from '../forms.ts'

interface Props {
  kind: Pick<RecordKind, 'columns'>
  form: Form
  refused: Refused | undefined
}

/** Where a text was refused for personal data: a line each in which an officer says what it is instead. */
export function NotPersonal({ kind: { columns }, form, refused }: Props) {
  const found = (refused?.faults ?? []).filter(({ code }) => code === 'personal-data')
  const named = faultsByField(found, columns)
  const asked = columns.filter(({ field }) => named.has(field) || form[notPersonalName(field)] !== undefined)
  if (asked.length === 0) return null
  return (
    <fieldset>
      <legend>不是个人信息的，写明它是什么</legend>
      {asked.map(({ field, label }) => (
        <div class="field">
          <label for={notPersonalName(field)}>
            {label}
            <span class="hint">如“设备编号”；记入形成过程，公众不可见。居民身份证号码不能这样登记</span>
          </label>
          <input
            id={notPersonalName(field)}
            name={notPersonalName(field)}
            type="text"
            maxLength={200}
            value={form[notPersonalName(field)] ?? ''}
          />
        </div>
      ))}
    </fieldset>
  )
}
