/** SVG figures as PDF: lines stay lines, text stays text in our own embedded font, pixels stay square. The same input, the same bytes. */
import PDFDocument from 'pdfkit';
import SVGtoPDF from 'svg-to-pdfkit';
import { AppError } from '../lib/errors';
import { interFonts } from './fonts';
import { enlargedPng } from './png-enlarged';
import type { Provenance } from './png-text';
import { type SvgElement, writeSvg } from './svg-reader';

export interface PdfPlan {
  /** Of the page, in CSS pixels of 1/96 inch. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly subject: string;
  readonly provenance: Provenance;
}

/** Without the XMP packet, into which pdfkit puts words as they are, markup included; the document's information says it all. */
class PlainDocument extends PDFDocument {
  declare readonly _font: EmbeddedFont;
  override endMetadata(): void {
    // nothing
  }
}

/** What the converter asks of a font: the letters of a text and how far each one reaches. */
interface EmbeddedFont {
  encode(text: string): [letters: string[], positions: { advanceWidth: number }[]];
}

/** The converter leaves out letters without a width of their own, as the tilde of x̃ is one; the least width is enough for it. */
function keepMarks(font: EmbeddedFont): void {
  const encode = font.encode.bind(font);
  font.encode = (text) => {
    const encoded = encode(text);
    for (const position of encoded[1]) position.advanceWidth ||= 1e-3;
    return encoded;
  };
}

const pointsPerPx = 0.75;

/** @param root a checked picture at the size of the page @throws AppError BAD_DATA when it cannot be drawn. */
export async function toPdf(root: SvgElement, plan: PdfPlan): Promise<Uint8Array> {
  const [width, height] = [plan.width * pointsPerPx, plan.height * pointsPerPx];
  const document = new PlainDocument({
    size: [width, height],
    margin: 0,
    // nothing is written in the PDF's own Helvetica
    font: '',
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    info: {
      Title: plan.title,
      Subject: plan.subject,
      Creator: 'Lowland',
      CreationDate: new Date(0),
      ...(Object.keys(plan.provenance).length > 0 ? { Provenance: JSON.stringify(plan.provenance) } : {}),
    },
  });
  // the file's id follows from it; a date of its own would differ at every export
  delete document.info.CreationDate;
  const parts: Uint8Array[] = [];
  document.on('data', (part: Uint8Array) => parts.push(part));
  const ended = new Promise((resolve, reject) => document.on('end', resolve).on('error', reject));
  for (const { weight, bytes } of await interFonts()) {
    document.registerFont(`Inter-${weight}`, Buffer.from(bytes)).font(`Inter-${weight}`);
    keepMarks(document._font);
  }
  const drawable = writeSvg(forPdf(root));
  try {
    SVGtoPDF(document, drawable, 0, 0, {
      width,
      height,
      fontCallback: (_, bold) => (bold ? 'Inter-600' : 'Inter-400'),
      warningCallback: (warning) => {
        throw new Error(warning);
      },
    });
  } catch (error) {
    const because = (error instanceof Error ? error.message : String(error)).slice(0, 200);
    throw new AppError('BAD_DATA', `The picture cannot be written as PDF: ${because}.`, undefined, error);
  }
  document.end();
  await ended;
  return new Uint8Array(Buffer.concat(parts));
}

/** The same picture in the terms of the converter: a halo as an outline below its text, sharp images with larger pixels. */
function forPdf(element: SvgElement): SvgElement {
  const children = element.children.flatMap((child): (SvgElement | string)[] => {
    if (typeof child === 'string') return [child];
    if (child.name === 'text' && child.attributes['paint-order'] === 'stroke') return withOutlineBelow(child);
    if (child.name === 'image') return [withLargePixels(child)];
    return [forPdf(child)];
  });
  return { ...element, children };
}

function withOutlineBelow(text: SvgElement): SvgElement[] {
  const { stroke, ...filled } = text.attributes;
  return [
    { ...text, attributes: { ...text.attributes, fill: 'none', stroke: stroke ?? 'none' } },
    { ...text, attributes: filled },
  ];
}

function withLargePixels(image: SvgElement): SvgElement {
  const { 'xlink:href': old, href = old ?? '', ...rest } = image.attributes;
  return { ...image, attributes: { ...rest, href: enlargedPng(href, 'image-rendering' in rest) } };
}
