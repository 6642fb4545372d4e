/** Records of a bundle, each with its length before it. Source: C2SP tlog-tiles, log entries. */
export function bundleOf(records: readonly Buffer[]): Buffer {
  return Buffer.concat(
    records.flatMap((record) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(record.length);
      return [length, record];
    }),
  );
}

/** The records of a bundle. @throws RangeError when a length does not fit */
export function recordsIn(bundle: Uint8Array): Buffer[] {
  const bytes = Buffer.from(bundle);
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = at + 2;
    const end = start + bytes.readUInt16BE(at);
    if (end > bytes.length) throw new RangeError('The bundle ends in the middle of a record.');
    records.push(bytes.subarray(start, end));
    at = end;
  }
  return records;
}
