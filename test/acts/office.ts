import type { Act, Asked, Outcome } from '../../src/acts/act.ts'
import { shippedActs } from '../../src/acts/shipped.ts'
import type { ActSituation, Imported, Survey } from '../../src/acts/situation.ts'
import type { Acting } from '../../src/authority/acting.ts'
import type { Authorities } from '../../src/authority/authorities.ts'
import { authoritySubject } from '../../src/authority/authority.ts'
import type { ApiKey } from '../../src/authority/keys.ts'
import type { Officer } from '../../src/authority/officers.ts'
import type { Address } from '../../src/authority/proposal.ts'
import type { RuleSetHistory } from '../../src/blacklist/adopted.ts'
import type { Bulletin, BulletinSeries } from '../../src/blacklist/bulletin.ts'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import type { StandardHistory } from '../../src/rating/adopted.ts'
import type { Campaign } from '../../src/rating/campaign.ts'
import type { RatingDraft } from '../../src/rating/drafts.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import type { Draw } from '../../src/supervision/draw.ts'
import { authorities, officer, people, type Refused, refusalOf } from '../blacklist/firm.ts'

const author = { authority: '省局', officer: '甲' }

/** Two administrators of the province and one of a city; approvers and drafters of ratings; whoever holds the data directory. */
export const office = {
  admin: officer('admin', 'province', { rights: ['officers:write'] }),
  second: officer('second', 'province', { rights: ['officers:write'] }),
  cityAdmin: officer('cityadmin', 'city', { rights: ['officers:write'] }),
  rater: officer('rater', 'province', { rights: ['ratings:write', 'supervision:write'] }),
  sampler: officer('sampler', 'province', { rights: ['supervision:write'] }),
  cityRater: officer('cityrater', 'city', { rights: ['ratings:write', 'supervision:write'] }),
  approver: officer('approver', 'province', { rights: ['ratings:approve', 'standards:write'] }),
  other: officer('approver2', 'province', { rights: ['ratings:approve', 'standards:write'] }),
  trusted: officer('命令行', 'province', { id: undefined, rights: ['admin'] }),
} satisfies Record<string, Acting>

export const standardAt = (version: number): StandardHistory['versions'][number] => {
  const document = shippedStandards.find(({ id }) => id === 'four-grades')
  if (!document) throw new Error('no standard')
  return { document: { ...document, version }, adoptedAt: '', position: 1, author }
}

/** What stands outside files, as plain data that a test sets; acts upon it are decided and nothing is kept. */
export class Office {
  today = '2026-03-02'
  authorities: Authorities = authorities
  files: Dossier[] = []
  officers: Officer[] = []
  keys: ApiKey[] = []
  standards: StandardHistory[] = [{ id: 'four-grades', revision: 1, versions: [standardAt(1)] }]
  ruleSets: RuleSetHistory[] = []
  campaigns: Campaign[] = []
  series: BulletinSeries[] = []
  imports: Imported[] = []
  draws: Draw[] = []
  drafts: RatingDraft[] = []
  /** How far the drafts of campaigns are; undefined where nothing was drafted. */
  progress: { done: boolean; inScope: number } | undefined = { done: true, inScope: 3 }
  survey: Survey = {
    isEmpty: async () => false,
    moved: async () => ({ moved: [], count: 0 }),
    candidates: async () => ({ candidates: [], leftOut: [] }),
  }

