import {
  isIdentityNumber,
  looksLikeIdentityNumber,
  looksLikeOldIdentityNumber,
} from '../codes/identity-number.ts'
import { isRegistrationNumber, isTaxNumber } from '../codes/not-a-code.ts'
import { standsForNothing, type WrittenDigits, writtenDigits } from './written-digits.ts'

/** Kinds of personal data (个人信息) that no published text may hold: 个人信息保护法 art. 28, 信息公示 rules' exclusions. */
export type PersonalDataKind =
  | 'identity-number'
  | 'old-identity-number'
  | 'mobile-number'
  | 'bank-card'
  | 'bank-account'
  | 'home-address'

/** Personal data found in a text: what it is taken for and where it stands. */
export interface PersonalData {
  kind: PersonalDataKind
  /** Where it begins and ends in the text, in UTF-16 units. */
  from: number
  to: number
  /** The finding as it may be shown in a fault: its first and last characters. */
  shown: string
  /** Proven by its own check digit, or called so by the word before it: nobody may call it anything else. */
  isCertain: boolean
}

/**
 * What a text is for: `text` says anything; `number` is the number of a document, a batch or a licence, in which only
 * identity numbers are looked for; `address` is an enterprise's own, in which a room number is no home.
 */
export type TextUse = 'text' | 'number' | 'address'

/**
 * Personal data in a text, in the order of the text: resident identity numbers of 18 and 15 digits, mobile numbers, bank
 * cards and accounts, home addresses; in full width, with gaps, hyphens or invisible marks between the digits too.
 * Numbers that a word before or a unit behind them makes ordinary (document, batch, barcode, amount) pass. Linear in
 * the text.
 */
export function findPersonalData(text: string, use: TextUse = 'text'): PersonalData[] {
  const runs = runsOf(text)
  const written = writtenDigits(text)
  return withoutOverlaps([
    ...written.flatMap((own) => writtenIdentity(own, text)),
    ...(use === 'number' ? [] : written.flatMap((own) => writtenNumber(own, text))),
    ...runs.flatMap((run) => identityNumbersIn(run, text)),
    ...(use === 'number' ? [] : runs.flatMap((run) => numbersIn(run, text))),
    ...(use === 'text' ? homeAddressesIn(text) : []),
  ])
}

/**
 * Whether free text holds a resident identity number (居民身份证号码), proven by its check digit or called so, of 18 digits or of
 * 15. A registry of enterprises never stores one.
 */
export function holdsIdentityNumber(text: string): boolean {
  if (text.length < 15) return false
  return [
    ...runsOf(text).flatMap((run) => identityNumbersIn(run, text)),
    ...writtenDigits(text).flatMap((own) => writtenIdentity(own, text)),
  ].some(({ isCertain }) => isCertain)
}

/** An officer's word that what looks like personal data in a field is something else, and what. */
export interface NotPersonal {
  field: string
  /** Where the finding begins and ends in the field's text, as it was reported. */
  from: number
  to: number
  reason: string
}

/** Personal data in one of several texts. */
export interface PersonalDataInField extends PersonalData {
  field: string
  detail: string
}

export type PersonalDataJudgement = { ok: true } | { ok: false; found: PersonalDataInField[] }

/** A text that may become public, with the name of its field on forms. */
export interface PublicText {
  field: string
  label: string
  text: string
  use?: TextUse
}

/**
 * Whether texts may become public: fails with each finding that no officer has called something else, with its field,
 * place and remedy. What its check digit proves can't be called anything else.
 */
export function judgePersonalData(
  texts: readonly PublicText[],
  notPersonal: readonly NotPersonal[] = [],
): PersonalDataJudgement {
  const found = texts.flatMap(({ field, label, text, use }) =>
    findPersonalData(text, use)
      .filter((data) => data.isCertain || !notPersonal.some((word) => covers(word, field, data)))
      .map((data) => ({ ...data, field, detail: describe(label, text, data) })),
  )
  return found.length === 0 ? { ok: true } : { ok: false, found }
}

function covers({ field, from, to, reason }: NotPersonal, own: string, data: PersonalData): boolean {
  return field === own && from === data.from && to === data.to && reason.trim() !== ''
}

