import { shanghaiDate } from '../../src/calendar/dates.ts'
import type { PublicDecision } from '../../src/dossier/face.ts'
import { penalty } from '../../src/records/penalty.ts'
import { Link } from '../../src/ui/frame.tsx'
import { dateInWords } from '../../src/ui/values.tsx'
import { Layout } from '../components/layout.tsx'
import { RecordLines } from '../components/record-lines.tsx'

interface Props {
  orgCode: string
  name: string
  decision: PublicDecision
}

/** A penalty's decision: the summary, and the text behind it (Order 45 art. 4). */
export function DecisionPage({ orgCode, name, decision: { record, text, approvedAt } }: Props) {
  const { documentNo } = penalty.partsOf(record.data)
  return (
    <Layout
      title={`行政处罚决定书：${documentNo ?? ''}`}
      canonical={`/enterprises/${orgCode}/decisions/${record.id}`}
    >
      <h1 lang="zh-CN">行政处罚决定书</h1>
      <p lang="zh-CN">
        <Link to={`/enterprises/${orgCode}`}>{name}</Link>
      </p>
      <section lang="zh-CN">
        <h2>行政处罚信息摘要</h2>
        <dl class="lines">
          <RecordLines record={record} kind={penalty} />
        </dl>
      </section>
      <section lang="zh-CN">
        <h2>决定书全文</h2>
        <p class="hint">
          依法隐去的内容以“××××”代替。{dateInWords(shanghaiDate(new Date(approvedAt)))}审核公示
          {record.publication.until !== undefined && `，${dateInWords(record.publication.until)}停止公示`}。
        </p>
        <p class="long">{text}</p>
      </section>
    </Layout>
  )
}
