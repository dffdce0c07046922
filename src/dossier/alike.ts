/*
 * An entry leaves most parts of a file the very same. Of thousands of them a call for each would be felt in every write, so
 * these are plain loops.
 */

/** How many the second begins with of what the first begins with. */
export function sameFrom(one: readonly unknown[], other: readonly unknown[]): number {
  if (one === other) return one.length
  let same = 0
  while (same < one.length && one[same] === other[same]) same += 1
  return same
}

/** How many the second ends with of what the first ends with, beside those that both begin with. */
export function sameTo(one: readonly unknown[], other: readonly unknown[], begun: number): number {
  const most = Math.min(one.length, other.length) - begun
  let same = 0
  while (same < most && one[one.length - 1 - same] === other[other.length - 1 - same]) same += 1
  return same
}
