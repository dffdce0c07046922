import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'

/** A paper with a code to scan and a table that runs over as many pages as it needs. */
export interface Paper {
  title: string
  author: string
  paragraphs: readonly string[]
  /** What the code holds. */
  code: string
  /** Widths are shares of the line. */
  columns: readonly { label: string; width: number }[]
  /** `marked`: set off from the others. */
  rows: readonly { cells: readonly string[]; marked: boolean }[]
}

/** A4 in points, and what is set on it. */
const [WIDTH, HEIGHT, MARGIN] = [595.28, 841.89, 42]
const LINE = WIDTH - 2 * MARGIN
/** 40 mm at least, and 0.45 mm for each square: what a telephone reads from a copy of a copy. */
const CODE = 113
const SQUARE = 1.28
const [GAP, PADDING] = [12, 3]
const SIZES = { title: 16, text: 9.5, cell: 8, foot: 7.5 }
const FOOT = HEIGHT - MARGIN + 8
const ROWS_A_TURN = 50

/** The paper as a PDF with its font in it, so that it looks the same wherever it is opened and its text can be searched. */
export async function pdfOf(paper: Paper): Promise<Uint8Array> {
  const { title, author, paragraphs, columns, rows } = paper
  // Loaded with the first paper: the font alone takes longer than most answers.
  const { default: PDFDocument } = await import('pdfkit')
  const fonts = dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc'))
  const page = new PDFDocument({
    size: [WIDTH, HEIGHT],
    margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: 0 },
    font: join(fonts, '../fonts/NotoSansHans-Regular.otf'),
    bufferPages: true,
    info: { Title: title, Author: author },
    lang: 'zh-CN',
  })
  const written = buffer(page)
  page.fontSize(SIZES.title).text(title, MARGIN, MARGIN)
  const begin = page.y + GAP
  const scanned = generate(paper.code)
  const side = Math.max(CODE, scanned.size * SQUARE)
  code(page, scanned, { left: WIDTH - MARGIN - side, top: begin, side })
  page.fontSize(SIZES.text).y = begin
  for (const paragraph of paragraphs)
    page.text(paragraph, MARGIN, page.y, { width: LINE - side - GAP, lineGap: 2 }).moveDown(0.4)

  const whole = columns.reduce((sum, { width }) => sum + width, 0)
  const widths = columns.map(({ width }) => (LINE * width) / whole)
  const row = (cells: readonly string[], marked: boolean): void => {
    const heights = cells.map((cell, i) =>
      page.heightOfString(cell, { width: (widths[i] ?? 0) - 2 * PADDING }),
    )
    const height = Math.max(...heights) + 2 * PADDING
    if (page.y + height > HEIGHT - MARGIN - GAP) {
      page.addPage()
      page.y = MARGIN
      if (cells !== labels) row(labels, true)
    }
    const top = page.y
    if (marked)
      page
        .rect(MARGIN, top + 0.3, LINE, height - 0.3)
        .fill('#e8e8e8')
        .fillColor('#000')
    let left = MARGIN
    for (const [i, cell] of cells.entries()) {
      page.text(cell, left + PADDING, top + PADDING, { width: (widths[i] ?? 0) - 2 * PADDING })
      left += widths[i] ?? 0
    }
    page
      .moveTo(MARGIN, top + height)
      .lineTo(MARGIN + LINE, top + height)
      .lineWidth(0.4)
      .stroke('#888')
    page.y = top + height
  }
  const labels = columns.map(({ label }) => label)
  page.fontSize(SIZES.cell).y = Math.max(page.y, begin + side + GAP)
  row(labels, true)
  for (const [i, { cells, marked }] of rows.entries()) {
    row(cells, marked)
    if (i % ROWS_A_TURN === 0) await othersTurn()
  }

  const { count } = page.bufferedPageRange()
  page.fontSize(SIZES.foot)
  for (let i = 0; i < count; i += 1) {
    page.switchToPage(i)
    page.text(`${author}　${title}`, MARGIN, FOOT, { width: LINE, lineBreak: false })
    page.text(`第 ${i + 1} 页，共 ${count} 页`, MARGIN, FOOT, { width: LINE, align: 'right' })
  }
  page.end()
  return written
}

function code(
  page: PDFKit.PDFDocument,
  scanned: ReturnType<typeof generate>,
  { left, top, side }: { left: number; top: number; side: number },
): void {
  page
    .save()
    .translate(left, top)
    .scale(side / scanned.size)
    .path(toSvgPath(scanned))
    .fill('#000')
    .restore()
}
