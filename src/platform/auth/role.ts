/** The roles of users. Everyone who registers is a customer. An auditor reads what operators read, and changes nothing. */
export const ROLES = ['customer', 'operator', 'auditor'] as const;

export type Role = (typeof ROLES)[number];

export function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}
