/** The colours of the atlas, from the tokens of the theme. */
export interface AtlasColours {
  readonly paper: string;
  readonly sunken: string;
  readonly line: string;
  readonly ink: string;
  readonly faint: string;
  readonly accent: string;
  readonly bad: string;
  readonly warn: string;
  readonly font: string;
}

export function atlasColours(element: Element): AtlasColours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim() || '#808080';
  return {
    paper: token('paper'),
    sunken: token('sunken'),
    line: token('line'),
    ink: token('ink'),
    faint: token('ink-3'),
    accent: token('accent'),
    bad: token('bad'),
    warn: token('warn'),
    font: style.fontFamily || 'sans-serif',
  };
}