const KINDS: Readonly<Record<PersonalDataKind, string>> = {
  'identity-number': '居民身份证号码',
  'old-identity-number': '15 位居民身份证号码',
  'mobile-number': '手机号码',
  'bank-card': '银行卡号',
  'bank-account': '银行账号',
  'home-address': '家庭住址',
}

function describe(label: string, text: string, { kind, from, shown, isCertain }: PersonalData): string {
  const place = Array.from(text.slice(0, from)).length + 1
  const remedy = isCertain
    ? '请删去后重填'
    : '公开的内容不得含有个人信息，请删去后重填；如果不是，请注明它是什么并说明理由'
  return `${label}第 ${place} 个字符起（${shown}）像是${KINDS[kind]}。${remedy}。`
}

/** Digits that stand together, with where each stood in the text. */
interface Group {
  digits: string
  places: number[]
  end: number
  /** Letters or a decimal point beside them make them part of something else. */
  isPartOfWord: boolean
}

/** Groups of digits that only gaps or hyphens part. */
type Run = Group[]

const DIGIT = /^[\dX]$/
const GAP = /^[\s\p{Pd}]$/u
const LETTER = /^[A-Za-z]$/
const MAX_GAP = 3

/** Letters that nobody tells from an X by eye: Cyrillic and Greek. */
const LIKE_X = /[ХхΧχ]/u

function plainOf(given: string): string {
  return LIKE_X.test(given) ? 'X' : given.normalize('NFKC').toUpperCase()
}

/** All runs of digits, read once from left to right. */
function runsOf(text: string): Run[] {
  if (!/\p{N}/u.test(text)) return []
  const runs: Run[] = []
  let run: Run = []
  let group: Group | undefined
  let gap = 0
  let before = ''
  let at = 0
  const endRun = () => {
    if (run.length > 0) runs.push(run)
    run = []
    group = undefined
  }
  for (const given of text) {
    const character = given < '\u0080' ? given.toUpperCase() : plainOf(given)
    const end = at + given.length
    const isNothing = standsForNothing(given)
    const startsWithX = character === 'X' && group === undefined
    if (DIGIT.test(character) && !startsWithX) {
      if (!group) {
        if (gap > MAX_GAP) endRun()
        group = { digits: '', places: [], end, isPartOfWord: LETTER.test(before) || isPoint(before) }
        run.push(group)
      }
      group.digits += character
      group.places.push(at)
      group.end = end
      gap = 0
    } else if (isNothing) {
      // Stands for nothing: the digits go on behind it.
    } else if (GAP.test(character)) {
      group = undefined
      gap += 1
    } else {
      if (group && (LETTER.test(character) || (isPoint(character) && isDigitAt(text, end))))
        group.isPartOfWord = true
      endRun()
      gap = 0
    }
    if (!isNothing) before = GAP.test(character) ? '' : character
    at = end
  }
  endRun()
  return runs
}

function isPoint(character: string): boolean {
  return character === '.' || character === ','
}

function isDigitAt(text: string, at: number): boolean {
  return /^\d$/.test(text.charAt(at))
}

function identityNumbersIn(run: Run, text: string): PersonalData[] {
  const digits = run.map((group) => group.digits).join('')
  if (digits.length < 15) return []
  const places = run.flatMap((group) => group.places)
  const found: PersonalData[] = []
  for (let i = 0; i + 18 <= digits.length; i += 1) {
    if (!isIdentityNumber(digits.slice(i, i + 18))) continue
    found.push(finding('identity-number', text, places[i] ?? 0, (places[i + 17] ?? 0) + 1, true))
    i += 17
  }
  if (found.length > 0) return found
  const from = places[0] ?? 0
  const to = run.at(-1)?.end ?? from
  const before = ahead(text, from)
  const isSaid = SAYS_IDENTITY.test(before)
  const isCalled = CALLS_IDENTITY.test(before)
  if (digits.length === 18 && isSaid && looksLikeIdentityNumber(digits))
    return [finding('identity-number', text, from, to, isCalled)]
  if (digits.length !== 15 || !looksLikeOldIdentityNumber(digits)) return []
  const isOther = isOrdinary(run, text) || isRegistrationNumber(digits) || isTaxNumber(digits)
  return isSaid || !isOther ? [finding('old-identity-number', text, from, to, isCalled)] : []
}

