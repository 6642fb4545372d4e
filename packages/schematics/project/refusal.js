import { SchematicsException } from '@angular-devkit/schematics';

/** Why nothing is generated, as a sentence that says what to do next. The tree is discarded, so no file changes. */
export class Refusal extends SchematicsException {}
