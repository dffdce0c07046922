import type { Officer } from '../../authority/officers.ts'
import { enterprise as enterpriseKind } from '../../records/catalogue.ts'
import type { Column } from '../../records/kind.ts'
import { DeskLayout, FormMarks } from '../components/desk-layout.tsx'
import { Fields } from '../components/fields.tsx'
import { NotPersonal } from '../components/not-personal.tsx'
import type { Form, Refused } from '../contract.ts'
import { faultsByField } from '../forms.ts'

interface Props {
  officer: Officer
  form: Form
  refused?: Refused
  today: string
}

const CODES: readonly Column[] = [
  {
    field: 'uscc',
    label: '统一社会信用代码',
    type: 'text',
    required: false,
    hint: '18 位；2015 年后成立的企业都有',
  },
  {
    field: 'orgCode',
    label: '组织机构代码',
    type: 'text',
    required: false,
    hint: '9 位；没有统一社会信用代码的才填',
  },
]

/** Opening a file for an enterprise that has none; two enterprises with one organisation code are told apart here. */
export function NewFilePage({ form, refused, today }: Props) {
  const faults = faultsByField(refused?.faults ?? [], [...CODES, ...enterpriseKind.columns])
  const isShared = refused?.faults.some(({ code }) => code === 'organisation-code-in-use') ?? false
  const others = (faults.get('') ?? []).filter((text) => text !== refused?.title)
  return (
    <DeskLayout title="新建企业档案">
      {refused && (
        <div class="fault" role="alert">
          <p>{refused.title}</p>
          {others.map((text) => (
            <p>{text}</p>
          ))}
        </div>
      )}
      <form method="post" action="/desk/new-file" data-save>
        <FormMarks />
        <Fields kind={{ columns: CODES }} form={form} faults={faults} today={today} />
        {(isShared || form.underUnifiedCode === 'on') && (
          <p class="notice">
            <label>
              <input
                type="checkbox"
                name="underUnifiedCode"
                value="on"
                checked={form.underUnifiedCode === 'on'}
              />{' '}
              已核对证照，确为两家企业，以统一社会信用代码建档
            </label>
          </p>
        )}
        <Fields kind={enterpriseKind} form={form} faults={faults} today={today} />
        <NotPersonal kind={enterpriseKind} form={form} refused={refused} />
        <button type="submit">建立档案</button>
      </form>
    </DeskLayout>
  )
}