/**
 * Identity numbers in other writing: the whole of what stands together and holds by its check digit, or does in groups that are its own.
 * Where others stand before or behind it, it may be chance: dates in a row.
 */
function writtenIdentity(written: WrittenDigits, text: string): PersonalData[] {
  const { digits, places, ends } = written
  if (digits.length < 15) return []
  const first = places[0] ?? 0
  const before = ahead(text, first)
  const bounds = boundsOf(written)
  const found: PersonalData[] = []
  for (const [from, isNew] of bounds) {
    if (!isIdentityNumber(digits.slice(from, from + 18))) continue
    const to = from + 18
    if (!bounds.has(to)) continue
    const isWhole = isNew && (bounds.get(to) === true || CALLS_IDENTITY.test(before))
    found.push(finding('identity-number', text, places[from] ?? first, ends[to - 1] ?? first, isWhole))
    break
  }
  if (found.length > 0 || !SAYS_IDENTITY.test(before)) return found
  const isOld = digits.length === 15 && looksLikeOldIdentityNumber(digits)
  const isNew = digits.length === 18 && looksLikeIdentityNumber(digits)
  if (!isOld && !isNew) return []
  const kind = isOld ? 'old-identity-number' : 'identity-number'
  return [finding(kind, text, first, ends.at(-1) ?? first, CALLS_IDENTITY.test(before))]
}

/**
 * Where a number may begin or end among digits: with a group of them, anywhere among numerals. True where nothing of the kind stands
 * on the other side.
 */
function boundsOf({ digits, groups, areNumerals }: WrittenDigits): Map<number, boolean> {
  const bounds = new Map([[0, true]])
  let at = 0
  for (const [i, length] of groups.entries()) {
    if (at > 0) bounds.set(at, areNumerals[i - 1] === true || areNumerals[i] === true)
    if (areNumerals[i]) for (let n = 1; n < length; n += 1) bounds.set(at + n, true)
    at += length
  }
  return bounds.set(digits.length, true)
}

/**
 * Mobile numbers and bank cards in other writing: in Chinese numerals, or parted by the same mark throughout, digit by digit or as
 * people part them; nothing else standing with them, as in a row of measures.
 */
function writtenNumber(written: WrittenDigits, text: string): PersonalData[] {
  const { digits, groups, gaps, places, ends } = withoutWord(written)
  const isEven = gaps.every((gap) => gap === gaps[0])
  const isSingle = gaps.length > 0 && groups.every((length) => length === 1)
  const isAs = (parted: readonly number[]) =>
    groups.length === parted.length && parted.every((length, i) => groups[i] === length)
  const from = places[0] ?? 0
  const end = ends.at(-1) ?? from
  const isOther = !isEven || isPlainRun(text.slice(from, end)) || isOrdinaryAt(text, from, end)
  if (isOther) return []
  const isParted = isSingle || groups.length === 1
  if (MOBILE.test(digits) && (isParted || MOBILE_PARTED.some(isAs)))
    return [finding('mobile-number', text, from, end, false)]
  const isQuartered = groups.slice(0, -1).every((length) => length === 4)
  return isBankCard(digits) && (isParted || isQuartered) ? [finding('bank-card', text, from, end, false)] : []
}

/** Digits without numerals before them that may belong to a word: 张三138…, 张三一三八…. */
function withoutWord(written: WrittenDigits): WrittenDigits {
  const { digits, places, ends, groups, gaps, areNumerals } = written
  const [first = 0, ...others] = groups
  const ofWord = others.length === 0 ? first - MOBILE_DIGITS : first
  const isOfWord = areNumerals[0] && !areNumerals[1] && ofWord > 0 && ofWord <= MOST_OF_A_WORD
  if (!isOfWord) return written
  return {
    digits: digits.slice(ofWord),
    places: places.slice(ofWord),
    ends: ends.slice(ofWord),
    groups: others.length === 0 ? [MOBILE_DIGITS] : others,
    gaps: gaps.slice(1),
    areNumerals: areNumerals.slice(others.length === 0 ? 0 : 1),
  }
}

const MOBILE_DIGITS = 11
const MOST_OF_A_WORD = 2

/** Digits and what parts them as they are mostly written, which is judged with what stands around it. */
function isPlainRun(text: string): boolean {
  return /^[\d\s\p{Pd}\p{Cf}]*$/u.test(text) && !/^(?:\d[\s\p{Pd}\p{Cf}]+){4}/u.test(text)
}

