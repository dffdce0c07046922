import { bulletinTitle } from '../blacklist/bulletin.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import { dateOfDocument, type OfficialDocument } from '../documents/document.ts'
import type { ShownBulletin } from '../registry/bulletins.ts'
import { removalsInWords } from './words.ts'

/** What bulletins rest on, as they say it. */
export const BULLETIN_BASIS =
  '依据《市场监督管理严重违法失信名单管理办法》和《河北省质量发展规划（2012年）》第（九）项，现予公告。'

/**
 * A bulletin (名单公告) as an official document to sign and stamp: what was listed and removed in its period, as it reads now;
 * who has left the list since is counted, not named. A draft has no number and no date yet.
 */
export function bulletinDocument(bulletin: ShownBulletin): OfficialDocument {
  const { authority, from, to, listed, ended, removed, corrections, issuedAt } = bulletin
  return {
    title: bulletinTitle(bulletin),
    party: [],
    paragraphs: [
      BULLETIN_BASIS,
      `期间：${dateOfDocument(from)}至${dateOfDocument(to)}。`,
      `本期列入 ${listed.length} 家${listed.length === 0 ? '' : '：'}`,
      ...listed.map(
        ({ name, uscc, orgCode, ground, decisionNo, from: since, until }, i) =>
          `${i + 1}．${name}（${uscc ?? orgCode}），${ground}，${decisionNo}，自${dateOfDocument(since)}${until === null ? '' : `至${dateOfDocument(until)}`}。`,
      ),
      ...(ended > 0 ? [`另有 ${ended} 家已移出，不再列明。`] : []),
      `本期移出：${removalsInWords(removed, (zh) => zh)}。`,
      ...corrections.map(({ title: earlier, text }) => `更正${earlier}：${text}`),
    ],
    authority,
    ...(issuedAt !== undefined && { date: shanghaiDate(new Date(issuedAt)) }),
  }
}
