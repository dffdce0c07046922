import { AlignmentType, Document, Footer, Packer, PageNumber, Paragraph, TextRun } from 'docx'
import { writable } from '../codes/characters.ts'
import { headingOf, type OfficialDocument, SEAL, signingDate } from './document.ts'

/** Sizes in half-points, as GB/T 9704-2012 sets official documents: heading 22 pt, body 16 pt, foot 14 pt; 1 em is 320 twips. */
const [HEADING, BODY, FOOT] = [44, 32, 28]
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
        footers: { default: new Footer({ children: [pageNumber()] }) },
        children: [
          ...headingOf(document).map((text, i, { length }) =>
            line(text, { alignment: AlignmentType.CENTER, heading: true, after: i === length - 1 ? 240 : 0 }),
          ),
          ...(number === undefined ? [] : [line(number, { alignment: AlignmentType.CENTER, after: 240 })]),
          ...(addressee === undefined ? [] : [line(`${addressee}：`, {})]),
          ...party.map((text) => line(text, {})),
          // No signature stands alone on a page: what is signed goes with it.
          ...paragraphs.map((text, i) =>
            line(text, { indent: TWO_EMS, keepNext: i === paragraphs.length - 1 }),
          ),
          ...(contact === undefined ? [] : [line(contact, { indent: TWO_EMS, keepNext: true })]),
          line(`${authority}${SEAL}`, { alignment: AlignmentType.RIGHT, before: 640, keepNext: true }),
          line(signingDate(date), { alignment: AlignmentType.RIGHT }),
        ],
      },
    ],
  })
  return Packer.toBuffer(file)
}

/** The number of a page as GB/T 9704 puts it at the foot: between two dashes. */
function pageNumber(): Paragraph {
  const number = new TextRun({ children: ['—\u00a0', PageNumber.CURRENT, '\u00a0—'], size: FOOT, font: FONT })
  return new Paragraph({ alignment: AlignmentType.CENTER, children: [number] })
}

interface Setting {
  alignment?: (typeof AlignmentType)[keyof typeof AlignmentType]
  indent?: number
  before?: number
  after?: number
  heading?: boolean
  /** It stands on the page of what comes after it. */
  keepNext?: boolean
}

function line(
  text: string,
  { alignment, indent, before, after, heading = false, keepNext = false }: Setting,
): Paragraph {
  return new Paragraph({
    keepNext,
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