/** Mobile numbers and bank cards, in one group of digits or in the groups that people part them into. */
function numbersIn(run: Run, text: string): PersonalData[] {
  const found: PersonalData[] = []
  for (let i = 0; i < run.length; i += 1) {
    const taken = takenAt(run, i, text)
    if (!taken) continue
    const groups = run.slice(i, i + taken.groups)
    if (!groups.some((group) => group.isPartOfWord) && !isOrdinary(groups, text)) {
      const from = groups[0]?.places[0] ?? 0
      found.push(finding(taken.kind, text, from, groups.at(-1)?.end ?? from, false))
    }
    i += taken.groups - 1
  }
  return found
}

function takenAt(run: Run, i: number, text: string): { kind: PersonalDataKind; groups: number } | undefined {
  const lengths = run.slice(i, i + 6).map(({ digits }) => digits.length)
  const joined = (groups: number) =>
    run
      .slice(i, i + groups)
      .map(({ digits }) => digits)
      .join('')
  if (MOBILE.test(joined(1)) || SHORT_CODE.test(joined(1))) return { kind: 'mobile-number', groups: 1 }
  if (joined(1) === '86' && MOBILE.test(run[i + 1]?.digits ?? '')) return { kind: 'mobile-number', groups: 2 }
  const isDated = DAY.test(run[i + 1]?.digits ?? '')
  for (const parted of MOBILE_PARTED) {
    const isSplit = parted.every((length, n) => lengths[n] === length)
    if (isSplit && !isDated && MOBILE.test(joined(parted.length)))
      return { kind: 'mobile-number', groups: parted.length }
  }
  if (isBankCard(joined(1))) return { kind: 'bank-card', groups: 1 }
  for (const groups of [4, 5]) {
    const own = lengths.slice(0, groups)
    const isQuartered = own.length === groups && own.slice(0, -1).every((length) => length === 4)
    if (isQuartered && isBankCard(joined(groups))) return { kind: 'bank-card', groups }
  }
  return i === 0 && isAccount(run, text) ? { kind: 'bank-account', groups: run.length } : undefined
}

/** Whether all digits of a run are an account (账号), which has no rule of its own: a word before it says so. */
function isAccount(run: Run, text: string): boolean {
  const digits = run.reduce((total, group) => total + group.digits.length, 0)
  const from = run[0]?.places[0] ?? 0
  return digits >= 8 && digits <= 30 && SAYS_ACCOUNT.test(ahead(text, from))
}

/** A mobile number as China's carriers give them out (YD/T 电信网编号计划): 11 digits that begin with 13 to 19. */
const MOBILE = /^1[3-9]\d{9}$/
/** How people part one: 138 1234 5678, 138-12345678, 1381234-5678; what is a day behind three digits is a number of a batch. */
const MOBILE_PARTED = [
  [3, 4, 4],
  [3, 8],
  [7, 4],
]
/** A day in eight digits. */
const DAY = /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/
/** A mobile number with the country code written without a gap. */
const SHORT_CODE = /^(?:00)?861[3-9]\d{9}$/

/** Issuer numbers and lengths of cards that people in China have: 银联 62 and older local ones, Visa, Mastercard, JCB. */
const CARD = /^(?:62\d{14,17}|(?:60|81)\d{14,17}|4\d{15}|5[1-5]\d{14}|35\d{14}|955[89]\d{15}|9843\d{15})$/

/** Whether digits are a bank card's (银行卡号): an issuer's number, its length, and the check digit of ISO/IEC 7812. */
export function isBankCard(digits: string): boolean {
  if (!CARD.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - i))
    const weighed = i % 2 === 1 ? digit * 2 : digit
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

const SAYS_IDENTITY = /(?:身份证|公民身份|证件)[^，。；\n]{0,8}$/u
const CALLS_IDENTITY = /(?:身份证|公民身份)[^，。；\n]{0,8}$/u
const SAYS_ACCOUNT = /(?:银行卡|卡号|[账帐]号|银行[账帐]户|开户行)[^，。；\n\d]{0,8}$/u
const SAYS_PERSONAL = /(?:手机|电话|联系方式|联系人|微信|卡号|[账帐]号|银行|身份证|证件)[^，。；\n]{0,8}$/u
/** Words before a number that say what it counts or names. */
const SAYS_ORDINARY =
  /(?:文书?号|批号|批次|编号|条形?码|标准|单号|合同|订单|报告|证书|许可证|执照|注册号|登记号|税号|代码|样品|序列号|追溯码|型号|货号|案号|发票|No\.?|№|〔\d{4}〕|号码段)[^，。；\n\d]{0,6}$/iu
