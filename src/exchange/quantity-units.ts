/**
 * Units that are powers of ten of each other (GB 3100, GB 3101), by what they measure: with the power that leads to the first of
 * each. A share in % or ‰ is one of mass where it is held against mass by mass.
 */
const MEASURES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'mass by mass': {
    'kg/kg': 0,
    'g/g': 0,
    'g/kg': -3,
    'mg/g': -3,
    'mg/kg': -6,
    'μg/g': -6,
    'μg/kg': -9,
    'ng/g': -9,
    'ng/kg': -12,
    'g/100g': -2,
    'mg/100g': -5,
    'μg/100g': -8,
    '%': -2,
    '‰': -3,
  },
  'mass by volume': {
    'kg/L': 0,
    'g/mL': 0,
    'g/L': -3,
    'kg/m3': -3,
    'mg/mL': -3,
    'mg/L': -6,
    'g/m3': -6,
    'μg/mL': -6,
    'μg/L': -9,
    'mg/m3': -9,
    'ng/mL': -9,
    'ng/L': -12,
    'μg/m3': -12,
    'g/100mL': -2,
    'mg/100mL': -5,
    'μg/100mL': -8,
  },
  length: { m: 0, dm: -1, cm: -2, mm: -3, μm: -6, nm: -9 },
  mass: { kg: 0, t: 3, g: -3, mg: -6, μg: -9 },
  volume: { L: 0, mL: -3, μL: -6 },
  pressure: { Pa: 0, kPa: 3, 'kN/m2': 3, MPa: 6, 'N/mm2': 6, GPa: 9 },
  force: { N: 0, kN: 3, MN: 6 },
  resistance: { Ω: 0, mΩ: -3, kΩ: 3, MΩ: 6, GΩ: 9 },
  'resistance by length': { 'Ω/km': 0, 'Ω/m': 3, 'mΩ/m': 0 },
}

/** Units as they are written in characters. */
const WORDS: readonly (readonly [word: RegExp, sign: string])[] = [
  [/微克/gu, 'μg'],
  [/毫克/gu, 'mg'],
  [/千克|公斤/gu, 'kg'],
  [/克/gu, 'g'],
  [/毫升/gu, 'mL'],
  [/立方米/gu, 'm3'],
  [/升/gu, 'L'],
  [/微米/gu, 'μm'],
  [/毫米/gu, 'mm'],
  [/厘米/gu, 'cm'],
  [/米/gu, 'm'],
  [/兆帕/gu, 'MPa'],
  [/千帕/gu, 'kPa'],
  [/千牛/gu, 'kN'],
  [/兆欧/gu, 'MΩ'],
  [/每/gu, '/'],
  [/^u(?=[gmL])/gu, 'μ'],
]

interface Known {
  measure: string
  power: number
}

const bySign = new Map<string, Known>()
const byLetters = new Map<string, Known[]>()
for (const [measure, units] of Object.entries(MEASURES))
  for (const [sign, power] of Object.entries(units)) {
    const known = { measure, power }
    bySign.set(sign, known)
    byLetters.set(sign.toLowerCase(), [...(byLetters.get(sign.toLowerCase()) ?? []), known])
  }

function knownUnit(written: string): Known | undefined {
  const sign = WORDS.reduce((text, [word, own]) => text.replace(word, own), written)
  // Letters in the wrong case are one unit only where no other has them: MG/KG, and not MΩ for mΩ.
  const [only, ...others] = byLetters.get(sign.toLowerCase()) ?? []
  return bySign.get(sign) ?? (others.length === 0 ? only : undefined)
}

/** The power of ten by which a number in one unit is one in another; undefined where they can't be held against each other. */
export function powerBetween(from: string, to: string): number | undefined {
  if (from === to) return 0
  const [own, other] = [knownUnit(from), knownUnit(to)]
  if (own && other) return own.measure === other.measure ? own.power - other.power : undefined
  return from.toLowerCase() === to.toLowerCase() && !own && !other && !isAmbiguous(from) ? 0 : undefined
}

/** Whether the case of a unit's letters decides which one it is. */
function isAmbiguous(written: string): boolean {
  return (byLetters.get(written.toLowerCase()) ?? []).length > 1
}
