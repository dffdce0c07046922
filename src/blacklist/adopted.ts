import { type Adoption, foldAdoption } from '../adoption/adoption.ts'
import { type RuleSet, ruleSetSchema } from './rule-set.ts'

export type RuleSetHistory = Adoption<RuleSet>

/** Subject of the entries about a set of listing rules. */
export function ruleSetSubject(id: string): string {
  return `rules/${id}`
}

/** The versions of a set of rules after one more entry. */
export const foldRuleSet = foldAdoption('rules', ruleSetSchema)
