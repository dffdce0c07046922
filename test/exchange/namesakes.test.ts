import t from 'tap'
import { matchFirms } from '../../src/checking/matching.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { cityOfAddress } from '../../src/registry/parties.ts'
import { Faces } from '../../src/views/faces.ts'
import { testRegistry, unifiedCode } from '../support.ts'
import { importing, previewing } from './importing.ts'

const NAME = '示例永盛食品厂'
const inZhengding = unifiedCode('NAME0001')
const inTangshan = unifiedCode('NAME0002', '130202')
const keyOf = (code: string) => code.slice(8, 17)
const constants = { 检查机关: '省局', 检查类别: '省级监督抽查', 检查日期: '2026-03-10' }

const files = [
  '统一社会信用代码,企业名称,行政区划',
  `${inZhengding},${NAME},石家庄市正定县`,
  `${inTangshan},${NAME},唐山市路南区`,
].join('\n')

const samples = [
  '抽样编号,标称生产企业名称,标称生产企业地址,食品名称,检验结论',
  `S1,${NAME},石家庄市正定县某路 1 号,糕,合格`,
  `S2,${NAME},河北省唐山市路南区某街 2 号,糕,合格`,
  `S3,${NAME},,糕,合格`,
  `S4,${NAME},山东省济南市历下区某路,糕,合格`,
].join('\n')

t.test('the city that an address begins with', (t) => {
  for (const [address, city] of [
    ['石家庄市正定县正定镇某路 1 号', '石家庄市'],
    ['河北省唐山市路南区某道', '唐山市'],
    ['正定县某街', '石家庄市'],
    ['定州市某街', '定州市'],
    ['山东省济南市历下区某路', '山东省济南市'],
    ['北京市朝阳区某路', '北京市'],
    ['浙江义乌', '浙江省金华市'],
    ['桥西区某路', undefined],
    ['河北', undefined],
    ['某工业园区 3 号', undefined],
  ] as const)
    t.equal(cityOfAddress(address), city, address)
  t.end()
})

t.test('bearers of one name are told apart by the address beside it, or all put forward', async (t) => {
  const parts = await testRegistry(t)
  await importing(parts, files)
  const faces = new Faces({ views: parts.views, catalogue, now: parts.clock.now })
  const finder = { search: parts.search, shown: (key: string) => faces.file(key)?.file }
  const { firms } = await previewing(parts, samples, 'inspection', { constants })
  const matches = await matchFirms(firms, finder)
  const found = Object.fromEntries(firms.map(({ id }, i) => [id, matches[i]]))
  t.match(found, {
    [`${NAME}@石家庄市`]: { certainty: 'certain', candidates: [{ key: keyOf(inZhengding) }] },
    [`${NAME}@唐山市`]: { certainty: 'certain', candidates: [{ key: keyOf(inTangshan) }] },
    [NAME]: { certainty: 'unsure', candidates: [{}, {}] },
    [`${NAME}@山东省济南市`]: { certainty: 'unsure', candidates: [{}, {}] },
  })
})

t.test('a name decided without a place is not taken for its bearer elsewhere', async (t) => {
  const parts = await testRegistry(t)
  await importing(parts, files)
  const { counts } = await importing(parts, samples, 'inspection', {
    constants,
    firms: { [NAME]: keyOf(inZhengding) },
  })
  t.match(counts, { added: 2, failed: 2 })
  const numbers = (code: string) => parts.registry.files.byCode(code).records.map(({ data }) => data.sampleNo)
  t.same(numbers(inZhengding), ['S1', 'S3'])
  t.same(numbers(inTangshan), [])
})
