export function entityTag(version: number): string {
  return `"${version}"`;
}

/** Whether `If-None-Match` contains this entity tag. Compares weakly (RFC 9110, section 13.1.2). */
export function namesEntityTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((item) => {
    const named = item.trim();
    return named === '*' || named.replace(/^W\//, '') === tag;
  });
}
