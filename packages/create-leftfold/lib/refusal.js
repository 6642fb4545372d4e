/** The request can't be carried out. The message is a sentence that says why and what to do next. */
export class Refusal extends Error {}
