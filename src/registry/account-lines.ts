import { placeInWords } from '../authority/authorities.ts'
import { type Authority, authoritySubject, foldAuthority, LEVEL_WORDS } from '../authority/authority.ts'
import { type ApiKey, foldKey, keySubject } from '../authority/keys.ts'
import { foldOfficer, type Officer, officerSubject } from '../authority/officers.ts'
import { RIGHT_WORDS } from '../authority/rights.ts'
import { duties } from '../authority/roles.ts'
import { anticipatedEntries } from '../dossier/anticipate.ts'
import type { Draft, Entry } from '../register/entry.ts'
import type { Views } from '../views/views.ts'
import { bounded } from './who-acts.ts'

/** A line of what an account, a key or an authority is: as it stands, and as it would stand. */
export interface AccountLine {
  label: string
  before: string
  after: string
}

/**
 * What an account, a key or an authority is, or was after the entries of a `past`, and would be after some drafts; nothing of
 * what is none of these.
 */
export function accountLines(
  views: Views,
  subject: string,
  drafts: readonly Draft[],
  past?: readonly Entry[],
): AccountLine[] {
  const id = subject.slice(subject.indexOf('/') + 1)
  const own = drafts.filter((draft) => draft.subject === subject)
  const lines = <S extends { revision: number }>(
    standing: S | undefined,
    fold: (before: S | undefined, entry: Entry) => S | undefined,
    said: (state: S, before: S) => Readonly<Record<string, string>>,
  ): AccountLine[] => {
    const was = past ? past.reduce<S | undefined>(fold, undefined) : standing
    if (!was) return []
    const entries = anticipatedEntries(own, { position: 0, revision: was.revision })
    const is = entries.reduce<S | undefined>(fold, was) ?? was
    const [before, after] = [said(was, was), said(is, was)]
    return Object.keys({ ...before, ...after }).map((label) => ({
      label,
      before: before[label] ?? '',
      after: after[label] ?? '',
    }))
  }
  switch (`${subject.split('/')[0]}/`) {
    case officerSubject(''):
      return lines(views.officer(id), foldOfficer, (own, before) => officerSaid(views, own, before))
    case keySubject(''):
      return lines(views.apiKey(id), foldKey, (own) => keySaid(views, own))
    case authoritySubject(''):
      return lines(views.authorities().one(id), foldAuthority, (own) => authoritySaid(views, own))
    default:
      return []
  }
}

function officerSaid(views: Views, own: Officer, before: Officer): Readonly<Record<string, string>> {
  const { login, name, authority, roles, person, resetAllowed, disabledAt } = own
  const others = sameOwner(views, own)
  const known = person === before.person ? '已登记' : '改为另一工号'
  return {
    账号: `${login}${disabledAt === undefined ? '' : '（已停用）'}`,
    姓名: name,
    工号: `${person === undefined ? '没有登记' : known}${others.length === 0 ? '' : `；与账号 ${others.map((other) => other.login).join('、')} 相同`}`,
    机关: views.authorities().calledToday({ authority, account: officerSubject(login) }),
    范围: placeInWords(bounded(views, officerSubject(login), own).region),
    岗位: roles.map((role) => duties[role].label).join('、'),
    单位目录: own.boundBy
      ? `已对应${own.boundBy.issuer === undefined ? '' : `（${own.boundBy.issuer}）`}`
      : '没有对应',
    ...(resetAllowed && { 重设首次密码: `已经确认，至 ${resetAllowed.until} 由提请人办理一次` }),
  }
}

/** Other accounts in use of the person whose account it is: a person may have several, but is one pair of eyes. */
export function sameOwner(views: Views, { login, person }: Pick<Officer, 'login' | 'person'>): Officer[] {
  if (person === undefined) return []
  return views
    .officers()
    .filter((other) => other.person === person && other.login !== login && other.disabledAt === undefined)
}

function keySaid(views: Views, own: ApiKey): Readonly<Record<string, string>> {
  const { id, name, authority, scopes, actsFor, revokedAt } = own
  const officer = actsFor === undefined ? undefined : views.officer(actsFor)
  return {
    编号: `${id}${revokedAt === undefined ? '' : '（已停用）'}`,
    使用者: name,
    以谁的名义: actsFor === undefined ? '机器所用' : `${officer?.name ?? ''}（账号 ${actsFor}）`,
    机关: views.authorities().calledToday({ authority, account: keySubject(id) }),
    范围: placeInWords(bounded(views, keySubject(id), own).region),
    权限: scopes.map((scope) => `${RIGHT_WORDS[scope]}（${scope}）`).join('、'),
  }
}

function authoritySaid(views: Views, own: Authority): Readonly<Record<string, string>> {
  const authorities = views.authorities()
  const named = (id: string | undefined) => (id === undefined ? undefined : (authorities.one(id)?.name ?? id))
  return {
    机关: own.name,
    层级: LEVEL_WORDS[own.level],
    范围: placeInWords(own.region),
    上级机关: named(own.above) ?? '按层级和区划',
    联系方式: own.contacts ?? '',
    承接的机关: named(own.successor) ?? '',
  }
}
