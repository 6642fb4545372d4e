/** What looks like an e-mail address, in any alphabet. No URL with a password in it either. */
const ADDRESS = /[^\s<>"'`,;:()[\]{}=/]+@[^\s<>"'`,;:()[\]{}=/]+/gu;

/** A text for the log, without e-mail addresses: mail servers and databases repeat them in their errors. */
export function withoutAddresses(text: string): string {
  return text.includes('@') ? text.replaceAll(ADDRESS, '[address]') : text;
}