  at(actor: Acting): ActSituation {
    const everybody: readonly Acting[] = [...Object.values(office), ...Object.values(people)]
    let ids = 0
    return {
      file: (key) => this.files.find((dossier) => dossier.key === key),
      today: this.today,
      catalogue,
      authorities: this.authorities,
      rules: ruleSets,
      revisionOf: ({ revision }) => revision,
      actor,
      doer: ({ account = '' }) =>
        everybody.find(({ id }) => id === account) ?? { ...people.elsewhere, person: account },
      newId: () => {
        ids += 1
        return `id-${ids}`
      },
      outside: {
        standing: {
          officer: (login) => this.officers.find((known) => known.login === login),
          officers: () => this.officers,
          apiKey: (id) => this.keys.find((known) => known.id === id),
          standard: (id) => this.standards.find((known) => known.id === id),
          standards: () => this.standards,
          ruleSet: (id) => this.ruleSets.find((known) => known.id === id),
          campaign: (id) => this.campaigns.find((known) => known.id === id),
          bulletins: (id) => this.series.find((known) => known.id === id),
          allBulletins: () => this.series,
          draw: (id) => this.draws.find((known) => known.id === id),
          draws: () => this.draws,
          consumer: () => undefined,
          consumers: () => [],
          listedBetween: () => ({ listed: [], removed: {} }),
        },
        survey: this.survey,
        drafted: {
          progress: () => this.progress && { seen: 3, total: 3, unrated: 0, ...this.progress },
          draft: (_, key) => this.drafts.find((known) => known.key === key),
        },
        imported: (id) => this.imports.find((known) => known.id === id),
        besides: () => ({ revision: 0, proposals: [] }),
        person: (staffNo) => `person ${staffNo}`,
        opening: (given, author) => ({
          id: given.name,
          drafts: [
            {
              ...{ subject: authoritySubject(given.name), kind: 'authority.opened', payload: given },
              ...{ visibility: 'internal', author },
            },
          ],
          expect: new Map(),
        }),
        openingFor: () => ({ id: '', drafts: [], expect: new Map() }),
      },
    }
  }

  ask(name: string, address: Address, actor: Acting, more: { isConfirmed?: true } = {}): Asked {
    return actOf(name).ask(address, { ...this.at(actor), ...more })
  }

  /** What an act comes to, once what it rests on has been looked up; what a second person confirms is not waited for. */
  async does(name: string, address: Address, input: object, actor: Acting): Promise<Outcome> {
    const [act, at] = [actOf(name), this.at(actor)]
    const ask = act.prepared ? await act.prepared(address, input, at) : act.ask
    return ask(address, at).decide(input).decision
  }

  /** How an act would be refused: its kind, its title, and where and why; an empty reason where it is not. */
  async refusal(name: string, address: Address, input: object, actor: Acting): Promise<Refused> {
    let outcome: () => unknown = () => undefined
    try {
      await this.does(name, address, input, actor)
    } catch (error) {
      outcome = () => {
        throw error
      }
    }
    return refusalOf(outcome)
  }
}

export function actOf(name: string): Act {
  const known = shippedActs.find((act) => act.name === name)
  if (!known) throw new Error(`no act ${name}`)
  return known
}

export const campaignOf = (more: Partial<Campaign> = {}): Campaign => ({
  id: 'c1',
  standard: { id: 'four-grades', version: 1 },
  on: '2026-03-01',
  scope: {},
  by: 'officer/rater',
  status: 'drafting',
  startedAt: '2026-03-01T02:00:00.000Z',
  author,
  revision: 1,
  adjustments: {},
  ...more,
})

export const bulletinOf = (n: number, more: Partial<Bulletin> = {}): Bulletin => ({
  id: `s.${n}`,
  n,
  authority: '长安区局',
  from: '2026-01-01',
  to: '2026-01-31',
  corrections: [],
  by: 'officer/clerk',
  status: 'draft',
  draftedAt: '2026-02-01T02:00:00.000Z',
  position: n,
  author: { authority: '长安区局', officer: 'clerk' },
  ...more,
})

export const issuedAs = (year: number, no: number): Partial<Bulletin> => ({
  status: 'issued',
  issued: { n: no, year, no, listed: [], removed: {}, by: 'officer/head', at: '', author },
})

export const seriesWith = (...bulletins: Bulletin[]): BulletinSeries => ({
  id: 's',
  authority: '长安区局',
  revision: bulletins.length,
  bulletins,
})

export const officerOf = (login: string, more: Partial<Officer> = {}): Officer => ({
  login,
  name: login,
  authority: '石家庄市局',
  roles: ['recorder'],
  hash: '',
  createdAt: '',
  revision: 1,
  mustChange: false,
  passwordAt: '',
  epoch: 1,
  ...more,
})

export const keyOf = (id: string, more: Partial<ApiKey> = {}): ApiKey => ({
  id,
  name: '接口',
  authority: '石家庄市局',
  scopes: ['records:read'],
  hash: '',
  createdAt: '',
  revision: 1,
  ...more,
})

export const importOf = (more: Partial<Imported> = {}): Imported => ({
  id: 'i1',
  status: 'done',
  actor: { authority: '长安区局', officer: 'clerk', id: 'officer/clerk', region: '130102' },
  counts: { opened: 0, added: 1, updated: 0, proposed: 0 },
  ...more,
})
