import type { Honoured } from '../../src/blacklist/honours.ts'
import { regionsWithin } from '../../src/codes/regions.ts'
import { Filters } from '../../src/ui/filters.tsx'
import { Link, useSay } from '../../src/ui/frame.tsx'
import { Grade } from '../../src/ui/grade.tsx'
import { dateInWords, placeName } from '../../src/ui/values.tsx'
import { Layout } from '../components/layout.tsx'

interface Props {
  honoured: readonly Honoured[]
  measures: readonly string[]
  next: string | null
  region: string
  asOf?: string | undefined
  today: string
}

/** The honour list, on the same footing as the blacklist. */
export function HonoursPage({ honoured, measures, next, region, asOf, today }: Props) {
  const say = useSay()
  const labels = [
    say('企业名称', 'Enterprise'),
    say('行政区划', 'Region'),
    say('等级', 'Grade'),
    say('质量奖励', 'Awards'),
  ] as const
  const more = new URLSearchParams({
    ...(region !== '' && { region }),
    ...(asOf !== undefined && { asOf }),
    ...(next !== null && { cursor: next }),
  })
  return (
    <Layout
      title={say('守信激励名单', 'Honour list')}
      canonical="/honours"
      unlisted={asOf !== undefined || region !== ''}
    >
      <h1>{say('守信激励名单', 'Honour list')}</h1>
      <p class="text">
        {asOf !== undefined &&
          asOf !== today &&
          say(`${dateInWords(asOf)}的名单。`, `As of ${dateInWords(asOf, 'en')}. `)}
        {say(
          '获得质量奖励、质量信用等级为 A、24 个月内没有行政处罚和不合格记录的企业，按档案编号排列。',
          'Enterprises with a quality award, grade A and no penalty or failed test in 24 months, in the order of their codes. ',
        )}
        {measures.length > 0 && say(`适用的激励措施：${measures.join('、')}。`, '')}
      </p>
      <Filters
        action="/honours"
        filters={[
          {
            name: 'region',
            label: say('地区', 'Region'),
            type: 'choice',
            value: region,
            choices: regionsWithin('130000').map(({ code, name }) => ({ value: code, label: name })),
          },
          {
            name: 'asOf',
            label: say('哪一天的名单', 'List as of'),
            type: 'date',
            value: asOf ?? today,
            max: today,
          },
        ]}
      />
      {honoured.length === 0 ? (
        <p class="none">{say('没有符合条件的企业。', 'No enterprise meets the conditions.')}</p>
      ) : (
        <table data-sortable>
          <thead>
            <tr>
              {labels.map((label) => (
                <th scope="col">{label}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {honoured.map(({ orgCode, name, region: place, grade, awards }) => (
              <tr>
                <td data-label={labels[0]}>
                  <Link to={`/enterprises/${orgCode}`}>{name}</Link>
                </td>
                <td data-label={labels[1]}>{placeName(place)}</td>
                <td data-label={labels[2]}>
                  <Grade grade={grade} size={20} />
                </td>
                <td data-label={labels[3]} lang="zh-CN">
                  {awards.map(({ kind, level, title, grantedOn }) => (
                    <span class="line">
                      {kind}（{level}级{title === undefined ? '' : `，${title}`}，{grantedOn}）
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {next !== null && (
        <p>
          <Link class="next" rel="next" to={`/honours?${more}`}>
            {say('下一页', 'Next page')}
          </Link>
        </p>
      )}
    </Layout>
  )
}
