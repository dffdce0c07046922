import t from 'tap'
import type { z } from 'zod'
import { lines, name, number, regionCode, text, textFault } from '../../src/records/fields.ts'

/** What a schema makes of a value: the value it stores, or the key of its first fault. */
function outcome(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { stored: parsed.data }
  const [issue] = parsed.error.issues
  return issue?.code === 'custom' ? issue.params?.key : issue?.code
}

t.test('one rule for every text', async (t) => {
  for (const [value, key] of [
    ['示例', undefined],
    ['第一行\n第二行\t列', undefined],
    ['𠀀𬬭', undefined],
    ['\ud800', 'malformed'],
    ['示例\udc00公司', 'malformed'],
    ['\udc00\ud800', 'malformed'],
    ['\u0000', 'control-character'],
    ['\u0007', 'control-character'],
    ['\u001b[31m', 'control-character'],
    ['\u007f', 'control-character'],
    ['\u0085', 'control-character'],
    ['\u2028', 'control-character'],
    ['\ufffe', 'control-character'],
    ['张某11010519491231002X', 'identity-number'],
    ['编号110105194912310021', undefined],
  ] as const)
    t.equal(textFault(value)?.key, key, Array.from(value, (c) => c.codePointAt(0)?.toString(16)).join(' '))
  for (const key of ['malformed', 'control-character', 'identity-number'] as const)
    for (const schema of [text(50), lines(50), name(50), number(50)])
      t.equal(
        outcome(
          schema,
          { malformed: 'a\ud800', 'control-character': 'a\u0001', 'identity-number': '11010519491231002X' }[
            key
          ],
        ),
        key,
      )
})

t.test('length is counted after tidying, at its edges', async (t) => {
  for (const schema of [text(5), lines(5), name(5)]) {
    t.same(outcome(schema, '一二三四五'), { stored: '一二三四五' })
    t.same(outcome(schema, '  一二三四五\n'), { stored: '一二三四五' })
    t.equal(outcome(schema, '一二三四五六'), 'too_big')
    t.equal(outcome(schema, ' '.repeat(3)), 'too_small')
    t.equal(outcome(schema, '一'.repeat(1_000_000)), 'too_big')
    t.equal(outcome(schema, 7), 'invalid_type')
  }
})

t.test('one line or several', async (t) => {
  t.same(outcome(lines(50), 'a\r\nb\rc\nd'), { stored: 'a\nb\nc\nd' })
  t.same(outcome(text(50), 'a\r\nb'), { stored: 'a b' })
  t.same(outcome(text(50), '河北示例\r\n有限公司'), { stored: '河北示例有限公司' }, 'a wrapped cell')
  t.same(outcome(name(50), '河北示例\n有限公司'), { stored: '河北示例有限公司' })
})

t.test('a name loses what nobody sees', async (t) => {
  t.same(outcome(name(50), '\u202e唐山⻓城\u200b有限公司\ufeff'), { stored: '唐山长城有限公司' })
  t.equal(outcome(name(50), '\u200b'), 'too_small')
})

t.test('a region by its names, past and present', async (t) => {
  t.same(outcome(regionCode(), '鹿泉市'), { stored: '130110' })
  t.same(outcome(regionCode(), '130182'), { stored: '130109' })
  t.same(outcome(regionCode(), '石家庄市桥西区'), { stored: '130104' })
  t.equal(outcome(regionCode(), '桥西区'), 'region')
  t.equal(outcome(regionCode(), '月球'), 'region')
  t.equal(outcome(regionCode(), '月'.repeat(101)), 'too_big')
})
