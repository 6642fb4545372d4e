/**
 * Stored type of the event that says that an operator has skipped an event for a subscription. It is for audits: no
 * program has a class for it, and it is skipped wherever events are folded or handled.
 */
export const EVENT_SKIPPED = 'leftfold.event-skipped';
