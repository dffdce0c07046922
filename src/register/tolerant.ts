/**
 * History outlives the program: an entry is kept for ever, and what it may say changes. Folds read it with schemas that
 * take any term, and keep apart what this program does not know.
 */
export function knownTerms<T extends string>(
  terms: readonly string[],
  known: readonly T[],
): { known: T[]; unknown: string[] } {
  const isKnown = (term: string): term is T => known.some((one) => one === term)
  return { known: terms.filter(isKnown), unknown: terms.filter((term) => !isKnown(term)) }
}
