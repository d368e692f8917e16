/**
 * Who may talk to the server: whoever knows the token, from a page of this server. A page elsewhere cannot, even one whose name was made
 * to resolve to this machine (DNS rebinding): its Host and Origin are not ours.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import os from 'node:os';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Compared by digests of equal length, in constant time. */
export const sameToken = (given: string, token: string): boolean => timingSafeEqual(digest(given), digest(token));

const loopback = ['localhost', '127.0.0.1', '::1'];

/** 'localhost:8080' -> 'localhost'; '[::1]:80' -> '::1'. */
function hostName(header: string): string | undefined {
  try {
    return new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, '').toLowerCase();
  } catch {
    return undefined;
  }
}

/** Whether the Host header names this server: loopback by any port (a tunnel changes it), or what it listens on. */
export function hostAllowed(header: string | undefined, listening: string): boolean {
  const name = header === undefined ? undefined : hostName(header);
  if (name === undefined) return false;
  if (loopback.includes(name) || name === listening.toLowerCase()) return true;
  const everywhere = listening === '0.0.0.0' || listening === '::';
  return everywhere && (isIP(name) !== 0 || name === os.hostname().toLowerCase());
}

/** Whether a browser sent this from a page of this server; a request without Origin is no browser's. */
export const originAllowed = ({ origin, host }: IncomingHttpHeaders): boolean =>
  origin === undefined || (host !== undefined && (origin === `http://${host}` || origin === `https://${host}`));

/** The token of a request: in its address, or in the cookie that the address set. */
export function tokenOf(url: URL, cookie: string | undefined, name: string): string {
  const asked = url.searchParams.get('token');
  if (asked !== null) return asked;
  const own = (cookie ?? '').split(';').map((part) => part.trim().split('='));
  return own.find(([key]) => key === name)?.[1] ?? '';
}
