import { addDays, type CalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { keptDeadline, workingDaysAfter } from '../calendar/workdays.ts'
import { PROVINCE, regionContains } from '../codes/regions.ts'
import { type Case, dayOf, isOnItsWay, isOpen } from '../dossier/case.ts'
import type { Deadline } from '../dossier/deadline.ts'
import { type Dossier, type FileRecord, type RecordAs, ratingInForce, regionOf } from '../dossier/dossier.ts'
import { perBlock, recordWith } from '../dossier/per-record.ts'
import { awaitedDecisions } from '../dossier/punishments.ts'
import type { Catalogue } from '../records/catalogue.ts'
import { hearingDoubt } from '../records/hearing.ts'
import type { RecordKind } from '../records/kind.ts'
import { type PenaltyData, penalty, publishBy } from '../records/penalty.ts'
import { publicationRules } from '../records/rules.ts'
import { isOneOf } from '../records/stored.ts'
import { changeOfBasis, coveredByCases, penaltiesOf } from './basis.ts'
import { doubtedEnds } from './early-end.ts'
import { inWords, saidSince } from './missing.ts'
import { objectionDue, openObjections } from './objections.ts'
import { doubtedRepairs, publicationDue, statementUntil } from './procedure.ts'
import { isAnnulled, isHeavier, ruleSets, rulesOf } from './rule-set.ts'

/** Every clock that runs or was missed in a file, those that follow from a record alone last. */
export function deadlinesOf(dossier: Dossier, catalogue: Catalogue): Deadline[] {
  const asked = coveredByCases(dossier)
  return [
    ...fileDeadlines(dossier, catalogue),
    ...dossier.records.flatMap((record) => [
      ...recordDeadlines(record, ...seatOf(dossier), catalogue),
      ...(asked.has(record.id) ? [] : unsaidCategory(record)),
    ]),
  ]
}

/** Those that follow from cases, applications and several records together. */
export function fileDeadlines(dossier: Dossier, catalogue: Catalogue): Deadline[] {
  return [
    ...dossier.cases.flatMap((own) => [
      ...ofCase(dossier, own),
      ...ofHearings(dossier, own),
      ...ofBasis(dossier, own),
    ]),
    ...openObjections(dossier).map((objection): Deadline => {
      const { date: dueOn, certain } = objectionDue(objection)
      return {
        what: 'objection',
        about: objection.id,
        authority: authorityOf(dossier, objection.about, catalogue),
        dueOn,
        certain,
        consequence: '逾期未处理的异议，由上一级督办。',
      }
    }),
    ...dossier.earlyEnds
      .filter(({ status }) => status === 'applied' || status === 'checked')
      .flatMap(({ record, applied }): Deadline[] => {
        // What is not published any more, or will not be by then, has no publication to end.
        const own = recordWith(dossier.records, record)
        const read = own && !own.withdrawn ? penalty.of(own) : undefined
        const publication = read && penalty.publication(read.data)
        if (!publication?.public) return []
        const { date, certain } = workingDaysAfter(applied.on, publicationRules.earlyEndDays.value)
        return [
          {
            what: 'earlyEnd',
            about: record,
            authority: applied.author.authority,
            dueOn: date,
            ...(publication.until !== undefined && { until: addDays(publication.until, -1) }),
            certain,
            consequence: '逾期未决定的申请，由上一级督办。',
          },
        ]
      }),
    ...ofDoubtedEnds(dossier),
    ...ofDoubtedRepairs(dossier),
    ...ofAwaited(dossier),
    ...annulledIn(dossier.records)
      .flat()
      .flatMap((record) => ofWithdrawal(dossier, record)),
    ...ofTexts(dossier),
    ...ofAdjustments(dossier),
  ]
}

/** Where a firm is, and for one in another province the day since which the register knows it there; the empty text where it always has. */
export function seatOf(dossier: Dossier): readonly [region: string, since: CalendarDate] {
  const region = regionOf(dossier)
  if (!isElsewhere(region)) return [region, '']
  const moved = dossier.events.findLast(
    ({ kind, fields }) => kind === 'enterprise.changed' && fields?.includes('region'),
  )
  return [region, moved === undefined ? '' : shanghaiDate(new Date(moved.at))]
}

/** Those that follow from a record of a file in a region, since a day, alone, but for what `unsaidCategory` asks. */
export function recordDeadlines(
  record: FileRecord,
  region: string,
  since: CalendarDate,
  catalogue: Catalogue,
): Deadline[] {
  const kind = record.withdrawn ? undefined : catalogue.kind(record.type)
  if (!kind) return []
  const own = penalty.of(record)
  return [
    ...(own ? ofPublication(own) : []),
    // What was decided of a firm that moved away only then was for nobody else to publish.
    ...(own && isElsewhere(region) && own.data.decidedOn >= since ? ofForwarding(own) : []),
    ...ofIncomplete(record, kind),
  ]
}

const annulledIn = perBlock((records) => penalty.in({ records }).filter(({ data }) => isAnnulled(data)))

/** What a record lacks is to be asked for: until it is there, the record tells nothing good of the firm. */
function ofIncomplete({ id, data, addedAt, made }: FileRecord, kind: RecordKind): readonly Deadline[] {
  const missing = kind.missing(data)
  if (missing.length === 0) return []
  const { value: days } = publicationRules.completionDays
  const { date, certain } = workingDaysAfter(shanghaiDate(new Date(addedAt)), days)
  // Once its publication is over, nothing rests on the record any more.
  const publication = kind.publication(data)
  const until = publication.public ? publication.until : undefined
  return [
    {
      what: 'completion',
      about: id,
      authority: kind.madeBy(data) ?? made.authority,
      dueOn: date,
      ...(until !== undefined && { until: addDays(until, -1) }),
      certain,
      consequence: missing.map(({ detail }) => detail).join(''),
    },
  ]
}

/** A decision that came in another's place is to be entered; a case that waits for it has a clock of its own. */
function ofAwaited(dossier: Dossier): Deadline[] {
  const asked = new Set(
    dossier.cases.flatMap(({ status, changed = [] }) => (status === 'suspended' ? changed : [])),
  )
  return awaitedDecisions(dossier)
    .filter(({ id, data }) => !asked.has(id) && penalty.missing(data).length === 0)
    .map(({ id, data, made }): Deadline => {
      const from = data.reviewedOn ?? data.decidedOn
      const { date, certain } = workingDaysAfter(from, publicationRules.completionDays.value)
      return {
        what: 'completion',
        about: id,
        authority: penalty.madeBy(data) ?? made.authority,
        dueOn: date,
        certain,
        consequence:
          '处罚决定经复议或诉讼变更，变更后的决定尚未登记：登记以前，等级不因此提高，企业不在守信激励名单；请登记变更后的决定。',
      }
    })
}

/**
 * A public penalty that may be a heavier one and whose conduct nobody has put into a term (违法情形): it meets no ground,
 * so who punished says which it is. It is asked for as long as the penalty is public and no case covers it (`coveredByCases`).
 */
export function unsaidCategory(record: FileRecord): Deadline[] {
  const own = penalty.of(record)
  if (!own) return []
  const { id, data, addedAt, made } = own
  const { category, severity } = data
  const publication = penalty.publication(data)
  if (category !== undefined || !publication.public) return []
  if (severity !== undefined && !ruleSets.some((rules) => isHeavier(data, rules))) return []
  const { date } = workingDaysAfter(shanghaiDate(new Date(addedAt)), publicationRules.completionDays.value)
  return [
    {
      what: 'category',
      about: id,
      authority: data.authority || made.authority,
      dueOn: date,
      ...(publication.until !== undefined && { until: addDays(publication.until, -1) }),
      certain: false,
      consequence: `没有选择违法情形${severity === undefined ? '、违法程度' : ''}：是否符合列入情形无法判断，不能据以提出列入；请按决定书选择，不属于所列情形的选“其他违法行为”。`,
    },
  ]
}

/** Adjustments by hand that rested on what has changed since: whether they still hold is for a person to say. */
function ofAdjustments(dossier: Dossier): Deadline[] {
  const standards = new Set(dossier.ratings.map(({ standard }) => standard.id))
  return Array.from(standards).flatMap((id): Deadline[] => {
    const inForce = ratingInForce(dossier, id)
    if (!inForce?.adjustmentLapsed) return []
    const { date, certain } = workingDaysAfter(
      shanghaiDate(new Date(inForce.issuedAt)),
      publicationRules.completionDays.value,
    )
    const { grade, reason } = inForce.adjustmentLapsed
    return [
      {
        what: 'adjustment',
        about: inForce.id,
        authority: dossier.ratings.findLast(({ adjusted }) => adjusted)?.authority ?? inForce.authority,
        dueOn: date,
        certain,
        consequence: `此前人工调整为 ${grade ?? '未评定'}（${reason}），所依据的情况已变，${inForce.adjusted ? `按标准重新计算为 ${inForce.adjusted.from ?? '未评定'}，复核之前仍按较严的调整后等级` : '等级已按标准重新计算'}；调整是否仍然成立，请复核并另行开展评价。`,
      },
    ]
  })
}

/** Whose the thing is that an objection or a doubt is about, and so has to settle or answer it: of a record, whom it names. */
export function authorityOf(
  { cases, records, ratings }: Dossier,
  { id }: { id: string },
  catalogue: Catalogue,
): string {
  const own = cases.find((known) => known.id === id)
  if (own) return (own.decided ?? own.proposed).author.authority
  const record = recordWith(records, id)
  if (record) return catalogue.kind(record.type)?.madeBy(record.data) ?? record.made.authority
  return ratings.find((known) => known.id === id)?.authority ?? ''
}

function ofCase(dossier: Dossier, own: Case): Deadline[] {
  const { status, noticed, decided, published, repair } = own
  const rules = rulesOf(own)
  const { authority } = (decided ?? own.proposed).author
  const head = { about: own.id, authority }
  const found: Deadline[] = []
  if (own.overtaken && isOnItsWay(own)) {
    const { date, certain } = workingDaysAfter(own.overtaken.on, rules.decision.workingDays)
    const changed = changeOfBasis(dossier, own)
    return [
      {
        ...head,
        what: 'restating',
        dueOn: date,
        certain,
        consequence: `${changed}，与告知当事人的不同：须重新告知，或者由两人认定变动不影响告知。`,
      },
    ]
  }
  if ((status === 'noticed' || status === 'stated') && noticed) {
    const { statementUntil: date, certain, servedOn } = noticed
    found.push({
      ...head,
      what: 'statement',
      dueOn: statementUntil(own) ?? date,
      certain: keptDeadline({ date, certain }, servedOn, rules.statement.workingDays).certain,
      consequence: '期满后，次日起可以报请同意或作出决定。',
    })
  }
  if (noticed && ['noticed', 'stated', 'consented'].includes(status)) {
    const { date, certain } = workingDaysAfter(noticed.servedOn, rules.decision.workingDays)
    found.push({
      ...head,
      what: 'decision',
      dueOn: date,
      certain,
      consequence: '逾期未决定的案件，由上一级督办。',
    })
  }
  const due = status === 'decided' ? publicationDue(own) : undefined
  if (due)
    found.push({
      ...head,
      what: 'publication',
      dueOn: due.date,
      certain: due.certain,
      consequence: '到期日由系统自动公示。',
    })
  if (status === 'suspended' && own.suspended) {
    const { on, dueOn: date, certain } = own.suspended
    const rebasing = keptDeadline({ date, certain }, on, rules.decision.workingDays)
    found.push({
      ...head,
      what: 'rebasing',
      dueOn: rebasing.date,
      certain: rebasing.certain,
      consequence:
        '处罚决定经复议或诉讼变更：先登记变更后的决定，再由两人按其重新认定；认定前不公示，逾期未认定的，由上一级督办。',
    })
  }
  if ((status === 'inForce' || status === 'suspended') && published?.until !== undefined)
    found.push({
      ...head,
      what: 'expiry',
      dueOn: published.until,
      certain: true,
      consequence: '到期日由系统自动移出。',
    })
  if (status === 'inForce' && repair?.status === 'applied') {
    const { date, certain } = workingDaysAfter(repair.applied.on, rules.repair.accept.workingDays)
    found.push({
      ...head,
      what: 'repairAcceptance',
      dueOn: date,
      certain,
      consequence: '逾期未答复的申请，由上一级督办。',
    })
  }
  if (
    status === 'inForce' &&
    repair?.accepted &&
    (repair.status === 'accepted' || repair.status === 'inspected')
  ) {
    const { date, certain } = workingDaysAfter(dayOf(repair.accepted), rules.repair.decide.workingDays)
    found.push({
      ...head,
      what: 'repairDecision',
      dueOn: date,
      certain,
      consequence: '逾期未决定的申请，由上一级督办。',
    })
  }
  return found
}

/** Penalties that a case on its way rests on and whose hearing is not as it has to be: nothing is listed on them so. */
function ofHearings(dossier: Dossier, own: Case): Deadline[] {
  if (!isOnItsWay(own) || own.decided) return []
  const proposedOn = shanghaiDate(new Date(own.proposed.at))
  const { date, certain } = workingDaysAfter(proposedOn, publicationRules.completionDays.value)
  return penaltiesOf(dossier, own).flatMap(({ id, data, made }): Deadline[] => {
    const doubt = hearingDoubt(data)
    if (doubt === undefined) return []
    const consequence = `${doubt}补正之前不能决定列入。`
    return [
      {
        what: 'hearing',
        about: id,
        authority: data.authority || made.authority,
        dueOn: date,
        certain,
        consequence,
      },
    ]
  })
}

/**
 * Penalties of a listing that was decided which say now what it could not have been decided on: that they came after it, or after the
 * party was told, or that their hearing is not as it has to be. It stands until somebody says what is right.
 */
function ofBasis(dossier: Dossier, own: Case): Deadline[] {
  const { decided, noticed } = own
  if (!isOpen(own) || !decided?.listed || own.status === 'suspended') return []
  return penaltiesOf(dossier, own).flatMap(({ id, data, addedAt }): Deadline[] => {
    const isAfter = own.rebased === undefined && noticed !== undefined && data.decidedOn > noticed.servedOn
    const doubt = isAfter
      ? `处罚 ${data.documentNo} 现登记的决定日期（${data.decidedOn}）晚于列入的告知（${noticed.servedOn}）。`
      : hearingDoubt(data)
    if (doubt === undefined) return []
    const changedAt = dossier.events.findLast((event) => event.id === id)?.at ?? addedAt
    const changedOn = shanghaiDate(new Date(changedAt > decided.at ? changedAt : decided.at))
    const { date, certain } = workingDaysAfter(changedOn, publicationRules.completionDays.value)
    return [
      {
        what: 'listingBasis',
        about: own.id,
        authority: decided.author.authority,
        dueOn: date,
        certain,
        consequence: `${doubt}列入已经决定：请核对，登记有误的更正该处罚，无误的撤销列入。`,
      },
    ]
  })
}

/** Early ends that were granted on what turned out otherwise: until somebody says what is right, or the term would have run out. */
function ofDoubtedEnds(dossier: Dossier): Deadline[] {
  return doubtedEnds(dossier).map(({ record: { id }, decided, missing, until }): Deadline => {
    const since = saidSince(dossier, missing, decided.at)
    const { date, certain } = workingDaysAfter(since, publicationRules.completionDays.value)
    return {
      what: 'earlyEndBasis',
      about: id,
      authority: decided.author.authority,
      dueOn: date,
      until,
      certain,
      consequence: `已同意提前停止公示，按现有记录当时不符合条件：${inWords(missing)}。请核对：登记有误的更正，确不符合的撤销提前停止公示，恢复公示至期满。`,
    }
  })
}

/** Repairs that were granted on what turned out otherwise: until somebody says what is right, or the listing would have run out. */
function ofDoubtedRepairs(dossier: Dossier): Deadline[] {
  return doubtedRepairs(dossier).map(({ own, decided, missing, until }): Deadline => {
    const since = saidSince(dossier, missing, decided.at)
    const { date, certain } = workingDaysAfter(since, publicationRules.completionDays.value)
    return {
      what: 'repairBasis',
      about: own.id,
      authority: decided.author.authority,
      dueOn: date,
      ...(until !== undefined && { until }),
      certain,
      consequence: `已准予信用修复，按现有记录当时不符合条件：${inWords(missing)}。请核对：登记有误的更正，确不符合的撤销信用修复，列入恢复至期满。`,
    }
  })
}

/** Texts of decisions that wait for their review: by the day on which the penalty is to be public, or soon after that. */
function ofTexts(dossier: Dossier): Deadline[] {
  const last = new Map((dossier.decisionTexts ?? []).map((text) => [text.record, text]))
  const waiting = Array.from(last.values()).filter(({ status }) => status === 'attached')
  return waiting.flatMap(({ record, attached }) => {
    const own = recordWith(dossier.records, record)
    const read = own && penalty.of(own)
    return read ? ofText(read, attached.at) : []
  })
}

function ofText({ id, data }: RecordAs<PenaltyData>, attachedAt: string): Deadline[] {
  const publication = penalty.publication(data)
  if (!publication.public) return []
  const attachedOn = shanghaiDate(new Date(attachedAt))
  const soon = workingDaysAfter(attachedOn, publicationRules.completionDays.value)
  const dueOn = publication.from > soon.date ? publication.from : soon.date
  const consequence = '审核同意之前，只公示处罚信息摘要。'
  return [
    {
      what: 'documentReview',
      about: id,
      authority: data.authority,
      dueOn,
      certain: soon.certain,
      consequence,
    },
  ]
}

/** Whether a firm is known to be in another province. */
export function isElsewhere(region: string): boolean {
  return region !== '' && !regionContains(PROVINCE, region)
}

/** A penalty of a firm of another province, which is sent there to be published (Order 45 art. 10): open, or done late. */
function ofForwarding({ id, data, made }: RecordAs<PenaltyData>): Deadline[] {
  const publication = penalty.publication(data)
  if (!publication.public || data.receivedOn !== undefined) return []
  const { date, certain } = workingDaysAfter(data.decidedOn, publicationRules.crossProvince.value.forwardDays)
  if (data.forwardedOn !== undefined && data.forwardedOn <= date) return []
  return [
    {
      what: 'penaltyForwarding',
      about: id,
      authority: data.authority || made.authority,
      dueOn: date,
      ...(data.forwardedOn === undefined
        ? publication.until !== undefined && { until: addDays(publication.until, -1) }
        : { doneOn: data.forwardedOn }),
      certain,
      consequence: '通过省局推送至当事人登记地，由其公示（令第45号第十条）。',
    },
  ]
}

/** Whether a penalty is one that the public sees while its decision stands: Order 45 art. 2. */
function isForPublic({ procedure, types }: PenaltyData): boolean {
  const { procedure: ordinary, never } = publicationRules.penaltyScope.value
  return procedure === ordinary && types.some((type) => !isOneOf(type, never))
}

/** A penalty that was entered only after it should have been public. */
function ofPublication({ id, data, addedAt }: RecordAs<PenaltyData>): Deadline[] {
  const { date, certain } = publishBy(data)
  const doneOn = shanghaiDate(new Date(addedAt))
  if (!isForPublic(data) || doneOn <= date) return []
  const head = { what: 'penaltyPublication', about: id, authority: data.authority } as const
  return [
    {
      ...head,
      dueOn: date,
      doneOn,
      certain,
      consequence: '逾期公示；没有写明公示日期的，公示期自登记之日起。',
    },
  ]
}

/**
 * A publication that was taken back later than the end of its decision allows: on the day of its retraction, whatever was done
 * to the record since; on that of its entry, where it was entered as one that had ended.
 */
function ofWithdrawal(
  { retractions = [] }: Dossier,
  { id, data, addedAt }: RecordAs<PenaltyData>,
): Deadline[] {
  if (data.reviewedOn === undefined || !isForPublic(data)) return []
  const { date, certain } = workingDaysAfter(data.reviewedOn, publicationRules.penaltyWithdrawalDays.value)
  const doneOn = retractions.findLast((own) => own.id === id)?.on ?? shanghaiDate(new Date(addedAt))
  if (doneOn <= date) return []
  const head = { what: 'penaltyWithdrawal', about: id, authority: data.authority } as const
  return [{ ...head, dueOn: date, doneOn, certain, consequence: '逾期撤回公示。' }]
}
