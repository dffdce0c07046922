import { tidyHeading } from './headings.ts'

/**
 * What a remark (备注) beside a record says of whether it still stands, or of whose failing it is: what it may mean is put
 * to the officer, so that nothing that was annulled is published as standing. Words of the tables in use; to be confirmed.
 */

/** What a remark leaves open: the field that it is about, and the terms that it may mean, the likeliest first. */
export interface Doubt {
  field: string
  candidates: readonly string[]
  /** What is asked about, where it isn't the remark as it stands. */
  word?: string
}

/** Words of one meaning, with the field and the terms that they may mean. */
type Sign = readonly [words: RegExp, field: string, candidates: readonly string[]]

/** Words by which a remark denies what it goes on to name: 未被撤销, 没有变更, 未申请行政复议. */
const DENIED =
  /(?:(?<!不得)[未不]|没有|尚无|从无|(?<!并)无)(?:曾|被|予以?|申请|提起|提出|依法|经|发生|办理|[过任何]){0,3}(?:行政)?(?:撤销|撤回|注销|吊销|变更|作废|暂停|暂扣|过期|失效|复议|诉讼|起诉|停业|歇业|停止公示|信用修复|修复)(?:(?:[、和或及]|或者|也未|亦未|且未)(?:申请|提起|提出|被){0,1}(?:行政)?(?:撤销|注销|吊销|复议|诉讼|起诉)){0,3}/gu

/** A part of a remark on a penalty that says that it was upheld. */
const UPHELD = /(?:复议|诉讼|法院|判决|裁定|决定)[^，,。；;]{0,20}(?:维持|驳回)|^(?:已?维持|驳回)/u
const MOVED = /撤销|变更|无效|违法|重新/u

const SIGNS: Readonly<Record<string, readonly Sign[]>> = {
  penalty: [
    [
      /重新(?:作出|处罚|立案)|(?<!名称|人|地址|住所|类型|范围)变更|改(?:判|为|处|罚)|减(?:轻|为|少|免)|调整为/u,
      'reviewOutcome',
      ['变更', '撤销'],
    ],
    [/违法(?=[^，,。；;]{0,4}(?:判决|裁定))|确认[^，,。；;]{0,8}违法/u, 'reviewOutcome', ['确认违法']],
    [/(?:确认|处罚|决定|判决)[^，,。；;]{0,8}无效/u, 'reviewOutcome', ['确认无效', '撤销']],
    [/撤销|撤回|作废|撤案|销案|失效|错案|误录|不成立/u, 'reviewOutcome', ['撤销', '变更']],
    [/复议|诉讼|起诉|判决|裁定|再审|抗诉/u, 'reviewOutcome', ['维持', '变更', '撤销']],
    [
      /修复|(?:停止|终止|不予?|暂缓|撤下|移除|移出|取消|提前|结束|删除|下架)[^，,。；;]{0,6}公示|公示[^，,。；;]{0,6}(?:停止|终止|撤下|结束|移除|删除|下架)/u,
      'reviewOutcome',
      [],
    ],
    [/(?:不予|终结|终止)执行/u, 'reviewOutcome', ['撤销']],
  ],
  licence: [
    [/注销/u, 'status', ['注销']],
    [/吊销/u, 'status', ['吊销']],
    [/撤销|撤证/u, 'status', ['撤销']],
    // Taken back for the public interest it ends by no fault of the firm's (行政许可法 art. 8).
    [/撤回/u, 'status', ['注销', '撤销']],
    [/暂停|暂扣/u, 'status', ['暂停']],
    [/已到期|过期|失效|作废|无效/u, 'status', ['过期', '注销', '撤销']],
  ],
  enterprise: [
    [/注销/u, 'status', ['注销']],
    [/吊销(?!许可)/u, 'status', ['吊销']],
    [/停业|歇业|倒闭/u, 'status', ['停业', '注销']],
  ],
}

/** What a remark leaves open of a record's standing; undefined where it says nothing of it, or denies it. */
export function standingDoubt(type: string, remark: string): Doubt | undefined {
  const clauses = remark
    .normalize('NFKC')
    .split(/[,，。;；\n]/u)
    .map((clause) => clause.replace(DENIED, ''))
    .filter((clause) => type !== 'penalty' || !UPHELD.test(clause) || MOVED.test(clause))
  for (const [words, field, candidates] of SIGNS[type] ?? [])
    if (clauses.some((clause) => words.test(clause))) return { field, candidates }
  return undefined
}

/**
 * Columns of penalties that no field takes and that may unsay one, with the cells that don't: the state of the form of
 * 2016 (0 正常, 1 撤销, 2 异议, 3 其他), and whether it is published.
 */
const STATES: Readonly<Record<string, RegExp>> = {
  cf_zt: /^(?:0|正常|有效)$/iu,
  是否公示: /^(?:是|已?公示|已公开|1|y|yes|true|√)$/iu,
}

/** Columns that are filled only for what stands no more: 注销日期, 撤销处罚决定的原因, 吊销时间. */
const OF_AN_END =
  /^[^，,。；;]{0,8}?(注销|撤销|撤回|吊销|暂停|暂扣|不予延续)[^，,。；;]{0,8}?(?:日期|时间|原因|理由|依据|决定书?|文号|公告号?|机关|部门)$/u
