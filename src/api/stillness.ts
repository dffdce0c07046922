/** What lags and has not moved for so long stands still. */
const STILL_MS = 30_000

/**
 * Notices what lags behind and does not move, by a clock of milliseconds: given, each time that somebody looks, how far it has come and
 * how far it has still to go, tells whether it has stood still for half a minute.
 */
export function stillness(
  now: () => number = () => performance.now(),
): (reached: number, lag: number) => boolean {
  let seen: { reached: number; at: number } | undefined
  return (reached, lag) => {
    if (lag === 0) seen = undefined
    else if (seen?.reached !== reached) seen = { reached, at: now() }
    return seen !== undefined && now() - seen.at >= STILL_MS
  }
}
