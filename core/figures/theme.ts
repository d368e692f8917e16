/** The look of every figure: grounds and inks of the light and the dark theme, and one colour for each method wherever it appears. */

export interface Theme {
  readonly paper: string;
  readonly raised: string;
  readonly sunken: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly accent: string;
  /** The one series colour that no single grey gives on both grounds. */
  readonly greySeries: string;
}

const light: Theme = {
  paper: '#fbfbf9',
  raised: '#ffffff',
  sunken: '#f1f2ee',
  line: '#dcdfd8',
  lineStrong: '#b3b9ae',
  ink: '#1b2420',
  ink2: '#4b5750',
  ink3: '#626d66',
  accent: '#17594a',
  greySeries: '#4d4d4d',
};

const dark: Theme = {
  paper: '#14171a',
  raised: '#1b1f23',
  sunken: '#0f1214',
  line: '#2b3136',
  lineStrong: '#475058',
  ink: '#e8ece9',
  ink2: '#b3bcb6',
  ink3: '#8b958f',
  accent: '#63c2a4',
  greySeries: '#a9b0aa',
};

export const tokens = Object.keys(light) as readonly (keyof Theme)[];
/** The CSS variable of a token: lineStrong -> --line-strong. */
export const variable = (token: keyof Theme): string =>
  `--${token.replace(/[A-Z0-9]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Colours as the variables of the page that holds the SVG, so that it follows the page's theme; not for PNG. */
const page = Object.fromEntries(tokens.map((token) => [token, `var(${variable(token)})`])) as Record<
  keyof Theme,
  string
>;

/** A figure drawn in the light theme as one that follows the page that holds it. */
export const followPage = (svg: string): string =>
  tokens.reduce((drawn, token) => drawn.replaceAll(`="${light[token]}"`, `="${page[token]}"`), svg);

export const themes = { light, dark, page } as const;
export type ThemeName = keyof typeof themes;

/** The colours of kinds of images. */
export const imageColours = { clean: '#56b4e9', adversarial: '#d55e00', generated: '#009e73' } as const;

/** Okabe and Ito's colour-blind-safe colours, by what they stand for. */
const methods: Readonly<Record<string, string>> = {
  natural: '#0072b2',
  noise: '#56b4e9',
  at: '#e69f00',
  'pgd-at': '#e69f00',
  prejeat: '#cc79a7',
  jeat: '#009e73',
  trades: '#d55e00',
  jem: '#8c6d31',
  robust: '#d55e00',
  ...imageColours,
};
const wheel = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#8c6d31'];

/** The colour of a method by id or title (`jeat`, `PGD-AT`) or a kind of image (`energy.clean`); undefined for any other name. */
export function seriesColour(name: string, theme: ThemeName = 'light'): string | undefined {
  const plain = name.toLowerCase().trim().split('.').at(-1) ?? '';
  if (plain === 'dat') return themes[theme].greySeries;
  return Object.hasOwn(methods, plain) ? methods[plain] : undefined;
}

/** A colour for each name: its own where it has one that is not taken, else the next of the wheel. */
export function coloursFor(names: readonly string[], theme: ThemeName): string[] {
  const taken = new Set<string>();
  const own = names.map((name) => {
    const colour = seriesColour(name, theme);
    if (colour === undefined || taken.has(colour)) return undefined;
    taken.add(colour);
    return colour;
  });
  const free = wheel.filter((colour) => !taken.has(colour));
  return own.map((colour) => colour ?? free.shift() ?? themes[theme].greySeries);
}
