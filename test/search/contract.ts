import type { Test } from 'tap'
import { searchOver } from '../../src/search/answering.ts'
import type { SearchFilters } from '../../src/search/dimensions.ts'
import type { SearchDocument } from '../../src/search/document.ts'
import { BadCursor, type SearchEngine, type SearchIndex, type SearchQuery } from '../../src/search/engine.ts'

type Names = readonly [key: string, names: readonly string[], more?: Partial<SearchDocument>]

const firms: Names[] = [
  ['A00000001', ['石家庄示例钢铁有限公司'], { uscc: '91130102A000000012', region: '130102' }],
  ['A00000002', ['河北示例钢铁集团股份有限公司'], { region: '130200' }],
  ['A00000003', ['示例钢铁']],
  ['A00000004', ['唐山（示例）重型机械有限责任公司', '唐山演示机器厂'], { region: '130203', status: '注销' }],
  ['A00000005', ['示例长乐重庆小面馆'], { legalForm: '个体工商户' }],
  ['A00000006', ['廊坊市示例龍騰電線電纜有限公司'], { region: '131025', kinds: ['licence', 'penalty'] }],
  ['A00000007', ['示例ABC科技有限公司'], { kinds: ['licence'], grade: 'A', establishedOn: '2020-01-01' }],
  ['A00000008', ['演示鑫源建材销售中心'], { grade: 'D', listed: true, establishedOn: '2010-10-10' }],
  [
    'A00000009',
    ['大名县示例面粉厂'],
    { region: '130425', industry: 'C', establishedOn: '2001-05-06', licences: ['食品生产许可证'] },
  ],
]

export function documentOf([key, names, more = {}]: Names): SearchDocument {
  return { key, uscc: null, names: [...names], status: '存续', kinds: [], ...more }
}