/** Units behind a number that make it a quantity. */
const UNIT = /^\s?(?:[元万亿件个台吨米只套瓶袋盒箱批份号%％㎡]|人民币|公斤|千克|k?g|k?m|吨|立方|平方|美元)/iu

/** Characters before a number in which a word may stand that says what it is, and what stands between. */
const REACH = 16

function ahead(text: string, at: number): string {
  return text.slice(Math.max(0, at - REACH), at)
}

function isOrdinary(groups: readonly Group[], text: string): boolean {
  const from = groups[0]?.places[0] ?? 0
  return isOrdinaryAt(text, from, groups.at(-1)?.end ?? from)
}

/** Whether a word before a number or a unit behind it makes it an ordinary one. */
function isOrdinaryAt(text: string, from: number, to: number): boolean {
  const words = ahead(text, from)
  if (SAYS_PERSONAL.test(words)) return false
  return SAYS_ORDINARY.test(words) || UNIT.test(text.slice(to, to + 4))
}

/** Words that begin somebody's own address. */
const HOME =
  /家庭(?:住址|地址)|户籍(?:所在地|地址|地)?|户口所在地|现住[址地]?|住址|居住[于地在]|家住|(?<=^|[，,；;。其自])家在|租住|暂住|住处|[，,；;。]住(?![所宿院房建])/gu
/** What a person's particulars have beside an address: sex, birth, identity. */
const PERSON = /[，,、（(][男女][，,、）)]|出生|身份证|汉族|公民|自然人/u
/** A dwelling: 3号楼2单元501室, 5栋301室; and behind words for a home also 中山路12号, 三组. */
const DWELLING =
  /(?:[\d一二三四五六七八九十百A-Za-z-]{1,8}(?:号楼|栋|幢|座)[^，。；\n]{0,12})?[\d一二三四五六七八九十]{1,4}(?:单元|门)[^，。；\n]{0,8}\d{1,5}[室号户]?|[\d一二三四五六七八九十A-Za-z-]{1,8}(?:号楼|栋|幢)[^，。；\n]{0,12}\d{1,5}室/u
const NUMBERED = /[\d０-９一二三四五六七八九十]{1,6}(?:号楼|号院|号|栋|幢|单元|室|组|户|队|弄)/u
const ADDRESS_LENGTH = 80

function homeAddressesIn(text: string): PersonalData[] {
  const found: PersonalData[] = []
  for (const word of text.matchAll(HOME)) {
    const start = word.index + word[0].length
    const rest = text.slice(start, start + ADDRESS_LENGTH).split(/[。；;\n]/u)[0] ?? ''
    const number = DWELLING.exec(rest) ?? NUMBERED.exec(rest)
    if (number)
      found.push(finding('home-address', text, start, start + number.index + number[0].length, false))
  }
  for (const { 0: sentence, index } of text.matchAll(SENTENCE)) {
    const dwelling = PERSON.test(sentence) ? DWELLING.exec(sentence) : null
    if (!dwelling) continue
    const from = index + dwelling.index
    found.push(finding('home-address', text, from, from + dwelling[0].length, false))
  }
  return found
}

const SENTENCE = /[^。；;\n]+/gu

function finding(
  kind: PersonalDataKind,
  text: string,
  from: number,
  to: number,
  isCertain: boolean,
): PersonalData {
  const characters = Array.from(text.slice(from, to))
  const shown = `${characters.slice(0, 3).join('')}…${characters.slice(-2).join('')}`
  return { kind, from, to, shown, isCertain }
}

/** The findings in order; of those that overlap the certain one, else the first. */
function withoutOverlaps(found: PersonalData[]): PersonalData[] {
  const kept: PersonalData[] = []
  for (const data of found.sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = kept.at(-1)
    if (!last || last.to <= data.from) kept.push(data)
    else if (data.isCertain && !last.isCertain) kept[kept.length - 1] = data
  }
  return kept
}
