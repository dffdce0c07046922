import type { PublicRating } from '../../src/dossier/face.ts'
import type { Standard } from '../../src/rating/standard.ts'
import { NAMED } from '../../src/registry/file-page.ts'
import { Link, useFrame, useSay, type Words } from '../../src/ui/frame.tsx'
import { Grade } from '../../src/ui/grade.tsx'
import { dateInWords } from '../../src/ui/values.tsx'
import { type Look, type PlacedRecord, recordAddress } from '../file-parts.ts'

/** A rating with the standard that it follows. */
export interface RatingWithStandard {
  rating: PublicRating
  standard: Standard
}

interface Props {
  ratings: readonly RatingWithStandard[]
  placed: ReadonlyMap<string, PlacedRecord>
  /** On paper explanations stand open. */
  look: Look
}

const LABELS: Readonly<Record<Standard['shownAs'], Words>> = {
  grade: ['质量信用等级', 'Quality-credit grade'],
  class: ['分类监管类别', 'Class of supervision'],
}

/** The grades in force with what they rest on, and all earlier ones. */
export function Ratings({ ratings, placed, look }: Props) {
  const say = useSay()
  const inForce = (['grade', 'class'] as const).flatMap(
    (shownAs) => ratings.find(({ rating, standard }) => rating.inForce && standard.shownAs === shownAs) ?? [],
  )
  const earlier = ratings.filter(({ rating }) => !rating.inForce)
  return (
    <section id="ratings">
      <h2>{say('质量信用评价', 'Quality-credit rating')}</h2>
      {inForce.length === 0 && (
        <p class="none">
          {say(
            '未评定：尚未对该企业作出质量信用评价。',
            'Not rated: no rating of this enterprise has been issued.',
          )}
        </p>
      )}
      {inForce.map((rated) => (
        <InForce {...rated} placed={placed} look={look} />
      ))}
      {earlier.length > 0 && (
        <details open={look.isPrint}>
          <summary>
            {say('以往的评定', 'Earlier ratings')}（{earlier.length}）
          </summary>
          <ol class="history">
            {earlier.map(({ rating, standard }) => (
              <li>
                <time dateTime={rating.on}>{rating.on}</time> {say(...LABELS[standard.shownAs])}{' '}
                {named(rating.grade, standard)}
                {rating.revokedAt !== undefined && '（已撤销）'}
                {rating.reason !== undefined && `：${rating.reason}`}
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}

function InForce({ rating, standard, placed, look }: RatingWithStandard & Omit<Props, 'ratings'>) {
  const { language } = useFrame()
  const say = useSay()
  const grade = standard.grades.find((known) => known.grade === rating.grade)
  return (
    <div class="rated">
      <p>
        {say(...LABELS[standard.shownAs])}
        {say('：', ': ')}
        <Grade grade={rating.grade} name={standard.shownAs === 'class' ? grade?.name : undefined} />
      </p>
      <p class="hint">
        {rating.authority}{' '}
        {say(
          `按《${standard.name}》第 ${standard.version} 版评定，评价日期 ${dateInWords(rating.on)}${grade ? `。${grade.meaning}` : ''}。`,
          `by the standard 《${standard.name}》, version ${standard.version}, as of ${dateInWords(rating.on, language)}.`,
        )}
      </p>
      {rating.reason !== undefined && <p>{rating.reason}</p>}
      {rating.adjusted && (
        <p>
          计算结果为 {named(rating.adjusted.from, standard)}，经审核调整：{rating.adjusted.reason}
        </p>
      )}
      <details open={look.isPrint}>
        <summary>{say('为什么', 'Why')}</summary>
        <table class="points">
          <thead>
            <tr>
              <th scope="col">{say('评价项', 'Item')}</th>
              <th scope="col">{say('依据的记录', 'Records')}</th>
              <th scope="col" class="number">
                {say('分值', 'Points')}
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td data-label="评价项">起始分</td>
              <td />
              <td data-label="分值" class="number">
                {standard.start}
              </td>
            </tr>
            {rating.items.map((item) => (
              <tr>
                <td data-label="评价项">{item.rule}</td>
                <td data-label="依据的记录">
                  <Evidence records={item.records} placed={placed} look={look} />
                </td>
                <td data-label="分值" class="number">
                  {signed(item.points)}
                </td>
              </tr>
            ))}
            {rating.unpublished && (
              <tr>
                <td data-label="评价项">
                  尚未公示的记录{rating.unpublished.limited && '（其中有限制等级的情形）'}
                </td>
                <td />
                <td data-label="分值" class="number">
                  {signed(rating.unpublished.points)}
                </td>
              </tr>
            )}
            <tr>
              <td data-label="评价项">合计</td>
              <td />
              <td data-label="分值" class="number">
                {rating.points}
              </td>
            </tr>
          </tbody>
        </table>
        {rating.limits.map((limit) => (
          <p>
            <span aria-hidden="true">▲ </span>
            {limit.rule} <Evidence records={limit.records} placed={placed} look={look} />
          </p>
        ))}
        {rating.next && <p>{towards(rating, standard)}</p>}
        <p class="hint">
          等级标准：
          {standard.grades.map(({ grade: letter, name, atLeast }, i) => (
            <span>
              {letter} {name}
              {atLeast === undefined
                ? `（${standard.grades[i - 1]?.atLeast} 分以下）`
                : `（${atLeast} 分以上）`}
              {i < standard.grades.length - 1 && '，'}
            </span>
          ))}
          。<Link to={`/rules/${standard.id}`}>标准全文</Link>；
          <a href={`/api/v1/ratings/${rating.id}/recomputation`}>重算核对</a>。
        </p>
      </details>
    </div>
  )
}

function Evidence({
  records,
  placed,
  look,
}: { records: readonly string[] } & Pick<Props, 'placed' | 'look'>) {
  const { language } = useFrame()
  const known = records.flatMap((id) => placed.get(id) ?? [])
  return (
    <>
      {known.slice(0, NAMED).flatMap((place) => [
        <a href={recordAddress(look, place, language)}>
          {place.kind.label} {String(place.record.data[place.kind.datedBy])}
        </a>,
        ' ',
      ])}
      {records.length > NAMED && `等 ${records.length} 条`}
    </>
  )
}

function towards({ next, limits }: PublicRating, standard: Standard): string {
  if (!next) return ''
  const parts = [
    ...(next.missing > 0 ? [`还差 ${next.missing} 分`] : []),
    ...(next.limits.length > 0
      ? [
          `须不再适用：${next.limits.map((id) => [...limits, ...standard.limits].find((limit) => limit.id === id)?.rule ?? id).join('；')}`,
        ]
      : []),
  ]
  return `距 ${named(next.grade, standard)}：${parts.join('；')}。`
}

function named(grade: string | null, { grades }: Standard): string {
  return grade === null
    ? '未评定'
    : `${grade} ${grades.find((known) => known.grade === grade)?.name ?? ''}`.trim()
}

function signed(points: number): string {
  return points > 0 ? `+${points}` : String(points).replace('-', '−')
}
