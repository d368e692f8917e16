/** Which addresses are ours, and which a link may open in the user's browser. */
export const scheme = 'app';
export const origin = `${scheme}://lowland`;

/** Whether a page of ours is at this address. */
export const isOurs = (address: string): boolean => address.startsWith(`${origin}/`);

/** Pages of papers, datasets and sources; each ends its host with a slash, so that no other host begins like it. */
const outside = ['https://arxiv.org/', 'https://www.cs.toronto.edu/', 'https://github.com/'];
export const mayOpenOutside = (address: string): boolean => outside.some((start) => address.startsWith(start));
