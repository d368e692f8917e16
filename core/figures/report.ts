/**
 * A report as one HTML file that needs nothing else: facts, figures, tables, the whole configuration, and how to repeat it. No script
 * runs in it and nothing is fetched: its content policy allows inline styles, pictures and our font only.
 */
import { fontFaces, interFonts } from './fonts';
import { settingsOf } from './report-settings';
import { reportStyle } from './report-style';
import { pngSize } from './png-chunk';
import type { Provenance } from './png-text';
import { pngUri } from './png-uri';
import { followPage } from './theme';
import { escapeXml } from './xml';

interface ReportFigure {
  /** Markup of our own figures, of the theme `light` or `page`; it follows the reader's light or dark. */
  readonly svg?: string;
  readonly png?: Uint8Array;
  readonly caption: string;
}

export interface ReportSection {
  readonly title: string;
  readonly text?: string;
  readonly figures?: readonly ReportFigure[];
  readonly table?: { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] };
}

export interface Report {
  readonly title: string;
  readonly subtitle: string;
  /** The few numbers that a reader looks for first. */
  readonly facts: readonly { readonly label: string; readonly value: string; readonly note?: string }[];
  readonly sections: readonly ReportSection[];
  /** Shown in full, one line for each setting. */
  readonly configuration: object;
  readonly commands: readonly string[];
  readonly provenance: Provenance;
}

/** Figures wider than this take the whole width of the page. */
const columnWidth = 620;
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/** The whole document; the same report gives the same text. @throws AppError BAD_FILE when a `png` is none. */
export async function renderReport(report: Report): Promise<string> {
  const { title, subtitle, facts, sections, configuration, commands, provenance } = report;
  const settings = settingsOf(configuration);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Lowland">
<title>${escapeXml(title)}</title>
<style>
${fontFaces(await interFonts())}${reportStyle}
</style>
</head>
<body>
<main>
<header>
<h1>${escapeXml(title)}</h1>
<p class="subtitle">${escapeXml(subtitle)}</p>
${facts.length > 0 ? `<dl class="facts">${facts.map(fact).join('')}</dl>` : ''}
</header>
${sections.map(section).join('\n')}
${commands.length > 0 ? titled('Repeat and go on', `<pre><code>${commands.map(escapeXml).join('\n')}</code></pre>`) : ''}
${settings.length > 0 ? titled('Configuration', `<dl class="settings">${settings.map(setting).join('')}</dl>`) : ''}
<footer>${Object.entries(provenance)
    .map(([name, value]) => `<span>${escapeXml(name)} ${escapeXml(value)}</span>`)
    .join(' ')}</footer>
</main>
</body>
</html>
`;
}

const titled = (title: string, ...markup: readonly string[]): string =>
  `<section>\n<h2>${escapeXml(title)}</h2>\n${markup.join('\n')}\n</section>`;

const fact = ({ label, value, note }: Report['facts'][number]): string =>
  `<div><dt>${escapeXml(label)}</dt><dd class="value">${escapeXml(value)}</dd>` +
  `${note ? `<dd class="note">${escapeXml(note)}</dd>` : ''}</div>`;

const setting = ({ name, value }: { name: string; value: string }): string =>
  `<div><dt>${escapeXml(name)}</dt><dd><code>${escapeXml(value)}</code></dd></div>`;

function section({ title, text, figures = [], table: data }: ReportSection): string {
  const empty = !text && figures.length === 0 && !data;
  return titled(
    title,
    ...(text ? [`<p>${escapeXml(text)}</p>`] : []),
    ...(data ? [table(data)] : []),
    ...(figures.length > 0 ? [`<div class="figures">${figures.map(figure).join('')}</div>`] : []),
    ...(empty ? ['<p class="empty">There is nothing to show here.</p>'] : []),
  );
}

function table({ columns, rows }: NonNullable<ReportSection['table']>): string {
  const cell = (value: string | number, i: number): string => {
    const tag = i === 0 && typeof value === 'string' ? 'th scope="row"' : 'td';
    const words = escapeXml(String(value));
    return `<${tag}${typeof value === 'number' ? ' class="number"' : ''}>${words}</${tag.slice(0, 2)}>`;
  };
  const numeric = (i: number) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number');
  const head = columns.map(
    (name, i) => `<th scope="col"${numeric(i) ? ' class="number"' : ''}>${escapeXml(name)}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`);
  return `<div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function figure({ svg, png, caption }: ReportFigure): string {
  const words = escapeXml(caption);
  const drawn: { width: number; markup: string }[] = [];
  if (svg) drawn.push({ width: svgWidth(svg), markup: fitted(followPage(svg)) });
  if (png) {
    const { width, height } = pngSize(png);
    drawn.push({
      width,
      markup: `<img src="${pngUri(png)}" width="${width + 32}" height="${height + 32}" alt="${words}">`,
    });
  }
  const wide = drawn.some(({ width }) => width > columnWidth);
  const plates = drawn.map(({ markup }) => `<div class="plate">${markup}</div>`).join('');
  return `<figure${wide ? ' class="wide"' : ''}>${plates}${caption ? `<figcaption>${words}</figcaption>` : ''}</figure>`;
}

const svgWidth = (svg: string): number => Number(/^<svg[^>]*? width="([\d.]+)"/.exec(svg)?.[1] ?? 0);

/** A drawing grows a little with its column, and shrinks until its letters would be too small. */
const fitted = (svg: string): string => {
  const width = svgWidth(svg);
  return svg.replace(
    /^<svg/,
    `<svg style="max-width:${Math.round(width * 1.25)}px;min-width:${Math.round(width * 0.72)}px;margin:0 auto"`,
  );
};
