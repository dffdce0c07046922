import { AlignmentType, Document, Packer, Paragraph, TextRun } from 'docx'
import { writable } from '../codes/characters.ts'
import { type OfficialDocument, SEAL, signingDate } from './document.ts'

/** Sizes in half-points, as GB/T 9704-2012 sets official documents: heading 22 pt, body 16 pt; 1 em is 320 twips. */
const [HEADING, BODY] = [44, 32]
const TWO_EMS = 640
const FONT = { ascii: 'Times New Roman', eastAsia: '仿宋', hAnsi: 'Times New Roman' }
const HEADING_FONT = { ascii: 'Times New Roman', eastAsia: '宋体', hAnsi: 'Times New Roman' }
/** Margins of the type area of 156 mm × 225 mm on A4, in twips. */
const PAGE = {
  size: { width: 11_906, height: 16_838 },
  margin: { top: 2098, bottom: 1984, left: 1588, right: 1474 },
}

/** The document as a DOCX file, set as official documents are. */
export async function docxOf(document: OfficialDocument): Promise<Buffer> {
  const { title, number, addressee, party, paragraphs, contact, authority, date } = document
  const file = new Document({
    creator: writable(authority),
    title: writable(title),
    sections: [
      {
        properties: { page: PAGE },
        children: [
          line(title, { alignment: AlignmentType.CENTER, after: 240, heading: true }),
          ...(number === undefined ? [] : [line(number, { alignment: AlignmentType.CENTER, after: 240 })]),
          line(`${addressee}：`, {}),
          ...party.map((text) => line(text, {})),
          ...paragraphs.map((text) => line(text, { indent: TWO_EMS })),
          line(contact, { indent: TWO_EMS }),
          line(`${authority}${SEAL}`, { alignment: AlignmentType.RIGHT, before: 640 }),
          line(signingDate(date), { alignment: AlignmentType.RIGHT }),
        ],
      },
    ],
  })
  return Packer.toBuffer(file)
}

interface Setting {
  alignment?: (typeof AlignmentType)[keyof typeof AlignmentType]
  indent?: number
  before?: number
  after?: number
  heading?: boolean
}

function line(text: string, { alignment, indent, before, after, heading = false }: Setting): Paragraph {
  return new Paragraph({
    ...(alignment !== undefined && { alignment }),
    ...(indent !== undefined && { indent: { firstLine: indent } }),
    spacing: { line: 580, ...(before !== undefined && { before }), ...(after !== undefined && { after }) },
    children: [
      new TextRun({
        text: writable(text),
        size: heading ? HEADING : BODY,
        font: heading ? HEADING_FONT : FONT,
        bold: heading,
      }),
    ],
  })
}
