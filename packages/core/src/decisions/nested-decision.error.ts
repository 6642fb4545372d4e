/** `decide`, `create`, `update` or `upsert` was called within a decision, by its handler or by a command that it sent. */
export class NestedDecisionError extends Error {
  constructor() {
    super(
      'Another decision was asked for in a decision, and the two could wait for each other forever. What belongs together ' +
        'is one decision over several participants. What can follow later is a second command, sent by a saga.',
    );
    this.name = 'NestedDecisionError';
  }
}
