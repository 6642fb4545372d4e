import { normaliseTagValue } from '@leftfold/core';
import { domainToASCII, domainToUnicode } from 'node:url';

/** An e-mail address for comparison: case and Unicode form don't matter, and the domain is in its IDNA form. */
export function emailKey(email: string): string {
  const { local, domain } = partsOf(email);
  const ascii = domain && domainToASCII(domain);
  return ascii ? `${local}@${ascii}` : normaliseTagValue(email);
}

/** The spellings that tags in the log may use for an address: with its domain in ASCII and in Unicode. */
export function emailSpellings(email: string): string[] {
  const key = emailKey(email);
  const { local, domain } = partsOf(key);
  return [...new Set([key, ...(domain ? [`${local}@${domainToUnicode(domain)}`] : []), normaliseTagValue(email)])];
}

/** Whether the domain is valid, and is spelled in one of the two ways that are looked up. */
export function hasPlainDomain(email: string): boolean {
  const { domain } = partsOf(email);
  const ascii = domain && domainToASCII(domain);
  return Boolean(ascii) && [ascii, domainToUnicode(ascii)].includes(domain);
}

function partsOf(email: string): { local: string; domain: string } {
  const plain = normaliseTagValue(email);
  const at = plain.lastIndexOf('@');
  return { local: plain.slice(0, Math.max(at, 0)), domain: plain.slice(at + 1) };
}
