export function entityTag(version: number): string {
  return `"${version}"`;
}

/** Whether `If-None-Match` names this entity tag. It compares weakly (RFC 9110, section 13.1.2). */
export function namesEntityTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((item) => {
    const named = item.trim();
    return named === '*' || named.replace(/^W\//, '') === tag;
  });
}
