import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { organisationCheckCharacter } from '../../src/codes/organisation-code.ts'
import { regionsWithin, shortName } from '../../src/codes/regions.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'

export interface Firm {
  uscc: string
  name: string
  establishedOn: string
  legalForm: string
  city: string
}

const INDUSTRIES = [
  ...[
    '食品',
    '机械制造',
    '水泥',
    '电线电缆',
    '化工',
    '建筑材料',
    '饮料',
    '肥料',
    '钢铁',
    '商贸',
    '人造板',
    '橡胶制品',
  ],
  ...[
    '医疗器械',
    '汽车配件',
    '纺织',
    '服装',
    '家具',
    '阀门',
    '管件',
    '丝网',
    '玻璃',
    '陶瓷',
    '电子科技',
    '环保设备',
  ],
]
const FORMS = ['有限公司', '有限责任公司', '股份有限公司', '厂', '集团有限公司']

/** Characters of the names of all counties: as many and as unevenly used as those of firms' own names. */
const BRAND = regionsWithin()
  .flatMap((province) => regionsWithin(province.code))
  .flatMap((city) => regionsWithin(city.code))
  .flatMap((county) => Array.from(shortName(county.name)))

/** Invented firms with valid codes, the same for the same number; names are as long and as alike as real ones. */
export function* inventedFirms(count: number): Generator<Firm> {
  const cities = regionsWithin('130000')
  const random = randomNumbers(20121212)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  for (let i = 0; i < count; i += 1) {
    const city = pick(cities)
    const brand = Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(BRAND)).join('')
    const form = pick(FORMS)
    const body = String(10_000_000 + i)
    const within = `91${city.code.slice(0, 4)}01${body}${organisationCheckCharacter(body)}`
    yield {
      uscc: within + unifiedCheckCharacter(within),
      name: `${shortName(city.name)}${brand}${pick(INDUSTRIES)}${form}`,
      establishedOn: `${1980 + (i % 40)}-0${1 + (i % 9)}-1${i % 10}`,
      legalForm: form === '厂' ? '集体所有制' : '有限责任公司',
      city: shortName(city.name),
    }
  }
}

/** The firms as a file with the header of the official lists. */
export async function writeFirms(path: string, count: number): Promise<void> {
  await pipeline(Readable.from(lines(count)), createWriteStream(path))
}

function* lines(count: number): Generator<string> {
  yield '企业名称,统一社会信用代码,成立日期,企业类型,所在地市\n'
  let text = ''
  for (const { name, uscc, establishedOn, legalForm, city } of inventedFirms(count)) {
    text += `${name},${uscc},${establishedOn},${legalForm},${city}\n`
    if (text.length < 65_536) continue
    yield text
    text = ''
  }
  yield text
}

/** Mulberry32: a benchmark must meet the same names on every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
