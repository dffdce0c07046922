import t from 'tap'
import { catalogue, kindOf } from '../../src/records/catalogue.ts'
import { comparedNumber } from '../../src/records/document-number.ts'

t.test('one number, however its brackets, width, case, spaces and 第 are written', (t) => {
  for (const [number, ...alike] of [
    [
      '冀市监罚〔2026〕31号',
      '冀市监罚[2026]31号',
      '冀市监罚（2026）31号',
      '冀市监罚(2026)31号',
      '冀市监罚【2026】31号',
      '冀市监罚［2026］31号',
      '冀市监罚〔2026〕第31号',
      '冀市监罚 〔2026〕 第 31 号',
      '冀市监罚〔２０２６〕３１号',
      '冀市监罚{2026}31号',
      '冀市监罚﹝2026﹞31号',
      '冀市监罚〔2026〕31',
      '冀市监罚〔2026〕31号。',
      '冀市监罚2026-31号',
      '冀市监罚〔2026〕-31号',
    ],
    ['SC10113010000001', 'sc10113010000001', 'ＳＣ10113010000001'],
    ['GC26-1', 'gc26－1', 'GC26—1'],
    ['冀XK08-001-00001', '（冀）XK08-001-00001', '(冀) xk08-001-00001', '〔冀〕XK08－001－00001'],
    ['冀质监罚字〔2015〕3号', '（冀）质监罚字〔2015〕第3号', '(冀)质监罚字[2015]3号'],
  ] as const)
    for (const other of alike) t.equal(comparedNumber(other), comparedNumber(number), other)
  for (const other of [
    '冀市监罚〔2026〕32号',
    '冀市监罚〔2025〕31号',
    '冀市监罚〔2026〕3号',
    '冀药监罚〔2026〕31号',
    '冀市监罚202631号',
    '冀市监罚〔2026〕31-1号',
    '冀市监罚〔2026〕31号之一',
  ])
    t.not(comparedNumber(other), comparedNumber('冀市监罚〔2026〕31号'), other)
  for (const [one, other] of [
    ['（冀）XK08-001-00001', '（鲁）XK08-001-00001'],
    ['（冀）XK08-001-00001', 'XK08-001-00001'],
    ['某市监罚(1)号', '某市监罚1号'],
    ['某市监罚(食)1号', '某市监罚食1号'],
  ] as const)
    t.not(comparedNumber(one), comparedNumber(other), one)
  t.end()
})

t.test('records of each numbered kind are told apart by the number compared', (t) => {
  const identity = (type: string, data: Record<string, unknown>) => kindOf(catalogue, type)?.identity(data)
  const sampling = { kind: '省级监督抽查', inspectedOn: '2026-03-01', authority: '省局', outcome: '合格' }
  for (const [type, data, field, one, other] of [
    [
      'penalty',
      { conduct: '无证生产', types: ['警告'], decidedOn: '2026-03-01', authority: '省局' },
      'documentNo',
      '冀罚〔2026〕31号',
      '冀罚[2026]第31号',
    ],
    [
      'licence',
      { kind: '食品生产许可证', authority: '省局', issuedOn: '2026-03-01', status: '有效' },
      'number',
      'SC1',
      'sc1',
    ],
    ['inspection', sampling, 'sampleNo', 'GC26-1', 'gc26－1'],
    ['inspection', sampling, 'reportNo', 'GC26-1', 'gc26－1'],
    [
      'award',
      { kind: '政府质量奖', level: '省级', grantedOn: '2026-03-01', grantedBy: '省政府' },
      'documentNo',
      '冀〔2026〕1号',
      '冀(2026)1号',
    ],
  ] as const) {
    const of = (number: string) => identity(type, { ...data, [field]: number })
    t.equal(of(one), of(other), `${type} ${field}`)
    t.not(of(one), of(`${one}9`), `${type} ${field}`)
  }
  t.end()
})
