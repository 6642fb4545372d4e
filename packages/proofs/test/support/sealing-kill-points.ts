/** The points in the sealing of events at which a process may be killed, in their order. */
export const SEALING_KILL_POINTS = [
  'signed and remembered, before the transaction',
  'with the tile, before the checkpoint',
  'with the checkpoint, before the commit',
  'after the commit',
] as const;

export type SealingKillPoint = (typeof SEALING_KILL_POINTS)[number];
