import { isTrusted } from '../authority/acting.ts'
import {
  answersFor,
  type Body,
  covers,
  isLower,
  isSame,
  isWider,
  placeInWords,
} from '../authority/authorities.ts'
import {
  type Authority,
  type Jurisdiction,
  jurisdictionIn,
  jurisdictionNamed,
  jurisdictionsNamed,
  LEVEL_WORDS,
  type NewAuthority,
} from '../authority/authority.ts'
import { region as regionOf } from '../codes/regions.ts'
import { invalid, Refusal } from '../dossier/refusal.ts'
import type { ActSituation } from './situation.ts'

/**
 * What an authority is responsible for, by what is said of it and by its name. Refuses a place that its name does not
 * hold, and a name that says none where nothing else does: an authority that was taken for the province's by mistake
 * would list firms without the consent of the next level.
 */
export function jurisdictionOf(
  name: string,
  { level, region }: Pick<NewAuthority, 'level' | 'region'>,
): Jurisdiction {
  const named = jurisdictionNamed(name)
  if (region === undefined) {
    if (!named && level === 'province') return fitting(name, { level })
    if (!named)
      throw invalid(
        '/region',
        'required',
        `从“${name}”看不出是哪一级、哪个地方的机关；请写明行政区划，省级机关写 河北省。`,
      )
    return fitting(name, { ...named, ...(level !== undefined && { level }) })
  }
  const place = regionOf(region)
  if (!place) throw invalid('/region', 'region', `没有行政区划 ${region.slice(0, 20)}；请用 6 位代码。`)
  const said = jurisdictionIn(place.code)
  if (named && !covers(named.region, said.region))
    throw invalid(
      '/region',
      'other-place',
      `“${name}”是${placeInWords(named.region)}的机关，管不到${placeInWords(said.region)}；请核对名称和行政区划。`,
    )
  const levelNow = level ?? (isBranch(name) ? said.level : (named?.level ?? said.level))
  if (levelNow !== 'province' && said.region === undefined)
    throw invalid('/region', 'required', '市级、县级机关必须写明行政区划。')
  return fitting(name, { ...said, level: levelNow })
}

function fitting(name: string, own: Jurisdiction): Jurisdiction {
  mustBeNamedFor(name, own)
  return own
}

/** Whether a name is that of an office below whoever it is named for, with a place of its own: 石家庄检查分局, 长安市场监管所. */
function isBranch(name: string): boolean {
  return /(?:分局|支队|大队|中队|所|站|办事处)$/u.test(name)
}

/**
 * Refuses an authority that would not lie below the actor's own by level and place: whatever superior it is given, nobody
 * makes one that may do more than themselves.
 */
export function mustBeBelow(
  own: { name: string } & Jurisdiction,
  { actor, authorities }: Pick<ActSituation, 'actor' | 'authorities'>,
): void {
  if (isTrusted(actor) || authorities.isAbove(actor.body, own)) return
  throw new Refusal(
    'forbidden',
    `机关由其上级机关的管理员开立和调整；${actor.body.name}不是${own.name}的上级。`,
  )
}

/**
 * Refuses a superior that is not above by level and place, or lies outside the actor's own line of authorities: nobody hands
 * an authority to another city's, nor into hands that they have nothing to do with.
 */
export function mustBeAbove(
  upper: Body,
  own: { name: string } & Jurisdiction,
  { actor, authorities }: Pick<ActSituation, 'actor' | 'authorities'>,
): void {
  if (!isWider(upper, own))
    throw invalid(
      '/above',
      'level',
      `${upper.name}（${inWords(upper)}）不能是${own.name}（${inWords(own)}）的上级：上级机关的层级须更高，区划须包含它的。`,
    )
  const { body } = actor
  const isInLine = isSame(body, upper) || authorities.isAbove(body, upper) || authorities.isAbove(upper, body)
  if (!isTrusted(actor) && !isInLine)
    throw new Refusal(
      'forbidden',
      `${upper.name}不是${body.name}或者其上下级，不能由${body.name}写明为上级；请由两者共同的上级办理。`,
    )
}

/**
 * Refuses a name for an authority that says another level or place than its own, whoever gives it; a branch (分局) bears the
 * name of whoever it is a branch of, and lies within that one's place.
 */
export function mustBeNamedFor(name: string, { level, region }: Pick<Authority, 'level' | 'region'>): void {
  const own = { level, ...(region !== undefined && { region }) }
  const all = jurisdictionsNamed(name)
  const fits = (said: Jurisdiction) =>
    (said.level === level && said.region === region) ||
    (isBranch(name) && covers(said.region, region) && !isWider(own, said))
  if (all.length === 0 || all.some(fits)) return
  throw invalid(
    '/name',
    'other-place',
    `“${name}”是${all.map(inWords).join('或者')}机关的名称，该机关是${inWords(own)}的；请核对名称、层级和行政区划。`,
  )
}

/** Refuses to give a branch the name of whoever stands above the actor: they say themselves who is a branch of theirs. */
export function mustSpeakFor(name: string, { actor }: Pick<ActSituation, 'actor'>): void {
  const said = jurisdictionNamed(name)
  if (isTrusted(actor) || !said || !isWider(said, actor.body)) return
  throw new Refusal(
    'forbidden',
    `“${name}”是以${inWords(said)}机关名义的名称，由该机关或者其上级的管理员给予，不能由${actor.body.name}给予。`,
  )
}

/**
 * Refuses to merge an authority into one that may do less: of a lower level, or for a part of its place. One for another place
 * answers for both from then on, where that is said outright (`takesOver`); true where it is needed and was said.
 */
export function territoryTaken(own: Body, heir: Body, takesOver: boolean): boolean {
  if (isLower(heir.level, own.level) || isWider(own, heir))
    throw invalid(
      '/into',
      'level',
      `${own.name}（${inWords(own)}）不能并入${heir.name}（${inWords(heir)}）：承接机关的层级不能更低，区划不能更小。`,
    )
  if (answersFor(heir, own.region)) return false
  if (takesOver) return true
  throw invalid(
    '/takesOver',
    'territory',
    `${heir.name}的区划不包含${placeInWords(own.region)}；请写明由其接管该辖区，或者并入区划包含它的机关。`,
  )
}

function inWords({ level, region }: Jurisdiction): string {
  return region === undefined ? LEVEL_WORDS[level] : `${LEVEL_WORDS[level]}，${placeInWords(region)}`
}
