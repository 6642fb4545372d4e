/** What is wrong with what was asked for, and what to do about it, in a sentence. */
export class Refusal extends Error {}
