import t from 'tap'
import { z } from 'zod'
import {
  changes,
  inputFaults,
  line,
  nameLine,
  oneOf,
  paragraphs,
  reasonAlone,
  severalOf,
  someOf,
  yesOrNo,
} from '../../src/acts/input.ts'
import { shippedActs } from '../../src/acts/shipped.ts'
import { columnsOf } from '../../src/records/kind.ts'
import { boundsOf, sameAsIn } from '../bounds.ts'

/**
 * `inputs.txt` is what each act asks for and how much of it, as an official checks it: a line for each field.
 */

t.test('what each act asks for, and how much of it', async (t) => {
  const lines = shippedActs.flatMap((act) => {
    // Documents have schemas of their own.
    const { document: _, ...fields } = act.input.shape
    const schema = z.toJSONSchema(z.strictObject(fields), { io: 'input', unrepresentable: 'any' })
    const { method, path, status = 200, step } = act.route
    const [, ...rest] = boundsOf(act.name, schema)
    const second = act.secondRight === undefined ? [] : [`另一人 ${act.secondRight}`]
    return [
      [act.name, method, path, ...(step === undefined ? [] : [step]), status, ...act.rights, ...second].join(
        ' ',
      ),
      ...rest,
    ]
  })
  sameAsIn(t, new URL('inputs.txt', import.meta.url), lines)
})

t.test('what a form says beside a field: its label, and what to write where that is said', async (t) => {
  const said = (schema: z.ZodType) => {
    const { label, hint, isLong, isOffered, answers } = schema.meta() ?? {}
    return { label, hint, isLong, isOffered, answers }
  }
  const plain = { label: '栏', hint: undefined, isLong: undefined, isOffered: undefined, answers: undefined }
  for (const [name, schema, more] of [
    ['a line', line('栏'), {}],
    ['a line with a hint', line('栏', { hint: '写' }), { hint: '写' }],
    ['a name', nameLine('栏'), {}],
    ['a name with a hint', nameLine('栏', '写'), { hint: '写' }],
    ['paragraphs', paragraphs('栏', 10), { isLong: true }],
    ['paragraphs with a hint', paragraphs('栏', 10, '写'), { isLong: true, hint: '写' }],
    ['several', someOf('栏'), { isOffered: true }],
    ['several with a hint', someOf('栏', '写'), { isOffered: true, hint: '写' }],
    ['several of a schema', severalOf('栏', ['甲', '乙'], '写'), { isOffered: true, hint: '写' }],
    ['one', oneOf('栏'), { isOffered: true }],
    ['yes or no', yesOrNo('栏', '准', '不准'), { answers: ['准', '不准'] }],
    ['a reason', reasonAlone('栏').shape.reason, {}],
    ['a reason with a hint', reasonAlone('栏', '写').shape.reason, { hint: '写' }],
  ] as [string, z.ZodType, object][])
    t.same(said(schema), { ...plain, ...more }, name)
  for (const [name, schema, most] of [
    ['a line', line('栏'), 100],
    ['a longer one', line('栏', { max: 300 }), 300],
    ['a name', nameLine('栏'), 100],
    ['paragraphs', paragraphs('栏', 40), 40],
    ['a reason', reasonAlone('栏').shape.reason, 500],
    ['one of what is offered', oneOf('栏'), 200],
  ] as [string, z.ZodType, number][]) {
    t.ok(schema.safeParse('字'.repeat(most)).success, `${name} of ${most}`)
    t.notOk(schema.safeParse('字'.repeat(most + 1)).success, `${name} of ${most + 1}`)
    t.notOk(schema.safeParse('').success, `${name} of nothing`)
  }
  for (const [length, isFine] of [
    [60, true],
    [61, false],
  ] as const)
    t.equal(changes().safeParse({ ['a'.repeat(length)]: 1 }).success, isFine, `a field of ${length}`)
  for (const [count, isFine] of [
    [0, false],
    [1, true],
    [50, true],
    [51, false],
  ] as const)
    t.equal(
      someOf('栏').safeParse(Array.from({ length: count }, (_, i) => `${i}`)).success,
      isFine,
      `${count}`,
    )
})

t.test('what is wrong with an input is said where it is wrong, however deep', async (t) => {
  const schema = z.strictObject({
    reason: line('理由', { max: 3 }),
    period: z.strictObject({ from: line('自', { max: 3 }), to: line('至') }).meta({ label: '期间' }),
    roles: severalOf('岗位', ['甲', '乙'], '写'),
  })
  const fine = { reason: '误', period: { from: '一', to: '二' }, roles: ['甲'] }
  for (const [input, told] of [
    [{ ...fine, reason: '一二三四' }, ['/reason too-big']],
    [{ ...fine, reason: undefined }, ['/reason required']],
    [{ ...fine, period: { from: '一二三四', to: '二' } }, ['/period/from too-big']],
    [{ ...fine, period: { from: '一' } }, ['/period/to required']],
    [{ ...fine, period: { ...fine.period, on: '' } }, ['/period/on unknown-field']],
    [{ ...fine, on: '' }, ['/on unknown-field']],
    [{ ...fine, on: '', at: '' }, ['/on unknown-field', '/at unknown-field']],
    [{ ...fine, roles: ['甲', '丙'] }, ['/roles/1 choice']],
    [{ ...fine, roles: [] }, ['/roles too-small']],
    [{ ...fine, reason: '一二三四', roles: [] }, ['/reason too-big', '/roles too-small']],
  ] as const) {
    const { error } = schema.safeParse(input, { reportInput: true })
    const refused = error && inputFaults('撤回', columnsOf(schema), error)
    t.same(
      refused?.faults?.map(({ pointer, code }) => `${pointer} ${code}`),
      told,
      JSON.stringify(input),
    )
    t.equal(refused?.title, `撤回有 ${told.length} 处需要修改。`)
  }
})
