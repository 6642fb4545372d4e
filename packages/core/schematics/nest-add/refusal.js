/** Why nothing is changed, as a sentence that says what to do. The command line prints it, and writes no file. */
export class Refusal extends Error {}