/** What every index promises, asked through the search over it. */
export function searchContract(t: Test, open: (t: Test) => Promise<SearchIndex>): void {
  const filled = async (t: Test) => {
    const index = await open(t)
    await index.index({ documents: firms.map(documentOf), removed: [], position: 9 })
    return { index, engine: searchOver(index) }
  }
  const keys = async (engine: SearchEngine, text: string, filters: SearchFilters = {}, limit = 10) =>
    (await engine.search({ text, filters, limit })).hits.map(({ document }) => document.key)

  t.test('by code, nine or eighteen characters, in any spelling', async (t) => {
    const { engine } = await filled(t)
    for (const typed of [
      'A00000001',
      'a0000000-1',
      'Ａ０００００００１',
      '91130102A000000012',
      '91 130102 A00000001 2',
      '91130102a0000000',
    ])
      t.equal((await keys(engine, typed))[0], 'A00000001', typed)
    t.match(await engine.search({ text: 'A00000001', filters: {}, limit: 1 }), {
      hits: [{ matchedBy: 'code' }],
    })
  })

  t.test(
    'numerals in any writing, and a branch without the legal form within its name, come first',
    async (t) => {
      const { index, engine } = await filled(t)
      const documents = [
        documentOf(['C00000001', ['张家口市第一示例工程公司']]),
        documentOf(['C00000002', ['张家口第一示例工程集团有限公司']]),
        documentOf(['C00000003', ['河北衡水示例运输集团第三运输公司']]),
        documentOf(['C00000004', ['河北保定示例运输集团有限责任公司第一运输分公司']]),
        documentOf(['C00000005', ['江苏示例三建集团股份有限公司石家庄分公司']]),
        documentOf(['C00000006', ['河北保定示例运输集团有限责任公司第二运输分公司']]),
        documentOf(['C00000007', ['晋州市示例药材公司第一门市部']]),
        documentOf(['C00000008', ['晋州市示例药材公司第二门市部']]),
      ]
      await index.index({ documents, removed: [], position: 10 })
      for (const [typed, first] of [
        ['张家口第1示例工程集团有限公司', 'C00000002'],
        ['张家口第壹示例工程集团有限公司', 'C00000002'],
        ['张家口市第1示例工程公司', 'C00000001'],
        ['河北保定示例运输集团第一运输分公司', 'C00000004'],
        ['河北保定示例运输集团第二运输分公司', 'C00000006'],
        ['江苏示例三建集团石家庄分公司', 'C00000005'],
        ['江苏示例三建集团股份石家庄分公司', 'C00000005'],
        ['江苏示例三建集团股份有限公司石家庄分公司', 'C00000005'],
        ['第一门市部晋州市示例药材公司', 'C00000007'],
      ] as const)
        t.equal((await keys(engine, typed))[0], first, typed)
    },
  )

  t.test('a place by a name that is borne no longer finds those of the present one too', async (t) => {
    const { index, engine } = await filled(t)
    const documents = [
      documentOf(['B00000001', ['中国示例集团藁城市营业厅']]),
      documentOf(['B00000002', ['石家庄市藁城区示例鞋厂']]),
      documentOf(['B00000003', ['示例无地名厂'], { region: '130109' }]),
      documentOf(['B00000004', ['石家庄市鹿泉区示例水泥厂']]),
      documentOf(['B00000005', ['邯郸市丛台区示例布厂']]),
      documentOf(['B00000006', ['宁晋县示例厂']]),
      documentOf(['B00000007', ['晋州市示例厂']]),
    ]
    await index.index({ documents, removed: [], position: 10 })
    for (const [typed, now, found] of [
      ['藁城市', ['130109'], ['B00000001', 'B00000002', 'B00000003']],
      ['藁城', [], ['B00000002', 'B00000001']],
      ['藁城区', [], ['B00000002']],
      ['鹿泉市', ['130110'], ['B00000004']],
      ['获鹿县', ['130110'], ['B00000004']],
      ['获鹿', ['130110'], ['B00000004']],
      ['获鹿示例水泥', ['130110'], ['B00000004']],
      ['示例水泥 获鹿', ['130110'], ['B00000004']],
      ['邯郸县', ['130402', '130403'], ['B00000005']],
      ['晋县', ['130183'], ['B00000006', 'B00000007']],
    ] as const) {
      const { hits, total, former = [] } = await engine.search({ text: typed, filters: {}, limit: 20 })
      t.same(
        hits.map(({ document }) => document.key).filter((key) => key.startsWith('B')),
        found,
        typed,
      )
      t.same(
        former
          .flatMap(({ now: regions }) => regions.map(({ code }) => code))
          .filter((code) => code !== '130400'),
        now,
        typed,
      )
      t.equal(total?.count, hits.length, typed)
    }
  })

  t.test(
    'letters beside characters are pinyin or initials, and a code begun with four characters is one',
    async (t) => {
      const { engine } = await filled(t)
      for (const [typed, first] of [
        ['shili钢铁', 'A00000003'],
        ['sl钢铁', 'A00000003'],
        ['石jz示例', 'A00000001'],
        ['石jzsl钢tie', 'A00000001'],
        ['sjz示例gt', 'A00000001'],
        ['示例mian粉', 'A00000009'],
        ['xx钢铁', undefined],
        ['9113', 'A00000001'],
        ['A000', 'A00000003'],
        ['911', undefined],
      ] as const)
        t.equal((await keys(engine, typed))[0], first, typed)
    },
  )

  t.test('two enterprises of one organisation code, one of them kept under its unified code', async (t) => {
    const { index, engine } = await filled(t)
    const documents = [
      documentOf(['91130102A000000012', ['示例钢铁'], { uscc: '91130102A000000012' }]),
      documentOf(['91130203A000000019', ['示例钢铁'], { uscc: '91130203A000000019' }]),
    ]
    await index.index({ documents, removed: [], position: 10 })
    t.same(
      new Set((await keys(engine, '示例钢铁')).slice(0, 3)),
      new Set(['A00000003', '91130102A000000012', '91130203A000000019']),
    )
    t.same(await keys(engine, '91130203A000000019'), ['91130203A000000019'])
    t.equal((await engine.named('示例钢铁')).length, 3)
  })

  t.test('any substring of the name, exact first, then prefixes, then by length', async (t) => {
    const { engine } = await filled(t)
    t.same((await keys(engine, '示例钢铁')).slice(0, 3), ['A00000003', 'A00000001', 'A00000002'])
    t.ok((await keys(engine, '铁')).includes('A00000002'), 'one character')
    t.same(await keys(engine, '重型机'), ['A00000004'])
    for (const text of ['示', '示例', '示例长乐重庆小面馆'])
      t.ok((await keys(engine, text)).includes('A00000005'), text)
    t.same(await keys(engine, '没有这样的企业名称'), [])
  })

  t.test('former names, and which name it was', async (t) => {
    const { engine } = await filled(t)
    const { hits } = await engine.search({ text: '演示机器', filters: {}, limit: 10 })
    t.match(hits, [
      {
        document: { key: 'A00000004' },
        matchedBy: 'formerName',
        name: '唐山演示机器厂',
        highlights: [[2, 6]],
      },
    ])
  })

  t.test('pinyin in full, in part, initials, heteronyms', async (t) => {
    const { engine } = await filled(t)
    for (const [typed, key] of [
      ['shili gangtie', 'A00000003'],
      ['xiaomianguan', 'A00000005'],
      ['changle', 'A00000005'],
      ['zhangle', 'A00000005'],
      ['chongqing', 'A00000005'],
      ['slgt', 'A00000003'],
      ['cqxmg', 'A00000005'],
      ['zqxmg', 'A00000005'],
      ['xinyuan', 'A00000008'],
      ['damingxian', 'A00000009'],
      ['longteng', 'A00000006'],
      ['langfangshishililongtengdianxiandianlanyouxiangongsi', 'A00000006'],
      ['tangshan(shili)zhongxingjixieyouxianzerengongsi', 'A00000004'],
      ['yanshixinyuanjiancaixiaoshouzhongx', 'A00000008'],
      // One syllable, which may be cut in two, alone and among characters.
      ['xian', 'A00000009'],
      ['shan', 'A00000004'],
      ['大名xian', 'A00000009'],
      ['大ming县', 'A00000009'],
      ['唐shan', 'A00000004'],
      ['唐shan(示例)', 'A00000004'],
      ['廊坊市示例龙teng电线', 'A00000006'],
      ['龙腾dian线', 'A00000006'],
    ] as const)
      t.ok((await keys(engine, typed)).includes(key), typed)
    t.match(await engine.search({ text: 'xinyuan', filters: {}, limit: 1 }), {
      hits: [{ matchedBy: 'pinyin' }],
    })
  })

  t.test('traditional characters, full width, case', async (t) => {
    const { engine } = await filled(t)
    for (const typed of ['示例鋼鐵', '示例钢铁']) t.equal((await keys(engine, typed))[0], 'A00000003', typed)
    for (const typed of ['龙腾电线', '龍騰電線']) t.same(await keys(engine, typed), ['A00000006'], typed)
    for (const typed of ['示例abc', '示例ＡＢＣ', 'ABC科技'])
      t.equal((await keys(engine, typed))[0], 'A00000007', typed)
  })

  t.test('legal form, place and brackets missing or different', async (t) => {
    const { engine } = await filled(t)
    for (const typed of [
      '唐山示例重型机械有限公司',
      '唐山(示例)重型机械',
      '示例重型机械有限责任公司',
      '唐山市示例重型机械有限公司',
    ])
      t.equal((await keys(engine, typed))[0], 'A00000004', typed)
    for (const typed of ['石家庄市示例钢铁有限责任公司', '石家庄示例钢铁公司'])
      t.equal((await keys(engine, typed))[0], 'A00000001', typed)
  })

  t.test('a place and a trade say the same glued or apart: who is there comes first', async (t) => {
    const { index, engine } = await filled(t)
    const documents = [
      documentOf(['A00000011', ['大名县印刷厂'], { region: '130425' }]),
      documentOf(['A00000012', ['保定市莲池区示例红星印刷有限公司'], { region: '130606' }]),
      documentOf(['A00000013', ['示例保北彩色印刷有限公司'], { region: '130602' }]),
    ]
    await index.index({ documents, removed: [], position: 10 })
    for (const typed of ['保定印刷', '保定市印刷', '保定 印刷', '印刷 保定'])
      t.same((await keys(engine, typed)).slice(0, 2).sort(), ['A00000012', 'A00000013'], typed)
    t.same((await keys(engine, '大名印刷')).slice(0, 1), ['A00000011'])
  })

  t.test('one character wrong, too many, missing or exchanged with the next', async (t) => {
    const { engine } = await filled(t)
    for (const [typed, key] of [
      ['石家庄示例钢贴有限公司', 'A00000001'],
      ['石家庄示例钢铁铁有限公司', 'A00000001'],
      ['演示源建材销售中心', 'A00000008'],
      ['石家庄例示钢铁有限公司', 'A00000001'],
      ['演示鑫元建材销售中心', 'A00000008'],
      ['大明县示例面粉厂', 'A00000009'],
    ] as const) {
      const { hits } = await engine.search({ text: typed, filters: {}, limit: 10 })
      t.match(hits[0], { document: { key }, matchedBy: 'similar' }, typed)
    }
    t.same(await keys(engine, '完全无关的名称'), [])
  })

  t.test('filters and facets', async (t) => {
    const { engine } = await filled(t)
    t.same(new Set(await keys(engine, '示例', { region: ['130200'] })), new Set(['A00000002', 'A00000004']))
    t.same(await keys(engine, '', { status: ['注销'] }), ['A00000004'])
    t.same(await keys(engine, '', { legalForm: ['个体工商户'] }), ['A00000005'])
    t.same(await keys(engine, '', { kinds: ['licence', 'penalty'] }), ['A00000006'])
    t.same(await keys(engine, '铁', { region: ['130425'] }), [])
    t.same(await keys(engine, '', { industry: ['C'] }), ['A00000009'])
    t.same(await keys(engine, '', { licences: ['食品生产许可证'] }), ['A00000009'])
    t.same(await keys(engine, '', { listed: ['true'] }), ['A00000008'])
    t.same(await keys(engine, 'A00000008', { listed: ['true'] }), ['A00000008'])
    t.same(await keys(engine, 'A00000007', { listed: ['true'] }), [])
    const { facets, total } = await engine.search({ text: '', filters: {}, limit: 1 })
    t.same(total, { count: firms.length, exact: true, of: 'asked', similar: 0 })
    t.match(facets?.kinds, [
      { value: 'licence', count: 2 },
      { value: 'penalty', count: 1 },
    ])
    t.match(facets?.status, [
      { value: '存续', count: 8 },
      { value: '注销', count: 1 },
    ])
    t.match(facets, {
      listed: [{ value: 'true', count: 1 }],
      industry: [{ value: 'C', count: 1 }],
      licences: [{ value: '食品生产许可证', count: 1 }],
    })
  })

  t.test('in another order, page by page, those that lack it last', async (t) => {
    const { engine } = await filled(t)
    for (const [text, order, expected] of [
      ['', 'newest', ['A00000007', 'A00000008', 'A00000009']],
      ['', 'oldest', ['A00000009', 'A00000008', 'A00000007']],
      ['示例', 'oldest', ['A00000009', 'A00000007']],
      ['', 'grade', ['A00000007', 'A00000008']],
      ['', 'region', ['A00000001', 'A00000002', 'A00000004', 'A00000009', 'A00000006']],
      ['唐山', 'region', ['A00000004']],
    ] as const) {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await engine.search({ text, filters: {}, order, limit: 2, ...(cursor && { cursor }) })
        seen.push(...page.hits.map(({ document }) => document.key))
        cursor = page.next
      } while (cursor !== undefined)
      t.same(seen.slice(0, expected.length), expected, `${text} ${order}`)
      t.equal(new Set(seen).size, seen.length)
      t.equal(seen.length, (await keys(engine, text)).length, 'all of them')
    }
  })

  t.test('who bears a name, now or formerly, in any spelling', async (t) => {
    const { index, engine } = await filled(t)
    const bearers = async (name: string) =>
      (await engine.named(name)).map(({ document, matchedBy }) => [document.key, matchedBy])
    t.same(await bearers('示例鋼鐵'), [['A00000003', 'variant']], 'and that it was written otherwise')
    t.same(await bearers('唐山(示例)重型机械有限责任公司'), [['A00000004', 'name']])
    t.same(await bearers('唐山演示机器厂'), [['A00000004', 'formerName']])
    t.same(await bearers('示例钢'), [])
    t.same(await bearers(' '), [])
    await index.index({ documents: [documentOf(['B00000001', ['示例钢铁']])], removed: [], position: 10 })
    t.same((await bearers('示例钢铁')).length, 2, 'all who bear it')
  })

  t.test('a cursor serves the search that gave it, and no other', async (t) => {
    const { engine } = await filled(t)
    const { next: cursor = '' } = await engine.search({ text: '示例', filters: {}, limit: 1 })
    const others: Omit<SearchQuery, 'limit'>[] = [
      { text: '演示', filters: {} },
      { text: '示例', filters: { status: ['存续'] } },
      { text: '示例', filters: {}, order: 'grade' },
    ]
    for (const other of others) await t.rejects(engine.search({ ...other, limit: 1, cursor }), BadCursor)
    t.equal((await engine.search({ text: ' 示例 ', filters: {}, limit: 1, cursor })).hits.length, 1)
  })

  t.test('pages follow each other without gap or double, the same on every call', async (t) => {
    const index = await open(t)
    const engine = searchOver(index)
    const documents = Array.from({ length: 1200 }, (_, i) =>
      documentOf([
        `B${String(i).padStart(8, '0')}`,
        [`示例${'甲乙丙丁戊己庚辛'.charAt(i % 8)}${i}号公司`, ...(i % 5 ? [] : [`演示旧名${i}`])],
      ]),
    )
    await index.index({ documents, removed: [], position: 1 })
    for (const text of ['', '示例', '公司', '甲', '示例甲1', 'slj', '演示']) {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await engine.search({ text, filters: {}, limit: 97, ...(cursor && { cursor }) })
        seen.push(...page.hits.map(({ document }) => document.key))
        cursor = page.next
      } while (cursor !== undefined)
      t.equal(new Set(seen).size, seen.length, `${text}: no double`)
      const again = await engine.search({ text, filters: {}, limit: 97 })
      t.same(
        again.hits.map(({ document }) => document.key),
        seen.slice(0, 97),
        `${text}: same order`,
      )
      if (['', '示例', '公司'].includes(text)) t.equal(seen.length, 1200, `${text}: no gap`)
      if (text === '甲') t.equal(seen.length, 150)
    }
    const { total, facets } = await engine.search({ text: '示例', filters: {}, limit: 1 })
    t.same(total, { count: 1200, exact: true, of: 'asked', similar: 0 }, 'all are counted')
    t.same(facets?.status, [{ value: '存续', count: 1200 }])
    await t.rejects(engine.search({ text: '示例', filters: {}, limit: 1, cursor: 'nonsense' }), BadCursor)
  })

  t.test('anything may be typed', async (t) => {
    const { engine } = await filled(t)
    for (const text of [
      '"',
      "'",
      '*',
      'AND',
      'NEAR(',
      '示例 OR',
      '（）',
      '\u0000',
      '\ud800',
      '%_',
      '9n',
      '9r13',
      'zz',
      '🙂',
      'a'.repeat(200),
      '示'.repeat(200),
      ' ',
    ])
      t.ok(
        Array.isArray((await engine.search({ text, filters: {}, limit: 5 })).hits),
        JSON.stringify(text.slice(0, 10)),
      )
  })

  t.test('a changed document is found as it is now, a removed one not at all', async (t) => {
    const { index, engine } = await filled(t)
    await index.index({
      documents: [documentOf(['A00000003', ['示例新名炼铁', '示例钢铁']])],
      removed: ['A00000005'],
      position: 12,
    })
    t.same(await keys(engine, '新名'), ['A00000003'])
    t.same(await keys(engine, '小面馆'), [])
    t.equal(await engine.applied(), 12)
    t.equal((await keys(engine, '')).length, firms.length - 1)
  })

  t.test('a rebuild takes the place of the index in one act', async (t) => {
    const { index, engine } = await filled(t)
    async function* batches() {
      yield { documents: firms.slice(0, 2).map(documentOf), removed: [], position: 20 }
      t.equal((await keys(engine, '')).length, firms.length, 'the old one serves meanwhile')
      yield { documents: firms.slice(2, 4).map(documentOf), removed: ['A00000001'], position: 21 }
    }
    await index.rebuild(batches())
    t.same((await keys(engine, '')).sort(), ['A00000002', 'A00000003', 'A00000004'])
    t.equal(await engine.applied(), 21)
  })
}
