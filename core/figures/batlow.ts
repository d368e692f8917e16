/** Crameri's batlow (Scientific colour maps, MIT): even steps to the eye, also in grey and for the colour-blind. Dark = low. */

const anchors = (
  '011959 0d315d 114360 175262 226061 356a59 4d734d 677b3e 828231 ' +
  '9f892b be9035 db954b f19d6b fca890 fdb4b4 fcbfd6 faccfa'
)
  .split(' ')
  .map((hex) => [0, 2, 4].map((from) => Number.parseInt(hex.slice(from, from + 2), 16)));

const between = (t: number): number[] => {
  const place = Math.min(1, Math.max(0, t)) * (anchors.length - 1);
  const from = Math.min(anchors.length - 2, Math.floor(place));
  return [0, 1, 2].map((k) => {
    const a = anchors[from]?.[k] ?? 0;
    const b = anchors[from + 1]?.[k] ?? 0;
    return Math.round(a + (b - a) * (place - from));
  });
};

/** The colour at t in [0,1], as #rrggbb. */
export const batlow = (t: number): string =>
  `#${between(t)
    .map((value) => value.toString(16).padStart(2, '0'))
    .join('')}`;

/** Whether black or white reads on batlow at t. */
export const inkOn = (t: number): { ink: string; halo: string } => {
  const [r = 0, g = 0, b = 0] = between(t);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 110
    ? { ink: '#14171a', halo: batlow(t) }
    : { ink: '#fff', halo: batlow(t) };
};
