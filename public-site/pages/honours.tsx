import type { Honoured } from '../../src/blacklist/honours.ts'
import { region } from '../../src/codes/regions.ts'
import { Layout, type PageFrame } from '../components/layout.tsx'

interface Props {
  frame: PageFrame
  honoured: readonly Honoured[]
  measures: readonly string[]
  next: string | null
}

/** The honour list, on the same footing as the blacklist. */
export function HonoursPage({ frame, honoured, measures, next }: Props) {
  return (
    <Layout frame={frame} title="守信激励名单">
      <h1>守信激励名单</h1>
      <p class="text">
        获得质量奖励、现行质量信用等级为 A、24 个月内没有行政处罚和不合格记录的企业，按档案编号排列。
        {measures.length > 0 && `适用的激励措施：${measures.join('、')}。`}
      </p>
      {honoured.length === 0 ? (
        <p class="none">目前没有符合条件的企业。</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">企业名称</th>
              <th scope="col">行政区划</th>
              <th scope="col">等级</th>
              <th scope="col">质量奖励</th>
            </tr>
          </thead>
          <tbody>
            {honoured.map(({ orgCode, name, region: place, grade, awards }) => (
              <tr>
                <td data-label="企业名称">
                  <a href={`/enterprises/${orgCode}`}>{name}</a>
                </td>
                <td data-label="行政区划">{region(place)?.path.replace(/^河北省/, '') ?? ''}</td>
                <td data-label="等级">{grade}</td>
                <td data-label="质量奖励">
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
          <a class="next" rel="next" href={`/honours?cursor=${next}`}>
            下一页
          </a>
        </p>
      )}
    </Layout>
  )
}