const NOT_OF_AN_END = /恢复|解除|未|拟|申请|有效期/u
const ENDS: Readonly<Record<string, { field: string; terms: Readonly<Record<string, readonly string[]>> }>> =
  {
    licence: {
      field: 'status',
      terms: {
        注销: ['注销'],
        撤销: ['撤销'],
        撤回: ['注销', '撤销'],
        吊销: ['吊销'],
        暂停: ['暂停'],
        暂扣: ['暂停'],
        不予延续: ['注销', '过期'],
      },
    },
    penalty: { field: 'reviewOutcome', terms: { 撤销: ['撤销', '变更'], 撤回: ['撤销', '变更'] } },
    enterprise: { field: 'status', terms: { 注销: ['注销'], 吊销: ['吊销'] } },
  }

/** What a column leaves open by being filled, asked once for all columns of one end. */
function endDoubt(type: string, heading: string): Doubt | undefined {
  const tidy = tidyHeading(heading)
  const end = NOT_OF_AN_END.test(tidy) ? undefined : OF_AN_END.exec(tidy)?.[1]
  const { field, terms } = ENDS[type] ?? {}
  const candidates = end === undefined ? undefined : terms?.[end]
  return field === undefined || candidates === undefined
    ? undefined
    : { field, candidates, word: `写明了${end}的日期或者原因` }
}

/** 是否注销, 是否已撤销, 是否有效: what a column asks, with what is answered by yes and no. */
const WHETHER = /^是否(?:已经?|被)?(.{2,8})$/u
const YES = /^(?:是|y|yes|true|1|√|✓)$/iu
const NO = /^(?:否|n|no|false|0|×|✗|不是)$/iu
const IN_FORCE = /^(?:有效|正常|存续|在效|在有效期内?)$/u

/** What the answer to such a column leaves open; undefined where it asks nothing of the kind, or the record stands by it. */
function answerDoubt(type: string, heading: string, cell: string): Doubt | undefined {
  const [, asked = ''] = WHETHER.exec(tidyHeading(heading)) ?? []
  const own = standingDoubt(type, asked)
  if (own) return YES.test(cell) ? own : undefined
  const [, field, candidates] = IN_FORCE.test(asked) && NO.test(cell) ? (SIGNS[type]?.at(-1) ?? []) : []
  return field === undefined || candidates === undefined ? undefined : { field, candidates }
}

/** What such a column leaves open; undefined for any other column, and for a cell by which the penalty stands. */
export function stateDoubt(type: string, heading: string, cell: string): Doubt | undefined {
  const end = endDoubt(type, heading) ?? answerDoubt(type, heading, cell)
  if (end) return end
  const stands = type === 'penalty' ? STATES[tidyHeading(heading)] : undefined
  return stands === undefined || stands.test(cell)
    ? undefined
    : { field: 'reviewOutcome', candidates: ['撤销', '变更'] }
}

/** Headings of columns that may say whether a record still stands. */
const REMARKS =
  /^(?:备注|说明|注|附注|其他说明|情况说明|备注说明|(?:处罚)?(?:履行|执行|缴纳)情况)(?:\(.{0,40}\))?\d?$/u

/** Fields of a licence whose own words may say that it was ended, or never granted. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  licence: ['documentName', 'certificateName', 'scope'],
}

/** Whether a field's own words are to be read for that. */
export function mayUnsay(type: string, field: string): boolean {
  return FIELDS[type]?.includes(field) ?? false
}

/** A decision by which nothing was granted: 不予许可, 不予食品生产许可决定书, 未通过审查. */
const NOT_GRANTED =
  /不予[^，,。；;]{0,12}(?:许可|批准|受理|核准|发证|换证|延续|认证)|不(?:同意|准予|批准)|未(?:予|获|通过)[^，,。；;]{0,4}(?:许可|批准|审[查核批]|认证)|(?:驳回|终止)[^，,。；;]{0,8}(?:申请|审查|许可)/u

/** Whether words of a licence say that it was never granted. */
export function saysNotGranted(type: string, words: string): boolean {
  return type === 'licence' && NOT_GRANTED.test(words.normalize('NFKC'))
}

/** Whether a column of a kind's table is to be read for that. */
export function tellsStanding(type: string, heading: string): boolean {
  const tidy = tidyHeading(heading)
  const isState = type === 'penalty' && STATES[tidy] !== undefined
  return REMARKS.test(tidy) || tidy === 'bz' || isState || endDoubt(type, heading) !== undefined
}

/** What is said of an award that was taken away, or was not given yet. */
const TAKEN_AWAY = /撤销|取消|收回|吊销|摘牌|除名|终止|作废|失效|注销|废止/u
const NOT_GIVEN = /初选|初评|拟(?:授|评|表彰|推荐|获)|公示|候选|推荐|申报|待(?:定|批|审|授)|预选|入选名单/u
const KEPT = /(?:未|没有|不|无)(?:曾|被|予以?|经){0,2}(?:撤销|取消|收回|摘牌|除名|终止|废止|注销)/gu

/** Why an award's words, in its bracket or beside it, leave it no honour; undefined where they don't. */
export function awardDoubt(words: string): 'taken-away' | 'not-given' | undefined {
  const plain = words.replace(KEPT, '')
  if (TAKEN_AWAY.test(plain)) return 'taken-away'
  return NOT_GIVEN.test(plain) ? 'not-given' : undefined
}
