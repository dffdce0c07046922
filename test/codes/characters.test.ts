import t from 'tap'
import { describeChanges, writtenText } from '../../src/codes/characters.ts'

t.test('a name is stored as given', async (t) => {
  for (const name of [
    '河北示例机械有限公司',
    '示例（石家庄）有限公司',
    '示例(石家庄)有限公司',
    '燕趙示例製造廠',
    '示例㐀𠀀𬬭厂',
    'Beispiel & Söhne GmbH 2026',
    'A·B-C—D“甲”、乙　丙',
    '〇一二㈱①Ⅲ',
  ])
    t.same(writtenText(name), { text: name, changes: [] }, name)
})

t.test('less what nobody sees, and that is said', async (t) => {
  for (const mark of [
    '\u200b',
    '\u200e',
    '\u202a',
    '\u202e',
    '\u2060',
    '\u2066',
    '\u2069',
    '\ufeff',
    '\u00ad',
    '\u061c',
    '\ufe0f',
    '\ufe00',
    '\u{e0100}',
    '\u3164',
    '\u{e0041}',
  ]) {
    const { text, changes } = writtenText(`示例${mark}公司`)
    t.equal(text, '示例公司')
    t.same(changes, [{ kind: 'invisible', from: mark, to: '', place: 3 }])
  }
  t.equal(
    describeChanges(writtenText('示例\u200b公司').changes),
    '第 3 个字符是不可见字符（U+200B），已删去。',
  )
})

t.test(
  'radicals, compatibility forms and private-use characters become the ideographs they stand for',
  async (t) => {
    for (const [from, to, kind] of [
      ['⻓', '长', 'radical'],
      ['⻔', '门', 'radical'],
      ['⻢', '马', 'radical'],
      ['⻋', '车', 'radical'],
      ['⻰', '龙', 'radical'],
      ['⼀', '一', 'radical'],
      ['⽯', '石', 'radical'],
      ['⾦', '金', 'radical'],
      ['⿕', '龠', 'radical'],
      ['\uf900', '豈', 'compatibility'],
      ['\u{2f81a}', '冬', 'compatibility'],
      ['\ue81e', '\u9fb4', 'private-use'],
      ['\ue854', '\u9fba', 'private-use'],
      ['\ue7c7', '\u1e3f', 'private-use'],
      ['\ue7c8', '\u01f9', 'private-use'],
      ['\ue815', '\u5382', 'private-use'],
      ['\ue863', '\u4dae', 'private-use'],
      ['\ue864', '\u9fbb', 'private-use'],
      ['\ue81a', '\u3473', 'private-use'],
      ['\ue816', '\u{20087}', 'private-use'],
      ['\ue855', '\u{241fe}', 'private-use'],
      ['\ue843', '\u9fb9', 'private-use'],
      ['\ue844', '\u4723', 'private-use'],
    ] as const) {
      const written = writtenText(`唐山${from}城`)
      t.same(written, { text: `唐山${to}城`, changes: [{ kind, from, to, place: 3 }] }, from)
    }
    t.match(describeChanges(writtenText('唐山⻓城').changes), /U\+2ED3.*已改为“长”/)
  },
)

t.test('a private-use character that no table knows stays and is said', async (t) => {
  for (const beside of ['\ue7c6', '\ue7c9', '\ue814', '\ue865'])
    t.match(writtenText(`示例${beside}厂`), {
      text: `示例${beside}厂`,
      changes: [{ kind: 'unknown-private-use', place: 3 }],
    })
  const { text, changes } = writtenText('示例\ue123厂')
  t.equal(text, '示例\ue123厂')
  t.match(changes, [{ kind: 'unknown-private-use', place: 3 }])
  t.match(describeChanges(changes), /原样保留/)
})

t.test('written twice is written once; long texts end', async (t) => {
  const given = '\u200b⻓'.repeat(50_000)
  const { text } = writtenText(given)
  t.equal(text, '长'.repeat(50_000))
  t.same(writtenText(text), { text, changes: [] })
  t.match(describeChanges(writtenText(given).changes), /另有 99995 处/)
  t.equal(describeChanges([]), '')
})
