interface RawJson {
  /** https://github.com/tc39/proposal-json-parse-with-source, in Node.js 22 and later. */
  rawJSON(text: string): unknown;
}

/** A whole number for an answer. Its JSON is exact even beyond the exact range of a JavaScript number. */
export function exactAmount(digits: string): number {
  const amount = Number(digits);
  // An object that JSON.stringify writes as the digits.
  return Number.isSafeInteger(amount) ? amount : ((JSON as unknown as RawJson).rawJSON(digits) as number);
}
