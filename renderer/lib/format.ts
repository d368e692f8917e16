/** Numbers as people read them: thousands apart, units, durations. Every view formats through here. */

/** No-break thin space between thousands: it does not look like a decimal point anywhere. */
const gap = '\u202f';
const minus = '\u2212';

const grouped = (whole: string): string => whole.replace(/\B(?=(\d{3})+(?!\d))/g, gap);

/** 12400 -> '12 400'. */
export const count = (value: number): string =>
  Number.isFinite(value) ? `${value < 0 ? minus : ''}${grouped(String(Math.abs(Math.round(value))))}` : '–';

/** `digits` significant digits, without exponents where the number is of a usual size: 0.03137, −12.4, 1.2e-7. */
export function real(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : `${minus}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text =
    size < 1e-4 || size >= 1e7
      ? size.toExponential(Math.max(0, digits - 2))
      : fixed(size, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  return `${value < 0 ? minus : ''}${text}`;
}

function fixed(size: number, decimals: number): string {
  const [whole = '0', fraction] = size.toFixed(Math.min(decimals, 12)).split('.');
  const kept = fraction?.replace(/0+$/, '');
  return kept ? `${grouped(whole)}.${kept}` : grouped(whole);
}

/** A share of 1: 0.8213 -> '82.1 %'. */
export const percent = (share: number, decimals = 1): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(decimals)}${gap}%` : '–';

/** '42 s', '3 min', '2 h 05 min', '4 d 3 h'. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '–';
  if (seconds < 1) return '< 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** '41 img/s', '0.8 steps/s'. */
export const rate = (perSecond: number, unit: string): string =>
  `${perSecond >= 100 ? count(perSecond) : real(perSecond, 2)} ${unit}/s`;

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
export function bytes(value: number): string {
  let unit = 0;
  let size = value;
  while (size >= 1024 && unit < sizes.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? count(size) : real(size, 3)} ${sizes[unit]}`;
}

/** A distance in [0,1] units as n/255 where that says it shorter: 8/255, but 0.5. */
export function distance(value: number): string {
  const levels = value * 255;
  const near = Math.round(levels * 2) / 2;
  const short = Number(value.toFixed(3)) === value;
  return !short && Math.abs(value) <= 1 && Math.abs(levels - near) < 1e-6 ? `${near}/255` : real(value);
}

/** How the field writes what names put in small letters. */
const terms: Readonly<Record<string, string>> = {
  ce: 'CE',
  dlr: 'DLR',
  ema: 'EMA',
  eot: 'EOT',
  lr: 'learning rate',
  pgd: 'PGD',
  sgd: 'SGD',
  sgld: 'SGLD',
};

/** An option's or a command's name in words: 'innerSteps' -> 'Inner steps', 'sgldSteps' -> 'SGLD steps'. Capitals stay. */
export function words(name: string): string {
  const spaced = name
    .replace(/[-_.]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(' ')
    .map((word) =>
      /^[A-Z\d]+$/.test(word) && word.length > 1 ? word : (terms[word.toLowerCase()] ?? word.toLowerCase()),
    )
    .join(' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
